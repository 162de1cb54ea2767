import Kernel
import Storage
import Web

/// A signed-in browser of a resident, for the list of devices.
struct SessionRow: Sendable {
    let id: String
    let device: String
    let createdAt: Moment
    let seenAt: Moment
}

/// A session on its way into the database.
struct NewSession: Sendable {
    let id: String
    /// SHA-256 of the token, hexadecimal.
    let hash: String
    let epoch: Int
    let device: String
    let at: Moment
    let expiresAt: Moment
}

/// Residents' sessions: of one bucket.
enum SessionStore {
    struct Resolved: Sendable {
        let viewer: ResidentViewer
        let seenAt: Moment
    }

    /// Who stands behind a token: one query over `session_token`, with epoch, end and idle time in it.
    static func resolve(hash: String, bucket: AreaCode, at now: Moment, idle: Int64, _ tx: Transaction) throws
        -> Resolved?
    {
        var found: Resolved?
        try tx.forEach(
            """
            SELECT s.id, s.account, s.seen_at, a.mask, m.subject, m.organisation
            FROM session s
            JOIN account a ON a.area = \(bucket) AND a.id = s.account AND a.epoch = s.epoch
            LEFT JOIN mandate m ON m.area = \(bucket) AND m.id = s.mandate AND m.account = s.account
                AND m.status = 'confirmed' AND (m.until_on IS NULL OR m.until_on >= \(now.date))
            WHERE s.area = \(bucket) AND s.token = \(hash) AND s.expires_at > \(now)
                AND s.seen_at > \(now.adding(seconds: -idle))
            """
        ) { row in
            let account: String = try row.value(1)
            let subject: String? = try row.value(4)
            found = Resolved(
                viewer: ResidentViewer(
                    account: account, bucket: bucket, session: try row.value(0), displayName: try row.value(3),
                    subject: subject ?? account, organisation: try row.value(5), isOrganisation: subject != nil),
                seenAt: try row.value(2))
        }
        return found
    }

    static func insert(_ session: NewSession, for account: AccountReference, mandate: String?, _ tx: Transaction) throws
    {
        try tx.execute(
            """
            INSERT INTO session (area, id, token, account, epoch, device, mandate, created_at, seen_at, expires_at)
            VALUES (\(account.bucket), \(session.id), \(session.hash), \(account.id), \(session.epoch), \(session.device),
                    \(mandate), \(session.at), \(session.at), \(session.expiresAt))
            """)
    }

    static func touch(id: String, bucket: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try tx.execute("UPDATE session SET seen_at = \(now) WHERE area = \(bucket) AND id = \(id) AND seen_at < \(now)")
    }

    /// Another token and another identity for the same session.
    static func rotate(id: String, of account: AccountReference, hash: String, mandate: String?, _ tx: Transaction)
        throws
    {
        try tx.execute(
            """
            UPDATE session SET token = \(hash), mandate = \(mandate)
            WHERE area = \(account.bucket) AND id = \(id) AND account = \(account.id)
            """)
    }

    /// Another token after the password changed, so that this one session goes on in the new epoch.
    static func renew(id: String, of account: AccountReference, hash: String, epoch: Int, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE session SET token = \(hash), epoch = \(epoch)
            WHERE area = \(account.bucket) AND id = \(id) AND account = \(account.id)
            """)
    }

    static func remove(id: String, bucket: AreaCode, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM session WHERE area = \(bucket) AND id = \(id)")
    }

    /// Ends one session of an account; false where it is not one of its own.
    static func remove(id: String, of account: AccountReference, _ tx: Transaction) throws -> Bool {
        try tx.execute("DELETE FROM session WHERE area = \(account.bucket) AND id = \(id) AND account = \(account.id)")
            == 1
    }

    /// Sessions that are still good, the last used first.
    static func list(_ account: AccountReference, at now: Moment, idle: Int64, _ tx: Transaction) throws -> [SessionRow]
    {
        try tx.rows(
            """
            SELECT s.id, s.device, s.created_at, s.seen_at FROM session s
            JOIN account a ON a.area = \(account.bucket) AND a.id = s.account AND a.epoch = s.epoch
            WHERE s.area = \(account.bucket) AND s.account = \(account.id) AND s.expires_at > \(now)
                AND s.seen_at > \(now.adding(seconds: -idle))
            ORDER BY s.seen_at DESC, s.id LIMIT 50
            """, as: String.self, String.self, Moment.self, Moment.self
        ).map { SessionRow(id: $0.0, device: $0.1, createdAt: $0.2, seenAt: $0.3) }
    }

    /// Sessions that ended before `moment`, of all buckets.
    static func ended(before moment: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, id: String)] {
        try tx.rows(
            "SELECT area, id FROM session WHERE expires_at < \(moment) ORDER BY area, id LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, id: $0.1) }
    }
}
