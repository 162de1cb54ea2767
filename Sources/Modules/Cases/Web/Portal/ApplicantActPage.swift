import Catalogue
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Web

/// The page of an act of the applicant: a promise to sign, a hearing to ask for.
struct ApplicantActPage: Sendable {
    let cases: CasesAPI

    static let path = Path("/:area/my/cases/:number/acts/:act", AreaCode.self, String.self, String.self)

    func add(to routes: Routes) {
        routes.get(Self.path, requires: .resident, show)
        routes.post(Self.path, requires: .resident, post)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ name: String) async throws
        -> Response
    {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        guard let act = ApplicantAct.named(name) else { throw DomainError.notFound }
        return try await page(act, opened, ActInput([:]), exchange)
    }

    @Sendable func post(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ name: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let opened = try await cases.openOwn(number, area: area, viewer)
        guard let act = ApplicantAct.named(name) else { throw DomainError.notFound }
        let input = ActInput(exchange.form)
        if exchange.form.text("action") == "code" {
            guard act.signs else { throw DomainError.notFound }
            let code = try await cases.sendSigningCode(exchange, viewer, area)
            return try await page(
                act, opened, input, exchange,
                sent: View([
                    "kind": "info", "title": exchange.text("cases.act.code.sent"),
                    "text": code.map { exchange.text("cases.act.code.demo", ["code": $0]) }
                        ?? exchange.text("cases.act.code.life"),
                ]))
        }
        do {
            try await cases.act(name, number, input, viewer, exchange.occasion(area))
        } catch DomainError.invalid(let faults) {
            return try await page(act, opened, input, exchange, faults: faults)
        } catch let error as DomainError {
            guard case .refused = error else { throw error }
            let told = View([
                "kind": "danger", "title": exchange.text("cases.desk.notDone"), "text": exchange.reason(error),
            ])
            return try await page(act, opened, input, exchange, sent: told, status: .unprocessableContent)
        }
        return exchange.redirect(
            PortalPaths.one.url(area, number), flash: Message("cases.act.done", texts: ["act": "cases.act.\(name)"]))
    }

    private func page(
        _ act: ApplicantAct, _ opened: OpenCase, _ input: ActInput, _ exchange: Exchange, faults: [FieldFault] = [],
        sent: View? = nil, status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        let scene = try await cases.scene(opened, try exchange.resident(), at: exchange.now)
        guard act.isOpen(scene) else {
            return exchange.redirect(
                PortalPaths.one.url(opened.area, opened.state.number), flash: Message("cases.act.closed"), kind: "info")
        }
        var inputs = ActFields(input: input, exchange: exchange, faults: faults).views(act.fields(scene))
        if act.signs {
            inputs.append(
                View([
                    "id": "code", "name": "code", "label": exchange.text("cases.act.field.code"), "isCode": true,
                    "value": input.raw("code"), "hint": exchange.text("cases.act.code.hint"),
                    "error": faults.first { $0.field == "code" }.map { exchange.text($0.message) },
                ]))
        }
        let view = View([
            "item": opened.item.definition.name[exchange.language], "number": CaseNumber.grouped(opened.state.number),
            "heading": exchange.text("cases.act.\(act.name)"), "intro": exchange.text("cases.act.\(act.name).mine"),
            "inputs": inputs, "signs": act.signs, "sent": sent,
            "back": PortalPaths.one.url(opened.area, opened.state.number),
            "action": Self.path.url(opened.area, opened.state.number, act.name),
        ])
        return try await exchange.page(
            "cases.portal-act", title: exchange.text("cases.act.\(act.name)"), view, faults: faults,
            status: status ?? (faults.isEmpty ? .ok : .unprocessableContent))
    }
}

extension CasesAPI {
    /// Sends a code for signing within the limits of one phone.
    func sendSigningCode(_ exchange: Exchange, _ viewer: ResidentViewer, _ area: AreaCode) async throws -> String? {
        try exchange.app.limiter.take("code.sign", viewer.account, limit: 6, per: 3600, at: exchange.now)
        return try await identity.sendSigningCode(
            to: viewer, at: area, in: exchange.language, by: exchange.actor, request: exchange.requestID,
            at: exchange.now)
    }
}
