import Catalogue
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Web

/// Who: the applicant, or the officer at whose counter he sits. Why: somebody the application names is elsewhere, and gets a link.
struct RemoteCheckRequest: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.remoteCheck, requires: .applicant, show)
        routes.post(PortalPaths.remoteCheck, requires: .applicant, send)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        guard opened.state.remote != nil else { return nothing(exchange, area, number) }
        return try await page(exchange, area, number)
    }

    private func nothing(_ exchange: Exchange, _ area: AreaCode, _ number: String) -> Response {
        exchange.redirect(
            PortalPaths.one.url(area, number), flash: Message("cases.remote.nothing"), kind: "info")
    }

    @Sendable func send(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.resident()
        guard try await cases.openOwn(number, area: area, viewer).state.remote != nil else {
            return nothing(exchange, area, number)
        }
        try exchange.app.limiter.take("remote.ask", area.text + number, limit: 6, per: 3600, at: exchange.now)
        do {
            let link = try await cases.askRemoteCheck(
                number, phone: exchange.form.text("phone"), viewer, exchange.occasion(area))
            guard exchange.app.settings.demo else {
                return exchange.redirect(
                    PortalPaths.one.url(area, number), flash: Message("cases.remote.sent"))
            }
            // In a demonstration no SMS goes out: the page shows what it would have said.
            let told = View([
                "kind": "info", "title": exchange.text("cases.remote.sent"),
                "text": exchange.text("cases.remote.demo", ["link": link.address, "code": link.digits]),
            ])
            return try await page(exchange, area, number, sent: told)
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, number, faults: faults)
        } catch DomainError.refused(let message) {
            return exchange.redirect(PortalPaths.one.url(area, number), flash: message, kind: "info")
        }
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ number: String, sent: View? = nil, faults: [FieldFault] = []
    ) async throws -> Response {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        guard let check = opened.state.remote,
            let person = FormContent.person(check.field, in: try opened.content().form)
        else { throw DomainError.notFound }
        let known = try opened.words(check.words, as: RemoteCheckWords.self)?.phone ?? person.phone
        let view = View([
            "item": opened.item.definition.name[exchange.language], "number": CaseNumber.grouped(number),
            "text": RemoteCheckViews.standing(opened, check, exchange),
            "role": opened.item.definition.field(check.field)?.label[exchange.language],
            "name": Mask.name(person.name), "idNumber": Mask.identity(person.idNumber),
            "mayAsk": opened.state.mayBeIdentified && check.standing != .recorded, "sent": sent,
            "fields": [
                View([
                    "isPhone": true, "id": "phone", "name": "phone", "label": exchange.text("cases.remote.phone"),
                    "hint": exchange.text("cases.remote.phoneHint"), "value": exchange.form["phone"] ?? known,
                    "error": faults.first.map { exchange.text($0.message) },
                ])
            ],
            "action": PortalPaths.remoteCheck.url(area, number), "back": PortalPaths.one.url(area, number),
        ])
        return try await exchange.page(
            "cases.portal-remote", title: exchange.text("cases.remote.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
