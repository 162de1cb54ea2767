import Catalogue
import Kernel
import Workflow

// Limits that stop, go on and are extended. A stop uses up its own day, going on uses none: stopping and going on within a
// day changes nothing (WorkCalendar.used).

extension CaseProcedure {
    /// A limit with all its runs, by the calendar of the context.
    static func counted(_ limit: RunningLimit, _ context: CaseContext) -> RunningLimit {
        var deadline = context.calendar.deadline(
            after: limit.since ?? limit.startedAt, limit: limit.limit, used: limit.used ?? 0)
        if let extra = limit.extra {
            // Working days are put behind the last day, whatever the limit itself is counted in.
            let last = context.calendar.adding(workingDays: extra, to: deadline.date)
            deadline = Deadline(date: last, moment: last.end, provisional: context.calendar.isProvisional(last))
        }
        let warn = context.calendar.warnMoment(
            for: deadline, limit: limit.limit, share: context.rules.yellowPercent, of: 100)
        return RunningLimit(
            limit: limit.limit, startedAt: limit.startedAt, dueAt: deadline.moment, warnAt: warn,
            dueOn: deadline.date, provisional: deadline.provisional, used: limit.used, since: limit.since,
            extra: limit.extra, pausedAt: limit.pausedAt)
    }

    /// The limit after a stop: what it used before stays used.
    static func resumed(_ limit: RunningLimit, _ context: CaseContext) -> RunningLimit {
        guard let stopped = limit.pausedAt else { return limit }
        let run = context.calendar.used(from: limit.since ?? limit.startedAt, to: stopped, of: limit.limit)
        return counted(
            RunningLimit(
                limit: limit.limit, startedAt: limit.startedAt, dueAt: limit.dueAt, warnAt: limit.warnAt,
                dueOn: limit.dueOn, provisional: limit.provisional, used: (limit.used ?? 0) + run, since: context.at,
                extra: limit.extra),
            context)
    }

    /// The limits and the task of a case whose clock goes on.
    static func goingOn(_ state: CaseState, _ context: CaseContext) -> GoingOn? {
        guard let promised = state.promised.map({ resumed($0, context) }) else { return nil }
        return GoingOn(
            promised: promised, statutory: state.statutory.map { resumed($0, context) },
            calendar: context.calendar.version, task: goingOn(state, promised: promised, context))
    }

    /// The ends of the task under way within the limit as it is now.
    static func goingOn(_ state: CaseState, promised: RunningLimit, _ context: CaseContext) -> CaseEvent.NextTask {
        Stage.Kind(rawValue: state.step).flatMap { context.rules.link($0) }
            .map { task($0, within: promised, context) }
            ?? .init(step: state.step, queue: state.queue ?? "", warnAt: promised.warnAt, dueAt: promised.dueAt)
    }

    /// What stops with the clock.
    static func pausing(_ state: CaseState, at moment: Moment) -> [Effect] {
        [.pauseTimer(name: TimerName.promised, at: moment)]
            + (state.statutory == nil ? [] : [.pauseTimer(name: TimerName.statutory, at: moment)])
            + [.moveTasks(step: state.step, warnAt: Light.paused, dueAt: Light.paused)]
    }
}

/// The clock goes on: the ends that follow.
package struct GoingOn: Sendable, Hashable, Codable {
    let promised: RunningLimit
    let statutory: RunningLimit?
    let calendar: Int
    let task: CaseEvent.NextTask

    func evolve(_ state: inout CaseState) {
        state.promised = promised
        state.statutory = statutory
    }

    func effects(at moment: Moment) -> [Effect] {
        [.resumeTimer(name: TimerName.promised, at: moment, dueAt: promised.dueAt, warnAt: promised.warnAt)]
            + (statutory.map {
                [.resumeTimer(name: TimerName.statutory, at: moment, dueAt: $0.dueAt, warnAt: $0.warnAt)]
            } ?? [])
            + [.moveTasks(step: task.step, warnAt: task.warnAt, dueAt: task.dueAt)]
    }
}

extension RunningLimit {
    /// The same, standing since `moment`; one that stands already stands on.
    func paused(at moment: Moment) -> RunningLimit {
        RunningLimit(
            limit: limit, startedAt: startedAt, dueAt: dueAt, warnAt: warnAt, dueOn: dueOn, provisional: provisional,
            used: used, since: since, extra: extra, pausedAt: pausedAt ?? moment)
    }

    /// The same with working days more.
    func extended(by days: Int) -> RunningLimit {
        RunningLimit(
            limit: limit, startedAt: startedAt, dueAt: dueAt, warnAt: warnAt, dueOn: dueOn, provisional: provisional,
            used: used, since: since, extra: (extra ?? 0) + days, pausedAt: pausedAt)
    }
}

extension CaseState {
    /// Stops both limits.
    mutating func pause(at moment: Moment) {
        promised = promised?.paused(at: moment)
        statutory = statutory?.paused(at: moment)
    }
}
