import Catalogue
import Kernel
import Workflow

// What may be tried beside the plain road, one line a command.

extension CaseMoves {
    static func further(_ name: CaseCommand.Name, _ state: CaseState, _ rules: CaseRules) -> [Try] {
        let department = "elsewhere"
        let branches = (state.branches ?? []).map(\.department)
        return switch name {
        case .startProcedure:
            (rules.procedures.map(\.id) + [Procedure.Kind.hearing.rawValue]).map {
                Try(
                    StartProcedure(
                        procedure: $0, expected: moment(20).date, words: words, notice: notice("special-procedure")),
                    by: reviewer)
            }
        case .endProcedure:
            (state.procedures ?? []).map { Try(EndProcedure(procedure: $0.id, words: words), by: reviewer) }
        case .extend: [Try(Extend(days: 5, words: words, notice: notice("extension")), by: approver)]
        case .askOpinions: [Try(AskOpinions(departments: [department], words: words), by: reviewer)]
        case .giveOpinion:
            branches.flatMap { branch in
                Opinion.allCases.map {
                    Try(GiveOpinion(department: branch, opinion: $0, words: words), by: second)
                }
            }
        case .queryBranch: branches.map { Try(QueryBranch(department: $0, words: words), by: second) }
        case .conveneMeeting:
            [Try(ConveneMeeting(on: moment(1), departments: [department], words: words), by: reviewer)]
        case .concludeMeeting:
            Meeting.Conclusion.allCases.map { Try(ConcludeMeeting(conclusion: $0, words: words), by: reviewer) }
        case .acceptLacking:
            [
                Try(
                    AcceptLacking(
                        materials: rules.lacking.keys.sorted(), words: words, notice: notice("lacking-acceptance")),
                    by: clerk)
            ]
        case .requestPapers:
            [(Awaited.Kind.missing, "missing-papers"), (.rectification, "rectification")].map { kind, paper in
                Try(
                    RequestPapers(
                        kind: kind, points: points(state, rules), days: 10, words: words, notice: notice(paper)),
                    by: reviewer)
            }
        case .signPromise:
            [
                Try(
                    SignPromise(materials: rules.promises.keys.sorted(), words: words, notice: notice("promise")),
                    by: nil)
            ]
        case .acceptOnPromise: [Try(AcceptOnPromise(words: words, notice: notice("acceptance")), by: clerk)]
        case .checkFollowUp:
            CheckFinding.allCases.map {
                Try(
                    CheckFollowUp(
                        finding: $0, days: 10, words: words,
                        notice: $0 == .rectify ? notice("promise-rectification") : nil), by: clerk)
            }
        case .tellInterested: [Try(TellInterested(words: words, notice: notice("hearing-right")), by: reviewer)]
        case .requestHearing:
            [Try(RequestHearing(words: words), by: nil), Try(RequestHearing(words: words), by: clerk)]
        case .announceHearing:
            [
                Try(
                    AnnounceHearing(on: moment(9), chair: "chair", words: words, notice: notice("hearing")),
                    by: approver)
            ]
        case .holdHearing: [Try(HoldHearing(words: words), by: approver)]
        case .publicise: [Try(Publicise(until: moment(7).date, words: words), by: reviewer)]
        case .recordObjection: [Try(RecordObjection(words: words), by: clerk)]
        case .resolveObjection: [true, false].map { Try(ResolveObjection(upheld: $0, words: words), by: reviewer) }
        case .stay:
            Stay.Ground.allCases.prefix(1).map {
                Try(StayCase(ground: $0, words: words, notice: notice("stay")), by: reviewer)
            }
        case .liftStay: [Try(LiftStay(words: words), by: reviewer)]
        case .terminate:
            TerminationGround.allCases.prefix(1).map {
                Try(Terminate(ground: $0, words: words, notice: notice("termination")), by: approver)
            }
        case .transfer: [Try(Transfer(department: department, words: words, notice: notice("transfer")), by: clerk)]
        case .changeHandler:
            [true, false].map { Try(ChangeHandler(to: second, recused: $0, words: words), by: approver) }
        case .serve:
            [
                Try(
                    Serve(method: .electronic, on: at.date, consented: true, words: words, notice: notice("service")),
                    by: clerk)
            ]
        case .archive: [Try(Archive(keptUntil: nil, words: words, notice: notice("archive")), by: clerk)]
        case .push: [Try(Push(department: department, words: words), by: clerk)]
        case .acknowledge: [Try(Acknowledge(words: words), by: second)]
        case .takeBack:
            [(AfterGround.fraud, "revocation"), (.circumstances, "licence-withdrawal"), (.expired, "annulment")].map {
                Try(TakeBack(ground: $0, words: words, notice: notice($1)), by: approver)
            }
        case .correctResult:
            [Try(CorrectResult(until: nil, words: words, notice: notice("correction-of-result")), by: approver)]
        case .redecide:
            Redecide.Cause.allCases.prefix(1).map {
                Try(Redecide(cause: $0, words: words, notice: notice("redecision")), by: approver)
            }
        case .assessFee: [Try(AssessFee(amount: 100, words: words, notice: notice("fee")), by: clerk)]
        case .settleFee:
            CaseFee.Standing.allCases.map { Try(SettleFee(standing: $0, words: words), by: clerk) }
        case .decideInstantly:
            [true, false].map {
                Try(
                    DecideInstantly(
                        result: result, notices: [notice("approval"), notice("delivery")], sampled: $0), by: nil)
            } + [Try(DecideInstantly(leaving: InstantBasis(reason: .rule)), by: nil)]
        case .preReview: [Try(PreReview(words: words), by: clerk)]
        case .chasePapers: [Try(ChasePapers(words: words), by: clerk)]
        case .simulate:
            [true, false].map {
                Try(Simulate(favourable: $0, words: words, notice: notice("simulated")), by: reviewer)
            }
        case .acceptSimulated: [Try(AcceptSimulated(words: words, notice: notice("acceptance")), by: clerk)]
        case .reportUp: [Try(ReportAbove(words: words, notice: notice("report-up")), by: reviewer)]
        case .enterAnswer:
            SuperiorAnswer.allCases.map {
                Try(
                    EnterAnswer(answer: $0, words: words, notice: $0 == .returned ? nil : notice("passed-on")),
                    by: reviewer)
            }
        case .correctOnSpot:
            [Try(CorrectOnSpot(form: words, fields: rules.fields.sorted(), words: words), by: clerk)]
        case .amendApplication: [Try(AmendApplication(change: change(rules), notice: notice("amendment")), by: nil)]
        case .requestChange: [Try(RequestChange(words: words), by: nil)]
        case .amend:
            [(true, "change"), (false, "change-refusal")].map {
                Try(Amend(granted: $0, words: words, notice: notice($1)), by: approver)
            }
        case .succeed:
            [
                Try(
                    Succeed(ground: .merger, form: words, words: words, notice: notice("succession")), by: approver)
            ]
        case .recordFalsity: [Try(RecordFalsity(bars: true, words: words, notice: notice("falsity")), by: approver)]
        case .requestRenewal: [Try(RequestRenewal(words: words), by: nil)]
        case .disclose:
            [WithholdingGround.privacy, nil].map { Try(Disclose(withheld: $0, words: words), by: approver) }
        case .certifyRenewal: [Try(CertifyRenewal(notice: notice("renewal")), by: nil)]
        case .decideRenewal:
            [(true, "renewal"), (false, "renewal-refusal")].map {
                Try(DecideRenewal(granted: $0, words: words, notice: notice($1)), by: approver)
            }
        case .askRemoteCheck: [Try(AskRemoteCheck(words: words, until: moment(7)), by: nil)]
        case .recordRemoteCheck: [Try(RecordRemoteCheck(file: "0", digest: "0"), by: nil)]
        case .confirmRemoteCheck:
            [
                Try(ConfirmRemoteCheck(means: .video, words: words), by: clerk),
                Try(ConfirmRemoteCheck(means: .inPerson, words: words), by: clerk),
                Try(ConfirmRemoteCheck(means: .service, words: nil), by: nil),
            ]
        case .declineRemoteCheck:
            [
                Try(DeclineRemoteCheck(means: .video, words: words), by: clerk),
                Try(DeclineRemoteCheck(means: .service, words: words), by: nil),
            ]
        // It is tried behind every act that can be taken back (`CaseModel`).
        case .undo: []
        // The plain road, and what clocks do: CaseMoves.
        case .submit, .receive, .supplement, .accept, .decline, .withdraw, .void, .approve, .refuse, .complete, .claim,
            .assign, .requestCorrection, .notNeeded, .passReview, .sendBack, .acceptanceFellDue, .correctionFellDue,
            .recountLimits, .opinionFellDue, .papersFellDue, .renewalFellDue:
            []
        }
    }
}
