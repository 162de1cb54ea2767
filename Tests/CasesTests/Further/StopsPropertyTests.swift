import Kernel
import Testing

@testable import Cases
@testable import Catalogue

/// Random stops, extensions and days on and off, against a counter that walks from day to day.
@Suite("Stops and extensions, day by day")
struct StopsPropertyTests {
    /// The last day of a limit: every working day after the acceptance counts on which the clock ran at its beginning.
    private func slow(from start: CivilDate, days: Int, stops: [(from: CivilDate, to: CivilDate)]) -> CivilDate {
        var (left, date) = (days, start)
        while left > 0 {
            date = date.adding(days: 1)
            guard CaseSamples.calendar.isWorkingDay(date) else { continue }
            // The day of a stop is used up, the day of going on is not.
            if stops.contains(where: { date > $0.from && date <= $0.to }) { continue }
            left -= 1
        }
        return date
    }

    @Test("The end comes out as it does day by day", arguments: 0..<200)
    func agrees(_ seed: Int) throws {
        var random = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        var trial = try CaseTrial(at: .accepted, LawSamples.rules())
        let start = trial.now.date
        var stops: [(from: CivilDate, to: CivilDate)] = []
        var extra = 0
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let from = trial.now.date.adding(days: Int.random(in: 0...4, using: &random))
            guard from < (try #require(trial.current.promised).dueOn) else { break }
            trial.now = from.start.adding(seconds: 36_000)
            if extra == 0, Bool.random(using: &random) {
                extra = Int.random(in: 1...10, using: &random)
                try trial.go(LawSamples.extend(extra), by: "head")
                continue
            }
            try trial.go(LawSamples.start("experts", until: "2027-12-31"))
            let to = from.adding(days: Int.random(in: 0...30, using: &random))
            trial.now = to.start.adding(seconds: 40_000)
            try trial.go(LawSamples.end("experts"))
            if to > from { stops.append((from, to)) }
        }
        #expect(try trial.current.promised?.dueOn == slow(from: start, days: 10 + extra, stops: stops), "seed \(seed)")
        #expect(try trial.current.statutory?.dueOn == slow(from: start, days: 20 + extra, stops: stops), "seed \(seed)")
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
