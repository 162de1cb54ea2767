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
        case startProcedure = "start-procedure"
        case endProcedure = "end-procedure"
        case extend
        case askOpinions = "ask-opinions"
        case giveOpinion = "give-opinion"
        case queryBranch = "query-branch"
        case opinionFellDue = "opinion-fell-due"
        case conveneMeeting = "convene-meeting"
        case concludeMeeting = "conclude-meeting"
        case acceptLacking = "accept-lacking"
        case requestPapers = "request-papers"
        case papersFellDue = "papers-fell-due"
        case tellInterested = "tell-interested"
        case requestHearing = "request-hearing"
        case announceHearing = "announce-hearing"
        case holdHearing = "hold-hearing"
        case publicise
        case recordObjection = "record-objection"
        case resolveObjection = "resolve-objection"
        case stay
        case liftStay = "lift-stay"
        case terminate, transfer
        case changeHandler = "change-handler"
        case signPromise = "sign-promise"
        case acceptOnPromise = "accept-on-promise"
        case checkFollowUp = "check-follow-up"
        case serve, archive, push, acknowledge
        case takeBack = "take-back"
        case correctResult = "correct-result"
        case redecide
        case assessFee = "assess-fee"
        case settleFee = "settle-fee"
        case decideInstantly = "decide-instantly"
        case preReview = "pre-review"
        case chasePapers = "chase-papers"
        case undo
        case simulate
        case acceptSimulated = "accept-simulated"
        case reportUp = "report-up"
        case enterAnswer = "enter-answer"
        case correctOnSpot = "correct-on-spot"
        case requestChange = "request-change"
        case amend, succeed
        case amendApplication = "amend-application"
        case recordFalsity = "record-falsity"
        case requestRenewal = "request-renewal"
        case decideRenewal = "decide-renewal"
        case renewalFellDue = "renewal-fell-due"
        case askRemoteCheck = "ask-remote-check"
        case recordRemoteCheck = "record-remote-check"
        case confirmRemoteCheck = "confirm-remote-check"
        case declineRemoteCheck = "decline-remote-check"
        case certifyRenewal = "certify-renewal"
        case disclose
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
        case .further(let command): type(of: command).name
        }
    }
}
