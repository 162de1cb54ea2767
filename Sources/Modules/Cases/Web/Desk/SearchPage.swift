import Catalogue
import Directory
import Hummingbird
import Kernel
import Storage
import Web
import Workflow

/// 查询: cases by number, person, item, stage and dates; whoever looks for a person gives the whole name or number.
struct SearchPage: Sendable {
    let cases: CasesAPI

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let finder = try await CaseFinder(cases, exchange, viewer)
        let profile = try await cases.directory.profile(of: area)
        let base = DeskPaths.search.url(area)
        var view = finder.form(exchange, profile).with(["action": base])
        if finder.isAsked(exchange), finder.faults.isEmpty {
            try await add(&view, finder, exchange, viewer, profile, base: base)
        }
        return try await exchange.page(
            "cases.desk-search", title: exchange.text("cases.desk.find.title"), view, faults: finder.faults,
            status: finder.faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func add(
        _ view: inout View, _ finder: CaseFinder, _ exchange: Exchange, _ viewer: StaffViewer, _ profile: AreaProfile,
        base: String
    ) async throws {
        let area = viewer.area
        let place = TaskList.Place(exchange.query("after"))
        let found = try await cases.search(
            finder.filter, area: area, before: place.map { ($0.dueAt, $0.id) }, limit: TaskList.pageSize)
        let names = try await cases.catalogue.names(of: Set(found.lines.map(\.item)), area: area)
        let words = LimitWords(exchange, calendar: try await cases.directory.calendar(of: area))
        let tooMany = found.count > CasesAPI.countLimit
        view.set("chips", finder.chips(exchange, profile, base: base))
        view.set("asked", true)
        view.set(
            "count",
            tooMany
                ? exchange.text("cases.desk.find.tooMany", ["count": CasesAPI.countLimit.grouped])
                : exchange.text("cases.desk.find.count", ["count": found.count.grouped]))
        if viewer.permissions.contains(CasesPermissions.export) {
            view.set("export", DeskPaths.exports.url(area) + CaseFinder.query(exchange))
        }
        view.set(
            "rows",
            found.lines.map { line in
                View([
                    "grouped": CaseNumber.grouped(line.number), "number": line.number,
                    "href": DeskPaths.caseFile.url(area, line.number),
                    "item": names[line.item]?[exchange.language] ?? line.item, "applicant": found.masks[line.id],
                    "department": profile.departmentName(line.department, in: exchange.language),
                    "stage": exchange.text(line.stage.deskMessage(of: line.number)),
                    "opened": words.date(line.openedAt.date), "due": line.dueAt.map { words.date($0.lastDay) },
                ])
            })
        if found.lines.isEmpty {
            view.set(
                "empty",
                View(["title": exchange.text("cases.desk.find.none"), "text": exchange.text("cases.desk.find.exact")]))
        }
        if place != nil || found.hasMore {
            view.set(
                "pager",
                View([
                    "previous": place == nil ? nil : base + CaseFinder.query(exchange),
                    "next": found.hasMore
                        ? found.lines.last.map {
                            base + CaseFinder.query(exchange, adding: ["after": "\($0.openedAt.milliseconds).\($0.id)"])
                        } : nil,
                    "shown": exchange.text("cases.desk.tasks.shown", ["count": String(found.lines.count)]),
                ]))
        }
    }
}
