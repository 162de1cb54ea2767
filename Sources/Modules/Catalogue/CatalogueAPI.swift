package import Kernel
package import Storage
import Synchronization

/// An item as it can be applied for, or as a case began with it.
package struct PublishedItem: Sendable {
    package let area: AreaCode
    package let version: Int
    package let definition: ItemDefinition
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
    private let versions = Mutex<[Key: PublishedItem]>([:])
    private let indexes = Mutex<[AreaCode: (pack: AreaPack, at: Moment)]>([:])
    /// Definitions kept in memory; a province's worth would not fit.
    private let capacity = 5_000

    package init(database: any Database, time: TimeSource) {
        self.database = database
        self.time = time
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

    /// Names of items by slug, for lists.
    package func names(of slugs: Set<String>, area: AreaCode) async throws -> [String: LocalizedText] {
        let lines = try await database.read { tx in try CatalogueStore.summaries(slugs.sorted(), area: area, tx) }
        return Dictionary(lines.map { ($0.slug, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// Themes, life events and certificate types of the area, as its pack gives them.
    package func index(of area: AreaCode) async throws -> AreaPack {
        let now = time.now()
        if let known = indexes.withLock({ $0[area] }), now >= known.at, now.milliseconds - known.at.milliseconds < 2_000 {
            return known.pack
        }
        guard let pack = try await database.read({ tx in try CatalogueStore.index(of: area, tx) }) else {
            throw DomainError.notFound
        }
        indexes.withLock { $0[area] = (pack, now) }
        return pack
    }

    private func keep(_ item: PublishedItem, _ key: Key) {
        versions.withLock { versions in
            if versions.count >= capacity { versions.removeAll() }
            versions[key] = item
        }
    }
}
