import Cryptography
import Foundation
package import Kernel
package import Storage

/// A line of a list of items: enough to show it without reading the definition.
package struct ItemSummary: Sendable, Hashable {
    package let slug: String
    package let version: Int
    package let code: String?
    package let name: LocalizedText
    package let type: ItemType
    package let department: String
    package let handling: Handling
    package let persons: Bool
    package let organisations: Bool
    package let online: Bool
    package let visits: Int
    package let promised: Limit
    package let statutory: Limit?
    /// The first provision it stands on, as printed in the power list.
    package let basis: String?
}

/// All SQL of the catalogue.
package enum CatalogueStore {
    /// What storing one item did.
    package enum Change: String, Sendable, Hashable {
        case added, changed, unchanged
    }

    /// Stores a definition as a new version and puts it on offer, unless it is on offer already.
    package static func publish(
        _ item: ItemDefinition, provenance: [String: String], grams: [Grams.Gram], source: String,
        area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws -> Change {
        let (version, change) = try stage(
            item, provenance: provenance, grams: grams, source: source, area: area, at: now, tx)
        if change != .unchanged { try offer(item, version: version, area: area, at: now, tx) }
        return change
    }

    /// Stores a definition as a new version, unless the newest one is the same; nothing is on offer before `offer`.
    /// Versions are never changed.
    static func stage(
        _ item: ItemDefinition, provenance: [String: String], grams: [Grams.Gram], source: String,
        area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws -> (version: Int, change: Change) {
        let text = try item.canonicalJSON()
        let fingerprint = Hex.encode(Digest.sha256(Array(text.utf8)))
        let newest = try tx.row(
            """
            SELECT version, fingerprint FROM item_version WHERE area = \(area) AND slug = \(item.slug)
            ORDER BY version DESC LIMIT 1
            """, as: Int.self, String.self)
        let current = try tx.row(
            "SELECT version, withdrawn_at FROM item WHERE area = \(area) AND slug = \(item.slug)", as: Int.self,
            Moment?.self)
        if let newest, newest.1 == fingerprint, let current, current.0 == newest.0, current.1 == nil {
            return (newest.0, .unchanged)
        }
        var version = newest?.0 ?? 0
        if newest?.1 != fingerprint {
            version += 1
            try tx.execute(
                """
                INSERT INTO item_version (area, slug, version, fingerprint, definition, provenance, source, loaded_at)
                VALUES (\(area), \(item.slug), \(version), \(fingerprint), \(text),
                        \(JSON.object(provenance.mapValues(JSON.string))), \(source), \(now))
                """)
        }
        try writeSearch(item, grams: grams, area: area, tx)
        return (version, current == nil ? .added : .changed)
    }

    /// Makes a stored version the one that can be applied for.
    ///
    /// - Parameter words: what the item is called, ready for comparing; nil: prepared here, which takes a while.
    static func offer(
        _ item: ItemDefinition, version: Int, words: SearchTexts? = nil, area: AreaCode, at now: Moment,
        _ tx: Transaction
    ) throws {
        let name = try canonicalText(item.name)
        let basis = item.printedBasis.first.map { $0.law.zh + ($0.article ?? "") }
        let words = (words ?? SearchTexts(item)).stored
        try tx.execute(
            """
            INSERT INTO item (area, slug, version, code, name, type, department, handling, persons, organisations, online, visits,
                              promised, statutory, basis, words, withdrawn_at, changed_at)
            VALUES (\(area), \(item.slug), \(version), \(item.code), \(name), \(item.type.rawValue), \(item.department),
                    \(item.handling.rawValue), \(item.servesPersons), \(item.servesOrganisations), \(item.online),
                    \(item.visits.number), \(item.limits.promised), \(item.limits.statutory), \(basis), \(words), \(Moment?.none), \(now))
            ON CONFLICT (area, slug) DO UPDATE SET version = excluded.version, code = excluded.code, name = excluded.name,
                type = excluded.type, department = excluded.department, handling = excluded.handling, persons = excluded.persons,
                organisations = excluded.organisations, online = excluded.online, visits = excluded.visits,
                promised = excluded.promised, statutory = excluded.statutory, basis = excluded.basis, words = excluded.words,
                withdrawn_at = NULL, changed_at = excluded.changed_at
            """)
    }

    private static func writeSearch(
        _ item: ItemDefinition, grams: [Grams.Gram], area: AreaCode, _ tx: Transaction
    ) throws {
        try tx.execute("DELETE FROM item_gram WHERE area = \(area) AND item = \(item.slug)")
        try tx.execute("DELETE FROM item_label WHERE area = \(area) AND item = \(item.slug)")
        for chunk in grams.chunks(of: 100) {
            let rows = chunk.map { gram -> SQL in "(\(area), \(gram.text), \(item.slug), \(gram.weight))" }
            try tx.execute("INSERT INTO item_gram (area, gram, item, weight) VALUES \(rows.joined(", "))")
        }
        let labels =
            item.themes.person.map { ("person", $0) } + item.themes.legal.map { ("legal", $0) }
            + item.events.map { ("event", $0) } + (item.plan == nil ? [] : [("package", "package")])
        let rows = labels.map { label -> SQL in "(\(area), \(label.0), \(label.1), \(item.slug))" }
        if !rows.isEmpty {
            try tx.execute(
                "INSERT INTO item_label (area, kind, label, item) VALUES \(rows.joined(", ")) ON CONFLICT DO NOTHING")
        }
    }

    /// Items that the catalogue has no more can no longer be applied for; their versions stay.
    package static func withdraw(_ slugs: [String], area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        for chunk in slugs.chunks(of: 200) {
            try tx.execute(
                "UPDATE item SET withdrawn_at = \(now) WHERE area = \(area) AND slug IN (\(list: Array(chunk))) AND withdrawn_at IS NULL"
            )
            try tx.execute("DELETE FROM item_gram WHERE area = \(area) AND item IN (\(list: Array(chunk)))")
            try tx.execute("DELETE FROM item_label WHERE area = \(area) AND item IN (\(list: Array(chunk)))")
        }
    }

    /// The slugs on offer that came from `source`.
    package static func slugs(area: AreaCode, source: String, _ tx: Transaction) throws -> [String] {
        try tx.values(
            """
            SELECT item.slug FROM item JOIN item_version
              ON item_version.area = item.area AND item_version.slug = item.slug AND item_version.version = item.version
            WHERE item.area = \(area) AND item_version.area = \(area) AND item_version.source = \(source) AND item.withdrawn_at IS NULL
            ORDER BY item.slug
            """, as: String.self)
    }

    /// Slugs of the items on offer by their code, so that a list imported again keeps them.
    static func codes(area: AreaCode, _ tx: Transaction) throws -> [String: String] {
        let rows = try tx.rows(
            "SELECT code, slug FROM item WHERE area = \(area) AND code IS NOT NULL", as: String.self, String.self)
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    }

    /// All slugs on offer.
    static func slugs(area: AreaCode, _ tx: Transaction) throws -> [String] {
        try tx.values(
            "SELECT slug FROM item WHERE area = \(area) AND withdrawn_at IS NULL ORDER BY slug", as: String.self)
    }

    /// The version on offer; nil where the item is not in the catalogue (and so may not be done at all) or was withdrawn.
    static func currentVersion(of slug: String, area: AreaCode, _ tx: Transaction) throws -> Int? {
        try tx.value(
            "SELECT version FROM item WHERE area = \(area) AND slug = \(slug) AND withdrawn_at IS NULL", as: Int.self)
    }

    static func definition(of slug: String, version: Int, area: AreaCode, _ tx: Transaction) throws -> ItemDefinition? {
        try tx.value(
            "SELECT definition FROM item_version WHERE area = \(area) AND slug = \(slug) AND version = \(version)",
            as: String.self
        ).map { try ItemDefinition(canonicalJSON: $0) }
    }

    /// Lines by slug.
    static func summaries(_ slugs: [String], area: AreaCode, _ tx: Transaction) throws -> [ItemSummary] {
        guard !slugs.isEmpty else { return [] }
        return try read("\(columns) WHERE area = \(area) AND slug IN (\(list: slugs)) AND withdrawn_at IS NULL", tx)
    }

    /// One-thing packages on offer.
    static func packages(area: AreaCode, _ tx: Transaction) throws -> [ItemSummary] {
        let slugs = try tx.values(
            """
            SELECT item FROM item_label WHERE area = \(area) AND kind = 'package' AND label = 'package' ORDER BY item
            """, as: String.self)
        return try summaries(slugs, area: area, tx).sorted { $0.slug < $1.slug }
    }

    /// How many items stand under each label, and in each department.
    static func counts(area: AreaCode, _ tx: Transaction) throws -> (labels: [String: Int], departments: [String: Int])
    {
        var labels: [String: Int] = [:]
        for (kind, label, count) in try tx.rows(
            "SELECT kind, label, COUNT(*) FROM item_label WHERE area = \(area) GROUP BY kind, label", as: String.self,
            String.self, Int.self)
        { labels["\(kind):\(label)"] = count }
        var departments: [String: Int] = [:]
        for (department, count) in try tx.rows(
            "SELECT department, COUNT(*) FROM item WHERE area = \(area) AND withdrawn_at IS NULL GROUP BY department",
            as: String.self, Int.self)
        { departments[department] = count }
        return (labels, departments)
    }

    /// Slugs with the weights of the grams they share with a query, best sums first. Materialised, because SQLite would rather go through
    /// all grams of the area in the order of the grouping.
    static func matches(_ grams: [String], area: AreaCode, limit: Int, _ tx: Transaction) throws -> [(
        slug: String, weight: Int, hits: Int
    )] {
        guard !grams.isEmpty else { return [] }
        return try tx.rows(
            """
            WITH shared AS MATERIALIZED (
                SELECT item, weight FROM item_gram WHERE area = \(area) AND gram IN (\(list: grams)))
            SELECT item, CAST(SUM(weight) AS BIGINT), COUNT(*) FROM shared GROUP BY item
            ORDER BY SUM(weight) DESC, COUNT(*) DESC, item LIMIT \(limit)
            """, as: String.self, Int.self, Int.self
        ).map { (slug: $0.0, weight: $0.1, hits: $0.2) }
    }

    static func putIndex(_ pack: AreaPack, area: AreaCode, _ tx: Transaction) throws {
        let text = try canonicalText(pack)
        try tx.execute(
            """
            INSERT INTO catalogue_index (area, version, data) VALUES (\(area), 1, \(text))
            ON CONFLICT (area) DO UPDATE SET version = catalogue_index.version + 1, data = excluded.data
            """)
    }

    static func index(of area: AreaCode, _ tx: Transaction) throws -> AreaPack? {
        try tx.value("SELECT data FROM catalogue_index WHERE area = \(area)", as: String.self)
            .map { try JSONDecoder().decode(AreaPack.self, from: Data($0.utf8)) }
    }

    /// All versions of an item, newest first.
    static func versions(of slug: String, area: AreaCode, _ tx: Transaction) throws -> [(
        version: Int, source: String, at: Moment
    )] {
        try tx.rows(
            """
            SELECT version, source, loaded_at FROM item_version WHERE area = \(area) AND slug = \(slug)
            ORDER BY version DESC
            """, as: Int.self, String.self, Moment.self
        ).map { (version: $0.0, source: $0.1, at: $0.2) }
    }

    static let columns: SQL = """
        SELECT item.slug, item.version, item.code, item.name, item.type, item.department, item.handling, item.persons,
               item.organisations, item.online, item.visits, item.promised, item.statutory, item.basis FROM item
        """

    static func read(_ sql: SQL, _ tx: Transaction) throws -> [ItemSummary] {
        let decoder = JSONDecoder()
        var lines: [ItemSummary] = []
        try tx.forEach(sql) { row in
            let name: String = try row.value(3)
            guard let type = ItemType(rawValue: try row.value(4)), let handling = Handling(rawValue: try row.value(6))
            else {
                throw StorageError.decoding("item \(name)")
            }
            lines.append(
                ItemSummary(
                    slug: try row.value(0), version: try row.value(1), code: try row.value(2),
                    name: try decoder.decode(LocalizedText.self, from: Data(name.utf8)), type: type,
                    department: try row.value(5), handling: handling, persons: try row.value(7),
                    organisations: try row.value(8),
                    online: try row.value(9), visits: try row.value(10), promised: try row.value(11),
                    statutory: try row.value(12),
                    basis: try row.value(13)))
        }
        return lines
    }

    private static func canonicalText(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension Array {
    /// Pieces of at most `size` elements.
    func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
