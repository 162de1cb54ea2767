import Foundation
import Kernel
import Testing
import Workflow

@testable import Cases

/// Every command beside the plain road in every stage: it acts where the table says, and elsewhere changes nothing.
@Suite("Commands beside the plain road and stages")
struct FurtherMatrixTests {
    private static let review: Set<CaseStage> = [.accepted, .approving]
    private static let w = LawSamples.words
    private static func n(_ kind: String) -> IssuedNotice { LawSamples.notice(kind) }

    /// Each with a plain case in the stages where it acts; nil: by the applicant.
    static let commands: [(command: any FurtherCommand, by: String?, acts: Set<CaseStage>)] = [
        (LawSamples.start("experts"), "o", review), (LawSamples.end("experts"), "o", []),
        (LawSamples.extend(5), "o", review),
        (
            AskOpinions(departments: ["health"], words: nil), "o", [.received, .correcting, .accepted, .approving]
        ),
        (LawSamples.opinion("health", .agree), "o", []), (OpinionFellDue(department: "health"), nil, []),
        (QueryBranch(department: "health", words: w), "o", []),
        (ConveneMeeting(on: morning("2026-03-20"), departments: ["health"], words: w), "o", review),
        (ConcludeMeeting(conclusion: .goOn, words: w), "o", []),
        (AcceptLacking(materials: ["plan"], words: w, notice: n("x")), "o", []),
        (
            RequestPapers(
                kind: .missing, points: [CaseSamples.point("m.plan")], days: 5, words: w, notice: n("x")), "o", review
        ),
        (PapersFellDue(), nil, []), (TellInterested(words: w, notice: n("x")), "o", review),
        (RequestHearing(words: w), nil, []),
        (AnnounceHearing(on: morning("2026-03-25"), chair: "c", words: w, notice: n("x")), "o", review),
        (HoldHearing(words: w), "o", []), (Publicise(until: day("2026-03-20"), words: w), "o", review),
        (RecordObjection(words: w), "o", []), (ResolveObjection(upheld: true, words: w), "o", []),
        (StayCase(ground: .succession, words: w, notice: n("x")), "o", review), (LiftStay(words: w), "o", []),
        (Terminate(ground: .repealed, words: w, notice: n("x")), "o", review),
        (Transfer(department: "health", words: w, notice: n("x")), "o", [.received, .accepted]),
        (
            ChangeHandler(to: "p", recused: false, words: w), "o", [.received, .accepted, .approving, .approved]
        ),
        (SignPromise(materials: ["plan"], words: w, notice: n("x")), nil, [.received, .correcting]),
        (AcceptOnPromise(words: w, notice: n("x")), "o", []),
        (CheckFollowUp(finding: .kept, days: 0, words: w, notice: nil), "o", []),
        (
            Serve(method: .direct, on: day("2026-03-12"), consented: false, words: w, notice: n("x")), "o",
            [.approved, .completed, .refused, .declined, .notNeeded, .terminated]
        ),
        (
            Archive(keptUntil: nil, words: w, notice: n("x")), "o",
            [.refused, .completed, .declined, .notNeeded, .withdrawn, .lapsed, .voided, .terminated]
        ),
        (Push(department: "health", words: w), "o", [.completed]), (Acknowledge(words: w), "o", []),
        (TakeBack(ground: .expired, words: w, notice: n("x")), "o", [.completed]),
        (CorrectResult(until: nil, words: w, notice: n("x")), "o", [.completed]),
        (Redecide(cause: .review, words: w, notice: n("x")), "o", [.completed, .refused]),
        (AssessFee(amount: 100, words: w, notice: n("x")), "o", []), (SettleFee(standing: .paid, words: w), "o", []),
        (DecideInstantly(result: CaseSamples.result(), notices: [], sampled: false), nil, [.received]),
        (PreReview(words: w), "o", [.received, .correcting]), (ChasePapers(words: w), "o", [.correcting]),
        (AmendApplication(change: CaseMoves.change(LawSamples.rules()), notice: n("x")), nil, review),
        (RequestRenewal(words: w), nil, []), (DecideRenewal(granted: true, words: w, notice: n("x")), "o", []),
        (RenewalFellDue(), nil, []), (CertifyRenewal(notice: n("x")), nil, []),
        (Disclose(withheld: .privacy, words: w), "o", [.accepted, .approving, .approved, .completed]),
        (
            Simulate(favourable: true, words: w, notice: n("x")), "o", [.received, .correcting]
        ), (AcceptSimulated(words: w, notice: n("x")), "o", []),
        (ReportAbove(words: w, notice: n("x")), "o", []),
        (EnterAnswer(answer: .granted, words: w, notice: n("x")), "o", []),
        (CorrectOnSpot(form: w, fields: ["area"], words: w), "o", [.received]),
        (RequestChange(words: w), nil, [.completed]), (Amend(granted: true, words: w, notice: n("x")), "o", []),
        (
            Succeed(ground: .merger, form: w, words: w, notice: n("x")), "o", [.accepted, .approving, .completed]
        ),
        // A plain application names nobody who is not there: RemoteCheckTests.
        (AskRemoteCheck(words: w, until: morning("2026-03-15")), nil, []),
        (RecordRemoteCheck(file: "f", digest: "d"), nil, []),
        (ConfirmRemoteCheck(means: .video, words: w), "o", []),
        (DeclineRemoteCheck(means: .video, words: w), "o", []),
        (RecordFalsity(bars: true, words: w, notice: n("x")), "o", [.refused, .declined]),
    ]

    @Test("It acts where it may, and changes nothing elsewhere", arguments: commands.indices)
    func matrix(_ index: Int) throws {
        let (command, officer, acts) = Self.commands[index]
        for stage in CaseStage.allCases {
            var trial = try CaseTrial(at: stage, LawSamples.rules())
            let before = try trial.current
            let name = "\(type(of: command).name) in \(stage)"
            do {
                let events = try trial.perform(.further(command), by: officer)
                #expect(acts.contains(stage) == !events.isEmpty, "\(name)")
            } catch {
                #expect(!acts.contains(stage), "\(name): \(error)")
                #expect(try trial.current == before)
            }
        }
    }

    @Test("Every command beside the plain road stands in the matrix")
    func complete() {
        let plain: Set<CaseCommand.Name> = [
            .submit, .receive, .requestCorrection, .supplement, .accept, .decline, .notNeeded, .withdraw, .void,
            .passReview, .sendBack, .approve, .refuse, .complete, .claim, .assign, .acceptanceFellDue,
            .correctionFellDue, .recountLimits,
            // Made of a journal: UndoTests.
            .undo,
        ]
        let here = Self.commands.map { type(of: $0.command).name }
        #expect(Set(here).union(plain) == Set(CaseCommand.Name.allCases))
        #expect(Set(here).count == here.count)
    }

    @Test("Every fact has words in the history, and they are written in both languages", arguments: ["zh", "en"])
    func words(_ language: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/Modules/Cases/Resources/Locales/\(language).json")
        let texts = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
        for fact in FurtherSamples.facts {
            let line = fact.line(.system, at: morning("2026-03-12"))
            let text = try #require(texts["cases.timeline.\(line.kind)"], "\(line.kind)")
            #expect(text.contains("{about}") == (line.about != nil), "\(line.kind)")
            #expect(text.contains("{due}") == false || line.due != nil, "\(line.kind)")
            #expect(text.contains("{count}") == false || line.count != nil, "\(line.kind)")
            if let about = line.about { #expect(texts[about] != nil, "\(about)") }
            if let notice = line.notice { #expect(texts["cases.notice.\(notice.kind)"] != nil, "\(notice.kind)") }
        }
        for act in OfficerAct.all {
            #expect(texts["cases.act.\(act.name)"] != nil && texts["cases.act.\(act.name).intro"] != nil, "\(act.name)")
        }
    }

    @Test("A fact that cannot have happened is no genuine journal")
    func impossible() throws {
        for fact in FurtherSamples.facts {
            #expect(throws: JournalError.self) { try CaseProcedure.evolve(nil, .further(Further(fact))) }
            var trial = try CaseTrial(at: .submitted)
            let state = try trial.current
            trial.now = morning("2026-03-13")
            #expect(throws: JournalError.self, "\(type(of: fact).name)") {
                try CaseProcedure.evolve(state, .further(Further(fact)))
            }
        }
    }
}
