import Catalogue
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 上传材料: a form a row, so that it works without scripts and one bad file never takes another with it.
struct MaterialsPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.materials, requires: .applicant, show)
        routes.post(PortalPaths.materials, requires: .applicant, goOn)
        routes.get(PortalPaths.material, requires: .applicant) { exchange, area, id, material in
            exchange.redirect(PortalPaths.materials.url(area, id) + "#m-\(encodeSegment(material))")
        }
        routes.post(PortalPaths.material, requires: .applicant, streams: true, receive)
        routes.get(PortalPaths.draftFile, requires: .applicant, look)
        routes.post(PortalPaths.removeDraftFile, requires: .applicant, remove)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.one.url(area, number))
        }
        return try await page(exchange, area, id, viewer)
    }

    /// 下一步: on to the check, or what is still missing.
    @Sendable func goOn(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        if exchange.form["action"] == "exit" {
            return exchange.redirect(PortalPaths.draft.url(area, id), flash: Message("cases.portal.draft.kept"))
        }
        let draft = try await cases.openDraft(id, area: area, viewer)
        let check = cases.check(draft, viewer, language: exchange.language, on: exchange.now.date)
        // What may come later is chosen with the check.
        let needed = check.missing.filter { $0.lackingWithin == nil }
        guard needed.isEmpty else {
            let faults = needed.map {
                FieldFault("m-\($0.id)", Message("cases.fault.materialMissing", ["name": $0.name[exchange.language]]))
            }
            return try await page(exchange, area, id, viewer, faults: faults)
        }
        return exchange.redirect(PortalPaths.check.url(area, id))
    }

    /// One row: files come up, or one is taken off again.
    @Sendable func receive(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ material: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let upload = Upload(cases: cases, exchange: exchange)
        let field = "m-\(material)"
        let row = try await upload.row(
            field: field,
            known: { file in try await cases.openDraft(id, area: area, viewer).content.files.first { $0.id == file } }
        ) { part, reader in
            try await upload.attach(part, &reader, material, to: id, area: area, viewer)
        }
        if exchange.wantsJSON {
            return upload.answer(
                row, ready: try await ready(exchange, area, id, viewer),
                href: { PortalPaths.draftFile.url(area, id, $0) },
                remove: { PortalPaths.removeDraftFile.url(area, id, $0) })
        }
        if let action = row.action, action.hasPrefix("remove:") {
            try await cases.detach(String(action.dropFirst(7)), from: id, area: area, viewer, at: exchange.now)
        } else if row.files.isEmpty, row.faults.isEmpty {
            return try await page(
                exchange, area, id, viewer, faults: [FieldFault(field, Message("cases.fault.chooseFile"))])
        }
        guard row.faults.isEmpty else { return try await page(exchange, area, id, viewer, faults: row.faults) }
        return exchange.redirect(PortalPaths.materials.url(area, id) + "#\(encodeSegment(field))")
    }

    @Sendable func remove(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ file: String) async throws -> Response
    {
        let viewer = try exchange.resident()
        try await cases.detach(file, from: id, area: area, viewer, at: exchange.now)
        guard exchange.wantsJSON else { return exchange.redirect(PortalPaths.materials.url(area, id)) }
        return exchange.json(["ready": .string(try await ready(exchange, area, id, viewer))])
    }

    @Sendable func look(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ file: String) async throws -> Response {
        let (name, kind, reader) = try await cases.draftFile(file, of: id, area: area, try exchange.resident())
        return FileResponse.make(reader, kind: kind, name: name, inline: true, exchange)
    }

    private func ready(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ viewer: ResidentViewer) async throws
        -> String
    {
        let draft = try await cases.openDraft(id, area: area, viewer)
        let check = cases.check(draft, viewer, language: exchange.language, on: exchange.now.date)
        return MaterialRows(draft: draft, check: check, exchange: exchange).ready
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ id: String, _ viewer: ResidentViewer, faults: [FieldFault] = []
    ) async throws -> Response {
        let draft = try await cases.openDraft(id, area: area, viewer)
        let check = cases.check(draft, viewer, language: exchange.language, on: exchange.now.date)
        let steps = DraftSteps(draft: draft, check: check, language: exchange.language)
        let rows = MaterialRows(draft: draft, check: check, exchange: exchange, faults: faults)
        let view = View([
            "item": draft.item.definition.name[exchange.language],
            "stepper": steps.stepper(current: .materials) { exchange.text($0) },
            "rows": rows.rows(inForm: false), "ready": rows.ready, "action": PortalPaths.materials.url(area, id),
            "overview": PortalPaths.draft.url(area, id),
            "scans": viewer.attendant == nil ? nil : PortalPaths.scans.url(area, id),
        ])
        return try await exchange.page(
            "cases.portal-materials", title: exchange.text("cases.portal.materials.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
