import Kernel
import Storage

/// A link by which somebody who is not there shows who he is; of link and code only keyed or plain hashes stand in the row.
struct RemoteLinkRow: Sendable, Hashable {
    /// The case.
    let stream: String
    /// Of the token in the address.
    let hash: String
    /// Keyed code of the digits in the SMS.
    let code: String
    let tries: Int
    let sentAt: Moment
    let expiresAt: Moment

    /// Wrong codes after which a link is dead.
    static let mostTries = 5
}

/// All SQL of these links; a case has one at a time.
enum RemoteLinkStore {
    static func put(_ row: RemoteLinkRow, area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO remote_link (area, stream, hash, code, tries, sent_at, expires_at)
            VALUES (\(area), \(row.stream), \(row.hash), \(row.code), 0, \(row.sentAt), \(row.expiresAt))
            ON CONFLICT (area, stream) DO UPDATE SET hash = excluded.hash, code = excluded.code, tries = 0,
                sent_at = excluded.sent_at, expires_at = excluded.expires_at
            """)
    }

    /// A link that is still good.
    static func find(hash: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> RemoteLinkRow? {
        try tx.row(
            """
            SELECT stream, code, tries, sent_at, expires_at FROM remote_link
            WHERE area = \(area) AND hash = \(hash) AND expires_at > \(now) AND tries < \(RemoteLinkRow.mostTries)
            """, as: String.self, String.self, Int.self, Moment.self, Moment.self
        ).map {
            RemoteLinkRow(stream: $0.0, hash: hash, code: $0.1, tries: $0.2, sentAt: $0.3, expiresAt: $0.4)
        }
    }

    static func countTry(hash: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put("UPDATE remote_link SET tries = tries + 1 WHERE area = \(area) AND hash = \(hash)")
    }

    static func remove(of stream: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put("DELETE FROM remote_link WHERE area = \(area) AND stream = \(stream)")
    }
}
