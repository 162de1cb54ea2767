import Foundation
import Kernel
import Storage
import TestKit
import Testing

@testable import Catalogue

@Suite("Search")
struct SearchTests {
    private struct Entry: Sendable {
        let candidate: SearchCandidate
        let grams: [String: Int]

        init(_ item: ItemDefinition) {
            candidate = SearchCandidate(slug: item.slug, name: item.name.zh, aliases: item.aliases, code: item.code)
            grams = Dictionary(
                Grams.grams(for: item).map { ($0.text, $0.weight) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// The real list, indexed once.
    private static let real = Result {
        let list = ListImport(file: "items.csv")
        return list.read(try RealList.data()).entries.map { Entry(list.item($0)) }
    }

    /// What the store does: sum the weights of matching tokens, take the best, rank them.
    private func search(_ query: String, in entries: [Entry]) -> [SearchHit] {
        let wanted = Grams.queryGrams(query)
        let scored = entries.map { entry in (entry, wanted.reduce(0) { $0 + (entry.grams[$1] ?? 0) }) }.filter {
            $0.1 > 0
        }
        let best = scored.sorted { ($1.1, $0.0.candidate.slug) < ($0.1, $1.0.candidate.slug) }.prefix(200).map(\.0)
        return Grams.rank(query, best.map(\.candidate))
    }

    @Test(
        "开饭店 finds the food business licence among 1,135 others, as the first",
        .enabled(if: RealList.isExpected, RealList.absence),
        arguments: ["开饭店", "我想开饭店怎么办", "kfd", "kaifandian", "食品经营许可", "食品许可", "spjyxk", "开飯店", "开钣店"])
    func restaurant(query: String) throws {
        var shop = try PackSamples.shopLicence()
        shop.slug = "food"
        shop.name = LocalizedText(zh: "食品经营许可（新办）")
        shop.aliases = ["开饭店", "开餐馆", "食品经营许可证"]
        let hits = search(query, in: try SearchTests.real.get() + [Entry(shop)])
        #expect(hits.first?.candidate.slug == "food", "\(hits.prefix(3).map(\.candidate.name))")
    }

    @Test(
        "cjrz brings 残疾人证 among the first three", .enabled(if: RealList.isExpected, RealList.absence),
        arguments: ["cjrz", "CJRZ", "残疾人证", "canjirenzheng", "can ji ren zheng"])
    func initials(query: String) throws {
        let hits = search(query, in: try SearchTests.real.get())
        #expect(
            hits.prefix(3).contains { $0.candidate.name.hasPrefix("残疾人证") }, "\(hits.prefix(5).map(\.candidate.name))")
    }

    @Test(
        "A slip of the finger still finds, marked as near", .enabled(if: RealList.isExpected, RealList.absence),
        arguments: ["残疾人政", "餐疾人证"])
    func slips(query: String) throws {
        let hits = search(query, in: try SearchTests.real.get())
        let hit = try #require(hits.prefix(3).first { $0.candidate.name.hasPrefix("残疾人证") })
        #expect(hit.near)
    }

    @Test("An alias that matches is named; the exact word stands before longer ones")
    func alias() {
        let hits = Grams.rank(
            "开店",
            [
                SearchCandidate(slug: "a", name: "开店许可变更", aliases: []),
                SearchCandidate(slug: "b", name: "经营许可", aliases: ["开店"]),
                SearchCandidate(slug: "c", name: "无关事项", aliases: []),
            ])
        #expect(hits.map(\.candidate.slug) == ["b", "a"])
        #expect(hits.first?.alias == "开店")
        #expect(hits.last?.alias == nil)
    }

    @Test("A code finds its item, whole or from its beginning", .enabled(if: RealList.isExpected, RealList.absence))
    func codes() throws {
        let real = try SearchTests.real.get()
        let full = try #require(real.first { $0.candidate.name == "残疾人证新办" }?.candidate.code)
        #expect(search(full, in: real).first?.candidate.code == full)
        #expect(search("511F82001002", in: real).map(\.candidate.code) == [full])
    }

    @Test("Nothing typed finds nothing")
    func nothing() {
        #expect(Grams.queryGrams("  ，。 ").isEmpty)
        #expect(Grams.rank(" ", []).isEmpty)
    }

    @Test("Readings of the office's words are right")
    func pinyin() {
        #expect(Pinyin.syllables(of: "长期护理保险").joined(separator: " ") == "chang qi hu li bao xian")
        #expect(Pinyin.initials(of: Pinyin.syllables(of: "银行开户WiFi2")) == "yhkhw")
        #expect(Pinyin.syllables(of: "绿色（女）") == ["lu", "se", "nu"])
    }

    @Test("What an item is called comes back from the database as it was prepared")
    func stored() throws {
        var item = try PackSamples.shopLicence()
        item.aliases = ["开店", "摆摊\t办证\n(WiFi)", "Kai Dian", "绿色"]
        let texts = SearchTexts(item)
        let back = try #require(SearchTexts(stored: texts.stored))
        #expect(back.name == texts.name)
        #expect(back.aliases.map(\.pinyin) == texts.aliases.map(\.pinyin))
        #expect(back.aliases.map(\.text) == ["开店", "摆摊 办证 (WiFi)", "Kai Dian", "绿色", "Shop licence"])
        #expect(back.stored == texts.stored)
        #expect(SearchTexts(stored: "something else") == nil)
    }

    @Test("The index in memory chooses the same items in the same order as the database", arguments: Backend.all)
    func index(_ backend: Backend) async throws {
        let area = try PackSamples.area("510106")
        let words = ["残疾人", "食品经营", "补贴", "登记", "许可", "变更", "新办", "证明"]
        var items: [ItemDefinition] = []
        for number in 0..<120 {
            var item = try PackSamples.shopLicence()
            item.slug = "item-\(number)"
            item.name = LocalizedText(zh: (0..<3).map { words[(number / (1 << $0) + $0 * 3) % words.count] }.joined())
            item.aliases = number % 7 == 0 ? ["开饭店"] : []
            items.append(item)
        }
        let stored = items
        try await withDatabase(backend, migrations: [M001.migration]) { database in
            try await database.write { tx in
                for item in stored {
                    _ = try CatalogueStore.publish(
                        item, provenance: [:], grams: Grams.grams(for: item), source: "pack", area: area,
                        at: FixedTime.start, tx)
                }
                try CatalogueStore.withdraw(["item-3"], area: area, at: FixedTime.start, tx)
            }
            let index = try await database.read { tx in try SearchIndex(area: area, version: 1, tx) }
            #expect(index.lines.count == 119)
            for query in ["残疾人补贴", "cjrbt", "开饭店", "许可", "shipin", "残疾人政", "没有这个"] {
                let grams = Grams.queryGrams(query)
                let wanted = try await database.read { tx in
                    try CatalogueStore.matches(grams, area: area, limit: 20, tx).map(\.slug)
                }
                #expect(index.matches(grams, limit: 20).map { index.lines[$0].slug } == wanted, "\(query)")
            }
        }
    }

    @Test("Ranking 200 candidates takes a few milliseconds")
    func speed() {
        let words = ["残疾人", "补贴", "申领", "登记", "许可", "变更", "新办", "证明"]
        let candidates = (0..<200).map { number in
            let name = (0..<4).map { words[(number / (1 << $0) + $0) % words.count] }.joined()
            return SearchCandidate(slug: "item-\(number)", name: name, aliases: [])
        }
        let clock = ContinuousClock()
        let time = clock.measure { _ = Grams.rank("残疾人补贴", candidates) }
        #expect(time < .milliseconds(500))
    }
}
