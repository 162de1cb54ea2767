import Catalogue
import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Packages

@Suite("One-thing packages")
struct PackageProcedureTests {
    private let monday = at("2026-03-09 09:00")

    private func begun(_ submission: PackageSubmission = PackageSamples.submission()) throws -> PackageTrial {
        var trial = PackageTrial()
        try trial.perform(.submit(submission), PackageSamples.context(monday))
        return trial
    }

    @Test("The first steps are cases at once, the others wait")
    func submitted() throws {
        let trial = try begun()
        #expect(trial.stage("licence") == .open)
        #expect(trial.state?.step("licence")?.caseID == "case-licence")
        #expect(["seals", "tax", "bank"].allSatisfy { trial.stage($0) == .waiting })
        #expect(trial.state?.limit == nil)
    }

    @Test("A step whose case could not be prepared with the package is due, not lost")
    func nothingPrepared() throws {
        let trial = try begun(PackageSamples.submission(opened: []))
        #expect(trial.stage("licence") == .due)
    }

    @Test("What a step opens is opened together; what waits for several waits for all")
    func dependencies() throws {
        var trial = try begun()
        try trial.moved("licence", .accepted, at("2026-03-09 09:10"))
        try trial.moved("licence", .completed, at("2026-03-09 10:00"))
        #expect(trial.stage("seals") == .due && trial.stage("tax") == .due && trial.stage("bank") == .waiting)
        try trial.openDue(at("2026-03-09 10:00"))
        try trial.moved("seals", .completed, at("2026-03-09 10:30"))
        #expect(trial.stage("bank") == .waiting)
        // No licence was needed for the tax: that hinders nothing.
        try trial.moved("tax", .notNeeded, at("2026-03-09 10:40"))
        #expect(trial.stage("bank") == .due)
        try trial.openDue(at("2026-03-09 10:40"))
        try trial.moved("bank", .completed, at("2026-03-09 11:00"))
        #expect(trial.state?.stage == .completed)
        #expect(trial.state?.endedAt == at("2026-03-09 11:00"))
    }

    @Test("A later branch that fails never undoes the licence, and takes with it only what depends on it")
    func branchFails() throws {
        var trial = try begun()
        try trial.moved("licence", .completed, monday)
        try trial.openDue(monday)
        try trial.moved("seals", .refused, monday)
        #expect(trial.stage("bank") == .cancelled)
        #expect(trial.stage("tax") == .open)
        try trial.moved("tax", .completed, monday)
        #expect(trial.state?.stage == .partly)
        #expect(trial.stage("licence") == .done)
    }

    @Test(
        "Where the package stops with a step, nothing more is begun",
        arguments: [
            CaseStage.refused, .declined, .withdrawn, .lapsed, .voided,
        ])
    func stops(_ stage: CaseStage) throws {
        var trial = try begun()
        try trial.moved("licence", stage, monday)
        #expect(["seals", "tax", "bank"].allSatisfy { trial.stage($0) == .cancelled })
        #expect(trial.state?.stage == .failed)
    }

    @Test("The rule to stop leaves out what does not depend on the step, and lets go on what runs")
    func stopsOthers() throws {
        let steps = [
            PackageSamples.step("a", .stop), PackageSamples.step("b"), PackageSamples.step("c", after: ["b"]),
        ]
        var trial = try begun(PackageSamples.submission(steps, opened: ["a", "b"]))
        try trial.moved("a", .refused, monday)
        #expect(trial.stage("b") == .open && trial.stage("c") == .cancelled)
        try trial.moved("b", .completed, monday)
        #expect(trial.state?.stage == .partly)
    }

    @Test("A step left out before it begins is as though it had not been asked for")
    func leftOut() throws {
        var trial = try begun()
        let context = PackageSamples.context(monday)
        func refused(_ step: String) throws -> String {
            var copy = trial
            guard
                case .refused(let why)? = #expect(
                    throws: DomainError.self, performing: { try copy.perform(.leaveOut(step: step), context) })
            else { return "other" }
            return why.key
        }
        #expect(try refused("licence") == "packages.refused.stepBegan")
        #expect(try refused("tax") == "packages.refused.stepNeeded")
        try trial.perform(.leaveOut(step: "seals"), context)
        #expect(try trial.perform(.leaveOut(step: "seals"), context).isEmpty)
        #expect(trial.state?.step("bank")?.plan.after == ["tax"])
        try trial.moved("licence", .completed, monday)
        let limit = trial.state?.limit
        #expect(trial.stage("seals") == .leftOut && trial.stage("tax") == .due)
        try trial.openDue(monday)
        try trial.moved("tax", .completed, monday)
        #expect(trial.stage("bank") == .due)
        // Its letter is under way: no case begins.
        try trial.perform(.leaveOut(step: "bank"), context)
        #expect(trial.state?.stage == .completed && limit?.running.dueAt == trial.state?.limit?.running.dueAt)
        var last = try begun(PackageSamples.submission([PackageSamples.step("seals")], opened: []))
        #expect(throws: DomainError.refused(Message("packages.refused.lastStep"))) {
            try last.perform(.leaveOut(step: "seals"), context)
        }
        var own = try begun(
            PackageSamples.submission([PackageSamples.step("a"), PackageSamples.step("b")], opened: []))
        #expect(throws: DomainError.refused(Message("packages.refused.stepBelongs"))) {
            try own.perform(.leaveOut(step: "b"), context)
        }
    }

    @Test("Withdrawn as a whole: what is not begun is left out, what was decided stays")
    func withdrawn() throws {
        var trial = try begun()
        try trial.moved("licence", .completed, monday)
        try trial.openDue(monday)
        try trial.perform(.withdraw, PackageSamples.context(monday))
        #expect(trial.stage("bank") == .cancelled && trial.state?.stage == .running)
        try trial.moved("seals", .withdrawn, monday)
        try trial.moved("tax", .completed, monday)
        #expect(trial.state?.stage == .withdrawn)
        #expect(trial.stage("licence") == .done && trial.stage("tax") == .done)
        #expect(try trial.perform(.withdraw, PackageSamples.context(monday)).isEmpty)
    }

    @Test("A letter that comes late opens no case a second time, and none after a withdrawal")
    func once() throws {
        var trial = try begun(PackageSamples.submission(opened: []))
        let open = PackageCommand.open(OpenedStep(step: "licence", caseID: "one", number: "1"))
        try trial.perform(open, PackageSamples.context(monday))
        #expect(throws: DomainError.self) { try trial.perform(open, PackageSamples.context(monday)) }
        #expect(trial.state?.step("licence")?.caseID == "one")
        var other = try begun(PackageSamples.submission(opened: []))
        try other.perform(.withdraw, PackageSamples.context(monday))
        #expect(other.state?.stage == .withdrawn)
        #expect(throws: DomainError.self) { try other.perform(open, PackageSamples.context(monday)) }
    }

    @Test(
        "The overall limit begins with the first acceptance and stands while all that is open waits for the applicant")
    func limit() throws {
        var trial = try begun()
        try trial.moved("licence", .accepted, at("2026-03-09 09:30"))
        let due = try #require(trial.state?.limit?.running.dueAt)
        try trial.moved("licence", .completed, at("2026-03-09 10:00"))
        try trial.openDue(at("2026-03-09 10:00"))
        try trial.moved("seals", .correcting, at("2026-03-09 10:10"))
        #expect(trial.state?.limit?.stoppedAt == nil, "tax is still handled")
        try trial.moved("tax", .completed, at("2026-03-09 10:30"))
        #expect(trial.state?.limit?.stoppedAt == at("2026-03-09 10:30"))
        try trial.moved("seals", .received, at("2026-03-09 11:30"))
        let later = try #require(trial.state?.limit?.running.dueAt)
        #expect(trial.state?.limit?.stoppedAt == nil)
        #expect(later == due.adding(seconds: 3600), "an hour was the applicant's")
    }

    @Test("Counting anew by the same calendar changes nothing, and what ended is not counted")
    func recount() throws {
        var trial = try begun()
        try trial.moved("licence", .accepted, monday)
        #expect(try trial.perform(.recountLimit, PackageSamples.context(monday)).isEmpty)
        try trial.moved("licence", .refused, monday)
        #expect(try trial.perform(.recountLimit, PackageSamples.context(monday)).isEmpty)
    }

    @Test("Every order in which steps can end leaves no step behind", arguments: 0..<200)
    func noStepLost(_ seed: Int) throws {
        var random = Lehmer(seed: UInt64(seed + 1))
        let names = ["a", "b", "c", "d", "e"]
        let steps = names.enumerated().map { index, name in
            PackageSamples.step(
                name, after: names[..<index].filter { _ in random.next(3) == 0 }, random.next(3) == 0 ? .stop : .goOn)
        }
        var trial = try begun(
            PackageSamples.submission(steps, opened: steps.filter { $0.after.isEmpty }.map(\.id)))
        let ends: [CaseStage] = [.completed, .completed, .completed, .refused, .withdrawn, .notNeeded]
        for _ in 0..<100 {
            guard let state = trial.state, !state.stage.isEnded else { break }
            try trial.openDue(monday)
            let open = trial.state?.steps.filter { $0.stage == .open }.map(\.plan.id) ?? []
            #expect(!open.isEmpty, "a package that runs has something to do")
            guard !open.isEmpty else { break }
            try trial.moved(open[random.next(open.count)], ends[random.next(ends.count)], monday)
        }
        let state = try #require(trial.state)
        #expect(state.stage.isEnded)
        #expect(state.steps.allSatisfy { $0.stage.isEnded })
        // What was left out waited for something that failed, or the package stopped.
        if !state.steps.contains(where: { [.failed, .withdrawn].contains($0.stage) }) {
            #expect(state.stage == .completed)
        }
        // The journal alone gives the same state.
        var replayed: PackageState?
        for event in trial.events { replayed = try PackageProcedure.evolve(replayed, event) }
        #expect(replayed == state)
    }

    @Test("A journal that cannot be is refused")
    func impossible() throws {
        let trial = try begun()
        #expect(throws: JournalError.self) {
            try PackageProcedure.evolve(nil, .withdrawn(.init(cancelled: [], at: monday)))
        }
        #expect(throws: JournalError.self) {
            try PackageProcedure.evolve(trial.state, .ended(.init(stage: .completed, at: monday)))
        }
        #expect(throws: JournalError.self) {
            try PackageProcedure.evolve(
                trial.state, .stepOpened(.init(step: "tax", caseID: "x", number: "1", at: monday)))
        }
    }
}

/// A small generator whose runs can be told again.
struct Lehmer {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 48_271 % 2_147_483_647 }

    /// 0..<bound.
    mutating func next(_ bound: Int) -> Int {
        state = state &* 48_271 % 2_147_483_647
        return Int(state >> 8) % bound
    }
}
