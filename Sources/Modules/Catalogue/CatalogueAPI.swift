package import Kernel
package import Storage
import Synchronization
package import Web

/// An item as it can be applied for, or as a case began with it.
package struct PublishedItem: Sendable {
    package let area: AreaCode
    package let version: Int
    package let definition: ItemDefinition

    package init(area: AreaCode, version: Int, definition: ItemDefinition) {
        self.area = area
        self.version = version
        self.definition = definition
    }
}

/// Something that waits for a resident: a case to correct, a draft to finish.
package struct HomeEntry: Sendable {
    /// What it is about, in the reader's language.
    package let title: String
    /// What is to be done and until when.
    package let text: Message?
    /// A path of this site.
    package let href: String

    package init(title: String, text: Message?, href: String) {
        self.title = title
        self.text = text
        self.href = href
    }
}

/// What the catalogue's pages know only from cases: 待您处理, the items most used, cases under way. Filled by Cases; without it they are
/// left out.
package protocol HomePanel: Sendable {
    /// What waits for the resident in this area, the most urgent first; the page shows the first five.
    func waiting(for resident: ResidentViewer, area: AreaCode, in language: Language, at now: Moment) async throws
        -> [HomeEntry]
    /// Slugs of the items most often applied for, at most `limit`, the most used first. Kept in memory for some seconds by the caller.
    func mostUsed(in area: AreaCode, limit: Int) async throws -> [String]
    /// How many cases of each of these items are not ended, for administrators; items without any may be left out.
    func openCases(of items: [String], in area: AreaCode) async throws -> [String: Int]
}

extension HomePanel {
    package func mostUsed(in area: AreaCode, limit: Int) async throws -> [String] { [] }
    package func openCases(of items: [String], in area: AreaCode) async throws -> [String: Int] { [:] }
}

/// Items for every other module. Versions never change, so they stay in memory once read.
package final class CatalogueAPI: Sendable {
    private struct Key: Hashable {
        let area: AreaCode
        let slug: String
        let version: Int
    }

    let database: any Database
    let time: TimeSource
    let searches: SearchIndexes
    private let versions = Mutex<[Key: PublishedItem]>([:])
    private let indexes = Mutex<[AreaCode: (pack: AreaPack, at: Moment)]>([:])
    /// Definitions kept in memory; a province's worth would not fit.
    private let capacity = 5_000

    package init(database: any Database, time: TimeSource) {
        self.database = database
        self.time = time
        searches = SearchIndexes(database: database)
    }

    /// The version on offer. What is not in the catalogue may not be done at all: throws `notFound`.
    package func current(_ slug: String, area: AreaCode) async throws -> PublishedItem {
        let version = try await database.read { tx in try CatalogueStore.currentVersion(of: slug, area: area, tx) }
        guard let version else { throw DomainError.notFound }
        return try await item(slug, version: version, area: area)
    }

    /// A version, on offer or not.
    package func item(_ slug: String, version: Int, area: AreaCode) async throws -> PublishedItem {
        let key = Key(area: area, slug: slug, version: version)
        if let known = versions.withLock({ $0[key] }) { return known }
        let definition = try await database.read { tx in
            try CatalogueStore.definition(of: slug, version: version, area: area, tx)
        }
        guard let definition else { throw DomainError.notFound }
        let item = PublishedItem(area: area, version: version, definition: definition)
        keep(item, key)
        return item
    }

    /// A version, inside a unit of work: for what a timer does.
    package func item(_ slug: String, version: Int, area: AreaCode, _ tx: Transaction) throws -> PublishedItem {
        let key = Key(area: area, slug: slug, version: version)
        if let known = versions.withLock({ $0[key] }) { return known }
        guard let definition = try CatalogueStore.definition(of: slug, version: version, area: area, tx) else {
            throw DomainError.notFound
        }
        let item = PublishedItem(area: area, version: version, definition: definition)
        keep(item, key)
        return item
    }

    /// Bytes of the blank forms and samples of these items, by digest.
    package func papers(of items: [ItemDefinition], area: AreaCode) async throws -> [String: [UInt8]] {
        var papers: [String: [UInt8]] = [:]
        for digest in Set(items.flatMap(\.materials).flatMap { $0.papers ?? [] }.map(\.digest)) {
            papers[digest] = try await database.read { tx in try PaperStore.bytes(digest, area: area, tx) }
        }
        return papers
    }

    /// All slugs on offer in an area.
    package func slugs(of area: AreaCode) async throws -> [String] {
        try await database.read { tx in try CatalogueStore.slugs(area: area, tx) }
    }

    /// Slugs of items whose name or words fit what somebody typed, the best first, at most 50.
    package func slugs(named text: String, area: AreaCode) async throws -> [String] {
        try await SearchItems(catalogue: self).run(SearchItems.Query(text: text), area: area, limit: 50)
            .map(\.line.slug)
    }

    /// Names of items by slug, for lists.
    package func names(of slugs: Set<String>, area: AreaCode) async throws -> [String: LocalizedText] {
        let lines = try await database.read { tx in try CatalogueStore.summaries(slugs.sorted(), area: area, tx) }
        return Dictionary(lines.map { ($0.slug, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// Themes, life events and certificate types of the area, as its pack gives them.
    package func index(of area: AreaCode) async throws -> AreaPack {
        let now = time.now()
        if let known = indexes.withLock({ $0[area] }), now >= known.at, now.milliseconds - known.at.milliseconds < 2_000
        {
            return known.pack
        }
        guard let pack = try await database.read({ tx in try CatalogueStore.index(of: area, tx) }) else {
            throw DomainError.notFound
        }
        indexes.withLock { $0[area] = (pack, now) }
        return pack
    }

    /// Grows with everything that is loaded into the area's catalogue; 0 where there is none.
    func version(of area: AreaCode) async throws -> Int {
        try await database.read { tx in try CatalogueStore.indexVersion(of: area, tx) } ?? 0
    }

    /// The definitions of these lines by slug; what is not in memory is read at once.
    func definitions(of lines: [ItemSummary], area: AreaCode) async throws -> [String: ItemDefinition] {
        var found: [String: ItemDefinition] = [:]
        versions.withLock { versions in
            for line in lines {
                found[line.slug] = versions[Key(area: area, slug: line.slug, version: line.version)]?.definition
            }
        }
        let missing = lines.map(\.slug).filter { found[$0] == nil }
        guard !missing.isEmpty else { return found }
        for item in try await database.read({ tx in try CatalogueStore.definitions(of: missing, area: area, tx) }) {
            found[item.definition.slug] = item.definition
            keep(item, Key(area: area, slug: item.definition.slug, version: item.version))
        }
        return found
    }

    private func keep(_ item: PublishedItem, _ key: Key) {
        versions.withLock { versions in
            if versions.count >= capacity { versions.removeAll() }
            versions[key] = item
        }
    }
}
