package import Kernel
package import Workflow

/// When somebody is reminded of what he was asked for.
package struct Chasing: Sendable, Hashable, Codable {
    /// Reminders still to come.
    package var left: [Moment]
    /// When he was last reminded.
    package var chasedAt: Moment?
}

extension CaseState {
    /// What the applicant is asked for and has not handed in: until when, how many things, how he is reminded.
    var chased: (limit: RunningLimit, count: Int, chasing: Chasing)? {
        if stage == .correcting, let correction { return (correction, points.count, chasing ?? Chasing(left: [])) }
        guard let awaited, !stage.isEnded else { return nil }
        return (
            awaited.limit, awaited.points.count, Chasing(left: awaited.reminders ?? [], chasedAt: awaited.chasedAt)
        )
    }
}

/// 催办: reminds the applicant of a correction, or of papers that are awaited. The clock does so by itself, half the time through and on the
/// last day, both at nine; an officer may do so besides, once a day.
package struct ChasePapers: FurtherCommand {
    package static let name = CaseCommand.Name.chasePapers

    /// What the officer writes to the applicant; nil where the clock reminds.
    let words: Sealed?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let (limit, count, chasing) = state.chased else {
            if words == nil { return [] }
            throw .refused(Message("cases.refused.nothingAwaited"))
        }
        if words != nil {
            _ = try CaseProcedure.officer(context)
            guard chasing.chasedAt?.date != context.at.date else {
                throw .refused(Message("cases.refused.chasedToday"))
            }
        }
        let left = chasing.left
        return [
            CaseProcedure.fact(
                PapersChased(
                    at: context.at, by: words == nil ? nil : context.officer, due: limit.dueOn,
                    count: count, words: words,
                    left: words == nil ? Array(left.dropFirst()) : left, calendar: context.calendar.version))
        ]
    }
}

/// The applicant was reminded of a correction, or of awaited papers.
package struct PapersChased: CaseFact {
    package static let name = "papers-chased"

    let at: Moment
    /// Nil where the clock reminded.
    let by: String?
    let due: CivilDate
    /// How many things are awaited.
    let count: Int
    let words: Sealed?
    /// Reminders that are still to come.
    let left: [Moment]
    let calendar: Int

    package func mayFollow(_ state: CaseState) -> Bool { state.chased != nil }

    package func evolve(_ state: inout CaseState) {
        if state.awaited != nil {
            state.awaited?.reminders = left
            state.awaited?.chasedAt = at
        } else {
            state.chasing = Chasing(left: left, chasedAt: at)
        }
    }

    package func effects(_ state: CaseState) -> [Effect] {
        // An officer's reminder leaves the clock's alone.
        (by == nil ? [.stopTimer(name: TimerName.reminder)] + CaseProcedure.reminding(left, at: at, calendar) : [])
            + [CaseProcedure.notify("papersChased", state, at, ["due": due.description])]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "papersChased", at: at, by: by.map { .officer($0) } ?? .system, due: due, count: count, words: words)
    }
}

extension CaseProcedure {
    /// Half the time through and on the last day, at nine; a time of less than a day has none.
    static func reminders(_ limit: RunningLimit, _ context: CaseContext) -> [Moment] {
        let (first, last) = (limit.startedAt.date, limit.dueOn)
        let half = context.calendar.workingDay(
            onOrAfter: first.adding(days: max(0, last.dayNumber - first.dayNumber) / 2))
        let days = half > first && half < last ? [half, last] : [last]
        return days.filter { $0 > first }.map { $0.start.adding(seconds: 9 * 3600) }.filter {
            $0 > context.at && $0 < limit.dueAt
        }
    }

    /// The clock of the next reminder.
    static func reminding(_ reminders: [Moment]?, at now: Moment, _ calendar: Int) -> [Effect] {
        guard let next = reminders?.first else { return [] }
        return [
            .startTimer(
                TimerSpec(
                    name: TimerName.reminder, startedAt: now, limit: Limit(0, .days), calendarVersion: calendar,
                    warnAt: next, dueAt: next))
        ]
    }
}

extension TimerName {
    /// The next reminder of a correction or of awaited papers; not a limit of anybody's.
    static let reminder = "papers/reminder"
}
