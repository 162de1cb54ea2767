import Kernel
import Storage

/// An organisation a resident may act for, or has asked to.
struct MandateRow: Sendable {
    let id: String
    let subject: String
    let role: MandateRole
    let organisation: String
    let uscc: String
    let status: Confirmation
    let until: CivilDate?

    func isGood(on day: CivilDate) -> Bool { status == .confirmed && (until.map { $0 >= day } ?? true) }
}

/// Whom residents act for: of one bucket.
enum MandateStore {
    private static let columns: SQL = "id, subject, role, organisation, uscc, status, until_on"

    static func put(_ mandate: MandateRow, of account: AccountReference, at now: Moment, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO mandate (area, id, account, subject, role, organisation, uscc, status, until_on, created_at)
            VALUES (\(account.bucket), \(mandate.id), \(account.id), \(mandate.subject), \(mandate.role),
                    \(mandate.organisation), \(mandate.uscc), \(mandate.status.rawValue), \(mandate.until), \(now))
            ON CONFLICT (area, account, subject) DO UPDATE SET role = excluded.role, organisation = excluded.organisation,
                status = excluded.status, until_on = excluded.until_on
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

    /// Takes an organisation off the list; sessions acting for it act for the person again.
    static func remove(_ account: AccountReference, subject: String, _ tx: Transaction) throws {
        try tx.execute(
            "DELETE FROM mandate WHERE area = \(account.bucket) AND account = \(account.id) AND subject = \(subject)")
    }

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [MandateRow] {
        var rows: [MandateRow] = []
        try tx.forEach(sql) { row in
            let status: String = try row.value(5)
            rows.append(
                MandateRow(
                    id: try row.value(0), subject: try row.value(1), role: try row.value(2),
                    organisation: try row.value(3),
                    uscc: try row.value(4), status: Confirmation(rawValue: status) ?? .pending, until: try row.value(6))
            )
        }
        return rows
    }
}
