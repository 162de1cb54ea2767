import Kernel
import Workflow

/// What anybody may try in a case, for the model check: one line a command. Without a default: a new command does not
/// compile until it has its line, and with it the model knows it.
enum CaseMoves {
    static let clerk = "clerk"
    static let reviewer = "reviewer"
    static let approver = "approver"
    /// An officer without a part in the case.
    static let second = "second"

    /// The day in the model; all of it happens on one.
    static let at = Moment(milliseconds: 1_773_280_800_000)

    /// - Returns: the commands of that name worth trying, each with the officer who gives it; nil is the applicant.
    static func moves(_ name: CaseCommand.Name, _ state: CaseState, _ rules: CaseRules) -> [(CaseCommand, by: String?)] {
        switch name {
        // A second application is another case.
        case .submit: []
        case .receive: [(.receive, clerk)]
        case .requestCorrection:
            [(.requestCorrection(
                points: points(state, rules), words: words, days: 10, notice: notice("correction")), clerk)]
        case .supplement: [(.supplement(answer(state)), nil)]
        case .accept: [(.accept(notice: notice("acceptance")), clerk)]
        case .decline: [(.decline(words: words, notice: notice("decline")), clerk)]
        case .notNeeded: [(.notNeeded(words: words, notice: notice("not-needed")), clerk)]
        case .withdraw: [(.withdraw(reason: nil), nil), (.withdraw(reason: words), nil)]
        case .void: [(.void(words: words), second), (.void(words: words), clerk)]
        case .passReview: [(.passReview(words: words), reviewer), (.passReview(words: nil), approver)]
        case .sendBack: [(.sendBack(words: words), approver)]
        case .approve: [(.approve(notice: notice("approval")), approver)]
        case .refuse: [(.refuse(words: words, notice: notice("refusal")), approver)]
        case .complete: [(.complete(result, notice: notice("delivery")), clerk)]
        case .claim: [(.claim, reviewer)]
        case .assign: [(.assign(nil), clerk), (.assign(reviewer), clerk)]
        // What clocks do, the model does where they run.
        case .acceptanceFellDue, .correctionFellDue: []
        case .recountLimits: [(.recountLimits([]), nil)]
        default: further(name, state, rules).map { (.further($0.0), by: $0.1) }
        }
    }

    /// Beside the plain road: what can stop a case or hold it up, and what lets it go on. Acts that only add a document or
    /// a date to it lead to the same stages and are left out, so that the states stay countable.
    private static func further(_ name: CaseCommand.Name, _ state: CaseState, _ rules: CaseRules) -> [(
        any FurtherCommand, by: String?
    )] {
        switch name {
        case .startProcedure:
            rules.procedures.filter(\.pauses).prefix(1).map {
                (
                    StartProcedure(
                        procedure: $0.id, expected: at.date, words: words, notice: notice("special-procedure")), reviewer
                )
            }
        case .endProcedure:
            (state.procedures ?? []).map { (EndProcedure(procedure: $0.id, words: words), reviewer) }
        case .giveOpinion:
            (state.branches ?? []).filter { $0.opinion == nil }.flatMap { branch in
                [Opinion.agree, .object].map {
                    (GiveOpinion(department: branch.department, opinion: $0, words: nil), second)
                }
            }
        case .askOpinions:
            (state.branches ?? []).filter { $0.opinion == .object && $0.round < 2 }.map {
                (AskOpinions(departments: [$0.department], words: nil), reviewer)
            }
        case .conveneMeeting where state.meeting == nil && state.branches?.contains { $0.opinion == .object } == true:
            [
                (
                    ConveneMeeting(on: at.adding(seconds: 3_600), departments: rules.joint, words: words), reviewer
                )
            ]
        case .concludeMeeting where state.meeting?.concludedAt == nil && state.meeting != nil:
            Meeting.Conclusion.allCases.map { (ConcludeMeeting(conclusion: $0, words: words), reviewer) }
        case .terminate:
            [(Terminate(ground: .impossible, words: words, notice: notice("termination")), approver)]
        default: []
        }
    }

    /// How a case can begin.
    static func beginnings(_ rules: CaseRules) -> [CaseCommand] {
        [false, true].map { onPaper in
            .submit(
                Submission(
                    number: "1", owner: "owner", bucket: "@00", subject: "subject", channel: onPaper ? .express : .web,
                    form: words, files: rules.materials.sorted().prefix(1).map(file), onPaper: onPaper,
                    receipt: notice("receipt")))
        }
    }

    // MARK: Samples

    private static let words = Sealed(slot: "words/0", hash: "0")
    private static let result = CaseResult(number: "1", on: at.date, until: nil, delivery: "electronic")

    private static func notice(_ kind: String) -> IssuedNotice { IssuedNotice(id: "0", kind: kind, at: at) }

    private static func file(_ material: String) -> CaseFile {
        CaseFile(id: "0", material: material, digest: "0", size: 1, type: "pdf")
    }

    /// One thing of each kind that can be wrong; in a second notice, what the first one named.
    private static func points(_ state: CaseState, _ rules: CaseRules) -> [CorrectionPoint] {
        guard state.points.isEmpty else { return state.points }
        let material = rules.materials.min().map { CorrectionPoint(id: "m.\($0)", target: .material, ref: $0) }
        let field = rules.fields.min().map { CorrectionPoint(id: "f.\($0)", target: .field, ref: $0) }
        return [material, field, CorrectionPoint(id: "o.1", target: .other, ref: "1")].compactMap(\.self)
    }

    private static func answer(_ state: CaseState) -> Supplement {
        let materials = state.points.filter { $0.target == .material }.map(\.ref)
        return Supplement(
            form: words, changedFields: state.points.filter { $0.target == .field }.map(\.ref),
            files: materials.map(file), answered: state.points.filter { $0.target == .other }.map(\.id))
    }
}
