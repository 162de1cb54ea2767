package import Kernel
package import Storage
import Workflow

/// A case as lists show it.
package struct CaseLine: Sendable, Hashable {
    package let id: String
    package let number: String
    package let item: String
    package let department: String
    package let stage: CaseStage
    package let owner: String
    package let channel: Channel
    package let openedAt: Moment
    /// The end of the limit that runs now.
    package let dueAt: Moment?
    package let statutoryAt: Moment?
    package let endedAt: Moment?
    package let changedAt: Moment
}

/// What staff search cases by; everything is exact or a range (no full-text search over personal data).
package struct CaseFilter: Sendable, Hashable {
    package var number: String?
    package var item: String?
    /// Slugs of items whose names fit the words; nil where none were asked for.
    package var items: [String]?
    package var department: String?
    package var stage: CaseStage?
    package var from: CivilDate?
    package var until: CivilDate?
    /// Streams found by look-up codes (name, phone, number); nil where none was asked for.
    package var streams: [String]?
    /// Departments the caller may see; nil for all of the area.
    package var departments: [String]?

    package init() {}
}

/// All SQL of the cases.
package enum CasesStore {
    /// - Parameters:
    ///   - forget: when the personal part of an ended case is destroyed.
    ///   - granted: the day of a decision that everybody may read.
    static func put(
        _ state: CaseState, id: String, area: AreaCode, forget: Moment?, granted: CivilDate?, at now: Moment,
        _ tx: Transaction
    ) throws {
        let due =
            state.acceptance?.dueAt ?? state.correction?.dueAt
            ?? (state.stage.isEnded ? nil : state.promised?.runsOutAt)
        try tx.put(
            """
            INSERT INTO case_row (area, id, number, item, department, stage, owner, channel, opened_at, due_at, statutory_at,
                                  ended_at, forget_at, shown_until, granted_on, changed_at)
            VALUES (\(area), \(id), \(state.number), \(state.item), \(state.department), \(state.stage), \(state.owner),
                    \(state.channel), \(state.submittedAt), \(due), \(state.statutory?.runsOutAt), \(state.endedAt),
                    \(forget), \(state.shownUntil), \(granted), \(now))
            ON CONFLICT (area, id) DO UPDATE SET department = excluded.department, stage = excluded.stage,
                due_at = excluded.due_at,
                statutory_at = excluded.statutory_at, ended_at = excluded.ended_at, forget_at = excluded.forget_at,
                shown_until = excluded.shown_until, granted_on = excluded.granted_on, changed_at = excluded.changed_at
            """)
    }

    /// Whose the case is from now on; empty for nobody's.
    static func hand(_ id: String, to owner: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put("UPDATE case_row SET owner = \(owner) WHERE area = \(area) AND id = \(id)")
    }

    /// Numbers of the cases that are shown publicly on that day, those that end first before the others.
    static func shown(on day: CivilDate, area: AreaCode, limit: Int, _ tx: Transaction) throws -> [String] {
        try tx.values(
            """
            SELECT number FROM case_row WHERE area = \(area) AND shown_until >= \(day)
            ORDER BY shown_until, id LIMIT \(limit)
            """, as: String.self)
    }

    /// Decisions that everybody may read, the newest first.
    static func granted(
        area: AreaCode, before: (on: CivilDate, id: String)?, limit: Int, _ tx: Transaction
    ) throws -> [(id: String, number: String, item: String, department: String, on: CivilDate)] {
        let earlier: SQL = before.map { " AND (granted_on, id) < (\($0.on), \($0.id))" } ?? ""
        return try tx.rows(
            """
            SELECT id, number, item, department, granted_on FROM case_row
            WHERE area = \(area) AND granted_on IS NOT NULL\(earlier) ORDER BY granted_on DESC, id DESC LIMIT \(limit)
            """, as: String.self, String.self, String.self, String.self, CivilDate.self
        ).map { (id: $0.0, number: $0.1, item: $0.2, department: $0.3, on: $0.4) }
    }

    /// Cases of all areas whose personal part is kept no longer.
    static func toForget(at now: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, id: String)] {
        try tx.rows(
            "SELECT area, id FROM case_row WHERE forget_at <= \(now) ORDER BY forget_at, area, id LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, id: $0.1) }
    }

    /// The row names nobody any more; false where it was not due, or forgotten already.
    static func forget(_ id: String, area: AreaCode, dueBy now: Moment, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE case_row SET owner = '', forget_at = \(Moment?.none), granted_on = \(CivilDate?.none)
            WHERE area = \(area) AND id = \(id) AND forget_at <= \(now)
            """) == 1
    }

    /// The case's row by the id of its journal; nil where the area has none.
    package static func line(_ id: String, area: AreaCode, _ tx: Transaction) throws -> CaseLine? {
        try read("\(columns) WHERE area = \(area) AND id = \(id)", tx).first
    }

    /// The case's row by the number on its papers, written without spaces.
    package static func line(number: String, area: AreaCode, _ tx: Transaction) throws -> CaseLine? {
        try read("\(columns) WHERE area = \(area) AND number = \(number)", tx).first
    }

    /// A resident's cases in an area, newest first.
    package static func owned(
        by owner: String, area: AreaCode, stage: CaseStage? = nil, before: (openedAt: Moment, id: String)? = nil,
        limit: Int, _ tx: Transaction
    ) throws -> [CaseLine] {
        var filter: SQL = ""
        if let stage { filter += " AND stage = \(stage)" }
        if let before { filter += " AND (opened_at, id) < (\(before.openedAt), \(before.id))" }
        return try read(
            "\(columns) WHERE area = \(area) AND owner = \(owner)\(filter) ORDER BY opened_at DESC, id DESC LIMIT \(limit)",
            tx)
    }

    /// How many cases of each of these items are not ended.
    static func open(of items: [String], area: AreaCode, _ tx: Transaction) throws -> [String: Int] {
        guard !items.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT item, COUNT(*) FROM case_row WHERE area = \(area) AND item IN (\(list: items)) AND ended_at IS NULL
            GROUP BY item
            """, as: String.self, Int.self)
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    }

    /// Items by the number of cases since a moment, the most used first; of more than 20,000 cases the newest count.
    static func mostUsed(area: AreaCode, since: Moment, limit: Int, _ tx: Transaction) throws -> [String] {
        try tx.rows(
            """
            SELECT item, COUNT(*) AS cases FROM (
                SELECT item FROM case_row WHERE area = \(area) AND opened_at >= \(since)
                ORDER BY opened_at DESC, id DESC LIMIT 20000) AS recent
            GROUP BY item ORDER BY cases DESC, item LIMIT \(limit)
            """, as: String.self, Int.self
        ).map { $0.0 }
    }

    /// Cases under way whose statutory limit is over, the oldest first; `departments` nil for all.
    package static func breaches(
        area: AreaCode, departments: [String]?, at now: Moment, limit: Int, _ tx: Transaction
    ) throws -> [CaseLine] {
        let own: SQL = departments.map { " AND department IN (\(list: $0))" } ?? ""
        return try read(
            """
            \(columns) WHERE area = \(area) AND ended_at IS NULL AND statutory_at <= \(now)\(own)
            ORDER BY statutory_at, id LIMIT \(limit)
            """, tx)
    }

    static let columns: SQL = """
        SELECT id, number, item, department, stage, owner, channel, opened_at, due_at, statutory_at, ended_at, changed_at FROM case_row
        """

    static func read(_ sql: SQL, _ tx: Transaction) throws -> [CaseLine] {
        var lines: [CaseLine] = []
        try tx.forEach(sql) { row in
            lines.append(
                CaseLine(
                    id: try row.value(0), number: try row.value(1), item: try row.value(2),
                    department: try row.value(3),
                    stage: try row.value(4), owner: try row.value(5), channel: try row.value(6),
                    openedAt: try row.value(7),
                    dueAt: try row.value(8), statutoryAt: try row.value(9), endedAt: try row.value(10),
                    changedAt: try row.value(11)))
        }
        return lines
    }
}

/// Notes between officers and their marks on materials: beside the journal, so that they never raise a case's version.
package enum NotesStore {
    /// The same note twice (a double click) stands once. `urges` marks what a supervisor asks to be done.
    static func add(
        _ id: String, stream: String, author: String, slot: String, urges: Bool, area: AreaCode, at now: Moment,
        _ tx: Transaction
    ) throws {
        try tx.put(
            """
            INSERT INTO case_note (area, id, stream, author, at, slot, urges)
            VALUES (\(area), \(id), \(stream), \(author), \(now), \(slot), \(urges)) ON CONFLICT (area, id) DO NOTHING
            """)
    }

    /// A note as it is kept; its words lie in the case's vault.
    struct Note: Sendable, Hashable {
        let author: String
        let at: Moment
        let slot: String
        let urges: Bool
    }

    static func notes(of stream: String, area: AreaCode, _ tx: Transaction) throws -> [Note] {
        try tx.rows(
            "SELECT author, at, slot, urges FROM case_note WHERE area = \(area) AND stream = \(stream) ORDER BY at, id",
            as: String.self, Moment.self, String.self, Bool.self
        ).map { Note(author: $0.0, at: $0.1, slot: $0.2, urges: $0.3) }
    }

    /// Which of these cases a supervisor urged, with the last time.
    package static func urged(_ streams: [String], area: AreaCode, _ tx: Transaction) throws -> [String: Moment] {
        guard !streams.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT stream, MAX(at) FROM case_note
            WHERE area = \(area) AND stream IN (\(list: streams)) AND urges = 1 GROUP BY stream
            """, as: String.self, Moment.self)
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: max)
    }

    static func mark(
        _ material: String, good: Bool, stream: String, author: String, area: AreaCode, at now: Moment,
        _ tx: Transaction
    ) throws {
        try tx.put(
            """
            INSERT INTO material_mark (area, stream, material, good, author, at)
            VALUES (\(area), \(stream), \(material), \(good), \(author), \(now))
            ON CONFLICT (area, stream, material) DO UPDATE SET good = excluded.good, author = excluded.author, at = excluded.at
            """)
    }

    static func unmark(_ materials: [String], stream: String, area: AreaCode, _ tx: Transaction) throws {
        guard !materials.isEmpty else { return }
        try tx.put(
            "DELETE FROM material_mark WHERE area = \(area) AND stream = \(stream) AND material IN (\(list: materials))"
        )
    }

    static func marks(of stream: String, area: AreaCode, _ tx: Transaction) throws -> [String: Bool] {
        let rows = try tx.rows(
            "SELECT material, good FROM material_mark WHERE area = \(area) AND stream = \(stream)", as: String.self,
            Bool.self)
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    }
}
