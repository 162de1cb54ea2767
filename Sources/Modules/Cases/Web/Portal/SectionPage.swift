import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 填写: one section a page. Whatever was typed is saved first and judged afterwards; all faults are shown at once.
struct SectionPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.section, requires: .applicant, show)
        routes.post(PortalPaths.section, requires: .applicant, save)
        routes.get(PortalPaths.sectionWithFiles, requires: .applicant) { exchange, area, id, section in
            exchange.redirect(PortalPaths.section.url(area, id, section))
        }
        routes.post(PortalPaths.sectionWithFiles, requires: .applicant, streams: true, saveWithFiles)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ segment: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.one.url(area, number))
        }
        let draft = try await cases.openDraft(id, area: area, viewer)
        return try await page(exchange, draft, viewer, PortalPaths.sectionID(segment), from: exchange.query("from"))
    }

    @Sendable func save(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ segment: String) async throws
        -> Response
    {
        try await carryOut(Sent(exchange.form), exchange, area, id, PortalPaths.sectionID(segment))
    }

    /// The generic form: fields and files come together, so that a page without scripts loses neither.
    @Sendable func saveWithFiles(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ segment: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let upload = Upload(cases: cases, exchange: exchange)
        let (form, faults) = try await upload.form { part, reader in
            try await upload.attach(part, &reader, String(part.name.dropFirst(2)), to: id, area: area, viewer)
        }
        return try await carryOut(Sent(form, faults: faults), exchange, area, id, PortalPaths.sectionID(segment))
    }

    /// What came with the form.
    private struct Sent {
        let form: FormData
        let action: String
        let seen: Set<String>
        let pairs: [(name: String, value: String)]
        let faults: [FieldFault]

        init(_ form: FormData, faults: [FieldFault] = []) {
            self.form = form
            self.faults = faults
            action = form["action"] ?? "save"
            seen = Set(form.text("seen").split(separator: ",").map(String.init))
            pairs = FieldViews.pairs(form)
        }

        func sends(_ field: String) -> Bool { pairs.contains { $0.name == field || $0.name.hasPrefix(field + ".") } }
    }

    private func carryOut(
        _ sent: Sent, _ exchange: Exchange, _ area: AreaCode, _ id: String, _ section: String
    ) async throws -> Response {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.one.url(area, number))
        }
        let table = TableAction(sent.action)
        let draft = try await cases.saveSection(
            section, table?.applied(to: sent.pairs) ?? sent.pairs, of: id, area: area, viewer, at: exchange.now)
        let url = PortalPaths.section(area, id, section)
        if sent.action == "autosave" {
            return exchange.json(["version": .int(Int64(draft.row.version)), "at": .string(exchange.now.clock)])
        }
        let from = sent.form["from"]
        if let table {
            let rows = draft.content.form[table.table]?.elements?.count ?? 0
            let column = draft.item.definition.field(table.table)?.columns.first?.id ?? ""
            return exchange.redirect(table.target(url, rows: rows, column: column, from: from))
        }
        if sent.action == "exit" {
            return exchange.redirect(PortalPaths.draft.url(area, id), flash: Message("cases.portal.draft.kept"))
        }
        if sent.action.hasPrefix("removefile:") {
            try await cases.detach(String(sent.action.dropFirst(11)), from: id, area: area, viewer, at: exchange.now)
            return exchange.redirect(url + "#materials")
        }
        if sent.action == "upload", sent.faults.isEmpty { return exchange.redirect(url + "#materials") }
        return try await goOn(sent, exchange, draft, viewer, section, from: from)
    }

    /// To the next page, or here again with everything that has to be changed.
    private func goOn(
        _ sent: Sent, _ exchange: Exchange, _ draft: OpenDraft, _ viewer: ResidentViewer, _ section: String,
        from: String?
    ) async throws -> Response {
        let check = cases.check(draft, viewer, language: exchange.language, on: exchange.now.date)
        let steps = DraftSteps(draft: draft, check: check, language: exchange.language)
        guard let shown = check.rules.section(section) else { return exchange.redirect(steps.url(steps.next)) }
        let all = sent.action == "upload" ? [] : check.rules.faults(in: section, language: exchange.language)
        // Fields that these answers have only just brought up are asked, not complained about.
        let fresh = Set(
            shown.fields.map(\.id).filter { field in
                !sent.seen.contains(field) && !sent.sends(field) && (draft.content.form[field] ?? .null).isNull
            })
        var faults = all.filter { fault in !fresh.contains(String(fault.field.prefix { $0 != "." })) } + sent.faults
        if draft.item.definition.genericForm, sent.action != "upload" {
            faults += check.missing.filter { material in !sent.faults.contains { $0.field == "m-\(material.id)" } }
                .map {
                    FieldFault(
                        "m-\($0.id)", Message("cases.fault.materialMissing", ["name": $0.name[exchange.language]]))
                }
        }
        if !faults.isEmpty { return try await page(exchange, draft, viewer, section, faults: faults, from: from) }
        if !all.isEmpty { return try await page(exchange, draft, viewer, section, news: true, from: from) }
        return exchange.redirect(from == "check" ? steps.url(.check) : steps.url(steps.after(.section(section))))
    }

    private func page(
        _ exchange: Exchange, _ draft: OpenDraft, _ viewer: ResidentViewer, _ id: String, faults: [FieldFault] = [],
        news: Bool = false, from: String? = nil
    ) async throws -> Response {
        let language = exchange.language
        let item = draft.item.definition
        let check = cases.check(draft, viewer, language: language, on: exchange.now.date)
        guard let section = item.section(id) else { throw DomainError.notFound }
        let steps = DraftSteps(draft: draft, check: check, language: language)
        guard check.rules.section(id) != nil else { return exchange.redirect(steps.url(steps.next)) }
        var fields = FieldViews(
            item: item, rules: check.rules, values: draft.content.form,
            profile: try await cases.directory.profile(of: draft.area),
            language: language, text: { exchange.text($0) }, faults: faults, prefilled: Set(draft.content.prefilled))
        fields.growing = exchange.query("add")
        let url = PortalPaths.section(draft.area, draft.row.id, id)
        let answers: JSON = [
            "situation": .object(check.situations.answers), "form": .object(check.rules.visibleValues),
            "applicant": ["kind": .string(viewer.isOrganisation ? "organisation" : "person")],
        ]
        let generic = item.genericForm
        let materials = MaterialRows(draft: draft, check: check, exchange: exchange, faults: faults)
        let view = View([
            "item": item.name[language], "heading": section.title[language], "hint": section.hint?[language],
            "stepper": steps.stepper(current: .section(id)) { exchange.text($0) }, "fields": fields.views(of: section),
            "emptyable": fields.emptyable(section.fields), "seen": fields.seen(in: section), "defaultAction": "save",
            "action": generic ? PortalPaths.sectionWithFiles.url(draft.area, draft.row.id, id) : url, "autosave": url,
            "multipart": generic, "answers": answers.canonical, "today": exchange.now.date.description, "from": from,
            "overview": PortalPaths.draft.url(draft.area, draft.row.id),
            "saved": draft.content.visited.contains(id)
                ? exchange.text(
                    "cases.portal.section.saved",
                    ["time": draft.row.changedAt.words(in: language, near: exchange.now.date)])
                : nil,
            "news": news ? View(["kind": "info", "title": exchange.text("cases.portal.section.more")]) : nil,
            "materials": generic && steps.hasMaterials ? View(["rows": materials.rows(inForm: true)]) : nil,
        ])
        return try await exchange.page(
            "cases.portal-section", title: section.title[language], view, faults: faults.map(\.anchored),
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}

/// Adding and removing rows of a table: buttons of the form itself.
struct TableAction {
    let table: String
    /// The row to remove; nil adds one.
    let row: Int?

    init?(_ action: String) {
        let parts = action.split(separator: ":").map(String.init)
        if parts.count == 2, parts[0] == "add" {
            (table, row) = (parts[1], nil)
        } else if parts.count == 3, parts[0] == "remove", let number = Int(parts[2]) {
            (table, row) = (parts[1], number)
        } else {
            return nil
        }
    }

    /// What was sent, less the removed row; a table that lost its last one is still named, so that it is emptied.
    func applied(to pairs: [(name: String, value: String)]) -> [(name: String, value: String)] {
        guard let row else { return pairs }
        return pairs.filter { !$0.name.hasPrefix("\(table).\(row).") } + [("\(table).", "")]
    }

    /// Where the reader goes on: the new row, the row after the removed one, or the table.
    ///
    /// - Parameters:
    ///   - rows: how many rows the table has now.
    ///   - column: the first column's id.
    func target(_ url: String, rows: Int, column: String, from: String?) -> String {
        var query: [String] = []
        if let from { query.append("from=" + encodeSegment(from)) }
        if row == nil { query.append("add=" + encodeSegment(table)) }
        let place = row.map { $0 < rows ? "\(table).\($0).\(column)" : table } ?? "\(table).\(rows).\(column)"
        return url + (query.isEmpty ? "" : "?" + query.joined(separator: "&")) + "#" + place
    }
}
