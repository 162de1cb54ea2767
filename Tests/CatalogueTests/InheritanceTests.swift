import Foundation
import Kernel
import Testing

@testable import Catalogue

@Suite("Inheritance")
struct InheritanceTests {
    private static let city = """
        area: "510100"
        kind: city
        name: {zh: 某市}
        departments: [{id: food-licensing, name: {zh: 市局}}]
        """

    private static func cityItem() -> String {
        PackSamples.item.replacingOccurrences(of: "department: market-supervision", with: "department: food-licensing")
    }

    private func resolve(_ own: String, upper: String = cityItem()) throws -> ResolvedPack {
        try PackSamples.resolve(
            item: own,
            more: [
                PackFile(path: "510100-city/pack.yaml", text: InheritanceTests.city),
                PackFile(path: "510100-city/items/shop-licence.yaml", text: upper),
            ])
    }

    @Test("A county changes what it names and keeps the rest; the symbolic department becomes its own")
    func overrides() throws {
        let resolved = try resolve(
            """
            inherits: shop-licence
            name: {zh: 金牛区开店许可}
            limits: {promised: 6wd}
            channels: [window, web, kiosk]
            stages:
              - {kind: review, within: 3wd}
            materials:
              - {id: hygiene, need: optional}
            drop:
              conditions: [place]
              fields: [note]
              answers: [extras.hot]
            """)
        #expect(resolved.findings.filter { $0.severity == .error }.map { $0.line(in: .en) } == [])
        let item = try #require(resolved.items.first)
        let definition = item.definition
        #expect(definition.name == LocalizedText(zh: "金牛区开店许可"))
        #expect(
            definition.limits
                == LimitSet(statutory: Limit(20, .workingDays), promised: Limit(6, .workingDays), province: nil))
        #expect(definition.stage(.review)?.role == .reviewer)
        #expect(definition.stage(.review)?.within == Limit(3, .workingDays))
        #expect(definition.materials.map(\.id) == ["application", "licence", "hygiene"])
        #expect(definition.material("hygiene")?.need == .optional)
        #expect(definition.material("hygiene")?.lackingWithin == Limit(5, .workingDays))
        #expect(definition.conditions.isEmpty)
        #expect(definition.field("note") == nil)
        #expect(definition.situations.last?.answers.map(\.id) == ["raw"])
        #expect(definition.department == "market-supervision")
        #expect(item.provenance["name"] == "510106")
        #expect(item.provenance["type"] == "510100")
        #expect(item.provenance["materials.licence"] == "510100")
        #expect(item.provenance["materials.hygiene"] == "510106")
        #expect(item.provenance["materials.hygiene.standard"] == "510100")
    }

    static let additions: [(String, String, String)] = [
        ("limits: {promised: 9wd}", "inherit.time", "limits: {promised: 9wd}"),
        ("stages:\n  - {kind: review, within: 6wd}", "inherit.time", "kind: review"),
        ("procedures:\n  - {id: visit, within: 4wd}", "inherit.time", "id: visit"),
        ("channels: [window]", "inherit.channel", "channels"),
        ("visits: {number: 1, reason: {zh: 核对}}", "inherit.visits", "visits"),
        ("conditions:\n  - {id: more, text: {zh: 多一条}}", "inherit.added", "id: more"),
        ("requires:\n  - {id: more, certificate: shop-licence, message: {zh: 先办}}", "inherit.added", "id: more"),
        ("materials:\n  - {id: more, name: {zh: 租赁合同}, form: both, standard: {zh: 清楚}}", "inherit.added", "id: more"),
        ("materials:\n  - {id: hygiene, need: always}", "inherit.material", "id: hygiene"),
        (
            "materials:\n  - {id: hygiene, need: {\"==\": [{var: situation.kind}, tools]}}", "inherit.material",
            "id: hygiene"
        ),
        ("materials:\n  - {id: hygiene, lacking: {allowed: false}}", "inherit.material", "id: hygiene"),
        ("materials:\n  - {id: licence, copies: 3}", "inherit.material", "id: licence"),
        ("gates:\n  - {id: more, when: {var: situation.kind}, block: {zh: 不行}}", "inherit.added", "id: more"),
        ("form:\n  - {id: shop, fields: [{id: lease, label: {zh: 租约}, kind: text}]}", "inherit.field", "id: lease"),
        ("form:\n  - {id: shop, fields: [{id: note, require: true}]}", "inherit.field", "id: note"),
        (
            "fees:\n  - {id: f, project: {zh: 费}, amount: \"1\", basis: [law], payment: [window]}", "inherit.added",
            "id: f"
        ),
        ("type: confirmation", "inherit.changed", "type"),
        ("drop: {materials: [lease]}", "drop.unknown", "drop"),
    ]

    @Test("A lower level never adds conditions, materials or time", arguments: additions)
    func forbidden(own: String, rule: String, at: String) throws {
        let text = "inherits: shop-licence\n" + own
        let findings = try resolve(text).findings
        let line = PackSamples.line(of: at, in: text)
        #expect(
            findings.contains {
                $0.rule == rule && $0.line == line && $0.file.hasPrefix("510106-jinniu/") && $0.severity == .error
            },
            "line \(line); found \(findings.filter { $0.severity == .error }.map { $0.line(in: .en) })")
    }

    @Test("A narrower condition for a material is allowed")
    func narrower() throws {
        let resolved = try resolve(
            """
            inherits: shop-licence
            materials:
              - {id: licence, need: {"==": [{var: situation.kind}, food]}}
              - {id: hygiene, need: {and: [{"==": [{var: situation.kind}, food]}, {in: [hot, {var: situation.extras}]}]}}
            """)
        #expect(resolved.findings.filter { $0.severity == .error }.map { $0.line(in: .en) } == [])
    }

    @Test("Items can be taken over as they are: all, or by name; what is not there is found")
    func taken() throws {
        func resolve(_ inherits: String) throws -> ResolvedPack {
            let pack = PackSamples.pack + "\n" + inherits
            let library = PackLibrary(files: [
                PackFile(path: "510106-jinniu/pack.yaml", text: pack),
                PackFile(path: "510100-city/pack.yaml", text: InheritanceTests.city),
                PackFile(path: "510100-city/items/shop-licence.yaml", text: InheritanceTests.cityItem()),
            ])
            return try #require(library.resolve(try PackSamples.area("510106")))
        }
        #expect(try resolve("inherits: all").items.map(\.definition.slug) == ["shop-licence"])
        let named = try resolve("inherits: [shop-licence, nothing]")
        #expect(named.items.map(\.definition.department) == ["market-supervision"])
        #expect(named.findings.contains { $0.rule == "inherits.unknown" && $0.message.zh.contains("nothing") })
    }

    @Test("The line of an area is city, province, nation")
    func line() throws {
        let pack = try PackSamples.resolve().pack
        #expect(pack.line.map(\.text) == ["510100", "510000", "000000"])
    }

    @Test("Inheriting what nobody above has is found at its line")
    func orphan() throws {
        let findings = try PackSamples.resolve(item: PackSamples.item + "\ninherits: shop-licence").findings
        let line = PackSamples.line(of: "inherits: shop-licence", in: PackSamples.item + "\ninherits: shop-licence")
        #expect(findings.contains { $0.rule == "inherits.unknown" && $0.line == line })
    }
}
