import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// 行政许可法 art. 32 (4): everything that needs correction is told once, on the spot or within five days.
@Suite("Correction")
struct CorrectionTests {
    @Test("A correction notice lists everything once")
    func once() throws {
        var trial = try CaseTrial(at: .received)
        try trial.perform(CaseSamples.correction(["m.lease", "f.area", "o.1"]), by: "clerk")
        let state = try trial.current
        #expect(state.stage == .correcting)
        #expect(state.points.map(\.id) == ["m.lease", "f.area", "o.1"])
        #expect(Set(trial.timers.keys) == ["correction", TimerName.reminder])
        #expect(trial.tasks.isEmpty)
        #expect(state.correction?.dueOn == day("2026-03-26"))
        let again = CaseSamples.correction(["m.plan"])
        #expect(
            try refusal { try trial.perform(again, by: "clerk") } == .conflict(Message("cases.conflict.correcting")))
    }

    @Test("A notice without a point is none, and a point names something the item asks for")
    func points() throws {
        var trial = try CaseTrial(at: .received)
        #expect(
            try refusal { try trial.perform(CaseSamples.correction([]), by: "clerk") }
                == .refused(Message("cases.refused.noPoints")))
        for unknown in ["m.passport", "f.shoe-size"] {
            #expect(
                try refusal { try trial.perform(CaseSamples.correction(["m.lease", unknown]), by: "clerk") }
                    == .refused(Message("cases.refused.unknownPoint")))
        }
    }

    @Test(
        "The applicant gets one to sixty working days",
        arguments: [(0, false), (1, true), (60, true), (61, false), (-3, false)])
    func days(_ days: Int, _ allowed: Bool) throws {
        var trial = try CaseTrial(at: .received)
        let command = CaseSamples.correction(["m.lease"], days: days)
        if allowed {
            #expect(try trial.perform(command, by: "clerk").count == 1)
        } else {
            #expect(
                try refusal { try trial.perform(command, by: "clerk") }
                    == .invalid("days", "cases.fault.correctionDays"))
        }
    }

    @Test("A second notice may only repeat listed points")
    func second() throws {
        var trial = try CaseTrial(at: .received)
        try trial.perform(CaseSamples.correction(["m.lease", "f.area"]), by: "clerk")
        try trial.perform(CaseSamples.supplement(files: ["lease"], fields: ["area"]))
        #expect(
            try refusal { try trial.perform(CaseSamples.correction(["m.lease", "m.plan"]), by: "clerk") }
                == .refused(Message("cases.refused.newPoint")))
        try trial.perform(CaseSamples.correction(["f.area"]), by: "clerk")
        #expect(try trial.current.corrections == 2)
        try trial.perform(CaseSamples.supplement(fields: ["area"]))
        #expect(
            try refusal { try trial.perform(CaseSamples.correction(["m.lease"]), by: "clerk") }
                == .refused(Message("cases.refused.newPoint")), "what was met in between does not come back")
    }

    @Test("A supplement answers every listed point and touches nothing else")
    func everyPoint() throws {
        var trial = try CaseTrial(at: .received)
        try trial.perform(CaseSamples.correction(["m.lease", "f.area", "o.1"]), by: "clerk")
        let missing = try refusal { try trial.perform(CaseSamples.supplement(files: ["lease"])) }
        guard case .invalid(let faults) = missing else { throw missing }
        #expect(faults.map(\.field) == ["point-f.area", "point-o.1"])
        for stray in [
            CaseSamples.supplement(files: ["lease", "plan"], fields: ["area"], answered: ["o.1"]),
            CaseSamples.supplement(files: ["lease"], fields: ["area", "name"], answered: ["o.1"]),
        ] {
            #expect(try refusal { try trial.perform(stray) } == .refused(Message("cases.refused.onlyListedPoints")))
        }
        try trial.perform(CaseSamples.supplement(fields: ["area"], answered: ["m.lease", "o.1"]))
        #expect(try trial.current.stage == .received)
    }

    @Test("A supplement starts a fresh five days and goes to the officer who asked for it")
    func fresh() throws {
        var trial = try CaseTrial(at: .correcting)
        trial.now = morning("2026-03-24")
        try trial.perform(CaseSamples.supplement(files: ["lease"]))
        let state = try trial.current
        #expect(state.acceptance?.dueOn == day("2026-03-31"))
        #expect(Set(trial.timers.keys) == ["acceptance"])
        #expect(
            trial.tasks == [
                .init(
                    step: "accept", queue: "market/clerk", assignee: "clerk", openedAt: morning("2026-03-24"),
                    warnAt: day("2026-03-31").start, dueAt: day("2026-04-01").start)
            ])
        #expect(state.changedMaterials == ["lease"])
        #expect(state.form.slot == "form/2")
    }

    @Test("New files replace those of their material and leave the others")
    func files() throws {
        var trial = try CaseTrial(at: .correcting)
        try trial.perform(CaseSamples.supplement(files: ["lease"]))
        #expect(try trial.current.files.map(\.id) == ["file-2", "file-9-lease"])
    }

    @Test("Without an answer the case lapses without prejudice", arguments: [LapseRule.withdrawn, .returned])
    func lapse(_ rule: LapseRule) throws {
        var trial = try CaseTrial(at: .correcting, CaseSamples.rules(onLapse: rule))
        try trial.letFallDue("correction")
        let state = try trial.current
        #expect(state.stage == .lapsed)
        #expect(state.endedAt == trial.now)
        #expect(trial.timers.isEmpty)
        #expect(trial.messages.last == "cases.lapsed")
    }

    @Test("Where the item decides on what is there, silence brings the case back with a fresh five days")
    func decide() throws {
        var trial = try CaseTrial(at: .correcting, CaseSamples.rules(onLapse: .decide))
        try trial.letFallDue("correction")
        let state = try trial.current
        #expect(state.stage == .received)
        #expect(state.acceptance?.startedAt == trial.now)
        #expect(state.files.map(\.id) == ["file-1", "file-2"])
        #expect(state.form.slot == "form/1")
        #expect(trial.tasks.map(\.assignee) == ["clerk"])
    }

    @Test("An answer in time cannot lapse any more")
    func inTime() throws {
        var trial = try CaseTrial(at: .correcting)
        try trial.perform(CaseSamples.supplement(files: ["lease"]))
        #expect(CaseProcedure.command(onDue: "correction", try trial.current) == nil)
        #expect(try trial.perform(.correctionFellDue).isEmpty)
    }
}
