import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// Service, taking back, redecision, fees, archive, instant decisions.
@Suite("After the decision")
struct AfterTests {
    private func completed() throws -> CaseTrial { try CaseTrial(at: .completed, LawSamples.rules()) }

    private func serve(_ method: Served.Method, on date: String, consented: Bool = false) -> Serve {
        Serve(
            method: method, on: day(date), consented: consented, words: LawSamples.words,
            notice: LawSamples.notice("service"))
    }

    @Test("Remedy periods run from the service: sixty days and six months, never ending on a day off")
    func service() throws {
        var trial = try completed()
        #expect(try trial.refused(serve(.direct, on: "2026-03-11"), by: "clerk") == "cases.fault.servedOn")
        #expect(try trial.refused(serve(.electronic, on: "2026-03-12"), by: "clerk") == "cases.fault.consent")
        try trial.go(serve(.electronic, on: "2026-03-12", consented: true), by: "clerk")
        let served = try #require(trial.current.served)
        #expect(served.reviewUntil == day("2026-05-11") && served.courtUntil == day("2026-09-14"))
        #expect(try trial.refused(serve(.direct, on: "2026-03-12"), by: "clerk") == "cases.refused.servedOnce")
    }

    @Test("An announcement counts as service after thirty days")
    func announced() throws {
        var trial = try completed()
        try trial.go(serve(.announcement, on: "2026-03-12"), by: "clerk")
        #expect(try trial.current.served?.on == day("2026-04-11"))
    }

    private func takeBack(_ ground: AfterGround) -> TakeBack {
        TakeBack(ground: ground, words: LawSamples.words, notice: LawSamples.notice("revocation"))
    }

    @Test(
        "Every ground belongs to one act; what was taken back is only struck off afterwards",
        arguments: AfterGround.allCases)
    func grounds(_ ground: AfterGround) throws {
        var trial = try completed()
        try trial.go(takeBack(ground), by: "head")
        #expect(try trial.current.afterwards?.kind == ground.kind)
        #expect(try trial.refused(takeBack(.abuse), by: "head") == "cases.refused.takenBack")
        if ground.kind != .annulled {
            try trial.go(takeBack(.takenBack), by: "head")
            #expect(try trial.current.afterwards?.kind == .annulled)
        }
    }

    @Test("A correction changes the slip and nothing else")
    func corrected() throws {
        var trial = try completed()
        let before = try #require(trial.current.result)
        try trial.go(
            CorrectResult(
                until: day("2031-03-19"), words: LawSamples.words, notice: LawSamples.notice("correction-of-result")),
            by: "clerk")
        let after = try #require(trial.current.result)
        #expect(after.number == before.number && after.on == before.on && after.until == day("2031-03-19"))
    }

    @Test(
        "Set aside by a review or a judgment, the case is open again with fresh limits",
        arguments: [
            CaseStage.completed, .refused,
        ])
    func redecided(_ stage: CaseStage) throws {
        var trial = try CaseTrial(at: stage, LawSamples.rules())
        trial.now = morning("2026-04-20")
        try trial.go(
            Redecide(cause: .judgment, words: LawSamples.words, notice: LawSamples.notice("redecision")), by: "head")
        #expect(try trial.current.stage == .accepted && trial.current.endedAt == nil && trial.current.result == nil)
        #expect(
            try trial.current.promised?.dueOn == CaseSamples.calendar.adding(workingDays: 10, to: day("2026-04-20")))
        #expect(trial.tasks.map(\.step) == ["review"])
        try trial.perform(.passReview(words: nil), by: "reviewer")
        try trial.perform(.approve(notice: LawSamples.notice("approval")), by: "approver")
    }

    @Test("Nothing is charged but what the item names")
    func fees() throws {
        let assess = AssessFee(amount: 1_250, words: LawSamples.words, notice: LawSamples.notice("fee"))
        func settle(_ standing: CaseFee.Standing) -> SettleFee {
            SettleFee(standing: standing, words: LawSamples.words)
        }
        var free = try CaseTrial(at: .accepted, LawSamples.rules())
        #expect(try free.refused(assess, by: "clerk") == "cases.refused.noFee")
        var item = LawSamples.item()
        item.fees = [
            Fee(
                id: "fee", project: LocalizedText(zh: "工本费"), amount: Money(fen: 1_250), unit: nil, basis: ["law"],
                payment: [.window], waived: nil)
        ]
        var trial = try CaseTrial(at: .accepted, CaseRules(item, version: 1))
        #expect(try trial.refused(settle(.paid), by: "clerk") == "cases.refused.noFee")
        try trial.go(assess, by: "clerk")
        #expect(try trial.refused(settle(.refunded), by: "clerk") == "cases.refused.feeStanding")
        try trial.go(settle(.paid), by: "clerk")
        try trial.go(settle(.refunded), by: "clerk")
        #expect(try trial.current.fee?.standing == .refunded)
    }

    @Test("The regulator is told once and says that it knows; the volume is closed once")
    func archive() throws {
        var trial = try completed()
        try trial.go(Push(department: "health", words: LawSamples.words), by: "clerk")
        #expect(trial.tasks.map(\.queue) == ["health/reviewer"])
        try trial.go(Acknowledge(words: LawSamples.words), by: "h")
        #expect(trial.tasks.isEmpty)
        let archive = Archive(
            keptUntil: day("2036-03-12"), words: LawSamples.words, notice: LawSamples.notice("archive"))
        try trial.go(archive, by: "clerk")
        #expect(try trial.refused(archive, by: "clerk") == "cases.refused.archivedOnce")
    }

    @Test("An instant decision goes from receipt to result; a sampled one leaves a task for a person")
    func instant() throws {
        for sampled in [false, true] {
            var trial = try CaseTrial(at: .received, LawSamples.rules())
            let decide = DecideInstantly(
                result: CaseSamples.result(), notices: [LawSamples.notice("approval")], sampled: sampled)
            #expect(try trial.refused(decide, by: "clerk") == "cases.conflict.received")
            try trial.go(decide, by: nil)
            #expect(try trial.current.stage == .completed && trial.current.result != nil)
            #expect(trial.tasks.map(\.step) == (sampled ? ["check"] : []))
            #expect(trial.timers.keys.sorted() == (sampled ? [TimerName.followUp] : []))
        }
        #expect((1...2_000).count { CasesAPI.isSampled("5101062026031201\($0)", 10) } > 120)
        #expect(!CasesAPI.isSampled("510106", nil))
    }

    @Test(
        "What the office thinks early is told, and the case stays where it is",
        arguments: [
            CaseStage.received, .correcting,
        ])
    func early(_ stage: CaseStage) throws {
        var trial = try CaseTrial(at: stage, LawSamples.rules())
        try trial.go(PreReview(words: LawSamples.words), by: "clerk")
        #expect(try trial.current.stage == stage && trial.messages.last == "cases.preReviewed")
    }
}
