import Kernel
import Storage

/// A code shown at a counter, by which a phone sends papers for a draft (扫码上传).
struct ScanLinkRow: Sendable, Hashable {
    let draft: String
    /// Of the token in the address.
    let hash: String
    /// What is stored of the code of the counter's screen: with the sitting the link ends.
    let screen: String
    let createdAt: Moment
    let expiresAt: Moment
}

/// All SQL of these links; a draft has one at a time.
enum ScanLinkStore {
    static func put(_ row: ScanLinkRow, area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO scan_link (area, draft, hash, screen, phone, created_at, expires_at)
            VALUES (\(area), \(row.draft), \(row.hash), \(row.screen), \(String?.none), \(row.createdAt), \(row.expiresAt))
            ON CONFLICT (area, draft) DO UPDATE SET hash = excluded.hash, screen = excluded.screen, phone = NULL,
                created_at = excluded.created_at, expires_at = excluded.expires_at
            """)
    }

    /// A draft's link that is still good.
    static func current(of draft: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> ScanLinkRow? {
        try read("draft = \(draft)", area: area, at: now, tx)
    }

    static func find(hash: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> ScanLinkRow? {
        try read("hash = \(hash)", area: area, at: now, tx)
    }

    /// Ties a link to the first phone that sends something; false for another one.
    static func bind(hash: String, to phone: String, area: AreaCode, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE scan_link SET phone = \(phone)
            WHERE area = \(area) AND hash = \(hash) AND (phone IS NULL OR phone = \(phone))
            """) == 1
    }

    static func remove(of draft: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put("DELETE FROM scan_link WHERE area = \(area) AND draft = \(draft)")
    }

    private static func read(_ filter: SQL, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> ScanLinkRow? {
        try tx.row(
            """
            SELECT draft, hash, screen, created_at, expires_at FROM scan_link
            WHERE area = \(area) AND \(filter) AND expires_at > \(now)
            """, as: String.self, String.self, String.self, Moment.self, Moment.self
        ).map { ScanLinkRow(draft: $0.0, hash: $0.1, screen: $0.2, createdAt: $0.3, expiresAt: $0.4) }
    }
}
