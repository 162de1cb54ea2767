package import Storage
import Synchronization

/// Keeps what units of work said to the database, unit by unit, while they run for real.
package final class Tape: Sendable {
    /// One unit that came to its end.
    package struct Unit: Sendable {
        package let isWrite: Bool
        package let statements: [ResolvedSQL]
    }

    private let kept = Mutex<[Unit]>([])

    package init() {}

    /// The units so far, in the order in which they ended.
    package var units: [Unit] { kept.withLock { $0 } }

    /// Begins anew; answers what was on it.
    @discardableResult
    package func rewind() -> [Unit] {
        kept.withLock { units in
            defer { units = [] }
            return units
        }
    }

    fileprivate func add(_ unit: Unit) { kept.withLock { $0.append(unit) } }
}

/// A database that tells a tape what is said to it.
package struct TapedDatabase: Database {
    private let database: any Database
    private let tape: Tape

    package init(_ database: any Database, tape: Tape) {
        self.database = database
        self.tape = tape
    }

    package var dialect: SQLDialect { database.dialect }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.read { [tape] tx in try Self.tape(tape, isWrite: false, tx, body) }
    }

    @discardableResult
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write { [tape] tx in try Self.tape(tape, isWrite: true, tx, body) }
    }

    package func close() async { await database.close() }

    private static func tape<Result>(
        _ tape: Tape, isWrite: Bool, _ tx: Transaction, _ body: (Transaction) throws -> Result
    ) throws -> Result {
        let heard = Heard()
        tx.tell(heard)
        defer { tape.add(Tape.Unit(isWrite: isWrite, statements: heard.all)) }
        return try body(tx)
    }

    private final class Heard: StatementListener {
        private let statements = Mutex<[ResolvedSQL]>([])
        var all: [ResolvedSQL] { statements.withLock { $0 } }
        func ran(_ statement: ResolvedSQL, took: Duration) { statements.withLock { $0.append(statement) } }
    }
}
