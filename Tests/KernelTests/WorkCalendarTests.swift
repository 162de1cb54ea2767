import Foundation
import Kernel
import Testing

@Suite("Working days")
struct WorkCalendarTests {
    let calendar: WorkCalendar

    init() throws { calendar = try PublishedCalendar.calendar() }

    @Test(
        "Each published year has its working days",
        arguments: zip(2018...2026, [250, 250, 249, 250, 249, 249, 251, 248, 248]))
    func workingDaysOfAYear(year: Int, days: Int) { #expect(calendar.workingDays(in: year) == days) }

    @Test("Holidays are off, make-up days are worked, plain weekends are off")
    func singleDays() throws {
        #expect(try !calendar.isWorkingDay(date("2026-02-17")))
        #expect(try calendar.isWorkingDay(date("2026-02-14")))
        #expect(try !calendar.isWorkingDay(date("2026-03-14")))
        #expect(try calendar.isWorkingDay(date("2026-03-12")))
        #expect(try calendar.isWorkingDay(date("2018-12-29")), "named by the notice of the year after")
        #expect(try !calendar.isWorkingDay(date("2018-12-31")))
    }

    @Test(
        "The day of the act does not count",
        arguments: [
            ("2026-02-12", 5, "2026-02-26"), ("2026-09-18", 20, "2026-10-22"), ("2025-09-26", 5, "2025-10-10"),
            ("2019-04-26", 5, "2019-05-06"), ("2020-01-20", 5, "2020-02-04"), ("2024-02-07", 20, "2024-03-12"),
        ])
    func lawfulVectors(start: String, days: Int, due: String) throws {
        let deadline = try calendar.deadline(after: moment(start, "16:59"), limit: Limit(days, .workingDays))
        #expect(try deadline == Deadline(date: date(due), moment: date(due).end, provisional: false))
        #expect(try calendar.adding(workingDays: days, to: date(start)) == date(due))
        #expect(try calendar.workingDays(from: date(start), to: date(due)) == days)
    }

    @Test("An act on a day off counts from the next working day")
    func actOnADayOff() throws {
        #expect(try calendar.adding(workingDays: 1, to: date("2026-03-14")) == date("2026-03-16"))
        #expect(try calendar.adding(workingDays: 1, to: date("2026-02-18")) == date("2026-02-24"))
    }

    @Test("Adding and counting agree with a calendar leafed through day by day, in and around the published years")
    func againstTheObviousCounter() throws {
        var generator = Seeded(state: 20_260_312)
        let first = try date("2015-06-01").dayNumber
        let last = try date("2029-06-30").dayNumber
        for _ in 0..<400 {
            let start = CivilDate(dayNumber: Int.random(in: first...last, using: &generator))
            let count = Int.random(in: 0...300, using: &generator)
            let forward = slowly(count, from: start, step: 1)
            let back = slowly(count, from: start, step: -1)
            #expect(calendar.adding(workingDays: count, to: start) == forward)
            #expect(calendar.adding(workingDays: -count, to: start) == back)
            #expect(calendar.workingDays(from: start, to: forward) == count)
            #expect(calendar.workingDays(from: forward, to: start) == -count)
        }
    }

    @Test("A working day on or after, on or before")
    func roundedToWorkingDays() throws {
        #expect(try calendar.workingDay(onOrAfter: date("2026-10-01")) == date("2026-10-08"))
        #expect(try calendar.workingDay(onOrAfter: date("2026-10-08")) == date("2026-10-08"))
        #expect(try calendar.workingDay(onOrBefore: date("2026-10-07")) == date("2026-09-30"))
        #expect(try calendar.workingDay(onOrBefore: date("2026-09-30")) == date("2026-09-30"))
    }

    @Test("Beyond the last notice only weekends count, and the date is provisional")
    func provisional() throws {
        #expect(calendar.lastPublishedYear == 2026)
        #expect(try calendar.isWorkingDay(date("2027-01-01")), "Friday; its notice is not out")
        #expect(try calendar.isProvisional(date("2027-01-01")))
        #expect(try !calendar.isProvisional(date("2026-12-31")))
        let late = try calendar.deadline(after: moment("2026-12-30"), limit: limit("3wd"))
        #expect(try late == Deadline(date: date("2027-01-04"), moment: date("2027-01-04").end, provisional: true))
        #expect(calendar.workingDays(in: 2027) == 261)
        #expect(try calendar.deadline(after: moment("2026-12-30"), limit: limit("60d")).provisional == false)
    }

    @Test("Without any notice a calendar knows weekends")
    func weekendsOnly() throws {
        let plain = WorkCalendar.weekendsOnly
        #expect(plain.workingDays(in: 2026) == 261)
        #expect(plain.workingDays(in: 1969) == 261)
        #expect(try plain.isProvisional(date("2026-03-12")))
    }

    @Test("Days left and days overdue")
    func leftAndOverdue() throws {
        let due = try date("2026-03-12")
        #expect(try calendar.workingDays(from: date("2026-03-06"), to: due) == 4)
        #expect(try calendar.workingDaysOverdue(due: due, today: date("2026-03-16")) == 2)
        #expect(try calendar.workingDaysOverdue(due: date("2026-03-13"), today: date("2026-03-15")) == 0)
        #expect(try calendar.workingDaysOverdue(due: due, today: date("2026-03-02")) == 0)
    }

    @Test("A calendar that contradicts itself is not taken")
    func faults() throws {
        let day = try date("2026-05-01")
        #expect(throws: CalendarFault.contradiction(day)) {
            try WorkCalendar(years: [PublishedYear(2026, off: [day], work: [day])])
        }
        #expect(throws: CalendarFault.repeatedYear(2026)) {
            try WorkCalendar(years: [PublishedYear(2026, off: [], work: []), PublishedYear(2026, off: [day], work: [])])
        }
        #expect(throws: CalendarFault.stray(day, year: 2028)) {
            try WorkCalendar(years: [PublishedYear(2028, off: [day], work: [])])
        }
    }

    @Test("A later notice overrides an earlier one before New Year")
    func laterNoticeWins() throws {
        let eve = try date("2026-12-31")
        let years = [PublishedYear(2027, off: [eve], work: []), PublishedYear(2026, off: [], work: [eve])]
        #expect(try !WorkCalendar(years: years).isWorkingDay(eve))
    }

    @Test(
        "The published days are those that others collected",
        .enabled(if: PublishedCalendar.oracleExpected, "the oracle of days off is not on this machine"))
    func againstTheOracle() throws {
        var kinds: [CivilDate: Bool] = [:]
        let lines = try String(contentsOf: PublishedCalendar.oracleFile, encoding: .utf8).split(
            whereSeparator: \.isNewline)
        for line in lines.dropFirst() {
            let cells = line.split(separator: ",")
            kinds[try date(String(cells[0]))] = cells[cells.count - 1] == "true"
        }
        #expect(kinds.count > 600)
        for day in try date("2018-01-01").dayNumber...date("2026-12-31").dayNumber {
            let date = CivilDate(dayNumber: day)
            let works = kinds[date].map { !$0 } ?? (date.weekday < 6)
            #expect(calendar.isWorkingDay(date) == works, "\(date)")
        }
    }

    private func slowly(_ count: Int, from start: CivilDate, step: Int) -> CivilDate {
        var day = start
        var left = count
        while left > 0 {
            day = day.adding(days: step)
            if calendar.isWorkingDay(day) { left -= 1 }
        }
        return day
    }
}

/// Random numbers that are the same on every run (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
