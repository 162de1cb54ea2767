import Cryptography
import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// Who: a member of staff. Why: his posts, his password, his second factor.
struct DeskAccountPages: Sendable {
    let identity: IdentityAPI
    let directory: DirectoryAPI
    let codes: any CodeDrawer

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await page(exchange, area, [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        let viewer = try exchange.staff()
        let here = IdentityPaths.deskAccount.url(area)
        try exchange.app.limiter.take("desk.own", viewer.id, limit: 20, per: 600, at: exchange.now)
        do {
            switch form.text("action") {
            case "password":
                let cookie = try await identity.changePassword(
                    of: viewer, current: form.secret("current"), password: form.secret("password"),
                    repeated: form.secret("repeated"), exchange.doing)
                var response = exchange.redirect(here, flash: Message("identity.password.changed"))
                response.startSession(cookie, at: .desk, maxAge: nil)
                return response
            case "begin":
                try await identity.beginTOTP(viewer, exchange.doing)
                return exchange.redirect(here + "#totp")
            case "confirm":
                try await identity.confirmTOTP(viewer, code: form.text("code"), exchange.doing)
                return exchange.redirect(here, flash: Message("identity.totp.done"))
            case "end":
                guard try await identity.endDeskSession(form.text("id"), of: viewer, exchange.doing) else {
                    throw DomainError.notFound
                }
                return exchange.redirect(here, flash: Message("identity.account.deviceEnded"))
            default: throw DomainError.notFound
            }
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, faults)
        }
    }

    private func page(_ exchange: Exchange, _ area: AreaCode, _ faults: [FieldFault]) async throws -> Response {
        let viewer = try exchange.staff()
        let today = exchange.now.date
        let (idle, now) = (identity.settings.staffIdle, exchange.now)
        let (row, posts, sessions) = try await identity.database.read { tx in
            (
                try StaffStore.staff(id: viewer.id, area: area, tx),
                try PostStore.open(area: area, staff: [viewer.id], on: today, tx).filter { $0.status == .held },
                try StaffSessionStore.list(viewer.id, area: area, at: now, idle: idle, tx)
            )
        }
        guard let row else { throw DomainError.notFound }
        let profile = try await directory.profile(of: area)
        let totp = row.totpAt == nil ? try await identity.pendingTOTP(viewer) : nil
        let fields = FormFields(exchange: exchange, faults: faults)
        return try await exchange.page(
            "identity.desk-account", title: exchange.text("identity.deskAccount.title"),
            View([
                "login": row.login, "name": row.name, "hasPosts": !posts.isEmpty,
                "posts": posts.map { View(["text": exchange.words($0.post, profile)]) },
                "mustChange": row.mustChange && !identity.settings.demo,
                "needsCode": row.totpAt == nil && !identity.settings.demo,
                "totpSince": row.totpAt.map { exchange.text("identity.totp.since", ["date": exchange.words($0.date)]) },
                "canBegin": row.totpAt == nil && totp == nil,
                "secret": try totp.map { try secret($0, row.login, fields) },
                "devices": sessions.map { session in
                    View([
                        "id": session.id, "name": exchange.deviceName(session.device),
                        "since": exchange.words(session.createdAt),
                        "seen": exchange.words(session.seenAt), "current": session.id == viewer.session,
                    ])
                },
                "fields": [
                    fields.field(
                        "current", .password, "identity.password.currentLabel", autocomplete: "current-password"),
                    fields.field(
                        "password", .password, "identity.password.new", hint: "identity.password.hintStaff",
                        autocomplete: "new-password"),
                    fields.field("repeated", .password, "identity.password.repeat", autocomplete: "new-password"),
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    /// The new secret as a picture for the app's camera, and as text for those who type it.
    private func secret(_ totp: TOTP, _ login: String, _ fields: FormFields) throws -> View {
        let address = totp.provisioningURL(issuer: identity.settings.issuer, account: login)
        let code = try codes.code(of: address)
        return View([
            "text": Self.inGroups(totp.base32), "address": address, "side": code.side, "path": code.path,
            "field": fields.field("code", .code, "identity.totp.code"),
        ])
    }

    /// Groups of four, as people type them.
    private static func inGroups(_ text: String) -> String {
        stride(from: 0, to: text.count, by: 4).map { start in String(text.dropFirst(start).prefix(4)) }.joined(
            separator: " ")
    }
}

extension Exchange {
    /// `市场监管局 · 窗口人员 · 3 号窗口 · 到 12 月 31 日`
    func words(_ post: Post, _ profile: AreaProfile) -> String {
        var parts: [String] = []
        if !post.department.isEmpty { parts.append(profile.departmentName(post.department, in: language)) }
        parts.append(text("identity.role.\(post.role.rawValue)"))
        if let window = post.window {
            let known = profile.halls.flatMap(\.windows).first { $0.id == window }
            parts.append(known.map { $0.name[language] } ?? window)
        }
        if let street = post.street {
            parts.append(profile.divisions.first { $0.code == street }?.name[language] ?? street)
        }
        if let until = post.until { parts.append(text("identity.mandate.until", ["date": words(until)])) }
        return parts.joined(separator: " · ")
    }
}
