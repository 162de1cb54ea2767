import Storage
import TestKit
import Testing

@Suite("What a database refuses, and as what")
struct RefusalTests {
    /// Runs one statement after an office 1 with a desk and one entry are there, and answers its error.
    private func failure(_ backend: Backend, _ statement: SQL) async throws -> StorageError? {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in
                try tx.addOffice(1, code: "a")
                try tx.execute("INSERT INTO desk (area, id, office) VALUES (\(Schema.area), 1, 1)")
                try tx.execute("INSERT INTO entry (area, seq, words) VALUES (\(Schema.area), 1, 'w')")
            }
            do {
                try await database.write { tx in try tx.execute(statement) }
                return nil
            } catch let error as StorageError {
                return error
            }
        }
    }

    @Test("A key that exists already is a unique violation", arguments: Backend.all)
    func unique(backend: Backend) async throws {
        for statement: SQL in [
            "INSERT INTO office (area, id, code) VALUES (\(Schema.area), 1, 'b')",
            "INSERT INTO office (area, id, code) VALUES (\(Schema.area), 2, 'a')",
        ] {
            let error = try await failure(backend, statement)
            #expect(kind(error) == "uniqueViolation")
        }
    }

    @Test("A missing or still referenced row is a foreign key violation", arguments: Backend.all)
    func foreignKey(backend: Backend) async throws {
        for statement: SQL in [
            "INSERT INTO desk (area, id, office) VALUES (\(Schema.area), 2, 9)",
            "DELETE FROM office WHERE area = \(Schema.area)",
        ] {
            let error = try await failure(backend, statement)
            #expect(kind(error) == "foreignKeyViolation")
        }
    }

    @Test("NOT NULL and CHECK are constraint violations", arguments: Backend.all)
    func constraint(backend: Backend) async throws {
        for statement: SQL in [
            "INSERT INTO office (area, id, code) VALUES (\(Schema.area), 2, \(String?.none))",
            "INSERT INTO office (area, id, code) VALUES (\(Schema.area), -1, 'b')",
        ] {
            let error = try await failure(backend, statement)
            #expect(kind(error) == "constraintViolation")
        }
    }

    @Test("A trigger's refusal is one, and the row stays", arguments: Backend.all)
    func trigger(backend: Backend) async throws {
        for statement: SQL in [
            "UPDATE entry SET words = 'x' WHERE area = \(Schema.area)", "DELETE FROM entry WHERE area = \(Schema.area)",
        ] {
            let error = try await failure(backend, statement)
            #expect(kind(error) == "refused")
            #expect("\(String(describing: error))".contains("entries stay"))
        }
    }

    @Test("A wrong statement is one, and a wrong count of values too", arguments: Backend.all)
    func wrong(backend: Backend) async throws {
        for statement: SQL in ["SELECT FROM WHERE", "SELECT nothing FROM office", "SELECT id FROM nowhere", ""] {
            let error = try await failure(backend, statement)
            #expect(kind(error) == "statement")
        }
    }

    @Test("SQLite's REPLACE does not get round the triggers")
    func replace() async throws {
        let error = try await failure(
            .sqlite, "INSERT OR REPLACE INTO entry (area, seq, words) VALUES (\(Schema.area), 1, 'x')")
        #expect(kind(error) == "refused")
    }
}
