import Cases
import Directory
import Hummingbird
import Identity
import Kernel
import Storage
import Web
import Workflow

/// The rows behind a figure; they can be urged, and where they are of one queue, given to somebody else.
struct BoardRows: Sendable {
    /// What a figure stands for, as its address says it.
    struct Selection: Sendable {
        var number: String?
        var department: String?
        var queue: String?
        var step: String?
        var light: Light?

        init(_ value: (String) -> String?) {
            func text(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }
            number = text("number-only")
            department = text("department")
            queue = text("queue")
            step = text("step")
            light = text("light").flatMap(Light.init(word:))
        }

        var query: String {
            let parts = [
                ("number", number), ("department", department), ("queue", queue), ("step", step),
                ("light", light?.word),
            ]
            .compactMap { name, value in value.map { "\(name)=\(encodeSegment($0))" } }
            return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
        }

        var fields: [View] {
            [
                ("number-only", number), ("department", department), ("queue", queue), ("step", step),
                ("light", light?.word),
            ]
            .compactMap { name, value in value.map { View(["name": name, "value": $0]) } }
        }
    }

    static let pageSize = 50

    let cases: CasesAPI

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        var selection = Selection { exchange.query($0) }
        selection.number = exchange.query("number")
        let place = Self.place(exchange.query("after"))
        var rows = try await self.rows(selection, viewer, exchange, after: place)
        let more = rows.count > Self.pageSize
        if more { rows.removeLast() }
        let queues = Set(rows.map(\.queue))
        let queue = queues.count == 1 ? queues.first : nil
        let mayAssign = viewer.permissions.contains(CasesPermissions.assign)
        let colleagues = mayAssign ? try await self.colleagues(queue, area) : []
        let profile = try await cases.directory.profile(of: area)
        let base = SupervisionRoutes.rows.url(area)
        let heading = [
            selection.number.map(CaseNumber.grouped),
            (selection.department ?? selection.queue.map(Board.department)).map {
                profile.departmentName($0, in: exchange.language)
            },
            selection.step.map { exchange.text("supervision.step.\($0)") },
            selection.light.map { exchange.text("supervision.light.\($0.word)") },
        ].compactMap(\.self).joined(separator: " ")
        return try await exchange.page(
            "supervision.rows", title: exchange.text("supervision.rows.title"),
            View([
                "heading": heading.isEmpty ? exchange.text("supervision.rows.title") : heading,
                "back": SupervisionRoutes.board.url(area),
                "rows": try await TaskViews(cases: cases, exchange: exchange, area: area).views(rows),
                "hasRows": !rows.isEmpty, "only": rows.count == 1, "fields": selection.fields,
                "mayAssign": !colleagues.isEmpty,
                "colleagues": colleagues.map { View(["value": $0.id, "label": $0.name]) },
                "mayUrge": viewer.permissions.contains(SupervisionPermissions.urge),
                "mixed": mayAssign && queues.count > 1,
                "urgeAction": SupervisionRoutes.urge.url(area), "assignAction": SupervisionRoutes.assign.url(area),
                "key": ID<TaskRow>(at: exchange.now).description,
                "pager": place == nil && !more
                    ? nil
                    : View([
                        "previous": place == nil ? nil : base + selection.query,
                        "next": more
                            ? rows.last.map {
                                base + selection.query + (selection.query.isEmpty ? "?" : "&")
                                    + "after=\($0.dueAt.milliseconds).\($0.id)"
                            } : nil,
                        "shown": nil,
                    ]),
            ]))
    }

    private func colleagues(_ queue: String?, _ area: AreaCode) async throws -> [StaffMember] {
        guard let queue else { return [] }
        return try await cases.identity.colleagues(area, queue: queue)
    }

    private func rows(
        _ selection: Selection, _ viewer: StaffViewer, _ exchange: Exchange, after place: (dueAt: Moment, id: String)?
    ) async throws -> [TaskRow] {
        let seen = cases.supervisedDepartments(of: viewer)
        let (area, now) = (viewer.area, exchange.now)
        return try await cases.database.read { tx in
            if let number = selection.number {
                guard let line = try CasesStore.line(number: number, area: area, tx) else { return [] }
                return try TaskStore.tasks(of: line.id, area: area, tx).filter { Self.isSeen($0.queue, seen) }
            }
            let all = seen == nil && selection.queue == nil && selection.department == nil
            let queues =
                all
                ? []
                : try TaskStore.queues(area: area, tx).filter { queue in
                    Self.isSeen(queue, seen) && (selection.queue ?? queue) == queue
                        && (selection.department ?? Board.department(of: queue)) == Board.department(of: queue)
                }
            return try TaskStore.supervised(
                area: area, queues: all ? nil : queues, step: selection.step, light: selection.light, now: now,
                after: place,
                limit: Self.pageSize + 1, tx)
        }
    }

    private static func isSeen(_ queue: String, _ seen: [String]?) -> Bool {
        seen.map { $0.contains(Board.department(of: queue)) } ?? true
    }

    static func place(_ text: String?) -> (dueAt: Moment, id: String)? {
        let parts = (text ?? "").split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let milliseconds = Int64(parts[0]) else { return nil }
        return (Moment(milliseconds: milliseconds), parts[1])
    }
}
