import Hummingbird
import Kernel
import Web

/// Who: a resident with another phone number. Why: to go on signing in and being told. First the password, then the code
/// that the new phone got.
struct PhonePages: Sendable {
    let identity: IdentityAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.resident()
        let pending = try await identity.pendingPhone(of: viewer.reference, at: exchange.now)
        return try await page(exchange, [], pending: exchange.query("again") == nil ? pending : nil)
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        let viewer = try exchange.resident()
        let account = viewer.reference
        try exchange.app.limiter.take("phone", viewer.account, limit: 20, per: 3600, at: exchange.now)
        switch form.text("action") {
        case "send":
            do {
                try exchange.limitCodes(to: form.text("phone"))
                let code = try await identity.beginPhoneChange(
                    of: viewer, to: form.text("phone"), password: form.secret("password"),
                    idNumber: form.text("idNumber"), at: area, in: exchange.language, exchange.doing)
                let pending = try await identity.pendingPhone(of: account, at: exchange.now)
                return try await page(exchange, [], pending: pending, sent: true, code: code)
            } catch DomainError.invalid(let faults) {
                return try await page(exchange, faults, pending: nil)
            } catch DomainError.tooMany(let seconds) {
                let pending = try await identity.pendingPhone(of: account, at: exchange.now)
                let fault = FieldFault(
                    pending == nil ? "phone" : "code",
                    Message("identity.code.soon", ["seconds": String(seconds)]))
                return try await page(exchange, [fault], pending: pending)
            }
        case "confirm":
            do {
                try await identity.confirmPhoneChange(
                    of: account, code: form.text("code"), keeping: viewer.session, area: area, exchange.doing)
            } catch DomainError.invalid(let faults) {
                let pending = try await identity.pendingPhone(of: account, at: exchange.now)
                return try await page(exchange, faults, pending: pending)
            } catch DomainError.conflict(let message) {
                return try await page(exchange, [FieldFault("phone", message)], pending: nil)
            }
            return exchange.redirect(IdentityPaths.account.url(area), flash: Message("identity.phoneChange.done"))
        default: throw DomainError.notFound
        }
    }

    private func page(
        _ exchange: Exchange, _ faults: [FieldFault], pending: PendingPhone?, sent: Bool = false, code: String? = nil
    ) async throws -> Response {
        let viewer = try exchange.resident()
        let row = try await identity.readAccount(viewer.reference)
        let fields = FormFields(exchange: exchange, faults: faults)
        let proof =
            row.password == nil
            ? fields.field("idNumber", .idCard, "identity.id", value: exchange.form["idNumber"])
            : fields.field("password", .password, "identity.password", autocomplete: "current-password")
        return try await exchange.page(
            "identity.phone", title: exchange.text("identity.phoneChange.title"),
            View([
                "first": pending == nil, "sent": sent ? exchange.codeBanner(code) : nil, "present": row.phoneMask,
                "fields": pending.map { pending in
                    [
                        fields.field("new", .fixed, "identity.phoneChange.new", value: pending.phone.masked),
                        fields.field(
                            "code", .code, "identity.code", value: exchange.form["code"], hint: "identity.code.hint"),
                    ]
                } ?? [
                    fields.field(
                        "phone", .phone, "identity.phoneChange.new", value: exchange.form["phone"], autocomplete: "tel"),
                    proof,
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}

/// Who: a resident whose name or number was typed wrong and is not confirmed. Why: so that the papers fit.
struct PersonPages: Sendable {
    let identity: IdentityAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await page(exchange, [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        let viewer = try exchange.resident()
        try exchange.app.limiter.take("person", viewer.account, limit: 10, per: 3600, at: exchange.now)
        do {
            let answer = try await identity.correctPerson(
                of: viewer, name: form.text("name"), idNumber: form.text("idNumber"),
                password: form.secret("password"), area: area, exchange.doing)
            return exchange.redirect(
                IdentityPaths.account.url(area),
                flash: Message(answer == .confirmed ? "identity.correct.done" : "identity.correct.waiting"))
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, faults)
        }
    }

    private func page(_ exchange: Exchange, _ faults: [FieldFault]) async throws -> Response {
        let viewer = try exchange.resident()
        let row = try await identity.readAccount(viewer.reference)
        guard row.assurance != .confirmed else { throw DomainError.refused(Message("identity.correct.confirmed")) }
        let person = try await identity.person(of: viewer.reference)
        let fields = FormFields(exchange: exchange, faults: faults)
        var inputs = [
            fields.field(
                "name", .text, "identity.name", value: exchange.form["name"] ?? person.name,
                hint: "identity.name.hint", autocomplete: "name"),
            fields.field("idNumber", .idCard, "identity.id", value: exchange.form["idNumber"] ?? person.idNumber),
        ]
        if row.password != nil {
            inputs.append(fields.field("password", .password, "identity.password", autocomplete: "current-password"))
        }
        return try await exchange.page(
            "identity.person", title: exchange.text("identity.correct.title"),
            View([
                "fields": inputs,
                "reason": row.reason.map { exchange.text("identity.check.reason.\($0.rawValue)") },
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}

extension Exchange {
    /// 30 codes an hour from one address, 6 an hour to one phone.
    func limitCodes(to typed: String) throws {
        try app.limiter.take("code", address, limit: 30, per: 3600, at: now)
        guard let phone = MobileNumber(typed) else { return }
        try app.limiter.take("code.phone", "\(CodePurpose.phone) \(phone.text)", limit: 6, per: 3600, at: now)
    }
}

extension ResidentViewer {
    /// The account behind the session.
    var reference: AccountReference { AccountReference(id: account, bucket: bucket) }
}
