import Cases
import Catalogue
import Directory
import Foundation
import Hummingbird
import Identity
import Kernel
import Storage
import Web

/// 体外循环 signs: each finding with what the journal says, the case one click away, settled with a reason; and the rules.
struct DetectorPage: Sendable {
    static let list = Path("/:area/desk/detector", AreaCode.self)
    static let settle = Path("/:area/desk/detector/settle", AreaCode.self)
    static let rules = Path("/:area/desk/detector/rules", AreaCode.self)
    private static let pageSize = 50

    let cases: CasesAPI
    let all: [DetectorRule]

    func add(to routes: Routes) {
        routes.get(Self.list, requires: .permission(SupervisionPermissions.board), page)
        routes.post(Self.settle, requires: .permission(SupervisionPermissions.urge), settle)
        routes.post(Self.rules, requires: .permission(SupervisionPermissions.urge), change)
    }

    /// What was typed into a form that was not taken.
    private struct Typed {
        var id: String?
        var verdict: Finding.Verdict?
        var reason = ""
        var faults: [FieldFault] = []
    }

    @Sendable private func page(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await render(exchange, area, Typed(id: exchange.query("finding")))
    }

    private func render(_ exchange: Exchange, _ area: AreaCode, _ typed: Typed) async throws -> Response {
        let viewer = try exchange.staff()
        let seen = cases.supervisedDepartments(of: viewer)
        let settled = exchange.query("settled") == "1"
        let rule = exchange.query("rule").flatMap { wanted in all.contains { $0.id == wanted } ? wanted : nil }
        let place = BoardRows.place(exchange.query("after")).map { (at: $0.dueAt, id: $0.id) }
        var (found, thresholds) = try await cases.database.read { tx in
            (
                try FindingStore.list(
                    settled: settled, departments: seen, rule: rule, after: place, limit: Self.pageSize + 1, area: area,
                    tx), try FindingStore.thresholds(area: area, tx)
            )
        }
        let more = found.count > Self.pageSize
        if more { found.removeLast() }
        let profile = try await cases.directory.profile(of: area)
        let names = try await cases.catalogue.names(of: Set(found.map(\.item)), area: area)
        let people = try await cases.identity.staffNames(area, Array(Set(found.compactMap(\.settledBy))))
        let mayAct = viewer.permissions.contains(SupervisionPermissions.urge)
        let base = Self.list.url(area)
        func query(_ more: [String]) -> String {
            let parts = (settled ? ["settled=1"] : []) + (rule.map { ["rule=\($0)"] } ?? []) + more
            return parts.isEmpty ? base : base + "?" + parts.joined(separator: "&")
        }
        let chosen = found.first { $0.id == typed.id && $0.settledAt == nil }
        let view = View([
            "path": base, "board": SupervisionRoutes.board.url(area), "settled": settled, "mayAct": mayAct,
            "tabs": [false, true].map { other in
                View([
                    "text": exchange.text(other ? "supervision.detector.settledTab" : "supervision.detector.openTab"),
                    "href": other ? base + "?settled=1" : base, "current": other == settled,
                ])
            },
            "hasRows": !found.isEmpty,
            "rows": found.map { finding in
                let last = finding.settledAt ?? finding.at
                return View([
                    "rule": exchange.text("supervision.detector.rule.\(finding.rule)"),
                    "text": explain(finding, exchange), "grouped": CaseNumber.grouped(finding.number),
                    "href": "/\(area.text)/desk/cases/\(finding.number)",
                    "bill": "/\(area.text)/desk/cases/\(finding.number)/bill",
                    "item": names[finding.item]?[exchange.language] ?? finding.item,
                    "department": profile.departmentName(finding.department, in: exchange.language),
                    "at": finding.at.words(in: exchange.language, near: exchange.now.date),
                    "act": mayAct && finding.settledAt == nil ? query(["finding=\(finding.id)"]) + "#settle" : nil,
                    "verdict": finding.verdict.map { exchange.text("supervision.detector.verdict.\($0.rawValue)") },
                    "reason": finding.reason,
                    "by": finding.settledBy.map {
                        exchange.text(
                            "supervision.detector.settledBy",
                            [
                                "who": people[$0] ?? $0,
                                "when": last.words(in: exchange.language, near: exchange.now.date),
                            ])
                    },
                ])
            },
            "next": more ? found.last.map { query(["after=\(($0.settledAt ?? $0.at).milliseconds).\($0.id)"]) } : nil,
            "chosen": mayAct ? chosen.map { form($0, typed, exchange, area) } : nil,
            "rules": all.map { rule in
                let set = thresholds[rule.id]
                return View([
                    "id": rule.id, "name": exchange.text("supervision.detector.rule.\(rule.id)"),
                    "why": exchange.text("supervision.detector.why.\(rule.id)"),
                    "threshold": String(set?.threshold ?? rule.threshold), "active": set?.active ?? true,
                    "unit": exchange.text("supervision.detector.unit.\(rule.unit)"),
                    "fixed": rule.range.lowerBound == rule.range.upperBound,
                    "least": String(rule.range.lowerBound), "most": String(rule.range.upperBound),
                    "error": typed.faults.first { $0.field == "threshold-\(rule.id)" }.map {
                        exchange.text($0.message)
                    },
                ])
            },
            "rulesAction": Self.rules.url(area),
        ])
        return try await exchange.page(
            "supervision.detector", title: exchange.text("supervision.detector.title"), view, faults: typed.faults,
            status: typed.faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func form(_ finding: Finding, _ typed: Typed, _ exchange: Exchange, _ area: AreaCode) -> View {
        func error(_ name: String) -> String? {
            typed.faults.first { $0.field == name }.map { exchange.text($0.message) }
        }
        return View([
            "id": finding.id, "grouped": CaseNumber.grouped(finding.number), "text": explain(finding, exchange),
            "action": Self.settle.url(area), "reason": typed.reason, "reasonError": error("reason"),
            "verdictError": error("verdict"),
            "verdicts": Finding.Verdict.allCases.map {
                View([
                    "value": $0.rawValue, "label": exchange.text("supervision.detector.verdict.\($0.rawValue)"),
                    "checked": typed.verdict == $0,
                ])
            },
        ])
    }

    /// The finding in words, with the figures of this case.
    private func explain(_ finding: Finding, _ exchange: Exchange) -> String {
        var arguments: [String: String] = [:]
        for (name, value) in finding.facts.members ?? [:] {
            if let number = value.integer { arguments[name] = number.grouped }
        }
        return exchange.text("supervision.detector.found.\(finding.rule)", arguments)
    }

    @Sendable private func settle(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let form = exchange.form
        let (id, reason) = (form.text("id"), form.text("reason").trimmingCharacters(in: .whitespacesAndNewlines))
        let verdict = Finding.Verdict(rawValue: form.text("verdict"))
        let found = try await cases.database.read { tx in try FindingStore.finding(id, area: area, tx) }
        let gone = Message("supervision.detector.gone")
        guard let found else { return exchange.redirect(Self.list.url(area), flash: gone, kind: "info") }
        if let seen = cases.supervisedDepartments(of: viewer), !seen.contains(found.department) {
            return exchange.redirect(Self.list.url(area), flash: gone, kind: "info")
        }
        var typed = Typed(id: id, verdict: verdict, reason: reason)
        if verdict == nil { typed.faults.append(FieldFault("verdict", Message("supervision.detector.fault.verdict"))) }
        if reason.isEmpty { typed.faults.append(FieldFault("reason", Message("supervision.detector.fault.reason"))) }
        if reason.count > 1000 { typed.faults.append(FieldFault("reason", Message("supervision.detector.fault.long"))) }
        guard let verdict, typed.faults.isEmpty else { return try await render(exchange, area, typed) }
        let now = exchange.now
        let done = try await cases.database.write { tx in
            try FindingStore.settle(id, by: viewer.id, verdict: verdict, reason: reason, at: now, area: area, tx)
        }
        return exchange.redirect(
            Self.list.url(area),
            flash: Message(done ? "supervision.detector.done" : "supervision.detector.doneBefore"),
            kind: done ? "done" : "danger")
    }

    @Sendable private func change(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let form = exchange.form
        var typed = Typed()
        var wanted: [(String, Int, Bool)] = []
        for rule in all {
            let active = form.has("active-\(rule.id)")
            let text = form.text("threshold-\(rule.id)").trimmingCharacters(in: .whitespaces)
            let number = rule.range.count == 1 && text.isEmpty ? rule.threshold : Int(text)
            guard let number, rule.range.contains(number) else {
                typed.faults.append(
                    FieldFault(
                        "threshold-\(rule.id)",
                        Message(
                            "supervision.detector.fault.threshold",
                            ["least": String(rule.range.lowerBound), "most": String(rule.range.upperBound)])))
                continue
            }
            wanted.append((rule.id, number, active))
        }
        guard typed.faults.isEmpty else { return try await render(exchange, area, typed) }
        let (rules, now) = (wanted, exchange.now)
        try await cases.database.write { tx in
            for (rule, threshold, active) in rules {
                try FindingStore.set(
                    rule, threshold: threshold, active: active, by: viewer.id, at: now, area: area, tx)
            }
        }
        return exchange.redirect(Self.list.url(area) + "#rules", flash: Message("supervision.detector.rulesSaved"))
    }
}
