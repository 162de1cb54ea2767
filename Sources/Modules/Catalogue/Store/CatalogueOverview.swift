import Kernel
import Storage
import Synchronization

/// What the home page and the ways to browse show of an area: counted once in a while, not for every visitor.
struct CatalogueOverview: Sendable {
    let pack: AreaPack
    /// `person:030`, `legal:010`, `event:open-a-shop` → how many items.
    let labels: [String: Int]
    let departments: [String: Int]
    /// The items of each life event that the area offers, in the event's order.
    let events: [String: [ItemSummary]]
    let featured: [ItemSummary]
    /// One-thing packages, by name.
    let packages: [ItemSummary]
    /// Words people use for the featured items.
    let words: [String]
}

/// Keeps overviews in memory for some seconds.
final class OverviewCache: Sendable {
    private let catalogue: CatalogueAPI
    private let home: (any HomePanel)?
    private let known = Mutex<[AreaCode: (overview: CatalogueOverview, at: Moment)]>([:])
    /// How long another server's change may go unseen, in milliseconds.
    private let patience: Int64 = 10_000
    private let featuredCount = 8

    init(catalogue: CatalogueAPI, home: (any HomePanel)?) {
        self.catalogue = catalogue
        self.home = home
    }

    func overview(of area: AreaCode) async throws -> CatalogueOverview {
        let now = catalogue.time.now()
        if let entry = known.withLock({ $0[area] }), now >= entry.at,
            now.milliseconds - entry.at.milliseconds < patience
        {
            return entry.overview
        }
        let fresh = try await read(area)
        known.withLock { $0[area] = (fresh, now) }
        return fresh
    }

    private func read(_ area: AreaCode) async throws -> CatalogueOverview {
        let pack = try await catalogue.index(of: area)
        let used = try await home?.mostUsed(in: area, limit: featuredCount) ?? []
        let wanted = Set(pack.events.flatMap(\.items) + used)
        let few = featuredCount
        let (counts, named, others, packages) = try await catalogue.database.read { tx in
            (
                try CatalogueStore.counts(area: area, tx),
                try CatalogueStore.summaries(wanted.sorted(), area: area, tx),
                try CatalogueStore.list(ItemFilter(onlineOnly: true), area: area, size: few, tx).lines,
                try CatalogueStore.packages(area: area, tx)
            )
        }
        let bySlug = Dictionary(named.map { ($0.slug, $0) }, uniquingKeysWith: { first, _ in first })
        let events = Dictionary(
            pack.events.map { ($0.id, $0.items.compactMap { bySlug[$0] }) }, uniquingKeysWith: { first, _ in first })
        let featured = Self.featured(
            used.compactMap { bySlug[$0] }, events: pack.events.compactMap { events[$0.id] }, others, few)
        let definitions = try await catalogue.definitions(of: featured, area: area)
        return CatalogueOverview(
            pack: pack, labels: counts.labels, departments: counts.departments, events: events, featured: featured,
            packages: packages,
            words: Array(featured.compactMap { definitions[$0.slug]?.aliases.first }.prefix(5)))
    }

    /// The most used first, then what most life events need, then whatever can be done online.
    private static func featured(
        _ used: [ItemSummary], events: [[ItemSummary]], _ others: [ItemSummary], _ count: Int
    ) -> [ItemSummary] {
        let needed = events.flatMap { $0 }.filter(\.online)
        var times: [String: Int] = [:]
        for item in needed { times[item.slug, default: 0] += 1 }
        let often = needed.enumerated().sorted { a, b in
            (-times[a.element.slug, default: 0], a.offset) < (-times[b.element.slug, default: 0], b.offset)
        }.map(\.element)
        var seen: Set<String> = []
        return Array((used + often + others).filter { seen.insert($0.slug).inserted }.prefix(count))
    }
}
