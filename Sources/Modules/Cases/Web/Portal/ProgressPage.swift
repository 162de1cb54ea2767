import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 查进度 without an account: number and query code from the receipt show the state and the dates, nothing about the
/// person.
struct ProgressPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.progress, requires: .open, ask)
        routes.post(PortalPaths.progress, requires: .open, answer)
    }

    @Sendable func ask(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        _ = try await cases.directory.profile(of: area)
        // The code on a receipt fills both in; looking is the visitor's own act.
        return try await page(exchange, area, number: exchange.query("number"), code: exchange.query("code"))
    }

    @Sendable func answer(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let number = exchange.form.text("number")
        let code = exchange.form.text("code")
        var faults: [FieldFault] = []
        if number.isEmpty { faults.append(FieldFault("number", Message("cases.fault.number"))) }
        if code.isEmpty { faults.append(FieldFault("code", Message("cases.fault.code"))) }
        guard faults.isEmpty else { return try await page(exchange, area, number: number, code: code, faults: faults) }
        let limiter = exchange.app.limiter
        try limiter.take("progress", exchange.address, limit: 20, per: 600, at: exchange.now)
        if let wanted = CaseNumber.read(number) {
            try limiter.take("progress.number", area.text + wanted, limit: 10, per: 600, at: exchange.now)
        }
        if let package = try await cases.packageByCode(number, code: code, area: area) {
            return try await found(package, exchange, area)
        }
        guard let opened = try await cases.openByCode(number, code: code, area: area) else {
            let unknown = FieldFault("number", Message("cases.fault.unknownCase"))
            return try await page(exchange, area, number: number, code: code, faults: [unknown])
        }
        return try await found(opened, exchange, area)
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, number: String? = nil, code: String? = nil, faults: [FieldFault] = []
    ) async throws -> Response {
        func fault(_ name: String) -> String? { faults.first { $0.field == name }.map { exchange.text($0.message) } }
        let fields = [
            View([
                "isText": true, "id": "number", "name": "number",
                "label": exchange.text("cases.portal.progress.number"),
                "hint": exchange.text("cases.portal.progress.numberHint"), "value": number, "error": fault("number"),
                "inputmode": "numeric", "autocomplete": "off", "spellcheckOff": true,
            ]),
            View([
                "isText": true, "id": "code", "name": "code", "label": exchange.text("cases.portal.progress.code"),
                "hint": exchange.text("cases.portal.progress.codeHint"), "value": code, "error": fault("code"),
                "autocomplete": "off",
                "spellcheckOff": true, "width": "w8",
            ]),
        ]
        return try await exchange.page(
            "cases.portal-progress", title: exchange.text("cases.portal.progress.title"),
            View(["ask": true, "fields": fields, "action": PortalPaths.progress.url(area)]), faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    /// How far the whole is, and each department's step.
    private func found(_ package: PackageStanding, _ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let views = PackageViews(
            standing: package, names: try await cases.catalogue.names(of: PackageViews.slugs(package), area: area),
            profile: try await cases.directory.profile(of: area), exchange: exchange)
        let done = package.steps.count { $0.state == "done" }
        var until = package.endedAt.map { $0.date.words(in: exchange.language, near: exchange.now.date) }
        if let limit = package.limit {
            until = try await cases.limitView(limit, area: area, exchange).date
        }
        let view = View([
            "found": true, "item": views.name, "number": CaseNumber.grouped(package.number),
            "panel": View([
                "ended": package.endedAt != nil, "now": exchange.text("cases.package.stage.\(package.stage)"),
                "who": exchange.text(
                    "cases.package.progress", ["done": done.grouped, "count": package.steps.count.grouped]),
                "until": until ?? exchange.text("cases.portal.progress.noLimit"),
            ]),
            "steps": views.steps(own: ""), "hasSteps": true, "again": PortalPaths.progress.url(area),
        ])
        return try await exchange.page(
            "cases.portal-progress", title: exchange.text("cases.portal.progress.title"), view)
    }

    private func found(_ opened: OpenCase, _ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let words = LimitWords(exchange, calendar: opened.calendar)
        let standing = CaseStanding(opened: opened, words: words) { exchange.text($0) }
        let timeline = TimelineViews(
            opened: opened, words: words, audience: .visitor, noticeLink: { _ in nil }, text: { exchange.text($0) })
        let view = View([
            "found": true, "item": opened.item.definition.name[exchange.language],
            "number": CaseNumber.grouped(opened.state.number),
            "panel": standing.panel, "overdue": standing.overdue,
            "timeline": try timeline.views(try await cases.history(of: opened)),
            "again": PortalPaths.progress.url(area),
            "own": PortalPaths.one.url(area, opened.state.number), "correcting": opened.state.stage == .correcting,
        ])
        return try await exchange.page(
            "cases.portal-progress", title: exchange.text("cases.portal.progress.title"), view)
    }
}
