package import Kernel
package import Workflow

/// That the limits were extended, and by how much.
package struct Extension: Sendable, Hashable, Codable {
    package let at: Moment
    package let by: String
    /// Working days.
    package let days: Int
}

/// 延期: by up to ten working days, approved by the organ's head, the reason told (行政许可法 art. 42); where several organs
/// decide together by up to fifteen, approved by the head of the people's government at that level.
package struct Extend: FurtherCommand {
    package static let name = CaseCommand.Name.extend

    let days: Int
    let words: Sealed
    /// 延期告知书.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        let officer = try CaseProcedure.officer(context)
        guard state.extended == nil else { throw .refused(Message("cases.refused.extendedOnce")) }
        guard let promised = state.promised else { throw CaseProcedure.moved(state) }
        let most = context.rules.mostExtension
        guard (1...most).contains(days) else {
            throw .invalid("days", "cases.fault.extensionDays", ["days": String(most)])
        }
        // What has run out can no longer be extended.
        guard promised.pausedAt != nil || context.at < (state.statutory ?? promised).dueAt else {
            throw .refused(Message("cases.refused.extensionLate"))
        }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        let longer = CaseProcedure.counted(promised.extended(by: days), context)
        let statutory = state.statutory.map { CaseProcedure.counted($0.extended(by: days), context) }
        let task = longer.pausedAt == nil ? CaseProcedure.goingOn(state, promised: longer, context) : nil
        return [
            CaseProcedure.fact(
                Extended(
                    at: context.at, by: officer, days: days, words: words, promised: longer, statutory: statutory,
                    task: task, notice: notice))
        ]
    }
}

/// The limits were extended.
package struct Extended: CaseFact {
    package static let name = "extended"

    let at: Moment
    let by: String
    let days: Int
    let words: Sealed
    let promised: RunningLimit
    let statutory: RunningLimit?
    /// The task's new ends; nil while the clock stands.
    let task: CaseEvent.NextTask?
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .accepted || state.stage == .approving) && state.extended == nil && state.promised != nil
    }

    package func evolve(_ state: inout CaseState) {
        state.extended = Extension(at: at, by: by, days: days)
        state.promised = promised
        state.statutory = statutory
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [.extendTimer(name: TimerName.promised, dueAt: promised.dueAt, warnAt: promised.warnAt)]
            + (statutory.map { [.extendTimer(name: TimerName.statutory, dueAt: $0.dueAt, warnAt: $0.warnAt)] } ?? [])
            + (task.map { [.moveTasks(step: $0.step, warnAt: $0.warnAt, dueAt: $0.dueAt)] } ?? [])
            + [CaseProcedure.notify("extended", state, at, ["due": promised.dueOn.description])]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "extended", at: at, by: .officer(by), due: promised.dueOn, count: days, words: words, notice: notice)
    }
}
