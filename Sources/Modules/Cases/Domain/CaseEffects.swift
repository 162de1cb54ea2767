import Catalogue
import Kernel
package import Workflow

extension CaseProcedure {
    /// Tasks, timers and messages that follow from an event. Every clock that starts here is stopped by whatever ends it.
    package static func effects(_ event: CaseEvent, _ state: CaseState) -> [Effect] {
        comparing(following(event, state), event, state)
    }

    private static func following(_ event: CaseEvent, _ state: CaseState) -> [Effect] {
        switch event {
        case .submitted(let data):
            [notify("submitted", state, data.at)]
        case .received(let data):
            [
                start(TimerName.acceptance, data.acceptance, data.calendar),
                .openTask(
                    TaskSpec(
                        step: "accept", queue: data.queue, warnAt: data.acceptance.warnAt, dueAt: data.acceptance.dueAt)
                ),
            ]
        case .correctionRequested(let data):
            [
                // Departments that were asked early go on.
                .closeTasks(step: Stage.Kind.accept.rawValue), .stopTimer(name: TimerName.acceptance),
                start(TimerName.correction, data.limit, data.calendar),
            ] + reminding(data.reminders, at: data.notice.at, data.calendar) + [
                notify("correctionRequested", state, data.notice.at, ["due": data.limit.dueOn.description])
            ]
        case .supplemented(let data):
            [
                .stopTimer(name: TimerName.correction), .stopTimer(name: TimerName.reminder),
                start(TimerName.acceptance, data.acceptance, data.calendar),
                .openTask(
                    TaskSpec(
                        step: "accept", queue: data.queue, assignee: data.assignee, warnAt: data.acceptance.warnAt,
                        dueAt: data.acceptance.dueAt)),
            ]
        case .accepted(let data):
            [
                .closeTasks(step: nil), .stopTimer(name: TimerName.acceptance),
                start(TimerName.promised, data.promised, data.calendar),
            ]
                + (data.statutory.map { [start(TimerName.statutory, $0, data.calendar)] } ?? [])
                + [open(data.next, nil), notify("accepted", state, data.at, ["due": data.promised.dueOn.description])]
        case .reviewPassed(let data): [.closeTasks(step: nil), open(data.next, nil)]
        case .sentBack(let data): [.closeTasks(step: nil), open(data.next, state.assignee)]
        case .approved(let data):
            [.closeTasks(step: nil)] + (data.next.map { [open($0, nil)] } ?? []) + [notify("approved", state, data.at)]
        case .refused(let data):
            ended(notify("refused", state, data.at, kind: Refusal(number: state.number).messageKind), state)
        case .completed(let data): ended(notify("completed", state, data.at), state)
        case .declined(let data): ended(notify("declined", state, data.at), state)
        case .notNeeded(let data): ended(notify("notNeeded", state, data.at), state)
        case .withdrawn(let data): ended(notify("withdrawn", state, data.at), state)
        case .voided(let data): ended(notify("voided", state, data.at), state)
        case .lapsed(let data): ended(notify("lapsed", state, data.at), state)
        case .assigned(let data):
            // Other departments' tasks stay theirs.
            [.assignTasks(data.to, by: data.by, queue: state.branches == nil ? nil : state.queue)]
        case .limitsRecounted(let data): recounted(data, state)
        case .further(let further): further.fact.effects(state)
        }
    }

    /// Who was told a day is told the other one.
    private static func recounted(_ data: CaseEvent.Recounted, _ state: CaseState) -> [Effect] {
        let limits = [
            (TimerName.acceptance, data.acceptance), (TimerName.correction, data.correction),
            (TimerName.promised, data.promised), (TimerName.statutory, data.statutory),
        ]
        let told = Timeline.told(data).map {
            notify($0.kind, state, data.at, ["due": $0.due.description])
        }
        return limits.compactMap { name, limit in
            limit.map { .extendTimer(name: name, dueAt: $0.dueAt, warnAt: $0.warnAt) }
        }
            + data.tasks.map { .moveTasks(step: $0.step, warnAt: $0.warnAt, dueAt: $0.dueAt) }
            + [.countTimers(calendarVersion: data.calendar)] + (told.map { [$0] } ?? [])
    }

    static func ended(_ message: Effect, _ state: CaseState) -> [Effect] {
        [.closeTasks(step: nil)]
            + [TimerName.acceptance, TimerName.correction, TimerName.promised, TimerName.statutory].map {
                .stopTimer(name: $0)
            }
            + furtherTimers(state).map { .stopTimer(name: $0) } + [message]
    }

    static func open(_ next: CaseEvent.NextTask, _ assignee: String?) -> Effect {
        .openTask(
            TaskSpec(step: next.step, queue: next.queue, assignee: assignee, warnAt: next.warnAt, dueAt: next.dueAt))
    }

    static func start(_ name: String, _ limit: RunningLimit, _ calendar: Int) -> Effect {
        .startTimer(
            TimerSpec(
                name: name, startedAt: limit.startedAt, limit: limit.limit, calendarVersion: calendar,
                warnAt: limit.warnAt,
                dueAt: limit.dueAt))
    }

    static func notify(
        _ event: String, _ state: CaseState, _ at: Moment, _ more: [String: String] = [:], kind: String? = nil
    ) -> Effect {
        .notify(
            NotificationSpec(
                kind: "cases.\(kind ?? event)",
                arguments: more.merging(["number": state.number, "item": state.item]) { own, _ in own },
                dedup: "\(event)/\(at.milliseconds)"))
    }
}
