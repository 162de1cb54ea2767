package import Kernel
import Storage

/// A package as lists show it.
package struct PackageLine: Sendable, Hashable {
    package let id: String
    package let number: String
    /// The package's slug.
    package let package: String
    package let department: String
    package let stage: PackageStage
    package let owner: String
    package let openedAt: Moment
    /// The end of the overall limit while it runs; `Light.paused` while it stands.
    package let dueAt: Moment?
    package let warnAt: Moment?
    package let endedAt: Moment?
}

/// All SQL of the packages.
enum PackagesStore {
    static func put(
        _ state: PackageState, id: String, area: AreaCode, dueAt: Moment?, warnAt: Moment?, forget: Moment?,
        at now: Moment, _ tx: Transaction
    ) throws {
        try tx.put(
            """
            INSERT INTO package_row (area, id, number, package, department, stage, owner, opened_at, due_at, warn_at,
                                     ended_at, forget_at, changed_at)
            VALUES (\(area), \(id), \(state.number), \(state.package), \(state.department), \(state.stage.rawValue),
                    \(state.owner), \(state.submittedAt), \(dueAt), \(warnAt), \(state.endedAt), \(forget), \(now))
            ON CONFLICT (area, id) DO UPDATE SET stage = excluded.stage, due_at = excluded.due_at,
                warn_at = excluded.warn_at, ended_at = excluded.ended_at, forget_at = excluded.forget_at,
                changed_at = excluded.changed_at
            """)
    }

    /// Departments that finish at the same moment write one after the other, and none is sent back; on SQLite they do anyway.
    static func lock(_ id: String, area: AreaCode, _ tx: Transaction) throws {
        let last: SQL = SQL.dialect(sqlite: "", postgres: " FOR UPDATE")
        _ = try tx.value("SELECT id FROM package_row WHERE area = \(area) AND id = \(id)\(last)", as: String.self)
    }

    static func line(number: String, area: AreaCode, _ tx: Transaction) throws -> PackageLine? {
        try read("\(columns) WHERE area = \(area) AND number = \(number)", tx).first
    }

    /// A resident's packages, newest first.
    static func owned(by owner: String, area: AreaCode, limit: Int, _ tx: Transaction) throws -> [PackageLine] {
        try read(
            """
            \(columns) WHERE area = \(area) AND owner = \(owner) ORDER BY opened_at DESC, id DESC LIMIT \(limit)
            """, tx)
    }

    /// Which packages a supervisor's list shows.
    enum View: String, CaseIterable {
        case running, late, all
    }

    /// Packages of an area: those under way by the end of their limit, all newest first.
    static func list(_ view: View, area: AreaCode, now: Moment, limit: Int, _ tx: Transaction) throws -> [PackageLine] {
        switch view {
        case .late:
            try read(
                """
                \(columns) WHERE area = \(area) AND ended_at IS NULL AND due_at <= \(now) ORDER BY due_at, id LIMIT \(limit)
                """, tx)
        case .running:
            try read(
                "\(columns) WHERE area = \(area) AND ended_at IS NULL ORDER BY due_at, id LIMIT \(limit)", tx)
        case .all:
            try read("\(columns) WHERE area = \(area) ORDER BY opened_at DESC, id DESC LIMIT \(limit)", tx)
        }
    }

    /// How many run, and how many of them are late.
    static func count(area: AreaCode, now: Moment, _ tx: Transaction) throws -> (running: Int, late: Int) {
        let row = try tx.row(
            """
            SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN due_at <= \(now) THEN 1 ELSE 0 END), 0) AS BIGINT)
            FROM package_row WHERE area = \(area) AND ended_at IS NULL
            """, as: Int.self, Int.self)
        return (row?.0 ?? 0, row?.1 ?? 0)
    }

    /// Packages of all areas whose personal part is kept no longer.
    static func toForget(at now: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, id: String)] {
        try tx.rows(
            "SELECT area, id FROM package_row WHERE forget_at <= \(now) ORDER BY forget_at, area, id LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, id: $0.1) }
    }

    /// The row names nobody any more; false where it was not due, or forgotten already.
    static func forget(_ id: String, area: AreaCode, dueBy now: Moment, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE package_row SET owner = '', forget_at = \(Moment?.none)
            WHERE area = \(area) AND id = \(id) AND forget_at <= \(now)
            """) == 1
    }

    private static let columns: SQL = """
        SELECT id, number, package, department, stage, owner, opened_at, due_at, warn_at, ended_at FROM package_row
        """

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [PackageLine] {
        var lines: [PackageLine] = []
        try tx.forEach(sql) { row in
            let stage: String = try row.value(4)
            lines.append(
                PackageLine(
                    id: try row.value(0), number: try row.value(1), package: try row.value(2),
                    department: try row.value(3), stage: PackageStage(rawValue: stage) ?? .running,
                    owner: try row.value(5), openedAt: try row.value(6), dueAt: try row.value(7),
                    warnAt: try row.value(8), endedAt: try row.value(9)))
        }
        return lines
    }
}
