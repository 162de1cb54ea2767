package import Storage

/// Keeps the statements a store would run, and answers that nothing was found: their plans can then be asked for.
package final class Recorder: StatementRunner {
    package private(set) var statements: [ResolvedSQL] = []

    package init() {}

    package func execute(_ statement: ResolvedSQL) throws(StorageError) -> Int {
        statements.append(statement)
        return 0
    }

    package func put(_ statement: ResolvedSQL) throws(StorageError) { statements.append(statement) }

    package func query(_ statement: ResolvedSQL, _ body: (borrowing Row) throws -> Void) throws {
        statements.append(statement)
    }
}
