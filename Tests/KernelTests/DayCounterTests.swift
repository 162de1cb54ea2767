import Kernel
import Testing

/// A clock that is looked at once a day: on each day it asks whether the clock ran and whether the day counts.
struct DayCounter {
    let isWorked: (CivilDate) -> Bool
    /// When the clock began to run and was stopped, in order; an odd number while it runs.
    var turns: [Moment]
    /// The days allowed, and the moment from which so many are.
    var allowed: [(from: Moment, days: Int)]
    let countsDay: Bool

    /// The last day in time, walked to from the first; nil where the clock stands before that.
    func end() -> CivilDate? {
        guard let first = turns.first else { return nil }
        var day = first.date
        var counted = 0
        for _ in 0..<20_000 {
            if counted >= whole(by: day) {
                // Where the clock stands at the end of the last day, the day of going on is still in time.
                let before = turns.prefix { $0 < day.end }
                guard before.count % 2 == 0 else { return day }
                guard let again = turns.dropFirst(before.count).first?.date else { return nil }
                // On that day it may be extended, or stop again.
                day = again
                continue
            }
            day = day.adding(days: 1)
            if runs(on: day), !countsDay || isWorked(day) { counted += 1 }
        }
        return nil
    }

    private func whole(by day: CivilDate) -> Int { allowed.last { $0.from.date <= day }?.days ?? 0 }

    /// The day a run begins with does not count, the day it is stopped on does; a day with both belongs to the run before.
    private func runs(on day: CivilDate) -> Bool {
        for index in stride(from: 0, to: turns.count, by: 2) where turns[index].date < day {
            if index + 1 == turns.count || day <= turns[index + 1].date { return true }
        }
        return false
    }
}

/// Pauses (行政许可法 art. 45), extensions (art. 42), holidays, make-up days and turns of years, in random order.
@Suite("Periods with stops and extensions, leafed through day by day")
struct DayCounterTests {
    let calendar: WorkCalendar

    init() throws { calendar = try PublishedCalendar.calendar() }

    @Test("Stops, goings-on and extensions in any order end on the day the slow counter finds", arguments: 0..<40)
    func turns(seed: Int) throws {
        var dice = Seeded(state: UInt64(20_261_122 + seed))
        let years = try (first: date("2017-11-15").dayNumber, last: date("2027-02-20").dayNumber)
        for _ in 0..<100 {
            let days = Bool.random(using: &dice)
            let unit: Limit.Unit = days ? .workingDays : .days
            var whole = Int.random(in: 1...45, using: &dice)
            var now = CivilDate(dayNumber: Int.random(in: years.first...years.last, using: &dice)).start
                .adding(seconds: Int64.random(in: 0..<86_400, using: &dice))
            var counter = DayCounter(
                isWorked: calendar.isWorkingDay, turns: [now], allowed: [(now, whole)], countsDay: days)
            var (used, running, start) = (0, true, now)
            for _ in 0..<Int.random(in: 0...8, using: &dice) {
                now = now.adding(seconds: Int64.random(in: 0...(86_400 * 12), using: &dice))
                let limit = Limit(whole, unit)
                if running, calendar.deadline(after: start, limit: limit, used: used).moment <= now { break }
                switch Int.random(in: 0..<3, using: &dice) {
                case 0 where running:
                    whole += Int.random(in: 1...10, using: &dice)
                    counter.allowed.append((now, whole))
                case _ where running:
                    used += calendar.used(from: start, to: now, of: limit)
                    counter.turns.append(now)
                    running = false
                default:
                    start = now
                    counter.turns.append(now)
                    running = true
                }
            }
            if !running {
                start = now
                counter.turns.append(now)
            }
            let told = calendar.deadline(after: start, limit: Limit(whole, unit), used: used)
            #expect(told.date == counter.end(), "\(counter.turns) \(counter.allowed) \(unit)")
            #expect(told.moment == told.date.end)
        }
    }

    @Test("Stopped on the last day and gone on later, the day of going on is the last")
    func lastDay() throws {
        let begin = try moment("2026-03-12")
        let stop = try moment("2026-03-19", "16:00")
        let again = try moment("2026-04-08", "9:00")
        let five = try limit("5wd")
        let used = calendar.used(from: begin, to: stop, of: five)
        #expect(used == 5)
        let told = calendar.deadline(after: again, limit: five, used: used)
        #expect(try told.date == date("2026-04-08"))
        let counter = DayCounter(
            isWorked: calendar.isWorkingDay, turns: [begin, stop, again], allowed: [(begin, 5)], countsDay: true)
        #expect(counter.end() == told.date)
    }

    @Test("What is left, what is over and the yellow day agree with leafing")
    func lights() throws {
        var dice = Seeded(state: 42)
        let first = try date("2017-12-01").dayNumber
        for _ in 0..<2000 {
            let start = CivilDate(dayNumber: first + Int.random(in: 0..<3300, using: &dice))
            let whole = Int.random(in: 1...60, using: &dice)
            let share = Int.random(in: 5...50, using: &dice)
            let told = calendar.deadline(after: start.start, limit: Limit(whole, .workingDays))
            var worked: [CivilDate] = []
            var day = start
            while worked.count < whole {
                day = day.adding(days: 1)
                if calendar.isWorkingDay(day) { worked.append(day) }
            }
            #expect(told.date == worked.last)
            let yellow = max(1, (whole * share + 99) / 100)
            let warned = calendar.warnMoment(
                for: told, limit: Limit(whole, .workingDays), share: share, of: 100)
            #expect(warned == worked[whole - yellow].start)
            let some = Int.random(in: 0..<whole, using: &dice)
            #expect(calendar.workingDays(from: worked[some], to: told.date) == whole - 1 - some)
            let after = told.date.adding(days: Int.random(in: 0...20, using: &dice))
            var over = 0
            var leaf = told.date
            while leaf < after {
                leaf = leaf.adding(days: 1)
                if calendar.isWorkingDay(leaf) { over += 1 }
            }
            #expect(calendar.workingDaysOverdue(due: told.date, today: after) == over)
        }
    }
}
