package import Kernel
package import Workflow

/// 秒批: decides at once where the item's rule, read over the form, the situations, certificates and registers, says that nothing is
/// left to weigh. Whatever is unclear goes to people, never to refusal.
package struct DecideInstantly: FurtherCommand {
    package static let name = CaseCommand.Name.decideInstantly

    private enum Outcome {
        /// `sampled`: a person looks at it afterwards (抽查).
        case decided(CaseResult, [IssuedNotice], sampled: Bool)
        case left
    }

    private let outcome: Outcome
    private let basis: InstantBasis?

    init(result: CaseResult, notices: [IssuedNotice], sampled: Bool, basis: InstantBasis? = nil) {
        outcome = .decided(result, notices, sampled: sampled)
        self.basis = basis
    }

    /// Leaves it to people, and says why.
    init(leaving basis: InstantBasis) {
        outcome = .left
        self.basis = basis
    }

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .received, context.officer == nil else { throw CaseProcedure.moved(state) }
        switch outcome {
        case .left:
            guard let basis, state.instant == nil else { return [] }
            return [CaseProcedure.fact(LeftToPeople(at: context.at, basis: basis))]
        case .decided(let result, let notices, let sampled):
            try CaseProcedure.identified(state)
            let decided = CaseProcedure.fact(
                DecidedInstantly(at: context.at, result: result, notices: notices, basis: basis))
            guard sampled else { return [decided] }
            let limit = CaseProcedure.running(CaseRules.sample, from: context.at, context)
            return [decided, CaseProcedure.fact(CaseProcedure.followUp(.sample, limit, state, context))]
        }
    }
}

/// It was decided without a person.
package struct DecidedInstantly: CaseFact {
    package static let name = "decided-instantly"

    let at: Moment
    let result: CaseResult
    let notices: [IssuedNotice]
    /// On which facts; nil where the rule read the form alone.
    var basis: InstantBasis?

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .received }

    package func evolve(_ state: inout CaseState) {
        state.acceptedAt = at
        state.decidedAt = at
        state.result = result
        state.notices += notices
        state.instant = basis
        CaseProcedure.end(&state, .completed, at: at)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        CaseProcedure.ended(CaseProcedure.notify("completed", state, at), state)
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("decidedInstantly", at: at, by: .system, notice: notices.last)
    }
}

/// The rule did not decide: the case waits for people as every other, and they see why.
package struct LeftToPeople: CaseFact {
    package static let name = "left-to-people"

    let at: Moment
    let basis: InstantBasis

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .received }
    package func evolve(_ state: inout CaseState) { state.instant = basis }
    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("leftToPeople", at: at, by: .system)
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
