import Catalogue
package import Kernel
package import Workflow

/// 告知承诺: the applicant's written word in the place of proofs (国办发〔2020〕42号), checked afterwards.
package struct GivenPromise: Sendable, Hashable, Codable {
    package let signedAt: Moment
    /// Materials it stands for.
    package let materials: [String]
}

/// The applicant signs the promise online. He may choose it; nobody signs for another, and who broke one before may not
/// (checked by the caller, who sees the applicant's record).
package struct SignPromise: FurtherCommand {
    package static let name = CaseCommand.Name.signPromise

    let materials: [String]
    /// The text that was signed, the name and the time.
    let words: Sealed
    /// 告知承诺书.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .received || state.stage == .correcting else { throw CaseProcedure.moved(state) }
        guard context.officer == nil else { throw .forbidden }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard state.promise == nil else { throw .refused(Message("cases.refused.promiseSigned")) }
        guard !materials.isEmpty, materials.allSatisfy({ context.rules.promises[$0] != nil }) else {
            throw .invalid("materials", "cases.fault.promise")
        }
        return [
            CaseProcedure.fact(
                PromiseSigned(at: context.at, materials: materials, words: words, notice: notice))
        ]
    }
}

/// The promise is signed.
package struct PromiseSigned: CaseFact {
    package static let name = "promise-signed"

    let at: Moment
    let materials: [String]
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .received || state.stage == .correcting) && state.promise == nil
    }

    package func evolve(_ state: inout CaseState) {
        state.promise = GivenPromise(signedAt: at, materials: materials)
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("promiseSigned", at: at, by: doer, count: materials.count, notice: notice)
    }
}

/// Accepts on the signed promise; where the item says that it is enough, the case goes straight to the approval.
package struct AcceptOnPromise: FurtherCommand {
    package static let name = CaseCommand.Name.acceptOnPromise

    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .received else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard let promise = state.promise else { throw .refused(Message("cases.refused.promiseUnsigned")) }
        // 承诺即批: what was promised in the place of its proof is not reviewed; departments that decide together are asked.
        let decides = context.rules.promiseDecides.isSuperset(of: promise.materials) && context.rules.joint.isEmpty
        return CaseProcedure.accepting(
            .accepted(
                CaseProcedure.acceptance(
                    by: officer, from: context.at, deemed: false, notice: notice, after: decides ? .review : .accept,
                    context)), state, context)
    }
}

/// What is looked at after the result was handed over: a promise, or a decision that no person made.
package struct FollowUp: Sendable, Hashable, Codable {
    /// What is checked.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// 承诺事后核查.
        case promise
        /// 秒批抽查.
        case sample
    }

    package let kind: Kind
    package let limit: RunningLimit
    /// The holder was told to put it right, until the limit's end.
    package let rectifying: Bool
}

/// The follow-up check is due: a task with a limit.
package struct FollowUpOpened: CaseFact {
    package static let name = "follow-up-opened"

    let at: Moment
    let followUp: FollowUp
    let queue: String
    let calendar: Int

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .completed && state.followUp == nil }
    package func evolve(_ state: inout CaseState) { state.followUp = followUp }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            .openTask(
                TaskSpec(
                    step: "check", queue: queue, warnAt: followUp.limit.warnAt, dueAt: followUp.limit.dueAt)),
            CaseProcedure.start(TimerName.followUp, followUp.limit, calendar),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "followUpOpened", at: at, by: .system, due: followUp.limit.dueOn, isInternal: followUp.kind == .sample)
    }
}

/// What the follow-up check found.
package enum CheckFinding: String, Sendable, Hashable, Codable, CaseIterable {
    case kept
    /// Not as promised; may be put right until a day.
    case rectify
    /// Not as promised, and not put right: it is recorded, and the decision can be revoked (art. 69).
    case broken
}

/// Closes the follow-up check, or gives time to put right what it found.
package struct CheckFollowUp: FurtherCommand {
    package static let name = CaseCommand.Name.checkFollowUp

    let finding: CheckFinding
    /// Working days to put it right.
    let days: Int
    let words: Sealed
    /// 限期整改通知书, where it may be put right.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .completed, let followUp = state.followUp else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        var next: FollowUp?
        if finding == .rectify {
            guard !followUp.rectifying else { throw .refused(Message("cases.refused.rectifiedOnce")) }
            guard notice != nil else { throw .refused(Message("cases.refused.untold")) }
            guard (1...60).contains(days) else { throw .invalid("days", "cases.fault.correctionDays") }
            next = FollowUp(
                kind: followUp.kind,
                limit: CaseProcedure.running(Limit(days, .workingDays), from: context.at, context), rectifying: true)
        }
        return [
            CaseProcedure.fact(
                FollowUpChecked(
                    at: context.at, by: officer, kind: followUp.kind, finding: finding, words: words, next: next,
                    notice: notice))
        ]
    }
}

/// The follow-up check came to something.
package struct FollowUpChecked: CaseFact {
    package static let name = "follow-up-checked"

    let at: Moment
    let by: String
    let kind: FollowUp.Kind
    let finding: CheckFinding
    let words: Sealed
    /// Goes on until then, where it may be put right.
    let next: FollowUp?
    let notice: IssuedNotice?

    package func mayFollow(_ state: CaseState) -> Bool { state.followUp != nil && state.stage == .completed }

    package func evolve(_ state: inout CaseState) {
        state.followUp = next
        if finding == .broken, kind == .promise { state.promiseBroken = true }
        if let notice { state.notices.append(notice) }
    }

    package func effects(_ state: CaseState) -> [Effect] {
        guard let next else { return [.closeTasks(step: "check"), .stopTimer(name: TimerName.followUp)] }
        return [
            .moveTasks(step: "check", warnAt: next.limit.warnAt, dueAt: next.limit.dueAt),
            .extendTimer(name: TimerName.followUp, dueAt: next.limit.dueAt, warnAt: next.limit.warnAt),
            CaseProcedure.notify("followUpRectify", state, at, ["due": next.limit.dueOn.description]),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "followUpChecked", at: at, by: .officer(by), words: words, notice: notice,
            isInternal: kind == .sample, about: "cases.check.\(finding.rawValue)")
    }
}

extension CaseProcedure {
    /// What follows the handing over: the check of a promise within the shortest time its materials have.
    static func completing(_ event: CaseEvent, _ state: CaseState, _ context: CaseContext) -> [CaseEvent] {
        guard let promise = state.promise else { return [event] }
        let limits = promise.materials.compactMap { context.rules.promises[$0] }
            .map { running($0, from: context.at, context) }
        guard let limit = limits.min(by: { $0.dueAt < $1.dueAt }) else { return [event] }
        return [event, fact(followUp(.promise, limit, state, context))]
    }

    static func followUp(
        _ kind: FollowUp.Kind, _ limit: RunningLimit, _ state: CaseState, _ context: CaseContext
    ) -> FollowUpOpened {
        FollowUpOpened(
            at: context.at, followUp: FollowUp(kind: kind, limit: limit, rectifying: false),
            queue: "\(state.department)/reviewer", calendar: context.calendar.version)
    }
}

extension TimerName {
    /// The time for the follow-up check.
    static let followUp = "follow-up"
}
