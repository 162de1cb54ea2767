import Storage
import Synchronization
import TestKit
import Testing

@Suite("Units of work")
struct UnitTests {
    @Test("A unit that throws leaves nothing behind", arguments: Backend.all)
    func rollback(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            await #expect(throws: Refusal()) {
                try await database.write { tx in
                    try tx.addOffice(1, code: "a")
                    throw Refusal()
                }
            }
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == [])
        }
    }

    @Test("One failing unit of fifty at once does not harm the others", arguments: Backend.all)
    func isolation(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            let kept = await withTaskGroup(of: Int?.self) { group in
                for id in 0..<50 {
                    group.addTask {
                        try? await database.write { tx in
                            try tx.addOffice(id, code: "c\(id)")
                            if id % 10 == 3 { try tx.addOffice(id, code: "again") }
                            if id % 10 == 7 { throw Refusal() }
                            return id
                        }
                    }
                }
                var kept: [Int] = []
                for await id in group { if let id { kept.append(id) } }
                return kept.sorted()
            }
            #expect(kept == (0..<50).filter { $0 % 10 != 3 && $0 % 10 != 7 })
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == kept)
        }
    }

    @Test("What was acknowledged is there after reopening", arguments: Backend.all)
    func durability(backend: Backend) async throws {
        try await withDatabaseAddress(backend, migrations: Schema.migrations) { address in
            let first = try address.open()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<40 {
                    group.addTask { try await first.write { tx in try tx.addOffice(id, code: "c\(id)") } }
                }
                try await group.waitForAll()
            }
            await first.close()
            let second = try address.open()
            let offices = try await second.read { tx in try tx.offices() }
            #expect(offices == Array(0..<40))
            await second.close()
        }
    }

    @Test("A thousand concurrent writes are all counted", arguments: Backend.all)
    func counting(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in
                try tx.execute("INSERT INTO sample (area, id, number) VALUES (\(Schema.area), 1, 0)")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<1000 {
                    group.addTask {
                        let changed = try await database.write { tx in
                            try tx.execute(
                                "UPDATE sample SET number = number + 1 WHERE area = \(Schema.area) AND id = 1")
                        }
                        #expect(changed == 1)
                    }
                }
                try await group.waitForAll()
            }
            let total = try await database.read { tx in
                try tx.value("SELECT number FROM sample WHERE area = \(Schema.area)", as: Int.self)
            }
            #expect(total == 1000)
        }
    }

    @Test("A read sees one snapshot, whatever is written meanwhile", arguments: Backend.all)
    func snapshot(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in try tx.addOffice(1, code: "a") }
            let (reading, wrote) = (Signal(), Signal())
            async let counts = database.read { tx in
                let before = try tx.offices()
                reading.give()
                wrote.wait()
                return [before, try tx.offices()]
            }
            await reading.received()
            try await database.write { tx in try tx.addOffice(2, code: "b") }
            wrote.give()
            #expect(try await counts == [[1], [1]])
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == [1, 2])
        }
    }

    @Test("A read cannot write", arguments: Backend.all)
    func readOnly(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            let error = await #expect(throws: StorageError.self) {
                try await database.read { tx in try tx.addOffice(1, code: "a") }
            }
            #expect(kind(error) == "refused")
            let offices = try await database.write { tx in try tx.offices() }
            #expect(offices == [])
        }
    }

    @Test("A statement that is only put is done with its unit, or the unit with it", arguments: Backend.all)
    func put(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            @Sendable func put(_ id: Int, _ code: String, _ tx: Transaction) throws {
                try tx.put("INSERT INTO office (area, id, code) VALUES (\(Schema.area), \(id), \(code))")
            }
            // More than travel together, and seen by a query of the same unit.
            let seen = try await database.write { tx in
                for id in 1...200 { try put(id, "c\(id)", tx) }
                return try tx.offices().count
            }
            #expect(seen == 200)
            for last in [201, 7] {
                let error = await #expect(throws: StorageError.self) {
                    try await database.write { tx in
                        try put(201, "x", tx)
                        try put(202, "y", tx)
                        try put(last, "z", tx)
                    }
                }
                #expect(kind(error) == "uniqueViolation")
            }
            let refused = await #expect(throws: StorageError.self) {
                try await database.read { tx in try put(300, "r", tx) }
            }
            #expect(kind(refused) == "refused")
            // The connection is as good as before.
            for id in 301...310 {
                try await database.write { tx in try put(id, "n\(id)", tx) }
                let count = try await database.read { tx in try tx.offices().count }
                #expect(count == 200 + id - 300)
            }
        }
    }

    @Test("A unit of which a statement failed is lost, even if its code caught the error", arguments: Backend.all)
    func swallowed(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            let error = await #expect(throws: StorageError.self) {
                try await database.write { tx in
                    try tx.addOffice(1, code: "a")
                    try? tx.addOffice(1, code: "b")
                }
            }
            #expect(kind(error) == "uniqueViolation")
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == [])
        }
    }

    @Test("Commit actions run after the unit is durable, and not at all after a failure", arguments: Backend.all)
    func commitActions(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            let done = Mutex<[Int]>([])
            try await database.write { tx in
                tx.onCommit { done.withLock { $0.append(1) } }
                tx.onCommit { done.withLock { $0.append(2) } }
                #expect(done.withLock { $0.isEmpty })
            }
            try? await database.write { tx in
                tx.onCommit { done.withLock { $0.append(3) } }
                throw Refusal()
            }
            #expect(done.withLock { $0 } == [1, 2])
        }
    }

    @Test("The same query may run inside its own rows", arguments: Backend.all)
    func nested(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            let pairs = try await database.write { tx in
                for id in 1...3 { try tx.addOffice(id, code: "c\(id)") }
                var pairs = 0
                let statement: SQL = "SELECT id FROM office WHERE area = \(Schema.area)"
                try tx.forEach(statement) { _ in try tx.forEach(statement) { _ in pairs += 1 } }
                return pairs
            }
            #expect(pairs == 9)
        }
    }

    @Test("Changes are counted, and RETURNING gives rows", arguments: Backend.all)
    func changes(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            let (changed, unchanged, read, returned) = try await database.write { tx in
                for id in 1...4 { try tx.addOffice(id, code: "c\(id)") }
                let moved: SQL = "UPDATE office SET code = code || '!' WHERE area = \(Schema.area)"
                return (
                    try tx.execute(moved + " AND id > 1"), try tx.execute(moved + " AND id > 10"),
                    try tx.execute("SELECT id FROM office WHERE area = \(Schema.area)"),
                    try tx.value(
                        """
                        INSERT INTO office (area, id, code) VALUES (\(Schema.area), 2, 'new')
                        ON CONFLICT (area, id) DO UPDATE SET code = excluded.code RETURNING code
                        """, as: String.self)
                )
            }
            #expect(changed == 3)
            #expect(unchanged == 0)
            #expect(read == 0)
            #expect(returned == "new")
        }
    }

    @Test("A unit neither begins nor ends a transaction by itself", arguments: Backend.all)
    func control(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            for text: SQL in ["COMMIT", "  rollback", "BEGIN", "SELECT 1; COMMIT"] {
                let error = await #expect(throws: StorageError.self) {
                    try await database.write { tx in
                        try tx.addOffice(1, code: "a")
                        try tx.execute(text)
                    }
                }
                #expect(kind(error) == "statement")
            }
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == [])
        }
    }

    @Test("A closed database finishes what it took and refuses the rest", arguments: Backend.all)
    func closing(backend: Backend) async throws {
        try await withDatabaseAddress(backend, migrations: Schema.migrations) { address in
            let database = try address.open()
            async let slow = database.read { tx in
                var rows = 0
                for _ in 0..<200 { rows += try tx.offices().count }
                return rows
            }
            try await database.write { tx in try tx.addOffice(1, code: "a") }
            await database.close()
            _ = try? await slow
            await #expect(throws: StorageError.unavailable("the database is closed")) {
                try await database.write { tx in try tx.addOffice(2, code: "b") }
            }
            await #expect(throws: StorageError.unavailable("the database is closed")) {
                try await database.read { tx in try tx.offices() }
            }
            await database.close()
        }
    }
}
