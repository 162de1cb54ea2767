import CLibPQ
import Foundation
import Storage

/// One connection and the statements prepared on it; belongs to one thread.
final class PostgresSession {
    private struct StatementKey: Hashable {
        let text: String
        let kinds: [SQLKind]
    }

    /// Beyond this many prepared statements all are forgotten, which bounds the server's memory.
    private static let largestCache = 512
    /// The statements worth preparing; others, such as DDL, run once.
    private static let prepared: Set<String> = ["select", "insert", "update", "delete", "with", "values", "merge"]

    private let connection: OpaquePointer
    private var statements: [StatementKey: String] = [:]
    /// Numbers the statements; never reused within a connection.
    private var prepares = 0

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
        try prepareSession(options)
    }

    deinit { PQfinish(connection) }

    private func prepareSession(_ options: PostgresOptions) throws {
        let encoding = try run("SHOW server_encoding", [])
        guard case .text("UTF8") = try encoding.value(row: 0, column: 0, kind: .text) else {
            throw PostgresFailure(state: "", message: "the database must be encoded in UTF8", lost: true)
        }
        for (name, value) in options.settings {
            _ = try run("SELECT set_config($1, $2, false)", [.text(name), .text(value)])
        }
        // Whatever is acknowledged is on disk.
        _ = try run(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
            [])
    }

    /// Runs one of the driver's own statements and answers its tag.
    @discardableResult
    func command(_ text: String) throws(PostgresFailure) -> String {
        try checked(PQexec(connection, text)).tag
    }

    /// Runs a unit's statement, prepared where it may come again.
    func run(_ sql: ResolvedSQL) throws(SessionError) -> PostgresResult {
        do { try sql.refuseTransactionControl() } catch { throw .storage(error) }
        guard Self.prepared.contains(sql.firstWord) else { return try run(sql.text, sql.binds) }
        let key = StatementKey(text: sql.text, kinds: sql.binds.map(\.kind))
        let name: String
        do throws(PostgresFailure) { name = try prepare(key) } catch { throw .server(error) }
        let parameters = try PostgresParameters(sql.binds)
        return try result(
            parameters.withPointers { count, values, lengths, formats in
                PQexecPrepared(connection, name, count, values, lengths, formats, 1)
            })
    }

    /// Puts many rows in by COPY, whose text format `PostgresCopy` writes.
    func load(_ rows: [[SQLValue]], _ load: LoadStatement) throws(SessionError) {
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
        while let next = PQgetResult(connection) { answer = answer ?? PostgresResult(next) }
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
        let parameters = try PostgresParameters(binds)
        let oids = binds.map { PostgresValue.oid($0.kind) }
        return try result(
            parameters.withPointers { count, values, lengths, formats in
                PQexecParams(connection, text, count, oids, values, lengths, formats, 1)
            })
    }

    /// The name of a prepared statement.
    private func prepare(_ key: StatementKey) throws(PostgresFailure) -> String {
        if let name = statements[key] { return name }
        if statements.count >= Self.largestCache { try forgetStatements() }
        prepares += 1
        let name = "s\(prepares)"
        let oids = key.kinds.map(PostgresValue.oid)
        _ = try checked(PQprepare(connection, name, key.text, Int32(oids.count), oids))
        statements[key] = name
        return name
    }

    private func result(_ pointer: OpaquePointer?) throws(SessionError) -> PostgresResult {
        do throws(PostgresFailure) { return try checked(pointer) } catch { throw .server(error) }
    }

    private func checked(_ pointer: OpaquePointer?) throws(PostgresFailure) -> PostgresResult {
        guard let pointer else { throw lost() }
        let result = PostgresResult(pointer)
        if result.isSuccess { return result }
        throw failure(result)
    }

    /// Why there is no result at all.
    private func lost() -> PostgresFailure {
        let message = String(cString: PQerrorMessage(connection))
        return PostgresFailure(state: "", message: message, lost: PQstatus(connection) != CONNECTION_OK)
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
