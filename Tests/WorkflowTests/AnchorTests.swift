import Cryptography
import Foundation
import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

/// What an attacker with the database can do, and what an anchor kept outside shows of it.
@Suite("Anchors")
struct AnchorTests {
    private static let hour: Int64 = 3600

    /// Two hours of work in two areas, closed; then `body`.
    private func withAnchors(
        _ backend: Backend, _ body: (any Database, any KeyService, [Anchor]) async throws -> Void
    ) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let keys = try LocalKeyService(path: path)
        try await withOffice(backend) { database in
            for (id, area) in [("t-1", jinniu), ("t-2", jinniu), ("t-3", licang)] {
                try await database.tally(.open([]), on: id, 0, area: area)
                for step in 1...4 as ClosedRange<Int64> {
                    try await database.tally(.add(10), on: id, step * Self.hour / 2, area: area)
                }
            }
            let anchors = Anchors(database: database, keys: keys)
            #expect(try await anchors.close(at: after(Self.hour / 2 + 660)) == 2)
            #expect(try await anchors.close(at: after(3 * Self.hour)) == 2)
            #expect(try await anchors.close(at: after(3 * Self.hour)) == 0)
            let kept = try await Self.kept(database)
            #expect(kept.count == 4)
            for trigger in backend == .sqlite ? ["no_update", "no_delete"] : ["no_change"] {
                let name = try SQL.name("journal_\(trigger)")
                try await database.run(backend == .sqlite ? "DROP TRIGGER \(name)" : "DROP TRIGGER \(name) ON journal")
            }
            try await body(database, keys, kept)
        }
    }

    /// As they come back from their file.
    private static func kept(_ database: any Database) async throws -> [Anchor] {
        try await database.read { tx in
            try AnchorStore.anchored(tx).flatMap { area in
                try AnchorStore.anchors(of: area, after: Moment(milliseconds: 0), limit: 100, tx)
            }.map { try #require(Anchor(try JSON(parsing: $0.line))) }
        }
    }

    private func faults(_ database: any Database, _ keys: any KeyService, _ anchors: [Anchor]) async throws -> [String]
    {
        var report = VerifyReport()
        try await AnchorCheck(database: database, keys: keys).run(anchors, into: &report)
        return report.faults.map { "\($0.stream) \($0.seq ?? 0)" }
    }

    @Test("An untouched journal fits its anchors, also after more work", arguments: Backend.all)
    func untouched(_ backend: Backend) async throws {
        try await withAnchors(backend) { database, keys, anchors in
            #expect(try await faults(database, keys, anchors).isEmpty)
            try await database.tally(.add(1), on: "t-1", 4 * Self.hour)
            #expect(try await faults(database, keys, anchors).isEmpty)
            #expect(anchors.map(\.entries).reduce(0, +) == 15)
        }
    }

    @Test("A tail that was cut off with its state is found", arguments: Backend.all)
    func cutTail(_ backend: Backend) async throws {
        try await withAnchors(backend) { database, keys, anchors in
            let before = try await database.journal("t-2")[3]
            try await database.run("DELETE FROM journal WHERE area = \(jinniu) AND stream = 't-2' AND seq = 5")
            try await database.run(
                """
                UPDATE proceeding SET version = 4, head = \(before.hash), state = '{"closed":false,"count":30,"fell":[]}'
                WHERE area = \(jinniu) AND id = 't-2'
                """)
            #expect(try await Verifier([Replay<Tally>()], database: database).run().faults.isEmpty)
            #expect(try await faults(database, keys, anchors) == ["t-2 5"])
        }
    }

    @Test("A proceeding that was taken out whole is found", arguments: Backend.all)
    func missing(_ backend: Backend) async throws {
        try await withAnchors(backend) { database, keys, anchors in
            try await database.run("DELETE FROM journal WHERE area = \(licang) AND stream = 't-3'")
            try await database.run("DELETE FROM proceeding WHERE area = \(licang) AND id = 't-3'")
            #expect(try await Verifier([Replay<Tally>()], database: database).run().faults.isEmpty)
            #expect(try await faults(database, keys, anchors).allSatisfy { $0.hasPrefix("t-3") })
            #expect(try await !faults(database, keys, anchors).isEmpty)
        }
    }

    @Test("A chain that was written anew from its beginning is found", arguments: Backend.all)
    func rewritten(_ backend: Backend) async throws {
        try await withAnchors(backend) { database, keys, anchors in
            var previous = JournalEntry.zero
            for entry in try await database.journal("t-1") {
                let forged = JournalEntry(
                    area: entry.area, cohort: entry.cohort, stream: entry.stream, seq: entry.seq, at: entry.at,
                    actor: entry.actor, request: "forged", name: entry.name, data: entry.data, previous: previous)
                previous = forged.hash
                try await database.run(
                    """
                    UPDATE journal SET request = 'forged', previous = \(forged.previous), hash = \(forged.hash)
                    WHERE area = \(jinniu) AND cohort = 2026 AND stream = 't-1' AND seq = \(entry.seq)
                    """)
            }
            try await database.run("UPDATE proceeding SET head = \(previous) WHERE area = \(jinniu) AND id = 't-1'")
            #expect(try await Verifier([Replay<Tally>()], database: database).run().faults.isEmpty)
            #expect(try await faults(database, keys, anchors).contains { $0.hasPrefix("t-1") })
        }
    }

    @Test("A proceeding that was put into an hour long closed is found", arguments: Backend.all)
    func backdated(_ backend: Backend) async throws {
        try await withAnchors(backend) { database, keys, anchors in
            try await database.tally(.open([]), on: "t-0", 60)
            #expect(try await faults(database, keys, anchors) == ["t-0 1"])
        }
    }

    @Test("A limit that ran out while nobody served is late, not forged, and is anchored with the next hour")
    func late() async throws {
        try await withAnchors(.sqlite) { database, keys, anchors in
            let due = after(5 * Self.hour)
            try await database.tally(.open([.init(name: "end", dueAt: due)]), on: "t-4", 4 * Self.hour)
            let closing = Anchors(database: database, keys: keys)
            try await closing.close(at: after(8 * Self.hour))
            let before = try await Self.kept(database)
            // Served again: the limit takes effect at its own moment, in an hour that is closed.
            try await database.tally(.add(1), on: "t-4", 9 * Self.hour)
            #expect(try await database.journal("t-4")[1].at == due)
            #expect(try await faults(database, keys, before).isEmpty)
            try await closing.close(at: after(12 * Self.hour))
            let all = try await Self.kept(database)
            #expect(all.flatMap(\.late).map(\.leaf.seq) == [2])
            #expect(try await faults(database, keys, all).isEmpty)
        }
    }

    @Test("An anchor that was changed, left out or signed by somebody else is found")
    func forged() async throws {
        try await withAnchors(.sqlite) { database, keys, anchors in
            for (index, anchor) in anchors.enumerated() where anchor.area == jinniu {
                let members = try JSON(parsing: anchor.line)
                for name in ["root", "previous", "signature"] {
                    let text = try #require(members[name].text)
                    var changed = members.members ?? [:]
                    changed[name] = .string((text.hasPrefix("0") ? "1" : "0") + text.dropFirst())
                    var all = anchors
                    all[index] = try #require(Anchor(.object(changed)))
                    #expect(try await !faults(database, keys, all).isEmpty, "\(name)")
                }
            }
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            #expect(try await faults(database, try LocalKeyService(path: path), anchors).count >= 4)
            try await database.tally(.add(1), on: "t-1", 4 * Self.hour)
            try await Anchors(database: database, keys: keys).close(at: after(6 * Self.hour))
            let all = try await Self.kept(database).filter { $0.area == jinniu }
            #expect(all.count == 3)
            #expect(try await faults(database, keys, [all[0], all[2]]).count == 1)
        }
    }
}
