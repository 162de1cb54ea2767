import Catalogue
package import Kernel
package import Workflow

/// What became of a decision that was served.
package struct Afterwards: Sendable, Hashable, Codable {
    /// What became of it.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// 撤销 (行政许可法 art. 69).
        case revoked
        /// 撤回 (art. 8).
        case withdrawn
        /// 注销 (art. 70).
        case annulled
    }

    package let kind: Kind
    package let at: Moment
}

/// Why a decision is taken back; each belongs to one act.
package enum AfterGround: String, Sendable, Hashable, Codable, CaseIterable {
    // 行政许可法 art. 69 (1) items 1–5 and (2).
    case abuse
    case beyondPowers = "beyond-powers"
    case procedure
    case unqualified
    case otherLaw = "other-law"
    case fraud
    // Art. 8 (2).
    case lawChanged = "law-changed"
    case circumstances
    // Art. 70 items 1–6.
    case expired
    case personLost = "person-lost"
    case organisationEnded = "organisation-ended"
    case takenBack = "taken-back"
    case impossible
    case otherAnnulment = "other-annulment"

    /// The act it is a ground of.
    package var kind: Afterwards.Kind {
        switch self {
        case .abuse, .beyondPowers, .procedure, .unqualified, .otherLaw, .fraud: .revoked
        case .lawChanged, .circumstances: .withdrawn
        case .expired, .personLost, .organisationEnded, .takenBack, .impossible, .otherAnnulment: .annulled
        }
    }

    static func of(_ kind: Afterwards.Kind) -> [AfterGround] { allCases.filter { $0.kind == kind } }
}

/// 撤销, 撤回 or 注销 of what was granted: by the organ's head, on a ground of the law's closed list, in writing with remedies.
package struct TakeBack: FurtherCommand {
    package static let name = CaseCommand.Name.takeBack

    let ground: AfterGround
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .completed, state.result != nil else { throw CaseProcedure.moved(state) }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        let before = state.afterwards?.kind
        // What was revoked or withdrawn is still to be struck off (art. 70 (4)); nothing else happens twice.
        guard before == nil || (ground.kind == .annulled && before != .annulled) else {
            throw .refused(Message("cases.refused.takenBack"))
        }
        return [
            CaseProcedure.fact(
                TakenBack(
                    at: context.at, by: try CaseProcedure.officer(context), ground: ground, words: words,
                    notice: notice))
        ]
    }
}

/// What was granted holds no longer.
package struct TakenBack: CaseFact {
    package static let name = "taken-back"

    let at: Moment
    let by: String
    let ground: AfterGround
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        state.stage == .completed && (state.afterwards == nil || ground.kind == .annulled)
    }

    package func evolve(_ state: inout CaseState) {
        state.afterwards = Afterwards(kind: ground.kind, at: at)
        state.renewal = nil
        state.change = nil
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            .closeTasks(step: "renew"), .stopTimer(name: TimerName.renewal), .closeTasks(step: "amend"),
            .stopTimer(name: TimerName.change),
            CaseProcedure.notify("afterwards.\(ground.kind.rawValue)", state, at),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "afterwards.\(ground.kind.rawValue)", at: at, by: .officer(by), words: words, notice: notice,
            about: "cases.ground.\(ground.rawValue)")
    }
}

/// Corrects a slip in a result that was handed over: a letter, a date.
package struct CorrectResult: FurtherCommand {
    package static let name = CaseCommand.Name.correctResult

    let until: CivilDate?
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .completed, let result = state.result, state.afterwards == nil else {
            throw CaseProcedure.moved(state)
        }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        if let until, until < result.on { throw .invalid("until", "cases.fault.dayPast") }
        return [
            CaseProcedure.fact(
                ResultCorrected(
                    at: context.at, by: try CaseProcedure.officer(context), until: until ?? result.until,
                    words: words, notice: notice))
        ]
    }
}

/// A slip in the result was corrected.
package struct ResultCorrected: CaseFact {
    package static let name = "result-corrected"

    let at: Moment
    let by: String
    let until: CivilDate?
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .completed && state.result != nil }

    package func evolve(_ state: inout CaseState) {
        state.result = state.result.map {
            CaseResult(number: $0.number, on: $0.on, until: until, delivery: $0.delivery)
        }
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [CaseProcedure.notify("resultCorrected", state, at)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("resultCorrected", at: at, by: .officer(by), words: words, notice: notice)
    }
}

/// Decides anew after an administrative review or a judgment set the decision aside (行政复议法 art. 64, 行政诉讼法 art. 70).
package struct Redecide: FurtherCommand {
    package static let name = CaseCommand.Name.redecide

    /// What set it aside.
    package enum Cause: String, Sendable, Hashable, Codable, CaseIterable {
        case review, judgment
    }

    let cause: Cause
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard [.completed, .refused].contains(state.stage) else { throw CaseProcedure.moved(state) }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        let promised = CaseProcedure.running(context.rules.promised, from: context.at, context)
        return [
            CaseProcedure.fact(
                Reopened(
                    at: context.at, by: try CaseProcedure.officer(context), cause: cause, words: words,
                    promised: promised,
                    statutory: context.rules.statutory.map { CaseProcedure.running($0, from: context.at, context) },
                    calendar: context.calendar.version,
                    next: CaseProcedure.task(after: .accept, within: promised, context), notice: notice))
        ]
    }
}

/// The case is open again; its limits run anew.
package struct Reopened: CaseFact {
    package static let name = "reopened"

    let at: Moment
    let by: String
    let cause: Redecide.Cause
    let words: Sealed
    let promised: RunningLimit
    let statutory: RunningLimit?
    let calendar: Int
    let next: CaseEvent.NextTask
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .completed || state.stage == .refused }

    package func evolve(_ state: inout CaseState) {
        state.stage = next.step == "approve" ? .approving : next.step == "complete" ? .approved : .accepted
        state.promised = promised
        state.statutory = statutory
        state.endedAt = nil
        state.decidedAt = nil
        state.decidedBy = nil
        state.reviewedBy = nil
        state.result = nil
        state.served = nil
        state.archived = nil
        state.extended = nil
        state.followUp = nil
        state.renewal = nil
        state.change = nil
        state.reported = nil
        state.falsity = nil
        state.queue = next.queue
        state.assignee = nil
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            .closeTasks(step: nil), .stopTimer(name: TimerName.followUp), .stopTimer(name: TimerName.renewal),
            .stopTimer(name: TimerName.change), CaseProcedure.start(TimerName.promised, promised, calendar),
        ]
            + (statutory.map { [CaseProcedure.start(TimerName.statutory, $0, calendar)] } ?? [])
            + [
                CaseProcedure.open(next, nil),
                CaseProcedure.notify("reopened", state, at, ["due": promised.dueOn.description]),
            ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "reopened", at: at, by: .officer(by), due: promised.dueOn, words: words, notice: notice,
            about: "cases.redecide.\(cause.rawValue)")
    }
}
