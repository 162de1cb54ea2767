import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 模拟审批: an opinion before the last papers exist, the review once they do.
@Suite("Simulated approval")
struct SimulatedTests {
    private func simulate(_ favourable: Bool) -> Simulate {
        Simulate(favourable: favourable, words: LawSamples.words, notice: LawSamples.notice("simulated"))
    }

    private let turn = AcceptSimulated(words: LawSamples.words, notice: LawSamples.notice("acceptance"))

    @Test("Once the papers are there, the opinion is the review and only the decision is left")
    func turned() throws {
        var trial = try CaseTrial(at: .correcting, LawSamples.rules())
        try trial.go(simulate(true))
        #expect(try trial.refused(turn, by: "clerk") == "cases.conflict.correcting")
        try trial.perform(CaseSamples.supplement(files: ["lease"]))
        try trial.go(turn, by: "clerk")
        let state = try trial.current
        #expect(state.stage == .approving && state.acceptedBy == "clerk" && state.reviewedBy == "reviewer")
        #expect(trial.tasks.map(\.step) == ["approve"] && trial.timers[TimerName.promised] != nil)
        // Who gave the opinion does not decide.
        let approval = CaseCommand.approve(notice: LawSamples.notice("approval"))
        #expect(try trial.refusedPlain(approval, by: "reviewer") == "cases.refused.fourEyes")
        try trial.perform(approval, by: "approver")
        #expect(try trial.current.stage == .approved)
    }

    @Test("What would be refused is not turned; a later opinion takes its place")
    func unfavourable() throws {
        var trial = try CaseTrial(at: .received, LawSamples.rules())
        #expect(try trial.refused(turn, by: "clerk") == "cases.refused.notFavourable")
        try trial.go(simulate(false))
        #expect(try trial.refused(turn, by: "clerk") == "cases.refused.notFavourable")
        try trial.go(simulate(true))
        try trial.go(turn, by: "clerk")
        #expect(try trial.current.stage == .approving)
    }

    @Test("Other departments are asked early too, and what they said is the joint opinion once the review is turned")
    func departments() throws {
        let ask = AskOpinions(departments: ["health", "fire"], words: nil)
        var trial = try CaseTrial(at: .received, LawSamples.rules(objection: .meeting))
        try trial.go(ask)
        #expect(try trial.refused(ask) == "cases.refused.opinionAsked")
        try trial.perform(CaseSamples.correction(["m.lease"]), by: "clerk")
        #expect(trial.tasks.map(\.queue).sorted() == ["fire/reviewer", "health/reviewer"])
        try trial.go(LawSamples.opinion("health", .agree), by: "health-officer")
        try trial.go(simulate(true))
        try trial.perform(CaseSamples.supplement(files: ["lease"]))
        // Accepted as usual: all are asked again.
        var plain = trial
        try plain.perform(.accept(notice: LawSamples.notice("acceptance")), by: "clerk")
        #expect(try plain.current.branches?.allSatisfy { $0.opinion == nil && $0.round == 1 } == true)
        // Turned while one has said nothing: only that one is asked.
        var partly = trial
        try partly.go(turn, by: "clerk")
        #expect(try partly.current.stage == .accepted)
        #expect(try partly.current.branches?.map(\.opinion) == [.agree, nil])
        #expect(partly.tasks.filter { $0.step == "opinion" }.map(\.queue) == ["fire/reviewer"])
        var objected = trial
        try objected.go(LawSamples.opinion("fire", .object), by: "fire-officer")
        #expect(try objected.refused(turn, by: "clerk") == "cases.refused.simulatedObjection")
        try trial.go(LawSamples.opinion("fire", .conditions), by: "fire-officer")
        try trial.go(turn, by: "clerk")
        #expect(try trial.current.stage == .approving && trial.tasks.map(\.step) == ["approve"])
        #expect(try trial.current.branches?.count == 2)
        var ended = try CaseTrial(at: .received, LawSamples.rules())
        try ended.go(AskOpinions(departments: ["health"], words: nil))
        try ended.perform(.withdraw(reason: nil))
        #expect(ended.timers.isEmpty && ended.tasks.isEmpty)
    }

    @Test("Papers the applicant signed to bring later come first; with a correction they come too")
    func lacking() throws {
        var trial = CaseTrial(LawSamples.rules())
        let plain = CaseSamples.submission()
        try trial.perform(
            .submit(
                Submission(
                    number: plain.number, owner: plain.owner, bucket: plain.bucket, subject: plain.subject,
                    channel: .web, form: plain.form, files: [CaseSamples.file("lease")], onPaper: false,
                    receipt: plain.receipt, lacking: ["plan"])))
        try trial.go(simulate(true))
        #expect(try trial.refused(turn, by: "clerk") == "cases.refused.lackingFirst")
        try trial.perform(CaseSamples.correction(["m.plan"]), by: "clerk")
        try trial.perform(CaseSamples.supplement(files: ["plan"]))
        try trial.go(turn, by: "clerk")
        #expect(try trial.current.stage == .approving)
    }

    @Test("Departments that always decide together are asked before the review ends")
    func joint() throws {
        var trial = try CaseTrial(at: .received, LawSamples.rules(objection: .meeting))
        try trial.go(simulate(true))
        try trial.go(turn, by: "clerk")
        #expect(try trial.current.stage == .accepted && trial.current.branches?.count == 2)
    }

    @Test("An item without a review has nothing to simulate")
    func unreviewed() throws {
        var item = LawSamples.item()
        item.stages = ItemShape.unreviewed.stages
        var trial = try CaseTrial(at: .received, CaseRules(item, version: 3))
        #expect(try trial.refused(simulate(true)) == "cases.refused.notSimulated")
    }

    @Test("A certificate holds from its day to its last, and not once it was taken back")
    func certificate() throws {
        var trial = try CaseTrial(at: .approved, LawSamples.rules())
        try trial.perform(
            .complete(
                CaseResult(number: "1", on: day("2026-03-12"), until: day("2027-03-11"), delivery: "counter"),
                notice: nil), by: "clerk")
        let state = try trial.current
        #expect(!state.holds(on: day("2026-03-11")) && state.holds(on: day("2026-03-12")))
        #expect(state.holds(on: day("2027-03-11")) && !state.holds(on: day("2027-03-12")))
        try trial.go(
            TakeBack(ground: .fraud, words: LawSamples.words, notice: LawSamples.notice("revocation")), by: "head")
        #expect(try !trial.current.holds(on: day("2026-03-12")))
    }
}
