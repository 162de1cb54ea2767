import Catalogue
import Directory
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 补正: the points of the notice and nothing else; old beside new; what is prepared is kept until it is sent.
struct CorrectionPage: Sendable {
    let cases: CasesAPI
    private static let save = Path("/:area/my/cases/:number/correction/save", AreaCode.self, String.self)

    func add(to routes: Routes) {
        routes.get(PortalPaths.correction, requires: .applicant, show)
        routes.post(PortalPaths.correction, requires: .applicant, streams: true, carryOut)
        routes.post(Self.save, requires: .applicant, autosave)
        routes.post(PortalPaths.correctionMaterial, requires: .applicant, streams: true, receive)
        routes.get(PortalPaths.correctionFile, requires: .applicant, look)
        routes.post(PortalPaths.removeCorrectionFile, requires: .applicant, remove)
    }

    /// 请在 3 月 12 日（星期四）24:00 前补交（还有 4 个工作日）
    static func deadline(_ limit: RunningLimit, _ exchange: Exchange, _ words: LimitWords) -> String {
        exchange.text(
            "cases.portal.correction.deadline",
            [
                "date": words.date(limit.dueOn, provisional: limit.provisional),
                "weekday": limit.dueOn.weekdayName(in: exchange.language),
                "left": words.left(limit.dueOn, dueAt: limit.dueAt),
            ])
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        return try await page(exchange, opened)
    }

    /// A script saves what was typed.
    @Sendable func autosave(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.resident()
        let opened = try await cases.openOwn(number, area: area, viewer)
        try await keep(exchange.form, opened, viewer, exchange)
        return exchange.json(["at": .string(exchange.now.clock)])
    }

    @Sendable func carryOut(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.resident()
        var opened = try await cases.openOwn(number, area: area, viewer)
        guard opened.round != nil else { return try await page(exchange, opened) }
        let (form, faults) = try await receiveForm(exchange, opened, viewer)
        try await keep(form, opened, viewer, exchange)
        let here = PortalPaths.correction.url(area, number)
        let action = form["action"] ?? "submit"
        opened = try await cases.openOwn(number, area: area, viewer)
        if let table = TableAction(action) {
            let rows = try opened.keptAnswers().values[table.table]?.elements?.count ?? 0
            let column = opened.item.definition.field(table.table)?.columns.first?.id ?? ""
            return exchange.redirect(table.target(here, rows: rows, column: column, from: nil))
        }
        if action.hasPrefix("removefile:") {
            try await cases.dropFile(String(action.dropFirst(11)), of: number, viewer, area: area)
            return exchange.redirect(here + "#points")
        }
        if action == "upload", faults.isEmpty { return exchange.redirect(here + "#points") }
        if action == "exit" {
            return exchange.redirect(PortalPaths.one.url(area, number), flash: Message("cases.portal.correction.kept"))
        }
        guard action != "upload" else { return try await page(exchange, opened, faults: faults) }
        return try await send(exchange, opened, viewer, faults: faults)
    }

    private func send(
        _ exchange: Exchange, _ opened: OpenCase, _ viewer: ResidentViewer, faults: [FieldFault]
    ) async throws -> Response {
        let kept = try opened.keptAnswers()
        let opened = try await cases.widened(opened, by: kept, viewer, at: exchange.now)
        let files = try opened.keptFiles()
        let points = try await cases.correctionPoints(of: opened)
        let found =
            faults
            + (try cases.faults(
                in: kept, files: files, of: opened, points: points, organisation: viewer.isOrganisation,
                language: exchange.language, on: exchange.now.date))
        guard found.isEmpty else { return try await page(exchange, opened, faults: found) }
        let (number, amends) = (opened.state.number, opened.round?.amends == true)
        try await cases.supplement(
            number, values: kept.values, files: files, answers: kept.answers, viewer, exchange.occasion(opened.area))
        return exchange.redirect(
            PortalPaths.one.url(opened.area, number),
            flash: Message(amends ? "cases.portal.amend.done" : "cases.portal.correction.done"))
    }

    /// Fields and files of the whole page: without scripts everything comes at once.
    private func receiveForm(
        _ exchange: Exchange, _ opened: OpenCase, _ viewer: ResidentViewer
    ) async throws -> (form: FormData, faults: [FieldFault]) {
        let upload = Upload(cases: cases, exchange: exchange)
        return try await upload.form { part, reader in
            try await upload.supplement(
                part, &reader, String(part.name.dropFirst(2)), of: opened.state.number, area: opened.area, viewer)
        }
    }

    /// Keeps what the form says of listed points; fields that are not listed are not even read.
    private func keep(_ form: FormData, _ opened: OpenCase, _ viewer: ResidentViewer, _ exchange: Exchange) async throws
    {
        var kept = try opened.keptAnswers()
        let pairs = FieldViews.pairs(form)
        let sent = (form["action"].flatMap(TableAction.init)?.applied(to: pairs)) ?? pairs
        for (field, value) in opened.listedValues(FormInput(sent)) { kept.values[field] = value }
        for point in opened.round?.points ?? [] {
            if let words = form["answer." + point.id] { kept.answers[point.id] = String(words.prefix(1000)) }
        }
        try await cases.keepAnswers(kept, of: opened.state.number, viewer, area: opened.area, at: exchange.now)
    }

    // MARK: Files by script

    @Sendable func receive(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ material: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let upload = Upload(cases: cases, exchange: exchange)
        let row = try await upload.row(
            field: "m-\(material)",
            known: { file in
                try await cases.openOwn(number, area: area, viewer).keptFiles().first { $0.id == file }
            }
        ) { part, reader in
            try await upload.supplement(part, &reader, material, of: number, area: area, viewer)
        }
        return upload.answer(
            row, ready: "", href: { PortalPaths.correctionFile.url(area, number, $0) },
            remove: { PortalPaths.removeCorrectionFile.url(area, number, $0) })
    }

    @Sendable func look(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ file: String) async throws
        -> Response
    {
        let (name, kind, reader) = try await cases.keptFile(file, of: number, try exchange.resident(), area: area)
        return FileResponse.make(reader, kind: kind, name: name, inline: true, exchange)
    }

    @Sendable func remove(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ file: String) async throws
        -> Response
    {
        try await cases.dropFile(file, of: number, try exchange.resident(), area: area)
        return exchange.wantsJSON
            ? exchange.json([:]) : exchange.redirect(PortalPaths.correction.url(area, number) + "#points")
    }

    // MARK: The page

    private func page(_ exchange: Exchange, _ opened: OpenCase, faults: [FieldFault] = []) async throws -> Response {
        guard let round = opened.round else {
            let key = opened.state.stage == .lapsed ? "cases.portal.correction.lapsed" : "cases.portal.correction.none"
            return exchange.redirect(
                PortalPaths.one.url(opened.area, opened.state.number), flash: Message(key), kind: "info")
        }
        let points = try await cases.correctionPoints(of: opened)
        let viewer = try exchange.resident()
        let content = try opened.content()
        let kept = try opened.keptAnswers()
        let values = content.form.merging(kept.values) { _, new in new }
        let context = RuleContext(
            situations: content.situations, form: values, applicant: viewer.isOrganisation ? .organisation : .person,
            today: exchange.now.date, calendar: opened.calendar)
        var fields = FieldViews(
            item: opened.item.definition, rules: FormRules(item: opened.item.definition, context: context),
            values: values,
            profile: opened.profile, language: exchange.language, text: { exchange.text($0) }, faults: faults)
        fields.growing = exchange.query("add")
        let rows = CorrectionRows(
            opened: opened, content: content, kept: kept, files: try opened.keptFiles(), fields: fields, faults: faults,
            exchange: exchange)
        let words = LimitWords(exchange, calendar: opened.calendar)
        let url = PortalPaths.correction.url(opened.area, opened.state.number)
        let notice = round.notice
        let part = round.amends ? "amend" : "correction"
        let view = View([
            "item": opened.item.definition.name[exchange.language], "number": CaseNumber.grouped(opened.state.number),
            "heading": exchange.text("cases.portal.\(part).title"), "lead": exchange.text("cases.portal.\(part).lead"),
            "submit": exchange.text("cases.portal.\(part).submit"),
            "choose": round.amends ? PortalPaths.amend.url(opened.area, opened.state.number) : nil,
            "deadline": round.limit.map { Self.deadline($0, exchange, words) },
            "light": round.limit.map { words.light($0) },
            "points": try points.enumerated().map { try rows.view($1, number: $0 + 1) },
            "emptyable": fields.emptyable(opened.listedFields), "action": url,
            "autosave": Self.save.url(opened.area, opened.state.number), "defaultAction": "submit",
            "back": PortalPaths.one.url(opened.area, opened.state.number),
            "notice": notice.map { PortalPaths.notice.url(opened.area, opened.state.number, $0.id) },
        ])
        return try await exchange.page(
            "cases.portal-correction", title: exchange.text("cases.portal.\(part).title"), view,
            faults: faults.map(\.anchored),
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
