import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// Departments that decide together (行政许可法 art. 26): side by side, each with its own task and end.
@Suite("Joint handling")
struct JointTests {
    private func trial(_ objection: JointHandling.Objection = .meeting, overdue: JointHandling.Overdue = .waits) throws
        -> CaseTrial
    {
        try CaseTrial(at: .accepted, LawSamples.rules(objection: objection, overdue: overdue))
    }

    @Test("With the acceptance each department gets a task in its own queue, beside the review")
    func opened() throws {
        let trial = try trial()
        #expect(trial.tasks.map(\.queue).sorted() == ["fire/reviewer", "health/reviewer", "market/reviewer"])
        #expect(Set(trial.timers.keys).isSuperset(of: ["opinion/fire", "opinion/health"]))
        #expect(try trial.current.branches?.map(\.limit.dueOn) == [day("2026-03-17"), day("2026-03-17")])
    }

    @Test("An item that does not decide jointly opens nothing more: its events and state stay as they were")
    func plain() throws {
        let trial = try CaseTrial(at: .accepted)
        #expect(trial.events.count == 3 && trial.tasks.count == 1)
        #expect(try !canonical(trial.current).contains("branches"))
    }

    @Test("The review waits for every opinion; each closes its own task only")
    func waits() throws {
        var trial = try trial()
        try trial.go(LawSamples.opinion("health", .agree), by: "h")
        #expect(trial.tasks.map(\.queue).sorted() == ["fire/reviewer", "market/reviewer"])
        #expect(try trial.refusedPlain(.passReview(words: nil), by: "reviewer") == "cases.refused.opinionsOpen")
        #expect(try trial.refused(LawSamples.opinion("health", .object)) == "cases.refused.opinionOver")
        try trial.go(LawSamples.opinion("fire", .notApplicable), by: "f")
        try trial.perform(.passReview(words: nil), by: "reviewer")
        #expect(try trial.current.stage == .approving)
    }

    @Test("Taking the case's task leaves the other departments' tasks alone")
    func ownTasks() throws {
        var trial = try trial()
        try trial.perform(.claim, by: "reviewer")
        #expect(trial.tasks.filter { $0.assignee != nil }.map(\.queue) == ["market/reviewer"])
    }

    @Test("An objection goes back to its department, and the others' answers stay")
    func back() throws {
        var trial = try trial(.back)
        try trial.go(LawSamples.opinion("health", .conditions), by: "h")
        try trial.go(LawSamples.opinion("fire", .object), by: "f")
        #expect(try trial.refusedPlain(.passReview(words: nil), by: "reviewer") == "cases.refused.objectionBack")
        try trial.go(AskOpinions(departments: ["fire"], words: LawSamples.words))
        #expect(try trial.current.branches?.first { $0.department == "health" }?.opinion == .conditions)
        #expect(try trial.current.branches?.first { $0.department == "fire" }?.round == 2)
        try trial.go(LawSamples.opinion("fire", .agree), by: "f")
        try trial.perform(.passReview(words: nil), by: "reviewer")
        #expect(try trial.current.stage == .approving)
    }

    @Test("An objection leads to a joint meeting, whose conclusion lets the case go on or ends in refusal")
    func meeting() throws {
        for conclusion in Meeting.Conclusion.allCases {
            var trial = try trial()
            try trial.go(LawSamples.opinion("health", .agree), by: "h")
            try trial.go(LawSamples.opinion("fire", .object), by: "f")
            #expect(try trial.refusedPlain(.passReview(words: nil), by: "reviewer") == "cases.refused.objectionMeeting")
            #expect(
                try trial.refused(ConcludeMeeting(conclusion: .goOn, words: LawSamples.words))
                    == "cases.refused.noMeeting")
            try trial.go(
                ConveneMeeting(on: morning("2026-03-16"), departments: ["fire"], words: LawSamples.words))
            trial.now = morning("2026-03-16")
            try trial.go(ConcludeMeeting(conclusion: conclusion, words: LawSamples.words))
            try trial.perform(.passReview(words: nil), by: "reviewer")
            let approve = CaseCommand.approve(notice: LawSamples.notice("approval"))
            if conclusion == .goOn {
                try trial.perform(approve, by: "approver")
                #expect(try trial.current.stage == .approved)
            } else {
                #expect(try trial.refusedPlain(approve, by: "approver") == "cases.refused.meetingRefused")
                try trial.perform(
                    .refuse(words: LawSamples.words, notice: LawSamples.notice("refusal")), by: "approver")
                #expect(try trial.current.stage == .refused)
            }
        }
    }

    @Test("Where the item says so, an objection leads to refusal")
    func refusal() throws {
        var trial = try trial(.refusal)
        try trial.go(LawSamples.opinion("health", .agree), by: "h")
        try trial.go(LawSamples.opinion("fire", .object), by: "f")
        try trial.perform(.passReview(words: nil), by: "reviewer")
        #expect(
            try trial.refusedPlain(.approve(notice: LawSamples.notice("approval")), by: "approver")
                == "cases.refused.objectionRefusal")
    }

    @Test("Silence counts as agreement only where the item says so", arguments: JointHandling.Overdue.allCases)
    func silence(_ rule: JointHandling.Overdue) throws {
        var trial = try trial(.meeting, overdue: rule)
        try trial.letFallDue("opinion/fire")
        #expect(
            try trial.current.branches?.first { $0.department == "fire" }?.opinion == (rule == .agreed ? .overdue : nil)
        )
    }

    @Test("Departments' queries go into the lead's one notice")
    func queries() throws {
        var trial = try trial()
        try trial.go(QueryBranch(department: "fire", words: LawSamples.words), by: "f")
        try trial.go(QueryBranch(department: "health", words: LawSamples.words), by: "h")
        #expect(
            try trial.refused(QueryBranch(department: "fire", words: LawSamples.words)) == "cases.refused.queryOpen")
        try trial.go(
            RequestPapers(
                kind: .missing, points: [CaseSamples.point("m.plan")], days: 5, words: LawSamples.words,
                notice: LawSamples.notice("missing-papers")))
        #expect(try trial.current.branches?.allSatisfy { $0.query == nil } == true)
    }

    @Test("Whatever ends the case ends every department's task and clock")
    func ended() throws {
        var trial = try trial()
        try trial.perform(.withdraw(reason: nil))
        #expect(trial.tasks.isEmpty && trial.timers.isEmpty)
    }
}
