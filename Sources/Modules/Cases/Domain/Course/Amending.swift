import Catalogue
package import Kernel
package import Workflow

/// 变更申请内容: before the decision the applicant changes answers or papers of what he handed in.
///
/// No provision lets the office begin its time anew for it: the limits run on (行政许可法 arts. 42, 45), and where they are too
/// short now the organ's head may extend them. What was examined is examined again: the case comes back to the review, and each
/// department that has answered is asked once more. What was shown to the public or heard is decided as it was shown and heard;
/// whoever wants something else then withdraws and applies anew.
package struct AmendApplication: FurtherCommand {
    package static let name = CaseCommand.Name.amendApplication

    let change: Supplement
    /// 变更申请内容回执.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard context.officer == nil else { throw .forbidden }
        if let fault = Self.hindrance(state) { throw .refused(fault) }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard !change.files.isEmpty || !change.changedFields.isEmpty else {
            throw .refused(Message("cases.refused.nothingAmended"))
        }
        guard context.rules.fields.isSuperset(of: change.changedFields),
            context.rules.materials.isSuperset(of: change.files.map(\.material))
        else { throw .refused(Message("cases.refused.unknownPoint")) }
        let amended = CaseProcedure.fact(
            ApplicationAmended(
                at: context.at, form: change.form, changedFields: change.changedFields, files: change.files,
                next: Self.review(state, context), reviewer: context.onDuty(for: state.reviewedBy), notice: notice))
        let answered = (state.branches ?? []).filter { $0.opinion != nil }.map(\.department)
        return answered.isEmpty
            ? [amended]
            : [amended, CaseProcedure.fact(CaseProcedure.asked(answered, state, context, by: nil, nil))]
    }

    /// What is in the way of a change; nil where it may be made.
    static func hindrance(_ state: CaseState) -> Message? {
        if state.part != nil { return Message("cases.refused.amendStep") }
        if state.isPaused { return Message("cases.refused.paused") }
        if state.awaited != nil { return Message("cases.refused.papersAwaited") }
        if state.reported != nil { return Message("cases.refused.superiorDecides") }
        if state.publicity != nil { return Message("cases.refused.amendShown") }
        if state.hearing != nil { return Message("cases.refused.amendHeard") }
        if let meeting = state.meeting, meeting.concludedAt == nil { return Message("cases.refused.meetingCalled") }
        return nil
    }

    /// The task of the review that begins again; nil where the case is under review, or the item has none.
    private static func review(_ state: CaseState, _ context: CaseContext) -> CaseEvent.NextTask? {
        guard state.stage == .approving, let promised = state.promised, let link = context.rules.link(.review) else {
            return nil
        }
        return CaseProcedure.task(link, within: promised, context)
    }
}

/// The applicant changed what he had handed in.
package struct ApplicationAmended: CaseFact {
    package static let name = "application-amended"

    let at: Moment
    /// The application as it is from now on.
    let form: Sealed
    let changedFields: [String]
    /// They replace those of the same materials.
    let files: [CaseFile]
    /// The review begins again; nil where it had not ended.
    let next: CaseEvent.NextTask?
    /// Who reviewed it, or does his work: the review is his again.
    let reviewer: String?
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .accepted || state.stage == .approving) && AmendApplication.hindrance(state) == nil
    }

    package func evolve(_ state: inout CaseState) {
        state.form = form
        let replaced = Set(files.map(\.material))
        state.files = state.files.filter { !replaced.contains($0.material) } + files
        let unbrought = (state.unbrought ?? []).filter { !replaced.contains($0) }
        state.unbrought = unbrought.isEmpty ? nil : unbrought
        state.changedMaterials = replaced.sorted()
        state.changedFields = changedFields
        state.amended = (state.amended ?? 0) + 1
        state.notices.append(notice)
        guard let next else { return }
        state.stage = .accepted
        state.queue = next.queue
        state.assignee = reviewer
    }

    package func effects(_ state: CaseState) -> [Effect] {
        (next.map { [.closeTasks(step: Stage.Kind.approve.rawValue), CaseProcedure.open($0, reviewer)] } ?? [])
            + [CaseProcedure.notify("applicationAmended", state, at)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "applicationAmended", at: at, by: doer,
            count: Set(files.map { "m.\($0.material)" } + changedFields.map { "f.\($0)" }).count, notice: notice)
    }
}
