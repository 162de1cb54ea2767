import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 变更申请内容: what the applicant changes while his application is under review.
@Suite("An application changed under review")
struct AmendingTests {
    private var amend: AmendApplication {
        AmendApplication(
            change: CaseMoves.change(LawSamples.rules()), notice: LawSamples.notice("amendment"))
    }

    @Test("The limits run on, and what was passed is reviewed again by who reviewed it")
    func fromApproval() throws {
        var trial = try CaseTrial(at: .approving, LawSamples.rules())
        let before = try trial.current
        trial.now = morning("2026-03-16")
        try trial.go(amend, by: nil)
        let state = try trial.current
        #expect(state.stage == .accepted && state.assignee == "reviewer" && state.amended == 1)
        #expect(state.promised == before.promised && state.statutory == before.statutory)
        #expect(trial.tasks.map(\.step) == ["review"] && trial.tasks.map(\.assignee) == ["reviewer"])
        #expect(trial.tasks[0].dueAt <= (before.promised?.dueAt ?? trial.now))
        #expect(state.changedFields == ["area"] && state.notices.last?.kind == "amendment")
        #expect(trial.messages.last == "cases.applicationAmended")
    }

    @Test("Under review the task stays whose it is")
    func underReview() throws {
        var trial = try CaseTrial(at: .accepted, LawSamples.rules())
        try trial.perform(.claim, by: "reviewer")
        let tasks = trial.tasks
        try trial.go(amend, by: nil)
        #expect(try trial.tasks == tasks && trial.current.assignee == "reviewer")
    }

    @Test("Who has given an opinion is asked again, who has not goes on")
    func opinions() throws {
        var trial = try CaseTrial(at: .accepted, LawSamples.rules(objection: .meeting))
        let fire = try #require(trial.timers[TimerName.opinion("fire")])
        try trial.go(LawSamples.opinion("health", .agree), by: "health-officer")
        trial.now = morning("2026-03-13")
        try trial.go(amend, by: nil)
        let branches = try #require(try trial.current.branches)
        #expect(branches.first { $0.department == "health" }?.round == 2)
        #expect(branches.allSatisfy { $0.opinion == nil })
        #expect(trial.timers[TimerName.opinion("fire")] == fire)
        #expect(trial.timers[TimerName.opinion("health")]?.startedAt == trial.now)
        #expect(
            trial.tasks.filter { $0.step == "opinion" }.map(\.queue).sorted() == ["fire/reviewer", "health/reviewer"])
        #expect(try trial.refusedPlain(.passReview(words: nil), by: "reviewer") == "cases.refused.opinionsOpen")
    }

    @Test("What was shown or heard, stands, waits for papers or lies above is not changed")
    func hindered() throws {
        let trial = try CaseTrial(at: .accepted, LawSamples.rules())
        var shown = trial
        try shown.go(Publicise(until: day("2026-03-20"), words: LawSamples.words))
        #expect(try shown.refused(amend, by: nil) == "cases.refused.amendShown")
        var heard = trial
        try heard.go(TellInterested(words: LawSamples.words, notice: LawSamples.notice("hearing-right")))
        #expect(try heard.refused(amend, by: nil) == "cases.refused.amendHeard")
        var stands = trial
        try stands.go(LawSamples.start("experts"))
        #expect(try stands.refused(amend, by: nil) == "cases.refused.paused")
        var waits = trial
        try waits.go(
            RequestPapers(
                kind: .missing, points: [CaseSamples.point("m.plan")], days: 3, words: LawSamples.words,
                notice: LawSamples.notice("missing-papers")))
        #expect(try waits.refused(amend, by: nil) == "cases.refused.papersAwaited")
        var other = trial
        #expect(try other.refused(amend, by: "reviewer") == "forbidden")
        let empty = AmendApplication(
            change: Supplement(form: LawSamples.words, changedFields: [], files: [], answered: []),
            notice: LawSamples.notice("amendment"))
        #expect(try other.refused(empty, by: nil) == "cases.refused.nothingAmended")
        let foreign = AmendApplication(
            change: Supplement(form: LawSamples.words, changedFields: ["nothing"], files: [], answered: []),
            notice: LawSamples.notice("amendment"))
        #expect(try other.refused(foreign, by: nil) == "cases.refused.unknownPoint")
    }

    @Test("The model finds no trap where an application is changed")
    func model() throws {
        var model = CaseModel(everything: true)
        let finding = try model.explore(LawSamples.item(objection: .meeting))
        #expect(finding.faults == [])
        #expect(finding.events.contains("application-amended"))
    }
}
