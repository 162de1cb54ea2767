import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 行政许可法 art. 45: the time of what it lists is not counted; everything else consumes the limit. Art. 42: extension.
@Suite("Special procedures and extension")
struct SpecialProcedureTests {
    private func accepted() throws -> CaseTrial { try CaseTrial(at: .accepted, LawSamples.rules()) }

    @Test("An expert review stops both limits and the task; its end lets them go on with what was left")
    func stopped() throws {
        var trial = try accepted()
        let before = try #require(trial.current.promised)
        #expect(before.dueOn == day("2026-03-26"))
        // Two working days are used: Friday 13 and Monday 16.
        trial.now = morning("2026-03-16")
        try trial.go(LawSamples.start("experts"))
        #expect(try trial.current.isPaused)
        #expect(trial.paused.keys.sorted() == [TimerName.promised, TimerName.statutory])
        #expect(trial.tasks.first?.dueAt == Light.paused)
        #expect(trial.messages.last == "cases.procedureStarted")
        trial.now = morning("2026-04-20")
        try trial.go(LawSamples.end("experts"))
        // Eight of ten are left, counted from the day after the end.
        #expect(try trial.current.promised?.dueOn == day("2026-04-30"))
        #expect(
            try trial.current.statutory?.dueOn == CaseSamples.calendar.adding(workingDays: 18, to: day("2026-04-20")))
        #expect(trial.paused.isEmpty)
        #expect(trial.timers[TimerName.promised]?.dueAt == day("2026-04-30").end)
        #expect(try trial.tasks.first?.dueAt ?? Light.paused <= trial.current.promised?.dueAt ?? trial.now)
        #expect(try !trial.current.isPaused && trial.current.procedures == nil)
    }

    @Test(
        "Inspection consumes the limit, also where an item claims otherwise without a law",
        arguments: ["visit", "bold"])
    func consumed(_ id: String) throws {
        var trial = try accepted()
        let before = try trial.current.promised
        try trial.go(LawSamples.start(id))
        #expect(try trial.current.promised == before && trial.paused.isEmpty)
        try trial.go(LawSamples.end(id))
        #expect(try trial.current.promised == before)
    }

    @Test("A special law that the item names stops the clock too")
    func bySpecialLaw() throws {
        var trial = try accepted()
        try trial.go(LawSamples.start("lawful"))
        #expect(try trial.current.isPaused)
    }

    @Test("Nested procedures: the clock stands from the first that stops it to the last")
    func nested() throws {
        var trial = try accepted()
        trial.now = morning("2026-03-16")
        try trial.go(LawSamples.start("experts"))
        trial.now = morning("2026-03-18")
        try trial.go(LawSamples.start("lab"))
        trial.now = morning("2026-03-20")
        try trial.go(LawSamples.end("experts"))
        #expect(try trial.current.isPaused)
        trial.now = morning("2026-03-24")
        try trial.go(LawSamples.end("lab"))
        #expect(try trial.current.promised?.dueOn == day("2026-04-03"))
    }

    @Test("A repeated procedure: what the first run used stays used")
    func repeated() throws {
        var trial = try accepted()
        trial.now = morning("2026-03-16")
        try trial.go(LawSamples.start("experts"))
        trial.now = morning("2026-03-20")
        try trial.go(LawSamples.end("experts"))
        trial.now = morning("2026-03-24")
        try trial.go(LawSamples.start("experts"))
        trial.now = morning("2026-04-10")
        try trial.go(LawSamples.end("experts"))
        // 2 days before the first stop, 2 between (23 and 24 March): six are left after 10 April.
        #expect(try trial.current.promised?.used == 4)
        #expect(try trial.current.promised?.dueOn == CaseSamples.calendar.adding(workingDays: 6, to: day("2026-04-10")))
    }

    @Test("Stopped and going on within one day, nothing has changed")
    func sameDay() throws {
        var trial = try accepted()
        let before = try trial.current.promised?.dueOn
        trial.now = morning("2026-03-17")
        try trial.go(LawSamples.start("experts"))
        trial.now = trial.now.adding(seconds: 3_600)
        try trial.go(LawSamples.end("experts"))
        #expect(try trial.current.promised?.dueOn == before)
    }

    @Test("Nothing is decided while the clock stands, but the applicant may withdraw")
    func standing() throws {
        var trial = try accepted()
        try trial.go(LawSamples.start("experts"))
        #expect(try trial.refusedPlain(.passReview(words: nil), by: "reviewer") == "cases.refused.paused")
        try trial.perform(.withdraw(reason: nil))
        #expect(try trial.current.stage == .withdrawn)
        #expect(trial.timers.isEmpty && trial.tasks.isEmpty)
    }

    @Test(
        "A stop is told in writing, with a day that has not passed; unknown, running and ended procedures are refused")
    func guarded() throws {
        var trial = try accepted()
        let untold = StartProcedure(
            procedure: "experts", expected: day("2026-05-01"), words: LawSamples.words, notice: nil)
        #expect(try trial.refused(untold) == "cases.refused.untold")
        #expect(try trial.refused(LawSamples.start("experts", until: "2026-03-01")) == "cases.fault.dayPast")
        #expect(try trial.refused(LawSamples.start("auction")) == "cases.refused.unknownProcedure")
        #expect(try trial.refused(LawSamples.end("experts")) == "cases.refused.procedureOver")
        try trial.go(LawSamples.start("experts"))
        #expect(try trial.refused(LawSamples.start("experts")) == "cases.refused.procedureRuns")
    }

    @Test("A change of the calendar while the clock stands is counted when it goes on")
    func recounted() throws {
        var trial = try accepted()
        try trial.go(LawSamples.start("experts"))
        trial.calendar = try WorkCalendar(
            version: 8, years: [PublishedYear(2026, off: [day("2026-03-17")], work: [])])
        #expect(try trial.recount().isEmpty)
        trial.now = morning("2026-03-16")
        try trial.go(LawSamples.end("experts"))
        #expect(try trial.current.promised?.dueOn == trial.calendar.adding(workingDays: 10, to: day("2026-03-16")))
    }

    // MARK: Extension (art. 42)

    @Test("The head extends once, by up to ten working days, with the reason told")
    func extended() throws {
        var trial = try accepted()
        #expect(try trial.refused(LawSamples.extend(11), by: "head") == "cases.fault.extensionDays")
        try trial.go(LawSamples.extend(10), by: "head")
        #expect(
            try trial.current.promised?.dueOn == CaseSamples.calendar.adding(workingDays: 20, to: day("2026-03-12")))
        #expect(
            try trial.current.statutory?.dueOn == CaseSamples.calendar.adding(workingDays: 30, to: day("2026-03-12")))
        #expect(try trial.timers[TimerName.promised]?.dueAt == trial.current.promised?.dueAt)
        #expect(try trial.current.notices.last?.kind == "extension")
        #expect(try trial.refused(LawSamples.extend(1), by: "head") == "cases.refused.extendedOnce")
    }

    @Test("What has run out is not extended; several organs have fifteen days")
    func extensionRules() throws {
        var late = try accepted()
        late.now = day("2026-06-01").start
        #expect(try late.refused(LawSamples.extend(5), by: "head") == "cases.refused.extensionLate")
        var joint = try CaseTrial(at: .accepted, LawSamples.rules(objection: .meeting))
        try joint.go(LawSamples.extend(15), by: "head")
        #expect(try joint.current.extended?.days == 15)
    }

    @Test("An extension while the clock stands is kept when it goes on")
    func extendedStanding() throws {
        var trial = try accepted()
        try trial.go(LawSamples.start("experts"))
        try trial.go(LawSamples.extend(10), by: "head")
        #expect(try trial.current.isPaused && trial.tasks.first?.dueAt == Light.paused)
        trial.now = morning("2026-04-20")
        try trial.go(LawSamples.end("experts"))
        #expect(
            try trial.current.promised?.dueOn == CaseSamples.calendar.adding(workingDays: 20, to: day("2026-04-20")))
    }
}
