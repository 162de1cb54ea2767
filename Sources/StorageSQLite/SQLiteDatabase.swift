import GRDB
import GRDBSQLite
package import Storage

/// The embedded engine: one SQLite file in WAL mode, one writer with group commit, several readers on snapshots.
///
/// Everything acknowledged is on disk (`synchronous=FULL`): https://www.sqlite.org/pragma.html#pragma_synchronous
package final class SQLiteDatabase: Storage.Database {
    package let dialect = SQLDialect.sqlite

    private let pool: DatabasePool
    private let writer: GroupCommit
    private let readers: ReaderSet

    /// Opens the file, making it where there is none.
    ///
    /// - Parameters:
    ///   - path: of the file; its folder must exist.
    ///   - readers: how many reads may run at once; at least 1.
    /// - Throws: `StorageError.unavailable` where the file cannot be opened or will not keep what it acknowledges.
    package init(path: String, readers: Int = 4) throws(StorageError) {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 1
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
                        PRAGMA wal_autocheckpoint = 4000;
                        PRAGMA cache_size = -32768;
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
        self.readers = ReaderSet(path: path, count: max(1, readers))
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let reader = try await readers.take()
        defer { readers.giveBack(reader) }
        return try reader.run(body)
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
        guard await readers.close() else { return }
        // Brings the log into the file, which GRDB does not do, as its readers close after its writer. Where either fails,
        // the log stays and the next opening reads it.
        _ = try? await pool.writeWithoutTransaction { connection in try connection.checkpoint(.truncate) }
        try? pool.close()
    }
}
