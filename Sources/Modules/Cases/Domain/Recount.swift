import Catalogue
import Kernel
package import Workflow

/// An open task of a case, as far as its end is counted anew.
package struct CountedTask: Sendable, Hashable {
    let step: String
    let queue: String
    let openedAt: Moment
    let warnAt: Moment
    let dueAt: Moment

    init(step: String, queue: String, openedAt: Moment, warnAt: Moment, dueAt: Moment) {
        self.step = step
        self.queue = queue
        self.openedAt = openedAt
        self.warnAt = warnAt
        self.dueAt = dueAt
    }

    package init(_ row: TaskRow) {
        self.init(
            step: row.step, queue: row.queue, openedAt: row.openedAt, warnAt: row.warnAt, dueAt: row.dueAt)
    }
}

// The area's calendar changed (a holiday was declared, a make-up day set): periods in working days are counted by the days
// that really are worked (行政许可法 art. 82), also those that began before.

extension CaseProcedure {
    /// The limits that come out otherwise by the calendar of the context; nothing where none does, so that counting twice
    /// changes nothing.
    static func recount(_ tasks: [CountedTask], _ state: CaseState, _ context: CaseContext) -> [CaseEvent] {
        let acceptance = moved(state.acceptance, context)
        // The applicant was told his day in writing: it may come later, never earlier.
        let correction = moved(state.correction, context).flatMap { new in
            state.correction.map { new.dueAt < $0.dueAt } == true ? nil : new
        }
        let promised = moved(state.promised, context)
        let statutory = moved(state.statutory, context)
        let next = tasks.compactMap { task in
            counted(
                task, acceptance: acceptance ?? state.acceptance, promised: promised ?? state.promised, context)
        }
        let nothing =
            acceptance == nil && correction == nil && promised == nil && statutory == nil && next.isEmpty
        guard !nothing else { return [] }
        let told = correction ?? acceptance ?? (state.decidedAt == nil ? promised : nil)
        let before = [(correction, state.correction), (acceptance, state.acceptance)].first { $0.0 != nil }?.1
        let dayMoved = told.map { $0.dueOn != (before ?? state.promised)?.dueOn } ?? false
        return [
            .limitsRecounted(
                .init(
                    at: context.at, calendar: context.calendar.version, acceptance: acceptance, correction: correction,
                    promised: promised, statutory: statutory, tasks: next, dayMoved: dayMoved))
        ]
    }

    /// The limit by today's calendar, or nil where it comes out the same. What still runs is not ended by counting: the days
    /// were not known to be worked before.
    private static func moved(_ limit: RunningLimit?, _ context: CaseContext) -> RunningLimit? {
        // What stands is counted when it goes on.
        guard let limit, limit.pausedAt == nil else { return nil }
        let new = counted(limit, context)
        if new == limit { return nil }
        return new.dueAt <= context.at && limit.dueAt > context.at ? nil : new
    }

    /// The end of a task by the same rules as when it was opened, or nil where it stays.
    private static func counted(
        _ task: CountedTask, acceptance: RunningLimit?, promised: RunningLimit?, _ context: CaseContext
    ) -> CaseEvent.NextTask? {
        // The tasks of other departments and of procedures have ends of their own.
        guard Stage.Kind(rawValue: task.step) != nil else { return nil }
        let next: CaseEvent.NextTask?
        if task.step == Stage.Kind.accept.rawValue {
            next = acceptance.map {
                .init(step: task.step, queue: task.queue, warnAt: $0.warnAt, dueAt: $0.dueAt)
            }
        } else {
            next = promised.map { promised in
                let link = context.rules.links.first { $0.kind.rawValue == task.step }
                let own = link.map { running($0.within, from: task.openedAt, context) }
                let tight = own.map { $0.dueAt < promised.dueAt ? $0 : promised } ?? promised
                return .init(step: task.step, queue: task.queue, warnAt: tight.warnAt, dueAt: tight.dueAt)
            }
        }
        guard let next, next.warnAt != task.warnAt || next.dueAt != task.dueAt else { return nil }
        // A paused task has no end; one that still runs is not overdue by counting.
        if task.dueAt >= Light.paused || (next.dueAt <= context.at && task.dueAt > context.at) { return nil }
        return next
    }
}
