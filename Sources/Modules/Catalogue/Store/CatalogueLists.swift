import Foundation
import Kernel
import Storage

/// Which lines of the catalogue a list shows.
struct ItemFilter: Sendable, Hashable {
    var department: String?
    var type: ItemType?
    /// Only administrative powers: everything but public services.
    var powersOnly = false
    var onlineOnly = false

    /// To be put after the conditions on area and withdrawal; all columns are those of `item`.
    var sql: SQL {
        var sql: SQL = ""
        if let department { sql += " AND item.department = \(department)" }
        if let type { sql += " AND item.type = \(type.rawValue)" }
        if powersOnly { sql += " AND item.type <> \(ItemType.publicService.rawValue)" }
        if onlineOnly { sql += " AND item.online = \(true)" }
        return sql
    }
}

/// Where a page of a list begins; a line is named by its slug.
enum Turn: Sendable, Hashable {
    case start
    case after(String)
    case before(String)

    var isBackwards: Bool { if case .before = self { true } else { false } }
    var slug: String? {
        switch self {
        case .start: nil
        case .after(let slug), .before(let slug): slug
        }
    }
}

/// A page of a list, and from where the pages beside it are reached.
struct Leaf<Line: Sendable>: Sendable {
    let lines: [Line]
    let previous: String?
    let next: String?

    /// - Parameter rows: up to `size` + 1 of them in the order of the query, which is the other way round when turning back.
    init(_ rows: [Line], _ turn: Turn, size: Int, slug: (Line) -> String) {
        let more = rows.count > size
        let page = Array(rows.prefix(size))
        lines = turn.isBackwards ? page.reversed() : page
        let hasPrevious = turn.isBackwards ? more : turn != .start
        previous = hasPrevious ? lines.first.map(slug) : nil
        next = turn.isBackwards || more ? lines.last.map(slug) : nil
    }
}

// Lists of items, a page at a time.
extension CatalogueStore {
    /// Lines by department and name.
    static func list(
        _ filter: ItemFilter = ItemFilter(), area: AreaCode, _ turn: Turn = .start, size: Int, _ tx: Transaction
    ) throws -> Leaf<ItemSummary> {
        var place: SQL = ""
        if let slug = turn.slug {
            let last: SQL = """
                (SELECT last.department, last.name, last.slug FROM item AS last WHERE last.area = \(area) AND last.slug = \(slug))
                """
            place =
                turn.isBackwards
                ? " AND (item.department, item.name, item.slug) < \(last)"
                : " AND (item.department, item.name, item.slug) > \(last)"
        }
        let order: SQL =
            turn.isBackwards
            ? "item.department DESC, item.name DESC, item.slug DESC" : "item.department, item.name, item.slug"
        let rows = try read(
            """
            \(columns) WHERE item.area = \(area) AND item.withdrawn_at IS NULL\(filter.sql)\(place)
            ORDER BY \(order) LIMIT \(size + 1)
            """, tx)
        return Leaf(rows, turn, size: size, slug: \.slug)
    }

    /// How many lines a list has.
    static func count(_ filter: ItemFilter, area: AreaCode, _ tx: Transaction) throws -> Int {
        try tx.value(
            "SELECT COUNT(*) FROM item WHERE item.area = \(area) AND item.withdrawn_at IS NULL\(filter.sql)",
            as: Int.self) ?? 0
    }

    /// Lines under a theme, by slug.
    static func labelled(
        _ kind: String, _ label: String, area: AreaCode, _ turn: Turn = .start, size: Int, _ tx: Transaction
    ) throws -> Leaf<ItemSummary> {
        let place: SQL =
            switch turn {
            case .start: ""
            case .after(let slug): " AND item_label.item > \(slug)"
            case .before(let slug): " AND item_label.item < \(slug)"
            }
        let order: SQL = turn.isBackwards ? "item_label.item DESC" : "item_label.item"
        let rows = try read(
            """
            \(columns) JOIN item_label ON item_label.area = item.area AND item_label.item = item.slug
            WHERE item.area = \(area) AND item_label.area = \(area) AND item_label.kind = \(kind) AND item_label.label = \(label)
              AND item.withdrawn_at IS NULL\(place)
            ORDER BY \(order) LIMIT \(size + 1)
            """, tx)
        return Leaf(rows, turn, size: size, slug: \.slug)
    }

    /// The definitions on offer of several items, read at once.
    static func definitions(of slugs: [String], area: AreaCode, _ tx: Transaction) throws -> [PublishedItem] {
        try tx.rows(
            """
            SELECT item_version.version, item_version.definition FROM item JOIN item_version
              ON item_version.area = item.area AND item_version.slug = item.slug AND item_version.version = item.version
            WHERE item.area = \(area) AND item_version.area = \(area) AND item.slug IN (\(list: slugs))
            """, as: Int.self, String.self
        ).map { PublishedItem(area: area, version: $0.0, definition: try ItemDefinition(canonicalJSON: $0.1)) }
    }
}

/// A line of the administrator's list: withdrawn items too.
struct StoredItem: Sendable {
    let slug: String
    let version: Int
    let code: String?
    let name: LocalizedText
    let department: String
    let source: String
    let loadedAt: Moment
    let withdrawnAt: Moment?
}

/// A version as it was stored.
struct StoredVersion: Sendable {
    let version: Int
    let definition: String
    /// Key of the definition → the area whose pack it comes from.
    let provenance: [String: String]
    let source: String
    let loadedAt: Moment
}

extension CatalogueStore {
    /// All items ever stored, by slug; or those of `slugs`.
    static func stored(
        area: AreaCode, slugs: [String]? = nil, _ turn: Turn = .start, size: Int, _ tx: Transaction
    ) throws -> Leaf<StoredItem> {
        var filter: SQL = ""
        if let slugs { filter += " AND item.slug IN (\(list: slugs))" }
        switch turn {
        case .start: break
        case .after(let slug): filter += " AND item.slug > \(slug)"
        case .before(let slug): filter += " AND item.slug < \(slug)"
        }
        let order: SQL = turn.isBackwards ? "item.slug DESC" : "item.slug"
        let rows = try tx.rows(
            """
            SELECT item.slug, item.version, item.code, item.name, item.department, item_version.source, item_version.loaded_at,
                   item.withdrawn_at FROM item JOIN item_version
              ON item_version.area = item.area AND item_version.slug = item.slug AND item_version.version = item.version
            WHERE item.area = \(area) AND item_version.area = \(area)\(filter) ORDER BY \(order) LIMIT \(size + 1)
            """, as: String.self, Int.self, String?.self, String.self, String.self, String.self, Moment.self,
            Moment?.self
        ).map {
            StoredItem(
                slug: $0.0, version: $0.1, code: $0.2, name: try LocalizedText(stored: $0.3), department: $0.4,
                source: $0.5,
                loadedAt: $0.6, withdrawnAt: $0.7)
        }
        return Leaf(rows, turn, size: size, slug: \.slug)
    }

    /// Some versions of an item, with their texts.
    static func stored(_ slug: String, versions: [Int], area: AreaCode, _ tx: Transaction) throws -> [StoredVersion] {
        try tx.rows(
            """
            SELECT version, definition, provenance, source, loaded_at FROM item_version
            WHERE area = \(area) AND slug = \(slug) AND version IN (\(list: versions)) ORDER BY version
            """, as: Int.self, String.self, JSON.self, String.self, Moment.self
        ).map {
            StoredVersion(
                version: $0.0, definition: $0.1, provenance: ($0.2.members ?? [:]).compactMapValues(\.text),
                source: $0.3, loadedAt: $0.4)
        }
    }
}

extension LocalizedText {
    /// Reads what a column keeps as JSON; throws `DecodingError`.
    init(stored text: String) throws { self = try JSONDecoder().decode(LocalizedText.self, from: Data(text.utf8)) }
}
