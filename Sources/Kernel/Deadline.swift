/// When a period ends.
package struct Deadline: Sendable, Hashable {
    /// The last day on which the act is in time.
    package let date: CivilDate
    /// The first moment at which it is late: 24:00 in Shanghai of the last day, or the exact moment for hours.
    package let moment: Moment
    /// Counted, at least in its last part, in a year without a published calendar (预计).
    package let provisional: Bool

    package init(date: CivilDate, moment: Moment, provisional: Bool) {
        self.date = date
        self.moment = moment
        self.provisional = provisional
    }
}

extension WorkCalendar {
    /// The end of a period that began, or went on after a stop, at `start`; the day of the act does not count.
    ///
    /// - Parameter used: what `used(from:to:of:)` gave for the earlier runs of the same period, added up. Where all of it
    ///   is used the end is the day of `start`; where more is used, the end lies before `start` by as much.
    /// - Note: Working time ends with hours of the hall; days, months and years with 24:00 of the last day.
    package func deadline(after start: Moment, limit: Limit, used: Int = 0) -> Deadline {
        let day = start.date
        switch limit.unit {
        case .workingDays:
            let left = limit.amount - used
            let last = left == 0 ? day : workingDay(ordinal(day) + left)
            return Deadline(date: last, moment: last.end, provisional: isProvisional(last))
        case .workingHours:
            let left = Int64(limit.amount) * 3_600_000 - Int64(used) * 1000
            let moment = left == 0 ? start : moment(counting: counted(before: start) + left)
            return Deadline(date: moment.date, moment: moment, provisional: isProvisional(moment.date))
        case .days:
            return calendarTime(ending: day.adding(days: limit.amount - used))
        case .hours:
            let moment = start.adding(seconds: Int64(limit.amount) * 3600 - Int64(used))
            return Deadline(date: moment.date, moment: moment, provisional: false)
        case .months:
            return calendarTime(ending: day.adding(days: -used).adding(months: limit.amount))
        case .years:
            return calendarTime(ending: day.adding(days: -used).adding(months: limit.amount * 12))
        }
    }

    /// When the light turns yellow: with the last `share` of `parts` of the whole limit, rounded up to whole days.
    ///
    /// Yellow lasts at least one working day before a deadline in days; hours are shared out exactly. The moment may lie
    /// before the period's start where the limit is that short: then it is yellow from the start.
    package func warnMoment(for deadline: Deadline, limit: Limit, share: Int = 1, of parts: Int = 5) -> Moment {
        let parts = max(1, parts)
        let share = min(max(0, share), parts)
        func portion(_ whole: Int) -> Int { max(1, (whole * share + parts - 1) / parts) }
        switch limit.unit {
        case .workingDays:
            return workingDay(ordinal(deadline.date) - portion(limit.amount) + 1).start
        case .workingHours:
            let time = Int64(limit.amount) * 3_600_000 * Int64(share) / Int64(parts)
            return moment(counting: counted(before: deadline.moment) - time)
        case .hours:
            let time = Int64(limit.amount) * 3_600_000 * Int64(share) / Int64(parts)
            return deadline.moment.adding(milliseconds: -time)
        case .days, .months, .years:
            let months = limit.unit == .years ? limit.amount * 12 : limit.amount
            let whole =
                limit.unit == .days
                ? limit.amount : deadline.date.dayNumber - deadline.date.adding(months: -months).dayNumber
            let first = deadline.date.adding(days: 1 - portion(whole))
            return min(first, workingDay(onOrBefore: deadline.date)).start
        }
    }

    /// What of the limit a run from `start` to `stop` used: working days for `wd`, natural days for `d`, `mo` and `y`,
    /// counted seconds for `wh`, seconds for `h`.
    ///
    /// The day of a stop belongs to the run before it and the day of going on to neither, so that stopping and going on
    /// within one day changes nothing.
    package func used(from start: Moment, to stop: Moment, of limit: Limit) -> Int {
        guard stop > start else { return 0 }
        switch limit.unit {
        case .workingDays: return consumed(from: start.date, to: stop.date)
        case .workingHours: return Int((counted(before: stop) - counted(before: start)) / 1000)
        case .hours: return Int((stop.milliseconds - start.milliseconds) / 1000)
        case .days, .months, .years: return stop.date.dayNumber - start.date.dayNumber
        }
    }

    /// Working days spent after `start` up to and with `end`; never negative.
    package func consumed(from start: CivilDate, to end: CivilDate) -> Int { max(0, workingDays(from: start, to: end)) }

    private func calendarTime(ending last: CivilDate) -> Deadline {
        Deadline(date: last, moment: last.end, provisional: false)
    }

    // MARK: Counted time of the hall, in milliseconds

    /// Counted time before `moment`, on one scale for all moments.
    private func counted(before moment: Moment) -> Int64 {
        let date = moment.date
        let whole = Int64(ordinal(date.adding(days: -1))) * hours.millisecondsADay
        guard isWorkingDay(date) else { return whole }
        return whole + hours.counted(before: moment.milliseconds - date.start.milliseconds)
    }

    /// The earliest moment by which that much time is counted.
    private func moment(counting time: Int64) -> Moment {
        let days = (time - 1).flooredDivision(by: hours.millisecondsADay)
        let point = hours.point(counting: time - days * hours.millisecondsADay)
        return workingDay(Int(days) + 1).start.adding(milliseconds: point)
    }
}
