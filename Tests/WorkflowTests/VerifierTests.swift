import Foundation
import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("Verification")
struct VerifierTests {
    private func verifier(_ database: any Database) -> Verifier { Verifier([Replay<Tally>()], database: database) }

    /// Three proceedings of four entries each in two areas, and journals that can be tampered with.
    private func withTamperableOffice(_ backend: Backend, _ body: (any Database) async throws -> Void) async throws {
        try await withOffice(backend) { database in
            for (id, area) in [("t-1", jinniu), ("t-2", jinniu), ("t-3", licang)] {
                try await database.tally(.open([]), on: id, area: area)
                for second in 1...3 as ClosedRange<Int64> {
                    try await database.tally(.add(10), on: id, second, area: area)
                }
            }
            for trigger in backend == .sqlite ? ["no_update", "no_delete"] : ["no_change"] {
                let name = try SQL.name("journal_\(trigger)")
                try await database.run(backend == .sqlite ? "DROP TRIGGER \(name)" : "DROP TRIGGER \(name) ON journal")
            }
            try await body(database)
        }
    }

    @Test("An untouched database verifies", arguments: Backend.all)
    func untouched(_ backend: Backend) async throws {
        try await withTamperableOffice(backend) { database in
            let report = try await verifier(database).run()
            #expect(report.proceedings == 3)
            #expect(report.events == 12)
            #expect(report.faults.isEmpty)
        }
    }

    @Test("The entry of which any byte was changed is named", arguments: Backend.all)
    func anyByte(_ backend: Backend) async throws {
        try await withTamperableOffice(backend) { database in
            let entry = try await database.journal("t-2")[1]
            let texts = [
                ("actor", entry.actor), ("request", entry.request), ("name", entry.name), ("data", entry.data),
                ("previous", entry.previous), ("hash", entry.hash),
            ]
            for (name, genuine) in texts {
                let column = try SQL.name(name)
                for place in genuine.utf8.indices {
                    var bytes = Array(genuine.utf8)
                    bytes[genuine.utf8.distance(from: genuine.utf8.startIndex, to: place)] ^= 1
                    let changed = String(decoding: bytes, as: UTF8.self)
                    try await tamper(database, "\(column) = \(changed)")
                    try await expectFault(database, "t-2", 2, "\(name): \(changed)")
                }
                try await tamper(database, "\(column) = \(genuine)")
            }
            try await tamper(database, "at = at + 1")
            try await expectFault(database, "t-2", 2, "at")
            try await tamper(database, "at = at - 1")
            #expect(try await verifier(database).run().faults.isEmpty)
        }
    }

    private func tamper(_ database: any Database, _ change: SQL) async throws {
        try await database.run(
            "UPDATE journal SET \(change) WHERE area = \(jinniu) AND cohort = 2026 AND stream = 't-2' AND seq = 2")
    }

    private func expectFault(_ database: any Database, _ stream: String, _ seq: Int, _ what: String) async throws {
        let faults = try await verifier(database).run().faults
        #expect(faults.map(\.stream) == [stream], "\(what)")
        #expect(faults.map(\.seq) == [seq], "\(what)")
    }

    @Test("An entry that was moved away or taken out is named", arguments: Backend.all, [1, 2, 3])
    func missing(_ backend: Backend, _ seq: Int) async throws {
        let own: SQL = "WHERE area = \(jinniu) AND cohort = 2026 AND stream = 't-1' AND seq = \(seq)"
        let moves: [SQL] = [
            "DELETE FROM journal \(own)", "UPDATE journal SET stream = 't-9' \(own)",
            "UPDATE journal SET cohort = 2025 \(own)",
            "UPDATE journal SET seq = 99 \(own)", "UPDATE journal SET area = \(licang) \(own)",
        ]
        for move in moves {
            try await withTamperableOffice(backend) { database in
                try await database.run(move)
                // Where it was moved to, it belongs to nobody or does not fit: that is named as well.
                let found = try await verifier(database).run().faults
                let own = found.filter { $0.stream == "t-1" && $0.area == jinniu }
                #expect(own.map(\.seq) == [seq], "\(move.resolved(for: .sqlite).text)")
                #expect(found.count <= 2)
            }
        }
    }

    @Test("A cut tail is found, and the first entry that is missing named", arguments: Backend.all)
    func cutTail(_ backend: Backend) async throws {
        try await withTamperableOffice(backend) { database in
            try await database.run("DELETE FROM journal WHERE area = \(jinniu) AND stream = 't-1' AND seq = 4")
            let fault = try #require(try await verifier(database).run().faults.first)
            #expect(fault.stream == "t-1")
            #expect(fault.seq == 4)
        }
    }

    @Test("A whole chain computed anew does not fit the head that the state keeps", arguments: Backend.all)
    func rewritten(_ backend: Backend) async throws {
        try await withTamperableOffice(backend) { database in
            var previous = JournalEntry.zero
            for entry in try await database.journal("t-1") {
                let forged = JournalEntry(
                    area: entry.area, cohort: entry.cohort, stream: entry.stream, seq: entry.seq, at: entry.at,
                    actor: entry.actor,
                    request: "forged", name: entry.name, data: entry.data, previous: previous)
                previous = forged.hash
                try await database.run(
                    """
                    UPDATE journal SET request = 'forged', previous = \(forged.previous), hash = \(forged.hash)
                    WHERE area = \(jinniu) AND cohort = 2026 AND stream = 't-1' AND seq = \(entry.seq)
                    """)
            }
            let faults = try await verifier(database).run().faults
            #expect(faults.map(\.reason) == ["the state keeps another head"])
        }
    }

    @Test("A state that is not what the journal gives is found", arguments: Backend.all)
    func changedState(_ backend: Backend) async throws {
        let changes: [SQL] = [
            #"state = '{"closed":false,"count":31,"fell":[]}'"#,
            // The same state with a blank: not the same bytes.
            #"state = '{"closed":false, "count":30,"fell":[]}'"#,
            "version = 5", "version = 3", "kind = 'unheard-of'", "head = \(JournalEntry.zero)", "cohort = 2025",
        ]
        for change in changes {
            try await withTamperableOffice(backend) { database in
                try await database.run("UPDATE proceeding SET \(change) WHERE area = \(licang) AND id = 't-3'")
                let faults = try await verifier(database).run().faults
                #expect(faults.map(\.stream) == ["t-3"], "\(change.resolved(for: .sqlite).text)")
                #expect(faults.map(\.area) == [licang])
            }
        }
    }

    @Test("Every proceeding that does not verify is named, once", arguments: Backend.all)
    func several(_ backend: Backend) async throws {
        try await withTamperableOffice(backend) { database in
            try await database.run("UPDATE journal SET data = '[11]' WHERE seq >= 2")
            let faults = try await verifier(database).run().faults
            #expect(
                faults.map(\.description) == [
                    "370213 t-3 #2: was changed", "510106 t-1 #2: was changed", "510106 t-2 #2: was changed",
                ])
        }
    }

    @Test("A journal that belongs to no proceeding is named", arguments: Backend.all)
    func orphan(_ backend: Backend) async throws {
        try await withTamperableOffice(backend) { database in
            try await database.run("DELETE FROM proceeding WHERE area = \(jinniu) AND id = 't-2'")
            try await database.run("DELETE FROM proceeding WHERE area = \(licang)")
            let faults = try await verifier(database).run().faults
            #expect(faults.map(\.stream).sorted() == ["t-2", "t-3"])
        }
    }

    @Test("Whatever byte of a row changes in the database's own file, the row is named")
    func rawBytes() async throws {
        try await withDatabaseAddress(.sqlite, migrations: WorkflowModule().migrations) { address in
            guard case .sqlite(let path) = address else { return }
            let database = try address.open()
            for id in ["t-1", "t-2", "t-3"] {
                try await database.tally(.open([]), on: id)
                for second in 1...5 as ClosedRange<Int64> {
                    try await database.tally(.add(Int(second)), on: id, second)
                }
            }
            let entries = try await database.journal("t-2")
            await database.close()
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for entry in entries {
                // The hash of an entry stands behind its data and the hash before it, once in this order.
                let place = try #require(whole.range(of: Data((entry.data + entry.previous + entry.hash).utf8)))
                for _ in 0..<6 {
                    var changed = whole
                    changed[Int.random(in: place)] ^= UInt8(1 << Int.random(in: 0..<8))
                    let copy = path + "-\(UUID().uuidString)"
                    try changed.write(to: URL(fileURLWithPath: copy))
                    defer {
                        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + end) }
                    }
                    let tampered = try DatabaseAddress.sqlite(copy).open()
                    let faults = try await verifier(tampered).run().faults
                    await tampered.close()
                    #expect(faults.map(\.stream) == ["t-2"])
                    #expect(faults.map(\.seq) == [entry.seq])
                }
            }
        }
    }

    @Test("More proceedings than a page are all walked", arguments: Backend.all)
    func pages(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.write { tx in
                for number in 0..<1003 {
                    try tallies.perform(.open([]), on: "t-\(number)", occasion(), tx) { _ in Tally.Context(at: after(0))
                    }
                }
            }
            let report = try await verifier(database).run()
            #expect(report.proceedings == 1003)
            #expect(report.faults.isEmpty)
        }
    }
}
