package import Kernel
import Synchronization

/// The slowest statements since the program started: texts with places for values, never the values, and never more than so many.
package final class SlowStatements: StatementListener {
    /// One statement, however often it ran too slowly.
    package struct Line: Sendable, Hashable {
        package let text: String
        package var count: Int
        package var longest: Duration
        package var lastAt: Moment
    }

    /// From how long on a statement counts as slow.
    package let threshold: Duration
    private let capacity: Int
    private let lines = Mutex<[String: Line]>([:])

    package init(threshold: Duration = .milliseconds(100), capacity: Int = 50) {
        self.threshold = threshold
        self.capacity = max(1, capacity)
    }

    /// The slowest first.
    package var slowest: [Line] {
        lines.withLock { Array($0.values) }.sorted { ($1.longest, $0.text) < ($0.longest, $1.text) }
    }

    /// Keeps the statement where it took too long.
    package func ran(_ statement: ResolvedSQL, took: Duration) { note(statement.text, took: took, at: .now()) }

    /// What a statement took, with the reading of its rows.
    package func note(_ text: String, took: Duration, at now: Moment) {
        guard took >= threshold else { return }
        lines.withLock { lines in
            var line = lines[text] ?? Line(text: text, count: 0, longest: .zero, lastAt: now)
            line.count += 1
            line.longest = max(line.longest, took)
            line.lastAt = max(line.lastAt, now)
            lines[text] = line
            guard lines.count > capacity, let least = lines.values.min(by: { $0.longest < $1.longest }) else { return }
            lines[least.text] = nil
        }
    }
}

/// A database whose statements are timed.
package struct WatchedDatabase: Database {
    private let database: any Database
    private let listeners: [any StatementListener]

    package init(_ database: any Database, slow: SlowStatements, and more: [any StatementListener] = []) {
        self.database = database
        listeners = [slow] + more
    }

    package var dialect: SQLDialect { database.dialect }

    package func read<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws
        -> Result
    {
        try await database.read { [listeners] tx in
            for listener in listeners { tx.tell(listener) }
            return try body(tx)
        }
    }

    @discardableResult
    package func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws
        -> Result
    {
        try await database.write { [listeners] tx in
            for listener in listeners { tx.tell(listener) }
            return try body(tx)
        }
    }

    package func close() async { await database.close() }
}
