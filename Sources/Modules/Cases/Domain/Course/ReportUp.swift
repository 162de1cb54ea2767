import Catalogue
package import Kernel
package import Workflow

/// 上报: the organ above has the case.
package struct Reported: Sendable, Hashable, Codable {
    package let at: Moment
    /// The department of the organ above, as the pack names it.
    package let to: String
    /// Its answer came.
    package var answered: SuperiorAnswer?
}

/// What the organ above decided.
package enum SuperiorAnswer: String, Sendable, Hashable, Codable, CaseIterable {
    case granted, refused
    /// Back to the examination, with what is still open.
    case returned
}

/// The examination is finished; the file goes to the organ above, which decides (行政许可法 art. 43: within twenty days of the
/// acceptance). From then its own twenty days run (art. 42).
package struct ReportAbove: FurtherCommand {
    package static let name = CaseCommand.Name.reportUp

    /// The opinion of the examination.
    let words: Sealed
    /// 上报告知书.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard ReportedUp.fits(state) else { throw CaseProcedure.moved(state) }
        guard let up = context.rules.reportUp else { throw .refused(Message("cases.refused.notReportedUp")) }
        try CaseProcedure.mayGoOn(state, context, toApprove: true)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        let limit = CaseProcedure.running(CaseRules.superior, from: context.at, context)
        return [
            CaseProcedure.fact(
                ReportedUp(
                    at: context.at, by: try CaseProcedure.officer(context), to: up.to, words: words, limit: limit,
                    calendar: context.calendar.version,
                    next: .init(
                        step: "answer", queue: "\(state.department)/reviewer", warnAt: limit.warnAt,
                        dueAt: limit.dueAt), notice: notice))
        ]
    }
}

/// The organ above has the case.
package struct ReportedUp: CaseFact {
    package static let name = "reported-up"

    let at: Moment
    let by: String
    let to: String
    let words: Sealed
    /// Until when the organ above decides.
    let limit: RunningLimit
    let calendar: Int
    let next: CaseEvent.NextTask
    let notice: IssuedNotice

    /// Under examination, also where the item has no link of that name.
    static func fits(_ state: CaseState) -> Bool {
        state.promised != nil && (state.stage == .accepted || (state.stage == .approving && state.reported == nil))
    }

    package func mayFollow(_ state: CaseState) -> Bool { Self.fits(state) }

    package func evolve(_ state: inout CaseState) {
        state.stage = .approving
        state.reported = Reported(at: at, to: to)
        state.reviewedBy = by
        state.promised = limit
        state.statutory = nil
        state.queue = next.queue
        state.assignee = nil
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            .closeTasks(step: nil), .stopTimer(name: TimerName.statutory),
            CaseProcedure.start(TimerName.promised, limit, calendar), CaseProcedure.open(next, nil),
            CaseProcedure.notify("reportedUp", state, at, ["due": limit.dueOn.description]),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "reportedUp", at: at, by: .officer(by), due: limit.dueOn, words: words, notice: notice,
            wordsAreInternal: true, department: to)
    }
}

/// Enters what the organ above decided (转报).
package struct EnterAnswer: FurtherCommand {
    package static let name = CaseCommand.Name.enterAnswer

    let answer: SuperiorAnswer
    /// Number and day of its decision, and what it says.
    let words: Sealed
    /// The letter with which its decision is passed on; nil where the file came back.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .approving, let reported = state.reported, reported.answered == nil,
            let promised = state.promised
        else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard answer == .returned || notice != nil else { throw .refused(Message("cases.refused.untold")) }
        var limit: RunningLimit?
        var next: CaseEvent.NextTask?
        switch answer {
        case .granted:
            try CaseProcedure.identified(state)
            next = CaseProcedure.task(after: .approve, within: promised, context)
        case .returned:
            let again = CaseProcedure.running(context.rules.promised, from: context.at, context)
            limit = again
            next = CaseProcedure.task(after: .accept, within: again, context)
        case .refused: break
        }
        return [
            CaseProcedure.fact(
                SuperiorAnswered(
                    at: context.at, by: officer, from: reported.to, answer: answer, words: words, limit: limit,
                    calendar: context.calendar.version, next: next, notice: notice))
        ]
    }
}

/// The organ above answered.
package struct SuperiorAnswered: CaseFact {
    package static let name = "superior-answered"

    let at: Moment
    let by: String
    let from: String
    let answer: SuperiorAnswer
    let words: Sealed
    /// The time to examine it again, where the file came back.
    let limit: RunningLimit?
    let calendar: Int
    let next: CaseEvent.NextTask?
    let notice: IssuedNotice?

    package func mayFollow(_ state: CaseState) -> Bool {
        state.stage == .approving && state.reported != nil && (answer == .refused) == (next == nil)
    }

    package func evolve(_ state: inout CaseState) {
        if let notice { state.notices.append(notice) }
        state.reported?.answered = answer
        state.queue = next?.queue
        state.assignee = nil
        switch answer {
        case .granted:
            state.stage = .approved
            state.decidedAt = at
        case .refused:
            state.decidedAt = at
            CaseProcedure.end(&state, .refused, at: at)
        case .returned:
            state.stage = next?.step == "approve" ? .approving : .accepted
            state.reported = nil
            state.promised = limit
            state.assignee = state.reviewedBy
        }
    }

    package func effects(_ state: CaseState) -> [Effect] {
        switch answer {
        case .granted:
            [.closeTasks(step: nil)] + (next.map { [CaseProcedure.open($0, nil)] } ?? [])
                + [CaseProcedure.notify("approved", state, at)]
        case .refused:
            CaseProcedure.ended(
                CaseProcedure.notify("refused", state, at, kind: Refusal(number: state.number).messageKind), state)
        case .returned:
            [.closeTasks(step: nil)]
                + (limit.map { [CaseProcedure.start(TimerName.promised, $0, calendar)] } ?? [])
                + (next.map { [CaseProcedure.open($0, state.assignee)] } ?? [])
        }
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "superiorAnswered", at: at, by: .officer(by), words: words, notice: notice,
            about: "cases.superior.\(answer.rawValue)", department: from)
    }
}

extension CaseRules {
    /// The time of the organ above (行政许可法 art. 42).
    static let superior = Limit(20, .workingDays)
}
