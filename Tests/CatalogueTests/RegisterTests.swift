import Foundation
import Kernel
import Testing

@testable import Catalogue

/// What an item may ask of registers, as the clerk reads it.
@Suite("Registers in packs")
struct RegisterTests {
    private static let packs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Packs").path

    private static func files() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for folder in ["national", "420607-xiangzhou"] {
            let root = URL(filePath: packs).appending(path: folder)
            let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
            for name in names {
                guard let data = FileManager.default.contents(atPath: root.appending(path: name).path),
                    !name.hasSuffix("/"), name.contains(".")
                else { continue }
                files[folder + "/" + name] = [UInt8](data)
            }
        }
        return files
    }

    private static let card = "420607-xiangzhou/items/social-security-card.yaml"
    private static let area = "420607"

    private static func findings(_ old: String, _ new: String, in file: String = card) throws -> [Finding] {
        var files = try files()
        let text = String(decoding: try #require(files[file]), as: UTF8.self)
        try #require(old.isEmpty || text.contains(old), "\(old)")
        files[file] = Array(text.replacingOccurrences(of: old, with: new).utf8)
        let library = PackLibrary(files: files)
        let area = try #require(AreaCode(Self.area))
        return try #require(library.resolve(area)).findings.filter { $0.severity == .error }
    }

    @Test("The packs' own items that ask registers are right")
    func sound() throws {
        #expect(try Self.findings("", "") == [])
    }

    @Test(
        "A wrong declaration is named at its line",
        arguments: [
            ("register.unknown", "source: insured-persons", "source: insured-people"),
            ("register.field", "fields: [active, has_card]", "fields: [active, has_card, salary]"),
            ("register.surplus", "          - {\"!\": [{var: register.insured.has_card}]}\n", "          - true\n"),
            ("register.age", "max_age: 35d", "max_age: 0d"),
            ("register.key", "key: {var: applicant.idcard}", "key: {var: form.phone}"),
            ("register.key", "key: {var: applicant.idcard}", "key: \"123\""),
            ("register.key", "key: {var: applicant.idcard}", "key: {var: applicant.uscc}"),
            ("logic.unknown", "key: {var: applicant.idcard}", "key: {var: applicant.name}"),
            ("logic.unknown", "{var: register.insured.active}", "{var: register.insured.salary}"),
            ("basis.unknown", "basis: [card_measures, data_sharing]", "basis: [some_law]"),
            ("key.missing", "    max_age: 35d\n", ""),
            ("value.choice", "unavailable: people", "unavailable: refuse"),
        ])
    func wrong(_ rule: String, _ old: String, _ new: String) throws {
        let found = try Self.findings(old, new)
        #expect(found.contains { $0.rule == rule && $0.file == Self.card }, "\(found.map(\.rule))")
    }

    @Test("A register nobody keeps here, and one without facts, are named in the pack")
    func pack() throws {
        let file = "national/pack.yaml"
        let found = try Self.findings(
            "department: social-insurance\n    key: idcard", "department: nobody\n    key: idcard", in: file)
        #expect(found.contains { $0.rule == "register.department" })
    }

    @Test("A page's rule may not read a register: only a decision without a person may")
    func onlyInstant() throws {
        let found = try Self.findings(
            "drop:", "situations:\n  - {id: photo, show: {var: register.insured.active}}\ndrop:")
        #expect(found.contains { $0.rule == "logic.unknown" }, "\(found.map(\.rule))")
    }

    @Test("A key is read of the applicant or of the form; what gives none is none")
    func keys() throws {
        func use(_ key: JSON) -> RegisterUse {
            RegisterUse(
                id: "r", source: "s", key: Rule(key), fields: [], maxAge: Limit(1, .days), absent: .people,
                unavailable: .people, basis: [])
        }
        let day = try #require(CivilDate("2026-03-12"))
        let context = RuleContext(form: ["number": "3301 06x"], today: day)
        #expect(use(["var": "applicant.idcard"]).key(in: context, idcard: "1", uscc: nil) == "1")
        #expect(use(["var": "applicant.uscc"]).key(in: context, idcard: "1", uscc: nil) == nil)
        #expect(use(["var": "form.number"]).key(in: context, idcard: nil, uscc: nil) == "330106x")
        #expect(use(["var": "form.other"]).key(in: context, idcard: nil, uscc: nil) == nil)
        #expect(use(["cat": ["x", ["var": "form.number"]]]).key(in: context, idcard: nil, uscc: nil) == "x330106x")
    }

    @Test("No register is asked where the rest of the rule has already said no")
    func inVain() throws {
        let day = try #require(CivilDate("2026-03-12"))
        let library = PackLibrary(files: try Self.files())
        let area = try #require(AreaCode(Self.area))
        let item = try #require(
            library.resolve(area)?.items.first { $0.definition.slug == "social-security-card" }?.definition)
        var context = RuleContext(
            situations: ["whose": "self", "identity": "card", "photo": "identity", "matter": "lost"], today: day)
        #expect(item.mayDecideInstantly(in: context) && !item.decidesInstantly(in: context))
        context.registers = ["insured": ["found": true, "active": true, "has_card": true]]
        #expect(item.decidesInstantly(in: context))
        context.situations["whose"] = "child"
        #expect(!item.mayDecideInstantly(in: context))
    }

    @Test("What was stored before items asked registers still reads, byte for byte")
    func stored() throws {
        let library = PackLibrary(files: try Self.files())
        let area = try #require(AreaCode(Self.area))
        let item = try #require(library.resolve(area)?.items.first?.definition)
        let text = try item.canonicalJSON()
        #expect(item.registers == nil && !text.contains("registers") && !text.contains("instantAnywhere"))
        #expect(try ItemDefinition(canonicalJSON: text) == item)
    }
}
