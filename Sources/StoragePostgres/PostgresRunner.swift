import Storage

/// Runs the statements of one unit on a session and remembers the first that failed.
final class PostgresRunner: StatementRunner {
    private let session: PostgresSession

    /// The server refuses everything after the first failed statement of a transaction.
    private(set) var failure: StorageError?
    /// What the server answered to it, if it was asked.
    private(set) var serverFailure: PostgresFailure?

    init(_ session: PostgresSession) { self.session = session }

    func execute(_ sql: ResolvedSQL) throws(StorageError) -> Int { try run(sql).changes }

    func put(_ sql: ResolvedSQL) throws(StorageError) {
        if let failure { throw failure }
        do throws(SessionError) { try session.send(sql) } catch { throw note(error, sql.text) }
    }

    func query(_ sql: ResolvedSQL, _ body: (borrowing Row) throws -> Void) throws {
        let result = try run(sql)
        var row = 0
        let read = { (column: Int, kind: SQLKind) throws(StorageError) -> SQLValue in
            try result.value(row: row, column: column, kind: kind)
        }
        while row < result.rowCount {
            try body(Row(read: read))
            row += 1
        }
    }

    func load(_ rows: [[SQLValue]], _ load: LoadStatement) throws(StorageError) {
        if let failure { throw failure }
        do throws(SessionError) { try session.load(rows, load) } catch { throw note(error, load.insert) }
    }

    private func run(_ sql: ResolvedSQL) throws(StorageError) -> PostgresResult {
        if let failure { throw failure }
        do throws(SessionError) { return try session.run(sql) } catch { throw note(error, sql.text) }
    }

    /// Keeps the first failure.
    private func note(_ error: SessionError, _ text: String) -> StorageError {
        let failed: StorageError
        switch error {
        case .storage(let refusal): failed = refusal
        case .server(let answer):
            serverFailure = answer
            failed = answer.error(text)
        }
        failure = failed
        return failed
    }

    /// The failure of a statement that was sent before COMMIT and answered with it.
    func noteLate(_ answer: PostgresFailure) -> StorageError { note(.server(answer), answer.statement ?? "COMMIT") }
}
