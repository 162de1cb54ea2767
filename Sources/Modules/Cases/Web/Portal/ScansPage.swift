import Catalogue
import Documents
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Web

/// Who: an officer with somebody at the counter. Why: to get papers into the application, from the applicant's phone or from the
/// scanner's folder, and to put each under its material.
struct ScansPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.scans, requires: .applicant, show)
        routes.post(PortalPaths.scans, requires: .applicant, act)
        routes.get(PortalPaths.scanFiles, requires: .applicant, show)
        routes.post(PortalPaths.scanFiles, requires: .applicant, streams: true, receive)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.one.url(area, number))
        }
        return try await page(exchange, area, id, viewer)
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let (viewer, form, now) = (try exchange.resident(), exchange.form, exchange.now)
        let here = PortalPaths.scans.url(area, id)
        let action = form.text("action")
        switch action {
        case "show":
            guard let screen = exchange.sittingCookie.flatMap(IdentityAPI.screenCode(cookie:)) else { break }
            try await cases.showScanLink(id, screen: screen, area: area, viewer, at: now)
        case "hide": try await cases.hideScanLink(id, area: area, viewer)
        case _ where action.hasPrefix("remove:"):
            try await cases.detach(String(action.dropFirst(7)), from: id, area: area, viewer, at: now)
        default:
            let places = form.pairs.filter { $0.name.hasPrefix("to-") }.map { (String($0.name.dropFirst(3)), $0.value) }
            do {
                try await cases.sort(
                    Dictionary(places, uniquingKeysWith: { $1 }), of: id, area: area, viewer, at: now)
            } catch DomainError.invalid(let faults) {
                return try await page(exchange, area, id, viewer, faults: faults)
            }
            return exchange.redirect(here, flash: Message("cases.scans.sorted"))
        }
        return exchange.redirect(here)
    }

    /// Several files at once, from the folder that the scanner writes to.
    @Sendable func receive(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let upload = Upload(cases: cases, exchange: exchange)
        let field = "m-\(Scans.material)"
        let row = try await upload.row(field: field) { part, reader in
            try await upload.attach(part, &reader, Scans.material, to: id, area: area, viewer)
        }
        let faults =
            row.faults.isEmpty && row.files.isEmpty
            ? [FieldFault(field, Message("cases.fault.chooseFile"))] : row.faults
        guard faults.isEmpty else { return try await page(exchange, area, id, viewer, faults: faults) }
        return exchange.redirect(
            PortalPaths.scans.url(area, id),
            flash: Message("cases.scans.received", ["count": String(row.files.count)]))
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ id: String, _ viewer: ResidentViewer, faults: [FieldFault] = []
    ) async throws -> Response {
        let (draft, language) = (try await cases.openDraft(id, area: area, viewer), exchange.language)
        let check = cases.check(draft, viewer, language: language, on: exchange.now.date)
        let materials = check.situations.materials.filter {
            $0.toUpload && $0.material.form != .paper && !$0.material.generated
        }.map { (id: $0.material.id, name: $0.material.name[language], must: $0.required) }
        let screen = exchange.sittingCookie.flatMap(IdentityAPI.screenCode(cookie:))
        var address: String?
        if let screen { address = try await cases.scanAddress(id, screen: screen, area: area, at: exchange.now) }
        let places = materials.map { ($0.id, $0.name) } + [(Scans.material, exchange.text("cases.scans.waiting"))]
        func files(_ material: String) -> [View] {
            draft.content.files.filter { $0.material == material }.map { file in
                let chosen = exchange.form["to-\(file.id)"] ?? material
                return View([
                    "id": "to-\(file.id)", "name": file.name, "size": sizeWords(file.size),
                    "href": PortalPaths.draftFile.url(area, id, file.id), "remove": "remove:\(file.id)",
                    "error": faults.first { $0.field == "to-\(file.id)" }.map { exchange.text($0.message) },
                    "places": places.map { place in
                        View(["value": place.0, "label": place.1, "selected": place.0 == chosen])
                    },
                ])
            }
        }
        let waiting = files(Scans.material)
        let upload = "m-\(Scans.material)"
        let view = View([
            "item": draft.item.definition.name[language], "action": PortalPaths.scans.url(area, id),
            "files": PortalPaths.scanFiles.url(area, id), "back": PortalPaths.check.url(area, id),
            "materialsHref": PortalPaths.materials.url(area, id), "mayShow": screen != nil,
            "code": try address.map { address in
                let picture = try CodePicture(address)
                return View(["side": picture.side, "path": picture.path, "address": address])
            },
            "waiting": View(["count": waiting.count, "files": waiting, "isEmpty": waiting.isEmpty]),
            "materials": materials.map { material in
                let own = files(material.id)
                return View(["name": material.name, "must": material.must, "files": own, "isEmpty": own.isEmpty])
            },
            "defaultAction": "sort", "hasFiles": !draft.content.files.isEmpty, "upload": upload,
            "uploadError": faults.first { $0.field == upload }.map { exchange.text($0.message) },
        ])
        return try await exchange.page(
            "cases.portal-scans", title: exchange.text("cases.scans.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
