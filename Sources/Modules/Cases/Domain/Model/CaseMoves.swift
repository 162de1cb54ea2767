import Catalogue
import Kernel
import Workflow

/// What anybody may try in a case, for the model check: one line a command. Without a default: a new command does not
/// compile until it has its subject and its line, and with them the model knows it.
enum CaseMoves {
    /// What belongs together. The plain road is explored with one subject beside it at a time: all of them at once have more
    /// states than can be looked at.
    enum Subject: String, CaseIterable, Sendable {
        case plain, procedures, joint, meeting, papers, promise, hearing, publicity, standstill, hands, served, undone,
            fee
        case instant, renewal, reporting, changing, identity

        /// Subjects in which waiting changes what may be done: everything is tried on the first day and on a later one.
        var days: [Int] { self == .hearing || self == .publicity ? [0, 40] : [0] }
    }

    /// A command, who gives it (nil: the applicant), and on which day.
    struct Try: Sendable {
        let command: CaseCommand
        let by: String?
        /// Days after the model's first.
        let day: Int

        init(_ command: CaseCommand, by officer: String?, day: Int = 0) {
            self.command = command
            by = officer
            self.day = day
        }

        init(_ command: any FurtherCommand, by officer: String?, day: Int = 0) {
            self.init(.further(command), by: officer, day: day)
        }
    }

    static let clerk = "clerk"
    static let reviewer = "reviewer"
    static let approver = "approver"
    /// An officer without a part in the case.
    static let second = "second"

    /// The first day in the model, at ten.
    static let at = Moment(milliseconds: 1_773_280_800_000)

    static func moment(_ day: Int) -> Moment { at.adding(seconds: Int64(day) * 86_400) }

    static func subject(of name: CaseCommand.Name) -> Subject {
        switch name {
        case .submit, .receive, .supplement, .accept, .decline, .withdraw, .void, .approve, .refuse, .complete, .claim,
            .assign, .requestCorrection, .notNeeded, .passReview, .sendBack, .acceptanceFellDue, .correctionFellDue,
            .recountLimits:
            .plain
        case .startProcedure, .endProcedure, .extend: .procedures
        case .askOpinions, .giveOpinion, .queryBranch, .opinionFellDue: .joint
        case .conveneMeeting, .concludeMeeting: .meeting
        case .acceptLacking, .requestPapers, .papersFellDue, .chasePapers: .papers
        case .signPromise, .acceptOnPromise, .checkFollowUp: .promise
        case .tellInterested, .requestHearing, .announceHearing, .holdHearing: .hearing
        case .publicise, .recordObjection, .resolveObjection: .publicity
        case .disclose: .hands
        case .stay, .liftStay, .terminate: .standstill
        case .transfer, .changeHandler: .hands
        case .serve, .archive, .push, .acknowledge: .served
        case .takeBack, .correctResult, .redecide, .undo: .undone
        case .assessFee, .settleFee: .fee
        case .decideInstantly, .preReview: .instant
        case .requestRenewal, .decideRenewal, .renewalFellDue, .certifyRenewal: .renewal
        case .reportUp, .enterAnswer: .reporting
        case .simulate, .acceptSimulated: .instant
        case .correctOnSpot: .papers
        case .askRemoteCheck, .recordRemoteCheck, .confirmRemoteCheck, .declineRemoteCheck: .identity
        case .amendApplication: .joint
        case .requestChange, .amend, .succeed, .recordFalsity: .changing
        }
    }

    /// Beside another subject the plain road goes without what only makes more states.
    static func isTried(_ name: CaseCommand.Name, in subject: Subject) -> Bool {
        let own = self.subject(of: name)
        // What is decided in an instant is looked at afterwards as a promise is.
        if subject == .instant, name == .checkFollowUp { return true }
        guard own == .plain, subject != .plain else { return own == subject }
        return [.accept, .passReview, .approve, .refuse, .complete, .withdraw, .supplement].contains(name)
    }

    /// The tries of a command, and beside another subject the first of those of the plain road.
    static func tries(_ name: CaseCommand.Name, in subject: Subject, _ state: CaseState, _ rules: CaseRules) -> [Try] {
        let all = moves(name, state, rules)
        return subject != .plain && self.subject(of: name) == .plain ? Array(all.prefix(1)) : all
    }

    /// - Returns: the commands of that name worth trying.
    static func moves(_ name: CaseCommand.Name, _ state: CaseState, _ rules: CaseRules) -> [Try] {
        switch name {
        // A second application is another case.
        case .submit: []
        case .receive: [Try(.receive, by: clerk)]
        case .requestCorrection:
            [
                Try(
                    .requestCorrection(
                        points: points(state, rules), words: words, days: 10, notice: notice("correction")), by: clerk)
            ]
        case .supplement: [Try(.supplement(answer(state)), by: nil)]
        case .accept: [Try(.accept(notice: notice("acceptance")), by: clerk)]
        case .decline: [Try(.decline(words: words, notice: notice("decline")), by: clerk)]
        case .notNeeded: [Try(.notNeeded(words: words, notice: notice("not-needed")), by: clerk)]
        case .withdraw: [Try(.withdraw(reason: nil), by: nil), Try(.withdraw(reason: words), by: nil)]
        case .void: [Try(.void(words: words), by: second), Try(.void(words: words), by: clerk)]
        case .passReview:
            [Try(.passReview(words: words), by: reviewer), Try(.passReview(words: nil), by: approver)]
        case .sendBack: [Try(.sendBack(words: words), by: approver)]
        case .approve: [Try(.approve(notice: notice("approval")), by: approver)]
        case .refuse: [Try(.refuse(words: words, notice: notice("refusal")), by: approver)]
        case .complete: [Try(.complete(result, notice: notice("delivery")), by: clerk)]
        case .claim: [Try(.claim, by: reviewer)]
        case .assign: [Try(.assign(nil), by: clerk), Try(.assign(reviewer), by: clerk)]
        // What clocks do, the model does where they run.
        case .acceptanceFellDue, .correctionFellDue, .opinionFellDue, .papersFellDue: []
        case .recountLimits: [Try(.recountLimits([]), by: nil)]
        default: further(name, state, rules)
        }
    }

    /// How a case can begin.
    static func beginnings(_ rules: CaseRules, lacking: Bool = false, absent: Bool = false) -> [CaseCommand] {
        let later = lacking && !rules.lacking.isEmpty ? rules.lacking.keys.sorted() : nil
        return [false, true].map { onPaper in
            .submit(
                Submission(
                    number: "1", owner: "owner", bucket: "@00", subject: "subject", channel: onPaper ? .express : .web,
                    form: words, files: rules.materials.sorted().prefix(1).map(file), onPaper: onPaper,
                    receipt: notice("receipt"), lacking: later,
                    remote: absent ? RemoteCheck(field: rules.fields.min() ?? "person") : nil))
        }
    }

    // MARK: Samples

    static let words = Sealed(slot: "words/0", hash: "0")
    /// It expires in the time in which a renewal is asked for.
    static let result = CaseResult(
        number: "1", on: at.date, until: at.date.adding(days: 40), delivery: "electronic")

    static func notice(_ kind: String) -> IssuedNotice { IssuedNotice(id: "0", kind: kind, at: at) }

    private static func file(_ material: String) -> CaseFile {
        CaseFile(id: "0", material: material, digest: "0", size: 1, type: "pdf")
    }

    /// One thing of each kind that can be wrong; in a second notice, what the first one named.
    static func points(_ state: CaseState, _ rules: CaseRules) -> [CorrectionPoint] {
        guard state.points.isEmpty else { return state.points }
        let material = rules.materials.min().map { CorrectionPoint(id: "m.\($0)", target: .material, ref: $0) }
        let field = rules.fields.min().map { CorrectionPoint(id: "f.\($0)", target: .field, ref: $0) }
        return [material, field, CorrectionPoint(id: "o.1", target: .other, ref: "1")].compactMap(\.self)
    }

    /// The first answer, or the first material of an item without any.
    static func change(_ rules: CaseRules) -> Supplement {
        Supplement(
            form: words, changedFields: rules.fields.sorted().prefix(1).map { $0 },
            files: rules.fields.isEmpty ? rules.materials.sorted().prefix(1).map(file) : [], answered: [])
    }

    private static func answer(_ state: CaseState) -> Supplement {
        let materials = state.points.filter { $0.target == .material }.map(\.ref)
        return Supplement(
            form: words, changedFields: state.points.filter { $0.target == .field }.map(\.ref),
            files: materials.map(file), answered: state.points.filter { $0.target == .other }.map(\.id))
    }
}
