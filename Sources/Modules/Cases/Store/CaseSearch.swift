package import Kernel
package import Storage

// The search, whose cost is that of a page and not that of all that fits.

extension CasesStore {
    /// Cases that fit a filter, newest first, a page at a time.
    package static func search(
        _ wanted: CaseFilter, area: AreaCode, before: (openedAt: Moment, id: String)? = nil, limit: Int,
        _ tx: Transaction
    ) throws -> [CaseLine] {
        let places = try places(wanted, area, before, tx)
        guard places.count > 1 else {
            guard let place = places.first else { return [] }
            let opened: SQL = hasKeys(wanted) ? "opened_at + 0" : "opened_at"
            return try read(
                """
                \(columns) WHERE area = \(area) AND \(place) ORDER BY \(opened) DESC, id DESC LIMIT \(limit)
                """, tx)
        }
        // The first of each are found and merged within their indexes; only then are rows read.
        let parts = try places.enumerated().map { index, place -> SQL in
            """
            SELECT * FROM (SELECT opened_at AS opening, id AS chosen FROM case_row WHERE area = \(area) AND \(place)
            ORDER BY opened_at DESC, id DESC LIMIT \(limit)) AS \(try SQL.name("part\(index)"))
            """
        }
        return try read(
            """
            SELECT id, number, item, department, stage, owner, channel, opened_at, due_at, statutory_at, ended_at, changed_at
            FROM (\(parts.joined(" UNION ALL ")) ORDER BY opening DESC, chosen DESC LIMIT \(limit)) AS merged
            CROSS JOIN case_row WHERE area = \(area) AND id = chosen ORDER BY opened_at DESC, id DESC
            """, tx)
    }

    /// How many fit, counting no further than `cap`.
    package static func count(_ wanted: CaseFilter, area: AreaCode, cap: Int, _ tx: Transaction) throws -> Int {
        // Keys are few, and an index that holds all that is asked would tempt SQLite to walk through it.
        if hasKeys(wanted) { return try search(wanted, area: area, limit: cap, tx).count }
        let parts = try places(wanted, area, nil, tx).map { place -> SQL in
            "SELECT 1 AS one FROM case_row WHERE area = \(area) AND \(place)"
        }
        guard !parts.isEmpty else { return 0 }
        return try tx.value(
            "SELECT COUNT(*) FROM (\(parts.joined(" UNION ALL ")) LIMIT \(cap)) AS found", as: Int.self) ?? 0
    }

    /// More parts of one statement than this cost more than they spare.
    private static let mostPlaces = 120

    /// Stretches of indexes in the order of time that together are what was asked for, and nothing twice: by item; by department
    /// and stage; or all by time, where most of what is read fits.
    private static func places(
        _ wanted: CaseFilter, _ area: AreaCode, _ before: (openedAt: Moment, id: String)?, _ tx: Transaction
    ) throws -> [SQL] {
        // Few keys are looked up one by one: what is asked besides is said in a way that leads SQLite to no other index.
        let keys = hasKeys(wanted)
        let opened: SQL = keys ? "opened_at + 0" : "opened_at"
        let asText: SQL = keys ? " || ''" : ""
        var rest: SQL = ""
        if let from = wanted.from { rest += " AND \(opened) >= \(from.start)" }
        if let until = wanted.until { rest += " AND \(opened) < \(until.end)" }
        if let before { rest += " AND (\(opened), id) < (\(before.openedAt), \(before.id))" }
        let departments = departments(of: wanted)
        let items = items(of: wanted)
        var others: SQL = ""
        if let departments { others += " AND department\(asText) IN (\(list: departments))" }
        if let stage = wanted.stage { others += " AND stage\(asText) = \(stage)" }
        var ofItems: SQL = ""
        if let items { ofItems += " AND item\(asText) IN (\(list: items))" }
        if keys {
            var found: SQL = "TRUE"
            if let number = wanted.number { found += " AND number = \(number)" }
            if let streams = wanted.streams { found += " AND id IN (\(list: streams))" }
            return ["\(found)\(others)\(ofItems)\(rest)"]
        }
        let all: SQL = "TRUE\(others)\(ofItems)\(rest)"
        if let items, items.count <= mostPlaces {
            return items.map { "item = \($0)\(others)\(rest)" }
        }
        guard departments != nil || wanted.stage != nil else { return [all] }
        let stages = wanted.stage.map { [$0] } ?? CaseStage.allCases
        let known = try departments ?? self.departments(area: area, tx)
        guard !known.isEmpty, known.count * stages.count <= mostPlaces else { return departments == [] ? [] : [all] }
        return known.flatMap { department in
            stages.map { stage in
                "department = \(department) AND stage = \(stage)\(ofItems)\(rest)"
            }
        }
    }

    /// What fits is named one by one.
    private static func hasKeys(_ wanted: CaseFilter) -> Bool { wanted.number != nil || wanted.streams != nil }

    /// Departments that both the caller and the filter allow, each once; nil for all.
    private static func departments(of wanted: CaseFilter) -> [String]? {
        guard let one = wanted.department else { return wanted.departments.map { Array(Set($0)).sorted() } }
        return wanted.departments.map { $0.contains(one) } ?? true ? [one] : []
    }

    private static func items(of wanted: CaseFilter) -> [String]? {
        guard let one = wanted.item else { return wanted.items.map { Array(Set($0)).sorted() } }
        return wanted.items.map { $0.contains(one) } ?? true ? [one] : []
    }

    /// The departments with cases: one look into an index for each.
    private static func departments(area: AreaCode, _ tx: Transaction) throws -> [String] {
        var found: [String] = []
        var last = ""
        while let department = try tx.value(
            "SELECT MIN(department) FROM case_row WHERE area = \(area) AND department > \(last)", as: String?.self)
            ?? nil
        {
            found.append(department)
            last = department
        }
        return found
    }
}
