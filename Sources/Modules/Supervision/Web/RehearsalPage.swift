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

    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(Self.path, requires: .permission(Permission("catalogue.admin")), page)
    }

    private struct Asked {
        var edit = ItemEdit()
        var faults: [FieldFault] = []
        var size = 200

        /// What the address asks for; limits as `3wd`, empty ones stay as they are.
        init(_ exchange: Exchange, _ item: ItemDefinition) {
            size =
                exchange.query("size").flatMap { Int($0) }.flatMap { RehearsalPage.sizes.contains($0) ? $0 : nil }
                ?? 200
            func limit(_ name: String, now: Limit) -> Limit? {
                guard let text = exchange.query(name)?.trimmingCharacters(in: .whitespaces), !text.isEmpty else {
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
            edit.dropsReview = exchange.query("review") == "no" && item.stage(.review) != nil
            let known = Set(item.materials.map(\.id))
            edit.materials = Set(exchange.queryAll("drop")).intersection(known)
            if let promised = edit.promised, let law = item.limits.statutory,
                promised.comparableHours > law.comparableHours
            {
                faults.append(FieldFault("promised", Message("supervision.rehearsal.fault.law")))
            }
        }
    }

    @Sendable private func page(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let item = try await cases.catalogue.current(slug, area: area).definition
        let asked = Asked(exchange, item)
        let language = exchange.language
        var view = View([
            "item": item.name[language], "path": Self.path.url(area, slug),
            "back": "/\(area.text)/desk/admin/items/\(encodeSegment(slug))",
            "promised": exchange.query("promised") ?? "", "promisedNow": item.limits.promised.words(in: language),
            "promisedError": asked.faults.first { $0.field == "promised" }.map { exchange.text($0.message) },
            "links": item.stages.map { stage in
                let name = "within-\(stage.kind.rawValue)"
                return View([
                    "name": name, "label": exchange.text("supervision.step.\(stage.kind.rawValue)"),
                    "now": stage.within.words(in: language), "value": exchange.query(name) ?? "",
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
            "sizes": Self.sizes.map { View(["value": String($0), "selected": $0 == asked.size]) },
        ])
        if asked.faults.isEmpty, !asked.edit.isEmpty {
            view.set("result", try await result(asked, item, exchange, area))
        } else if asked.faults.isEmpty, exchange.query("size") != nil {
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
        return View([
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
