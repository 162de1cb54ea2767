import Foundation
import Kernel
import Testing

@testable import Catalogue

/// A wall calendar: working days marked one by one, counted by leafing. Slow and obviously right.
struct LeafedCalendar {
    private(set) var off: Set<CivilDate> = []
    private(set) var work: Set<CivilDate> = []
    private(set) var version = 1

    /// The notices of the State Council as the packs publish them.
    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Packs/national/calendar.yaml")
        for year in try CalendarReader.read(String(contentsOf: file, encoding: .utf8)) {
            // A later notice overrides an earlier one.
            off.formUnion(year.off)
            work.subtract(year.off)
            work.formUnion(year.work)
            off.subtract(year.work)
        }
    }

    func isWorked(_ day: CivilDate) -> Bool { work.contains(day) || (day.weekday < 6 && !off.contains(day)) }

    /// The last of so many working days after `start`.
    func end(of days: Int, after start: CivilDate) -> CivilDate {
        var day = start
        var left = days
        while left > 0 {
            day = day.adding(days: 1)
            if isWorked(day) { left -= 1 }
        }
        return day
    }

    /// A holiday declared, or a make-up day set: what a working day was is none, or the other way round.
    mutating func turn(_ day: CivilDate) {
        if isWorked(day) {
            work.remove(day)
            off.insert(day)
        } else {
            off.remove(day)
            work.insert(day)
        }
        version += 1
    }

    /// The same as the program has it.
    func calendar() throws -> WorkCalendar {
        let years = Set((off.union(work)).map(\.year)).sorted().map { year in
            PublishedYear(year, off: off.filter { $0.year == year }, work: work.filter { $0.year == year })
        }
        return try WorkCalendar(version: version, years: years)
    }
}
