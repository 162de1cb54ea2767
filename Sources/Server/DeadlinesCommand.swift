import ArgumentParser
import Catalogue
import Foundation
import Kernel

extension CatalogueCommand {
    /// `tongban catalogue deadlines`
    struct Deadlines: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says when periods end by the calendar of the packs, one a line of standard input.",
            discussion: """
                A line is the moment it begins, the period, and any stops, each with the moment of going on:
                2026-02-12T10:00 5wd 2026-02-13T09:00 2026-02-26T09:00. Answered is the last day and the first moment that \
                is late, with “provisional” where a year without a notice was counted. The day of an act does not count.
                """)
        @Argument(help: "Folder of packs.") var packs = "Packs"

        func run() throws {
            let text = try String(contentsOfFile: packs + "/national/calendar.yaml", encoding: .utf8)
            let years = try CalendarReader.read(text).map {
                PublishedYear($0.year, off: Set($0.off), work: Set($0.work))
            }
            let calendar = try WorkCalendar(years: years)
            var number = 0
            while let line = readLine() {
                number += 1
                guard let period = Period(line) else {
                    throw ValidationError("line \(number) is no period: \(line)")
                }
                let deadline = period.deadline(calendar)
                print(deadline.date, deadline.moment, deadline.provisional ? "provisional" : "")
            }
        }
    }
}

/// A period with its stops, as a line says it.
private struct Period {
    let limit: Limit
    /// When it began, was stopped, went on …: an odd number of moments in order.
    let moments: [Moment]

    init?(_ line: String) {
        let words = line.split(separator: " ")
        guard words.count >= 2, words.count.isMultiple(of: 2), let limit = Limit(words[1]) else { return nil }
        let moments = ([words[0]] + words.dropFirst(2)).compactMap(Period.moment)
        guard moments.count == words.count - 1, zip(moments, moments.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            return nil
        }
        self.limit = limit
        self.moments = moments
    }

    func deadline(_ calendar: WorkCalendar) -> Deadline {
        var used = 0
        for stop in stride(from: 1, to: moments.count, by: 2) {
            used += calendar.used(from: moments[stop - 1], to: moments[stop], of: limit)
        }
        return calendar.deadline(after: moments[moments.count - 1], limit: limit, used: used)
    }

    /// `2026-02-12T10:00` in Shanghai.
    private static func moment(_ word: Substring) -> Moment? {
        let parts = word.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let date = CivilDate(parts[0]) else { return nil }
        let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false).compactMap { Int64($0) }
        guard clock.count == 2, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]) else { return nil }
        return date.start.adding(seconds: clock[0] * 3600 + clock[1] * 60)
    }
}
