import CLibPQ
import Foundation
import Storage

/// One connection and the statements prepared on it; belongs to one thread.
///
/// Statements go to the server in a pipeline: those whose answers nobody waits for are sent together with the next whose answer is
/// wanted (https://www.postgresql.org/docs/current/libpq-pipeline-mode.html).
final class PostgresSession {
    private struct StatementKey: Hashable {
        let text: String
        let kinds: [SQLKind]
    }

    /// Beyond this many prepared statements all are forgotten, which bounds the server's memory.
    private static let largestCache = 512
    /// The statements worth preparing; others, such as DDL, run once.
    private static let prepared: Set<String> = ["select", "insert", "update", "delete", "with", "values", "merge"]

    /// A statement that was sent and is not answered yet.
    private struct Sent {
        let text: String
        /// What it prepares; forgotten where it failed.
        var prepares: StatementKey?
    }

    private let connection: OpaquePointer
    private var statements: [StatementKey: String] = [:]
    /// Numbers the statements; never reused within a connection.
    private var prepares = 0
    private var sent: [Sent] = []
    /// Answers of an ended unit that nobody waited for.
    private var late = 0
    /// Whether the server has answered anything since the transaction began: until then a connection that is lost was lost before,
    /// and nothing of the unit can have been kept.
    private(set) var heard = false

    /// What another thread cancels the running statement with.
    let canceller: PostgresCanceller

    /// Connects.
    ///
    /// - Throws: `PostgresFailure` where the server is not there or is no UTF-8 database.
    init(_ options: PostgresOptions) throws {
        // The URL may override what stands before it, not what stands behind it.
        let parameters = [
            ("connect_timeout", "5"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"), ("dbname", options.url), ("application_name", "tongban"),
            ("client_encoding", "UTF8"),
        ]
        let opened = withCStrings(parameters.map(\.0)) { names in
            withCStrings(parameters.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let opened else { throw PostgresFailure(state: "", message: "libpq is out of memory", lost: true) }
        guard PQstatus(opened) == CONNECTION_OK, let cancel = PQgetCancel(opened) else {
            let message = String(cString: PQerrorMessage(opened))
            PQfinish(opened)
            throw PostgresFailure(state: "", message: message, lost: true)
        }
        connection = opened
        canceller = PostgresCanceller(cancel)
        // Notices are for people at a terminal; libpq would print them.
        PQsetNoticeProcessor(opened, { _, _ in }, nil)
        guard PQenterPipelineMode(opened) == 1 else {
            throw PostgresFailure(state: "", message: "libpq has no pipeline", lost: true)
        }
        try prepareSession(options)
    }

    deinit { PQfinish(connection) }

    private func prepareSession(_ options: PostgresOptions) throws {
        let encoding = try run("SHOW server_encoding", [])
        guard case .text("UTF8") = try encoding.value(row: 0, column: 0, kind: .text) else {
            throw PostgresFailure(state: "", message: "the database must be encoded in UTF8", lost: true)
        }
        for (name, value) in options.settings {
            try send("SELECT set_config($1, $2, false)", [.text(name), .text(value)])
        }
        // Whatever is acknowledged is on disk.
        _ = try run(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
            [])
    }

    /// Begins a transaction together with its first statement.
    func begin(_ text: String) throws(PostgresFailure) {
        try takeLate()
        heard = false
        try sendCommand(text)
    }

    /// Whether something of the unit was sent that nobody has heard of yet, besides BEGIN.
    var hasUnanswered: Bool { sent.count > (heard ? 0 : 1) }

    /// Waits for what was sent.
    func settle() throws(PostgresFailure) { if !sent.isEmpty { _ = try receive() } }

    /// Ends the transaction without keeping anything.
    func rollBack() throws(PostgresFailure) {
        // What failed before it would keep the server from doing it.
        do throws(PostgresFailure) { try settle() } catch { if error.lost { throw error } }
        try command("ROLLBACK")
    }

    /// Runs one of the driver's own statements and answers its tag.
    @discardableResult
    func command(_ text: String) throws(PostgresFailure) -> String {
        try sendCommand(text)
        return try receive().tag
    }

    /// Runs one of the driver's own statements of whose answer nothing depends; it is read before the next one.
    func commandUnheard(_ text: String) throws(PostgresFailure) {
        try sendCommand(text)
        guard PQpipelineSync(connection) == 1 else { throw lost() }
        late += sent.count
        sent = []
    }

    private func sendCommand(_ text: String) throws(PostgresFailure) {
        guard PQsendQueryParams(connection, text, 0, nil, nil, nil, nil, 1) == 1 else { throw lost() }
        sent.append(Sent(text: text))
    }

    /// Runs a unit's statement, prepared where it may come again.
    func run(_ sql: ResolvedSQL) throws(SessionError) -> PostgresResult {
        try send(sql)
        do throws(PostgresFailure) { return try receive() } catch { throw .server(error) }
    }

    /// Sends a unit's statement; its answer is read with the next that is waited for.
    func send(_ sql: ResolvedSQL) throws(SessionError) {
        do { try sql.refuseTransactionControl() } catch { throw .storage(error) }
        // More would fill the buffers of both sides, who would then wait for each other.
        if sent.count >= 64 {
            do throws(PostgresFailure) { _ = try receive() } catch { throw .server(error) }
        }
        guard sql.isPlain || Self.prepared.contains(sql.firstWord) else { return try send(sql.text, sql.binds) }
        let key = StatementKey(text: sql.text, kinds: sql.binds.map(\.kind))
        let parameters = try PostgresParameters(sql.binds)
        do throws(PostgresFailure) {
            let name = try prepare(key)
            let done = parameters.withPointers { count, values, lengths, formats in
                PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
            }
            guard done == 1 else { throw unsent() }
        } catch { throw .server(error) }
        sent.append(Sent(text: sql.text))
    }

    /// Puts many rows in by COPY, whose text format `PostgresCopy` writes; no pipeline takes it.
    func load(_ rows: [[SQLValue]], _ load: LoadStatement) throws(SessionError) {
        do throws(PostgresFailure) {
            try settle()
            try takeLate()
        } catch { throw .server(error) }
        guard PQexitPipelineMode(connection) == 1 else { throw .server(lost()) }
        defer { PQenterPipelineMode(connection) }
        let columns = load.columns.joined(separator: ", ")
        guard let opened = PQexec(connection, "COPY \(load.table) (\(columns)) FROM STDIN") else {
            throw .server(lost())
        }
        let begun = PostgresResult(opened)
        guard begun.takesCopy else { throw .server(failure(begun)) }
        var refusal: StorageError?
        var bytes: [UInt8] = []
        bytes.reserveCapacity(PostgresCopy.chunk * 2)
        for (index, row) in rows.enumerated() where refusal == nil {
            do throws(StorageError) { try PostgresCopy.append(row, to: &bytes) } catch { refusal = error }
            guard bytes.count >= PostgresCopy.chunk || index == rows.count - 1 else { continue }
            let sent = bytes.withUnsafeBytes { buffer in
                PQputCopyData(
                    connection, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
            }
            if sent != 1 { break }
            bytes.removeAll(keepingCapacity: true)
        }
        PQputCopyEnd(connection, refusal == nil ? nil : "given up")
        // One answer, and then none: until then the connection takes nothing else.
        var answer: PostgresResult?
        while let next = PQgetResult(connection) {
            let result = PostgresResult(next)
            if result.takesCopy { throw .server(lost()) }
            answer = answer ?? result
        }
        heard = true
        if let refusal { throw .storage(refusal) }
        guard let answer else { throw .server(lost()) }
        if !answer.isSuccess { throw .server(failure(answer)) }
    }

    /// Forgets all prepared statements, as when the schema changed under their plans.
    func forgetStatements() throws(PostgresFailure) {
        statements = [:]
        try command("DEALLOCATE ALL")
    }

    private func run(_ text: String, _ binds: [SQLValue]) throws(SessionError) -> PostgresResult {
        try send(text, binds)
        do throws(PostgresFailure) { return try receive() } catch { throw .server(error) }
    }

    private func send(_ text: String, _ binds: [SQLValue]) throws(SessionError) {
        let parameters = try PostgresParameters(binds)
        let oids = binds.map { PostgresValue.oid($0.kind) }
        let done = parameters.withPointers { count, values, lengths, formats in
            PQsendQueryParams(connection, text, count, oids, values, lengths, formats, 1)
        }
        guard done == 1 else { throw .server(unsent()) }
        sent.append(Sent(text: text))
    }

    /// The name of a prepared statement.
    private func prepare(_ key: StatementKey) throws(PostgresFailure) -> String {
        if let name = statements[key] { return name }
        if statements.count >= Self.largestCache { try forgetStatements() }
        prepares += 1
        let name = "s\(prepares)"
        let oids = key.kinds.map(PostgresValue.oid)
        guard PQsendPrepare(connection, name, key.text, Int32(oids.count), oids) == 1 else { throw lost() }
        statements[key] = name
        sent.append(Sent(text: key.text, prepares: key))
        return name
    }

    /// Waits for the answers to all that was sent and gives the last.
    ///
    /// - Throws: the first failure of them; what was sent after it was not done.
    private func receive() throws(PostgresFailure) -> PostgresResult {
        guard PQpipelineSync(connection) == 1 else { throw lost() }
        try takeLate()
        let waiting = sent
        sent = []
        var first: PostgresFailure?
        var last: PostgresResult?
        for statement in waiting {
            let (result, failure) = try next()
            if result == nil, let key = statement.prepares { statements[key] = nil }
            if let failure, first == nil { first = failure.told(statement.text) }
            last = result
        }
        try takeSync()
        heard = true
        if let first { throw first }
        guard let last else { throw lost() }
        return last
    }

    /// The answer to one statement: its result, or why there is none (nothing where an earlier one failed).
    private func next() throws(PostgresFailure) -> (result: PostgresResult?, failure: PostgresFailure?) {
        guard let pointer = PQgetResult(connection) else { throw lost() }
        let result = PostgresResult(pointer)
        // Ends each statement's answer.
        if let more = PQgetResult(connection) {
            PQclear(more)
            throw PostgresFailure(state: "", message: "an answer too many", lost: true)
        }
        if result.isSuccess { return (result, nil) }
        if result.wasSkipped { return (nil, nil) }
        let failure = failure(result)
        if failure.lost { throw failure }
        return (nil, failure)
    }

    /// What a result that is none tells.
    private func failure(_ result: PostgresResult) -> PostgresFailure {
        if result.isEmptyStatement {
            return PostgresFailure(state: "42601", message: "an empty statement", lost: false)
        }
        let state = result.state
        let ended = state.hasPrefix("08") || ["57P01", "57P02", "57P03", "57P05", "25P03"].contains(state)
        let message = state.isEmpty ? String(cString: PQerrorMessage(connection)) : result.message
        return PostgresFailure(state: state, message: message, lost: ended || PQstatus(connection) != CONNECTION_OK)
    }

    private func takeSync() throws(PostgresFailure) {
        guard let pointer = PQgetResult(connection) else { throw lost() }
        defer { PQclear(pointer) }
        guard PQresultStatus(pointer) == PGRES_PIPELINE_SYNC else { throw lost() }
    }

    /// Reads the answers nobody waited for: what they say no longer matters, only that the connection lives.
    private func takeLate() throws(PostgresFailure) {
        guard late > 0 else { return }
        let count = late
        late = 0
        for _ in 0..<count { _ = try next() }
        try takeSync()
        // Whatever became of that unit: the next one begins on a connection without a transaction, or on another.
        guard PQtransactionStatus(connection) == PQTRANS_IDLE else {
            throw PostgresFailure(state: "", message: "a transaction did not end", lost: true)
        }
    }

    private func lost() -> PostgresFailure {
        PostgresFailure(state: "", message: String(cString: PQerrorMessage(connection)), lost: true)
    }

    /// Why a statement could not even be sent: the connection is gone, or the statement is none for it.
    private func unsent() -> PostgresFailure {
        PostgresFailure(
            state: "", message: String(cString: PQerrorMessage(connection)),
            lost: PQstatus(connection) != CONNECTION_OK)
    }
}

/// What a statement failed with: the server's answer, or a refusal before it was sent.
enum SessionError: Error {
    case server(PostgresFailure)
    case storage(StorageError)
}

/// Lends an array of C strings that ends with no address.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies.map { UnsafePointer($0) } + [nil])
}
