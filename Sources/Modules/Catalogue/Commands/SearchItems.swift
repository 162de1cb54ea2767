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

    func run(_ query: Query, area: AreaCode, limit: Int) async throws -> [Found] {
        let grams = Grams.queryGrams(query.text)
        guard !grams.isEmpty else { return [] }
        let lines = try await catalogue.database.read { tx in
            let matches = try CatalogueStore.matches(grams, area: area, limit: Self.candidates, tx)
            return try CatalogueStore.summaries(matches.map(\.slug), area: area, tx)
        }.filter(query.admits)
        let definitions = try await catalogue.definitions(of: lines, area: area)
        let candidates = lines.map { line in
            let definition = definitions[line.slug]
            return SearchCandidate(
                slug: line.slug, name: line.name.zh,
                aliases: (definition?.aliases ?? []) + [line.name.en, definition?.shortName?.zh].compactMap { $0 },
                code: line.code)
        }
        let bySlug = Dictionary(lines.map { ($0.slug, $0) }, uniquingKeysWith: { first, _ in first })
        return Grams.rank(query.text, candidates).prefix(limit).compactMap { hit in
            guard let line = bySlug[hit.candidate.slug] else { return nil }
            let alias = hit.alias.flatMap { $0 == line.name.en ? nil : $0 }
            return Found(line: line, alias: alias, near: hit.near)
        }
    }
}
