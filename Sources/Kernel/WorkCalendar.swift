/// What the State Council's notice (国务院办公厅关于…年部分节假日安排的通知) says of one year.
package struct PublishedYear: Sendable, Hashable {
    package let year: Int
    /// Days off; those that fall on weekends may be listed or left out.
    package let off: Set<CivilDate>
    /// Make-up working days (调休上班), on weekends.
    package let work: Set<CivilDate>

    package init(_ year: Int, off: Set<CivilDate>, work: Set<CivilDate>) {
        self.year = year
        self.off = off
        self.work = work
    }
}

/// Why a calendar was not taken.
package enum CalendarFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Two notices for one year: amend the first instead.
    case repeatedYear(Int)
    /// The same notice calls a day both off and working.
    case contradiction(CivilDate)
    /// A day that is neither of the notice's year nor of the year before.
    case stray(CivilDate, year: Int)

    package var description: String {
        switch self {
        case .repeatedYear(let year): "the year \(year) is published twice"
        case .contradiction(let date): "\(date) is both a day off and a working day"
        case .stray(let date, let year): "\(date) does not belong to the notice of \(year)"
        }
    }
}

/// The working days of one area: Monday to Friday, less the days off, plus the make-up days (行政许可法 art. 82).
///
/// A year without a notice is counted from weekends alone, and every date in it is provisional (预计). Working days are
/// numbered once, so adding and counting take the same time for a day as for ten years.
package struct WorkCalendar: Sendable, Hashable {
    /// Grows with every change of days or hours; timers keep the number they were computed with.
    package let version: Int
    package let hours: HallHours
    /// The years a notice was published for.
    package let publishedYears: Set<Int>

    /// First day of the numbered span; outside it only weekends count.
    private let spanStart: Int
    /// For each day of the span: how many working days the span has up to and with it.
    private let counted: [Int32]
    /// Day numbers of the span's working days, in order.
    private let working: [Int32]

    /// Builds the index. A later year's notice overrides an earlier one's for the days before New Year.
    package init(version: Int = 1, years: [PublishedYear], hours: HallHours = .usual) throws(CalendarFault) {
        var exceptions: [Int: Bool] = [:]
        var published: Set<Int> = []
        for notice in years.sorted(by: { $0.year < $1.year }) {
            guard published.insert(notice.year).inserted else { throw .repeatedYear(notice.year) }
            if let both = notice.off.intersection(notice.work).min() { throw .contradiction(both) }
            for (dates, works) in [(notice.off, false), (notice.work, true)] {
                for date in dates {
                    guard date.year == notice.year || date.year == notice.year - 1 else {
                        throw .stray(date, year: notice.year)
                    }
                    exceptions[date.dayNumber] = works
                }
            }
        }
        self.init(version: version, hours: hours, published: published, exceptions: exceptions)
    }

    /// Weekends alone and the usual hours: before any notice is loaded, every date is provisional.
    package static let weekendsOnly = WorkCalendar(version: 0, hours: .usual, published: [], exceptions: [:])

    private init(version: Int, hours: HallHours, published: Set<Int>, exceptions: [Int: Bool]) {
        self.version = version
        self.hours = hours
        publishedYears = published
        let firstDay = published.min().flatMap { CivilDate(year: $0, month: 1, day: 1)?.dayNumber } ?? 0
        let lastDay = published.max().flatMap { CivilDate(year: $0, month: 12, day: 31)?.dayNumber } ?? 0
        let first = min(firstDay, exceptions.keys.min() ?? firstDay)
        var counted: [Int32] = []
        var working: [Int32] = []
        for day in first...lastDay {
            if exceptions[day] ?? WorkCalendar.isWeekday(day) { working.append(Int32(day)) }
            counted.append(Int32(working.count))
        }
        spanStart = first
        self.counted = counted
        self.working = working
    }

    /// The last year with a notice; nil before any is loaded.
    package var lastPublishedYear: Int? { publishedYears.max() }

    /// By the State Council's notice: weekdays without holidays, and the weekend days that are worked instead.
    package func isWorkingDay(_ date: CivilDate) -> Bool { ordinal(date) > ordinal(date.adding(days: -1)) }

    /// True in a year without a notice: the date was counted from weekends alone.
    package func isProvisional(_ date: CivilDate) -> Bool { !publishedYears.contains(date.year) }

    /// How many working days the year has.
    package func workingDays(in year: Int) -> Int {
        guard let first = CivilDate(year: year, month: 1, day: 1), let last = CivilDate(year: year, month: 12, day: 31)
        else { return 0 }
        return ordinal(last) - ordinal(first.adding(days: -1))
    }

    /// Working days after `start` up to and with `end`; negative when `end` comes first. 还有 n 个工作日.
    package func workingDays(from start: CivilDate, to end: CivilDate) -> Int { ordinal(end) - ordinal(start) }

    /// Working days by which `today` is past the last day `due`; 0 on the days off right after it. 已超过 n 个工作日.
    package func workingDaysOverdue(due: CivilDate, today: CivilDate) -> Int {
        max(0, workingDays(from: due, to: today))
    }

    /// The `count`th working day after `start`, or before it when negative; `start` itself when 0.
    package func adding(workingDays count: Int, to start: CivilDate) -> CivilDate {
        if count > 0 { return workingDay(ordinal(start) + count) }
        if count < 0 { return workingDay(ordinal(start.adding(days: -1)) + count + 1) }
        return start
    }

    /// `date` itself, or the first working day after it.
    package func workingDay(onOrAfter date: CivilDate) -> CivilDate { workingDay(ordinal(date.adding(days: -1)) + 1) }

    /// `date` itself, or the last working day before it.
    package func workingDay(onOrBefore date: CivilDate) -> CivilDate { workingDay(ordinal(date)) }

    /// Whether the hall counts working time at this moment.
    package func isOpen(at moment: Moment) -> Bool {
        isWorkingDay(moment.date) && hours.contains(minute: moment.minuteOfDay)
    }

    // MARK: The numbering

    /// The number of the last working day up to and with `date`: the first one of the span has number 1.
    func ordinal(_ date: CivilDate) -> Int {
        let index = date.dayNumber - spanStart
        if index < 0 {
            return WorkCalendar.weekdays(through: date.dayNumber) - WorkCalendar.weekdays(through: spanStart - 1)
        }
        if index < counted.count { return Int(counted[index]) }
        let spanEnd = spanStart + counted.count - 1
        return working.count + WorkCalendar.weekdays(through: date.dayNumber) - WorkCalendar.weekdays(through: spanEnd)
    }

    /// The working day of that number.
    func workingDay(_ ordinal: Int) -> CivilDate {
        if ordinal < 1 {
            let before = WorkCalendar.weekdays(through: spanStart - 1)
            return CivilDate(dayNumber: WorkCalendar.weekday(number: before + ordinal))
        }
        if ordinal <= working.count { return CivilDate(dayNumber: Int(working[ordinal - 1])) }
        let through = WorkCalendar.weekdays(through: spanStart + counted.count - 1)
        return CivilDate(dayNumber: WorkCalendar.weekday(number: through + ordinal - working.count))
    }

    private static func isWeekday(_ day: Int) -> Bool { floored(day + 3, 7).remainder < 5 }

    /// Mondays to Fridays up to and with `day`, from a Monday long ago.
    private static func weekdays(through day: Int) -> Int {
        let (weeks, rest) = floored(day + 3, 7)
        return weeks * 5 + min(rest + 1, 5)
    }

    /// The inverse: the day that is the `number`th Monday to Friday.
    private static func weekday(number: Int) -> Int {
        let (weeks, rest) = floored(number - 1, 5)
        return weeks * 7 + rest - 3
    }
}

/// Division that rounds down, and its remainder 0..<divisor.
func floored(_ n: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let remainder = ((n % divisor) + divisor) % divisor
    return ((n - remainder) / divisor, remainder)
}
