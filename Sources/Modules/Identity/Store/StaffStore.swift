import Kernel
import Storage

/// A staff account as it is kept. The name is an officer's in public function.
struct StaffRow: Sendable {
    let id: String
    let login: String
    let name: String
    let password: String
    let mustChange: Bool
    let epoch: Int
    let failures: Int
    let lockedUntil: Moment?
    /// Since when a second factor is enrolled.
    let totpAt: Moment?
    /// The step of the last code used.
    let totpStep: Int64?
    let createdAt: Moment
    let signedInAt: Moment?
    let disabledAt: Moment?
    let disabledWhy: String?
}

/// Staff accounts of one area.
enum StaffStore {
    private static let columns: SQL = """
        id, login, name, password, must_change, epoch, failures, locked_until_at, totp_at, totp_step, created_at,
        signed_in_at, disabled_at, disabled_why
        """

    static func insert(
        id: String, area: AreaCode, login: String, name: String, password: String, mustChange: Bool, at now: Moment,
        _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO staff (area, id, login, name, password, must_change, epoch, failures, created_at)
            VALUES (\(area), \(id), \(login), \(name), \(password), \(mustChange), 1, 0, \(now))
            """)
    }

    static func staff(id: String, area: AreaCode, _ tx: Transaction) throws -> StaffRow? {
        try read("SELECT \(columns) FROM staff WHERE area = \(area) AND id = \(id)", tx).first
    }

    static func staff(login: String, area: AreaCode, _ tx: Transaction) throws -> StaffRow? {
        try read("SELECT \(columns) FROM staff WHERE area = \(area) AND login = \(login)", tx).first
    }

    /// By login, after a place in the list.
    static func list(area: AreaCode, after login: String, limit: Int, _ tx: Transaction) throws -> [StaffRow] {
        try read(
            "SELECT \(columns) FROM staff WHERE area = \(area) AND login > \(login) ORDER BY login LIMIT \(limit)", tx)
    }

    static func names(of ids: [String], area: AreaCode, _ tx: Transaction) throws -> [String: String] {
        let rows = try tx.rows(
            "SELECT id, name FROM staff WHERE area = \(area) AND id IN (\(list: Array(Set(ids)).sorted()))",
            as: String.self, String.self)
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    }

    /// Those with posts today, by name and then id.
    static func members(area: AreaCode, department: String?, on day: CivilDate, _ tx: Transaction) throws
        -> [StaffMember]
    {
        let filter: SQL = department.map { " AND p.department = \($0)" } ?? ""
        var names: [String: String] = [:]
        var posts: [String: [Post]] = [:]
        try tx.forEach(
            """
            SELECT s.id, s.name, p.id, p.role, p.department, p.place, p.street, p.until_on
            FROM post p JOIN staff s ON s.area = \(area) AND s.id = p.staff
            WHERE p.area = \(area) AND p.status = 'held' AND (p.until_on IS NULL OR p.until_on >= \(day))
                AND s.disabled_at IS NULL\(filter)
            ORDER BY s.id, p.id
            """
        ) { row in
            let id: String = try row.value(0)
            names[id] = try row.value(1)
            posts[id, default: []].append(
                Post(
                    id: try row.value(2), role: try row.value(3), department: try row.value(4),
                    window: try row.value(5),
                    street: try row.value(6), until: try row.value(7)))
        }
        return names.map { StaffMember(id: $0.key, name: $0.value, posts: posts[$0.key] ?? []) }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    static func fail(id: String, area: AreaCode, failures: Int, lockedUntil: Moment?, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE staff SET failures = \(failures), locked_until_at = \(lockedUntil) WHERE area = \(area) AND id = \(id)
            """)
    }

    static func signedIn(
        id: String, area: AreaCode, at now: Moment, rehashed: String?, totpStep: Int64?, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE staff SET failures = 0, locked_until_at = \(Moment?.none), signed_in_at = \(now),
                password = COALESCE(\(rehashed), password), totp_step = COALESCE(\(totpStep), totp_step)
            WHERE area = \(area) AND id = \(id)
            """)
    }

    /// A new password ends every session; the former one is remembered. Answers the new epoch.
    static func setPassword(
        id: String, area: AreaCode, _ hash: String, former: String, mustChange: Bool, at now: Moment, _ tx: Transaction
    ) throws -> Int {
        try tx.execute(
            """
            INSERT INTO password_history (area, staff, at, password) VALUES (\(area), \(id), \(now), \(former))
            ON CONFLICT (area, staff, at) DO NOTHING
            """)
        return try tx.value(
            """
            UPDATE staff SET password = \(hash), must_change = \(mustChange), epoch = epoch + 1, failures = 0,
                locked_until_at = \(Moment?.none)
            WHERE area = \(area) AND id = \(id) RETURNING epoch
            """) ?? 0
    }

    static func formerPasswords(id: String, area: AreaCode, limit: Int, _ tx: Transaction) throws -> [String] {
        try tx.values(
            """
            SELECT password FROM password_history WHERE area = \(area) AND staff = \(id) ORDER BY at DESC LIMIT \(limit)
            """)
    }

    static func rename(id: String, area: AreaCode, name: String, _ tx: Transaction) throws {
        try tx.execute("UPDATE staff SET name = \(name) WHERE area = \(area) AND id = \(id)")
    }

    /// Opens a locked account.
    static func unlock(id: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE staff SET failures = 0, locked_until_at = \(Moment?.none) WHERE area = \(area) AND id = \(id)
            """)
    }

    /// Closes an account or opens it again; either ends its sessions.
    static func setDisabled(id: String, area: AreaCode, at moment: Moment?, why: String?, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE staff SET disabled_at = \(moment), disabled_why = \(why), epoch = epoch + 1
            WHERE area = \(area) AND id = \(id)
            """)
    }

    static func setTOTP(id: String, area: AreaCode, at moment: Moment?, step: Int64?, _ tx: Transaction) throws {
        try tx.execute(
            "UPDATE staff SET totp_at = \(moment), totp_step = \(step) WHERE area = \(area) AND id = \(id)")
    }

    /// The second factor is taken away; sessions end.
    static func resetTOTP(id: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE staff SET totp_at = \(Moment?.none), totp_step = \(Int64?.none), epoch = epoch + 1
            WHERE area = \(area) AND id = \(id)
            """)
    }

    /// Open accounts nobody used since `moment`, of all areas.
    static func dormant(since moment: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, id: String)] {
        try tx.rows(
            """
            SELECT area, id FROM staff WHERE disabled_at IS NULL AND COALESCE(signed_in_at, created_at) < \(moment)
            ORDER BY area, id LIMIT \(limit)
            """, as: AreaCode.self, String.self
        ).map { (area: $0.0, id: $0.1) }
    }

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [StaffRow] {
        var rows: [StaffRow] = []
        try tx.forEach(sql) { row in
            rows.append(
                StaffRow(
                    id: try row.value(0), login: try row.value(1), name: try row.value(2), password: try row.value(3),
                    mustChange: try row.value(4), epoch: try row.value(5), failures: try row.value(6),
                    lockedUntil: try row.value(7), totpAt: try row.value(8), totpStep: try row.value(9),
                    createdAt: try row.value(10), signedInAt: try row.value(11), disabledAt: try row.value(12),
                    disabledWhy: try row.value(13)))
        }
        return rows
    }
}
