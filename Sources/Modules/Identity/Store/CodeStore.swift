import Kernel
import Storage
import Workflow

/// Codes by SMS that are on their way: one a phone and purpose.
enum CodeStore {
    struct Pending: Sendable {
        let id: String
        let code: String
        let tries: Int
        let sentAt: Moment
        let expiresAt: Moment
    }

    static func pending(_ phone: LookupCode, purpose: String, _ tx: Transaction) throws -> Pending? {
        try tx.row(
            """
            SELECT id, code, tries, sent_at, expires_at FROM phone_code
            WHERE area = \(phone.bucket) AND mac = \(phone.text) AND purpose = \(purpose)
            """, as: String.self, String.self, Int.self, Moment.self, Moment.self
        ).map { Pending(id: $0.0, code: $0.1, tries: $0.2, sentAt: $0.3, expiresAt: $0.4) }
    }

    static func put(_ pending: Pending, phone: LookupCode, purpose: String, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO phone_code (area, mac, purpose, id, code, tries, sent_at, expires_at)
            VALUES (\(phone.bucket), \(phone.text), \(purpose), \(pending.id), \(pending.code), \(pending.tries),
                    \(pending.sentAt), \(pending.expiresAt))
            ON CONFLICT (area, mac, purpose) DO UPDATE SET id = excluded.id, code = excluded.code, tries = excluded.tries,
                sent_at = excluded.sent_at, expires_at = excluded.expires_at
            """)
    }

    static func countTry(_ phone: LookupCode, purpose: String, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE phone_code SET tries = tries + 1
            WHERE area = \(phone.bucket) AND mac = \(phone.text) AND purpose = \(purpose)
            """)
    }

    /// The code and the vault of its letter are gone; false where somebody else was faster.
    @discardableResult
    static func remove(id: String, phone: LookupCode, purpose: String, _ tx: Transaction) throws -> Bool {
        try remove(id: id, mac: phone.text, purpose: purpose, area: phone.bucket, tx)
    }

    @discardableResult
    static func remove(id: String, mac: String, purpose: String, area: AreaCode, _ tx: Transaction) throws -> Bool {
        let removed = try tx.execute(
            "DELETE FROM phone_code WHERE area = \(area) AND mac = \(mac) AND purpose = \(purpose) AND id = \(id)")
        try VaultStore.discard(id, area: area, tx)
        return removed == 1
    }

    /// Codes that ended before `moment`, of all buckets.
    static func ended(before moment: Moment, limit: Int, _ tx: Transaction) throws -> [(
        area: AreaCode, mac: String, purpose: String, id: String
    )] {
        try tx.rows(
            "SELECT area, mac, purpose, id FROM phone_code WHERE expires_at < \(moment) ORDER BY area, mac LIMIT \(limit)",
            as: AreaCode.self, String.self, String.self, String.self
        ).map { (area: $0.0, mac: $0.1, purpose: $0.2, id: $0.3) }
    }
}
