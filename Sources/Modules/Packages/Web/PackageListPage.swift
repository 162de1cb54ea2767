import Cases
import Catalogue
import Directory
import Hummingbird
import Kernel
import Storage
import Web
import Workflow

/// 督办: packages under way, the late ones first, with what each department has done of them.
struct PackageListPage: Sendable {
    let packages: PackagesAPI
    static let permission = Permission("supervision.board")
    private static let most = 200

    func add(to routes: Routes) {
        routes.get(PackagePaths.desk, requires: .permission(Self.permission), show)
    }

    /// Whoever supervises departments sees the packages in which they have a step.
    static func concerns(_ state: PackageState, _ departments: Set<String>?) -> Bool {
        guard let departments else { return true }
        return departments.contains(state.department)
            || state.steps.contains { departments.contains($0.plan.department) }
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let seen = packages.cases.supervisedDepartments(of: try exchange.staff()).map { Set($0) }
        let view = exchange.query("view").flatMap { PackagesStore.View(rawValue: $0) } ?? .running
        let now = exchange.now
        let language = exchange.language
        let (rows, counts, masks) = try await packages.cases.database.read { [packages] tx in
            let lines = try PackagesStore.list(view, area: area, now: now, limit: Self.most, tx)
            let states = try lines.compactMap { line in
                try packages.desk.office.state(of: line.id, area: area, tx).map { (line, $0.state) }
            }.filter { Self.concerns($0.1, seen) }
            return (
                states, try PackagesStore.count(area: area, now: now, tx),
                try PartyStore.masks(of: lines.map(\.id), area: area, tx)
            )
        }
        let profile = try await packages.cases.directory.profile(of: area)
        let names = try await packages.cases.catalogue.names(
            of: Set(rows.flatMap { [$0.1.package] + $0.1.steps.map(\.plan.item) }), area: area)
        var views: [View] = []
        for (line, state) in rows {
            var row = View([
                "grouped": CaseNumber.grouped(line.number), "name": names[line.package]?[language] ?? line.package,
                "applicant": masks[line.id], "stage": exchange.text("cases.package.stage.\(state.stage.rawValue)"),
                "opened": line.openedAt.words(in: language, near: now.date),
                "steps": state.steps.map { step in
                    View([
                        "name": names[step.plan.item]?[language] ?? step.plan.item,
                        "department": profile.departmentName(step.plan.department, in: language),
                        "state": exchange.text("cases.package.step.\(step.stage.rawValue)"),
                        "tag": PackagePages.tag(step.stage),
                        "href": seen?.contains(step.plan.department) ?? true
                            ? step.number.map { "/\(area.text)/desk/cases/\($0)" } : nil,
                    ])
                },
            ])
            if let limit = state.standing.limit {
                let shown = try await packages.cases.limitView(limit, area: area, exchange)
                row.set("light", shown.light)
                row.set("due", shown.date)
            }
            views.append(row)
        }
        let path = PackagePaths.desk.url(area)
        return try await exchange.page(
            "packages.desk", title: exchange.text("packages.desk.title"),
            View([
                "views": PackagesStore.View.allCases.map { kind in
                    View([
                        "href": "\(path)?view=\(kind.rawValue)", "current": kind == view,
                        "label": exchange.text("packages.desk.view.\(kind.rawValue)"),
                        "count": kind == .running
                            ? counts.running.grouped : kind == .late ? counts.late.grouped : nil,
                    ])
                },
                "rows": views, "hasRows": !views.isEmpty, "at": now.clock,
            ]))
    }
}
