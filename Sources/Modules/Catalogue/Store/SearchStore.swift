import Kernel
import Storage

// What search reads.
extension CatalogueStore {
    /// What items are called, ready for comparing; all of the area where no slugs are given.
    static func searchTexts(
        _ slugs: [String]? = nil, area: AreaCode, _ tx: Transaction
    ) throws -> [String: SearchTexts] {
        if let slugs, slugs.isEmpty { return [:] }
        let only: SQL = slugs.map { " AND slug IN (\(list: $0))" } ?? ""
        var found: [String: SearchTexts] = [:]
        try tx.forEach("SELECT slug, words FROM item WHERE area = \(area)\(only)") { row in
            let words: String = try row.value(1)
            found[try row.value(0)] = SearchTexts(stored: words)
        }
        return found
    }

    /// All lines on offer, by slug.
    static func allSummaries(area: AreaCode, _ tx: Transaction) throws -> [ItemSummary] {
        try read("\(columns) WHERE item.area = \(area) AND item.withdrawn_at IS NULL ORDER BY item.slug", tx)
    }

    /// Counts the loads of the area's catalogue; nil before the first.
    static func indexVersion(of area: AreaCode, _ tx: Transaction) throws -> Int? {
        try tx.value("SELECT version FROM catalogue_index WHERE area = \(area)", as: Int.self)
    }
}
