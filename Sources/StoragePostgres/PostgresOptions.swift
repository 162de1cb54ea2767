/// How to reach the server and how long to bear with it.
struct PostgresOptions: Sendable {
    /// A URL or conninfo text of libpq.
    let url: String
    let statementTimeout: Duration
    let searchPath: String?

    /// The session's settings, by name.
    var settings: [(name: String, value: String)] {
        let (seconds, attoseconds) = statementTimeout.components
        let milliseconds = max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        var settings = [
            ("statement_timeout", String(milliseconds)),
            ("idle_in_transaction_session_timeout", "60000"),
            ("TimeZone", "UTC"),
        ]
        if let searchPath { settings.append(("search_path", searchPath)) }
        return settings
    }
}
