import Cases
import Catalogue
import Cryptography
import Directory
import Documents
import Foundation
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Storage
import Web
import Workflow

/// Addresses of packages under way.
enum PackagePaths {
    static let one = Path("/:area/my/packages/:number", AreaCode.self, String.self)
    static let withdraw = Path("/:area/my/packages/:number/withdraw", AreaCode.self, String.self)
    static let leaveOut = Path(
        "/:area/my/packages/:number/steps/:step/leave-out", AreaCode.self, String.self, String.self)
    static let receipt = Path("/:area/my/packages/:number/receipt", AreaCode.self, String.self)
    static let rating = Path("/:area/my/packages/:number/rating", AreaCode.self, String.self)
    static let desk = Path("/:area/desk/packages", AreaCode.self)
    static let apiList = Path("/api/v1/areas/:area/my/packages", AreaCode.self)
    static let apiOne = Path("/api/v1/areas/:area/my/packages/:number", AreaCode.self, String.self)
    static let apiWithdraw = Path("/api/v1/areas/:area/my/packages/:number/withdraw", AreaCode.self, String.self)
    static let apiLeaveOut = Path(
        "/api/v1/areas/:area/my/packages/:number/steps/:step/leave-out", AreaCode.self, String.self, String.self)
    static let apiDesk = Path("/api/v1/areas/:area/packages", AreaCode.self)
}

/// 一件事的进度: the departments' steps, results as they come, one timeline; and taking the whole back.
struct PackagePages: Sendable {
    let packages: PackagesAPI

    func add(to routes: Routes) {
        routes.get(PackagePaths.one, requires: .applicant, show)
        routes.get(PackagePaths.receipt, requires: .applicant, receipt)
        routes.get(PackagePaths.withdraw, requires: .resident, confirmWithdraw)
        routes.post(PackagePaths.withdraw, requires: .resident, withdraw)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await packages.openOwn(number, area: area, try exchange.resident())
        let language = exchange.language
        let state = opened.state
        let item = opened.definition.definition
        let profile = try await packages.cases.directory.profile(of: area)
        let rules = PackageContext(
            at: exchange.now, calendar: try await packages.cases.directory.calendar(of: area), item)
        var steps: [View] = []
        var results: [View] = []
        var due: [View] = []
        var lines: [(at: Moment, view: View)] = try await PackageTimeline(packages: packages, exchange: exchange)
            .lines(of: opened)
        for step in state.steps {
            let name = item.plan?.step(step.plan.id)?.name[language] ?? step.plan.item
            let department = profile.departmentName(step.plan.department, in: language)
            var view = View([
                "name": name, "department": department, "tag": Self.tag(step.stage),
                "state": exchange.text("cases.package.step.\(step.stage.rawValue)"),
                "waits": waits(step, in: state, item, exchange),
                "leaveOut": LeaveOutPage.isOpen(step, state, rules)
                    ? PackagePaths.leaveOut.url(area, number, step.plan.id) : nil,
            ])
            if let own = opened.cases[step.plan.id] {
                let shown = try await packages.cases.stepView(of: own, named: "\(name) · \(department)", exchange)
                view.set("href", shown.href)
                view.set("state", shown.state)
                view.set("until", shown.until)
                view.set("over", shown.isOver)
                if let href = shown.correction {
                    due.append(
                        View([
                            "title": exchange.text("packages.due.correction", ["name": name]), "text": shown.until,
                            "href": href, "label": exchange.text("cases.portal.case.correct"),
                        ]))
                }
                if let remote = RemoteCheckViews.due(own, exchange) { due.append(remote) }
                if let result = shown.result {
                    results.append(View(["name": name, "text": result, "href": shown.href]))
                }
                lines += shown.lines
            }
            steps.append(view)
        }
        if state.stage.isEnded, item.rating, state.stage != .withdrawn {
            due.append(
                View([
                    "title": exchange.text("packages.due.rating"), "text": nil,
                    "href": PackagePaths.rating.url(area, number), "label": exchange.text("cases.portal.case.rate"),
                ]))
        }
        // What happened in the same instant stays in the order of the steps, the newest instant first.
        let timeline = lines.enumerated().sorted { a, b in
            a.element.at == b.element.at ? a.offset < b.offset : a.element.at > b.element.at
        }.map(\.element.view)
        let view = View([
            "item": item.name[language], "number": CaseNumber.grouped(number),
            "submitted": exchange.query("submitted") == nil
                ? nil
                : View([
                    "kind": "done", "title": exchange.text("packages.submitted.title"),
                    "text": exchange.text("packages.submitted.text", ["count": opened.cases.count.grouped]),
                ]),
            "handler": try await handler(opened, exchange),
            "code": try opened.text("query-code").flatMap { QueryCode($0) }?.description,
            "receipt": state.receipt.map { _ in PackagePaths.receipt.url(area, number) },
            "panel": try await panel(opened, profile, exchange), "due": due, "steps": steps, "results": results,
            "hasResults": !results.isEmpty, "timeline": timeline,
            "withdraw": state.stage.isEnded || state.withdrawnAt != nil ? nil : PackagePaths.withdraw.url(area, number),
            "advice": item.contacts.advice ?? profile.advicePhone,
            "complaint": item.contacts.complaint ?? profile.complaintPhone,
            "guide": "/\(area.text)/items/\(state.package)", "cases": "/\(area.text)/my/cases",
            "address": exchange.app.settings.publicURL + PackagePaths.one.url(area, number),
            "printed": exchange.now.words(in: language),
        ])
        return try await exchange.page("packages.progress", title: item.name[language], view)
    }

    private func handler(_ opened: OpenPackage, _ exchange: Exchange) async throws -> View? {
        let content = try opened.text(opened.state.form.slot).map {
            try JSONDecoder().decode(PackageContent.self, from: Data($0.utf8))
        }
        return HandlerViews.own(
            content?.applicant.handler, try await packages.cases.attorney(of: [opened.id], area: opened.area),
            number: opened.state.number, area: opened.area, exchange)
    }

    /// 收件回执 of the whole as PDF.
    @Sendable func receipt(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await packages.openOwn(number, area: area, try exchange.resident())
        guard let id = opened.state.receipt else { throw DomainError.notFound }
        let (row, reader) = try await packages.cases.notices.pdf(id, area: area, at: exchange.now)
        return FileResponse.make(reader, kind: .pdf, name: row.title + ".pdf", inline: true, exchange)
    }

    /// 现在怎样、谁来办、最迟哪天.
    private func panel(_ opened: OpenPackage, _ profile: AreaProfile, _ exchange: Exchange) async throws -> View {
        let state = opened.state
        let done = state.steps.count { $0.stage == .done }
        let busy = state.steps.filter { $0.stage == .open || $0.stage == .due }
        let own = busy.contains(where: \.waitsForApplicant)
        var seen: Set<String> = []
        let departments = (busy.isEmpty ? state.steps : busy).map(\.plan.department).filter { seen.insert($0).inserted }
        let separator = exchange.language == .en ? ", " : "、"
        var view = View([
            "ended": state.stage.isEnded, "now": exchange.text("cases.package.stage.\(state.stage.rawValue)"),
            "who":
                ([own ? exchange.text("cases.shared.you") : nil]
                + departments.map { profile.departmentName($0, in: exchange.language) })
                .compactMap { $0 }.joined(separator: separator),
            "whoNote": exchange.text(
                "cases.package.progress", ["done": done.grouped, "count": state.steps.count.grouped]),
            "until": state.endedAt.map { $0.date.words(in: exchange.language, near: exchange.now.date) }
                ?? exchange.text(
                    state.limit == nil ? "packages.limit.notYet" : "packages.limit.stands",
                    ["limit": opened.definition.definition.limits.promised.words(in: exchange.language)]),
        ])
        if let limit = state.standing.limit {
            let shown = try await packages.cases.limitView(limit, area: opened.area, exchange)
            view.set("until", exchange.text("packages.limit.by", ["date": shown.date]))
            view.set("untilNote", shown.left)
            view.set("over", shown.isOver)
            view.set("warn", shown.isWarned && !shown.isOver)
        }
        return view
    }

    /// `等“营业执照”办好后开始`.
    private func waits(_ step: StepState, in state: PackageState, _ item: ItemDefinition, _ exchange: Exchange)
        -> String?
    {
        guard step.stage == .waiting else { return nil }
        let names = step.plan.after.filter { state.step($0)?.stage != .done }.map { id in
            item.plan?.step(id)?.name[exchange.language] ?? id
        }
        let separator = exchange.language == .en ? ", " : "、"
        return exchange.text("packages.waits", ["names": names.joined(separator: separator)])
    }

    static func tag(_ stage: StepStage) -> String {
        switch stage {
        case .done: "done"
        case .failed, .withdrawn, .cancelled: "fault"
        case .open, .due: "partial"
        case .waiting, .leftOut: "todo"
        }
    }

    @Sendable func confirmWithdraw(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await packages.openOwn(number, area: area, try exchange.resident())
        guard !opened.state.stage.isEnded, opened.state.withdrawnAt == nil else {
            return exchange.redirect(
                PackagePaths.one.url(area, number), flash: Message("cases.portal.withdraw.tooLate"), kind: "info")
        }
        let view = View([
            "item": opened.definition.definition.name[exchange.language], "number": CaseNumber.grouped(number),
            "action": PackagePaths.withdraw.url(area, number), "back": PackagePaths.one.url(area, number),
        ])
        return try await exchange.page("packages.withdraw", title: exchange.text("packages.withdraw.title"), view)
    }

    @Sendable func withdraw(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        _ = try await packages.withdraw(number, try exchange.resident(), exchange.occasion(area))
        return exchange.redirect(PackagePaths.one.url(area, number), flash: Message("packages.withdraw.done"))
    }
}
