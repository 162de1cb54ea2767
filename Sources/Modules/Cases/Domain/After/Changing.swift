package import Kernel
package import Workflow

/// 变更 of what was granted, asked for by the holder and not decided (行政许可法 art. 49).
package struct PendingChange: Sendable, Hashable, Codable {
    package let requestedAt: Moment
    package let limit: RunningLimit
}

/// The holder asks that what was granted be changed.
package struct RequestChange: FurtherCommand {
    package static let name = CaseCommand.Name.requestChange

    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .completed, state.result != nil, state.afterwards == nil else {
            throw CaseProcedure.moved(state)
        }
        guard context.officer == nil else { throw .forbidden }
        guard state.change == nil else { throw .refused(Message("cases.refused.changeAsked")) }
        return [
            CaseProcedure.fact(
                ChangeRequested(
                    at: context.at,
                    change: PendingChange(
                        requestedAt: context.at,
                        limit: CaseProcedure.running(context.rules.promised, from: context.at, context)),
                    queue: "\(state.department)/approver", words: words, calendar: context.calendar.version))
        ]
    }
}

/// A change was asked for.
package struct ChangeRequested: CaseFact {
    package static let name = "change-requested"

    let at: Moment
    let change: PendingChange
    let queue: String
    let words: Sealed
    let calendar: Int

    package func mayFollow(_ state: CaseState) -> Bool {
        state.stage == .completed && state.result != nil && state.change == nil && state.afterwards == nil
    }

    package func evolve(_ state: inout CaseState) { state.change = change }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            CaseProcedure.start(TimerName.change, change.limit, calendar),
            .openTask(TaskSpec(step: "amend", queue: queue, warnAt: change.limit.warnAt, dueAt: change.limit.dueAt)),
            CaseProcedure.notify("changeRequested", state, at, ["due": change.limit.dueOn.description]),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("changeRequested", at: at, by: doer, due: change.limit.dueOn, words: words)
    }
}

/// 准予变更 where the conditions and standards are met, or 不予变更, in writing (行政许可法 arts. 38, 49).
package struct Amend: FurtherCommand {
    package static let name = CaseCommand.Name.amend

    let granted: Bool
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .completed, state.change != nil else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        return [
            CaseProcedure.fact(
                Amended(at: context.at, by: officer, granted: granted, words: words, notice: notice))
        ]
    }
}

/// A change was granted or refused.
package struct Amended: CaseFact {
    package static let name = "amended"

    let at: Moment
    let by: String
    let granted: Bool
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .completed && state.change != nil }

    package func evolve(_ state: inout CaseState) {
        state.change = nil
        if granted { state.amendments = (state.amendments ?? 0) + 1 }
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            .closeTasks(step: "amend"), .stopTimer(name: TimerName.change),
            CaseProcedure.notify(granted ? "changeGranted" : "changeRefused", state, at),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            granted ? "changeGranted" : "changeRefused", at: at, by: .officer(by), words: words, notice: notice)
    }
}

extension TimerName {
    /// The time to decide on a change.
    static let change = "change"
}

/// Why another takes the place of the applicant or the holder.
package enum SuccessionGround: String, Sendable, Hashable, Codable, CaseIterable {
    case inheritance, merger, division
    /// Only where a law or regulation lets it be transferred (行政许可法 art. 9).
    case transfer
}

/// Whose a case is: the account that signs in for it, its bucket, and the person or organisation applied for.
package struct CaseOwner: Sendable, Hashable, Codable {
    package let account: String
    package let bucket: String
    package let subject: String
}

/// 承继: another takes the applicant's place in a case under review, or the holder's in what was granted. A provision must allow
/// it, and it is told in writing.
package struct Succeed: FurtherCommand {
    package static let name = CaseCommand.Name.succeed

    let ground: SuccessionGround
    /// The application with the successor in the applicant's place.
    let form: Sealed
    /// Whose it is from now on; nil where the successor has no account: then he comes to a window.
    var to: CaseOwner?
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard Succeeded.fits(state) else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        return [
            CaseProcedure.fact(
                Succeeded(
                    at: context.at, by: officer, ground: ground, form: form, to: to, words: words, notice: notice))
        ]
    }
}

/// Another took the place of the applicant or the holder.
package struct Succeeded: CaseFact {
    package static let name = "succeeded"

    let at: Moment
    let by: String
    let ground: SuccessionGround
    let form: Sealed
    /// Nil: nobody signs in for it any more.
    var to: CaseOwner?
    let words: Sealed
    let notice: IssuedNotice

    static func fits(_ state: CaseState) -> Bool {
        switch state.stage {
        case .accepted, .approving: true
        case .completed: state.result != nil && state.afterwards == nil
        default: false
        }
    }

    package func mayFollow(_ state: CaseState) -> Bool { Self.fits(state) }

    package func evolve(_ state: inout CaseState) {
        state.form = form
        // Who was in his place reads no more of it.
        state.owner = to?.account ?? ""
        state.bucket = to?.bucket ?? ""
        state.subject = to?.subject ?? ""
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] { [CaseProcedure.notify("succeeded", state, at)] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "succeeded", at: at, by: .officer(by), words: words, notice: notice,
            about: "cases.succession.\(ground.rawValue)")
    }
}
