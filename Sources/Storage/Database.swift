import Kernel

/// One of the two engines. A unit of work is a synchronous closure on a database thread; inside it nothing awaits.
///
/// A write unit may run again after a lost race, so it has no effect outside its transaction. Units throw `StorageError`
/// or what their own code throws; whatever is thrown rolls the unit back. A unit of which one statement failed is lost, even
/// where its code caught the error, and its further statements fail: so it is on PostgreSQL, and so it is on both.
package protocol Database: Sendable {
    var dialect: SQLDialect { get }

    /// Runs `body` on a snapshot; it cannot write.
    func read<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result

    /// Runs `body` in a transaction and answers only after it is durable.
    @discardableResult
    func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result

    /// Ends the connections after the units under way; further units fail as `unavailable`.
    func close() async
}

/// Hears the statements of a unit, on its thread.
package protocol StatementListener: Sendable {
    /// A statement came to its end, well or not; `took` covers the reading of its rows.
    func ran(_ statement: ResolvedSQL, took: Duration)
}

/// What a driver gives a transaction: statements run on one connection, on its thread.
package protocol StatementRunner: AnyObject {
    /// Runs a statement and answers how many rows it changed.
    func execute(_ statement: ResolvedSQL) throws(StorageError) -> Int
    /// Runs a statement whose count nobody wants; it may be sent with those that follow, and then fails with them.
    func put(_ statement: ResolvedSQL) throws(StorageError)
    /// Runs a query and shows each row once, in order.
    func query(_ statement: ResolvedSQL, _ body: (borrowing Row) throws -> Void) throws
    /// Puts many rows in; `insert` is the statement that puts one in.
    func load(_ rows: [[SQLValue]], _ insert: LoadStatement) throws(StorageError)
}

/// The row a query stands on; valid only inside the closure it was given to.
package struct Row: ~Copyable {
    private let read: (Int, SQLKind) throws(StorageError) -> SQLValue

    /// `read(column, kind)` answers the value at a column counted from 0, as the kind asked for.
    package init(read: @escaping (Int, SQLKind) throws(StorageError) -> SQLValue) { self.read = read }

    /// The value of a column, counted from 0.
    package func value<Value: SQLConvertible>(_ column: Int, as type: Value.Type = Value.self) throws(StorageError)
        -> Value
    {
        try Value(sqlValue: read(column, Value.sqlKind))
    }
}

/// A unit of work under way on one connection. Not to be kept beyond its closure.
package final class Transaction {
    package let dialect: SQLDialect
    let runner: any StatementRunner
    private(set) var afterCommit: [@Sendable () -> Void] = []
    /// Hear each statement and how long it took; empty where nobody watches.
    private var listeners: [any StatementListener] = []

    package init(dialect: SQLDialect, runner: any StatementRunner) {
        self.dialect = dialect
        self.runner = runner
    }

    /// Runs a statement; answers how many rows it changed.
    @discardableResult
    package func execute(_ sql: SQL) throws(StorageError) -> Int {
        let statement = sql.resolved(for: dialect)
        guard !listeners.isEmpty else { return try runner.execute(statement) }
        let start = ContinuousClock.now
        defer { tell(statement, since: start) }
        return try runner.execute(statement)
    }

    /// Runs a statement of which nothing is wanted but that it is done with the unit. It costs no way to the server and back; that it
    /// failed may be told by a later statement, or at the end of the unit, so nothing can be made of its failure.
    package func put(_ sql: SQL) throws(StorageError) {
        let statement = sql.resolved(for: dialect)
        guard !listeners.isEmpty else { return try runner.put(statement) }
        let start = ContinuousClock.now
        defer { tell(statement, since: start) }
        try runner.put(statement)
    }

    /// Shows each row of a query once.
    package func forEach(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        let statement = sql.resolved(for: dialect)
        guard !listeners.isEmpty else { return try runner.query(statement, body) }
        let start = ContinuousClock.now
        defer { tell(statement, since: start) }
        try runner.query(statement, body)
    }

    /// From now on `listener` hears the statements of this unit.
    package func tell(_ listener: any StatementListener) { listeners.append(listener) }

    private func tell(_ statement: ResolvedSQL, since start: ContinuousClock.Instant) {
        let took = ContinuousClock.now - start
        for listener in listeners { listener.ran(statement, took: took) }
    }

    /// All rows of a query, each as a tuple of the given types in the order of the columns.
    package func rows<each Column: SQLConvertible>(
        _ sql: SQL, as types: repeat (each Column).Type
    ) throws -> [(repeat each Column)] {
        var result: [(repeat each Column)] = []
        try forEach(sql) { row in
            var column = -1
            func next<Value: SQLConvertible>(_ type: Value.Type, _ row: borrowing Row) throws(StorageError) -> Value {
                column += 1
                return try row.value(column, as: type)
            }
            result.append((repeat try next((each Column).self, row)))
        }
        return result
    }

    /// The first row of a query, or nil.
    package func row<each Column: SQLConvertible>(
        _ sql: SQL, as types: repeat (each Column).Type
    ) throws -> (repeat each Column)? {
        try rows(sql, as: repeat each types).first
    }

    /// The only column of all rows.
    package func values<Value: SQLConvertible>(_ sql: SQL, as type: Value.Type = Value.self) throws -> [Value] {
        var result: [Value] = []
        try forEach(sql) { row in result.append(try row.value(0, as: type)) }
        return result
    }

    /// The only column of the first row, or nil where there is no row.
    package func value<Value: SQLConvertible>(_ sql: SQL, as type: Value.Type = Value.self) throws -> Value? {
        try values(sql, as: type).first
    }

    /// Something to do once the unit is durable, such as waking a worker; never anything that must happen.
    package func onCommit(_ body: @escaping @Sendable () -> Void) { afterCommit.append(body) }

    /// Called by a driver after the commit.
    package func runCommitActions() { for action in afterCommit { action() } }
}
