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

/// The office's acts over the API: for members of staff, and for departments' own systems with the matching scopes.
struct StaffCasesAPI: Sendable {
    let cases: CasesAPI

    private typealias Act = @Sendable (String, JSON, StaffViewer, Occasion, Exchange) async throws -> CaseHead

    private static let tasks = Path("/api/v1/areas/:area/tasks", AreaCode.self)
    private static let search = Path("/api/v1/areas/:area/cases", AreaCode.self)
    private static let one = Path("/api/v1/areas/:area/cases/:number", AreaCode.self, String.self)
    private static let notice = Path(
        "/api/v1/areas/:area/cases/:number/notices/:id", AreaCode.self, String.self, String.self)
    private static let file = Path(
        "/api/v1/areas/:area/cases/:number/files/:file", AreaCode.self, String.self, String.self)

    func add(to routes: Routes) {
        routes.get(Self.tasks, requires: .permission(CasesPermissions.view), tasks)
        routes.get(Self.search, requires: .permission(CasesPermissions.search), search)
        routes.get(Self.one, requires: .permission(CasesPermissions.view), show)
        routes.get(Self.notice, requires: .permission(CasesPermissions.view), notice)
        routes.get(Self.file, requires: .permission(CasesPermissions.view), file)
        let cases = cases
        add("accept", CasesPermissions.accept, to: routes) { number, _, staff, occasion, _ in
            try await cases.accept(number, staff, occasion)
        }
        add("correction", CasesPermissions.correct, to: routes) { number, body, staff, occasion, exchange in
            let opened = try await cases.open(number: number, area: occasion.area)
            let points = try Self.points(body["points"], of: opened.item.definition, language: exchange.language)
            return try await cases.requestCorrection(
                number, points: points, days: Int(body["days"].integer ?? 5), staff, occasion)
        }
        for kind in CasesAPI.Adverse.allCases {
            let permission = kind == .refuse ? CasesPermissions.approve : CasesPermissions.decline
            add(kind.rawValue, permission, to: routes) { number, body, staff, occasion, _ in
                try await cases.decideAgainst(kind, number, words: Self.words(body), staff, occasion)
            }
        }
        add("review", CasesPermissions.review, to: routes) { number, body, staff, occasion, _ in
            try await cases.passReview(number, opinion: body["opinion"].text ?? "", staff, occasion)
        }
        add("send-back", CasesPermissions.approve, to: routes) { number, body, staff, occasion, _ in
            try await cases.sendBack(number, reason: body["reason"].text ?? "", staff, occasion)
        }
        add("approve", CasesPermissions.approve, to: routes) { number, _, staff, occasion, _ in
            try await cases.approve(number, staff, occasion)
        }
        add("complete", CasesPermissions.complete, to: routes) { number, body, staff, occasion, _ in
            try await cases.complete(number, delivery: body["delivery"].text ?? "", staff, occasion)
        }
        add("claim", CasesPermissions.view, to: routes) { number, _, staff, occasion, _ in
            try await cases.claim(number, staff, occasion)
        }
        add("assign", CasesPermissions.view, to: routes) { number, body, staff, occasion, _ in
            try await cases.assign(number, to: body["person"].text, staff, occasion)
        }
        for group in ActGroup.allCases { add(group, to: routes) }
    }

    /// The acts beside the plain road, by name: `acts/review/start-procedure`.
    private func add(_ group: ActGroup, to routes: Routes) {
        let path = Path(
            "/api/v1/areas/:area/cases/:number/acts/\(group.rawValue)/:act", AreaCode.self, String.self, String.self)
        routes.post(path, requires: .permission(group.permission)) { exchange, area, number, act in
            let staff = try await staff(exchange, area)
            let body = try await exchange.object()
            return try await Idempotent(cases: cases, exchange: exchange, area: area).run(body) {
                let head = try await cases.act(act, group, number, values: body, staff, exchange.occasion(area))
                return (.ok, CaseJSON(exchange).head(head))
            }
        }
    }

    /// One act: POST, once for an idempotency key, answered with how the case stands then.
    private func add(_ name: String, _ permission: Permission, to routes: Routes, _ act: @escaping Act) {
        let path = Path("/api/v1/areas/:area/cases/:number/\(name)", AreaCode.self, String.self)
        routes.post(path, requires: .permission(permission)) { exchange, area, number in
            let staff = try await staff(exchange, area)
            let body = try await exchange.object()
            return try await Idempotent(cases: cases, exchange: exchange, area: area).run(body) {
                let head = try await act(number, body, staff, exchange.occasion(area), exchange)
                return (.ok, CaseJSON(exchange).head(head))
            }
        }
    }

    // MARK: Looking

    @Sendable func tasks(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let staff = try await staff(exchange, area)
        let view = exchange.query("view").flatMap(TaskStore.View.init(rawValue:)) ?? .all
        let now = exchange.now
        let after = try Self.cursor(exchange).map { (dueAt: $0.openedAt, id: $0.id) }
        let rows = try await cases.database.read { tx in
            try TaskStore.inbox(
                area: area, queues: staff.queues, person: staff.id, view: view, now: now, after: after, limit: 51, tx)
        }
        let words = CaseJSON(exchange)
        let shown = rows.prefix(50).map { task -> JSON in
            [
                "number": .string(task.number), "item": .string(task.item), "step": .string(task.step),
                "queue": .string(task.queue),
                "assignee": task.assignee.map(JSON.string) ?? .null, "openedAt": words.moment(task.openedAt),
                "warnAt": words.moment(task.warnAt), "dueAt": words.moment(task.dueAt),
                "light": .string(Light(warnAt: task.warnAt, dueAt: task.dueAt, now: now).name),
            ]
        }
        return exchange.json([
            "tasks": .array(shown),
            "next": rows.count > 50 ? .string("\(rows[49].dueAt.milliseconds).\(rows[49].id)") : .null,
        ])
    }

    @Sendable func search(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let staff = try await staff(exchange, area)
        var filter = CaseFilter()
        filter.number = exchange.query("number").map { CaseNumber.read($0) ?? $0 }
        filter.item = exchange.query("item")
        filter.stage = exchange.query("stage").flatMap(CaseStage.init(rawValue:))
        filter.from = exchange.query("from").flatMap { CivilDate($0) }
        filter.until = exchange.query("until").flatMap { CivilDate($0) }
        filter.departments = CasesAPI.searchable(staff)
        let (wanted, before) = (filter, try Self.cursor(exchange))
        let lines = try await cases.database.read { tx in
            try CasesStore.search(wanted, area: area, before: before, limit: 51, tx)
        }
        let names = try await cases.catalogue.names(of: Set(lines.map(\.item)), area: area)
        let words = CaseJSON(exchange)
        return exchange.json([
            "cases": .array(lines.prefix(50).map { words.line($0, name: names[$0.item]) }),
            "next": lines.count > 50 ? .string("\(lines[49].openedAt.milliseconds).\(lines[49].id)") : .null,
        ])
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        exchange.json(try await json(number, try await staff(exchange, area), exchange, area))
    }

    @Sendable func notice(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws
        -> Response
    {
        let opened = try await cases.openForStaff(number, try await staff(exchange, area), exchange.occasion(area))
        let (row, reader) = try await cases.paper(id, of: opened, at: exchange.now)
        return FileResponse.make(reader, kind: .pdf, name: row.title + ".pdf", inline: false, exchange)
    }

    @Sendable func file(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws -> Response
    {
        let opened = try await cases.openForStaff(number, try await staff(exchange, area), exchange.occasion(area))
        let (name, kind, reader) = try await cases.file(id, of: opened)
        return FileResponse.make(reader, kind: kind, name: name, inline: false, exchange)
    }

    private func json(_ number: String, _ staff: StaffViewer, _ exchange: Exchange, _ area: AreaCode) async throws
        -> JSON
    {
        let opened = try await cases.openForStaff(number, staff, exchange.occasion(area))
        return try CaseJSON(exchange).whole(
            opened, history: try await cases.history(of: opened), notices: try await cases.notices(of: opened),
            points: try await cases.correctionPoints(of: opened), internalLines: true)
    }

    // MARK: Who calls

    /// The member of staff, or a system: with a scope it serves that role's queues in every department of the area.
    func staff(_ exchange: Exchange, _ area: AreaCode) async throws -> StaffViewer {
        if case .client(let client) = exchange.viewer {
            let departments = try await cases.directory.profile(of: area).departments.map(\.id)
            let roles = Role.allCases.filter { role in
                role.hasQueue && !role.permissions.intersection(client.permissions).isDisjoint(with: Self.deciding)
            }
            return StaffViewer(
                id: client.id, area: area, session: "", displayName: client.id, permissions: client.permissions,
                queues: departments.flatMap { department in roles.map { "\(department)/\($0.rawValue)" } },
                departments: departments)
        }
        let staff = try exchange.staff()
        guard staff.area == area else { throw DomainError.forbidden }
        return staff
    }

    /// Scopes by which a system works on a queue; to look at cases alone gives no queue.
    private static let deciding: Set<Permission> = [
        CasesPermissions.accept, CasesPermissions.correct, CasesPermissions.complete, CasesPermissions.review,
        CasesPermissions.approve, CasesPermissions.opinion, CasesPermissions.head,
    ]

    // MARK: Bodies

    static func cursor(_ exchange: Exchange) throws(DomainError) -> (openedAt: Moment, id: String)? {
        guard let text = exchange.query("after") else { return nil }
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let at = Int64(parts[0]) else { throw .invalid("after", "cases.fault.cursor") }
        return (Moment(milliseconds: at), String(parts[1]))
    }

    private static func words(_ body: JSON) -> DecisionWords {
        DecisionWords(
            facts: body["facts"].text ?? "", basis: body["basis"].text ?? "", reason: body["reason"].text ?? "",
            referTo: body["referTo"].text ?? "")
    }

    /// `[{target: "material", ref: "layout", problem: …, fix: …}]`
    private static func points(_ body: JSON, of item: ItemDefinition, language: Language) throws(DomainError)
        -> [CorrectionWords.Point]
    {
        var points: [CorrectionWords.Point] = []
        for (index, point) in (body.elements ?? []).enumerated() {
            let ref = point["ref"].text ?? ""
            let (id, subject): (String, String?) =
                switch point["target"].text {
                case "material": ("m.\(ref)", item.material(ref)?.name.zh)
                case "field": ("f.\(ref)", item.field(ref)?.label.zh)
                default: ("o.\(index + 1)", point["subject"].text)
                }
            guard let subject else { throw .invalid("points.\(index).ref", "cases.refused.unknownPoint") }
            points.append(
                CorrectionWords.Point(
                    id: id, subject: subject, problem: point["problem"].text ?? "", fix: point["fix"].text ?? ""))
        }
        return points
    }
}
