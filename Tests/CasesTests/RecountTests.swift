import Kernel
import Testing
import Workflow

@testable import Cases

/// The calendar changes while limits run (行政许可法 art. 82: by the days that are worked).
@Suite("Limits counted anew")
struct RecountTests {
    /// The samples' calendar with further days off and make-up days.
    private func calendar(off: [String] = [], work: [String] = []) throws -> WorkCalendar {
        let year = CaseSamples.holidays
        return try WorkCalendar(
            version: 8,
            years: [
                PublishedYear(2026, off: year.off.union(off.map(day)), work: year.work.union(work.map(day)))
            ])
    }

    @Test("A holiday declared for tomorrow moves the last day, the light and the task by one working day")
    func holiday() throws {
        var trial = try CaseTrial(at: .received)
        #expect(try trial.current.acceptance?.dueOn == day("2026-03-19"))
        trial.calendar = try calendar(off: ["2026-03-13"])
        let events = try trial.recount()
        #expect(events.count == 1)
        #expect(try trial.current.acceptance?.dueOn == day("2026-03-20"))
        #expect(trial.timers["acceptance"]?.dueAt == day("2026-03-20").end)
        #expect(trial.timers["acceptance"]?.warnAt == day("2026-03-20").start)
        #expect(trial.tasks.map(\.dueAt) == [day("2026-03-20").end])
        #expect(trial.calendarVersion == 8)
        #expect(trial.messages.last == "cases.acceptanceMoved")
        #expect(try trial.recount().isEmpty, "counted twice, nothing is counted twice")
    }

    @Test("Both limits and the open task of an accepted case are counted from their own beginning")
    func accepted() throws {
        var trial = try CaseTrial(at: .accepted)
        let before = try trial.current
        trial.now = morning("2026-03-13")
        try trial.perform(.passReview(words: nil), by: "reviewer")
        trial.calendar = try calendar(off: ["2026-03-16", "2026-03-17"])
        try trial.recount()
        let state = try trial.current
        let calendar = trial.calendar
        for (old, new) in [(before.promised, state.promised), (before.statutory, state.statutory)] {
            let (old, new) = (try #require(old), try #require(new))
            #expect(new.dueOn == calendar.deadline(after: old.startedAt, limit: old.limit).date)
            #expect(calendar.workingDays(from: old.dueOn, to: new.dueOn) == 2)
        }
        // Two working days for the approver, from the day on which the task came.
        #expect(trial.tasks.map(\.dueAt) == [day("2026-03-19").end])
        #expect(trial.messages.last == "cases.resultMoved")
    }

    @Test("A make-up day brings the office's end nearer, but never into the past")
    func makeUpDay() throws {
        var trial = try CaseTrial(at: .received)
        trial.calendar = try calendar(work: ["2026-03-14"])
        try trial.recount()
        #expect(try trial.current.acceptance?.dueOn == day("2026-03-18"))

        var late = try CaseTrial(at: .received)
        late.now = morning("2026-03-19")
        late.calendar = try calendar(work: ["2026-03-14", "2026-03-15"])
        #expect(try late.recount().isEmpty)
        #expect(late.timers["acceptance"]?.dueAt == day("2026-03-19").end)
    }

    @Test("The day an applicant was told may come later, never earlier")
    func correction() throws {
        var trial = try CaseTrial(at: .correcting)
        let told = try #require(try trial.current.correction?.dueOn)
        trial.calendar = try calendar(work: ["2026-03-14", "2026-03-15"])
        #expect(try trial.recount().isEmpty)
        trial.calendar = try calendar(off: ["2026-03-13"])
        try trial.recount()
        #expect(try trial.current.correction?.dueOn == CaseSamples.calendar.adding(workingDays: 1, to: told))
        #expect(trial.messages.last == "cases.correctionMoved")
    }

    @Test("A case that has ended is left alone, and after the decision nobody is told")
    func ended() throws {
        let other = try calendar(off: ["2026-03-13"])
        for stage in CaseStage.allCases {
            var trial = try CaseTrial(at: stage)
            trial.calendar = other
            let told = trial.messages.count
            let events = try trial.recount()
            #expect(events.isEmpty == (stage.isEnded || stage == .submitted), "\(stage)")
            if stage == .approved { #expect(trial.messages.count == told) }
        }
    }

    @Test("A year that is published as it was reckoned only stops being provisional")
    func published() throws {
        var trial = CaseTrial()
        trial.calendar = .weekendsOnly
        try trial.perform(.submit(CaseSamples.submission()))
        #expect(try trial.current.acceptance?.provisional == true)
        let told = trial.messages
        trial.calendar = CaseSamples.calendar
        try trial.recount()
        #expect(try trial.current.acceptance?.provisional == false)
        #expect(trial.messages == told)
    }

    @Test("What does not run cannot have been counted anew")
    func impossible() throws {
        var trial = try CaseTrial(at: .received)
        trial.calendar = try calendar(off: ["2026-03-13"])
        let event = try #require(try trial.recount().first)
        let accepted = try CaseTrial(at: .accepted).current
        #expect(throws: JournalError.self) { try CaseProcedure.evolve(accepted, event) }
        let ended = try CaseTrial(at: .withdrawn).current
        #expect(throws: JournalError.self) { try CaseProcedure.evolve(ended, event) }
    }
}
