/// What a database can answer instead of rows. Judged by SQLSTATE or result code, never by constraint names.
package enum StorageError: Error, Sendable, Equatable {
    /// A unique key exists already (SQLSTATE 23505).
    case uniqueViolation(String)
    /// A referenced row is missing or still referenced (23503).
    case foreignKeyViolation(String)
    /// Another constraint refused the row (23502, 23514).
    case constraintViolation(String)
    /// A trigger or privilege refused the statement, as every change of the journal is refused.
    case refused(String)
    /// Lost against a concurrent unit (40001, 40P01); drivers retry these by themselves before they give up.
    case serialization(String)
    /// The database cannot be reached or is full; nothing of the unit was kept.
    case unavailable(String)
    /// The connection was lost during COMMIT: the unit may or may not have been kept.
    case unknownOutcome(String)
    /// The unit ran longer than its time-out and was cancelled; nothing was kept.
    case timedOut(String)
    /// A column held something other than the code expected.
    case decoding(String)
    /// The statement itself is wrong.
    case statement(String)
}
