import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// Random lives of cases: whatever happens, the office's clocks and tasks agree with the case.
@Suite("Clocks and tasks")
struct CaseClockTests {
    struct Life: CustomTestStringConvertible, Sendable {
        let shape: ItemShape
        let onLapse: LapseRule
        let seed: UInt64
        var testDescription: String { "\(shape) \(onLapse) \(seed)" }
    }

    static let lives = ItemShape.allCases.flatMap { shape in
        LapseRule.allCases.flatMap { rule in (1...8).map { Life(shape: shape, onLapse: rule, seed: $0) } }
    }

    @Test(
        "Every timer that starts is stopped by whatever ends the case, and a task is open exactly while one is due",
        arguments: lives)
    func agreement(_ life: Life) throws {
        var random = Dice(life.seed)
        var ended = 0
        for _ in 0..<60 {
            var trial = CaseTrial(CaseSamples.rules(life.shape, onLapse: life.onLapse, fourEyes: random.roll(2) == 0))
            try trial.perform(.submit(CaseSamples.submission(onPaper: random.roll(3) == 0)))
            for _ in 0..<40 where try !trial.current.stage.isEnded {
                trial.now = trial.now.adding(seconds: Int64(random.roll(3 * 86_400)))
                try step(&trial, &random)
                try agree(trial)
            }
            if try trial.current.stage.isEnded { ended += 1 }
        }
        #expect(ended > 30, "most lives come to an end, or nothing was tested")
    }

    /// The next due timer first, as the office does it; then any command by anybody.
    private func step(_ trial: inout CaseTrial, _ random: inout Dice) throws {
        let now = trial.now
        for timer in trial.timers.values.filter({ $0.dueAt <= now }).sorted(by: { $0.dueAt < $1.dueAt }) {
            guard let command = CaseProcedure.command(onDue: timer.name, try trial.current) else { continue }
            trial.now = timer.dueAt
            try trial.perform(command)
            try agree(trial)
            trial.now = now
        }
        let kind = CaseMatrixTests.Kind.allCases[random.roll(CaseMatrixTests.Kind.allCases.count)]
        // Withdrawing and voiding end everything: seldom, so that lives get far.
        guard kind != .withdraw && kind != .void || random.roll(12) == 0 else { return }
        let officer = ["anna", "bo", "chen"][random.roll(3)]
        do { try trial.perform(kind.command, by: kind == .supplement ? nil : officer) } catch is DomainError {}
    }

    private func agree(_ trial: CaseTrial) throws {
        let state = try trial.current
        var expected: [String: RunningLimit] = [:]
        expected["acceptance"] = state.acceptance
        expected["correction"] = state.correction
        if !state.stage.isEnded {
            expected["promised"] = state.promised
            expected["statutory"] = state.statutory
        }
        // A reminder waits exactly while a correction has one to come.
        #expect(
            trial.timers[TimerName.reminder]?.dueAt
                == state.chasing?.left.first.flatMap { state.correction == nil ? nil : $0 })
        let limits = trial.timers.filter { $0.key != TimerName.reminder }
        #expect(limits.mapValues(\.dueAt) == expected.mapValues(\.dueAt))
        #expect(limits.mapValues(\.startedAt) == expected.mapValues(\.startedAt))
        if let queue = state.queue {
            #expect(trial.tasks.map(\.queue) == [queue])
            #expect(trial.tasks.map(\.assignee) == [state.assignee])
        } else {
            #expect(trial.tasks.isEmpty)
        }
        if state.stage.isEnded { #expect(trial.timers.isEmpty) }
    }
}

/// Chance that repeats itself (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< sides.
    mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &self) }
}
