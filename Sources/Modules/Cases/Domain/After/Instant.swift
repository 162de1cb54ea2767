package import Kernel
package import Workflow

/// 秒批: decides at once where the item's rule, read over the form and the situations, says that nothing is left to weigh. Whatever
/// is unclear goes to people, never to refusal.
package struct DecideInstantly: FurtherCommand {
    package static let name = CaseCommand.Name.decideInstantly

    let result: CaseResult
    let notices: [IssuedNotice]
    /// A person looks at it afterwards (抽查).
    let sampled: Bool

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .received, context.officer == nil else { throw CaseProcedure.moved(state) }
        try CaseProcedure.identified(state)
        let decided = CaseProcedure.fact(
            DecidedInstantly(at: context.at, result: result, notices: notices))
        guard sampled else { return [decided] }
        let limit = CaseProcedure.running(CaseRules.sample, from: context.at, context)
        return [decided, CaseProcedure.fact(CaseProcedure.followUp(.sample, limit, state, context))]
    }
}

/// It was decided without a person.
package struct DecidedInstantly: CaseFact {
    package static let name = "decided-instantly"

    let at: Moment
    let result: CaseResult
    let notices: [IssuedNotice]

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .received }

    package func evolve(_ state: inout CaseState) {
        state.acceptedAt = at
        state.decidedAt = at
        state.result = result
        state.notices += notices
        CaseProcedure.end(&state, .completed, at: at)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        CaseProcedure.ended(CaseProcedure.notify("completed", state, at), state)
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("decidedInstantly", at: at, by: .system, notice: notices.last)
    }
}

extension CaseRules {
    /// Thirty working days to look at a sampled decision.
    static let sample = Limit(30, .workingDays)
}

/// 提前审查 and 模拟审批: what the office thinks of an application before its papers are complete; it becomes part of the review when
/// they are.
package struct PreReview: FurtherCommand {
    package static let name = CaseCommand.Name.preReview

    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard [.received, .correcting].contains(state.stage) else { throw CaseProcedure.moved(state) }
        return [
            CaseProcedure.fact(
                PreReviewed(at: context.at, by: try CaseProcedure.officer(context), words: words))
        ]
    }
}

/// The office said what it thinks so far.
package struct PreReviewed: CaseFact {
    package static let name = "pre-reviewed"

    let at: Moment
    let by: String
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .received || state.stage == .correcting }
    package func evolve(_ state: inout CaseState) { state.preReviewed = words }
    package func effects(_ state: CaseState) -> [Effect] { [CaseProcedure.notify("preReviewed", state, at)] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("preReviewed", at: at, by: .officer(by), words: words)
    }
}
