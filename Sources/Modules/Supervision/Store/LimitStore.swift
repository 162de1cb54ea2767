import Kernel
import Storage

/// Figures of decided cases: one row a case, and the histogram of each month.
enum LimitStore {
    /// A decided case behind a figure.
    struct Line: Sendable, Hashable {
        let id: String
        let number: String
        let at: Moment
        let used: Int
        let isLate: Bool
    }

    /// Notes a case once; false where it is known with its decision already.
    static func note(
        _ facts: CaseFacts, id: String, number: String, item: String, department: String, area: AreaCode,
        _ tx: Transaction
    ) throws -> Bool {
        let decision = facts.decision
        let month = String(facts.at.date.description.prefix(7))
        return try tx.execute(
            """
            INSERT INTO case_fact (area, id, number, item, department, month, at, used, late, officer, corrected, last_day)
            VALUES (\(area), \(id), \(number), \(item), \(department), \(month), \(facts.at), \(decision?.used),
                    \(decision?.isLate ?? false), \(decision?.officer), \(facts.corrections), \(facts.lastDayCorrections))
            ON CONFLICT (area, id) DO NOTHING
            """) == 1
    }

    /// One more case in the month of its decision.
    static func count(
        _ decision: CaseFacts.Decision, item: String, department: String, area: AreaCode, _ tx: Transaction
    ) throws {
        let month = String(decision.at.date.description.prefix(7))
        try tx.execute(
            """
            INSERT INTO limit_figure (area, month, item, department, promised, statutory, used, cases, on_receipt, late, breached)
            VALUES (\(area), \(month), \(item), \(department), \(decision.promised.description),
                    \(decision.statutory?.description ?? ""), \(decision.used), 1, \(decision.onReceipt),
                    \(decision.isLate), \(decision.breached))
            ON CONFLICT (area, month, item, department, promised, statutory, used) DO UPDATE SET
                cases = limit_figure.cases + 1, on_receipt = limit_figure.on_receipt + excluded.on_receipt,
                late = limit_figure.late + excluded.late, breached = limit_figure.breached + excluded.breached
            """)
    }

    /// The bars of some months; `departments` nil for all.
    static func bars(
        area: AreaCode, from: String, until: String, departments: [String]?, _ tx: Transaction
    ) throws -> [LimitBar] {
        let own: SQL = departments.map { " AND department IN (\(list: $0))" } ?? ""
        var bars: [LimitBar] = []
        try tx.forEach(
            """
            SELECT month, item, department, promised, statutory, used, cases, on_receipt, late, breached FROM limit_figure
            WHERE area = \(area) AND month >= \(from) AND month <= \(until)\(own)
            ORDER BY month, item, department, promised, statutory, used
            """
        ) { row in
            let (promised, statutory): (String, String) = (try row.value(3), try row.value(4))
            bars.append(
                LimitBar(
                    month: try row.value(0), item: try row.value(1), department: try row.value(2),
                    promised: Limit(promised), statutory: Limit(statutory), used: try row.value(5),
                    cases: try row.value(6), onReceipt: try row.value(7), late: try row.value(8),
                    breached: try row.value(9)))
        }
        return bars
    }

    /// Decided cases of an item, the newest first.
    static func cases(
        of item: String, departments: [String]?, before: (at: Moment, id: String)?, limit: Int, area: AreaCode,
        _ tx: Transaction
    ) throws -> [Line] {
        var filter: SQL = departments.map { " AND department IN (\(list: $0))" } ?? ""
        if let before { filter += " AND (at, id) < (\(before.at), \(before.id))" }
        return try tx.rows(
            """
            SELECT id, number, at, used, late FROM case_fact
            WHERE area = \(area) AND item = \(item) AND used IS NOT NULL\(filter) ORDER BY at DESC, id DESC LIMIT \(limit)
            """, as: String.self, String.self, Moment.self, Int.self, Bool.self
        ).map { Line(id: $0.0, number: $0.1, at: $0.2, used: $0.3, isLate: $0.4) }
    }

    /// Cases of an item that came to an end, decided or not, the newest first.
    static func ended(of item: String, limit: Int, area: AreaCode, _ tx: Transaction) throws -> [(
        id: String, number: String
    )] {
        try tx.rows(
            """
            SELECT id, number FROM case_fact WHERE area = \(area) AND item = \(item) ORDER BY at DESC, id DESC LIMIT \(limit)
            """, as: String.self, String.self
        ).map { (id: $0.0, number: $0.1) }
    }

    /// How many cases the same officer decided within some minutes.
    static func decided(by officer: String, around at: Moment, minutes: Int, area: AreaCode, _ tx: Transaction) throws
        -> Int
    {
        let (from, until) = (at.adding(seconds: -60 * Int64(minutes)), at.adding(seconds: 60 * Int64(minutes)))
        return try tx.value(
            """
            SELECT COUNT(*) FROM case_fact
            WHERE area = \(area) AND officer = \(officer) AND at >= \(from) AND at <= \(until)
            """, as: Int.self) ?? 0
    }

    /// A department's cases with a correction since a moment, and those of them corrected on the last day; the newest 500.
    static func corrections(of department: String, since: Moment, area: AreaCode, _ tx: Transaction) throws -> (
        all: Int, lastDay: Int
    ) {
        let row = try tx.row(
            """
            SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN last_day > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM (
                SELECT last_day FROM case_fact
                WHERE area = \(area) AND department = \(department) AND corrected > 0 AND at >= \(since)
                ORDER BY at DESC LIMIT 500) AS recent
            """, as: Int.self, Int.self)
        return (row?.0 ?? 0, row?.1 ?? 0)
    }

    // MARK: The walk

    static func walked(_ name: String, area: AreaCode, _ tx: Transaction) throws -> Moment? {
        try tx.value("SELECT at FROM journal_walk WHERE area = \(area) AND name = \(name)", as: Moment.self)
    }

    static func walk(_ name: String, to at: Moment, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO journal_walk (area, name, at) VALUES (\(area), \(name), \(at))
            ON CONFLICT (area, name) DO UPDATE SET at = excluded.at WHERE journal_walk.at < excluded.at
            """)
    }

    /// Which of these cases are noted with their decision.
    static func known(_ ids: [String], area: AreaCode, _ tx: Transaction) throws -> Set<String> {
        guard !ids.isEmpty else { return [] }
        return Set(
            try tx.values("SELECT id FROM case_fact WHERE area = \(area) AND id IN (\(list: ids))", as: String.self))
    }
}
