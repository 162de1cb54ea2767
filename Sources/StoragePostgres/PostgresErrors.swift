import Storage

/// What the server or the connection answered instead of a result.
struct PostgresFailure: Error {
    /// https://www.postgresql.org/docs/current/errcodes-appendix.html; empty where the connection itself failed.
    let state: String
    let message: String
    /// The connection is of no more use.
    let lost: Bool
    /// The statement it is the answer to, where it came with the answers of others.
    var statement: String?

    init(state: String, message: String, lost: Bool, statement: String? = nil) {
        self.state = state
        self.message = message
        self.lost = lost
        self.statement = statement
    }

    func told(_ statement: String) -> PostgresFailure {
        PostgresFailure(state: state, message: message, lost: lost, statement: statement)
    }

    /// Lost against a concurrent unit: running again may succeed.
    var isRace: Bool { state == "40001" || state == "40P01" }

    /// A prepared statement is gone or its plan is of a former schema: preparing anew may succeed.
    var isStale: Bool { state == "26000" || (state == "0A000" && message.contains("cached plan")) }

    /// Cancelled by its time-out or by request.
    var isCancelled: Bool { state == "57014" }

    /// The consequence of this failure before COMMIT: nothing of the unit was kept.
    func error(_ text: String) -> StorageError {
        let detail = "\(message) (\(state)): \(statement ?? text)"
        if lost { return .unavailable(detail) }
        switch state {
        case "23505": return .uniqueViolation(detail)
        case "23503", "23001": return .foreignKeyViolation(detail)
        case "40001", "40P01": return .serialization(detail)
        // raise_exception of a trigger, insufficient_privilege, read_only_sql_transaction
        case "P0001", "42501", "25006": return .refused(detail)
        case "57014", "55P03": return .timedOut(detail)
        default: break
        }
        switch state.prefix(2) {
        case "23": return .constraintViolation(detail)
        // Connection, resources, operator intervention, system error, internal error.
        case "", "08", "53", "57", "58", "XX", "F0": return .unavailable(detail)
        default: return .statement(detail)
        }
    }

    /// The consequence of this failure of COMMIT: unless the server named a rule, the unit may have been kept.
    var errorAtCommit: StorageError {
        if !lost && (isRace || state.hasPrefix("23")) { return error("COMMIT") }
        return .unknownOutcome("\(message) (\(state)): COMMIT")
    }
}
