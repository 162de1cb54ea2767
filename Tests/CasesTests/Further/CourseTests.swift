import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// Hearings, publicity, standstill, other hands.
@Suite("The course of a review")
struct CourseTests {
    private func accepted() throws -> CaseTrial { try CaseTrial(at: .accepted, LawSamples.rules()) }
    private let tell = TellInterested(words: LawSamples.words, notice: LawSamples.notice("hearing-right"))
    private let ask = RequestHearing(words: LawSamples.words)

    private func announce(_ on: String, chair: String = "chair") -> AnnounceHearing {
        AnnounceHearing(
            on: morning(on), chair: chair, words: LawSamples.words, notice: LawSamples.notice("hearing"))
    }

    private func approving(_ trial: inout CaseTrial) throws {
        try trial.perform(.passReview(words: nil), by: "reviewer")
    }

    // MARK: Hearings (行政许可法 arts. 36, 45–48)

    @Test("Told of it, those concerned have five working days to ask; the decision waits for them")
    func told() throws {
        var trial = try accepted()
        try trial.go(tell)
        #expect(try trial.current.hearing?.requestBy?.dueOn == day("2026-03-19"))
        try approving(&trial)
        let approve = CaseCommand.approve(notice: LawSamples.notice("approval"))
        #expect(try trial.refusedPlain(approve, by: "approver") == "cases.refused.hearingWaits")
        trial.now = morning("2026-03-20")
        #expect(try trial.refused(ask, by: nil) == "cases.refused.hearingLate")
        try trial.perform(approve, by: "approver")
        #expect(try trial.current.stage == .approved)
    }

    @Test("A hearing asked for is held within twenty working days, announced seven days before, by another chair")
    func asked() throws {
        var trial = try accepted()
        #expect(try trial.refused(ask, by: nil) == "cases.refused.hearingUntold")
        try trial.go(tell)
        trial.now = morning("2026-03-16")
        try trial.go(ask, by: nil)
        #expect(try trial.refused(announce("2026-03-20")) == "cases.fault.hearingSoon")
        #expect(try trial.refused(announce("2026-05-20")) == "cases.fault.hearingLate")
        #expect(try trial.refused(announce("2026-03-25", chair: "reviewer")) == "cases.fault.hearingChair")
        try trial.go(announce("2026-03-25"))
        #expect(try trial.current.isPaused)
        let held = HoldHearing(words: LawSamples.words)
        #expect(try trial.refused(held) == "cases.refused.hearingNotYet")
        trial.now = morning("2026-03-25")
        try trial.go(held)
        #expect(try !trial.current.isPaused && trial.current.hearing?.heldAt != nil)
        try approving(&trial)
        try trial.perform(.approve(notice: LawSamples.notice("approval")), by: "approver")
    }

    @Test("Of its own motion the organ may hold one without anybody asking")
    func exOfficio() throws {
        var trial = try accepted()
        try trial.go(announce("2026-03-19"))
        #expect(try trial.current.isPaused && trial.current.hearing?.requestedAt == nil)
        #expect(try trial.refused(tell) == "cases.refused.hearingRuns")
    }

    // MARK: Publicity

    @Test("What is publicised is decided afterwards, with every objection answered; the clock runs on")
    func publicity() throws {
        var trial = try accepted()
        let before = try trial.current.promised
        try trial.go(Publicise(until: day("2026-03-17"), words: LawSamples.words))
        #expect(try trial.current.promised == before)
        try trial.go(RecordObjection(words: LawSamples.words))
        try approving(&trial)
        let approve = CaseCommand.approve(notice: LawSamples.notice("approval"))
        #expect(try trial.refusedPlain(approve, by: "approver") == "cases.refused.publicityRuns")
        trial.now = morning("2026-03-18")
        #expect(try trial.refusedPlain(approve, by: "approver") == "cases.refused.objectionOpen")
        #expect(try trial.refused(RecordObjection(words: LawSamples.words)) == "cases.refused.publicityOver")
        try trial.go(ResolveObjection(upheld: false, words: LawSamples.words))
        #expect(
            try trial.refused(ResolveObjection(upheld: true, words: LawSamples.words)) == "cases.refused.noObjection")
        try trial.perform(approve, by: "approver")
    }

    // MARK: Standstill

    @Test("A stay stops the clock, a procedure inside it does not set it going")
    func stay() throws {
        var trial = try accepted()
        trial.now = morning("2026-03-16")
        try trial.go(
            StayCase(ground: .otherCase, words: LawSamples.words, notice: LawSamples.notice("stay")), by: "approver")
        #expect(try trial.current.isPaused)
        try trial.go(LawSamples.start("experts"))
        trial.now = morning("2026-03-20")
        try trial.go(LiftStay(words: LawSamples.words), by: "approver")
        #expect(try trial.current.isPaused)
        try trial.go(LawSamples.end("experts"))
        #expect(try trial.current.promised?.dueOn == CaseSamples.calendar.adding(workingDays: 8, to: day("2026-03-20")))
    }

    @Test("A procedure that ends while the case rests does not set the clock going")
    func stayOutlasts() throws {
        var trial = try accepted()
        try trial.go(LawSamples.start("experts"))
        try trial.go(
            StayCase(ground: .forceMajeure, words: LawSamples.words, notice: LawSamples.notice("stay")),
            by: "approver")
        try trial.go(LawSamples.end("experts"))
        #expect(try trial.current.isPaused)
        try trial.go(LiftStay(words: LawSamples.words), by: "approver")
        #expect(try !trial.current.isPaused)
    }

    @Test("A termination ends the case in writing, whatever stands or runs")
    func terminated() throws {
        var trial = try accepted()
        try trial.go(LawSamples.start("experts"))
        try trial.go(
            Terminate(ground: .person, words: LawSamples.words, notice: LawSamples.notice("termination")),
            by: "approver")
        #expect(try trial.current.stage == .terminated && trial.current.endedAt != nil)
        #expect(trial.timers.isEmpty && trial.tasks.isEmpty)
    }

    // MARK: Hands

    @Test("A transferred case goes on in the other department's queues, within the same limits")
    func transferred() throws {
        var trial = try accepted()
        let before = try trial.current.promised
        try trial.go(Transfer(department: "health", words: LawSamples.words, notice: LawSamples.notice("transfer")))
        #expect(try trial.current.department == "health" && trial.current.promised == before)
        #expect(trial.tasks.map(\.queue) == ["health/reviewer"])
        let rules = trial.rules.handled(by: "health")
        #expect(rules.link(.approve)?.queue == "health/approver")
        #expect(rules.handled(by: "health") == rules)
    }

    @Test("Who withdrew for nearness acts no more, and does not get the case back")
    func recused() throws {
        var trial = try accepted()
        let change = ChangeHandler(to: "second", recused: true, words: LawSamples.words)
        #expect(try trial.refused(change, by: "head") == "cases.refused.nobodyRecused")
        try trial.perform(.claim, by: "reviewer")
        try trial.go(change, by: "head")
        #expect(try trial.current.assignee == "second" && trial.tasks.first?.assignee == "second")
        #expect(try trial.refusedPlain(.passReview(words: nil), by: "reviewer") == "cases.refused.recused")
        let back = ChangeHandler(to: "reviewer", recused: false, words: LawSamples.words)
        #expect(try trial.refused(back, by: "head") == "cases.fault.colleague")
        try trial.perform(.passReview(words: nil), by: "second")
    }
}
