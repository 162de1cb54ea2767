import GRDB
import GRDBSQLite
package import Storage
import Synchronization

/// The embedded engine: one SQLite file in WAL mode, one writer with group commit, several readers on snapshots.
///
/// Everything acknowledged is on disk (`synchronous=FULL`): https://www.sqlite.org/pragma.html#pragma_synchronous
package final class SQLiteDatabase: Storage.Database {
    package let dialect = SQLDialect.sqlite

    private let pool: DatabasePool
    private let writer: GroupCommit
    private let state = Mutex(State())

    private struct State {
        /// Reads under way.
        var reads = 0
        var closed = false
        /// Who closes and waits for them.
        var waiting: CheckedContinuation<Void, Never>?
    }

    /// Opens the file, making it where there is none.
    ///
    /// - Parameters:
    ///   - path: of the file; its folder must exist.
    ///   - readers: how many reads may run at once; at least 1.
    /// - Throws: `StorageError.unavailable` where the file cannot be opened or will not keep what it acknowledges.
    package init(path: String, readers: Int = 4) throws(StorageError) {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = max(1, readers)
        configuration.busyMode = .timeout(5)
        configuration.label = "tongban"
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL while it opens the pool, so FULL comes after it.
            try pool.writeWithoutTransaction { connection in
                try connection.execute(
                    sql: """
                        PRAGMA synchronous = FULL;
                        PRAGMA journal_size_limit = 67108864;
                        PRAGMA recursive_triggers = ON;
                        """)
                let required = ["synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1]
                for (pragma, value) in required {
                    guard try Int.fetchOne(connection, sql: "PRAGMA \(pragma)") == value else {
                        throw StorageError.unavailable("SQLite does not keep PRAGMA \(pragma) = \(value)")
                    }
                }
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw .unavailable("\(path) cannot be opened: \(error)")
        }
        writer = GroupCommit(pool: pool)
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try beginRead()
        defer { endRead() }
        return try await withCheckedThrowingContinuation { continuation in
            pool.asyncRead { opened in
                continuation.resume(
                    with: Swift.Result {
                        let runner: SQLiteRunner
                        do { runner = try SQLiteRunner(opened.get()) } catch { throw StorageError(opening: error) }
                        let transaction = Transaction(dialect: .sqlite, runner: runner)
                        let result = try body(transaction)
                        if let failure = runner.failure { throw failure }
                        transaction.runCommitActions()
                        return result
                    })
            }
        }
    }

    @discardableResult
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            writer.add(
                WriteUnit(
                    run: { transaction in
                        let result = try body(transaction)
                        return { continuation.resume(returning: result) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    package func close() async {
        await writer.close()
        let first = state.withLock { state in
            defer { state.closed = true }
            return !state.closed
        }
        guard first else { return }
        await withCheckedContinuation { continuation in
            let idle = state.withLock { state in
                if state.reads > 0 { state.waiting = continuation }
                return state.reads == 0
            }
            if idle { continuation.resume() }
        }
        // Brings the log into the file, which GRDB does not do, as its readers close after its writer. Where either fails,
        // the log stays and the next opening reads it.
        _ = try? await pool.writeWithoutTransaction { connection in try connection.checkpoint(.truncate) }
        try? pool.close()
    }

    private func beginRead() throws(StorageError) {
        let open = state.withLock { state in
            if !state.closed { state.reads += 1 }
            return !state.closed
        }
        guard open else { throw .unavailable("the database is closed") }
    }

    private func endRead() {
        let waiting: CheckedContinuation<Void, Never>? = state.withLock { state in
            state.reads -= 1
            return state.reads == 0 ? state.waiting : nil
        }
        waiting?.resume()
    }
}
