import Kernel
import Storage

/// Finds items by what people type: the database narrows by shared grams, `Grams.rank` puts them in order.
struct SearchItems: Sendable {
    /// What somebody looks for.
    struct Query: Sendable, Hashable {
        enum Audience: String, Sendable, Hashable {
            case person, legal
        }

        var text: String
        var audience: Audience?
        var department: String?
        var onlineOnly = false

        func admits(_ line: ItemSummary) -> Bool {
            switch audience {
            case .person where !line.persons: false
            case .legal where !line.organisations: false
            default: (department == nil || department == line.department) && (!onlineOnly || line.online)
            }
        }
    }

    /// An item in its place.
    struct Found: Sendable {
        let line: ItemSummary
        /// The alias by which it was found.
        let alias: String?
        /// Only similar: 是不是找….
        let near: Bool
    }

    /// How many items that share grams are looked at closely.
    private static let candidates = 80

    let catalogue: CatalogueAPI

    /// The best `limit` of what fits.
    func run(_ query: Query, area: AreaCode, limit: Int) async throws -> [Found] {
        let grams = Grams.queryGrams(query.text)
        guard !grams.isEmpty else { return [] }
        // From memory, or from the database while the area's index is read.
        if let index = try await catalogue.searches.index(of: area) {
            let found = index.answer(to: query) {
                Self.rank(
                    query,
                    index.matches(grams, limit: Self.candidates).map { (index.lines[$0], index.texts[$0]) })
            }
            return Array(found.prefix(limit))
        }
        let (lines, texts) = try await catalogue.database.read { tx in
            let slugs = try CatalogueStore.matches(grams, area: area, limit: Self.candidates, tx).map(\.slug)
            return (
                try CatalogueStore.summaries(slugs, area: area, tx),
                try CatalogueStore.searchTexts(slugs, area: area, tx)
            )
        }
        return Array(Self.rank(query, lines.compactMap { line in texts[line.slug].map { (line, $0) } }).prefix(limit))
    }

    private static func rank(_ query: Query, _ all: [(line: ItemSummary, texts: SearchTexts)]) -> [Found] {
        let candidates = all.filter { query.admits($0.line) }
        let bySlug = Dictionary(
            candidates.map { ($0.line.slug, $0.line) }, uniquingKeysWith: { first, _ in first })
        let texts = candidates.map { SearchCandidate(slug: $0.line.slug, texts: $0.texts, code: $0.line.code) }
        return Grams.rank(query.text, texts).compactMap { hit in
            guard let line = bySlug[hit.candidate.slug] else { return nil }
            let alias = hit.alias.flatMap { $0 == line.name.en ? nil : $0 }
            return Found(line: line, alias: alias, near: hit.near)
        }
    }
}
