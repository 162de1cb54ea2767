/// The hours in which a hall counts working time on each working day: minutes since midnight in Shanghai.
package struct HallHours: Sendable, Hashable, CustomStringConvertible {
    /// At least one segment, in order, apart from each other, within 0…1440.
    package let segments: [Range<Int>]

    /// Refuses no segment, empty or overlapping ones, ones out of order and ones beyond the day.
    package init?(_ segments: [Range<Int>]) {
        guard let first = segments.first, let last = segments.last, first.lowerBound >= 0, last.upperBound <= 1440,
            segments.allSatisfy({ !$0.isEmpty }),
            zip(segments, segments.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound })
        else { return nil }
        self.segments = segments
    }

    /// Reads `9:00-12:00,13:00-17:00`; refuses anything else.
    package init?(_ text: some StringProtocol) {
        var segments: [Range<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let from = HallHours.minute(ends[0]), let to = HallHours.minute(ends[1]), from < to
            else { return nil }
            segments.append(from..<to)
        }
        self.init(segments)
    }

    private init(trusted segments: [Range<Int>]) { self.segments = segments }

    /// 9:00—12:00 and 13:00—17:00: seven hours, where an area has not set its own.
    package static let usual = HallHours(trusted: [540..<720, 780..<1020])

    /// Minutes counted on one working day.
    package var minutesADay: Int { segments.reduce(0) { $0 + $1.count } }

    /// Whether the hall counts time in this minute of a working day.
    package func contains(minute: Int) -> Bool { segments.contains { $0.contains(minute) } }

    /// `9:00-12:00,13:00-17:00`.
    package var description: String {
        segments.map { HallHours.clock($0.lowerBound) + "-" + HallHours.clock($0.upperBound) }.joined(separator: ",")
    }

    private static func clock(_ minute: Int) -> String { "\(minute / 60):" + twoDigits(minute % 60) }

    private static func minute(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    // MARK: Working time within one day, in milliseconds

    var millisecondsADay: Int64 { Int64(minutesADay) * 60_000 }

    /// Counted time of a working day before the point `inDay` (milliseconds since midnight).
    func counted(before inDay: Int64) -> Int64 {
        segments.reduce(0) { sum, segment in
            let from = Int64(segment.lowerBound) * 60_000
            return sum + max(0, min(inDay, Int64(segment.upperBound) * 60_000) - from)
        }
    }

    /// The earliest point of a working day (milliseconds since midnight) by which `time` (1…a whole day) is counted.
    func point(counting time: Int64) -> Int64 {
        var left = time
        for segment in segments {
            let length = Int64(segment.count) * 60_000
            if left <= length { return Int64(segment.lowerBound) * 60_000 + left }
            left -= length
        }
        return Int64(segments.last?.upperBound ?? 1440) * 60_000
    }
}
