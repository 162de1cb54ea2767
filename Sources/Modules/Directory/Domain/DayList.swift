import Kernel

/// Days as an administrator writes them: one day or one range a line, `2027-02-05` or `2027-02-05 至 2027-02-11`.
struct DayList: Sendable, Hashable {
    /// In order, each once.
    let days: [CivilDate]

    init(_ days: [CivilDate]) { self.days = Set(days).sorted() }

    /// What is written that is no day and no range of at most 60 days.
    struct Fault: Error, Hashable { let text: String }

    init(reading text: String) throws(Fault) {
        var days: [CivilDate] = []
        let lines = PlaceRules.halfWidth(text).split { $0.isNewline || $0 == "," || $0 == ";" || $0 == "、" }
        for line in lines {
            let line = line.filter { !$0.isWhitespace }
            guard !line.isEmpty else { continue }
            let ends = line.replacing("..", with: "至").replacing("~", with: "至").split(
                separator: "至", omittingEmptySubsequences: false
            ).map { CivilDate($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last,
                last.dayNumber - first.dayNumber < 60
            else { throw Fault(text: String(line.prefix(40))) }
            days += (first.dayNumber...last.dayNumber).map { CivilDate(dayNumber: $0) }
        }
        self.init(days)
    }

    /// Days one after another as one range.
    var ranges: [ClosedRange<CivilDate>] {
        days.reduce(into: []) { ranges, day in
            if let last = ranges.last, day.dayNumber == last.upperBound.dayNumber + 1 {
                ranges[ranges.count - 1] = last.lowerBound...day
            } else {
                ranges.append(day...day)
            }
        }
    }

    /// As it is written into the form.
    var text: String {
        ranges.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound) 至 \($0.upperBound)" }
            .joined(separator: "\n")
    }
}
