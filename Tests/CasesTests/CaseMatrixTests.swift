import Kernel
import Testing
import Workflow

@testable import Cases

/// Every command in every stage.
@Suite("Commands and stages")
struct CaseMatrixTests {
    /// Every kind of command, as an officer without a part in the case could give it. Without a default: a new command
    /// does not compile until it stands here.
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case submitAnother, receive, requestCorrection, supplement, accept, decline, notNeeded, withdraw, void,
            passReview
        case sendBack, approve, refuse, complete, claim, assign, acceptanceFellDue, correctionFellDue, recountLimits
        /// Those of the subjects beside the plain road have a matrix of their own; a termination stands for them here.
        case further

        var testDescription: String { rawValue }

        init(_ command: CaseCommand) {
            self =
                switch command {
                case .submit: .submitAnother
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
                case .further: .further
                }
        }

        var command: CaseCommand {
            let words = CaseSamples.sealed("words/2")
            let notice = CaseSamples.notice("any", at: morning("2026-03-12"))
            return switch self {
            case .submitAnother: .submit(CaseSamples.submission(number: "another", slot: "form/other"))
            case .receive: .receive
            case .requestCorrection: CaseSamples.correction(["m.lease"])
            case .supplement: CaseSamples.supplement(files: ["lease"])
            case .accept: .accept(notice: notice)
            case .decline: .decline(words: words, notice: notice)
            case .notNeeded: .notNeeded(words: words, notice: notice)
            case .withdraw: .withdraw(reason: nil)
            case .void: .void(words: words)
            case .passReview: .passReview(words: nil)
            case .sendBack: .sendBack(words: words)
            case .approve: .approve(notice: notice)
            case .refuse: .refuse(words: words, notice: notice)
            case .complete: .complete(CaseSamples.result(), notice: nil)
            case .claim: .claim
            case .assign: .assign("colleague")
            case .acceptanceFellDue: .acceptanceFellDue
            case .correctionFellDue: .correctionFellDue
            case .recountLimits: .recountLimits([])
            case .further: .further(Terminate(ground: .person, words: words, notice: notice))
            }
        }

        /// Where the command acts, and which stage follows.
        var acts: [CaseStage: CaseStage] {
            switch self {
            // The calendar is the same: there is nothing to count anew.
            case .submitAnother, .recountLimits: [:]
            case .receive: [.submitted: .received]
            case .requestCorrection: [.received: .correcting]
            case .supplement: [.correcting: .received]
            case .accept, .acceptanceFellDue: [.received: .accepted]
            case .decline: [.received: .declined]
            case .notNeeded: [.received: .notNeeded]
            case .withdraw:
                [
                    .submitted: .withdrawn, .received: .withdrawn, .correcting: .withdrawn, .accepted: .withdrawn,
                    .approving: .withdrawn,
                ]
            case .void:
                [
                    .submitted: .voided, .received: .voided, .correcting: .voided, .accepted: .voided,
                    .approving: .voided,
                    .approved: .voided,
                ]
            case .passReview: [.accepted: .approving]
            case .sendBack: [.approving: .accepted]
            case .approve: [.approving: .approved]
            case .refuse: [.approving: .refused]
            case .complete: [.approved: .completed]
            case .claim, .assign:
                [.received: .received, .accepted: .accepted, .approving: .approving, .approved: .approved]
            case .correctionFellDue: [.correcting: .lapsed]
            case .further: [.accepted: .terminated, .approving: .terminated]
            }
        }

        /// What comes too late does nothing and tells nobody.
        var isTimer: Bool { [.acceptanceFellDue, .correctionFellDue, .recountLimits].contains(self) }
    }

    @Test("Every command in every stage either acts or answers a conflict", arguments: Kind.allCases)
    func matrix(_ kind: Kind) throws {
        #expect(Kind(kind.command) == kind)
        for stage in CaseStage.allCases {
            var trial = try CaseTrial(at: stage)
            let before = try trial.current
            if let next = kind.acts[stage] {
                #expect(try trial.perform(kind.command, by: "outsider").count == 1, "\(stage)")
                #expect(try trial.current.stage == next, "\(stage)")
            } else if kind.isTimer {
                #expect(try trial.perform(kind.command).isEmpty, "\(stage)")
            } else {
                let answer = try refusal { try trial.perform(kind.command, by: "outsider") }
                #expect(conflict(answer) == "cases.conflict.\(stage.rawValue)", "\(stage)")
                #expect(try trial.current == before)
            }
        }
    }

    private func conflict(_ error: DomainError) -> String? {
        if case .conflict(let message) = error { message.key } else { nil }
    }

    @Test("Before there is a case, only submitting it does anything", arguments: Kind.allCases)
    func nothingThere(_ kind: Kind) throws {
        var trial = CaseTrial()
        if kind == .submitAnother {
            #expect(try !trial.perform(kind.command).isEmpty)
        } else {
            #expect(try refusal { try trial.perform(kind.command, by: "outsider") } == .notFound)
        }
    }

    @Test("Submitting the same application again does nothing, wherever the case stands")
    func submittedTwice() throws {
        for stage in CaseStage.allCases {
            var trial = try CaseTrial(at: stage)
            let number = try trial.current.number
            let slot = try trial.current.form.slot
            #expect(try trial.perform(.submit(CaseSamples.submission(number: number))).isEmpty)
            #expect(try trial.perform(.submit(CaseSamples.submission(number: "a new one", slot: slot))).isEmpty)
        }
    }

    @Test("Taking or handing over a task twice does nothing the second time")
    func takenTwice() throws {
        for stage in [CaseStage.received, .accepted, .approving, .approved] {
            var trial = try CaseTrial(at: stage)
            try trial.perform(.claim, by: "anna")
            #expect(try trial.perform(.claim, by: "anna").isEmpty)
            try trial.perform(.assign("bo"), by: "anna")
            #expect(try trial.perform(.assign("bo"), by: "anna").isEmpty)
            try trial.perform(.assign(nil), by: "bo")
            #expect(try trial.perform(.assign(nil), by: "bo").isEmpty)
        }
    }

    @Test("An act given twice acts once: the second is a conflict that says where the case stands")
    func actedTwice() throws {
        for kind in Kind.allCases where !kind.isTimer && kind != .claim && kind != .assign {
            for stage in kind.acts.keys {
                var trial = try CaseTrial(at: stage)
                try trial.perform(kind.command, by: "outsider")
                let now = try trial.current
                let answer = try refusal { try trial.perform(kind.command, by: "outsider") }
                #expect(conflict(answer) == "cases.conflict.\(now.stage.rawValue)", "\(kind) in \(stage)")
            }
        }
    }

    @Test("Every stage is yours, running or ended, and the ended ones have an end")
    func groups() throws {
        for stage in CaseStage.allCases {
            #expect((stage.group == .ended) == stage.isEnded)
            #expect(try (CaseTrial(at: stage).current.endedAt != nil) == stage.isEnded, "\(stage)")
        }
    }
}
