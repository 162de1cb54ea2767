import Foundation
import Kernel
import Storage

/// A sign of handling outside the system, with what the journal says.
struct Finding: Sendable, Hashable {
    /// What a supervisor found out about it.
    enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// Explained: handled as it should be.
        case explained
        /// So it was; put right.
        case confirmed
    }

    let id: String
    let rule: String
    let number: String
    let item: String
    let department: String
    let at: Moment
    let facts: JSON
    let settledAt: Moment?
    let settledBy: String?
    let verdict: Verdict?
    let reason: String?
}

/// All SQL of the detector.
enum FindingStore {
    /// Notes a finding once a rule and case.
    @discardableResult
    static func insert(
        rule: String, stream: String, number: String, item: String, department: String, facts: JSON, at: Moment,
        area: AreaCode, _ tx: Transaction
    ) throws -> Bool {
        let id = ID<Finding>(at: at).description
        return try tx.execute(
            """
            INSERT INTO finding (area, id, rule, stream, number, item, department, at, facts)
            VALUES (\(area), \(id), \(rule), \(stream), \(number), \(item), \(department), \(at), \(facts.canonical))
            ON CONFLICT (area, rule, stream) DO NOTHING
            """) == 1
    }

    /// Open findings, the newest first; or those settled, the last settled first.
    static func list(
        settled: Bool, departments: [String]?, rule: String?, after: (at: Moment, id: String)?, limit: Int,
        area: AreaCode, _ tx: Transaction
    ) throws -> [Finding] {
        var filter: SQL = departments.map { " AND department IN (\(list: $0))" } ?? ""
        if let rule { filter += " AND rule = \(rule)" }
        if settled {
            if let after { filter += " AND (settled_at, id) < (\(after.at), \(after.id))" }
            return try read(
                """
                \(columns) WHERE area = \(area) AND settled_at IS NOT NULL\(filter)
                ORDER BY settled_at DESC, id DESC LIMIT \(limit)
                """, tx)
        }
        if let after { filter += " AND (at, id) < (\(after.at), \(after.id))" }
        return try read(
            "\(columns) WHERE area = \(area) AND settled_at IS NULL\(filter) ORDER BY at DESC, id DESC LIMIT \(limit)",
            tx)
    }

    static func finding(_ id: String, area: AreaCode, _ tx: Transaction) throws -> Finding? {
        try read("\(columns) WHERE area = \(area) AND id = \(id)", tx).first
    }

    /// False where somebody settled it before.
    static func settle(
        _ id: String, by officer: String, verdict: Finding.Verdict, reason: String, at now: Moment, area: AreaCode,
        _ tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE finding SET settled_at = \(now), settled_by = \(officer), verdict = \(verdict.rawValue), reason = \(reason)
            WHERE area = \(area) AND id = \(id) AND settled_at IS NULL
            """) == 1
    }

    // MARK: Thresholds of an area

    static func thresholds(area: AreaCode, _ tx: Transaction) throws -> [String: (threshold: Int, active: Bool)] {
        let rows = try tx.rows(
            "SELECT rule, threshold, active FROM detector_rule WHERE area = \(area) ORDER BY rule", as: String.self,
            Int.self, Bool.self)
        return Dictionary(rows.map { ($0.0, ($0.1, $0.2)) }, uniquingKeysWith: { first, _ in first })
    }

    static func set(
        _ rule: String, threshold: Int, active: Bool, by officer: String, at now: Moment, area: AreaCode,
        _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO detector_rule (area, rule, threshold, active, changed_by, changed_at)
            VALUES (\(area), \(rule), \(threshold), \(active), \(officer), \(now))
            ON CONFLICT (area, rule) DO UPDATE SET threshold = excluded.threshold, active = excluded.active,
                changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """)
    }

    private static let columns: SQL =
        "SELECT id, rule, number, item, department, at, facts, settled_at, settled_by, verdict, reason FROM finding"

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [Finding] {
        var found: [Finding] = []
        try tx.forEach(sql) { row in
            let facts: String = try row.value(6)
            let verdict: String? = try row.value(9)
            found.append(
                Finding(
                    id: try row.value(0), rule: try row.value(1), number: try row.value(2), item: try row.value(3),
                    department: try row.value(4), at: try row.value(5), facts: (try? JSON(parsing: facts)) ?? .null,
                    settledAt: try row.value(7), settledBy: try row.value(8),
                    verdict: verdict.flatMap(Finding.Verdict.init), reason: try row.value(10)))
        }
        return found
    }
}
