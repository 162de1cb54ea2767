import Catalogue
import Directory
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web
import Workflow

/// 一次性告知补正: everything at once, each point with what is wrong and how to mend it.
struct CorrectionComposer: Sendable {
    /// A point while it is written.
    struct Point: Sendable, Hashable {
        var id: String
        var subject: String
        var problem: String
        var fix: String
    }

    /// What the composer holds.
    struct Content: Sendable {
        var points: [Point]
        var days: String
    }

    /// How many working days are offered at first.
    static let usualDays = 15

    let cases: CasesAPI

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let folder = try await cases.folder(number, try exchange.staff(), exchange.occasion(area))
        return try await render(folder, begin(folder), exchange)
    }

    /// 发出补正通知, a preview, or one more point.
    @Sendable func post(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.staff()
        let folder = try await cases.folder(number, viewer, exchange.occasion(area))
        var content = Self.read(exchange.form, folder.opened)
        let action = exchange.form.text("action")
        if exchange.form.text("fragment") == "preview" {
            return try exchange.fragment(
                "cases.desk-preview", View(["paper": try paper(folder.opened, content, exchange)]))
        }
        if action == "preview" { return try await render(folder, content, exchange) }
        if action == "add" {
            let wanted = exchange.form.text("add")
            let listed = try await cases.correctionPoints(of: folder.opened)
            if let point = Self.blank(wanted, in: content.points, folder.opened, listed) {
                content.points.append(point)
            }
            return try await render(folder, content, exchange, focus: content.points.last?.id)
        }
        if action.hasPrefix("remove:") {
            content.points.removeAll { $0.id == action.dropFirst(7) }
            return try await render(folder, content, exchange)
        }
        let after = NextTask(cases: cases, exchange: exchange, number: number)
        let task = try await after.current()
        do {
            guard !content.points.isEmpty else { throw DomainError.refused(Message("cases.refused.noPoints")) }
            guard let days = Int(content.days), (1...60).contains(days) else {
                throw DomainError.invalid("days", "cases.fault.correctionDays")
            }
            let unnamed = content.points.filter(\.subject.isEmpty)
            guard unnamed.isEmpty else {
                throw DomainError.invalid(
                    unnamed.map { FieldFault("subject-\($0.id)", Message("cases.desk.fault.subject")) })
            }
            let points = content.points.map {
                CorrectionWords.Point(id: $0.id, subject: $0.subject, problem: $0.problem, fix: $0.fix)
            }
            try await cases.requestCorrection(number, points: points, days: days, viewer, exchange.occasion(area))
        } catch let error as DomainError {
            if try await after.isRepeated(["correction-requested"], error) {
                return try await after.redirect("correction", from: task)
            }
            return try await render(
                try await reopened(folder, error, viewer, exchange), content, exchange, problem: error)
        }
        return try await after.redirect("correction", from: task)
    }

    /// After a conflict the case is read again: it is no longer what the composer began with.
    private func reopened(
        _ folder: DeskFolder, _ error: DomainError, _ viewer: StaffViewer, _ exchange: Exchange
    ) async throws -> DeskFolder {
        guard case .conflict = error else { return folder }
        return try await cases.folder(folder.opened.state.number, viewer, exchange.occasion(viewer.area))
    }

    // MARK: Points

    /// A block for each material marked 需补正; in a second notice only what stood in the first.
    private func begin(_ folder: DeskFolder) -> Content {
        let opened = folder.opened
        let item = opened.item.definition
        let bad = item.materials.filter { folder.marks[$0.id] == false }
        var points = bad.map { Point(id: "m.\($0.id)", subject: $0.name.zh, problem: "", fix: "") }
        if opened.state.corrections > 0 {
            let known = Set(opened.state.points.map(\.id))
            points = points.filter { known.contains($0.id) }
        }
        return Content(points: points, days: String(Self.usualDays))
    }

    private static func read(_ form: FormData, _ opened: OpenCase) -> Content {
        var seen: Set<String> = []
        let points = form.all("point").filter { seen.insert($0).inserted }.prefix(60).compactMap { id -> Point? in
            guard let subject = subject(id, opened) ?? (id.hasPrefix("o.") ? form.text("subject-\(id)") : nil) else {
                return nil
            }
            return Point(id: id, subject: subject, problem: form.text("problem-\(id)"), fix: form.text("fix-\(id)"))
        }
        return Content(points: points, days: form["days"] ?? "")
    }

    /// The name of a material or a field as the notice names it.
    private static func subject(_ id: String, _ opened: OpenCase) -> String? {
        let item = opened.item.definition
        if id.hasPrefix("m.") { return item.material(String(id.dropFirst(2)))?.name.zh }
        if id.hasPrefix("f.") { return item.field(String(id.dropFirst(2)))?.label.zh }
        return nil
    }

    /// - Parameter listed: what stood in the last notice.
    private static func blank(
        _ wanted: String, in points: [Point], _ opened: OpenCase, _ listed: [CorrectionWords.Point]
    ) -> Point? {
        if wanted == "other" {
            let next = (1...60).first { number in !points.contains { $0.id == "o.\(number)" } } ?? 60
            return Point(id: "o.\(next)", subject: "", problem: "", fix: "")
        }
        guard !points.contains(where: { $0.id == wanted }),
            let subject = subject(wanted, opened) ?? listed.first(where: { $0.id == wanted })?.subject
        else { return nil }
        return Point(id: wanted, subject: subject, problem: "", fix: "")
    }

    /// What can still be added: materials and fields of the application; in a second notice nothing new.
    private static func addable(
        _ content: Content, _ opened: OpenCase, _ listed: [CorrectionWords.Point], _ language: Language
    ) -> [(id: String, name: String)] {
        let taken = Set(content.points.map(\.id))
        let item = opened.item.definition
        if opened.state.corrections > 0 {
            return listed.filter { !taken.contains($0.id) }.map { ($0.id, $0.subject) }
        }
        return item.materials.map { ("m.\($0.id)", $0.name[language]) }.filter { !taken.contains($0.0) }
            + item.fields.map { ("f.\($0.id)", $0.label[language]) }.filter { !taken.contains($0.0) }
    }

    // MARK: The page

    private func paper(_ opened: OpenCase, _ content: Content, _ exchange: Exchange) throws -> View {
        let days = max(1, min(Int(content.days) ?? Self.usualDays, 60))
        let due = opened.calendar.deadline(after: exchange.now, limit: Limit(days, .workingDays)).date
        let words = CorrectionWords(
            points: content.points.map { .init(id: $0.id, subject: $0.subject, problem: $0.problem, fix: $0.fix) })
        return Notices.correction(opened, applicant: try opened.holder(), words: words, due: due, at: exchange.now)
            .paper
    }

    private func render(
        _ folder: DeskFolder, _ content: Content, _ exchange: Exchange, problem: DomainError? = nil,
        focus: String? = nil
    ) async throws -> Response {
        let opened = folder.opened
        let state = opened.state
        let list = DeskList(exchange)
        let standing = Standing(folder, try exchange.staff(), in: exchange.language)
        var faults: [FieldFault] = []
        if case .invalid(let found)? = problem { faults = found }
        let base = DeskPaths.caseFile.url(opened.area, state.number)
        let error = { (field: String) in faults.first { $0.field == field }.map { exchange.text($0.message) } }
        let isOpen = standing.composers.contains("correction")
        let addable = Self.addable(content, opened, try await cases.correctionPoints(of: opened), exchange.language)
        let view = View([
            "wide": true, "action": "\(base)/correction", "back": base + list.query(),
            "grouped": CaseNumber.grouped(state.number),
            "item": opened.item.definition.name[exchange.language],
            "fields": (list.fields + [("version", exchange.form["version"] ?? String(opened.version))])
                .map { View(["name": $0.name, "value": $0.value]) },
            "points": content.points.map { point in self.point(point, opened, error, exchange, focus: focus) },
            "again": state.corrections > 0, "days": content.days, "daysError": error("days"),
            "canAdd": isOpen && (state.corrections == 0 || !addable.isEmpty),
            "addable": addable.map { View(["value": $0.id, "label": $0.name]) },
            "mayAddOther": state.corrections == 0, "paper": try paper(opened, content, exchange), "isOpen": isOpen,
            "problem": Self.banner(problem, isOpen: isOpen, standing, exchange),
        ])
        let title = exchange.text("cases.desk.correction.title")
        return try await exchange.page(
            "cases.desk-correction", title: title, view, faults: faults, status: Self.status(problem))
    }

    private func point(
        _ point: Point, _ opened: OpenCase, _ error: (String) -> String?, _ exchange: Exchange, focus: String?
    ) -> View {
        let material = point.id.hasPrefix("m.") ? opened.item.definition.material(String(point.id.dropFirst(2))) : nil
        let faults = material?.faults ?? []
        let basis = (material?.basis ?? []).compactMap { id in opened.item.definition.legalBasis.first { $0.id == id } }
            .filter { !$0.verify }.map { "《\($0.law.zh)》\($0.article ?? "")" }.joined(separator: "、")
        return View([
            "id": point.id, "subject": point.subject, "isOther": point.id.hasPrefix("o."), "problem": point.problem,
            "fix": point.fix, "basis": basis.isEmpty ? nil : basis, "standard": material?.standard?.zh,
            "subjectError": error("subject-\(point.id)"), "problemError": error("problem-\(point.id)"),
            "fixError": error("fix-\(point.id)"), "focus": focus == point.id,
            "hasPhrases": !faults.isEmpty,
            "phrases": faults.map { View(["problem": $0.problem.zh, "fix": $0.fix.zh]) },
        ])
    }

    /// What stands above a composer that could not be sent.
    static func banner(_ problem: DomainError?, isOpen: Bool, _ standing: Standing, _ exchange: Exchange) -> View? {
        switch problem {
        case .conflict?, .refused?:
            return View([
                "kind": "danger", "title": exchange.text("cases.desk.notDone"),
                "text": problem.map { exchange.reason($0) },
            ])
        default:
            guard !isOpen else { return nil }
            let reason = standing.reason.map { exchange.text($0) } ?? exchange.text("cases.desk.composerClosed")
            return View(["kind": "info", "title": exchange.text("cases.desk.readOnly.title"), "text": reason])
        }
    }

    static func status(_ problem: DomainError?) -> HTTPResponse.Status {
        switch problem {
        case nil: .ok
        case .conflict?: .conflict
        default: .unprocessableContent
        }
    }
}
