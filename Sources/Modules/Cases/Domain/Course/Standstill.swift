package import Kernel
package import Workflow

/// 中止: the case rests for a cause that neither office nor applicant can remove.
package struct Stay: Sendable, Hashable, Codable {
    /// The closed list. The 行政许可法 itself knows no stay: the provision that allows it is cited in the notice.
    package enum Ground: String, Sendable, Hashable, Codable, CaseIterable {
        /// Who succeeds the applicant is not settled.
        case succession
        case forceMajeure = "force-majeure"
        /// The decision turns on another case that is not decided.
        case otherCase = "other-case"
    }

    package let at: Moment
    package let ground: Ground
}

/// Rests the case, told in writing; the clock stands.
package struct StayCase: FurtherCommand {
    package static let name = CaseCommand.Name.stay

    let ground: Stay.Ground
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard state.stay == nil else { throw .refused(Message("cases.refused.stayed")) }
        return [
            CaseProcedure.fact(
                Stayed(
                    at: context.at, by: try CaseProcedure.officer(context), ground: ground, words: words,
                    stops: !state.isPaused, notice: notice))
        ]
    }
}

/// The case rests.
package struct Stayed: CaseFact {
    package static let name = "stayed"

    let at: Moment
    let by: String
    let ground: Stay.Ground
    let words: Sealed
    /// The clock stops with it; false where it stood already.
    let stops: Bool
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .accepted || state.stage == .approving) && state.stay == nil && !(stops && state.isPaused)
    }

    package func evolve(_ state: inout CaseState) {
        state.stay = Stay(at: at, ground: ground)
        if stops { state.pause(at: at) }
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        (stops ? CaseProcedure.pausing(state, at: at) : []) + [CaseProcedure.notify("stayed", state, at)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "stayed", at: at, by: .officer(by), words: words, notice: notice,
            about: "cases.stay.\(ground.rawValue)")
    }
}

/// The cause is gone: the case goes on.
package struct LiftStay: FurtherCommand {
    package static let name = CaseCommand.Name.liftStay

    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard state.stay != nil else { throw .refused(Message("cases.refused.notStayed")) }
        let stands = (state.procedures ?? []).contains(where: \.pauses)
        return [
            CaseProcedure.fact(
                StayLifted(
                    at: context.at, by: try CaseProcedure.officer(context), words: words,
                    goingOn: stands ? nil : CaseProcedure.goingOn(state, context)))
        ]
    }
}

/// The case goes on.
package struct StayLifted: CaseFact {
    package static let name = "stay-lifted"

    let at: Moment
    let by: String
    let words: Sealed
    /// The ends that follow; nil where the clock stands on for a procedure.
    let goingOn: GoingOn?

    package func mayFollow(_ state: CaseState) -> Bool { state.stay != nil && !state.stage.isEnded }

    package func evolve(_ state: inout CaseState) {
        state.stay = nil
        goingOn?.evolve(&state)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        (goingOn?.effects(at: at) ?? [])
            + (goingOn.map {
                [CaseProcedure.notify("stayLifted", state, at, ["due": $0.promised.dueOn.description])]
            } ?? [])
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("stayLifted", at: at, by: .officer(by), due: goingOn?.promised.dueOn, words: words)
    }
}

/// Why a case ends without a decision.
package enum TerminationGround: String, Sendable, Hashable, Codable, CaseIterable {
    /// The person died or lost capacity, where the licence is a personal qualification (行政许可法 art. 70 (2) by analogy).
    case person
    /// The organisation ended (art. 70 (3) by analogy).
    case organisation
    /// The law no longer asks for it.
    case repealed
    /// It can no longer be carried out for force majeure (art. 70 (5) by analogy).
    case impossible
}

/// 终止: ends the case without a decision, told in writing with remedies.
package struct Terminate: FurtherCommand {
    package static let name = CaseCommand.Name.terminate

    let ground: TerminationGround
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        return [
            CaseProcedure.fact(
                Terminated(
                    at: context.at, by: try CaseProcedure.officer(context), ground: ground, words: words,
                    notice: notice))
        ]
    }
}

/// The case ended without a decision.
package struct Terminated: CaseFact {
    package static let name = "terminated"

    let at: Moment
    let by: String
    let ground: TerminationGround
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .accepted || state.stage == .approving }

    package func evolve(_ state: inout CaseState) {
        state.notices.append(notice)
        CaseProcedure.end(&state, .terminated, at: at)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        CaseProcedure.ended(CaseProcedure.notify("terminated", state, at), state)
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "terminated", at: at, by: .officer(by), words: words, notice: notice,
            about: "cases.termination.\(ground.rawValue)")
    }
}
