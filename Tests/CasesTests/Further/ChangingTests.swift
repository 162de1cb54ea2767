import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// Reporting up, corrections on the spot, change and succession, false applications.
@Suite("Reported up, corrected, changed")
struct ChangingTests {
    private let words = LawSamples.words

    private func reported() throws -> CaseTrial {
        var item = LawSamples.item()
        item.reportUp = ReportUp(to: "city", preliminary: Limit(20, .workingDays))
        var trial = try CaseTrial(at: .accepted, CaseRules(item, version: 3))
        #expect(
            try trial.refusedPlain(.passReview(words: nil), by: "reviewer") == "cases.refused.reportUpFirst")
        trial.now = morning("2026-03-17")
        try trial.go(ReportAbove(words: words, notice: LawSamples.notice("report-up")))
        return trial
    }

    private func answer(_ answer: SuperiorAnswer) -> EnterAnswer {
        EnterAnswer(
            answer: answer, words: words, notice: answer == .returned ? nil : LawSamples.notice("passed-on"))
    }

    @Test("Reported up, the organ above has twenty working days of its own, and nobody decides here")
    func superior() throws {
        var trial = try reported()
        #expect(try trial.current.promised?.dueOn == day("2026-04-15"))
        #expect(trial.timers[TimerName.statutory] == nil && trial.tasks.map(\.step) == ["answer"])
        let approval = CaseCommand.approve(notice: LawSamples.notice("approval"))
        #expect(try trial.refusedPlain(approval, by: "approver") == "cases.refused.superiorDecides")
        #expect(try trial.refusedPlain(.sendBack(words: words), by: "approver") == "cases.refused.superiorDecides")
        try trial.go(answer(.granted))
        #expect(try trial.current.stage == .approved && trial.tasks.map(\.step) == ["complete"])
        try trial.perform(.complete(CaseSamples.result(), notice: nil), by: "clerk")
        #expect(try trial.current.stage == .completed && trial.timers.isEmpty && trial.tasks.isEmpty)
    }

    @Test("Its refusal ends the case, and a file that comes back is examined again with the time of its own")
    func otherAnswers() throws {
        var trial = try reported()
        var refused = trial
        try refused.go(answer(.refused))
        #expect(try refused.current.stage == .refused && refused.timers.isEmpty && refused.tasks.isEmpty)
        trial.now = morning("2026-03-20")
        try trial.go(answer(.returned))
        #expect(try trial.current.stage == .accepted && trial.current.promised?.startedAt == trial.now)
        #expect(trial.tasks.map(\.step) == ["review"] && trial.tasks.first?.assignee == "reviewer")
        try trial.go(ReportAbove(words: words, notice: LawSamples.notice("report-up")))
        try trial.go(answer(.granted))
        #expect(try trial.refused(answer(.granted)) == "cases.conflict.approved")
    }

    @Test("What is decided here is not reported up")
    func here() throws {
        var trial = try CaseTrial(at: .accepted, LawSamples.rules())
        #expect(
            try trial.refused(ReportAbove(words: words, notice: LawSamples.notice("report-up")))
                == "cases.refused.notReportedUp")
    }

    @Test("The model finds no trap where the organ above decides")
    func model() throws {
        var item = LawSamples.item()
        item.reportUp = ReportUp(to: "city", preliminary: Limit(20, .workingDays))
        var model = CaseModel(everything: true)
        let finding = try model.explore(item)
        #expect(finding.faults == [])
        #expect(finding.events.isSuperset(of: ["reported-up", "superior-answered", "corrected-on-spot", "amended"]))
        #expect(
            finding.events.isSuperset(of: [
                "renewal-requested", "renewal-decided", "succeeded", "falsity-recorded", "papers-chased",
            ]))
    }

    @Test("A slip put right at once costs no time and needs no notice")
    func onSpot() throws {
        var trial = try CaseTrial(at: .received, LawSamples.rules())
        let (limit, timers) = (try trial.current.acceptance, trial.timers)
        let form = CaseSamples.sealed("form/9")
        #expect(
            try trial.refused(CorrectOnSpot(form: form, fields: ["nothing"], words: words), by: "clerk")
                == "cases.refused.unknownPoint")
        try trial.go(CorrectOnSpot(form: form, fields: ["area"], words: words), by: "clerk")
        #expect(try trial.current.form == form && trial.current.changedFields == ["area"])
        #expect(try trial.current.acceptance == limit && trial.timers == timers && trial.current.corrections == 0)
    }

    @Test("A change is asked for by the holder and decided within the item's time")
    func change() throws {
        var trial = try CaseTrial(at: .completed, LawSamples.rules())
        try trial.go(RequestChange(words: words), by: nil)
        #expect(try trial.refused(RequestChange(words: words), by: nil) == "cases.refused.changeAsked")
        #expect(trial.tasks.map(\.step) == ["amend"] && trial.timers.keys.contains(TimerName.change))
        var refused = trial
        try trial.go(Amend(granted: true, words: words, notice: LawSamples.notice("change")), by: "approver")
        #expect(try trial.current.amendments == 1 && trial.tasks.isEmpty && trial.timers.isEmpty)
        try refused.go(Amend(granted: false, words: words, notice: LawSamples.notice("change-refusal")), by: "approver")
        #expect(try refused.current.amendments == nil && refused.current.change == nil)
    }

    @Test("A successor takes the place of the applicant, or of the holder, and time runs on")
    func succession() throws {
        let form = CaseSamples.sealed("form/9")
        let succeed = Succeed(
            ground: .merger, form: form, words: words, notice: LawSamples.notice("succession"))
        for stage in [CaseStage.accepted, .completed] {
            var trial = try CaseTrial(at: stage, LawSamples.rules())
            let timers = trial.timers
            try trial.go(succeed, by: "approver")
            #expect(try trial.current.form == form && trial.timers == timers)
        }
        var trial = try CaseTrial(at: .completed, LawSamples.rules())
        try trial.go(
            TakeBack(ground: .fraud, words: words, notice: LawSamples.notice("revocation")), by: "head")
        #expect(try trial.refused(succeed, by: "approver") == "cases.conflict.completed")
    }

    @Test("A false application is put on record once, after it was refused for it")
    func falsity() throws {
        var trial = try CaseTrial(at: .refused, LawSamples.rules())
        let record = RecordFalsity(bars: true, words: words, notice: LawSamples.notice("falsity"))
        let events = try trial.go(record, by: "head")
        guard case .further(let further)? = events.first, let fact = further.fact as? FalsityRecorded else {
            Issue.record("no record")
            return
        }
        #expect(fact.until == day("2027-03-12"))
        #expect(try trial.refused(record, by: "head") == "cases.refused.falsityRecorded")
    }
}
