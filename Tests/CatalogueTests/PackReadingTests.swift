import Foundation
import Kernel
import Testing

@testable import Catalogue

@Suite("Reading packs")
struct PackReadingTests {
    @Test("The sample pack has no errors and no warnings")
    func sample() throws {
        let resolved = try PackSamples.resolve()
        #expect(resolved.findings.filter { $0.severity > .note }.map { $0.line(in: .en) } == [])
        #expect(resolved.isPublishable)
        let item = try #require(resolved.items.first).definition
        #expect(item.limits.promised == Limit(8, .workingDays))
        #expect(item.fourEyes)
        #expect(item.material("hygiene")?.lackingWithin == Limit(5, .workingDays))
        #expect(item.material("application")?.copies == 0)
        #expect(item.requires.first?.need == .certificate("business-licence"))
    }

    @Test("The food business licence reads completely")
    func foodLicence() throws {
        let item = try PackSamples.projectItem("food-business-licence", of: "510106")
        #expect(
            item.limits == LimitSet(statutory: Limit(10, .workingDays), promised: Limit(8, .workingDays), province: nil)
        )
        #expect(item.department == "market-supervision")
        #expect(item.situations.count == 7)
        #expect(item.form.map(\.id) == ["operator", "premises", "operation"])
        #expect(item.outcome.first?.validity == .period(Limit(5, .years)))
        #expect(
            item.gates.contains {
                $0.effect
                    == .redirect(
                        slug: "prepackaged-food-filing",
                        reason: LocalizedText(
                            zh: "只销售预包装食品的不用办许可，办备案就可以。",
                            en: "Selling prepackaged food only needs no licence, a notification is enough."))
            })
    }

    @Test("A resolved version comes back from its canonical JSON unchanged, byte for byte")
    func canonical() throws {
        let item = try PackSamples.shopLicence()
        let json = try item.canonicalJSON()
        let back = try ItemDefinition(canonicalJSON: json)
        #expect(back == item)
        #expect(try back.canonicalJSON() == json)
        #expect(json.hasPrefix("{\"after\":["))
    }

    @Test("Everything wrong is reported at once, each at its line")
    func allAtOnce() throws {
        let item = PackSamples.item
            .replacingOccurrences(of: "type: licence", with: "type: permit")
            .replacingOccurrences(of: "promised: 8wd", with: "promised: 8 days")
            .replacingOccurrences(of: "handling: promised", with: "handeling: promised")
            .replacingOccurrences(of: "kind: text, max: 10", with: "kind: text, max: ten")
        let findings = try PackSamples.resolve(item: item).findings.filter { $0.severity == .error }
        func lines(_ rule: String) -> [Int] { findings.filter { $0.rule == rule }.map(\.line) }
        #expect(lines("value.choice") == [PackSamples.line(of: "type: permit", in: item)])
        #expect(lines("value.limit") == [PackSamples.line(of: "8 days", in: item)])
        #expect(lines("key.unknown") == [PackSamples.line(of: "handeling", in: item)])
        #expect(lines("field.bound") == [PackSamples.line(of: "max: ten", in: item)])
        #expect(lines("key.missing") == [1])
        #expect(findings.allSatisfy { $0.file == "510106-jinniu/items/shop-licence.yaml" })
        #expect(findings.first { $0.rule == "key.unknown" }?.advice?.zh == "是不是“handling”")
    }

    @Test(
        "A syntax error, an empty file and a repeated key are findings, not crashes",
        arguments: [
            ("slug: [a", "yaml.syntax", 2), ("", "yaml.empty", 1), ("slug: a\nslug: b\n", "yaml.syntax", 1),
            ("- a\n", "yaml.mapping", 1),
        ])
    func broken(text: String, rule: String, line: Int) throws {
        let log = FindingLog()
        var source = YamlSource(file: "x.yaml", log: log)
        let node = source.read(text)
        #expect(node?.json == nil)
        let finding = try #require(log.findings.first)
        #expect(finding.rule == rule)
        #expect(abs(finding.line - line) <= 1)
    }

    @Test("Aliases cannot blow a file up")
    func aliasBomb() {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (previous, next) in zip("abcdefg", "bcdefgh") {
            text += "\(next): &\(next) [" + Array(repeating: "*\(previous)", count: 10).joined(separator: ", ") + "]\n"
        }
        let log = FindingLog()
        var source = YamlSource(file: "bomb.yaml", log: log)
        let node = source.read(text)
        #expect(node?.json == nil)
        #expect(log.findings.map(\.rule) == ["yaml.size"])
    }

    @Test("Plain yes is a word, true is a truth")
    func words() {
        let log = FindingLog()
        var source = YamlSource(file: "x.yaml", log: log)
        let node = source.read("a: yes\nb: true\nc: \"12\"\nd: 12\ne: 1.5\nf: ~\n")
        #expect(node?.json == ["a": "yes", "b": true, "c": "12", "d": 12, "e": 1.5, "f": .null])
    }
}
