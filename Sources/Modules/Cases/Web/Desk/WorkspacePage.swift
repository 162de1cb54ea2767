import Catalogue
import Directory
import Documents
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Storage
import Web
import Workflow

/// The case on the desk: what was handed in, a viewer, and the decision.
struct WorkspacePage: Sendable {
    /// What went wrong with an act, and what was typed, so that nothing of it is lost.
    struct Problem: Sendable {
        var message: String?
        var faults: [FieldFault] = []
        var opinion = ""
        var note = ""
        var status = HTTPResponse.Status.unprocessableContent
    }

    let cases: CasesAPI

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        try await render(exchange, area, number)
    }

    func render(
        _ exchange: Exchange, _ area: AreaCode, _ number: String, problem: Problem? = nil
    ) async throws -> Response {
        let viewer = try exchange.staff()
        let folder = try await cases.folder(number, viewer, exchange.occasion(area))
        let standing = Standing(folder, viewer, in: exchange.language)
        let list = DeskList(exchange)
        let opened = folder.opened
        let words = LimitWords(exchange, calendar: opened.calendar)
        var view = try head(folder, standing, list, exchange)
        let tasks = TaskList(cases: cases, viewer: viewer, list: list, now: exchange.now)
        if let task = folder.task {
            let (before, after) = try await tasks.neighbours(of: task)
            view.set("previous", before.map { DeskPaths.caseFile.url(area, $0.number) + list.query() })
            view.set("next", after.map { DeskPaths.caseFile.url(area, $0.number) + list.query() })
        }
        let handedIn = try HandedIn(folder, masked: !standing.mayAct, exchange)
        for (name, value) in handedIn.views { view.set(name, value) }
        view.set("package", try await package(opened, exchange))
        view.set("handler", try await handler(opened, masked: !standing.mayAct, exchange))
        view.set("remote", try RemoteCheckViews.desk(opened, viewer, masked: !standing.mayAct, exchange))
        let limits = limits(opened.state, words, exchange)
        view.set("limits", limits)
        view.set("hasLimits", !limits.isEmpty)
        view.set(
            "decision",
            try await DecisionPanel(cases: cases, folder: folder, standing: standing, handedIn: handedIn)
                .view(list, exchange, problem))
        view.set("instant", try await cases.instant(opened, isStaff: true, exchange))
        view.set("result", result(opened, exchange))
        view.set("timeline", try timeline(folder, words, exchange))
        view.set("notes", notes(folder, exchange))
        view.set("looks", looks(folder, exchange))
        view.set("assign", try await handOver(folder, standing, viewer, exchange))
        view.set("noteText", problem?.note)
        view.set("noteKey", ID<CaseState>(at: exchange.now).description)
        view.set("mayMark", standing.mayAct && viewer.permissions.contains(CasesPermissions.note))
        // What was typed where there is no longer a field for it.
        view.set("typed", standing.act == .review ? nil : problem?.opinion)
        view.set("mayNote", viewer.permissions.contains(CasesPermissions.note))
        if let message = problem?.message {
            view.set(
                "problem", View(["kind": "danger", "title": exchange.text("cases.desk.notDone"), "text": message]))
        }
        let title = "\(opened.item.definition.name[exchange.language]) \(CaseNumber.grouped(number))"
        return try await exchange.page(
            "cases.desk-workspace", title: title, view, faults: problem?.faults ?? [], status: problem?.status ?? .ok)
    }

    private func head(_ folder: DeskFolder, _ standing: Standing, _ list: DeskList, _ exchange: Exchange) throws -> View
    {
        let opened = folder.opened
        let state = opened.state
        let area = opened.area
        let number = state.number
        let base = DeskPaths.caseFile.url(area, number)
        let urging = folder.notes.last { $0.urges }
        return View([
            "wide": true, "number": number, "grouped": CaseNumber.grouped(number), "base": base,
            "item": opened.item.definition.name[exchange.language],
            "stage": exchange.text(state.stage.deskMessage(of: number)),
            "back": DeskPaths.tasks.url(area) + list.query(),
            "arrived": exchange.query("arrived") != nil,
            "fields": list.fields.map { View(["name": $0.name, "value": $0.value]) },
            "version": String(opened.version), "query": list.query(),
            "readOnly": standing.reason.map { exchange.text($0) }, "openedBy": openedBy(folder, exchange),
            "urging": urging.map {
                exchange.text("cases.desk.urged", ["who": folder.name($0.author), "text": $0.text])
            },
            "mayClaim": standing.mayClaim,
            "assignee": state.assignee.map { exchange.text("cases.desk.assignee", ["who": folder.name($0)]) },
        ])
    }

    /// Who handles it for the applicant: the paper, what it is good for, and whether it still is.
    private func handler(_ opened: OpenCase, masked: Bool, _ exchange: Exchange) async throws -> View? {
        let content = try opened.content()
        guard let handler = content.applicant.handler else { return nil }
        let papers = opened.state.files.filter { $0.material == HandlerContent.material }
        return View([
            "rows": HandlerViews.rows(handler, masked: masked, exchange),
            "standing": HandlerViews.standing(try await cases.attorney(of: opened)?.state, exchange),
            "papers": papers.map { file in
                View([
                    "name": content.fileNames[file.id] ?? file.id,
                    "href": DeskPaths.file.url(opened.area, opened.state.number, file.id),
                ])
            },
        ])
    }

    /// The package it is a step of, and how the other departments' steps stand.
    private func package(_ opened: OpenCase, _ exchange: Exchange) async throws -> View? {
        guard let part = opened.state.part, let standing = try await cases.package(of: opened) else { return nil }
        let names = try await cases.catalogue.names(of: PackageViews.slugs(standing), area: opened.area)
        let views = PackageViews(standing: standing, names: names, profile: opened.profile, exchange: exchange)
        var view = View([
            "name": views.name, "number": CaseNumber.grouped(standing.number),
            "stage": exchange.text("cases.package.stage.\(standing.stage)"), "steps": views.steps(own: part.step),
        ])
        if let limit = standing.limit {
            let shown = try await cases.limitView(limit, area: opened.area, exchange)
            view.set("light", shown.light)
            view.set("date", shown.date)
        }
        return view
    }

    /// Somebody else had the case open within the last quarter of an hour, after the last act on it.
    private func openedBy(_ folder: DeskFolder, _ exchange: Exchange) -> String? {
        guard let me = exchange.viewer.staff?.id, !folder.opened.state.stage.isEnded else { return nil }
        let since = max(exchange.now.adding(seconds: -900), folder.journal.last?.at ?? exchange.now)
        let look = folder.looks.first { look in
            look.at > since && CasesAPI.staff(look.actor).map { $0 != me } ?? false
        }
        return look.flatMap { look in
            CasesAPI.staff(look.actor).map {
                exchange.text("cases.desk.openedBy", ["who": folder.name($0), "time": look.at.clock])
            }
        }
    }

    /// Both deadlines with their lights; before acceptance the five working days of art. 32.
    private func limits(_ state: CaseState, _ words: LimitWords, _ exchange: Exchange) -> [View] {
        guard !state.stage.isEnded else { return [] }
        let running: [(String, RunningLimit?)] = [
            ("acceptance", state.acceptance), ("correction", state.correction), ("promised", state.promised),
            ("statutory", state.statutory),
        ]
        return running.compactMap { name, limit in
            limit.map {
                View([
                    "label": exchange.text("cases.desk.limit.\(name)"),
                    "date": words.date($0.dueOn, provisional: $0.provisional), "light": words.light($0),
                ])
            }
        }
    }

    private func timeline(_ folder: DeskFolder, _ words: LimitWords, _ exchange: Exchange) throws -> [View] {
        let opened = folder.opened
        return try TimelineViews(
            opened: opened, words: words, audience: .staff(folder.names),
            noticeLink: { DeskPaths.notice.url(opened.area, opened.state.number, $0) }, text: { exchange.text($0) }
        ).views(try Timeline.entries(folder.journal))
    }

    private func notes(_ folder: DeskFolder, _ exchange: Exchange) -> [View] {
        folder.notes.reversed().map { note in
            View([
                "who": folder.name(note.author), "when": note.at.words(in: exchange.language, near: exchange.now.date),
                "text": note.text, "urges": note.urges,
            ])
        }
    }

    /// Who looked, the last look of each person first.
    private func looks(_ folder: DeskFolder, _ exchange: Exchange) -> [View] {
        var seen: Set<String> = []
        return folder.looks.compactMap { look in
            guard let id = CasesAPI.staff(look.actor), seen.insert(id).inserted else { return nil }
            return View(["who": folder.name(id), "when": look.at.words(in: exchange.language, near: exchange.now.date)])
        }
    }

    /// What came out of it, once it is completed.
    private func result(_ opened: OpenCase, _ exchange: Exchange) -> View? {
        guard let result = opened.state.result else { return nil }
        let language = exchange.language
        let rows: [(String, String?)] = [
            ("cases.desk.result.number", result.number), ("cases.desk.result.on", result.on.words(in: language)),
            (
                "cases.desk.result.until",
                result.until.map { $0.words(in: language) } ?? exchange.text("cases.portal.case.permanent")
            ),
            ("cases.desk.delivery", exchange.text("cases.desk.delivery.\(result.delivery)")),
        ]
        return View([
            "rows": rows.compactMap { key, value in
                value.map { View(["label": exchange.text(key), "value": $0]) }
            }
        ])
    }

    private func handOver(
        _ folder: DeskFolder, _ standing: Standing, _ viewer: StaffViewer, _ exchange: Exchange
    ) async throws -> View? {
        let state = folder.opened.state
        guard standing.mayAssign, let queue = state.queue else { return nil }
        let colleagues = try await cases.identity.colleagues(viewer.area, queue: queue).filter {
            $0.id != state.assignee
        }
        var options = colleagues.map { View(["value": $0.id, "label": $0.name]) }
        if state.assignee != nil {
            options.append(View(["value": "queue", "label": exchange.text("cases.desk.backToQueue")]))
        }
        return options.isEmpty ? nil : View(["people": options])
    }
}
