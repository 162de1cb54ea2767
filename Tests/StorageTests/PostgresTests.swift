import Foundation
import Storage
import StoragePostgres
import TestKit
import Testing

@Suite("PostgreSQL over libpq", .enabled(if: Backend.all.contains(.postgres)))
struct PostgresTests {
    @Test("Two units that lock in opposite order both succeed in the end")
    func deadlock() async throws {
        try await withDatabase(.postgres, migrations: Schema.migrations) { database in
            try await database.write { tx in
                for id in 1...2 {
                    try tx.execute("INSERT INTO sample (area, id, number) VALUES (\(Schema.area), \(id), 0)")
                }
            }
            let runs = [Counter(), Counter()]
            let signals = [Signal(), Signal()]
            let actions = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (mine, order) in [[1, 2], [2, 1]].enumerated() {
                    group.addTask {
                        try await database.write { tx in
                            runs[mine].add()
                            let isFirst = runs[mine].count == 1
                            tx.onCommit { actions.add() }
                            try tx.increment(order[0])
                            // Both hold one row before either asks for the second.
                            if isFirst {
                                signals[1 - mine].give()
                                signals[mine].wait()
                            }
                            try tx.increment(order[1])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(runs[0].count + runs[1].count > 2)
            #expect(actions.count == 2)
            let numbers = try await database.read { tx in
                try tx.values("SELECT number FROM sample WHERE area = \(Schema.area) ORDER BY id", as: Int.self)
            }
            #expect(numbers == [2, 2])
        }
    }

    @Test("A lost race is retried a bounded number of times, then told")
    func bounded() async throws {
        try await withDatabase(.postgres, migrations: Schema.migrations) { database in
            let runs = Counter()
            let failed = try await error {
                try await database.write { tx in
                    runs.add()
                    try tx.execute("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$")
                }
            }
            #expect(kind(failed) == "serialization")
            #expect(runs.count == 10)
        }
    }

    @Test("A connection ended while idle is made anew, unseen")
    func reconnect() async throws {
        try await withDatabaseAddress(.postgres, migrations: Schema.migrations) { address in
            guard case .postgres(let url) = address else { return }
            let database = try PostgresDatabase(url: url, connections: 1)
            try await database.write { tx in try tx.addOffice(1, code: "a") }
            try await endConnections(url)
            try await database.write { tx in try tx.addOffice(2, code: "b") }
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == [1, 2])
            await database.close()
        }
    }

    @Test("A connection lost within a unit fails it as unavailable, and nothing is kept or repeated")
    func lost() async throws {
        try await withDatabaseAddress(.postgres, migrations: Schema.migrations) { address in
            guard case .postgres(let url) = address else { return }
            let database = try PostgresDatabase(url: url, connections: 1)
            let (inside, ended) = (Signal(), Signal())
            let runs = Counter()
            let unit = Task {
                try await database.write { tx in
                    runs.add()
                    try tx.addOffice(1, code: "a")
                    inside.give()
                    ended.wait()
                    try tx.execute("UPDATE office SET code = 'b' WHERE area = \(Schema.area)")
                }
            }
            await inside.received()
            try await endConnections(url)
            ended.give()
            let failed = try await error { _ = try await unit.value }
            #expect(kind(failed) == "unavailable")
            #expect(runs.count == 1)
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == [])
            await database.close()
        }
    }

    @Test("A connection lost at COMMIT leaves the outcome unknown")
    func unknownOutcome() async throws {
        try await withDatabaseAddress(.postgres, migrations: Schema.migrations) { address in
            guard case .postgres(let url) = address else { return }
            let database = try PostgresDatabase(url: url, connections: 1)
            let (inside, ended) = (Signal(), Signal())
            let unit = Task {
                try await database.write { tx in
                    try tx.addOffice(1, code: "a")
                    inside.give()
                    ended.wait()
                }
            }
            await inside.received()
            try await endConnections(url)
            ended.give()
            let failed = try await error { try await unit.value }
            #expect(kind(failed) == "unknownOutcome")
            await database.close()
        }
    }

    @Test("A statement that takes too long is cancelled, and the connection serves on")
    func timeOut() async throws {
        try await withDatabaseAddress(.postgres, migrations: Schema.migrations) { address in
            guard case .postgres(let url) = address else { return }
            let database = try PostgresDatabase(url: url, connections: 1, statementTimeout: .milliseconds(80))
            let failed = try await error {
                try await database.write { tx in
                    try tx.addOffice(1, code: "a")
                    try tx.execute("SELECT pg_sleep(30)")
                }
            }
            #expect(kind(failed) == "timedOut")
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == [])
            await database.close()
        }
    }

    @Test("Cancelling the task stops the statement or takes the unit from the queue")
    func cancellation() async throws {
        try await withDatabaseAddress(.postgres, migrations: Schema.migrations) { address in
            guard case .postgres(let url) = address else { return }
            let database = try PostgresDatabase(url: url, connections: 1)
            let inside = Signal()
            let running = Task {
                try await database.write { tx in
                    try tx.addOffice(1, code: "a")
                    inside.give()
                    try tx.execute("SELECT pg_sleep(30)")
                }
            }
            await inside.received()
            let waiting = Task { try await database.write { tx in try tx.addOffice(2, code: "b") } }
            try await Task.sleep(for: .milliseconds(30))
            let began = ContinuousClock.now
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            #expect(ContinuousClock.now - began < .seconds(20))
            let offices = try await database.read { tx in try tx.offices() }
            #expect(offices == [])
            await database.close()
        }
    }

    @Test("A table that changed under a prepared query is read again")
    func stalePlan() async throws {
        try await withDatabaseAddress(.postgres, migrations: Schema.migrations) { address in
            guard case .postgres(let url) = address else { return }
            let database = try PostgresDatabase(url: url, connections: 1)
            try await database.write { tx in try tx.addOffice(1, code: "a") }
            for kind in ["TEXT", "VARCHAR(20)"] {
                try await database.write { tx in
                    try tx.execute(.dialect(sqlite: "", postgres: "ALTER TABLE office ALTER COLUMN code TYPE \(kind)"))
                }
                let codes = try await database.read { tx in
                    try tx.values("SELECT code FROM office WHERE area = \(Schema.area)", as: String.self)
                }
                #expect(codes == ["a"])
            }
            await database.close()
        }
    }

    @Test("The session says who it is, where it looks and that what it acknowledges is on disk")
    func session() async throws {
        try await withDatabaseAddress(.postgres) { address in
            guard case .postgres(let url) = address else { return }
            let database = try PostgresDatabase(url: url, connections: 1, searchPath: "elsewhere, public")
            let settings = try await database.read { tx in
                try ["application_name", "search_path", "synchronous_commit", "TimeZone"].map {
                    try tx.value("SELECT current_setting(\($0))", as: String.self)
                }
            }
            #expect(settings == ["tongban", "elsewhere, public", "on", "UTC"])
            await database.close()
        }
    }

    @Test("A server that is not there is told at once")
    func nobody() {
        let error = #expect(throws: StorageError.self) {
            try PostgresDatabase(url: "postgres://nobody@127.0.0.1:1/nothing")
        }
        #expect(kind(error) == "unavailable")
    }

    /// Ends all other connections to the database, as a restart of the server does.
    private func endConnections(_ url: String) async throws {
        try await PostgresMaintenance.run(
            [
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            ], url: url)
    }
}

extension Transaction {
    fileprivate func increment(_ id: Int) throws {
        try execute("UPDATE sample SET number = number + 1 WHERE area = \(Schema.area) AND id = \(id)")
    }
}
