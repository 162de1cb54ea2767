import Dispatch
import Foundation
package import Storage
import Synchronization

/// A PostgreSQL server, version 13 or later, or one that speaks as it does.
///
/// Each connection has its own thread and takes units from one queue. Writes are READ COMMITTED, reads REPEATABLE READ READ
/// ONLY; a lost race runs again, up to ten times. A connection lost before COMMIT is on its way fails its unit as `unavailable`, one lost
/// after that as `unknownOutcome`: such a unit is never repeated silently.
package final class PostgresDatabase: Database {
    package let dialect = SQLDialect.postgres

    private let queue: PostgresQueue

    /// Connects once, so that a wrong URL is known at once, and starts the threads.
    ///
    /// - Parameters:
    ///   - url: `postgres://user:password@host:port/database` or any conninfo text of libpq.
    ///   - connections: how many units may run at once; at least 1.
    ///   - statementTimeout: after which the server cancels a statement; its unit fails as `timedOut`.
    ///   - searchPath: the schemas names are looked up in, where it is not the server's default.
    /// - Throws: `StorageError.unavailable` where the server cannot be reached or the database is not encoded in UTF-8.
    package init(
        url: String, connections: Int = 8, statementTimeout: Duration = .seconds(30), searchPath: String? = nil
    ) throws(StorageError) {
        let options = PostgresOptions(url: url, statementTimeout: statementTimeout, searchPath: searchPath)
        do {
            // Made and closed here: a session belongs to the thread that makes it.
            _ = try PostgresSession(options)
        } catch let failure as PostgresFailure {
            throw .unavailable(failure.message)
        } catch {
            throw .unavailable("\(error)")
        }
        queue = PostgresQueue(threads: max(1, connections))
        for number in 1...max(1, connections) {
            let thread = Thread { [queue] in
                let worker = PostgresWorker(options)
                while let unit = queue.next() { worker.perform(unit) }
                worker.disconnect()
                queue.threadEnded()
            }
            thread.name = "postgres-\(number)"
            thread.start()
        }
    }

    deinit { queue.close() }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await perform(isWrite: false, body)
    }

    @discardableResult
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await perform(isWrite: true, body)
    }

    package func close() async {
        queue.close()
        await queue.ended()
    }

    private func perform<Result: Sendable>(
        isWrite: Bool, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let unit = PostgresUnit(
                    isWrite: isWrite,
                    run: { transaction in
                        let result = try body(transaction)
                        return { continuation.resume(returning: result) }
                    },
                    fail: { continuation.resume(throwing: $0) })
                cancellation.watch(unit)
                queue.add(unit)
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}

/// Brings together a task's cancellation and its unit, whichever comes first.
private final class Cancellation: Sendable {
    private let state = Mutex<(unit: PostgresUnit?, cancelled: Bool)>((nil, false))

    func watch(_ unit: PostgresUnit) {
        let late = state.withLock { state in
            state.unit = unit
            return state.cancelled
        }
        if late { unit.cancel() }
    }

    func cancel() {
        let unit = state.withLock { state in
            state.cancelled = true
            return state.unit
        }
        unit?.cancel()
    }
}
