import Hummingbird
import Kernel
import Web

/// Who: a resident. Why: to apply, to see his cases. Phone and password, or the province's account.
struct SignInPages: Sendable {
    let identity: IdentityAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        if exchange.viewer.resident != nil {
            return exchange.redirect(exchange.target(atDesk: false, or: "\(exchange.areaPath)/"))
        }
        return try await page(exchange, [])
    }

    @Sendable func enter(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (phone, password) = (exchange.form.text("phone"), exchange.form.secret("password"))
        var faults: [FieldFault] = []
        if phone.isEmpty { faults.append(FieldFault("phone", Message("identity.phone.empty"))) }
        if password.isEmpty { faults.append(FieldFault("password", Message("identity.password.empty"))) }
        guard faults.isEmpty else { return try await page(exchange, faults, status: .unprocessableContent) }
        try exchange.app.limiter.take("sign-in", exchange.address, limit: 120, per: 600, at: exchange.now)
        try exchange.app.limiter.take(
            "sign-in.account", MobileNumber(phone)?.text ?? phone, limit: 20, per: 600, at: exchange.now)
        switch try await identity.signIn(phone: phone, password: password, device: exchange.device, exchange.doing) {
        case .done(let cookie, let before):
            var response = exchange.redirect(
                exchange.target(atDesk: false, or: "\(exchange.areaPath)/"), flash: exchange.welcome(before),
                kind: "info")
            response.startSession(cookie, at: .portal, maxAge: nil)
            return response
        case .wrong:
            let fault = FieldFault("phone", Message("identity.signIn.wrong"))
            return try await page(exchange, [fault], status: .unprocessableContent)
        case .locked(let until):
            return try await page(exchange, [FieldFault("phone", exchange.locked(until))], status: .tooManyRequests)
        }
    }

    @Sendable func leave(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        if let viewer = exchange.viewer.resident {
            _ = try await identity.endSession(viewer.session, of: viewer, exchange.doing)
        }
        var response = exchange.redirect("\(exchange.areaPath)/", flash: Message("identity.signOut.done"))
        response.endSession(at: .portal)
        return response
    }

    private func page(_ exchange: Exchange, _ faults: [FieldFault], status: HTTPResponse.Status = .ok) async throws
        -> Response
    {
        let fields = FormFields(exchange: exchange, faults: faults)
        let hasProvince = try await identity.provider.signInPage(returnTo: "", state: "") != nil
        return try await exchange.page(
            "identity.sign-in", title: exchange.text("identity.signIn.title"),
            View([
                "fields": [
                    fields.field(
                        "phone", .phone, "identity.phone", value: exchange.form["phone"], autocomplete: "username"),
                    fields.field("password", .password, "identity.password", autocomplete: "current-password"),
                ],
                "province": hasProvince, "demoAccounts": identity.settings.demo,
            ]), faults: faults, status: status)
    }
}

extension Exchange {
    /// `账号已锁定,请在 14:45 以后再试（还有 15 分钟）`
    func locked(_ until: Moment) -> Message {
        let minutes = max(1, (until.milliseconds - now.milliseconds + 59_999) / 60_000)
        return Message("identity.signIn.locked", ["time": until.clock, "minutes": String(minutes)])
    }

    /// The last time and what went wrong since, so that a stranger's tries are noticed; nil at the first sign-in.
    func welcome(_ before: SignInAnswer.Before) -> Message? {
        guard let at = before.at else { return nil }
        return before.failures == 0
            ? Message("identity.signIn.last", ["time": words(at)])
            : Message("identity.signIn.lastFailures", ["time": words(at), "count": String(before.failures)])
    }
}
