import Catalogue
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 由经办人代办: who handles the application, with the power of attorney; and later, taking it back.
struct HandlerPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.handler, requires: .applicant, show)
        routes.post(PortalPaths.handler, requires: .applicant, streams: true, save)
        routes.get(PortalPaths.ownHandler, requires: .resident, confirm)
        routes.post(PortalPaths.ownHandler, requires: .resident, withdraw)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.one.url(area, number))
        }
        return try await page(exchange, area, id, viewer)
    }

    /// Saved first, judged afterwards: nothing that was typed is lost.
    @Sendable func save(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let upload = Upload(cases: cases, exchange: exchange)
        let (form, wrong) = try await upload.form { part, reader in
            guard part.name == "m-\(HandlerContent.material)" else {
                throw DomainError.invalid(part.name, "web.fault.upload")
            }
            return try await upload.attach(part, &reader, HandlerContent.material, to: id, area: area, viewer)
        }
        let action = form.text("action")
        if action == "none" {
            try await cases.saveHandler(nil, of: id, area: area, viewer, at: exchange.now)
            return exchange.redirect(PortalPaths.check.url(area, id), flash: Message("cases.handler.removed"))
        }
        let until = ["year", "month", "day"].map { Int(form.text("until.\($0)")) ?? 0 }
        let handler = HandlerContent(
            name: String(form.text("name").prefix(60)), idNumber: String(form.text("idNumber").uppercased().prefix(24)),
            scope: form.all("scope").compactMap(HandlerContent.Scope.init),
            until: CivilDate(year: until[0], month: until[1], day: until[2]))
        let draft = try await cases.saveHandler(handler, of: id, area: area, viewer, at: exchange.now)
        if action.hasPrefix("remove:") {
            try await cases.detach(String(action.dropFirst(7)), from: id, area: area, viewer, at: exchange.now)
            return exchange.redirect(PortalPaths.handler.url(area, id))
        }
        let faults =
            wrong
            + cases.handlerFaults(draft, viewer, on: exchange.now.date).filter { fault in
                !wrong.contains { $0.field == fault.field }
            }
        guard faults.isEmpty else { return try await page(exchange, area, id, viewer, form, faults) }
        return exchange.redirect(PortalPaths.check.url(area, id))
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ id: String, _ viewer: ResidentViewer, _ form: FormData? = nil,
        _ faults: [FieldFault] = []
    ) async throws -> Response {
        let draft = try await cases.openDraft(id, area: area, viewer)
        let handler = draft.content.handler
        func fault(_ name: String) -> String? { faults.first { $0.field == name }.map { exchange.text($0.message) } }
        func field(_ name: String, _ kind: String, _ more: KeyValuePairs<String, Any?>) -> View {
            View([
                "id": name, "name": name, "label": exchange.text("cases.handler.\(name == "idNumber" ? "id" : name)"),
                "error": fault(name), kind: true,
            ]).with(more)
        }
        func day(_ part: String, _ known: Int?) -> String? { form?["until.\(part)"] ?? known.map { String($0) } }
        let fields = [
            field("name", "isText", ["value": handler?.name, "autocomplete": "off", "width": "w20"]),
            field("idNumber", "isIdCard", ["value": handler?.idNumber]),
            field(
                "scope", "isCheckboxes",
                [
                    "options": HandlerContent.Scope.allCases.map { scope in
                        View([
                            "value": scope.rawValue, "label": exchange.text("cases.handler.scope.\(scope.rawValue)"),
                            "checked": handler?.scope.contains(scope) ?? true,
                        ])
                    }
                ]),
            field(
                "until", "isDate",
                [
                    "hint": exchange.text("cases.handler.untilHint"), "year": day("year", handler?.until?.year),
                    "month": day("month", handler?.until?.month), "day": day("day", handler?.until?.day),
                ]),
        ]
        let paper = "m-\(HandlerContent.material)"
        let files = CasesAPI.papers(draft.content.files)
        let view = View([
            "item": draft.item.definition.name[exchange.language], "fields": fields, "defaultAction": "save",
            "action": PortalPaths.handler.url(area, id), "back": PortalPaths.check.url(area, id), "paper": paper,
            "paperError": fault(paper), "mayRemove": handler != nil && !viewer.byHandler,
            "full": files.count >= HandlerContent.mostPapers,
            "files": files.map { file in
                View([
                    "name": file.name, "size": sizeWords(file.size),
                    "href": PortalPaths.draftFile.url(area, id, file.id), "removeValue": "remove:" + file.id,
                ])
            },
        ])
        return try await exchange.page(
            "cases.portal-handler", title: exchange.text("cases.handler.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    // MARK: Taking it back

    @Sendable func confirm(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        guard let attorney = try await cases.ownAttorney(number, try exchange.resident(), area: area),
            attorney.state.withdrawnAt == nil
        else {
            return exchange.redirect(
                PortalPaths.one.url(area, number), flash: Message("cases.handler.nothing"), kind: "info")
        }
        return try await exchange.page(
            "cases.portal-handler-end", title: exchange.text("cases.handler.end"),
            View([
                "number": CaseNumber.grouped(number), "action": PortalPaths.ownHandler.url(area, number),
                "back": PortalPaths.one.url(area, number), "uses": attorney.state.uses,
            ]))
    }

    @Sendable func withdraw(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        guard let attorney = try await cases.ownAttorney(number, try exchange.resident(), area: area) else {
            return exchange.redirect(
                PortalPaths.one.url(area, number), flash: Message("cases.handler.nothing"), kind: "info")
        }
        try await cases.withdrawAttorney(attorney.id, exchange.occasion(area))
        return exchange.redirect(PortalPaths.one.url(area, number), flash: Message("cases.handler.ended"))
    }
}
