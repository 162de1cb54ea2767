import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// A case walked through random acts over the turns of years, beside a clerk with a wall calendar who writes down when
/// each limit ends (行政许可法 arts. 32, 42, 82).
@Suite("Limits of a case, leafed through day by day")
struct LimitWalkTests {
    @Test("Whatever is done in whatever order, each limit ends on the day that leafing finds", arguments: 0..<24)
    func walks(seed: Int) throws {
        var dice = Dice(UInt64(90_000 + seed))
        var acts = 0
        for _ in 0..<12 {
            var walk = try Walk(&dice)
            acts += try walk.go(&dice)
        }
        #expect(acts > 60)
    }
}

/// What the clerk wrote down about one limit.
private struct Written {
    let days: Int
    let start: CivilDate
    var end: CivilDate
}

private struct Walk {
    var trial: CaseTrial
    var wall: LeafedCalendar
    /// By the limit's name, while it runs.
    var written: [String: Written] = [:]
    let promised: Int
    let statutory: Int?

    init(_ dice: inout Dice) throws {
        promised = Int.random(in: 1...20, using: &dice)
        statutory = Bool.random(using: &dice) ? promised + Int.random(in: 0...25, using: &dice) : nil
        let shape = ItemShape.allCases.randomElement(using: &dice) ?? .reviewed
        wall = try LeafedCalendar()
        trial = CaseTrial(
            CaseSamples.rules(
                shape, promised: Limit(promised, .workingDays), statutory: statutory.map { Limit($0, .workingDays) },
                onLapse: LapseRule.allCases.randomElement(using: &dice) ?? .withdrawn, fourEyes: false))
        trial.calendar = try wall.calendar()
        let years: [String] = ["2018-02-01", "2019-09-20", "2021-12-20", "2023-01-10", "2024-02-01", "2025-12-15"]
        let near = day(years.randomElement(using: &dice) ?? "2026-01-01")
        trial.now = near.adding(days: Int.random(in: 0...60, using: &dice)).start
            .adding(seconds: Int64.random(in: 0..<86_400, using: &dice))
    }

    /// Up to thirty acts; answers how many were done.
    mutating func go(_ dice: inout Dice) throws -> Int {
        var acts = 1
        try act(.submit(CaseSamples.submission()))
        for _ in 0..<30 {
            trial.now = trial.now.adding(seconds: Int64.random(in: 0...(86_400 * 4), using: &dice))
            try letFallDue()
            guard let state = trial.state, !state.stage.isEnded else { break }
            if Int.random(in: 0..<4, using: &dice) == 0 {
                try turnDays(&dice)
            } else if let command = choice(state, &dice) {
                try act(command, by: "officer")
            }
            acts += 1
            check()
        }
        return acts
    }

    private func choice(_ state: CaseState, _ dice: inout Dice) -> CaseCommand? {
        let words = CaseSamples.sealed("words/1")
        let notice = CaseSamples.notice("any", at: trial.now)
        let commands: [CaseCommand] =
            switch state.stage {
            case .received:
                [
                    CaseSamples.correction(["m.lease"], days: Int.random(in: 1...30, using: &dice), at: trial.now),
                    CaseSamples.correction(["m.lease"], days: Int.random(in: 1...5, using: &dice), at: trial.now),
                    .accept(notice: notice), .claim,
                ]
            case .correcting: [CaseSamples.supplement(files: ["lease"]), .assign(nil)]
            case .accepted: [.passReview(words: nil), .claim]
            case .approving: [.sendBack(words: words), .sendBack(words: words), .approve(notice: notice)]
            default: []
            }
        guard let command = commands.randomElement(using: &dice) else { return nil }
        // Without a review there is nothing to send back to; a task without an owner has nothing to give back.
        if case .sendBack = command, trial.rules.link(.review) == nil { return nil }
        if case .assign = command, state.queue == nil { return nil }
        if case .claim = command, state.assignee != nil { return nil }
        return command
    }

    /// Does it, and writes down which limits begin and end with it.
    private mutating func act(_ command: CaseCommand, by officer: String? = nil) throws {
        for event in try trial.perform(command, by: officer) {
            let today = trial.now.date
            switch event {
            case .received, .supplemented: written = ["acceptance": begun(CaseRules.acceptance.amount, today)]
            case .correctionRequested(let data): written = ["correction": begun(data.limit.limit.amount, today)]
            case .accepted(let data):
                // Deemed as of the day the papers came: the days are already spent (art. 32).
                let from = data.deemed ? written["acceptance"]?.start ?? today : today
                written = ["promised": begun(promised, from)]
                if let statutory { written["statutory"] = begun(statutory, from) }
            case .lapsed, .declined, .notNeeded, .withdrawn, .voided, .refused, .completed: written = [:]
            case .submitted, .reviewPassed, .sentBack, .approved, .assigned, .limitsRecounted, .further: break
            }
        }
    }

    private func begun(_ days: Int, _ start: CivilDate) -> Written {
        Written(days: days, start: start, end: wall.end(of: days, after: start))
    }

    /// At the end of its last day a limit does what the law says, once, before anything else.
    private mutating func letFallDue() throws {
        let now = trial.now
        for _ in 0..<10 {
            let due = written.filter { ["acceptance", "correction"].contains($0.key) && $0.value.end.end <= now }
            guard let (name, limit) = due.first, let state = trial.state else { break }
            #expect(trial.timers[name]?.dueAt == limit.end.end)
            trial.now = limit.end.end
            let command = try #require(CaseProcedure.command(onDue: name, state))
            try act(command)
            check()
        }
        trial.now = now
    }

    /// Days near now are declared off or worked; every limit that runs is counted again.
    private mutating func turnDays(_ dice: inout Dice) throws {
        for _ in 0..<Int.random(in: 1...3, using: &dice) {
            wall.turn(trial.now.date.adding(days: Int.random(in: -10...25, using: &dice)))
        }
        trial.calendar = try wall.calendar()
        try trial.recount()
        for (name, old) in written {
            let end = wall.end(of: old.days, after: old.start)
            // What still ran is not ended by counting; what an applicant was told may come later, never earlier.
            if end.end <= trial.now, old.end.end > trial.now { continue }
            if name == "correction", end < old.end { continue }
            written[name]?.end = end
        }
    }

    /// The timers are those the clerk has, to the day; the open task never ends after its limit.
    private func check() {
        // A reminder is no limit.
        #expect(Set(trial.timers.keys).subtracting([TimerName.reminder]) == Set(written.keys))
        for (name, limit) in written {
            #expect(trial.timers[name]?.dueAt == limit.end.end, "\(name) of \(limit.days) from \(limit.start)")
        }
        let stated = [
            ("acceptance", trial.state?.acceptance), ("correction", trial.state?.correction),
            ("promised", trial.state?.promised), ("statutory", trial.state?.statutory),
        ]
        for (name, limit) in stated where written[name] != nil { #expect(limit?.dueOn == written[name]?.end) }
        for task in trial.tasks {
            let whole = written["acceptance"] ?? written["promised"]
            let own = trial.rules.links.first { $0.kind.rawValue == task.step }?.within.amount
            guard let whole else { continue }
            #expect(task.dueAt <= whole.end.end || task.dueAt <= trial.now, "\(task.step)")
            guard task.step != "accept", let own, task.dueAt < whole.end.end else { continue }
            let leafed = wall.end(of: own, after: task.openedAt.date).end
            #expect(task.dueAt == leafed || leafed <= trial.now, "\(task.step) of \(own)")
        }
    }
}
