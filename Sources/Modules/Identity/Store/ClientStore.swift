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

    func isGood(at now: Moment) -> Bool { disabledAt == nil && (until.map { $0 >= now.date } ?? true) }
}

/// Clients, their secrets and tokens: of the area that answers for the client.
enum ClientStore {
    static func insert(_ client: ClientRow, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO api_client (area, id, name, scopes, areas, addresses, until_on, created_at)
            VALUES (\(area), \(client.id), \(client.name), \(client.scopes.map(\.name).sorted().joined(separator: " ")),
                    \(client.areas.map(\.text).sorted().joined(separator: " ")), \(client.addresses.joined(separator: " ")),
                    \(client.until), \(now))
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
            SELECT c.id, c.name, c.scopes, c.areas, c.addresses, c.until_on, c.disabled_at
            FROM api_secret s JOIN api_client c ON c.area = \(area) AND c.id = s.client
            WHERE s.area = \(area) AND s.client = \(id) AND s.hash = \(secret)
            """
        ) { found = try decode($0) }
        return found
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
            SELECT c.id, c.name, c.scopes, c.areas, c.addresses, c.until_on, c.disabled_at, t.account, t.bucket
            FROM api_token t JOIN api_client c ON c.area = \(area) AND c.id = t.client
            WHERE t.area = \(area) AND t.hash = \(hash) AND t.expires_at > \(now)
            """
        ) { row in
            let account: String? = try row.value(7)
            let bucket: AreaCode? = try row.value(8)
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
            until: try row.value(5), disabledAt: try row.value(6))
    }
}
