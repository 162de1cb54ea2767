import Kernel
import Testing

@Suite("Deadlines")
struct DeadlineTests {
    let calendar: WorkCalendar

    init() throws { calendar = try PublishedCalendar.calendar() }

    @Test(
        "Natural days, months and years end with the Shanghai day",
        arguments: [
            ("2026-03-12", "60d", "2026-05-11"), ("2026-08-31", "6mo", "2027-02-28"),
            ("2024-02-29", "1y", "2025-02-28"),
            ("2026-03-12", "3mo", "2026-06-12"), ("2026-03-12", "0d", "2026-03-12"),
        ])
    func calendarTime(start: String, period: String, due: String) throws {
        let deadline = try calendar.deadline(after: moment(start, "23:59"), limit: limit(period))
        #expect(try deadline == Deadline(date: date(due), moment: date(due).end, provisional: false))
        #expect(deadline.moment.description.hasSuffix("T00:00:00.000+08:00"))
    }

    @Test("Natural hours are exact")
    func hours() throws {
        let deadline = try calendar.deadline(after: moment("2026-03-12", "22:30"), limit: limit("2h"))
        #expect(
            try deadline
                == Deadline(date: date("2026-03-13"), moment: moment("2026-03-13", "00:30"), provisional: false))
    }

    @Test(
        "Working hours run within the hall's hours",
        arguments: [
            ("2026-03-12", "09:30", 2, "2026-03-12", "11:30"), ("2026-03-12", "11:00", 2, "2026-03-12", "14:00"),
            ("2026-03-12", "16:00", 2, "2026-03-13", "10:00"), ("2026-03-12", "12:30", 4, "2026-03-12", "17:00"),
            ("2026-03-13", "18:00", 7, "2026-03-16", "17:00"), ("2026-03-14", "10:00", 1, "2026-03-16", "10:00"),
            ("2026-02-13", "16:00", 9, "2026-02-24", "10:00"), ("2026-03-12", "08:00", 70, "2026-03-25", "17:00"),
        ])
    func workingHours(day: String, clock: String, hours: Int, dueDay: String, due: String) throws {
        let deadline = try calendar.deadline(after: moment(day, clock), limit: Limit(hours, .workingHours))
        #expect(try deadline.moment == moment(dueDay, due))
        #expect(deadline.date == deadline.moment.date)
    }

    @Test("Counted hours agree with a hall watched minute by minute")
    func workingHoursByTheMinute() throws {
        var generator = Seeded(state: 7)
        let from = try date("2026-01-20").start
        for _ in 0..<40 {
            let start = from.adding(seconds: Int64.random(in: 0..<60 * 86_400, using: &generator) / 60 * 60)
            let hours = Int.random(in: 1...30, using: &generator)
            var now = start
            var left = hours * 60
            while left > 0 {
                if calendar.isOpen(at: now) { left -= 1 }
                now = now.adding(seconds: 60)
            }
            let period = Limit(hours, .workingHours)
            #expect(calendar.deadline(after: start, limit: period).moment == now)
            #expect(calendar.used(from: start, to: now, of: period) == hours * 3600)
        }
    }

    @Test(
        "Yellow begins with the last fifth, a working day before the end at the latest",
        arguments: [
            ("2026-03-02", "20wd", "2026-03-25"), ("2026-03-02", "5wd", "2026-03-09"),
            ("2026-03-02", "3wd", "2026-03-05"),
            ("2026-03-02", "7wd", "2026-03-10"), ("2026-03-02", "1wd", "2026-03-03"),
            ("2026-03-02", "10d", "2026-03-11"),
            ("2026-03-02", "5d", "2026-03-06"), ("2026-03-02", "6d", "2026-03-06"), ("2026-03-09", "6d", "2026-03-13"),
            ("2026-03-02", "1mo", "2026-03-27"),
        ])
    func warning(start: String, period: String, warned: String) throws {
        let whole = try limit(period)
        let deadline = try calendar.deadline(after: moment(start), limit: whole)
        #expect(try calendar.warnMoment(for: deadline, limit: whole) == date(warned).start)
    }

    @Test("An item may turn yellow earlier")
    func ownShare() throws {
        let whole = try limit("20wd")
        let deadline = try calendar.deadline(after: moment("2026-03-02"), limit: whole)
        #expect(deadline.date.description == "2026-03-30")
        let half = calendar.warnMoment(for: deadline, limit: whole, share: 1, of: 2)
        #expect(half.date.description == "2026-03-17")
    }

    @Test("Hours are shared out exactly")
    func warningInHours() throws {
        let hours = try limit("10h")
        let plain = try calendar.deadline(after: moment("2026-03-02", "08:00"), limit: hours)
        #expect(try calendar.warnMoment(for: plain, limit: hours) == moment("2026-03-02", "16:00"))
        let counted = try limit("5wh")
        let hall = try calendar.deadline(after: moment("2026-03-02", "16:00"), limit: counted)
        #expect(try hall.moment == moment("2026-03-03", "14:00"))
        #expect(try calendar.warnMoment(for: hall, limit: counted) == moment("2026-03-03", "12:00"))
    }

    @Test("A stop keeps what is left: 3 of 20 working days used, 17 after going on")
    func pausing() throws {
        let whole = try limit("20wd")
        let start = try moment("2026-03-02")
        let stop = try moment("2026-03-05", "15:00")
        let again = try moment("2026-04-01", "09:00")
        let used = calendar.used(from: start, to: stop, of: whole)
        #expect(used == 3)
        let deadline = calendar.deadline(after: again, limit: whole, used: used)
        #expect(calendar.workingDays(from: again.date, to: deadline.date) == 17)
        #expect(deadline.date.description == "2026-04-27")
    }

    @Test(
        "Stopping and going on within a day changes nothing, in any unit",
        arguments: ["20wd", "30wh", "30d", "100h", "2mo", "1y"])
    func stopForAnHour(period: String) throws {
        let whole = try limit(period)
        let start = try moment("2026-03-02", "10:00")
        let stop = try moment("2026-03-04", "11:00")
        let used = calendar.used(from: start, to: stop, of: whole)
        #expect(used > 0)
        #expect(
            calendar.deadline(after: stop, limit: whole, used: used) == calendar.deadline(after: start, limit: whole))
    }

    @Test("What was overdue when it stopped is as much overdue when it goes on")
    func pausedOverdue() throws {
        let whole = try limit("2wd")
        let used = try calendar.used(from: moment("2026-03-02"), to: moment("2026-03-06"), of: whole)
        #expect(used == 4)
        let again = try moment("2026-03-18")
        let deadline = calendar.deadline(after: again, limit: whole, used: used)
        #expect(calendar.workingDaysOverdue(due: deadline.date, today: again.date) == 2)
        #expect(try calendar.used(from: again, to: moment("2026-03-01"), of: whole) == 0)
    }

    @Test("Hours of a hall are read and refused")
    func hallHours() throws {
        let hours = try #require(HallHours("9:00-12:00,13:30-17:00"))
        #expect(hours.minutesADay == 390)
        #expect(hours.description == "9:00-12:00,13:30-17:00")
        #expect(HallHours(hours.description) == hours)
        #expect(hours.contains(minute: 540) && !hours.contains(minute: 720))
        for wrong in [
            "", "9:00", "12:00-9:00", "9:00-13:00,12:00-17:00", "13:00-17:00,9:00-12:00", "9:00-24:01", "9:0-10:00",
        ] {
            #expect(HallHours(wrong) == nil, "\(wrong)")
        }
    }

    @Test("An area counts by its own hall's hours")
    func ownHours() throws {
        let hours = try #require(HallHours("8:30-12:00,14:00-17:30"))
        let own = try WorkCalendar(version: 3, years: PublishedCalendar.years(), hours: hours)
        #expect(own.version == 3)
        let deadline = try own.deadline(after: moment("2026-03-12", "11:30"), limit: limit("1wh"))
        #expect(try deadline.moment == moment("2026-03-12", "14:30"))
        #expect(try !own.isOpen(at: moment("2026-03-12", "12:30")))
        #expect(try !own.isOpen(at: moment("2026-03-14", "09:00")))
    }
}
