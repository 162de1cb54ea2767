import HTTPTypes
import Hummingbird
import Kernel
import Storage
import Web

/// Who: a resident. Why: to see what is kept of him, to end what he does not know, to take his data along.
struct AccountPages: Sendable {
    let identity: IdentityAPI
    /// What the file of one's own data holds besides the account.
    let ownData: [any OwnData]

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await page(exchange, [])
    }

    @Sendable func changePassword(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        let viewer = try exchange.resident()
        try exchange.app.limiter.take("password", viewer.account, limit: 10, per: 600, at: exchange.now)
        do {
            let cookie = try await identity.changePassword(
                of: viewer, current: form.secret("current"), password: form.secret("password"),
                repeated: form.secret("repeated"), exchange.doing)
            var response = exchange.redirect(
                IdentityPaths.account.url(area), flash: Message("identity.password.changed"))
            response.startSession(cookie, at: .portal, maxAge: nil)
            return response
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, faults)
        }
    }

    @Sendable func endDevice(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        guard try await identity.endSession(exchange.form.text("id"), of: try exchange.resident(), exchange.doing)
        else {
            throw DomainError.notFound
        }
        return exchange.redirect(IdentityPaths.account.url(area), flash: Message("identity.account.deviceEnded"))
    }

    @Sendable func forbidSystem(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.resident()
        try await identity.allow(
            exchange.form.text("client"), for: AccountReference(id: viewer.account, bucket: viewer.bucket),
            allowed: false,
            by: exchange.actor)
        return exchange.redirect(IdentityPaths.account.url(area), flash: Message("identity.account.systemEnded"))
    }

    /// A command and no link, so that nobody is made to open it from elsewhere.
    @Sendable func export(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.resident()
        let data = try await identity.export(
            AccountReference(id: viewer.account, bucket: viewer.bucket), and: ownData, at: exchange.now)
        var response = exchange.json(data)
        response.headers[.contentDisposition] = "attachment; filename=\"my-data-\(exchange.now.date).json\""
        return response
    }

    private func page(_ exchange: Exchange, _ faults: [FieldFault]) async throws -> Response {
        let viewer = try exchange.resident()
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let row = try await identity.readAccount(account)
        let person = try await identity.person(of: account)
        let idle = identity.settings.residentIdle
        let now = exchange.now
        let (sessions, grants) = try await identity.database.read { tx in
            (try SessionStore.list(account, at: now, idle: idle, tx), try AccountStore.grants(account, tx))
        }
        let names = try await identity.clientNames(grants.map(\.client))
        let fields = FormFields(exchange: exchange, faults: faults)
        return try await exchange.page(
            "identity.account", title: exchange.text("identity.account.title"),
            View([
                "nameMask": row.mask, "idMask": Mask.identity(person.idNumber), "phoneMask": row.phoneMask,
                "confirmed": row.assurance == .confirmed, "refused": row.assurance == .refused,
                "reason": row.reason.map { exchange.text("identity.check.reason.\($0.rawValue)") },
                "since": exchange.words(row.createdAt.date),
                "devices": sessions.map { session in
                    View([
                        "id": session.id, "name": exchange.deviceName(session.device),
                        "since": exchange.words(session.createdAt),
                        "seen": exchange.words(session.seenAt), "current": session.id == viewer.session,
                    ])
                },
                "hasSystems": !grants.isEmpty,
                "systems": grants.map { grant in
                    View([
                        "client": grant.client, "name": names[grant.client] ?? grant.client,
                        "since": exchange.words(grant.at),
                    ])
                },
                "hasPassword": row.password != nil,
                "fields": [
                    fields.field(
                        "current", .password, "identity.password.currentLabel", autocomplete: "current-password"),
                    fields.field(
                        "password", .password, "identity.password.new", hint: "identity.password.hint",
                        autocomplete: "new-password"),
                    fields.field("repeated", .password, "identity.password.repeat", autocomplete: "new-password"),
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
