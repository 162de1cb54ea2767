import GRDB
import GRDBSQLite
import Storage

extension StorageError {
    /// Judges an extended result code: https://www.sqlite.org/rescode.html
    init(code: Int32, message: String, text: String) {
        let detail = "\(message) (\(code)): \(text)"
        switch code {
        case SQLITE_CONSTRAINT | (8 << 8), SQLITE_CONSTRAINT | (6 << 8), SQLITE_CONSTRAINT | (10 << 8):
            self = .uniqueViolation(detail)
        case SQLITE_CONSTRAINT | (3 << 8):
            self = .foreignKeyViolation(detail)
        case SQLITE_CONSTRAINT | (7 << 8):
            // RAISE(ABORT) in a trigger; ON DELETE RESTRICT is a trigger within SQLite.
            self = message == "FOREIGN KEY constraint failed" ? .foreignKeyViolation(detail) : .refused(detail)
        default:
            switch code & 0xFF {
            case SQLITE_CONSTRAINT: self = .constraintViolation(detail)
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: self = .refused(detail)
            case SQLITE_INTERRUPT: self = .timedOut(detail)
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL, SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN,
                SQLITE_CORRUPT,
                SQLITE_NOTADB, SQLITE_NOMEM, SQLITE_NOLFS:
                self = .unavailable(detail)
            default: self = .statement(detail)
            }
        }
    }

    /// What GRDB threw instead of lending a connection.
    init(opening error: any Error) {
        self =
            (error as? StorageError)
            ?? .unavailable((error as? DatabaseError)?.message ?? "no connection to the database: \(error)")
    }

    /// The consequence of this error at COMMIT: nothing was kept, except that after an I/O error the log may already hold
    /// the transaction, and would give it back if the machine failed now.
    var atCommit: StorageError {
        switch self {
        case .unavailable(let detail) where detail.contains("disk I/O error"): .unknownOutcome(detail)
        case .unavailable, .foreignKeyViolation: self
        default: .unavailable("COMMIT failed: \(self)")
        }
    }
}
