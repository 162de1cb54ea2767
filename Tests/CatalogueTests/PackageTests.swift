import Foundation
import Kernel
import Testing

@testable import Catalogue

@Suite("One-thing packages in packs")
struct PackageTests {
    /// Two items and a package of both; `change` edits a file before it is read.
    private func resolve(_ change: (inout [String: String]) -> Void = { _ in }) throws -> ResolvedPack {
        var files = Self.files
        change(&files)
        let library = PackLibrary(files: files.mapValues { Array($0.utf8) })
        let area = try #require(AreaCode("510106"))
        return try #require(library.resolve(area))
    }

    private func errors(_ change: (inout [String: String]) -> Void) throws -> [Finding] {
        try resolve(change).findings.filter { $0.severity == .error }
    }

    @Test("A field asked once goes to every item that needs it, and is defined once")
    func merged() throws {
        let pack = try resolve()
        #expect(pack.findings.filter { $0.severity == .error } == [])
        let package = try #require(pack.items.first { $0.definition.slug == "open-a-shop" }?.definition)
        let plan = try #require(package.plan)
        #expect(plan.steps.map(\.id) == ["licence", "sign"])
        #expect(package.field("name")?.label.zh == "店名")
        #expect(package.field("name")?.max == .count(20))
        #expect(plan.step("sign")?.fields == ["shop": "name", "size": "size"])
        #expect(plan.step("sign")?.results == ["number": "licence"])
        #expect(plan.step("sign")?.department == "planning")
        // The rule of the taken field reads the package's own question.
        #expect(package.field("size")?.show?.json == ["==": [["var": "situation.wanted_sign"], "large"]])
        #expect(package.outcome.map(\.id) == ["licence_paper", "sign_paper"])
    }

    @Test("A department gets its own questions, fields and materials, filled from what was asked once")
    func filling() throws {
        let pack = try resolve()
        let items = Dictionary(uniqueKeysWithValues: pack.items.map { ($0.definition.slug, $0.definition) })
        let plan = try #require(items["open-a-shop"]?.plan)
        let sign = try #require(plan.step("sign"))
        let item = try #require(items["sign-permit"])
        var context = RuleContext(
            situations: ["wanted_sign": "large"], form: ["name": "样例小店", "size": 3], today: try day())
        let waiting = StepFilling(sign, item, of: plan, from: context, chosen: ["licence", "sign"])
        #expect(waiting.situations.answers == ["size_kind": "large"])
        #expect(waiting.rules.visibleValues == ["shop": "样例小店", "size": 3])
        // The number comes with the licence, and so does the paper of it.
        #expect(waiting.faults(uploaded: [], language: .zh) == [])
        let open = StepFilling(
            sign, item, of: plan, from: context, chosen: ["licence", "sign"], results: ["licence": "L-1"])
        #expect(open.rules.visibleValues["number"] == "L-1")
        // Alone, both would have to be asked for.
        let alone = StepFilling(sign, item, of: plan, from: context, chosen: ["sign"])
        #expect(alone.faults(uploaded: [], language: .zh).map(\.field) == ["steps", "steps"])
        context.form["name"] = nil
        let faulty = StepFilling(sign, item, of: plan, from: context, chosen: ["licence", "sign"])
        #expect(faulty.faults(uploaded: [], language: .zh).map(\.field) == ["name"])
    }

    @Test(
        "What is wrong with a package is told with its line",
        arguments: [
            ("item: sign-permit", "item: no-such-item", "package.item"),
            ("after: [licence]", "after: [nowhere]", "package.after"),
            ("after: [licence]", "after: [sign]", "package.cycle"),
            ("results: {number: licence}", "tracked: false", "package.unmapped"),
            ("{id: name, from: licence, fills: [sign.shop]}", "{id: name, from: licence}", "package.unmapped"),
            (
                "{id: name, from: licence, fills: [sign.shop]}", "{id: name, from: licence, fills: [sign.size]}",
                "package.twice"
            ),
            ("{id: size, from: sign}", "{id: size, label: 大小, kind: text, fills: [sign]}", "package.type"),
            (
                "{id: name, from: licence, fills: [sign.shop]}", "{id: name, from: licence, fills: [seals.shop]}",
                "package.step"
            ),
            (
                "{id: name, from: licence, fills: [sign.shop]}",
                "{id: name, from: licence.nothing, fills: [sign.shop]}", "package.from"
            ),
            ("{id: size, from: sign}", "{id: size, label: x, kind: number}", "package.unused"),
            ("limits: {promised: 4wd}", "limits: {promised: 3wd}", "package.limit"),
            (
                "when: {\"!=\": [{var: situation.wanted_sign}, none]}",
                "when: {\"!=\": [{var: situation.wnted}, none]}", "package.when"
            ),
            ("from: sign.size_kind", "from: licence.size_kind", "package.from"),
        ])
    func findings(_ old: String, _ new: String, _ rule: String) throws {
        let path = "510106-jinniu/packages/open-a-shop.yaml"
        let found = try errors { files in
            let text = files[path] ?? ""
            #expect(text.contains(old), "\(old)")
            files[path] = text.replacingOccurrences(of: old, with: new)
        }
        let own = found.filter { $0.rule == rule }
        #expect(!own.isEmpty, "\(found.map(\.rule))")
        #expect(own.allSatisfy { $0.file == path && $0.line > 0 })
    }

    @Test("A lower level drops steps and shortens the limit, and what they asked goes with them")
    func inherited() throws {
        let pack = try resolve { files in
            files["510000-sichuan/pack.yaml"] = files["510106-jinniu/pack.yaml"]?
                .replacingOccurrences(of: "area: \"510106\"", with: "area: \"510000\"")
                .replacingOccurrences(of: "kind: county", with: "kind: province")
            for name in ["items/shop-licence.yaml", "items/sign-permit.yaml", "packages/open-a-shop.yaml"] {
                files["510000-sichuan/\(name)"] = files.removeValue(forKey: "510106-jinniu/\(name)")
            }
            files["510106-jinniu/pack.yaml"]? += "\ninherits: [shop-licence, sign-permit]\n"
            files["510106-jinniu/packages/open-a-shop.yaml"] = """
                inherits: open-a-shop
                limits: {promised: 2wd}
                drop:
                  steps: [sign]
                  situations: [wanted_sign]
                  form: [sign_section]
                """
        }
        #expect(pack.findings.filter { $0.severity == .error } == [])
        let package = try #require(pack.items.first { $0.definition.slug == "open-a-shop" }?.definition)
        #expect(package.plan?.steps.map(\.id) == ["licence"])
        #expect(package.limits.promised == Limit(2, .workingDays))
        #expect(package.fields.map(\.id) == ["name"])
    }

    private func day() throws -> CivilDate { try #require(CivilDate(year: 2026, month: 3, day: 12)) }

    private static func item(_ slug: String, _ department: String, _ limit: String, _ more: String) -> String {
        """
        slug: \(slug)
        name: {zh: 事项\(slug), en: \(slug)}
        aliases: [事项]
        type: public-service
        level: county
        department: \(department)
        audience: [person]
        handling: promised
        notification: true
        limits: {promised: \(limit)}
        channels: [window, web]
        visits: 0
        legal_basis:
          - {id: law, law: {zh: 样例法, en: Sample law}}
        stages:
          - {kind: accept, role: clerk, within: 1wd}
          - {kind: complete, role: clerk, within: 1wd}
        delivery: [electronic]
        \(more)
        """
    }

    private static let files: [String: String] = [
        "510106-jinniu/pack.yaml": """
        area: "510106"
        kind: county
        name: {zh: 样例区, en: Sample}
        phones: {advice: "12345", complaint: "12388"}
        remedies: {review_organ: {zh: 政府, en: Government}, court: {zh: 法院, en: Court}}
        departments:
          - {id: market, name: {zh: 市场监管局, en: Market}}
          - {id: planning, name: {zh: 规划局, en: Planning}}
        certificates:
          - {id: business-licence, name: {zh: 营业执照, en: Business licence}}
        """,
        "510106-jinniu/items/shop-licence.yaml": item(
            "shop-licence", "market", "2wd",
            """
            form:
              - id: shop
                title: {zh: 店, en: Shop}
                fields:
                  - {id: name, label: {zh: 店名, en: Name}, kind: text, max: 20}
            materials: []
            outcome:
              - {id: paper, kind: certificate, certificate: business-licence, name: {zh: 营业执照, en: Licence}, number: "L{4}"}
            """),
        "510106-jinniu/items/sign-permit.yaml": item(
            "sign-permit", "planning", "2wd",
            """
            situations:
              - id: size_kind
                ask: {zh: 多大, en: How large}
                answers:
                  - {id: none, label: {zh: 没有, en: None}}
                  - {id: large, label: {zh: 大, en: Large}}
            form:
              - id: sign
                title: {zh: 店招, en: Sign}
                fields:
                  - {id: shop, label: {zh: 店, en: Shop}, kind: text}
                  - {id: number, label: {zh: 执照号, en: Licence}, kind: text}
                  - {id: size, label: {zh: 面积, en: Size}, kind: number, show: {"==": [{var: situation.size_kind}, large]}}
            materials:
              - {id: licence, name: {zh: 营业执照, en: Licence}, form: both, certificate: business-licence}
            outcome:
              - {id: paper, kind: notice, name: {zh: 决定, en: Decision}}
            """),
        "510106-jinniu/packages/open-a-shop.yaml": """
        slug: open-a-shop
        name: {zh: 开店一件事, en: Open a shop}
        aliases: [开店]
        department: market
        audience: [person]
        limits: {promised: 4wd}
        channels: [window, web]
        visits: 0
        legal_basis:
          - {id: law, law: {zh: 样例法, en: Sample law}}
        steps:
          - {id: licence, item: shop-licence}
          - id: sign
            item: sign-permit
            after: [licence]
            results: {number: licence}
            when: {"!=": [{var: situation.wanted_sign}, none]}
        situations:
          - {id: wanted_sign, from: sign.size_kind}
        form:
          - id: shop
            title: {zh: 店, en: Shop}
            fields:
              - {id: name, from: licence, fills: [sign.shop]}
          - id: sign_section
            title: {zh: 店招, en: Sign}
            fields:
              - {id: size, from: sign}
        """,
    ]
}
