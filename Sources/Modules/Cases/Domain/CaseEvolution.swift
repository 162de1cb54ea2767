import Kernel
package import Workflow

extension CaseProcedure {
    package static func evolve(_ old: CaseState?, _ event: CaseEvent) throws(JournalError) -> CaseState {
        guard var state = old else {
            guard case .submitted(let data) = event else { throw .impossible("\(event.name) before submitted") }
            var begun = begin(data)
            begun.part = data.part
            begun.remote = data.remote
            return begun
        }
        guard mayFollow(event, state) else { throw .impossible("\(event.name) in \(state.stage.rawValue)") }
        switch event {
        case .submitted: break
        case .received(let data):
            state.stage = .received
            state.receivedAt = data.at
            state.acceptance = data.acceptance
            state.queue = data.queue
        case .correctionRequested(let data):
            state.stage = .correcting
            state.acceptance = nil
            state.correction = data.limit
            state.chasing = data.reminders.map { Chasing(left: $0) }
            state.points = data.points
            state.corrections += 1
            state.assignee = data.by
            state.queue = nil
            state.notices.append(data.notice)
        case .supplemented(let data):
            state.stage = .received
            state.correction = nil
            state.chasing = nil
            state.acceptance = data.acceptance
            state.form = data.form
            let replaced = Set(data.files.map(\.material))
            state.files = state.files.filter { !replaced.contains($0.material) } + data.files
            state.changedMaterials = replaced.sorted()
            state.changedFields = data.changedFields
            state.namesAnother(data.changedFields)
            // What was to follow came with the correction.
            let later = (state.lacking ?? []).filter { !replaced.contains($0) }
            state.lacking = later.isEmpty ? nil : later
            state.queue = data.queue
            state.assignee = data.assignee
        case .accepted(let data):
            state.stage = data.next.step == "approve" ? .approving : .accepted
            if data.next.step == "complete" { state.stage = .approved }
            state.acceptance = nil
            state.acceptedAt = data.at
            state.acceptedBy = data.by
            state.deemed = data.deemed
            state.promised = data.promised
            state.statutory = data.statutory
            state.queue = data.next.queue
            state.assignee = nil
            if let notice = data.notice { state.notices.append(notice) }
        case .reviewPassed(let data):
            state.stage = data.next.step == "complete" ? .approved : .approving
            state.reviewedBy = data.by
            state.queue = data.next.queue
            state.assignee = nil
        case .sentBack(let data):
            state.stage = .accepted
            state.queue = data.next.queue
            // Back to the one who reviewed it.
            state.assignee = state.reviewedBy
        case .approved(let data):
            state.stage = .approved
            state.decidedAt = data.at
            state.decidedBy = data.by
            state.notices.append(data.notice)
            state.queue = data.next?.queue
            state.assignee = nil
        case .refused(let data):
            state.decidedAt = data.at
            state.decidedBy = data.by
            state.notices.append(data.notice)
            end(&state, .refused, at: data.at)
        case .completed(let data):
            state.result = data.result
            if let notice = data.notice { state.notices.append(notice) }
            end(&state, .completed, at: data.at)
        case .declined(let data): end(&state, .declined, data)
        case .notNeeded(let data): end(&state, .notNeeded, data)
        case .withdrawn(let data): end(&state, .withdrawn, data)
        case .voided(let data): end(&state, .voided, data)
        case .lapsed(let data): end(&state, .lapsed, data)
        case .assigned(let data): state.assignee = data.to
        case .limitsRecounted(let data):
            state.acceptance = data.acceptance ?? state.acceptance
            state.correction = data.correction ?? state.correction
            state.promised = data.promised ?? state.promised
            state.statutory = data.statutory ?? state.statutory
        case .further(let further): further.fact.evolve(&state)
        }
        return state
    }

    /// Whether an event can have happened to a case that stands so: a journal that says otherwise is not genuine.
    private static func mayFollow(_ event: CaseEvent, _ state: CaseState) -> Bool {
        switch event {
        case .submitted: false
        case .received: state.stage == .submitted
        case .correctionRequested, .accepted, .declined, .notNeeded: state.stage == .received
        case .supplemented: state.stage == .correcting
        case .lapsed: state.stage == .correcting || (state.awaited?.kind == .lacking && !state.stage.isEnded)
        case .reviewPassed: state.stage == .accepted
        case .sentBack: state.stage == .approving
        case .approved, .refused: state.stage == .approving || state.stage == .accepted
        case .completed: state.stage == .approved
        case .withdrawn: !state.stage.isEnded && state.stage != .approved
        case .voided: !state.stage.isEnded
        case .assigned: state.queue != nil
        case .limitsRecounted(let data):
            // Only what runs can be counted anew.
            !state.stage.isEnded && (data.acceptance == nil || state.acceptance != nil)
                && (data.correction == nil || state.correction != nil)
                && (data.promised == nil || state.promised != nil)
                && (data.statutory == nil || state.statutory != nil)
        case .further(let further): further.fact.mayFollow(state)
        }
    }

    private static func begin(_ data: CaseEvent.Submitted) -> CaseState {
        CaseState(
            number: data.number, item: data.item, itemVersion: data.itemVersion, department: data.department,
            stage: .submitted, owner: data.owner, bucket: data.bucket, subject: data.subject, channel: data.channel,
            submittedAt: data.at, receivedAt: nil, acceptedAt: nil, decidedAt: nil, endedAt: nil, form: data.form,
            files: data.files, acceptance: nil, correction: nil, promised: nil, statutory: nil, points: [],
            corrections: 0,
            changedMaterials: [], changedFields: [], acceptedBy: nil, reviewedBy: nil, decidedBy: nil, deemed: false,
            notices: [data.receipt], queue: nil, assignee: nil, result: nil, lacking: data.lacking)
    }

    private static func end(_ state: inout CaseState, _ stage: CaseStage, _ data: CaseEvent.Ended) {
        if let notice = data.notice { state.notices.append(notice) }
        end(&state, stage, at: data.at)
    }

    static func end(_ state: inout CaseState, _ stage: CaseStage, at moment: Moment) {
        state.stage = stage
        state.endedAt = moment
        state.acceptance = nil
        state.correction = nil
        state.queue = nil
        state.assignee = nil
    }
}
