import Workflow

extension CaseCommand: ProceedingCommand {
    /// The commands without what they carry.
    package enum Name: String, CaseIterable, Sendable {
        case submit, receive, supplement, accept, decline, withdraw, void, approve, refuse, complete, claim, assign
        case requestCorrection = "request-correction"
        case notNeeded = "not-needed"
        case passReview = "pass-review"
        case sendBack = "send-back"
        case acceptanceFellDue = "acceptance-fell-due"
        case correctionFellDue = "correction-fell-due"
        case recountLimits = "recount-limits"
    }

    package var name: Name {
        switch self {
        case .submit: .submit
        case .receive: .receive
        case .requestCorrection: .requestCorrection
        case .supplement: .supplement
        case .accept: .accept
        case .decline: .decline
        case .notNeeded: .notNeeded
        case .withdraw: .withdraw
        case .void: .void
        case .passReview: .passReview
        case .sendBack: .sendBack
        case .approve: .approve
        case .refuse: .refuse
        case .complete: .complete
        case .claim: .claim
        case .assign: .assign
        case .acceptanceFellDue: .acceptanceFellDue
        case .correctionFellDue: .correctionFellDue
        case .recountLimits: .recountLimits
        }
    }
}
