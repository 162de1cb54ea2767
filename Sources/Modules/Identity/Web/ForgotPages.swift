import Hummingbird
import Kernel
import Web

/// Who: a resident who forgot the password. The phone by a code, the person by the number on the identity card.
struct ForgotPages: Sendable {
    let identity: IdentityAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await phonePage(exchange, [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        switch exchange.form.text("action") {
        case "send": return try await send(exchange)
        case "reset": return try await reset(exchange)
        default: throw DomainError.notFound
        }
    }

    private func send(_ exchange: Exchange) async throws -> Response {
        let typed = exchange.form.text("phone")
        guard let phone = MobileNumber(typed) else {
            return try await phonePage(exchange, [FieldFault("phone", PersonRules.phoneFault(typed))])
        }
        let isKnown = try await identity.account(of: phone) != nil
        switch try await exchange.sendCode(to: phone, for: .forgot, isKnown: isKnown, by: identity) {
        case .sent(let code): return try await resetPage(exchange, [], code: code)
        case .tooSoon(let fault): return try await resetPage(exchange, [fault])
        }
    }

    private func reset(_ exchange: Exchange) async throws -> Response {
        let form = exchange.form
        try exchange.app.limiter.take("forgot", exchange.address, limit: 30, per: 3600, at: exchange.now)
        let phone = MobileNumber(form.text("phone"))?.text ?? form.text("phone")
        try exchange.app.limiter.take("forgot.phone", phone, limit: 10, per: 3600, at: exchange.now)
        do {
            try await identity.resetPassword(
                phone: form.text("phone"), code: form.text("code"), idNumber: form.text("idNumber"),
                password: form.secret("password"), repeated: form.secret("repeated"), exchange.doing)
        } catch DomainError.invalid(let faults) {
            return try await resetPage(exchange, faults)
        }
        return exchange.redirect(exchange.areaPath + "/sign-in", flash: Message("identity.forgot.done"))
    }

    private func phonePage(_ exchange: Exchange, _ faults: [FieldFault]) async throws -> Response {
        let fields = FormFields(exchange: exchange, faults: faults)
        return try await exchange.page(
            "identity.forgot", title: exchange.text("identity.forgot.title"),
            View([
                "first": true,
                "fields": [
                    fields.field("phone", .phone, "identity.phone", value: exchange.form["phone"], autocomplete: "tel")
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func resetPage(_ exchange: Exchange, _ faults: [FieldFault], code: String? = nil) async throws -> Response {
        let form = exchange.form
        let fields = FormFields(exchange: exchange, faults: faults)
        return try await exchange.page(
            "identity.forgot", title: exchange.text("identity.forgot.title"),
            View([
                "first": false, "typedPhone": form["phone"], "defaultAction": "reset",
                "sent": faults.isEmpty ? exchange.codeBanner(code) : nil,
                "fields": [
                    fields.field("phone", .fixed, "identity.phone", value: form["phone"]),
                    fields.field("code", .code, "identity.code", value: form["code"], hint: "identity.forgot.codeHint"),
                    fields.field("idNumber", .idCard, "identity.id", value: form["idNumber"]),
                    fields.field(
                        "password", .password, "identity.password.new", hint: "identity.password.hint",
                        autocomplete: "new-password"),
                    fields.field("repeated", .password, "identity.password.repeat", autocomplete: "new-password"),
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
