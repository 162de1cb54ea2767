import Kernel
import Storage
import Workflow

/// A post with how far its giving has come.
struct PostRow: Sendable {
    let staff: String
    let post: Post
    let status: PostProceeding.State.Status
    let proposedBy: String
    let changedAt: Moment
}

/// Posts of one area: the rows beside the proceedings.
enum PostStore {
    private static let columns: SQL =
        "staff, id, role, department, place, street, until_on, status, proposed_by, changed_at"

    static func put(_ state: PostProceeding.State, id: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws
    {
        let place = state.place
        try tx.execute(
            """
            INSERT INTO post (area, id, staff, role, department, place, street, until_on, status, proposed_by, changed_at)
            VALUES (\(area), \(id), \(place.staff), \(place.role), \(place.department), \(place.window), \(place.street),
                    \(place.until), \(state.status.rawValue), \(state.proposedBy), \(now))
            ON CONFLICT (area, id) DO UPDATE SET status = excluded.status, changed_at = excluded.changed_at
            """)
    }

    /// Posts held or proposed, of one person or of all; without those that ran out before `day`.
    static func open(area: AreaCode, staff: [String], on day: CivilDate, _ tx: Transaction) throws -> [PostRow] {
        guard !staff.isEmpty else { return [] }
        return try read(
            """
            SELECT \(columns) FROM post
            WHERE area = \(area) AND staff IN (\(list: staff)) AND status IN ('proposed', 'held')
                AND (until_on IS NULL OR until_on >= \(day))
            ORDER BY staff, id
            """, tx)
    }

    /// Posts that wait for a second administrator, the oldest first.
    static func proposed(area: AreaCode, limit: Int, _ tx: Transaction) throws -> [PostRow] {
        try read(
            """
            SELECT \(columns) FROM post WHERE area = \(area) AND status = 'proposed' ORDER BY changed_at, id LIMIT \(limit)
            """, tx)
    }

    /// How many open accounts other than `staff` hold a role.
    static func others(holding role: Role, than staff: String, area: AreaCode, on day: CivilDate, _ tx: Transaction)
        throws -> Int
    {
        try tx.value(
            """
            SELECT COUNT(DISTINCT p.staff) FROM post p JOIN staff s ON s.area = \(area) AND s.id = p.staff
            WHERE p.area = \(area) AND p.role = \(role) AND p.staff <> \(staff) AND p.status = 'held'
                AND (p.until_on IS NULL OR p.until_on >= \(day)) AND s.disabled_at IS NULL
            """) ?? 0
    }

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [PostRow] {
        var rows: [PostRow] = []
        try tx.forEach(sql) { row in
            let status: String = try row.value(7)
            rows.append(
                PostRow(
                    staff: try row.value(0),
                    post: Post(
                        id: try row.value(1), role: try row.value(2), department: try row.value(3),
                        window: try row.value(4),
                        street: try row.value(5), until: try row.value(6)),
                    status: PostProceeding.State.Status(rawValue: status) ?? .ended, proposedBy: try row.value(8),
                    changedAt: try row.value(9)))
        }
        return rows
    }
}

/// Keeps the rows of `post` beside their proceedings.
struct PostProjection: Projection {
    typealias P = PostProceeding

    func project(_ outcome: Outcome<PostProceeding>, from occasion: Occasion, _ tx: Transaction) throws {
        try PostStore.put(outcome.state, id: outcome.id, area: occasion.area, at: occasion.at, tx)
    }

    func labels(_ state: PostProceeding.State) -> (number: String, item: String) { ("", "post") }

    func timerContext(
        _ state: PostProceeding.State, id: String, _ occasion: Occasion, _ tx: Transaction
    ) throws -> PostProceeding.Context {
        PostProceeding.Context(actor: "system:timer", others: [], isLastAdministrator: false)
    }

    func recipient(_ state: PostProceeding.State) -> (account: String, bucket: String)? { nil }
}
