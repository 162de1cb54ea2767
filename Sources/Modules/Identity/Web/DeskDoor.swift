import Hummingbird
import Kernel
import Web

/// Who: staff. Why: to work. Account, password and one-time code.
struct DeskDoor: Sendable {
    let identity: IdentityAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        if let viewer = exchange.viewer.staff { return exchange.redirect(exchange.areaPath + Self.home(of: viewer)) }
        return try await page(exchange, [])
    }

    @Sendable func enter(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (login, password) = (exchange.form.text("login"), exchange.form.secret("password"))
        var faults: [FieldFault] = []
        if login.isEmpty { faults.append(FieldFault("login", Message("identity.desk.loginEmpty"))) }
        if password.isEmpty { faults.append(FieldFault("password", Message("identity.password.empty"))) }
        guard faults.isEmpty else { return try await page(exchange, faults, status: .unprocessableContent) }
        try exchange.app.limiter.take("desk", exchange.address, limit: 240, per: 600, at: exchange.now)
        try exchange.app.limiter.take(
            "desk.account", "\(area) \(login.lowercased())", limit: 20, per: 600, at: exchange.now)
        switch try await identity.signInStaff(
            area, login: login, password: password, code: exchange.form.text("code"), device: exchange.device,
            exchange.doing)
        {
        case .done(let cookie, let before): return try await enter(exchange, area, cookie, before)
        case .wrong:
            return try await page(
                exchange, [FieldFault("login", Message("identity.desk.wrong"))], status: .unprocessableContent)
        case .locked(let until):
            return try await page(exchange, [FieldFault("login", exchange.locked(until))], status: .tooManyRequests)
        }
    }

    private func enter(
        _ exchange: Exchange, _ area: AreaCode, _ cookie: String, _ before: SignInAnswer.Before
    ) async throws -> Response {
        var path = IdentityPaths.deskAccount.url(area)
        var flash = Message("identity.desk.heldBack")
        if !before.isHeldBack {
            let viewer = try await identity.staff(cookie: cookie, area: area, at: exchange.now)
            let home = exchange.areaPath + (viewer.map(Self.home) ?? "/desk/account")
            path = exchange.target(atDesk: true, or: home)
            flash = exchange.welcome(before) ?? Message("identity.desk.first")
        }
        var response = exchange.redirect(path, flash: flash, kind: "info")
        response.startSession(cookie, at: .desk, maxAge: nil)
        return response
    }

    @Sendable func leave(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        if let viewer = exchange.viewer.staff { try await identity.endDeskSession(viewer, exchange.doing) }
        var response = exchange.redirect(IdentityPaths.deskSignIn.url(area), flash: Message("identity.signOut.done"))
        response.endSession(at: .desk)
        return response
    }

    /// Where a person's work lies.
    static func home(of viewer: StaffViewer) -> String {
        if viewer.permissions.contains(Permission("cases.view")) { return "/desk/tasks" }
        if viewer.permissions.contains(IdentityPermissions.admin) { return "/desk/admin/staff" }
        if viewer.permissions.contains(IdentityPermissions.audit) { return "/desk/admin/security" }
        return "/desk/account"
    }

    private func page(_ exchange: Exchange, _ faults: [FieldFault], status: HTTPResponse.Status = .ok) async throws
        -> Response
    {
        let fields = FormFields(exchange: exchange, faults: faults)
        return try await exchange.page(
            "identity.desk-sign-in", title: exchange.text("identity.desk.title"),
            View([
                "fields": [
                    fields.field(
                        "login", .text, "identity.desk.login", value: exchange.form["login"], autocomplete: "username"),
                    fields.field("password", .password, "identity.password", autocomplete: "current-password"),
                    fields.field(
                        "code", .code, "identity.totp.code",
                        hint: identity.settings.demo ? "identity.totp.hintDemo" : "identity.totp.hint",
                        optional: identity.settings.demo),
                ]
            ]), faults: faults, status: status)
    }
}
