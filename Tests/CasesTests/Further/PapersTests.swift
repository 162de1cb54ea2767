import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 容缺, papers asked for in the review, and promises with their checks.
@Suite("Papers that come later, and promises")
struct PapersTests {
    private func lacking() throws -> CaseTrial {
        var trial = CaseTrial(LawSamples.rules())
        let plain = CaseSamples.submission()
        try trial.perform(
            .submit(
                Submission(
                    number: plain.number, owner: plain.owner, bucket: plain.bucket, subject: plain.subject,
                    channel: .web, form: plain.form, files: [CaseSamples.file("lease")], onPaper: false,
                    receipt: plain.receipt, lacking: ["plan"])))
        return trial
    }

    private func accept(_ materials: [String]) -> AcceptLacking {
        AcceptLacking(materials: materials, words: LawSamples.words, notice: LawSamples.notice("lacking-acceptance"))
    }

    @Test("Only what the applicant signed for may follow, and only by the acceptance that lists it")
    func signed() throws {
        var trial = try lacking()
        #expect(
            try trial.refusedPlain(.accept(notice: LawSamples.notice("acceptance")), by: "clerk")
                == "cases.refused.lackingFirst")
        #expect(try trial.refused(accept(["lease"]), by: "clerk") == "cases.refused.lackingUnsigned")
        try trial.go(accept(["plan"]), by: "clerk")
        #expect(try trial.current.stage == .accepted)
        #expect(try trial.current.awaited?.limit.dueOn == day("2026-03-19"))
        #expect(trial.timers[TimerName.papers] != nil)
    }

    @Test("Handed in, the case goes on; nothing is approved before")
    func delivered() throws {
        var trial = try lacking()
        try trial.go(accept(["plan"]), by: "clerk")
        try trial.perform(.passReview(words: nil), by: "reviewer")
        #expect(
            try trial.refusedPlain(.approve(notice: LawSamples.notice("approval")), by: "approver")
                == "cases.refused.lackingOpen")
        try trial.perform(CaseSamples.supplement(files: ["plan"]))
        #expect(try trial.current.awaited == nil && trial.timers[TimerName.papers] == nil)
        #expect(try trial.current.files.map(\.material).sorted() == ["lease", "plan"])
        try trial.perform(.approve(notice: LawSamples.notice("approval")), by: "approver")
        #expect(try trial.current.stage == .approved)
    }

    @Test("Without them the case lapses by itself, without prejudice")
    func lapsed() throws {
        var trial = try lacking()
        try trial.go(accept(["plan"]), by: "clerk")
        try trial.letFallDue(TimerName.papers)
        #expect(try trial.current.stage == .lapsed)
        #expect(trial.timers.isEmpty && trial.tasks.isEmpty)
    }

    @Test(
        "Papers asked for in the review do not stop the clock; without them the case goes on",
        arguments: [
            Awaited.Kind.missing, .rectification,
        ])
    func asked(_ kind: Awaited.Kind) throws {
        var trial = try CaseTrial(at: .accepted, LawSamples.rules())
        let before = try trial.current.promised
        let request = RequestPapers(
            kind: kind, points: [CaseSamples.point("o.1")], days: 3, words: LawSamples.words,
            notice: LawSamples.notice("missing-papers"))
        try trial.go(request)
        #expect(try trial.current.promised == before && trial.paused.isEmpty)
        #expect(try trial.refused(request) == "cases.refused.papersAwaited")
        try trial.letFallDue(TimerName.papers)
        #expect(try trial.current.stage == .accepted && trial.current.awaited == nil)
    }

    @Test("The applicant signs himself; then the office accepts on it, and checks it within its time")
    func promise() throws {
        var trial = try CaseTrial(at: .received, LawSamples.rules())
        let sign = SignPromise(
            materials: ["plan"], words: LawSamples.words, notice: LawSamples.notice("promise"))
        let accept = AcceptOnPromise(words: LawSamples.words, notice: LawSamples.notice("acceptance"))
        #expect(try trial.refused(accept, by: "clerk") == "cases.refused.promiseUnsigned")
        #expect(try trial.refused(sign, by: "clerk") == "forbidden")
        try trial.go(sign, by: nil)
        #expect(try trial.refused(sign, by: nil) == "cases.refused.promiseSigned")
        try trial.go(accept, by: "clerk")
        try trial.perform(.passReview(words: nil), by: "reviewer")
        try trial.perform(.approve(notice: LawSamples.notice("approval")), by: "approver")
        try trial.perform(.complete(CaseSamples.result(), notice: nil), by: "clerk")
        #expect(trial.tasks.map(\.step) == ["check"])
        #expect(try trial.current.followUp?.limit.dueOn == day("2026-04-11"))
    }

    @Test("Where the promise is enough nothing is left to review, and the approver decides at once")
    func promiseDecides() throws {
        var item = LawSamples.item()
        for index in item.materials.indices { item.materials[index].promiseDecides = true }
        var trial = try CaseTrial(at: .received, CaseRules(item, version: 3))
        try trial.go(
            SignPromise(materials: ["plan"], words: LawSamples.words, notice: LawSamples.notice("promise")), by: nil)
        try trial.go(AcceptOnPromise(words: LawSamples.words, notice: LawSamples.notice("acceptance")), by: "clerk")
        #expect(try trial.current.stage == .approving && trial.tasks.map(\.step) == ["approve"])
        try trial.perform(.approve(notice: LawSamples.notice("approval")), by: "approver")
        try trial.perform(.complete(CaseSamples.result(), notice: nil), by: "clerk")
        #expect(trial.tasks.map(\.step) == ["check"])
    }

    @Test("What is not as promised is to be put right once; then it is on record")
    func broken() throws {
        var trial = try CaseTrial(at: .received, LawSamples.rules())
        try trial.go(
            SignPromise(materials: ["plan"], words: LawSamples.words, notice: LawSamples.notice("promise")), by: nil)
        try trial.go(
            AcceptOnPromise(words: LawSamples.words, notice: LawSamples.notice("acceptance")), by: "clerk")
        try trial.perform(.passReview(words: nil), by: "reviewer")
        try trial.perform(.approve(notice: LawSamples.notice("approval")), by: "approver")
        try trial.perform(.complete(CaseSamples.result(), notice: nil), by: "clerk")
        func check(_ finding: CheckFinding) -> CheckFollowUp {
            CheckFollowUp(finding: finding, days: 10, words: LawSamples.words, notice: LawSamples.notice("x"))
        }
        try trial.go(check(.rectify))
        #expect(try trial.refused(check(.rectify)) == "cases.refused.rectifiedOnce")
        try trial.go(check(.broken))
        #expect(try trial.current.promiseBroken == true && trial.current.followUp == nil)
        #expect(trial.tasks.isEmpty && trial.timers.isEmpty)
        try trial.go(
            TakeBack(ground: .fraud, words: LawSamples.words, notice: LawSamples.notice("revocation")), by: "head")
        #expect(try trial.current.afterwards?.kind == .revoked)
    }
}
