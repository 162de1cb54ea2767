package import Catalogue
package import Kernel
package import Workflow

/// A procedure of the review under way.
package struct RunningProcedure: Sendable, Hashable, Codable {
    /// Id in the item, or `hearing` where the item names none.
    package let id: String
    package let kind: Procedure.Kind
    package let startedAt: Moment
    /// The day by which the applicant was told it ends.
    package let expected: CivilDate
    /// The clock stands for it (行政许可法 art. 45).
    package let pauses: Bool
}

/// Begins a procedure of the review: 专家评审, 检验, 检测, 检疫, 鉴定, 听证, 招标, 拍卖, or one that consumes the limit.
///
/// The time of those that art. 45 of the 行政许可法 lists, or that a special law named in the item does, is not counted, and
/// the applicant is told in writing how long it takes. Inspection, joint opinion, publicity and rectification consume the
/// limit. Procedures may run side by side and be repeated: the clock stands from the first that stops it to the last.
package struct StartProcedure: FurtherCommand {
    package static let name = CaseCommand.Name.startProcedure

    let procedure: String
    let expected: CivilDate
    let words: Sealed
    /// 特别程序告知书; nil for a procedure that consumes the limit.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let procedure = context.rules.procedure(procedure) else {
            throw .refused(Message("cases.refused.unknownProcedure"))
        }
        let running = state.procedures ?? []
        guard !running.contains(where: { $0.id == procedure.id }) else {
            throw .refused(Message("cases.refused.procedureRuns"))
        }
        guard expected >= context.at.date else { throw .invalid("expected", "cases.fault.dayPast") }
        guard !procedure.pauses || notice != nil else { throw .refused(Message("cases.refused.untold")) }
        let started = RunningProcedure(
            id: procedure.id, kind: procedure.kind, startedAt: context.at, expected: expected,
            pauses: procedure.pauses)
        return [
            CaseProcedure.fact(
                ProcedureStarted(
                    at: context.at, by: try CaseProcedure.officer(context), procedure: started, words: words,
                    stops: procedure.pauses && !state.isPaused, calendar: context.calendar.version, notice: notice))
        ]
    }
}

/// A procedure of the review began.
package struct ProcedureStarted: CaseFact {
    package static let name = "procedure-started"

    let at: Moment
    let by: String
    let procedure: RunningProcedure
    let words: Sealed
    /// The clock stops with it; false where it stood already, or runs on.
    let stops: Bool
    let calendar: Int
    let notice: IssuedNotice?

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .accepted || state.stage == .approving) && state.promised != nil
            && !(state.procedures ?? []).contains { $0.id == procedure.id } && !(stops && state.isPaused)
    }

    package func evolve(_ state: inout CaseState) {
        state.procedures = (state.procedures ?? []) + [procedure]
        if stops { state.pause(at: at) }
        if let notice { state.notices.append(notice) }
    }

    package func effects(_ state: CaseState) -> [Effect] {
        let end = procedure.expected.end
        let timer = Effect.startTimer(
            TimerSpec(
                name: TimerName.procedure(procedure.id), startedAt: at, limit: Limit(0, .days),
                calendarVersion: calendar, warnAt: end, dueAt: end))
        let told = procedure.pauses ? "procedureStarted" : "procedureBegun"
        return [timer] + (stops ? CaseProcedure.pausing(state, at: at) : [])
            + [CaseProcedure.notify(told, state, at, ["due": procedure.expected.description])]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            procedure.pauses ? "procedureStarted" : "procedureBegun", at: at, by: .officer(by),
            due: procedure.expected, words: words, notice: notice, about: "cases.procedure.\(procedure.kind.rawValue)")
    }
}

/// Ends a procedure of the review; with the last that stops it the clock goes on, with what was left.
package struct EndProcedure: FurtherCommand {
    package static let name = CaseCommand.Name.endProcedure

    let procedure: String
    /// What came of it.
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let running = state.procedures?.first(where: { $0.id == procedure }) else {
            throw .refused(Message("cases.refused.procedureOver"))
        }
        let rest = (state.procedures ?? []).filter { $0.id != procedure }
        let goesOn = running.pauses && !rest.contains(where: \.pauses) && state.stay == nil
        return [
            CaseProcedure.fact(
                ProcedureEnded(
                    at: context.at, by: try CaseProcedure.officer(context), procedure: running.id,
                    kind: running.kind, words: words,
                    goingOn: goesOn ? CaseProcedure.goingOn(state, context) : nil))
        ]
    }
}

/// A procedure of the review ended.
package struct ProcedureEnded: CaseFact {
    package static let name = "procedure-ended"

    let at: Moment
    let by: String
    let procedure: String
    let kind: Procedure.Kind
    let words: Sealed
    /// The ends that follow where the clock goes on with it.
    let goingOn: GoingOn?

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.procedures ?? []).contains { $0.id == procedure } && !state.stage.isEnded
            && (goingOn == nil || state.isPaused)
    }

    package func evolve(_ state: inout CaseState) {
        let rest = (state.procedures ?? []).filter { $0.id != procedure }
        state.procedures = rest.isEmpty ? nil : rest
        goingOn?.evolve(&state)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [.stopTimer(name: TimerName.procedure(procedure))]
            + (goingOn.map { going in
                going.effects(at: at)
                    + [
                        CaseProcedure.notify(
                            "procedureEnded", state, at, ["due": going.promised.dueOn.description])
                    ]
            } ?? [])
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            goingOn == nil ? "procedureOver" : "procedureEnded", at: at, by: .officer(by),
            due: goingOn?.promised.dueOn, words: words, about: "cases.procedure.\(kind.rawValue)")
    }
}

extension TimerName {
    /// The expected end of a procedure; its light only, nothing happens by itself.
    static func procedure(_ id: String) -> String { "procedure/\(id)" }
}
