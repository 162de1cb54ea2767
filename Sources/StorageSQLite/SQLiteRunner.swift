import GRDB
import GRDBSQLite
import Storage

/// Runs statements on one connection, on its thread: GRDB keeps the prepared statements, binding and reading are direct.
final class SQLiteRunner: StatementRunner {
    /// The first statement that failed in the unit under way. PostgreSQL loses a unit with its first failed statement, so
    /// SQLite does too, even where the unit's code caught the error.
    var failure: StorageError?

    private let connection: GRDB.Database
    private let handle: OpaquePointer

    init(_ connection: GRDB.Database) throws(StorageError) {
        guard let handle = connection.sqliteConnection else { throw .unavailable("the database is closed") }
        self.connection = connection
        self.handle = handle
    }

    /// False after SQLite rolled a transaction back by itself.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs a statement of the driver's own, such as COMMIT.
    func command(_ text: String) throws(StorageError) {
        let statement = try prepare(text)
        defer { sqlite3_reset(statement.sqliteStatement) }
        let code = sqlite3_step(statement.sqliteStatement)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw lastError(text) }
    }

    func execute(_ sql: ResolvedSQL) throws(StorageError) -> Int {
        if let failure { throw failure }
        do throws(StorageError) {
            let statement = try prepare(sql)
            defer { finish(statement) }
            let pointer = statement.sqliteStatement
            let before = sqlite3_total_changes(handle)
            while true {
                switch sqlite3_step(pointer) {
                case SQLITE_ROW: continue
                case SQLITE_DONE: return sqlite3_total_changes(handle) == before ? 0 : Int(sqlite3_changes(handle))
                default: throw lastError(sql.text)
                }
            }
        } catch {
            failure = error
            throw error
        }
    }

    func put(_ sql: ResolvedSQL) throws(StorageError) { _ = try execute(sql) }

    func query(_ sql: ResolvedSQL, _ body: (borrowing Storage.Row) throws -> Void) throws {
        if let failure { throw failure }
        let statement: GRDB.Statement
        do throws(StorageError) { statement = try prepare(sql) } catch {
            failure = error
            throw error
        }
        // Held to the end: a statement outside the cache lives no longer than this.
        defer { finish(statement) }
        let pointer = statement.sqliteStatement
        let read = { (column: Int, kind: SQLKind) throws(StorageError) -> SQLValue in
            try SQLiteValue.read(pointer, column, kind)
        }
        while true {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: try body(Storage.Row(read: read))
            case SQLITE_DONE: return
            default:
                let error = lastError(sql.text)
                failure = error
                throw error
            }
        }
    }

    func load(_ rows: [[SQLValue]], _ load: LoadStatement) throws(StorageError) {
        if let failure { throw failure }
        do throws(StorageError) {
            let statement = try prepare(load.insert)
            defer { finish(statement) }
            let pointer = statement.sqliteStatement
            for row in rows {
                for (index, value) in row.enumerated() {
                    let code = try SQLiteValue.bind(value, pointer, Int32(index + 1))
                    guard code == SQLITE_OK else { throw lastError(load.insert) }
                }
                guard sqlite3_step(pointer) == SQLITE_DONE else { throw lastError(load.insert) }
                sqlite3_reset(pointer)
            }
        } catch {
            failure = error
            throw error
        }
    }

    private func prepare(_ sql: ResolvedSQL) throws(StorageError) -> GRDB.Statement {
        try sql.refuseTransactionControl()
        let statement = try prepare(sql.text)
        let pointer = statement.sqliteStatement
        guard sqlite3_bind_parameter_count(pointer) == sql.binds.count else {
            throw .statement("\(sql.binds.count) values for another number of places: \(sql.text)")
        }
        for (index, value) in sql.binds.enumerated() {
            let code = try SQLiteValue.bind(value, pointer, Int32(index + 1))
            guard code == SQLITE_OK else { throw lastError(sql.text) }
        }
        return statement
    }

    private func prepare(_ text: String) throws(StorageError) -> GRDB.Statement {
        do {
            let statement = try connection.cachedStatement(sql: text)
            // The same text inside its own loop over rows needs a statement of its own.
            return sqlite3_stmt_busy(statement.sqliteStatement) == 0
                ? statement : try connection.makeStatement(sql: text)
        } catch let error as DatabaseError {
            throw StorageError(code: error.extendedResultCode.rawValue, message: error.message ?? "", text: text)
        } catch {
            throw .statement("\(error): \(text)")
        }
    }

    private func finish(_ statement: GRDB.Statement) {
        sqlite3_reset(statement.sqliteStatement)
        sqlite3_clear_bindings(statement.sqliteStatement)
    }

    private func lastError(_ text: String) -> StorageError {
        StorageError(
            code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)), text: text)
    }
}
