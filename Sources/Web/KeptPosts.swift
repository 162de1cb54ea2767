import Cryptography
import Hummingbird
package import Kernel
package import Storage

/// A form that arrived after the sign-in had lapsed: kept sealed under a key that only the browser's cookie has, and shown again
/// after sign-in, so that nothing typed is lost.
package enum KeptPosts {
    /// The table that keeps them, in buckets.
    package static let migration = Migration(
        "web.001",
        [
            """
            CREATE TABLE kept_post (
                area TEXT NOT NULL, id TEXT NOT NULL, content BYTEA NOT NULL, expires_at BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE INDEX kept_post_by_end ON kept_post (expires_at, area, id)",
        ])

    static let cookie = "__Host-tongban-kept"
    /// Tokens, passwords and codes are typed again.
    private static let unkept: Set<String> = ["csrf", "password", "current", "repeated", "code"]
    /// Seconds in which somebody signs in again.
    private static let life: Int64 = 3600

    /// Keeps a form; answers the cookie's value.
    static func keep(_ form: FormData, to path: String, in database: any Database, suite: Seal.Suite, at now: Moment)
        async throws
        -> String
    {
        let id = ID<Exchange>(at: now).description
        let area = bucket(of: id)
        let key = VaultKey.random()
        let pairs = form.pairs.filter { !unkept.contains($0.name) }.map { pair -> JSON in
            [.string(pair.name), .string(pair.value)]
        }
        let content: JSON = ["path": .string(path), "fields": .array(pairs)]
        let sealed = try Seal.seal(Array(content.canonical.utf8), key: key, associatedData: binding(id), suite: suite)
        try await database.write { tx in
            try tx.execute(
                """
                INSERT INTO kept_post (area, id, content, expires_at)
                VALUES (\(area), \(id), \(sealed), \(now.adding(seconds: life)))
                """)
        }
        return "\(id).\(Base64URL.encode(key.exported))"
    }

    /// The form of a cookie; nil where its time is over or the cookie does not fit.
    static func read(_ cookie: String, in database: any Database, at now: Moment) async throws -> (
        path: String, fields: [(String, String)]
    )? {
        let halves = cookie.split(separator: ".")
        guard halves.count == 2, let bytes = Base64URL.decode(halves[1]), let key = VaultKey(bytes) else { return nil }
        let id = String(halves[0])
        let area = bucket(of: id)
        let sealed = try await database.read { tx in
            try tx.value(
                "SELECT content FROM kept_post WHERE area = \(area) AND id = \(id) AND expires_at > \(now)",
                as: [UInt8].self)
        }
        guard let sealed, let opened = try? Seal.open(sealed, key: key, associatedData: binding(id)),
            let content = try? JSON(parsing: String(decoding: opened, as: UTF8.self)), let path = content["path"].text,
            isLocalPath(path)
        else { return nil }
        let fields = (content["fields"].elements ?? []).compactMap { pair -> (String, String)? in
            guard let halves = pair.elements, halves.count == 2, let name = halves[0].text, let value = halves[1].text
            else { return nil }
            return (name, value)
        }
        return (path, fields)
    }

    /// Removes what nobody came back for.
    package static func sweep(_ database: any Database, at now: Moment) async throws {
        let gone = try await database.read { tx in
            try tx.rows(
                "SELECT area, id FROM kept_post WHERE expires_at <= \(now) ORDER BY expires_at, area, id LIMIT 500",
                as: AreaCode.self, String.self)
        }
        for (area, id) in gone {
            try await database.write { tx in try tx.execute("DELETE FROM kept_post WHERE area = \(area) AND id = \(id)")
            }
        }
    }

    private static func bucket(of id: String) -> AreaCode { AreaCode(bucket: Int(Digest.sha256(Array(id.utf8))[0])) }
    private static func binding(_ id: String) -> AssociatedData { AssociatedData(["kept", id]) }
}

extension Exchange {
    /// The page after sign-in that shows what was kept, with the one button that sends it again.
    func keptPage() async throws -> Response {
        guard let cookie = request.cookieValue(KeptPosts.cookie),
            let (path, fields) = try await KeptPosts.read(cookie, in: app.database, at: now),
            path.hasPrefix(areaPath + "/")
        else { return redirect(areaPath + "/") }
        let shown = fields.filter { !$0.1.isEmpty }.count
        return try await page(
            path.hasPrefix(areaPath + "/desk/") ? "web.desk-kept" : "web.kept", title: text("web.kept.title"),
            View([
                "action": path, "count": shown,
                "fields": fields.map { View(["name": $0.0, "value": $0.1]) },
            ]))
    }
}
