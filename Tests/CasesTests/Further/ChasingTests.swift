import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 催办: awaited papers are asked for again before their day, and what happens when they do not come.
@Suite("Chasing of awaited papers")
struct ChasingTests {
    static func lacking(_ rules: CaseRules = LawSamples.rules()) throws -> CaseTrial {
        var trial = CaseTrial(rules)
        let plain = CaseSamples.submission()
        try trial.perform(
            .submit(
                Submission(
                    number: plain.number, owner: plain.owner, bucket: plain.bucket, subject: plain.subject,
                    channel: .web, form: plain.form, files: [CaseSamples.file("lease")], onPaper: false,
                    receipt: plain.receipt, lacking: ["plan"])))
        try trial.go(
            AcceptLacking(
                materials: ["plan"], words: LawSamples.words, notice: LawSamples.notice("lacking-acceptance")),
            by: "clerk")
        return trial
    }

    @Test("The clock reminds half the time through and on the last day, at nine, and then never again")
    func byItself() throws {
        var trial = try Self.lacking()
        // Thursday 12 March, five working days: until Thursday 19.
        #expect(trial.timers[TimerName.reminder]?.dueAt == day("2026-03-16").start.adding(seconds: 9 * 3600))
        try trial.letFallDue(TimerName.reminder)
        #expect(trial.timers[TimerName.reminder]?.dueAt == day("2026-03-19").start.adding(seconds: 9 * 3600))
        try trial.letFallDue(TimerName.reminder)
        #expect(trial.timers[TimerName.reminder] == nil && trial.timers[TimerName.papers] != nil)
        #expect(trial.messages.filter { $0 == "cases.papersChased" }.count == 2)
        try trial.letFallDue(TimerName.papers)
        #expect(try trial.current.stage == .lapsed && trial.timers.isEmpty)
    }

    @Test("What came is not asked for again")
    func delivered() throws {
        var trial = try Self.lacking()
        try trial.perform(CaseSamples.supplement(files: ["plan"]))
        #expect(trial.timers[TimerName.reminder] == nil)
        #expect(try trial.refused(ChasePapers(words: LawSamples.words)) == "cases.refused.nothingAwaited")
    }

    @Test("An officer reminds once a day, and the clock goes on reminding")
    func byOfficer() throws {
        var trial = try Self.lacking()
        let chase = ChasePapers(words: LawSamples.words)
        try trial.go(chase)
        #expect(trial.timers[TimerName.reminder]?.dueAt == day("2026-03-16").start.adding(seconds: 9 * 3600))
        #expect(try trial.refused(chase) == "cases.refused.chasedToday")
        trial.now = morning("2026-03-13")
        try trial.go(chase)
        #expect(trial.messages.filter { $0 == "cases.papersChased" }.count == 2)
    }

    @Test("Where the item decides on what is there the case goes on, and what is missing is not granted")
    func decides() throws {
        var item = LawSamples.item()
        item.onLapse = .decide
        var trial = try Self.lacking(CaseRules(item, version: 3))
        try trial.letFallDue(TimerName.papers)
        #expect(try trial.current.stage == .accepted && trial.current.unbrought == ["plan"])
        try trial.perform(.passReview(words: nil), by: "reviewer")
        #expect(
            try trial.refusedPlain(.approve(notice: LawSamples.notice("approval")), by: "approver")
                == "cases.refused.lackingUnbrought")
        try trial.go(
            RequestPapers(
                kind: .missing, points: [CaseSamples.point("m.plan")], days: 3, words: LawSamples.words,
                notice: LawSamples.notice("missing-papers")))
        try trial.perform(CaseSamples.supplement(files: ["plan"]))
        try trial.perform(.approve(notice: LawSamples.notice("approval")), by: "approver")
        #expect(try trial.current.stage == .approved)
    }

    @Test("Without an approver the papers come before the result, and the case lapses whatever the item's rule")
    func unreviewed() throws {
        var item = LawSamples.item()
        item.stages = ItemShape.instant.stages
        item.onLapse = .decide
        var trial = try Self.lacking(CaseRules(item, version: 3))
        #expect(try trial.current.stage == .approved)
        #expect(
            try trial.refusedPlain(.complete(CaseSamples.result(), notice: nil), by: "clerk")
                == "cases.refused.lackingOpen")
        try trial.letFallDue(TimerName.papers)
        #expect(try trial.current.stage == .lapsed && trial.timers.isEmpty && trial.tasks.isEmpty)
    }

    @Test("A correction is asked for again like awaited papers, then lapses by the item's rule")
    func correction() throws {
        var trial = try CaseTrial(at: .received, LawSamples.rules())
        try trial.perform(CaseSamples.correction(["m.lease"]), by: "clerk")
        let limit = try #require(try trial.current.correction)
        #expect(trial.timers[TimerName.reminder]?.dueAt ?? limit.dueAt < limit.dueAt)
        // An officer may do so besides, once a day, and the clock goes on.
        let chase = ChasePapers(words: LawSamples.words)
        try trial.go(chase, by: "clerk")
        #expect(try trial.refused(chase, by: "clerk") == "cases.refused.chasedToday")
        try trial.letFallDue(TimerName.reminder)
        try trial.letFallDue(TimerName.reminder)
        #expect(trial.timers[TimerName.reminder] == nil && trial.timers[TimerName.correction] != nil)
        #expect(trial.messages.filter { $0 == "cases.papersChased" }.count == 3)
        var answered = try CaseTrial(at: .correcting, LawSamples.rules())
        #expect(answered.timers[TimerName.reminder] != nil)
        try answered.perform(CaseSamples.supplement(files: ["lease"]))
        #expect(try answered.timers[TimerName.reminder] == nil && answered.current.chasing == nil)
        try trial.letFallDue(TimerName.correction)
        #expect(try trial.current.stage == .lapsed && trial.timers.isEmpty && trial.tasks.isEmpty)
    }

    @Test("A time that ends today has no reminder")
    func short() throws {
        let trial = CaseTrial()
        let context = CaseContext(
            at: trial.now, rules: trial.rules, calendar: trial.calendar, officer: nil)
        let limit = CaseProcedure.running(Limit(2, .hours), from: trial.now, context)
        #expect(CaseProcedure.reminders(limit, context).isEmpty)
    }
}
