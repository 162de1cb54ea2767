import Kernel
import Testing
import Workflow

@testable import Cases

/// 行政许可法 arts. 29, 32, 42, 82.
@Suite("Submission and acceptance")
struct AcceptanceTests {
    @Test("What is handed in online is received at once, with five working days to answer")
    func online() throws {
        var trial = CaseTrial()
        let events = try trial.perform(.submit(CaseSamples.submission()))
        #expect(events.map(\.name) == ["submitted", "received"])
        let state = try trial.current
        #expect(state.stage == .received)
        #expect(state.receivedAt == trial.now)
        #expect(state.acceptance?.dueOn == day("2026-03-19"))
        #expect(state.acceptance?.dueAt == day("2026-03-20").start)
        #expect(trial.tasks.map(\.queue) == ["market/clerk"])
    }

    @Test("Make-up days count as working days, holidays do not")
    func springFestival() throws {
        var trial = CaseTrial()
        trial.now = morning("2026-02-12")
        try trial.perform(.submit(CaseSamples.submission()))
        #expect(try trial.current.acceptance?.dueOn == day("2026-02-26"))
    }

    @Test("Papers by courier start the five days only when they arrive")
    func courier() throws {
        var trial = CaseTrial()
        let events = try trial.perform(.submit(CaseSamples.submission(onPaper: true)))
        #expect(events.map(\.name) == ["submitted"])
        #expect(trial.timers.isEmpty)
        #expect(trial.tasks.isEmpty)
        trial.now = morning("2026-03-16")
        try trial.perform(.receive, by: "clerk")
        #expect(try trial.current.acceptance?.dueOn == day("2026-03-23"))
    }

    @Test("Until papers are received there is no task to take")
    func nothingToTake() throws {
        var trial = try CaseTrial(at: .submitted)
        #expect(
            try refusal { try trial.perform(.claim, by: "clerk") } == .conflict(Message("cases.conflict.submitted")))
        #expect(
            try refusal { try trial.perform(.assign("clerk"), by: "head") }
                == .conflict(Message("cases.conflict.submitted")))
    }

    @Test("Acceptance stops the five days and starts the promised and the statutory limit")
    func acceptance() throws {
        var trial = try CaseTrial(at: .received)
        trial.now = morning("2026-03-13")
        try trial.perform(.accept(notice: CaseSamples.notice("acceptance", at: trial.now)), by: "clerk")
        let state = try trial.current
        #expect(Set(trial.timers.keys) == ["promised", "statutory"])
        #expect(state.promised?.dueOn == day("2026-03-27"))
        #expect(state.statutory?.dueOn == day("2026-04-13"))
        #expect(state.acceptance == nil)
        #expect(state.acceptedBy == "clerk")
        #expect(!state.deemed)
        #expect(state.notices.map(\.kind) == ["receipt", "acceptance"])
    }

    @Test("An item without a statutory limit runs the promised one alone")
    func promisedAlone() throws {
        let trial = try CaseTrial(at: .accepted, CaseSamples.rules(statutory: nil))
        #expect(Set(trial.timers.keys) == ["promised"])
    }

    @Test("Five working days without an act mean acceptance as of the day of receipt")
    func deemed() throws {
        var trial = try CaseTrial(at: .received)
        let received = trial.now
        try trial.letFallDue("acceptance")
        let state = try trial.current
        #expect(state.stage == .accepted)
        #expect(state.deemed)
        #expect(state.acceptedBy == nil)
        #expect(state.promised?.startedAt == received)
        #expect(state.promised?.dueOn == day("2026-03-26"))
        #expect(state.statutory?.startedAt == received)
        #expect(state.statutory?.dueOn == day("2026-04-10"))
    }

    @Test("After a supplement the day of receipt is the day on which it came")
    func deemedAfterSupplement() throws {
        var trial = try CaseTrial(at: .correcting)
        trial.now = morning("2026-03-23")
        let supplemented = trial.now
        try trial.perform(CaseSamples.supplement(files: ["lease"]))
        try trial.letFallDue("acceptance")
        #expect(try trial.current.promised?.startedAt == supplemented)
        #expect(try trial.current.promised?.dueOn == day("2026-04-07"))
    }

    @Test("The five days that pass after an answer in time change nothing")
    func tooLateToDeem() throws {
        for stage in CaseStage.allCases where stage != .received {
            var trial = try CaseTrial(at: stage)
            #expect(CaseProcedure.command(onDue: "acceptance", try trial.current) == nil, "\(stage)")
            #expect(try trial.perform(.acceptanceFellDue).isEmpty, "\(stage)")
        }
    }

    @Test("What falls due of the promised or the statutory limit turns a light red and decides nothing")
    func lightsOnly() throws {
        for stage in CaseStage.allCases {
            let state = try CaseTrial(at: stage).current
            #expect(CaseProcedure.command(onDue: "promised", state) == nil)
            #expect(CaseProcedure.command(onDue: "statutory", state) == nil)
        }
    }

    @Test(
        "Another organ's matter is declined and what needs no licence is not accepted; both end the case with a notice")
    func ends() throws {
        for stage in [CaseStage.declined, .notNeeded] {
            let trial = try CaseTrial(at: stage)
            let state = try trial.current
            #expect(state.endedAt == trial.now)
            #expect(state.notices.count == 2)
            #expect(trial.tasks.isEmpty)
            #expect(trial.timers.isEmpty)
        }
    }

    @Test("A step's task is due by its own time, but never after the promise")
    func steps() throws {
        let roomy = try CaseTrial(at: .accepted)
        #expect(roomy.tasks.map(\.dueAt) == [day("2026-03-20").start])
        let tight = try CaseTrial(at: .accepted, CaseSamples.rules(promised: Limit(3, .workingDays)))
        #expect(tight.tasks.map(\.dueAt) == [day("2026-03-18").start])
    }

    @Test("An act of the office needs an officer")
    func officerNeeded() throws {
        var trial = try CaseTrial(at: .received)
        let notice = CaseSamples.notice("acceptance", at: trial.now)
        for command in [
            .accept(notice: notice), .claim, .assign("x"), .decline(words: CaseSamples.sealed("w"), notice: notice),
            .void(words: CaseSamples.sealed("w")), CaseSamples.correction(["m.lease"]),
        ] as [CaseCommand] {
            #expect(try refusal { try trial.perform(command) } == .forbidden)
        }
    }
}
