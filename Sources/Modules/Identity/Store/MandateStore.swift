import Kernel
import Storage

/// How far a mandate has come.
enum MandateStatus: String, Sendable, Hashable, Codable {
    case pending, confirmed, refused
    /// Ended by the organisation, or by a clerk to whom it was shown that it ended.
    case ended
}

/// An organisation a resident may act for, or has asked to.
struct MandateRow: Sendable {
    let id: String
    let subject: String
    let role: MandateRole
    let organisation: String
    let uscc: String
    let status: MandateStatus
    let until: CivilDate?
    /// The area whose windows look at it.
    let checkedIn: AreaCode?
    /// Why it was refused.
    let reason: CheckReason?

    func isGood(on day: CivilDate) -> Bool { status == .confirmed && (until.map { $0 >= day } ?? true) }
}

/// Whom residents act for: of one bucket.
enum MandateStore {
    private static let columns: SQL = "id, subject, role, organisation, uscc, status, until_on, checked_in, reason"

    static func put(_ mandate: MandateRow, of account: AccountReference, at now: Moment, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO mandate (area, id, account, subject, role, organisation, uscc, status, until_on, checked_in, reason,
                                 created_at)
            VALUES (\(account.bucket), \(mandate.id), \(account.id), \(mandate.subject), \(mandate.role),
                    \(mandate.organisation), \(mandate.uscc), \(mandate.status.rawValue), \(mandate.until),
                    \(mandate.checkedIn), \(mandate.reason?.rawValue), \(now))
            ON CONFLICT (area, account, subject) DO UPDATE SET id = excluded.id, role = excluded.role,
                organisation = excluded.organisation, status = excluded.status, until_on = excluded.until_on,
                checked_in = excluded.checked_in, reason = excluded.reason
            """)
    }

    static func list(_ account: AccountReference, _ tx: Transaction) throws -> [MandateRow] {
        try read(
            """
            SELECT \(columns) FROM mandate WHERE area = \(account.bucket) AND account = \(account.id)
            ORDER BY created_at, id
            """, tx)
    }

    static func mandate(_ account: AccountReference, subject: String, _ tx: Transaction) throws -> MandateRow? {
        try read(
            """
            SELECT \(columns) FROM mandate
            WHERE area = \(account.bucket) AND account = \(account.id) AND subject = \(subject)
            """, tx
        ).first
    }

    static func mandate(_ account: AccountReference, id: String, _ tx: Transaction) throws -> MandateRow? {
        try read(
            """
            SELECT \(columns) FROM mandate
            WHERE area = \(account.bucket) AND id = \(id) AND account = \(account.id)
            """, tx
        ).first
    }

    /// Another status; false where the mandate is gone, or is no longer in one of those it may come from.
    static func setStatus(
        _ status: MandateStatus, of id: String, _ account: AccountReference, from: [MandateStatus],
        reason: CheckReason? = nil, _ tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE mandate SET status = \(status.rawValue), reason = \(reason?.rawValue)
            WHERE area = \(account.bucket) AND id = \(id) AND account = \(account.id)
                AND status IN (\(list: from.map(\.rawValue)))
            """) == 1
    }

    /// Takes an organisation off the list; sessions acting for it act for the person again.
    static func remove(_ account: AccountReference, subject: String, _ tx: Transaction) throws {
        try tx.execute(
            "DELETE FROM mandate WHERE area = \(account.bucket) AND account = \(account.id) AND subject = \(subject)")
    }

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [MandateRow] {
        var rows: [MandateRow] = []
        try tx.forEach(sql) { row in
            let status: String = try row.value(5)
            let reason: String? = try row.value(8)
            rows.append(
                MandateRow(
                    id: try row.value(0), subject: try row.value(1), role: try row.value(2),
                    organisation: try row.value(3), uscc: try row.value(4),
                    status: MandateStatus(rawValue: status) ?? .pending, until: try row.value(6),
                    checkedIn: try row.value(7), reason: reason.flatMap(CheckReason.init)))
        }
        return rows
    }
}
