import Catalogue
package import Kernel
import Workflow

/// The procedure of a case (办件): 行政许可法 arts. 29–45 on the plain road, from submission to the result.
package enum CaseProcedure: Proceeding {
    package typealias State = CaseState
    package typealias Command = CaseCommand
    package typealias Event = CaseEvent
    package typealias Context = CaseContext

    package static let kind = "case"
    package static let format = 1

    package static func files(_ state: CaseState) -> [String] {
        state.files.map(\.id) + (state.remote?.recordings ?? [])
    }

    package static func decide(
        _ command: CaseCommand, _ state: CaseState?, _ context: CaseContext
    ) throws(DomainError) -> [CaseEvent] {
        guard let state else {
            guard case .submit(let submission) = command else { throw .notFound }
            return submit(submission, context)
        }
        if let officer = context.officer, state.recused?.contains(officer) == true {
            throw .refused(Message("cases.refused.recused"))
        }
        if case .submit(let submission) = command {
            // The same submission again: a double click, or the answer was lost on the way.
            guard submission.number == state.number || submission.form.slot == state.form.slot else {
                throw moved(state)
            }
            return []
        }
        if case .further(let command) = command { return try command.decide(state, context) }
        switch (command, state.stage) {
        case (.receive, .submitted): return [receive(context)]
        case (.requestCorrection(let points, let words, let days, let notice), .received):
            return [try requestCorrection(points, words, days: days, notice, state, context)]
        case (.supplement(let supplement), .correcting): return [try supplemented(supplement, state, context)]
        case (.supplement(let supplement), _) where state.takesPapers:
            try answersAll(supplement, state)
            return [fact(PapersDelivered(supplement, at: context.at))]
        case (.accept(let notice), .received):
            let officer = try officer(context)
            // Papers that the applicant wants to bring later: the notice of 容缺 lists them.
            guard state.lacking == nil else { throw .refused(Message("cases.refused.lackingFirst")) }
            return accepting(
                .accepted(acceptance(by: officer, from: context.at, deemed: false, notice: notice, context)), state,
                context)
        case (.acceptanceFellDue, .received):
            // As of the day the papers were received: those of the supplement where there was one.
            let received = state.acceptance?.startedAt ?? state.receivedAt ?? context.at
            return accepting(
                .accepted(acceptance(by: nil, from: received, deemed: true, notice: nil, context)), state,
                context)
        case (.correctionFellDue, .correcting): return [lapse(state, context)]
        case (.decline(let words, let notice), .received):
            return [.declined(.init(at: context.at, by: try officer(context), words: words, notice: notice))]
        case (.notNeeded(let words, let notice), .received):
            return [.notNeeded(.init(at: context.at, by: try officer(context), words: words, notice: notice))]
        case (.withdraw(let reason), .submitted), (.withdraw(let reason), .received),
            (.withdraw(let reason), .correcting),
            (.withdraw(let reason), .accepted), (.withdraw(let reason), .approving):
            return [.withdrawn(.init(at: context.at, by: nil, words: reason, notice: nil))]
        case (.void(let words), let stage) where !stage.isEnded:
            let officer = try officer(context)
            guard !hands(in: state).contains(officer) else {
                throw .refused(Message("cases.refused.secondOfficer"))
            }
            return [.voided(.init(at: context.at, by: officer, words: words, notice: nil))]
        case (.passReview(let words), .accepted): return [try passReview(words, state, context)]
        case (.sendBack(let words), .approving): return try sendBack(words, state, context)
        case (.approve(let notice), .approving): return try approve(notice, state, context)
        case (.approve(let notice), .accepted) where context.rules.link(.review) == nil:
            return try approve(notice, state, context)
        case (.refuse(let words, let notice), .approving): return [try refuse(words, notice, state, context)]
        case (.refuse(let words, let notice), .accepted) where context.rules.link(.review) == nil:
            return [try refuse(words, notice, state, context)]
        case (.complete(let result, let notice), .approved):
            // An item without an approver: the papers to follow come before the result.
            guard state.awaited?.kind != .lacking || state.decidedAt != nil else {
                throw .refused(Message("cases.refused.lackingOpen"))
            }
            if state.decidedAt == nil { try identified(state) }
            return completing(
                .completed(.init(at: context.at, by: try officer(context), result: result, notice: notice)), state,
                context)
        case (.claim, _) where state.queue != nil:
            let officer = try officer(context)
            if state.assignee == officer { return [] }
            guard state.assignee == nil else { throw .conflict(Message("cases.conflict.claimed")) }
            return [.assigned(.init(to: officer, by: officer))]
        case (.assign(let person), _) where state.queue != nil:
            let officer = try officer(context)
            if state.assignee == person { return [] }
            return [.assigned(.init(to: person, by: officer))]
        case (.recountLimits(let tasks), let stage) where !stage.isEnded: return recount(tasks, state, context)
        case (.acceptanceFellDue, _), (.correctionFellDue, _), (.recountLimits, _): return []
        default: throw moved(state)
        }
    }

    package static func command(onDue timer: String, _ state: CaseState) -> CaseCommand? {
        switch (timer, state.stage) {
        case (TimerName.acceptance, .received): .acceptanceFellDue
        case (TimerName.correction, .correcting): .correctionFellDue
        default: furtherCommand(onDue: timer, state).map { .further($0) }
        }
    }

    /// The officers who had a hand in a case: none of them may void it.
    static func hands(in state: CaseState) -> [String] {
        [state.acceptedBy, state.reviewedBy, state.decidedBy, state.assignee].compactMap { $0 }
    }

    /// The state moved on since the caller looked: says to where.
    static func moved(_ state: CaseState) -> DomainError {
        .conflict(
            Message(
                "cases.conflict.\(state.stage.rawValue)",
                texts: state.stage == .refused ? ["refusal": Refusal(number: state.number).text] : [:]))
    }

    static func officer(_ context: CaseContext) throws(DomainError) -> String {
        guard let officer = context.officer else { throw .forbidden }
        return officer
    }

    // MARK: Submission and receipt (arts. 29, 32)

    private static func submit(_ submission: Submission, _ context: CaseContext) -> [CaseEvent] {
        let event = CaseEvent.submitted(
            .init(
                number: submission.number, item: context.rules.item, itemVersion: context.rules.version,
                department: context.rules.department, owner: submission.owner, bucket: submission.bucket,
                subject: submission.subject, channel: submission.channel, form: submission.form,
                files: submission.files,
                receipt: submission.receipt, at: context.at, lacking: submission.lacking, part: submission.part,
                remote: submission.remote))
        return submission.onPaper ? [event] : [event, receive(context)]
    }

    private static func receive(_ context: CaseContext) -> CaseEvent {
        .received(
            .init(
                at: context.at, acceptance: running(CaseRules.acceptance, from: context.at, context),
                calendar: context.calendar.version,
                queue: context.rules.link(.accept)?.queue ?? "\(context.rules.department)/clerk"))
    }

    // MARK: Correction (art. 32 (4): all of it at once, on the spot or within five days)

    private static func requestCorrection(
        _ points: [CorrectionPoint], _ words: Sealed, days: Int, _ notice: IssuedNotice, _ state: CaseState,
        _ context: CaseContext
    ) throws(DomainError) -> CaseEvent {
        let officer = try officer(context)
        guard !points.isEmpty else { throw .refused(Message("cases.refused.noPoints")) }
        guard (1...60).contains(days) else { throw .invalid("days", "cases.fault.correctionDays") }
        for point in points {
            switch point.target {
            case .material where !context.rules.materials.contains(point.ref):
                throw .refused(Message("cases.refused.unknownPoint"))
            case .field where !context.rules.fields.contains(point.ref):
                throw .refused(Message("cases.refused.unknownPoint"))
            default: break
            }
        }
        if state.corrections > 0 {
            let known = Set(state.points.map(\.id))
            guard points.allSatisfy({ known.contains($0.id) }) else {
                throw .refused(Message("cases.refused.newPoint"))
            }
        }
        let limit = running(Limit(days, .workingDays), from: context.at, context)
        let reminders = reminders(limit, context)
        return .correctionRequested(
            .init(
                by: officer, points: points, words: words, limit: limit, calendar: context.calendar.version,
                notice: notice, reminders: reminders.isEmpty ? nil : reminders))
    }

    /// An answer to a notice: to every point of it, and to nothing else.
    static func answersAll(_ supplement: Supplement, _ state: CaseState) throws(DomainError) {
        let materials = Set(state.points.filter { $0.target == .material }.map(\.ref))
        let fields = Set(state.points.filter { $0.target == .field }.map(\.ref))
        guard supplement.files.allSatisfy({ materials.contains($0.material) }),
            supplement.changedFields.allSatisfy(fields.contains)
        else { throw .refused(Message("cases.refused.onlyListedPoints")) }
        let answeredMaterials = Set(supplement.files.map(\.material))
        let missing = state.points.filter { point in
            switch point.target {
            case .material: !answeredMaterials.contains(point.ref) && !supplement.answered.contains(point.id)
            case .field: !supplement.changedFields.contains(point.ref) && !supplement.answered.contains(point.id)
            case .other: !supplement.answered.contains(point.id)
            }
        }
        guard missing.isEmpty else {
            throw .invalid(missing.map { FieldFault("point-\($0.id)", Message("cases.fault.pointUnanswered")) })
        }
    }

    private static func supplemented(
        _ supplement: Supplement, _ state: CaseState, _ context: CaseContext
    ) throws(DomainError) -> CaseEvent {
        try answersAll(supplement, state)
        return .supplemented(
            .init(
                at: context.at, form: supplement.form, changedFields: supplement.changedFields, files: supplement.files,
                answered: supplement.answered, acceptance: running(CaseRules.acceptance, from: context.at, context),
                calendar: context.calendar.version,
                queue: context.rules.link(.accept)?.queue ?? "\(context.rules.department)/clerk",
                assignee: context.onDuty(for: state.assignee)))
    }

    private static func lapse(_ state: CaseState, _ context: CaseContext) -> CaseEvent {
        switch context.rules.onLapse {
        case .withdrawn, .returned: .lapsed(.init(at: context.at, by: nil, words: nil, notice: nil))
        case .decide:
            .supplemented(
                .init(
                    at: context.at, form: state.form, changedFields: [], files: [], answered: [],
                    acceptance: running(CaseRules.acceptance, from: context.at, context),
                    calendar: context.calendar.version,
                    queue: context.rules.link(.accept)?.queue ?? "\(context.rules.department)/clerk",
                    assignee: context.onDuty(for: state.assignee)))
        }
    }

    // MARK: Acceptance (art. 32); the limits run from here (arts. 42, 82)

    static func acceptance(
        by officer: String?, from start: Moment, deemed: Bool, notice: IssuedNotice?, after link: Stage.Kind = .accept,
        _ context: CaseContext
    ) -> CaseEvent.Accepted {
        let promised = running(context.rules.promised, from: start, context)
        let statutory = context.rules.statutory.map { running($0, from: start, context) }
        return .init(
            at: context.at, by: officer, deemed: deemed, promised: promised, statutory: statutory,
            calendar: context.calendar.version, next: task(after: link, within: promised, context), notice: notice)
    }

    /// The task of the next link: due by the link's own time, but never after the promise.
    static func task(after kind: Stage.Kind, within promised: RunningLimit, _ context: CaseContext)
        -> CaseEvent.NextTask
    {
        guard let link = context.rules.link(after: kind) else {
            return .init(
                step: "complete", queue: "\(context.rules.department)/clerk", warnAt: promised.warnAt,
                dueAt: promised.dueAt)
        }
        return task(link, within: promised, context)
    }

    static func task(_ link: CaseRules.Link, within promised: RunningLimit, _ context: CaseContext)
        -> CaseEvent.NextTask
    {
        let own = running(link.within, from: context.at, context)
        let tight = own.dueAt < promised.dueAt ? own : promised
        return .init(step: link.kind.rawValue, queue: link.queue, warnAt: tight.warnAt, dueAt: tight.dueAt)
    }

    /// A limit that starts at `start`, with all its dates: `evolve` never counts days.
    static func running(_ limit: Limit, from start: Moment, _ context: CaseContext) -> RunningLimit {
        let deadline = context.calendar.deadline(after: start, limit: limit)
        let warn = context.calendar.warnMoment(for: deadline, limit: limit, share: context.rules.yellowPercent, of: 100)
        return RunningLimit(
            limit: limit, startedAt: start, dueAt: deadline.moment, warnAt: warn, dueOn: deadline.date,
            provisional: deadline.provisional)
    }

    // MARK: Review and decision (arts. 34, 37, 38)

    private static func passReview(_ words: Sealed?, _ state: CaseState, _ context: CaseContext) throws(DomainError)
        -> CaseEvent
    {
        guard let promised = state.promised, context.rules.link(.review) != nil else { throw moved(state) }
        guard context.rules.reportUp == nil else { throw .refused(Message("cases.refused.reportUpFirst")) }
        try mayGoOn(state, context, toApprove: false)
        return .reviewPassed(
            .init(
                at: context.at, by: try officer(context), words: words,
                next: task(after: .review, within: promised, context)))
    }

    private static func sendBack(_ words: Sealed, _ state: CaseState, _ context: CaseContext) throws(DomainError)
        -> [CaseEvent]
    {
        guard let promised = state.promised, let review = context.rules.link(.review) else { throw moved(state) }
        guard state.reported == nil else { throw .refused(Message("cases.refused.superiorDecides")) }
        try mayGoOn(state)
        let officer = try officer(context)
        let back = CaseEvent.sentBack(
            .init(at: context.at, by: officer, words: words, next: task(review, within: promised, context)))
        let deputy = context.onDuty(for: state.reviewedBy)
        return deputy == state.reviewedBy ? [back] : [back, .assigned(.init(to: deputy, by: officer))]
    }

    private static func approve(
        _ notice: IssuedNotice, _ state: CaseState, _ context: CaseContext
    ) throws(DomainError) -> [CaseEvent] {
        let officer = try decider(state, context)
        try mayGoOn(state, context, toApprove: true)
        guard let promised = state.promised else { throw moved(state) }
        return [
            .approved(
                .init(
                    at: context.at, by: officer, words: nil, notice: notice,
                    next: task(after: .approve, within: promised, context)))
        ]
    }

    private static func refuse(
        _ words: Sealed, _ notice: IssuedNotice, _ state: CaseState, _ context: CaseContext
    ) throws(DomainError) -> CaseEvent {
        let officer = try decider(state, context)
        try heard(state, context)
        try shown(state, context)
        return .refused(.init(at: context.at, by: officer, words: words, notice: notice, next: nil))
    }

    /// Reviewer and approver are two persons where the item says so.
    private static func decider(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> String {
        let officer = try officer(context)
        // The organ above decides; its decision is entered.
        guard context.rules.reportUp == nil else { throw .refused(Message("cases.refused.superiorDecides")) }
        try mayGoOn(state)
        if context.rules.fourEyes, context.rules.link(.review) != nil, state.reviewedBy == officer {
            throw .refused(Message("cases.refused.fourEyes"))
        }
        return officer
    }
}

/// The limits a case runs.
package enum TimerName {
    package static let acceptance = "acceptance"
    package static let correction = "correction"
    package static let promised = "promised"
    package static let statutory = "statutory"
}
