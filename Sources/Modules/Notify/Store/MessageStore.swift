import Kernel
import Storage

/// All SQL over messages; `bucket` is the area in which the account lives.
enum MessageStore {
    /// Where counting stops.
    static let most = 99

    /// Puts a message in; the same id only once.
    static func put(_ letter: MessageLetter, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO message (area, account, id, kind, case_area, stream, arguments, at, read_at)
            VALUES (\(letter.bucket), \(letter.account), \(letter.id), \(letter.kind), \(letter.caseArea), \(letter.stream),
                    \(JSON.object(letter.arguments.mapValues(JSON.string))), \(letter.at), \(Moment?.none))
            ON CONFLICT (area, account, id) DO NOTHING
            """)
    }

    static func unread(account: String, bucket: AreaCode, _ tx: Transaction) throws -> Int {
        try tx.value(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM message
                WHERE area = \(bucket) AND account = \(account) AND read_at IS NULL LIMIT \(most)) AS unread
            """, as: Int.self) ?? 0
    }

    static func list(
        account: String, bucket: AreaCode, after place: MessagePlace?, limit: Int, _ tx: Transaction
    ) throws -> [ReceivedMessage] {
        var found: [ReceivedMessage] = []
        if place?.isRead != true {
            found = try part("read_at IS NULL", account: account, bucket: bucket, before: place?.id, limit: limit, tx)
        }
        if found.count < limit {
            let before = place?.isRead == true ? place?.id : nil
            found += try part(
                "read_at IS NOT NULL", account: account, bucket: bucket, before: before, limit: limit - found.count, tx)
        }
        return found
    }

    static func message(_ id: String, account: String, bucket: AreaCode, _ tx: Transaction) throws -> ReceivedMessage? {
        try read(
            "SELECT \(columns) FROM message WHERE area = \(bucket) AND account = \(account) AND id = \(id)", tx
        ).first
    }

    static func markRead(_ id: String, account: String, bucket: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try tx.put(
            """
            UPDATE message SET read_at = \(now)
            WHERE area = \(bucket) AND account = \(account) AND id = \(id) AND read_at IS NULL
            """)
    }

    static func markAllRead(account: String, bucket: AreaCode, at now: Moment, _ tx: Transaction) throws -> Int {
        try tx.execute(
            "UPDATE message SET read_at = \(now) WHERE area = \(bucket) AND account = \(account) AND read_at IS NULL")
    }

    private static let columns: SQL = "id, kind, case_area, stream, arguments, at, read_at"

    private static func part(
        _ state: SQL, account: String, bucket: AreaCode, before: String?, limit: Int, _ tx: Transaction
    ) throws -> [ReceivedMessage] {
        let end: SQL = if let before { " AND id < \(before)" } else { "" }
        return try read(
            """
            SELECT \(columns) FROM message WHERE area = \(bucket) AND account = \(account) AND \(state)\(end)
            ORDER BY id DESC LIMIT \(limit)
            """, tx)
    }

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [ReceivedMessage] {
        var found: [ReceivedMessage] = []
        try tx.forEach(sql) { row in
            let arguments: JSON = try row.value(4)
            found.append(
                ReceivedMessage(
                    id: try row.value(0), kind: try row.value(1), area: try row.value(2), stream: try row.value(3),
                    arguments: (arguments.members ?? [:]).compactMapValues(\.text), at: try row.value(5),
                    readAt: try row.value(6)))
        }
        return found
    }
}

/// How large the database is.
enum StorageStore {
    /// Bytes. A fork, because each engine counts in its own way.
    static func size(_ tx: Transaction) throws -> Int {
        let query = SQL.dialect(
            sqlite: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            postgres: "SELECT pg_database_size(current_database())")
        return try tx.value(query, as: Int.self) ?? 0
    }
}
