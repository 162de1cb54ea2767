import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

let jinniu = AreaCode("510106") ?? AreaCode(bucket: 0)
let licang = AreaCode("370213") ?? AreaCode(bucket: 1)

/// A moment so many seconds after the tests' morning.
func after(_ seconds: Int64) -> Moment { FixedTime.start.adding(seconds: seconds) }

func occasion(_ seconds: Int64 = 0, area: AreaCode = jinniu, request: String = "request-1") -> Occasion {
    Occasion(area: area, at: after(seconds), actor: Actor(.staff, id: "staff-1", channel: .window), request: request)
}

extension Database {
    /// One command on a tally, in a unit of its own.
    @discardableResult
    func tally(
        _ command: Tally.Command, on id: String = "t-1", _ seconds: Int64 = 0, area: AreaCode = jinniu,
        expecting version: Int? = nil,
        meanwhile: @escaping @Sendable () -> Void = {}
    ) async throws -> Outcome<Tally> {
        try await write { tx in
            let occasion = occasion(seconds, area: area)
            return try tallies.perform(command, on: id, occasion, tx, expecting: version) { _ in
                meanwhile()
                return Tally.Context(at: occasion.at)
            }
        }
    }

    func state(_ id: String = "t-1", area: AreaCode = jinniu) async throws -> (state: Tally.State, version: Int)? {
        try await read { tx in try tallies.state(of: id, area: area, tx) }
    }

    func journal(_ id: String = "t-1", area: AreaCode = jinniu) async throws -> [JournalEntry] {
        try await read { tx in try JournalStore.entries(of: id, area: area, tx) }
    }

    func tasks(_ id: String = "t-1", area: AreaCode = jinniu) async throws -> [TaskRow] {
        try await read { tx in try TaskStore.tasks(of: id, area: area, tx) }
    }

    func timers(_ id: String = "t-1", area: AreaCode = jinniu) async throws -> [TimerStore.Running] {
        try await read { tx in try TimerStore.timers(of: id, area: area, tx) }
    }

    func letters(_ seconds: Int64 = 0, channel: String = "message") async throws -> [Outbox.Letter] {
        try await read { tx in try Outbox.due(channel: channel, at: after(seconds), limit: 100, tx) }
    }

    /// Carries effects out as the office does.
    func effects(_ effects: [Effect], on id: String = "t-1", _ seconds: Int64 = 0) async throws {
        try await write { tx in
            try EffectRunner(
                area: jinniu, stream: id, kind: Tally.kind, at: after(seconds), labels: ("N", "tally"),
                recipient: ("account-1", "@01")
            ).run(effects, tx)
        }
    }

    func run(_ statement: SQL) async throws {
        _ = try await write { tx in try tx.execute(statement) }
    }
}

/// The engine's schema of this module.
func withOffice(_ backend: Backend, _ body: (any Database) async throws -> Void) async throws {
    try await withDatabase(backend, migrations: WorkflowModule().migrations) { database in try await body(database) }
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
