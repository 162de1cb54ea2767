import Storage
import TestKit
import Testing

@Suite("Bringing a database to the schema of the program")
struct MigratorTests {
    private static let first = Migration("a.001", ["CREATE TABLE a (area TEXT NOT NULL, id BIGINT NOT NULL)"])
    private static let second = Migration(
        "b.001", ["INSERT INTO a (area, id) VALUES (\(Schema.area), 1)", "ALTER TABLE a ADD COLUMN words TEXT"])
    private static let broken = Migration("c.001", ["CREATE TABLE c (id BIGINT)", "INSERT INTO nowhere VALUES (1)"])

    @Test("Migrations run in order, once", arguments: Backend.all)
    func order(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let all = [Self.first, Self.second]
            let before = try await Migrator.pending(all, in: database)
            #expect(before.map(\.name) == ["a.001", "b.001"])
            #expect(try await Migrator.migrate([Self.first], in: database, at: FixedTime.start) == ["a.001"])
            #expect(try await Migrator.migrate(all, in: database, at: FixedTime.start) == ["b.001"])
            #expect(try await Migrator.migrate(all, in: database, at: FixedTime.start) == [])
            #expect(try await Migrator.pending(all, in: database).isEmpty)
            #expect(
                try await database.read { tx in try tx.values("SELECT id FROM a WHERE words IS NULL", as: Int.self) }
                    == [1])
        }
    }

    @Test("A released migration that was changed is refused", arguments: Backend.all)
    func changed(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            try await Migrator.migrate([Self.first, Self.second], in: database, at: FixedTime.start)
            let edited = [
                Migration("a.001", ["CREATE TABLE a (area TEXT NOT NULL, id BIGINT)"]),
                Migration("a.001", Self.first.statements + ["SELECT 1"]),
            ]
            for migration in edited {
                await #expect(
                    throws: StorageError.refused("migration a.001 was changed after it had been released")
                ) { try await Migrator.migrate([migration, Self.second], in: database, at: FixedTime.start) }
            }
            let otherValue = Migration(
                "b.001", ["INSERT INTO a (area, id) VALUES (\(Schema.area), 2)", "ALTER TABLE a ADD COLUMN words TEXT"])
            #expect(try await Migrator.pending([Self.first, Self.second], in: database).isEmpty)
            await #expect(throws: StorageError.self) {
                try await Migrator.pending([Self.first, otherValue], in: database)
            }
        }
    }

    @Test("A database that knows a migration the program does not is refused", arguments: Backend.all)
    func unknown(backend: Backend) async throws {
        try await withDatabase(backend, migrations: [Self.first, Self.second]) { database in
            await #expect(
                throws: StorageError.refused("the database has migration b.001, which this program does not know")
            ) { try await Migrator.migrate([Self.first], in: database, at: FixedTime.start) }
        }
    }

    @Test("A migration that fails leaves nothing, and those before it stay", arguments: Backend.all)
    func failing(backend: Backend) async throws {
        try await withDatabase(backend) { database in
            let all = [Self.first, Self.broken]
            await #expect(throws: StorageError.self) {
                try await Migrator.migrate(all, in: database, at: FixedTime.start)
            }
            let pending = try await Migrator.pending(all, in: database)
            #expect(pending.map(\.name) == ["c.001"])
            await #expect(throws: StorageError.self) {
                try await database.read { tx in try tx.values("SELECT id FROM c", as: Int.self) }
            }
        }
    }

    @Test("Several programs may migrate at once", arguments: Backend.all)
    func concurrently(backend: Backend) async throws {
        try await withDatabaseAddress(backend) { address in
            let databases = try (0..<4).map { _ in try address.open() }
            let done = try await withThrowingTaskGroup(of: [String].self) { group in
                for database in databases {
                    group.addTask {
                        try await Migrator.migrate([Self.first, Self.second], in: database, at: FixedTime.start)
                    }
                }
                var done: [String] = []
                for try await names in group { done += names }
                return done
            }
            #expect(done.sorted() == ["a.001", "b.001"])
            for database in databases { await database.close() }
        }
    }
}
