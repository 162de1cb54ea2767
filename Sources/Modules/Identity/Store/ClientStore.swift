import Kernel
import Storage

/// A system that may call the API.
struct ClientRow: Sendable {
    let id: String
    let name: String
    let scopes: Set<Permission>
    let areas: Set<AreaCode>
    let addresses: [String]
    let until: CivilDate?
    let disabledAt: Moment?
    /// `staff:id`, `os:user`, `system:seed`: who proposed it, and who confirmed it.
    let proposedBy: String
    let confirmedBy: String?
    let confirmedAt: Moment?

    func isGood(at now: Moment) -> Bool {
        confirmedAt != nil && disabledAt == nil && (until.map { $0 >= now.date } ?? true)
    }

    /// Whether it may call from `address`; where none is named, from any.
    func admits(_ address: String) -> Bool {
        addresses.isEmpty || addresses.contains { AddressRule($0)?.contains(address) ?? false }
    }
}

/// A secret as it is listed: its hash names it.
struct SecretRow: Sendable {
    let hash: String
    let createdAt: Moment
}

/// Clients, their secrets and tokens: of the area that answers for the client.
enum ClientStore {
    private static let columns: SQL = """
        c.id, c.name, c.scopes, c.areas, c.addresses, c.until_on, c.disabled_at, c.proposed_by, c.confirmed_by,
        c.confirmed_at
        """

    static func insert(_ client: ClientRow, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO api_client (area, id, name, scopes, areas, addresses, until_on, proposed_by, confirmed_by,
                                    confirmed_at, created_at)
            VALUES (\(area), \(client.id), \(client.name), \(client.scopes.map(\.name).sorted().joined(separator: " ")),
                    \(client.areas.map(\.text).sorted().joined(separator: " ")), \(client.addresses.joined(separator: " ")),
                    \(client.until), \(client.proposedBy), \(client.confirmedBy), \(client.confirmedAt), \(now))
            """)
    }

    /// A secret; of three, the oldest goes, so that two are good while one is being replaced.
    static func addSecret(hash: String, client: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        let old = try tx.values(
            """
            SELECT hash FROM api_secret WHERE area = \(area) AND client = \(client) ORDER BY created_at DESC, hash LIMIT 10
            """, as: String.self)
        for hash in old.dropFirst() {
            try tx.execute("DELETE FROM api_token WHERE area = \(area) AND client = \(client) AND secret = \(hash)")
            try tx.execute("DELETE FROM api_secret WHERE area = \(area) AND client = \(client) AND hash = \(hash)")
        }
        try tx.execute(
            "INSERT INTO api_secret (area, client, hash, created_at) VALUES (\(area), \(client), \(hash), \(now))")
    }

    /// The client whose secret this is.
    static func client(id: String, secret: String, area: AreaCode, _ tx: Transaction) throws -> ClientRow? {
        var found: ClientRow?
        try tx.forEach(
            """
            SELECT \(columns) FROM api_secret s JOIN api_client c ON c.area = \(area) AND c.id = s.client
            WHERE s.area = \(area) AND s.client = \(id) AND s.hash = \(secret)
            """
        ) { found = try decode($0) }
        return found
    }

    static func client(id: String, area: AreaCode, _ tx: Transaction) throws -> ClientRow? {
        try read("SELECT \(columns) FROM api_client c WHERE c.area = \(area) AND c.id = \(id)", tx).first
    }

    /// Newest first, older than a place in the list.
    static func list(area: AreaCode, before id: String?, limit: Int, _ tx: Transaction) throws -> [ClientRow] {
        let filter: SQL = id.map { " AND c.id < \($0)" } ?? ""
        return try read(
            """
            SELECT \(columns) FROM api_client c WHERE c.area = \(area)\(filter) ORDER BY c.id DESC LIMIT \(limit)
            """, tx)
    }

    static func confirm(id: String, area: AreaCode, by actor: String, at now: Moment, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE api_client SET confirmed_by = \(actor), confirmed_at = \(now)
            WHERE area = \(area) AND id = \(id) AND confirmed_at IS NULL
            """)
    }

    /// The secrets that are good, the newest first.
    static func secrets(of client: String, area: AreaCode, _ tx: Transaction) throws -> [SecretRow] {
        try tx.rows(
            """
            SELECT hash, created_at FROM api_secret WHERE area = \(area) AND client = \(client)
            ORDER BY created_at DESC, hash LIMIT 10
            """, as: String.self, Moment.self
        ).map { SecretRow(hash: $0.0, createdAt: $0.1) }
    }

    /// Takes a secret away with its tokens; false where it is gone.
    static func removeSecret(hash: String, client: String, area: AreaCode, _ tx: Transaction) throws -> Bool {
        try tx.execute("DELETE FROM api_token WHERE area = \(area) AND client = \(client) AND secret = \(hash)")
        return try tx.execute(
            "DELETE FROM api_secret WHERE area = \(area) AND client = \(client) AND hash = \(hash)") == 1
    }

    /// How many tokens of a client are good.
    static func liveTokens(of client: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> Int {
        try tx.value(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM api_token
                WHERE area = \(area) AND client = \(client) AND expires_at > \(now) LIMIT 100) AS live
            """, as: Int.self) ?? 0
    }

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [ClientRow] {
        var rows: [ClientRow] = []
        try tx.forEach(sql) { rows.append(try decode($0)) }
        return rows
    }

    static func names(of ids: [String], area: AreaCode, _ tx: Transaction) throws -> [String: String] {
        let rows = try tx.rows(
            "SELECT id, name FROM api_client WHERE area = \(area) AND id IN (\(list: ids))", as: String.self,
            String.self)
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    }

    static func disable(id: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try tx.execute("UPDATE api_client SET disabled_at = \(now) WHERE area = \(area) AND id = \(id)")
    }

    static func addToken(
        hash: String, client: String, secret: String, area: AreaCode, resident: AccountReference?, expiresAt: Moment,
        _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO api_token (area, hash, client, secret, account, bucket, expires_at)
            VALUES (\(area), \(hash), \(client), \(secret), \(resident?.id), \(resident?.bucket), \(expiresAt))
            """)
    }

    /// Who stands behind a bearer token: one query over its primary key.
    static func resolve(hash: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> (
        client: ClientRow, resident: AccountReference?
    )? {
        var found: (client: ClientRow, resident: AccountReference?)?
        try tx.forEach(
            """
            SELECT \(columns), t.account, t.bucket FROM api_token t JOIN api_client c ON c.area = \(area) AND c.id = t.client
            WHERE t.area = \(area) AND t.hash = \(hash) AND t.expires_at > \(now)
            """
        ) { row in
            let account: String? = try row.value(10)
            let bucket: AreaCode? = try row.value(11)
            var resident: AccountReference?
            if let account, let bucket { resident = AccountReference(id: account, bucket: bucket) }
            found = (try decode(row), resident)
        }
        return found
    }

    /// Tokens that ended before `moment`, of all areas.
    static func ended(before moment: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, hash: String)] {
        try tx.rows(
            "SELECT area, hash FROM api_token WHERE expires_at < \(moment) ORDER BY area, hash LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, hash: $0.1) }
    }

    static func removeToken(hash: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM api_token WHERE area = \(area) AND hash = \(hash)")
    }

    private static func decode(_ row: borrowing Row) throws -> ClientRow {
        func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
        return ClientRow(
            id: try row.value(0), name: try row.value(1), scopes: Set(words(try row.value(2)).map { Permission($0) }),
            areas: Set(words(try row.value(3)).compactMap { AreaCode($0) }), addresses: words(try row.value(4)),
            until: try row.value(5), disabledAt: try row.value(6), proposedBy: try row.value(7),
            confirmedBy: try row.value(8), confirmedAt: try row.value(9))
    }
}
