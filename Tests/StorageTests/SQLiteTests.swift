import Foundation
import Storage
import StorageSQLite
import TestKit
import Testing

@Suite("SQLite keeps what it acknowledges")
struct SQLiteTests {
    @Test("The writer runs with synchronous=FULL, foreign keys, a write-ahead log")
    func pragmas() async throws {
        try await withDatabase(.sqlite) { database in
            let pragmas = try await database.write { tx in
                try ["synchronous", "foreign_keys", "recursive_triggers", "journal_size_limit", "busy_timeout"].map {
                    try tx.value("SELECT * FROM pragma_\(SQL.name($0))", as: Int.self)
                }
            }
            #expect(pragmas == [2, 1, 1, 67_108_864, 5000])
            let journal = try await database.read { tx in
                try tx.value("SELECT journal_mode FROM pragma_journal_mode", as: String.self)
            }
            #expect(journal == "wal")
        }
    }

    @Test("Units waiting together share one transaction, and each is answered only after its end")
    func grouping() async throws {
        try await withDatabase(.sqlite, migrations: Schema.migrations) { database in
            let (entered, leave) = (Signal(), Signal())
            // While the first unit holds the writer, the others gather.
            async let first: Void = database.write { _ in
                entered.give()
                leave.wait()
            }
            await entered.received()
            let written = await withTaskGroup(of: Int.self) { group in
                for id in 0..<20 {
                    group.addTask {
                        // Within the shared transaction the units before this one are seen, committed or not.
                        let seen = try? await database.write { tx in
                            try tx.addOffice(id, code: "c\(id)")
                            return try tx.offices().count
                        }
                        let durable = try? await database.read { tx in try tx.offices().count }
                        return (durable ?? 0) >= (seen ?? 1) ? 1 : 0
                    }
                }
                try? await Task.sleep(for: .milliseconds(100))
                leave.give()
                return await group.reduce(0, +)
            }
            try await first
            #expect(written == 20)
        }
    }

    @Test("A unit may wait while another process writes")
    func twoProcesses() async throws {
        try await withDatabaseAddress(.sqlite, migrations: Schema.migrations) { address in
            let (one, other) = (try address.open(), try address.open())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<100 {
                    group.addTask {
                        try await (id.isMultiple(of: 2) ? one : other).write { tx in
                            try tx.addOffice(id, code: "c\(id)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let offices = try await one.read { tx in try tx.offices() }
            #expect(offices == Array(0..<100))
            await one.close()
            await other.close()
        }
    }

    @Test("A full disk fails the units of its transaction, keeps those before and serves those after")
    func diskFull() async throws {
        try await withDatabase(.sqlite, migrations: Schema.migrations) { database in
            try await database.write { tx in
                try tx.addOffice(1, code: "a")
                try tx.execute("PRAGMA max_page_count = 40")
            }
            let large = [UInt8](repeating: 7, count: 400_000)
            let (entered, leave) = (Signal(), Signal())
            let first = Task {
                try await database.write { tx in
                    try tx.addOffice(2, code: "b")
                    entered.give()
                    leave.wait()
                }
            }
            await entered.received()
            let second = Task {
                try await database.write { tx in
                    try tx.execute("INSERT INTO sample (area, id, bytes) VALUES (\(Schema.area), 1, \(large))")
                }
            }
            try await Task.sleep(for: .milliseconds(50))
            leave.give()
            let errors = [try await error { try await first.value }, try await error { _ = try await second.value }]
            // SQLite may save the first by undoing the second alone; never is only the large one kept.
            #expect(kind(errors[1]) == "unavailable")
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == (errors[0] == nil ? [1, 2] : [1]))
            try await database.write { tx in try tx.addOffice(3, code: "c") }
        }
    }

    @Test("A file that is no database is refused at opening")
    func noDatabase() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).sqlite")
        try Data(repeating: 65, count: 8192).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let error = #expect(throws: StorageError.self) { try SQLiteDatabase(path: file.path) }
        #expect(kind(error) == "unavailable")
        #expect(throws: StorageError.self) { try SQLiteDatabase(path: "/nowhere/at/all.sqlite") }
    }
}

/// The storage error of an act, or nil where it succeeds.
func error(_ act: () async throws -> Void) async throws -> StorageError? {
    do {
        try await act()
        return nil
    } catch let error as StorageError {
        return error
    }
}
