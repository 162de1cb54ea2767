import Cases
import Catalogue
import Directory
import Foundation
import Hummingbird
import Kernel
import Storage
import Web
import Workflow

/// 规则演练: the last decided cases of an item played through the item as somebody would edit it, before it is published.
struct RehearsalPage: Sendable {
    static let path = Path("/:area/desk/admin/items/:slug/rehearsal", AreaCode.self, String.self)
    private static let sizes = [50, 200, 500]
    /// Bytes a rule may have.
    private static let longestRule = 8_000

    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(Self.path, requires: .permission(Permission("catalogue.admin"))) { exchange, area, slug in
            try await page(exchange, area, slug, exchange.query, exchange.queryAll)
        }
        // Rules do not fit into an address; nothing is changed by it.
        routes.post(Self.path, requires: .permission(Permission("catalogue.admin"))) { exchange, area, slug in
            try await page(exchange, area, slug, { exchange.form[$0] }, exchange.form.all)
        }
    }

    private struct Asked {
        var edit = ItemEdit()
        var faults: [FieldFault] = []
        var size = 200

        /// What the form asks for; limits in working days, empty ones stay as they are, and so do empty rules.
        init(
            _ item: ItemDefinition, _ pack: AreaPack, _ language: Language, _ value: (String) -> String?,
            _ all: (String) -> [String]
        ) {
            size =
                value("size").flatMap { Int($0) }.flatMap { RehearsalPage.sizes.contains($0) ? $0 : nil }
                ?? 200
            func limit(_ name: String, now: Limit) -> Limit? {
                guard let text = value(name)?.trimmingCharacters(in: .whitespaces), !text.isEmpty else {
                    return nil
                }
                guard let days = Int(text), (0...999).contains(days) else {
                    faults.append(FieldFault(name, Message("supervision.rehearsal.fault.days")))
                    return nil
                }
                let limit = Limit(days, .workingDays)
                return limit == now ? nil : limit
            }
            edit.promised = limit("promised", now: item.limits.promised)
            for stage in item.stages {
                if let within = limit("within-\(stage.kind.rawValue)", now: stage.within) {
                    edit.links[stage.kind] = within
                }
            }
            edit.dropsReview = value("review") == "no" && item.stage(.review) != nil
            let known = Set(item.materials.map(\.id))
            edit.materials = Set(all("drop")).intersection(known)
            readRules(item, pack, language, value)
            if let promised = edit.promised, let law = item.limits.statutory,
                promised.comparableHours > law.comparableHours
            {
                faults.append(FieldFault("promised", Message("supervision.rehearsal.fault.law")))
            }
        }

        private mutating func readRules(
            _ item: ItemDefinition, _ pack: AreaPack, _ language: Language, _ value: (String) -> String?
        ) {
            for (place, _, rule) in item.rules {
                guard let text = value("rule-\(place.name)")?.trimmingCharacters(in: .whitespacesAndNewlines),
                    !text.isEmpty
                else { continue }
                guard text.utf8.count <= RehearsalPage.longestRule, let json = try? JSON(parsing: text) else {
                    faults.append(
                        FieldFault("rule-\(place.name)", Message("supervision.rehearsal.fault.json")))
                    continue
                }
                guard json != rule else { continue }
                if let fault = item.with(json, at: place).ruleFaults(in: pack).first {
                    faults.append(
                        FieldFault(
                            "rule-\(place.name)",
                            Message(
                                "supervision.rehearsal.fault.rule", ["what": fault.message[language]])))
                } else if let variable = RuleRehearsal.personal(json, instead: rule, item) {
                    faults.append(
                        FieldFault(
                            "rule-\(place.name)",
                            Message("supervision.rehearsal.fault.personal", ["variable": variable])))
                } else {
                    edit.rules[place] = json
                }
            }
        }
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ slug: String, _ value: (String) -> String?,
        _ all: (String) -> [String]
    ) async throws -> Response {
        let item = try await cases.catalogue.current(slug, area: area).definition
        let pack = try await cases.catalogue.index(of: area)
        let asked = Asked(item, pack, exchange.language, value, all)
        let language = exchange.language
        var view = View([
            "item": item.name[language], "path": Self.path.url(area, slug),
            "back": "/\(area.text)/desk/admin/items/\(encodeSegment(slug))",
            "promised": value("promised") ?? "", "promisedNow": item.limits.promised.words(in: language),
            "promisedError": asked.faults.first { $0.field == "promised" }.map { exchange.text($0.message) },
            "links": item.stages.map { stage in
                let name = "within-\(stage.kind.rawValue)"
                return View([
                    "name": name, "label": exchange.text("supervision.step.\(stage.kind.rawValue)"),
                    "now": stage.within.words(in: language), "value": value(name) ?? "",
                    "error": asked.faults.first { $0.field == name }.map { exchange.text($0.message) },
                ])
            },
            "hasReview": item.stage(.review) != nil, "dropsReview": asked.edit.dropsReview,
            "materials": item.materials.map { material in
                View([
                    "value": material.id, "label": material.name[language],
                    "checked": asked.edit.materials.contains(material.id),
                ])
            },
            "hasMaterials": !item.materials.isEmpty,
            "rules": item.rules.map { place, about, rule in
                let name = "rule-\(place.name)"
                let kind = exchange.text("supervision.rehearsal.rule.\(place.kind)")
                return View([
                    "name": name, "label": [kind, about?[language]].compactMap { $0 }.joined(separator: " · "),
                    "now": rule.canonical, "value": value(name) ?? "",
                    "error": asked.faults.first { $0.field == name }.map { exchange.text($0.message) },
                ])
            },
            "editsRules": !asked.edit.rules.isEmpty || asked.faults.contains { $0.field.hasPrefix("rule-") },
            "sizes": Self.sizes.map { View(["value": String($0), "selected": $0 == asked.size]) },
        ])
        if asked.faults.isEmpty, !asked.edit.isEmpty {
            view.set("result", try await result(asked, item, exchange, area))
        } else if asked.faults.isEmpty, value("size") != nil {
            view.set("nothing", true)
        }
        return try await exchange.page(
            "supervision.rehearsal", title: exchange.text("supervision.rehearsal.title"), view, faults: asked.faults,
            status: asked.faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func result(_ asked: Asked, _ item: ItemDefinition, _ exchange: Exchange, _ area: AreaCode) async throws
        -> View
    {
        let size = asked.size
        let slug = item.slug
        let calendar = try await cases.directory.calendar(of: area)
        let known = try await cases.database.read { tx in
            try LimitStore.ended(of: slug, limit: size, area: area, tx)
        }
        var lines: [Rehearsal.Line] = []
        for one in known {
            let journal = try await cases.database.read { tx in try JournalStore.entries(of: one.id, area: area, tx) }
            if let line = try Rehearsal.line(one.number, journal, edit: asked.edit, item: item, calendar: calendar) {
                lines.append(line)
            }
        }
        let summary = Rehearsal.Summary(lines)
        let touched = lines.filter { $0.saved > 0 || $0.endChanges || $0.wasLate != $0.wouldBeLate }
        let row = { (key: String, before: String, after: String) in
            View(["label": exchange.text("supervision.rehearsal.\(key)"), "before": before, "after": after])
        }
        let rules =
            asked.edit.rules.isEmpty
            ? nil
            : try await RuleRehearsalViews(cases: cases, exchange: exchange, area: area)
                .view(asked.edit, item, known.map(\.number))
        return View([
            "rules": rules,
            "cases": summary.cases.grouped, "hasCases": summary.cases > 0,
            "told": exchange.text(
                "supervision.rehearsal.told",
                ["cases": summary.cases.grouped, "days": summary.saved.grouped, "ends": summary.endsChanged.grouped]),
            "figures": [
                row("mean", summary.mean(summary.daysBefore), summary.mean(summary.daysAfter)),
                row("late", summary.lateBefore.grouped, summary.lateAfter.grouped),
                row("corrections", summary.correctionsSpared.grouped, "0"),
                row("ends", summary.endsChanged.grouped, "0"),
            ],
            "rows": touched.prefix(100).map { line in
                View([
                    "grouped": CaseNumber.grouped(line.number), "before": line.daysBefore.grouped,
                    "after": line.daysAfter.grouped,
                    "what": exchange.text("supervision.rehearsal.what.\(Self.what(line))"),
                ])
            },
            "hasRows": !touched.isEmpty,
        ])
    }

    /// What changes most for a case.
    private static func what(_ line: Rehearsal.Line) -> String {
        if line.endChanges { return "end" }
        if line.wouldBeLate, !line.wasLate { return "late" }
        if line.wasLate, !line.wouldBeLate { return "inTime" }
        return line.correctionsSpared > 0 ? "correction" : "faster"
    }
}
