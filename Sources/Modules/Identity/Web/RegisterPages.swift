import Directory
import Hummingbird
import Kernel
import Web

/// Who: a resident without an account. First the phone, then the code and who it is.
struct RegisterPages: Sendable {
    let identity: IdentityAPI
    let directory: DirectoryAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await phonePage(exchange, [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        switch exchange.form.text("action") {
        case "send": return try await send(exchange)
        case "open": return try await open(exchange, area)
        default: throw DomainError.notFound
        }
    }

    /// How personal data are handled here (个人信息保护法 art. 17).
    @Sendable func privacy(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let profile = try await directory.profile(of: area)
        return try await exchange.page(
            "identity.privacy", title: exchange.text("identity.privacy.title"),
            View([
                "lead": exchange.text("identity.privacy.lead", ["area": profile.name[exchange.language]]),
                "version": exchange.text("identity.privacy.version", ["version": identity.settings.noticeVersion]),
            ]))
    }

    private func send(_ exchange: Exchange) async throws -> Response {
        let typed = exchange.form.text("phone")
        guard let phone = MobileNumber(typed) else {
            return try await phonePage(exchange, [FieldFault("phone", PersonRules.phoneFault(typed))])
        }
        switch try await exchange.sendCode(to: phone, for: .register, by: identity) {
        case .sent(let code): return try await personPage(exchange, [], code: code)
        case .tooSoon(let fault): return try await personPage(exchange, [fault])
        }
    }

    private func open(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        try exchange.app.limiter.take("register", exchange.address, limit: 30, per: 3600, at: exchange.now)
        let account: AccountReference
        do {
            account = try await identity.register(
                RegistrationForm(
                    phone: form.text("phone"), code: form.text("code"), name: form.text("name"),
                    idNumber: form.text("idNumber"), password: form.secret("password"),
                    repeated: form.secret("repeated"),
                    hasConsented: form.text("consent") == "yes"), in: area, exchange.doing)
        } catch DomainError.invalid(let faults) {
            return try await personPage(exchange, faults)
        }
        guard case .done(let cookie, _) = try await identity.enter(account, device: exchange.device, exchange.doing)
        else {
            return exchange.redirect(exchange.areaPath + "/sign-in")
        }
        var response = exchange.redirect(
            exchange.target(atDesk: false, or: "\(exchange.areaPath)/"), flash: Message("identity.register.done"))
        response.startSession(cookie, at: .portal, maxAge: nil)
        return response
    }

    private func phonePage(_ exchange: Exchange, _ faults: [FieldFault]) async throws -> Response {
        let fields = FormFields(exchange: exchange, faults: faults)
        return try await exchange.page(
            "identity.register", title: exchange.text("identity.register.title"),
            View([
                "first": true,
                "fields": [
                    fields.field(
                        "phone", .phone, "identity.phone", value: exchange.form["phone"],
                        hint: "identity.register.phoneHint",
                        autocomplete: "tel")
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func personPage(_ exchange: Exchange, _ faults: [FieldFault], code: String? = nil) async throws -> Response
    {
        let form = exchange.form
        let fields = FormFields(exchange: exchange, faults: faults)
        return try await exchange.page(
            "identity.register", title: exchange.text("identity.register.title"),
            View([
                "first": false, "typedPhone": form["phone"], "defaultAction": "open",
                "sent": code == nil && !faults.isEmpty ? nil : exchange.codeBanner(code),
                "fields": [
                    fields.field("phone", .fixed, "identity.phone", value: form["phone"]),
                    fields.field("code", .code, "identity.code", value: form["code"], hint: "identity.code.hint"),
                    fields.field(
                        "name", .text, "identity.name", value: form["name"], hint: "identity.name.hint",
                        autocomplete: "name"),
                    fields.field("idNumber", .idCard, "identity.id", value: form["idNumber"]),
                    fields.field(
                        "password", .password, "identity.password", hint: "identity.password.hint",
                        autocomplete: "new-password"),
                    fields.field("repeated", .password, "identity.password.repeat", autocomplete: "new-password"),
                ],
                "consent": fields.tick(
                    "consent", "identity.register.notice", "identity.register.agree",
                    isTicked: form.text("consent") == "yes"),
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}

/// What became of the wish for a code.
enum CodeSending {
    /// On its way; the code itself only in a demonstration.
    case sent(String?)
    case tooSoon(FieldFault)
}

extension Exchange {
    /// Sends a code within the limits: 30 an hour from one address, 6 an hour to one phone, one a minute.
    func sendCode(
        to phone: MobileNumber, for purpose: CodePurpose, isKnown: Bool = true, by identity: IdentityAPI
    ) async throws -> CodeSending {
        try app.limiter.take("code", address, limit: 30, per: 3600, at: now)
        try app.limiter.take("code.phone", "\(purpose) \(phone.text)", limit: 6, per: 3600, at: now)
        do {
            return .sent(
                try await identity.sendCode(
                    to: phone, for: purpose, isKnown: isKnown, at: area, in: language, doing))
        } catch DomainError.tooMany(let seconds) {
            return .tooSoon(FieldFault("code", Message("identity.code.soon", ["seconds": String(seconds)])))
        }
    }

    func codeBanner(_ code: String?) -> View {
        View([
            "kind": "info", "title": text("identity.code.sent"), "action": nil,
            "text": code.map { text("identity.code.demo", ["code": $0]) } ?? text("identity.code.life"),
        ])
    }
}

extension FormData {
    /// A password as it was typed: spaces at its ends belong to it.
    func secret(_ name: String) -> String { pairs.first { $0.name == name }?.value ?? "" }
}
