import Kernel
import Storage
import Synchronization

/// An area's items in memory, as they are looked for: the same choice and order as the table of grams gives, in a fraction of the time.
final class SearchIndex: Sendable {
    private struct Posting {
        let item: Int32
        let weight: Int32
    }

    /// Of `catalogue_index`, when it was read.
    let version: Int
    /// By slug.
    let lines: [ItemSummary]
    let texts: [SearchTexts]
    private let postings: [String: [Posting]]
    /// What was found for words that were looked for before: of this version, so it is never stale.
    private let answers = Mutex<[SearchItems.Query: [SearchItems.Found]]>([:])
    /// Beyond so many different words all are forgotten.
    private static let mostAnswers = 500

    /// Reads an area at one moment.
    init(area: AreaCode, version: Int, _ tx: Transaction) throws {
        self.version = version
        lines = try CatalogueStore.allSummaries(area: area, tx)
        let words = try CatalogueStore.searchTexts(area: area, tx)
        texts = lines.map { words[$0.slug] ?? SearchTexts(name: $0.name.zh, aliases: []) }
        let places = Dictionary(
            lines.enumerated().map { ($0.element.slug, Int32($0.offset)) }, uniquingKeysWith: { first, _ in first })
        var postings: [String: [Posting]] = [:]
        try tx.forEach("SELECT gram, item, weight FROM item_gram WHERE area = \(area)") { row in
            let item: String = try row.value(1)
            guard let place = places[item] else { return }
            let weight: Int = try row.value(2)
            postings[try row.value(0), default: []].append(Posting(item: place, weight: Int32(weight)))
        }
        self.postings = postings
    }

    /// Places of the items that share most with these grams, as `CatalogueStore.matches` orders them.
    func matches(_ grams: [String], limit: Int) -> [Int] {
        var weights = [Int32](repeating: 0, count: lines.count)
        var hits = weights
        for gram in Set(grams) {
            for posting in postings[gram] ?? [] {
                weights[Int(posting.item)] += posting.weight
                hits[Int(posting.item)] += 1
            }
        }
        // The places go by slug, so they decide where all else is equal.
        let found = weights.indices.filter { weights[$0] > 0 }
        // Only the best are put in order: what is below the weight of the last of them is left out first.
        let least = SearchIndex.weight(ofBest: limit, among: found, weights)
        return Array(
            found.filter { weights[$0] >= least }
                .sorted { (weights[$1], hits[$1], $0) < (weights[$0], hits[$0], $1) }.prefix(limit))
    }

    /// What a query finds: as it was found before, or found now.
    func answer(to query: SearchItems.Query, _ find: () -> [SearchItems.Found]) -> [SearchItems.Found] {
        if let known = answers.withLock({ $0[query] }) { return known }
        let found = find()
        answers.withLock { answers in
            if answers.count >= Self.mostAnswers { answers.removeAll(keepingCapacity: true) }
            answers[query] = found
        }
        return found
    }

    /// The weight that at least `limit` of these reach.
    private static func weight(ofBest limit: Int, among found: [Int], _ weights: [Int32]) -> Int32 {
        guard found.count > limit else { return 0 }
        var counts: [Int32: Int] = [:]
        for place in found { counts[weights[place], default: 0] += 1 }
        var reached = 0
        for weight in counts.keys.sorted(by: >) {
            reached += counts[weight] ?? 0
            if reached >= limit { return weight }
        }
        return 0
    }
}

/// The indexes of the areas searched lately. An area that is not here yet is searched in the database while its index is read.
final class SearchIndexes: Sendable {
    private struct Shelf {
        var indexes: [AreaCode: (index: SearchIndex, used: Int)] = [:]
        var building: Set<AreaCode> = []
        var clock = 0
    }

    /// Items of all areas together; some 6 kB each.
    private static let capacity = 30_000
    private let database: any Database
    private let shelf = Mutex(Shelf())

    init(database: any Database) { self.database = database }

    /// The area's index, if it is here and says what the catalogue says now.
    func index(of area: AreaCode) async throws -> SearchIndex? {
        guard let version = try await database.read({ tx in try CatalogueStore.indexVersion(of: area, tx) }) else {
            return nil
        }
        let (known, mayBuild) = shelf.withLock { shelf -> (SearchIndex?, Bool) in
            shelf.clock += 1
            if let known = shelf.indexes[area]?.index, known.version == version {
                shelf.indexes[area]?.used = shelf.clock
                return (known, false)
            }
            return (nil, shelf.building.insert(area).inserted)
        }
        if mayBuild { Task.detached(priority: .utility) { await self.build(area) } }
        return known
    }

    /// Reads an area's index; where it cannot be read, the next search tries again.
    func build(_ area: AreaCode) async {
        let built = try? await database.read { tx -> SearchIndex? in
            guard let version = try CatalogueStore.indexVersion(of: area, tx) else { return nil }
            return try SearchIndex(area: area, version: version, tx)
        }
        shelf.withLock { shelf in
            shelf.building.remove(area)
            guard let built = built ?? nil else { return }
            shelf.indexes[area] = (built, shelf.clock)
            while shelf.indexes.count > 1,
                shelf.indexes.values.reduce(0, { $0 + $1.index.lines.count }) > Self.capacity,
                let oldest = shelf.indexes.filter({ $0.key != area }).min(by: { $0.value.used < $1.value.used })
            { shelf.indexes[oldest.key] = nil }
        }
    }
}
