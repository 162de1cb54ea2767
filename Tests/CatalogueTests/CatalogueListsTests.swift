import Kernel
import Storage
import TestKit
import Testing

@testable import Catalogue

@Suite("The lists of the catalogue")
struct CatalogueListsTests {
    private static let area = AreaCode("510106")
    private static let time = FixedTime()

    private func item(
        _ slug: String, _ name: String, aliases: [String] = [], change: (inout ItemDefinition) -> Void = { _ in }
    ) throws
        -> ItemDefinition
    {
        var item = try PackSamples.shopLicence()
        item.slug = slug
        item.name = LocalizedText(zh: name)
        item.aliases = aliases
        change(&item)
        return item
    }

    /// A database with these items on offer.
    private func withItems(
        _ backend: Backend, _ items: [ItemDefinition], _ body: (any Database, AreaCode) async throws -> Void
    ) async throws {
        let area = try #require(Self.area)
        try await withDatabase(backend, migrations: [M001.migration]) { database in
            try await database.write { tx in
                for item in items {
                    _ = try CatalogueStore.publish(
                        item, provenance: ["name": "510106"], grams: Grams.grams(for: item), source: "pack", area: area,
                        at: FixedTime.start, tx)
                }
            }
            try await body(database, area)
        }
    }

    @Test("Leafing forward and back shows every item once, in the same order", arguments: Backend.all)
    func leafing(_ backend: Backend) async throws {
        let items = try (1...7).map {
            try item("item-\($0)", "事项\($0 % 3)") { $0.department = $0.slug < "item-4" ? "fire" : "market-supervision" }
        }
        try await withItems(backend, items) { database, area in
            let all = try await database.read { tx in
                try CatalogueStore.list(area: area, size: 50, tx).lines.map(\.slug)
            }
            #expect(Set(all).count == 7)
            var forward: [String] = []
            var backward: [String] = []
            var turn = Turn.start
            var last: Leaf<ItemSummary>?
            for _ in 0..<10 {
                let now = turn
                let leaf = try await database.read { tx in try CatalogueStore.list(area: area, now, size: 3, tx) }
                forward += leaf.lines.map(\.slug)
                last = leaf
                guard let next = leaf.next else { break }
                turn = .after(next)
            }
            #expect(forward == all)
            #expect(last?.lines.count == 1)
            backward = last?.lines.map(\.slug) ?? []
            while let previous = last?.previous {
                let leaf = try await database.read { tx in
                    try CatalogueStore.list(area: area, .before(previous), size: 3, tx)
                }
                backward = leaf.lines.map(\.slug) + backward
                last = leaf
            }
            #expect(backward == all)
        }
    }

    @Test("Items under a theme are leafed through as well", arguments: Backend.all)
    func labels(_ backend: Backend) async throws {
        let items = try (1...5).map { try item("item-\($0)", "事项\($0)") }
        try await withItems(backend, items) { database, area in
            let first = try await database.read { tx in
                try CatalogueStore.labelled("legal", "010", area: area, size: 2, tx)
            }
            #expect(first.lines.map(\.slug) == ["item-1", "item-2"])
            #expect(first.previous == nil)
            let back = try await database.read { tx in
                try CatalogueStore.labelled("legal", "010", area: area, .before("item-4"), size: 2, tx)
            }
            #expect(back.lines.map(\.slug) == ["item-2", "item-3"])
            #expect(back.previous == "item-2")
            #expect(back.next == "item-3")
        }
    }

    @Test("A filter leaves out public services, other departments and other types", arguments: Backend.all)
    func filters(_ backend: Backend) async throws {
        let items = try [
            item("power", "许可"), item("service", "服务") { $0.type = .publicService },
            item("fire", "检查") { $0.department = "fire" },
            item("paper", "窗口办") { $0.channels = [.window] },
        ]
        try await withItems(backend, items) { database, area in
            func slugs(_ filter: ItemFilter) async throws -> Set<String> {
                let (lines, count) = try await database.read { tx in
                    (
                        try CatalogueStore.list(filter, area: area, size: 50, tx).lines,
                        try CatalogueStore.count(filter, area: area, tx)
                    )
                }
                #expect(lines.count == count)
                return Set(lines.map(\.slug))
            }
            let powers = try await slugs(ItemFilter(powersOnly: true))
            #expect(powers == ["power", "fire", "paper"])
            let fires = try await slugs(ItemFilter(department: "fire"))
            #expect(fires == ["fire"])
            let services = try await slugs(ItemFilter(type: .publicService))
            #expect(services == ["service"])
            let online = try await slugs(ItemFilter(onlineOnly: true))
            #expect(online == ["power", "service", "fire"])
        }
    }

    @Test("What is withdrawn is neither listed nor found, but its versions stay", arguments: Backend.all)
    func withdrawn(_ backend: Backend) async throws {
        try await withItems(backend, [try item("gone", "开店许可", aliases: ["开饭店"])]) { database, area in
            let catalogue = CatalogueAPI(database: database, time: Self.time.source)
            let search = SearchItems(catalogue: catalogue)
            #expect(try await search.run(.init(text: "开饭店"), area: area, limit: 8).map(\.line.slug) == ["gone"])
            try await database.write { tx in try CatalogueStore.withdraw(["gone"], area: area, at: FixedTime.start, tx)
            }
            #expect(try await search.run(.init(text: "开饭店"), area: area, limit: 8).isEmpty)
            let (lines, stored) = try await database.read { tx in
                (
                    try CatalogueStore.list(area: area, size: 9, tx).lines,
                    try CatalogueStore.stored(area: area, size: 9, tx).lines
                )
            }
            #expect(lines.isEmpty)
            #expect(stored.map(\.withdrawnAt) == [FixedTime.start])
            #expect(try await catalogue.item("gone", version: 1, area: area).definition.name.zh == "开店许可")
        }
    }

    @Test("Everyday words, initials and any order of words find the item first", arguments: Backend.all)
    func search(_ backend: Backend) async throws {
        let items = try [
            item("food", "食品经营许可（新办）", aliases: ["开饭店", "开餐馆"]), item("disability", "残疾人证新办", aliases: ["残疾人证"]),
            item("labour", "劳务派遣经营许可（新办）"), item("hygiene", "公共场所卫生许可（新办）") { $0.audience = [.person] },
        ]
        try await withItems(backend, items) { database, area in
            let search = SearchItems(catalogue: CatalogueAPI(database: database, time: Self.time.source))
            func first(_ text: String) async throws -> String? {
                try await search.run(.init(text: text), area: area, limit: 8).first?.line.slug
            }
            #expect(try await first("开饭店") == "food")
            #expect(try await first("我想开饭店怎么办") == "food")
            #expect(try await first("cjrz") == "disability")
            #expect(try await first("许可 食品经营") == "food")
            #expect(try await first("残疾人政") == "disability")
            #expect(try await first("") == nil)
            #expect(try await first("火星移民") == nil)
            let legal = try await search.run(.init(text: "许可", audience: .legal), area: area, limit: 8).map(\.line.slug)
            #expect(legal.contains("food") && !legal.contains("hygiene"))
        }
    }
}
