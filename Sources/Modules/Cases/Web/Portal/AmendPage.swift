import Catalogue
import Hummingbird
import Kernel
import Web

/// 变更申请内容: which answers and papers of an application under review the applicant wants to change. The change itself is made
/// on the page of the corrections.
struct AmendPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.amend, requires: .applicant, show)
        routes.post(PortalPaths.amend, requires: .applicant, choose)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        func chosen(_ target: CorrectionPoint.Target) -> [String] {
            (opened.round?.points ?? []).filter { $0.target == target }.map(\.ref)
        }
        return try await page(exchange, opened, ActInput(["fields": chosen(.field), "materials": chosen(.material)]))
    }

    @Sendable func choose(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.resident()
        let form = exchange.form
        if form.text("action") == "drop" {
            try await cases.dropAmendment(number, viewer, area: area)
            return exchange.redirect(
                PortalPaths.one.url(area, number), flash: Message("cases.portal.amend.dropped"), kind: "info")
        }
        do {
            try await cases.chooseAmendment(
                number, fields: form.all("fields"), materials: form.all("materials"), viewer, area: area,
                at: exchange.now)
        } catch DomainError.invalid(let faults) {
            let opened = try await cases.openOwn(number, area: area, viewer)
            return try await page(exchange, opened, ActInput(form), faults: faults)
        } catch let error as DomainError {
            guard case .refused = error else { throw error }
            return exchange.redirect(
                PortalPaths.one.url(area, number), flash: Message("cases.act.closed"), kind: "info")
        }
        return exchange.redirect(PortalPaths.correction.url(area, number))
    }

    private func page(_ exchange: Exchange, _ opened: OpenCase, _ input: ActInput, faults: [FieldFault] = [])
        async throws -> Response
    {
        let (area, number) = (opened.area, opened.state.number)
        guard opened.mayAmend else {
            return exchange.redirect(
                PortalPaths.one.url(area, number), flash: Message("cases.act.closed"), kind: "info")
        }
        let today = exchange.now.date
        let groups = [
            ("fields", try opened.amendableFields(on: today).map { ($0.id, $0.label) }),
            ("materials", try opened.amendableMaterials(on: today).map { ($0.id, $0.name) }),
        ].filter { !$0.1.isEmpty }
        let fields = groups.map { name, options in
            ActField(
                name: name,
                kind: .choices(options.map { .init(value: $0.0, label: .words($0.1)) }),
                label: "cases.portal.amend.\(name)")
        }
        let view = View([
            "item": opened.item.definition.name[exchange.language], "number": CaseNumber.grouped(number),
            "inputs": ActFields(input: input, exchange: exchange, faults: faults).views(fields),
            "open": opened.round?.amends == true, "back": PortalPaths.one.url(area, number),
            "action": PortalPaths.amend.url(area, number),
        ])
        return try await exchange.page(
            "cases.portal-amend", title: exchange.text("cases.portal.amend.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
