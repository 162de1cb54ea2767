import Catalogue
import Directory
import Hummingbird
import Identity
import Kernel
import Storage
import Web
import Workflow

/// 待办: what there is to do, by its end. Row → button are two acts.
struct TasksPage: Sendable {
    let cases: CasesAPI

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let list = DeskList(exchange)
        let tasks = TaskList(cases: cases, viewer: viewer, list: list, now: exchange.now)
        let place = TaskList.Place(exchange.query("after"))
        var rows = try await tasks.rows(after: place, limit: TaskList.pageSize + 1)
        let more = rows.count > TaskList.pageSize
        if more { rows.removeLast() }
        let counts = try await tasks.counts()
        let view = try await view(rows, list, counts, exchange, viewer)
        let base = DeskPaths.tasks.url(area)
        let pager =
            place == nil && !more
            ? nil
            : View([
                "previous": place == nil ? nil : base + list.query(),
                "next": more ? rows.last.map { base + list.query(["after": TaskList.Place($0).text]) } : nil,
                "shown": exchange.text("cases.desk.tasks.shown", ["count": String(rows.count)]),
            ])
        let title = exchange.text("cases.desk.tasks.title")
        return try await exchange.page("cases.desk-tasks", title: title, view.with(["pager": pager]))
    }

    private func view(
        _ rows: [TaskRow], _ list: DeskList, _ counts: [DeskList.View: Int], _ exchange: Exchange, _ viewer: StaffViewer
    ) async throws -> View {
        let area = viewer.area
        let words = LimitWords(exchange, calendar: try await cases.directory.calendar(of: area))
        let streams = rows.map(\.stream)
        let (masks, urged, items) = try await cases.database.read { tx in
            (
                try PartyStore.masks(of: streams, area: area, tx), try NotesStore.urged(streams, area: area, tx),
                try TaskStore.items(area: area, queues: viewer.queues, person: viewer.id, tx)
            )
        }
        let names = try await cases.catalogue.names(of: Set(items + rows.map(\.item)), area: area)
        let holders = list.view == .handed ? Set(rows.compactMap(\.assignee)) : []
        let people = try await cases.identity.staffNames(area, Array(holders))
        let base = DeskPaths.tasks.url(area)
        return View([
            "views": DeskList.View.allCases.map { candidate in
                var other = list
                other.view = candidate
                return View([
                    "href": base + other.query(), "label": exchange.text("cases.desk.view.\(candidate.rawValue)"),
                    "count": (counts[candidate] ?? 0).capped, "current": candidate == list.view,
                ])
            },
            "filters": filters(list, items, names, exchange),
            "fields": list.fields.map { View(["name": $0.name, "value": $0.value]) },
            "rows": rows.map { row in
                View([
                    "number": row.number, "grouped": CaseNumber.grouped(row.number),
                    "href": DeskPaths.caseFile.url(area, row.number) + list.query(),
                    "light": words.light(warnAt: row.warnAt, dueAt: row.dueAt, dueOn: row.dueAt.lastDay),
                    "item": names[row.item]?[exchange.language] ?? row.item, "applicant": masks[row.stream],
                    "step": exchange.text("cases.desk.step.\(row.step)"), "mine": row.assignee == viewer.id,
                    "urged": urged[row.stream] != nil,
                    "who": list.view == .handed
                        ? row.assignee.map { people[$0] ?? $0 } ?? exchange.text("cases.desk.view.waiting") : nil,
                ])
            },
            "empty": rows.isEmpty ? try await empty(list, counts, exchange, viewer) : nil,
            "colleagues": rows.isEmpty ? nil : try await colleagues(viewer, exchange),
            "poll": DeskPaths.arrivals.url(area) + "?since=\(exchange.now.milliseconds)",
            "refresh": base + list.query(),
            "here": base, "viewKey": list.view == .all ? nil : list.view.rawValue,
            "stays": exchange.staysOnCase, "back": base + list.query(),
        ])
    }

    private func filters(_ list: DeskList, _ items: [String], _ names: [String: LocalizedText], _ exchange: Exchange)
        -> View
    {
        let any = exchange.text("cases.desk.any")
        return View([
            "items": [View(["value": "", "label": any, "selected": list.item == nil])]
                + items.map {
                    View([
                        "value": $0, "label": names[$0].map { $0[exchange.language] } ?? $0,
                        "selected": list.item == $0,
                    ])
                },
            "steps": [View(["value": "", "label": any, "selected": list.step == nil])]
                + ["accept", "review", "opinion", "approve", "complete", "check", "acknowledge", "identity"].map {
                    (step: String) in
                    View([
                        "value": step, "label": exchange.text("cases.desk.step.\(step)"), "selected": list.step == step,
                    ])
                },
            "active": list.item != nil || list.step != nil,
        ])
    }

    /// Nothing left: how much was done today, and where there may be more.
    private func empty(_ list: DeskList, _ counts: [DeskList.View: Int], _ exchange: Exchange, _ viewer: StaffViewer)
        async throws -> View
    {
        let filtered = list.item != nil || list.step != nil
        if filtered || (counts[.all] ?? 0) > 0 {
            return View([
                "title": exchange.text("cases.desk.tasks.noneHere"), "href": DeskPaths.tasks.url(viewer.area),
                "label": exchange.text("cases.desk.tasks.showAll"),
            ])
        }
        let actor = exchange.actor
        let today = exchange.now.date.start
        let done = try await cases.database.read { tx in
            try JournalStore.actedOn(by: actor, since: today, area: viewer.area, tx)
        }
        let key = done == 0 ? "cases.desk.tasks.none" : "cases.desk.tasks.done"
        return View(["title": exchange.text(key, done == 0 ? [:] : ["count": done.grouped])])
    }

    /// Everybody to whom one of the officer's tasks may be given.
    private func colleagues(_ viewer: StaffViewer, _ exchange: Exchange) async throws -> [View] {
        try await cases.identity.colleagues(viewer.area, queues: viewer.queues).filter { $0.id != viewer.id }
            .map { View(["value": $0.id, "label": $0.name]) }
    }

    /// For the script that announces new tasks.
    @Sendable func arrivals(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let since = Moment(milliseconds: exchange.query("since").flatMap { Int64($0) } ?? exchange.now.milliseconds)
        let count = try await cases.database.read { tx in
            try TaskStore.arrivals(area: area, queues: viewer.queues, person: viewer.id, since: since, tx)
        }
        return exchange.json(["new": .int(Int64(count))])
    }
}
