import Kernel
import Storage

/// Sessions of staff: of one area.
enum StaffSessionStore {
    /// What stands behind a token of the desk.
    struct Resolved: Sendable {
        let id: String
        let session: String
        let name: String
        let seenAt: Moment
        /// Before anything else, the password or the second factor has to be set.
        let mustChange: Bool
        let hasTOTP: Bool
        var own: [(role: Role, department: String)] = []
        /// Posts of those who are absent today and named this person their deputy.
        var deputised: [(role: Role, department: String)] = []
    }

    /// Who stands behind a token: one query, with epoch, end, idle time, posts and deputies in it.
    static func resolve(hash: String, area: AreaCode, at now: Moment, idle: Int64, _ tx: Transaction) throws
        -> Resolved?
    {
        let today = now.date
        let session: SQL = """
            FROM staff_session s
            JOIN staff m ON m.area = \(area) AND m.id = s.staff AND m.epoch = s.epoch AND m.disabled_at IS NULL
            """
        let good: SQL = """
            WHERE s.area = \(area) AND s.token = \(hash) AND s.expires_at > \(now) AND s.seen_at > \(now.adding(seconds: -idle))
            """
        let held: SQL = "p.status = 'held' AND (p.until_on IS NULL OR p.until_on >= \(today))"
        var found: Resolved?
        try tx.forEach(
            """
            SELECT 0 AS deputised, s.id, s.staff, m.name, s.seen_at, m.must_change, m.totp_at, p.role, p.department
            \(session) LEFT JOIN post p ON p.area = \(area) AND p.staff = s.staff AND \(held)
            \(good)
            UNION ALL
            SELECT 1 AS deputised, s.id, s.staff, m.name, s.seen_at, m.must_change, m.totp_at, p.role, p.department
            \(session)
            JOIN absence a ON a.area = \(area) AND a.deputy = s.staff AND a.from_on <= \(today) AND a.to_on >= \(today)
            JOIN post p ON p.area = \(area) AND p.staff = a.staff AND \(held)
            \(good)
            """
        ) { row in
            let isDeputised: Bool = try row.value(0)
            let totp: Moment? = try row.value(6)
            var resolved =
                try found
                ?? Resolved(
                    id: row.value(2), session: row.value(1), name: row.value(3), seenAt: row.value(4),
                    mustChange: row.value(5), hasTOTP: totp != nil)
            if let role: Role = try row.value(7), let department: String = try row.value(8) {
                if isDeputised {
                    resolved.deputised.append((role, department))
                } else {
                    resolved.own.append((role, department))
                }
            }
            found = resolved
        }
        return found
    }

    static func insert(_ session: NewSession, staff: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO staff_session (area, id, token, staff, epoch, device, created_at, seen_at, expires_at)
            VALUES (\(area), \(session.id), \(session.hash), \(staff), \(session.epoch), \(session.device), \(session.at),
                    \(session.at), \(session.expiresAt))
            """)
    }

    static func touch(id: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try tx.execute(
            "UPDATE staff_session SET seen_at = \(now) WHERE area = \(area) AND id = \(id) AND seen_at < \(now)")
    }

    /// Another token after the password changed, so that this one session goes on in the new epoch.
    static func renew(id: String, area: AreaCode, hash: String, epoch: Int, _ tx: Transaction) throws {
        try tx.execute(
            "UPDATE staff_session SET token = \(hash), epoch = \(epoch) WHERE area = \(area) AND id = \(id)")
    }

    /// Sessions that are still good, the last used first.
    static func list(_ staff: String, area: AreaCode, at now: Moment, idle: Int64, _ tx: Transaction) throws
        -> [SessionRow]
    {
        try tx.rows(
            """
            SELECT s.id, s.device, s.created_at, s.seen_at FROM staff_session s
            JOIN staff m ON m.area = \(area) AND m.id = s.staff AND m.epoch = s.epoch
            WHERE s.area = \(area) AND s.staff = \(staff) AND s.expires_at > \(now)
                AND s.seen_at > \(now.adding(seconds: -idle))
            ORDER BY s.seen_at DESC, s.id LIMIT 50
            """, as: String.self, String.self, Moment.self, Moment.self
        ).map { SessionRow(id: $0.0, device: $0.1, createdAt: $0.2, seenAt: $0.3) }
    }

    /// Ends one session of a member of staff; false where it is not one of his own.
    static func remove(id: String, of staff: String, area: AreaCode, _ tx: Transaction) throws -> Bool {
        try tx.execute("DELETE FROM staff_session WHERE area = \(area) AND id = \(id) AND staff = \(staff)") == 1
    }

    static func remove(id: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM staff_session WHERE area = \(area) AND id = \(id)")
    }

    /// Sessions that ended before `moment`, of all areas.
    static func ended(before moment: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, id: String)] {
        try tx.rows(
            "SELECT area, id FROM staff_session WHERE expires_at < \(moment) ORDER BY area, id LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, id: $0.1) }
    }
}
