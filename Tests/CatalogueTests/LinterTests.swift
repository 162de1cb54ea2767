import Foundation
import Kernel
import Testing

@testable import Catalogue

/// One line of the right pack made wrong, and the finding expected at that very line.
struct Breakage: Sendable, CustomTestStringConvertible {
    let rule: String
    let old: String
    let new: String
    /// Text of the line where the finding stands; nil: the first line of `new`.
    let at: String?
    let severity: Finding.Severity

    init(_ rule: String, _ old: String, _ new: String, at: String? = nil, _ severity: Finding.Severity = .error) {
        self.rule = rule
        self.old = old
        self.new = new
        self.at = at
        self.severity = severity
    }

    var testDescription: String { "\(rule): \(new.prefix(60))" }

    func apply(to text: String) -> (text: String, line: Int) {
        let broken = text.replacingOccurrences(of: old, with: new)
        let mark = at ?? String(new.split(separator: "\n").first ?? "")
        return (broken, PackSamples.line(of: mark.trimmingCharacters(in: .whitespaces), in: broken))
    }
}

@Suite("The careful clerk")
struct LinterTests {
    static let itemBreakages: [Breakage] = [
        // Limits
        Breakage("limits.order", "promised: 8wd", "promised: 21wd"),
        Breakage("limits.order", "promised: 8wd", "promised: 1mo"),
        Breakage("limits.order", "{statutory: 20wd, promised: 8wd}", "{statutory: 20wd, promised: 8wd, province: 5wd}"),
        Breakage(
            "limits.order", "{statutory: 20wd, promised: 8wd}", "{statutory: 20wd, promised: 8wd, province: 30wd}"),
        Breakage("limits.zero", "promised: 8wd}", "promised: 0wd}"),
        Breakage("handling.instant", "handling: promised", "handling: instant"),
        Breakage(
            "stage.accept", "{kind: accept, role: clerk, within: 5wd}", "{kind: accept, role: clerk, within: 6wd}"),
        Breakage(
            "stage.sum", "{kind: review, role: reviewer, within: 5wd}", "{kind: review, role: reviewer, within: 6wd}",
            at: "stages:"),
        Breakage("procedure.time", "during: review, within: 3wd", "during: review, within: 6wd"),
        Breakage("renew.order", "renew: {from: 90d, until: 30d}", "renew: {from: 30d, until: 90d}"),
        Breakage("renew.validity", "validity: 5y", "validity: permanent"),
        // Guide
        Breakage("visits.reason", "visits: 0", "visits: 1"),
        Breakage("visits.channel", "channels: [window, web]", "channels: [window]", at: "visits: 0"),
        Breakage("visits.delivery", "delivery: [electronic, counter]", "delivery: [counter]"),
        Breakage("delivery.express", "delivery: [electronic, counter]", "delivery: [electronic, express-both]"),
        Breakage("depth.channel", "channels: [window, web]", "channels: [window, express]", at: "depth: 5"),
        Breakage("audience.themes", "audience: [person, enterprise]", "audience: [enterprise]", at: "themes:"),
        Breakage("audience.themes", "audience: [person, enterprise]", "audience: [person]", at: "themes:"),
        Breakage("theme.unknown", "person: [\"030\"]", "person: [\"031\"]"),
        Breakage("event.unknown", "events: [open-a-shop]", "events: [close-a-shop]"),
        Breakage(
            "delegation.organ", "level: county", "level: county\ndelegation: entrusted", at: "delegation: entrusted"),
        Breakage("department.unknown", "department: market-supervision", "department: police"),
        Breakage(
            "fee.basis", "fees: []", "fees:\n  - {id: f, project: {zh: 工本费}, amount: \"10.00\", payment: [window]}",
            at: "{id: f"),
        Breakage(
            "fee.payment", "fees: []", "fees:\n  - {id: f, project: {zh: 工本费}, amount: \"10.00\", basis: [law]}",
            at: "{id: f"),
        Breakage(
            "value.money", "fees: []",
            "fees:\n  - {id: f, project: {zh: 费}, amount: \"1.005\", basis: [law], payment: [window]}", at: "{id: f"),
        Breakage("basis.unknown", "text: {zh: 有经营场所}, basis: [law]", "text: {zh: 有经营场所}, basis: [other_law]"),
        Breakage("publish.reason", "visits: 0", "visits: 0\npublish: false", at: "publish: false"),
        Breakage("contacts.same", "visits: 0", "visits: 0\ncontacts: {advice: \"12388\"}", at: "contacts:"),
        Breakage("place.hall", "visits: 0", "visits: 0\nplaces: [{hall: other}]", at: "places:"),
        Breakage("place.window", "visits: 0", "visits: 0\nplaces: [{hall: main, windows: [w09]}]", at: "places:"),
        Breakage("code.base", "visits: 0", "visits: 0\nbase_code: \"123\"", at: "base_code"),
        // Logic
        Breakage(
            "logic.parse", "when: {in: [raw, {var: situation.extras}]}",
            "when: {includes: [raw, {var: situation.extras}]}"),
        Breakage(
            "logic.unknown", "when: {in: [raw, {var: situation.extras}]}", "when: {in: [raw, {var: situation.extra}]}"),
        Breakage(
            "logic.unknown", "when: {in: [raw, {var: situation.extras}]}", "when: {\"==\": [1, {var: form.area}]}"),
        Breakage("logic.unknown", "{var: form.area}]}", "{var: form.size}]}", at: "form.size"),
        Breakage(
            "logic.unknown", "show: {\"==\": [{var: situation.kind}, food]}\n    answers:",
            "show: {\"==\": [{var: situation.extras}, raw]}\n    answers:"),
        Breakage(
            "logic.answer", "when: {in: [raw, {var: situation.extras}]}", "when: {in: [rawer, {var: situation.extras}]}"
        ),
        Breakage(
            "logic.computed", "when: {in: [raw, {var: situation.extras}]}", "when: {var: {cat: [situation., extras]}}"),
        Breakage(
            "logic.cycle", "{id: note, label: {zh: 备注}, kind: text, require: false}",
            "{id: note, label: {zh: 备注}, kind: text, show: {var: form.other}}\n      - {id: other, label: {zh: 其他}, kind: text, show: {var: form.note}}"
        ),
        Breakage(
            "field.duplicate", "materials:\n",
            "  - {id: second, title: {zh: 二}, fields: [{id: area, label: {zh: 面积}, kind: text}]}\nmaterials:\n",
            at: "id: second"),
        Breakage("item.unknown", "    block: {zh: 不能卖生食}", "    redirect: no-such-item\n    reason: {zh: 办另一项}"),
        // Materials and results
        Breakage(
            "material.unreachable", "need: {\"==\": [{var: situation.kind}, food]}",
            "need: {and: [{\"==\": [{var: situation.kind}, food]}, {\"==\": [{var: situation.kind}, tools]}]}"),
        Breakage(
            "certificate.unknown", "form: both, certificate: business-licence}",
            "form: both, certificate: fishing-licence}"),
        Breakage(
            "certificate.unknown", "registered, certificate: business-licence",
            "registered, certificate: fishing-licence"),
        Breakage(
            "certificate.unknown", "kind: certificate, certificate: shop-licence",
            "kind: certificate, certificate: fishing-licence"),
        Breakage("outcome.certificate", "kind: certificate, certificate: shop-licence,", "kind: certificate,"),
        Breakage("outcome.number", "number: \"KD{8}\"", "number: \"KD{eight}\""),
        Breakage(
            "material.file", "    standard: {zh: 标出洗手池}", "    standard: {zh: 标出洗手池}\n    samples: [plan.jpg]",
            at: "samples:"),
        Breakage(
            "field.example", "kind: text, max: 10}", "kind: text, max: 10, example: {zh: 小店}}", at: "max: 10"),
        Breakage(
            "field.exampleFault", "kind: text, max: 10}", "kind: text, max: 10, example: 名字太长的样例小店铺名}",
            at: "max: 10"),
        Breakage(
            "field.exampleFault", "decimals: 1, unit: {zh: 平方米}}", "decimals: 1, unit: {zh: 平方米}, example: 900}",
            at: "decimals: 1"),
        Breakage(
            "situation.example", "    ask: {zh: 卖什么, en: What do you sell}",
            "    ask: {zh: 卖什么, en: What do you sell}\n    example: fish", at: "example: fish"),
        Breakage("material.paper", "food]}\n    form: both", "food]}\n    form: paper", at: "form: paper"),
        Breakage(
            "material.generated", "generated: true, form: electronic",
            "generated: true, form: electronic, certificate: business-licence"),
        Breakage("material.standard", "    standard: {zh: 标出洗手池}\n", "", at: "id: hygiene", .warning),
        // Process
        Breakage(
            "stage.order",
            "  - {kind: review, role: reviewer, within: 5wd}\n  - {kind: approve, role: approver, within: 2wd}\n",
            "  - {kind: approve, role: approver, within: 2wd}\n  - {kind: review, role: reviewer, within: 5wd}\n",
            at: "stages:"),
        Breakage("stage.missing", "  - {kind: complete, role: clerk, within: 1wd}\n", "", at: "stages:"),
        Breakage("stage.approve", "  - {kind: approve, role: approver, within: 2wd}\n", "", at: "stages:"),
        Breakage("notification.review", "level: county", "level: county\nnotification: true", at: "kind: review"),
        Breakage("stage.role", "{kind: approve, role: approver,", "{kind: approve, role: clerk,"),
        Breakage(
            "four_eyes.role", "{kind: review, role: reviewer, within: 5wd}\n  - {kind: approve, role: approver",
            "{kind: review, role: head, within: 5wd}\n  - {kind: approve, role: head", at: "{kind: approve"),
        Breakage("procedure.pauses", "officers: 2}", "officers: 2, pauses: true}"),
        Breakage("procedure.officers", "officers: 2}", "officers: 1}"),
        Breakage("procedure.joint", "kind: inspection,", "kind: joint-opinion,"),
        // Reading
        Breakage("id.duplicate", "{id: hot, label: {zh: 热食}}", "{id: raw, label: {zh: 热食}}"),
        Breakage(
            "gate.effect", "    block: {zh: 不能卖生食}",
            "    block: {zh: 不能卖生食}\n    redirect: shop-licence\n    reason: {zh: 原因}", at: "id: no_raw"),
        // Terms of keeping
        Breakage("retention.term", "level: county", "level: county\nretention: 15y", at: "retention: 15y", .warning),
        Breakage(
            "retention.longer", "level: county", "level: county\nretention: {archive: 10y, personal: 30y}",
            at: "retention:"),
        Breakage(
            "retention.longer", "level: county", "level: county\nretention: {archive: 30y, undecided: permanent}",
            at: "retention:"),
        Breakage(
            "value.choice", "level: county", "level: county\nretention: {archive: ten years}", at: "retention:"),
        Breakage("value.range", "level: county", "level: county\nretention: {drafts: 5d}", at: "retention:"),
        Breakage("key.unknown", "level: county", "level: county\nretention: {files: 10y}", at: "retention:"),
        Breakage("key.unknown", "kind: text, max: 10}", "kind: text, max: 10, maximum: 11}"),
        Breakage("slug.file", "slug: shop-licence\n", "slug: shop-licences\n"),
    ]

    @Test("Each broken line is found where it stands", arguments: itemBreakages)
    func item(_ breakage: Breakage) throws {
        let (text, line) = breakage.apply(to: PackSamples.item)
        #expect(text != PackSamples.item)
        let findings = try PackSamples.resolve(item: text).findings
        let found = findings.filter { $0.rule == breakage.rule && $0.severity == breakage.severity }
        #expect(
            found.contains { $0.line == line && $0.file.hasSuffix("shop-licence.yaml") },
            "line \(line); found \(findings.map { $0.line(in: .en) })")
        for finding in found {
            #expect(!finding.message.zh.isEmpty && finding.message.en?.isEmpty == false)
        }
    }

    @Test("Terms of keeping are read as written; what an item leaves out follows from its type")
    func keeping() throws {
        func item(_ retention: String, type: String? = nil) throws -> ItemDefinition {
            var text = PackSamples.item.replacingOccurrences(of: "level: county", with: "level: county\n\(retention)")
            if let type { text = text.replacing(/\ntype: [a-z-]+\n/, with: "\ntype: \(type)\n") }
            return try #require(try PackSamples.resolve(item: text).items.first).definition
        }
        let full = try item("retention: {archive: 30y, personal: 10y, undecided: 2y, drafts: 30d}")
        #expect(full.retention == .years(30) && full.personalRetention == .years(10))
        #expect(full.undecidedRetention == .years(2) && full.draftDays == 30)
        let short = try item("retention: permanent")
        #expect(short.retention == .permanent && short.personalRetention == .permanent)
        #expect(short.undecidedRetention == .years(5) && short.draftDays == 90)
        #expect(try item("", type: "licence").retention == .years(30))
        #expect(try item("", type: "benefit").retention == .years(10))
        #expect(try item("retention: 3y").undecidedRetention == .years(3), "never longer than the volume")
        let end = try #require(CivilDate("2026-03-12"))
        #expect(Retention.years(10).end(of: end.start) == CivilDate("2036-03-12")?.end)
        #expect(Retention.permanent.end(of: end.start) == nil)
        let again = try ItemDefinition(canonicalJSON: full.canonicalJSON())
        #expect(again == full)
    }

    @Test("A procedure in a stage that is not there is found")
    func procedureStage() throws {
        let text = PackSamples.item.replacingOccurrences(
            of: "  - {kind: review, role: reviewer, within: 5wd}\n", with: "")
        let findings = try PackSamples.resolve(item: text).findings
        #expect(
            findings.contains { $0.rule == "procedure.stage" && $0.line == PackSamples.line(of: "id: visit", in: text) }
        )
    }

    static let packBreakages: [Breakage] = [
        Breakage("contacts.same", "complaint: \"12388\"", "complaint: \"12345\""),
        Breakage(
            "remedies.organ", "{review_organ: {zh: 金牛区人民政府}, court: {zh: 金牛区人民法院}}", "{court: {zh: 金牛区人民法院}}",
            at: "remedies:"),
        Breakage("remedies.court", ", court: {zh: 金牛区人民法院}", "", at: "remedies:"),
        Breakage("division.code", "code: \"510106024\"", "code: \"510107024\""),
        Breakage("division.code", "code: \"510106024001\"", "code: \"51010602400\""),
        Breakage(
            "department.uscc", "{id: fire, name: {zh: 消防救援大队}}",
            "{id: fire, name: {zh: 消防救援大队}, uscc: 11430000006122244X}"),
        Breakage("role.department", "food-licensing: market-supervision", "food-licensing: food-bureau"),
        Breakage("window.department", "name: {zh: 综合窗口}", "name: {zh: 综合窗口}, departments: [police]"),
        Breakage("hall.overlap", "from: \"13:00\"", "from: \"11:00\"", at: "hours:"),
        Breakage("hall.hours", "from: \"13:00\"", "from: \"25:00\""),
        Breakage("event.item", "items: [shop-licence]", "items: [no-such-item]"),
        Breakage("area.code", "area: \"510106\"", "area: \"5101\""),
        Breakage("key.unknown", "kind: county", "kind: county\nnumber_prefixes: x", at: "number_prefixes"),
    ]

    @Test("Each broken line of pack.yaml is found where it stands", arguments: packBreakages)
    func pack(_ breakage: Breakage) throws {
        let (text, line) = breakage.apply(to: PackSamples.pack)
        #expect(text != PackSamples.pack)
        let log = FindingLog()
        var source = YamlSource(file: "pack.yaml", log: log)
        let read = source.read(text)
        let node = try #require(read)
        if let pack = PackFileReader(log: log).pack(node) {
            let item = ResolvedItem(definition: try PackSamples.shopLicence(), provenance: [:], node: node)
            let packSource = PackSource(
                folder: "x", pack: pack, node: node, items: [:], order: [], attachments: [:], list: nil)
            PackRules(source: packSource, pack: pack, items: [item], log: log).run()
        }
        #expect(
            log.findings.contains { $0.rule == breakage.rule && $0.line == line },
            "line \(line); found \(log.findings.map { $0.line(in: .en) })")
    }

    @Test("Two items under one code, or one slug, are found")
    func duplicates() throws {
        let coded = PackSamples.item.replacingOccurrences(of: "level: county", with: "code: X1\nlevel: county")
        let other = coded.replacingOccurrences(of: "slug: shop-licence", with: "slug: other")
        let findings = try PackSamples.resolve(
            item: coded, more: [PackFile(path: "510106-jinniu/items/other.yaml", text: other)]
        ).findings
        let duplicate = try #require(findings.first { $0.rule == "code.duplicate" })
        #expect(duplicate.line == PackSamples.line(of: "code: X1", in: coded))
        let twice = try PackSamples.resolve(more: [
            PackFile(path: "510106-jinniu/items/zz.yaml", text: PackSamples.item)
        ]).findings
        #expect(twice.contains { $0.rule == "slug.duplicate" && $0.file.hasSuffix("zz.yaml") && $0.line == 1 })
    }

    @Test("Missing keys are named, and a note never stops publication")
    func missing() throws {
        let text = PackSamples.item.replacingOccurrences(of: "delivery: [electronic, counter]", with: "")
        let findings = try PackSamples.resolve(item: text).findings
        #expect(findings.contains { $0.rule == "key.missing" && $0.message.zh == "缺少“delivery”" })
        let resolved = try PackSamples.resolve()
        #expect(resolved.findings.map(\.rule).contains("code.missing"))
        #expect(resolved.isPublishable)
    }
}
