import Kernel
import Storage
import Web

/// A resident at the counter of an officer, who types for him (窗口接待).
struct SittingRow: Sendable {
    let id: String
    let staff: String
    let account: AccountReference
    /// The person or the organisation applied for.
    let subject: String
    let organisation: String?
    /// The person's masked name.
    let mask: String
    let startedAt: Moment
    /// Somebody else sits there for him, by a power of attorney.
    let byHandler: Bool

    /// The resident as the portal sees him while the officer types.
    var viewer: ResidentViewer {
        ResidentViewer(
            account: account.id, bucket: account.bucket, session: "", displayName: mask, subject: subject,
            organisation: organisation, isOrganisation: organisation != nil, attendant: staff,
            byHandler: byHandler)
    }
}

/// Sittings at the counters of an area. One officer has one at a time.
enum SittingStore {
    /// A sitting ends by itself: seconds after it began.
    static let longest: Int64 = 2 * 3600

    private static let columns: SQL = "id, staff, account, bucket, subject, organisation, mask, started_at, by_handler"

    static func insert(
        _ row: SittingRow, hash: String, screen: String, desk: String, area: AreaCode, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO sitting (area, id, token, screen, staff, session, account, bucket, subject, organisation, mask,
                                 started_at, by_handler)
            VALUES (\(area), \(row.id), \(hash), \(screen), \(row.staff), \(desk), \(row.account.id),
                    \(row.account.bucket), \(row.subject), \(row.organisation), \(row.mask), \(row.startedAt),
                    \(row.byHandler))
            """)
    }

    /// The sitting of a token, as long as the officer's own session lasts.
    static func resolve(hash: String, desk: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws
        -> SittingRow?
    {
        try read("token = \(hash) AND session = \(desk)", area: area, at: now, tx)
    }

    /// The sitting that a screen for the applicant shows.
    static func shown(screen: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> SittingRow? {
        try read("screen = \(screen)", area: area, at: now, tx)
    }

    private static func read(_ filter: SQL, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> SittingRow? {
        let since = now.adding(seconds: -longest)
        var found: SittingRow?
        try tx.forEach(
            """
            SELECT \(columns) FROM sitting
            WHERE area = \(area) AND \(filter) AND ended_at IS NULL AND started_at > \(since)
            """
        ) { row in
            found = SittingRow(
                id: try row.value(0), staff: try row.value(1),
                account: AccountReference(id: try row.value(2), bucket: try row.value(3)), subject: try row.value(4),
                organisation: try row.value(5), mask: try row.value(6), startedAt: try row.value(7),
                byHandler: try row.value(8))
        }
        return found
    }

    /// Ends whatever sitting an officer has; answers whose it was.
    static func end(of staff: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> [String] {
        let accounts = try tx.values(
            "SELECT account FROM sitting WHERE area = \(area) AND staff = \(staff) AND ended_at IS NULL",
            as: String.self)
        guard !accounts.isEmpty else { return [] }
        try tx.execute(
            "UPDATE sitting SET ended_at = \(now) WHERE area = \(area) AND staff = \(staff) AND ended_at IS NULL")
        return accounts
    }

    /// Sittings that began before `moment`, of all areas: they are not needed any more.
    static func old(before moment: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, id: String)] {
        try tx.rows(
            "SELECT area, id FROM sitting WHERE started_at < \(moment) ORDER BY area, id LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, id: $0.1) }
    }

    static func remove(id: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM sitting WHERE area = \(area) AND id = \(id)")
    }
}
