import Kernel
import Storage
import Workflow

/// A claim that waits at an area's windows, or was looked at there: masks only.
struct CheckRow: Sendable {
    let id: String
    let claim: CheckClaim
    /// `秦*`.
    let mask: String
    /// `510***********0024`.
    let numberMask: String
    /// The organisation's name and the role in it, where the claim is a mandate.
    let organisation: String?
    let role: MandateRole?
    let openedAt: Moment
}

/// Checks of one area: the rows beside the proceedings.
enum CheckStore {
    private static let columns: SQL = "id, account, mandate, mask, number_mask, organisation, role, opened_at"

    static func insert(_ row: CheckRow, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO identity_check (area, id, account, mandate, mask, number_mask, organisation, role, opened_at, status,
                                        changed_at)
            VALUES (\(area), \(row.id), \(row.claim.account), \(row.claim.mandate), \(row.mask), \(row.numberMask),
                    \(row.organisation), \(row.role), \(row.openedAt), 'waiting', \(row.openedAt))
            """)
    }

    static func setStatus(
        _ status: CheckProceeding.State.Status, id: String, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE identity_check SET status = \(status.rawValue), changed_at = \(now)
            WHERE area = \(area) AND id = \(id)
            """)
    }

    static func setMasks(_ mask: String, _ number: String, id: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE identity_check SET mask = \(mask), number_mask = \(number) WHERE area = \(area) AND id = \(id)
            """)
    }

    /// Those that wait, the oldest first, after a place in the list.
    static func waiting(
        area: AreaCode, after place: (at: Moment, id: String)?, limit: Int, _ tx: Transaction
    ) throws -> [CheckRow] {
        var filter: SQL = ""
        if let place { filter = " AND (opened_at, id) > (\(place.at), \(place.id))" }
        return try read(
            """
            SELECT \(columns) FROM identity_check WHERE area = \(area) AND status = 'waiting'\(filter)
            ORDER BY opened_at, id LIMIT \(limit)
            """, tx)
    }

    /// Every claim of an account in the area, as it stands, the oldest first.
    static func all(account: String, area: AreaCode, _ tx: Transaction) throws -> [(
        openedAt: Moment, mask: String, numberMask: String, organisation: String?, status: String, changedAt: Moment
    )] {
        try tx.rows(
            """
            SELECT opened_at, mask, number_mask, organisation, status, changed_at FROM identity_check
            WHERE area = \(area) AND account = \(account) ORDER BY opened_at, id LIMIT 1000
            """, as: Moment.self, String.self, String.self, String?.self, String.self, Moment.self
        ).map {
            (
                openedAt: $0.0, mask: $0.1, numberMask: $0.2, organisation: $0.3, status: $0.4, changedAt: $0.5
            )
        }
    }

    /// What of an account waits in the area.
    static func waiting(account: String, area: AreaCode, _ tx: Transaction) throws -> [CheckRow] {
        try read(
            """
            SELECT \(columns) FROM identity_check
            WHERE area = \(area) AND account = \(account) AND status = 'waiting' ORDER BY opened_at, id LIMIT 100
            """, tx)
    }

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [CheckRow] {
        var rows: [CheckRow] = []
        try tx.forEach(sql) { row in
            rows.append(
                CheckRow(
                    id: try row.value(0), claim: CheckClaim(account: try row.value(1), mandate: try row.value(2)),
                    mask: try row.value(3), numberMask: try row.value(4), organisation: try row.value(5),
                    role: try row.value(6), openedAt: try row.value(7)))
        }
        return rows
    }
}

/// Keeps the rows of `identity_check` beside their proceedings.
struct CheckProjection: Projection {
    typealias P = CheckProceeding

    func project(_ outcome: Outcome<CheckProceeding>, from occasion: Occasion, _ tx: Transaction) throws {
        try CheckStore.setStatus(outcome.state.status, id: outcome.id, area: occasion.area, at: occasion.at, tx)
    }

    func labels(_ state: CheckProceeding.State) -> (number: String, item: String) { ("", "check") }

    func timerContext(
        _ state: CheckProceeding.State, id: String, _ occasion: Occasion, _ tx: Transaction
    ) throws -> CheckProceeding.Context {
        CheckProceeding.Context(actor: "system:timer")
    }

    func recipient(_ state: CheckProceeding.State) -> (account: String, bucket: String)? { nil }
}
