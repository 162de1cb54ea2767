import Hummingbird
import Kernel
import Web

/// Who: a clerk with a resident's papers. Why: to compare them with what he said, and to say how they compare.
struct CheckPersonPages: Sendable {
    let identity: IdentityAPI

    /// Each opening of the page is a look and is written down before it is answered.
    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ account: String) async throws -> Response {
        try await page(exchange, area, try Self.reference(account), [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode, _ account: String) async throws -> Response {
        let form = exchange.form
        let reference = try Self.reference(account)
        let here = IdentityPaths.identity.url(area, reference.id)
        let words = form.text("action").split(separator: ":", maxSplits: 1).map(String.init)
        guard words.count == 2 else { throw DomainError.notFound }
        let claim = CheckClaim(account: reference.id, mandate: words[1] == "person" ? nil : words[1])
        switch words[0] {
        case "confirm", "refuse":
            let isConfirmed = words[0] == "confirm"
            let (verdict, faults) = verdict(form, claim, isConfirmed: isConfirmed)
            guard let verdict else { return try await page(exchange, area, reference, faults) }
            try await identity.decide(claim, verdict, area: area, exchange.doing)
            return exchange.redirect(
                here, flash: Message(isConfirmed ? "identity.check.confirmed" : "identity.check.refused"))
        case "end":
            try await identity.endMandate(claim, area: area, exchange.doing)
            return exchange.redirect(here, flash: Message("identity.check.ended"))
        default: throw DomainError.notFound
        }
    }

    /// What the clerk says, or what he has left out.
    private func verdict(
        _ form: FormData, _ claim: CheckClaim, isConfirmed: Bool
    ) -> (CheckVerdict?, [FieldFault]) {
        let key = claim.mandate ?? "person"
        if isConfirmed {
            let points = Self.points(mandate: claim.mandate != nil, isAgent: form.text("role-\(key)") == "agent")
            let isWhole = Set(points).isSubset(of: Set(form.all("seen-\(key)")))
            return isWhole
                ? (.confirmed, []) : (nil, [FieldFault("seen-\(key)", Message("identity.check.seenAll"))])
        }
        guard let reason = CheckReason(rawValue: form.text("reason-\(key)")) else {
            return (nil, [FieldFault("reason-\(key)", Message("identity.check.reasonEmpty"))])
        }
        return (.refused(reason), [])
    }

    /// What is to be compared, one tick each.
    static func points(mandate: Bool, isAgent: Bool) -> [String] {
        if !mandate { return ["paper", "name", "face"] }
        return isAgent ? ["licence", "letter", "self"] : ["licence", "representative", "self"]
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ reference: AccountReference, _ faults: [FieldFault]
    ) async throws -> Response {
        let viewer = try exchange.staff()
        try exchange.app.limiter.take("identity.look", viewer.id, limit: 300, per: 3600, at: exchange.now)
        let seen = try await identity.look(at: reference, area: area, exchange.doing)
        let row = seen.account
        let isPersonOpen = row.assurance != .confirmed
        let fields = FormFields(exchange: exchange, faults: faults)
        let today = exchange.now.date
        return try await exchange.page(
            "identity.desk-identity", title: exchange.text("identity.check.person"),
            View([
                "here": IdentityPaths.identity.url(area, reference.id),
                "listHref": IdentityPaths.identities.url(area),
                "phoneHref": IdentityPaths.identityPhone.url(area, reference.id),
                "name": seen.person.name, "number": Self.inGroups(seen.person.idNumber), "phone": row.phoneMask,
                "since": exchange.words(row.createdAt.date),
                "state": exchange.text("identity.check.state.\(row.assurance.rawValue)"),
                "reason": row.reason.map { exchange.text("identity.check.reason.\($0.rawValue)") },
                "isOpen": isPersonOpen, "isConfirmed": !isPersonOpen,
                "decision": isPersonOpen ? decision(fields, "person", .person, first: true) : nil,
                "hasMandates": !seen.mandates.isEmpty,
                "mandates": seen.mandates.map { mandate in
                    let kind: Kind = mandate.row.role == .agent ? .agent : .representative
                    let isOpen = mandate.row.status == .pending || mandate.row.status == .refused
                    return View([
                        "name": mandate.row.organisation, "uscc": mandate.row.uscc,
                        "role": exchange.text("identity.mandate.\(mandate.row.role.rawValue)"),
                        "representative": mandate.representative,
                        "until": mandate.row.until.map { exchange.words($0) },
                        "state": exchange.mandateState(mandate.row, on: today),
                        "reason": mandate.row.reason.map { exchange.text("identity.check.reason.\($0.rawValue)") },
                        "decision": isOpen && !isPersonOpen
                            ? decision(fields, mandate.row.id, kind, first: false) : nil,
                        "waitsForPerson": isOpen && isPersonOpen,
                        "end": mandate.row.status == .confirmed ? "end:\(mandate.row.id)" : nil,
                    ])
                },
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    private enum Kind: String {
        case person, representative, agent
    }

    /// Ticks, reason and the two buttons of one claim.
    private func decision(_ fields: FormFields, _ key: String, _ kind: Kind, first: Bool) -> View {
        let exchange = fields.exchange
        let points = Self.points(mandate: kind != .person, isAgent: kind == .agent)
        let ticked = Set(exchange.form.all("seen-\(key)"))
        let reasons = CheckReason.fitting(mandate: kind != .person)
        return View([
            "role": kind.rawValue, "roleName": "role-\(key)", "confirm": "confirm:\(key)", "refuse": "refuse:\(key)",
            "first": first,
            "seen": fields.checkboxes(
                "seen-\(key)", "identity.check.seen",
                points.map { (value: $0, label: exchange.text("identity.check.point.\($0)")) }, ticked: ticked),
            "reasons": fields.select(
                "reason-\(key)", "identity.check.reasonLabel",
                reasons.map { (value: $0.rawValue, label: exchange.text("identity.check.reason.\($0.rawValue)")) },
                chosen: exchange.form["reason-\(key)"], empty: exchange.text("identity.choose"), optional: true),
        ])
    }

    /// `510106 19900307 0024`: as people compare numbers.
    static func inGroups(_ number: String) -> String {
        guard number.count == 18 else { return number }
        return "\(number.prefix(6)) \(number.dropFirst(6).prefix(8)) \(number.suffix(4))"
    }

    static func reference(_ account: String) throws(DomainError) -> AccountReference {
        guard let id = ID<Account>(account) else { throw .notFound }
        return IdentityAPI.reference(id.description)
    }
}

extension Exchange {
    /// `待核验`, `已核验`, `已到期`, `未通过`, `已终止`
    func mandateState(_ row: MandateRow, on today: CivilDate) -> String {
        if row.status == .confirmed, !row.isGood(on: today) { return text("identity.acting.lapsedTag") }
        return text("identity.mandate.state.\(row.status.rawValue)")
    }
}

/// Who: a clerk whose visitor has lost his old phone. Why: so that he can sign in again.
struct WindowPhonePages: Sendable {
    let identity: IdentityAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ account: String) async throws -> Response {
        try await page(exchange, area, try CheckPersonPages.reference(account), [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode, _ account: String) async throws -> Response {
        let reference = try CheckPersonPages.reference(account)
        let viewer = try exchange.staff()
        try exchange.app.limiter.take("identity.phone", viewer.id, limit: 60, per: 3600, at: exchange.now)
        // Whoever may not be sure who stands there moves nobody's account.
        guard try await identity.readAccount(reference).assurance == .confirmed else {
            throw DomainError.refused(Message("identity.check.personFirst"))
        }
        do {
            switch exchange.form.text("action") {
            case "send":
                guard Set(["paper", "name", "face"]).isSubset(of: Set(exchange.form.all("seen"))) else {
                    throw DomainError.invalid("seen", "identity.check.seenAll")
                }
                try exchange.limitCodes(to: exchange.form.text("phone"))
                let code = try await identity.beginPhoneChange(
                    of: reference, to: exchange.form.text("phone"), at: area, exchange.doing)
                return try await page(exchange, area, reference, [], sent: true, code: code)
            case "confirm":
                try await identity.confirmPhoneChange(
                    of: reference, code: exchange.form.text("code"), keeping: nil, area: area, exchange.doing)
            default: throw DomainError.notFound
            }
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, reference, faults)
        } catch DomainError.conflict(let message) {
            return try await page(exchange, area, reference, [FieldFault("phone", message)])
        } catch DomainError.tooMany(let seconds) {
            let waits = try await identity.pendingPhone(of: reference, at: exchange.now) != nil
            let fault = FieldFault(
                waits ? "code" : "phone", Message("identity.code.soon", ["seconds": String(seconds)]))
            return try await page(exchange, area, reference, [fault])
        }
        return exchange.redirect(
            IdentityPaths.identity.url(area, reference.id), flash: Message("identity.phoneChange.doneWindow"))
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ reference: AccountReference, _ faults: [FieldFault],
        sent: Bool = false, code: String? = nil
    ) async throws -> Response {
        let row = try await identity.readAccount(reference)
        let wantsCode = sent || faults.contains { $0.field == "code" }
        let pending = wantsCode ? try await identity.pendingPhone(of: reference, at: exchange.now) : nil
        let fields = FormFields(exchange: exchange, faults: faults)
        let points = CheckPersonPages.points(mandate: false, isAgent: false)
        return try await exchange.page(
            "identity.desk-phone", title: exchange.text("identity.phoneChange.title"),
            View([
                "here": IdentityPaths.identityPhone.url(area, reference.id),
                "backHref": IdentityPaths.identity.url(area, reference.id), "name": row.mask, "phone": row.phoneMask,
                "first": pending == nil, "sent": sent ? exchange.codeBanner(code) : nil,
                "fields": pending.map { pending in
                    [
                        fields.field("new", .fixed, "identity.phoneChange.new", value: pending.phone.masked),
                        fields.field("code", .code, "identity.code", value: exchange.form["code"]),
                    ]
                } ?? [
                    fields.checkboxes(
                        "seen", "identity.check.seen",
                        points.map { (value: $0, label: exchange.text("identity.check.point.\($0)")) },
                        ticked: Set(exchange.form.all("seen"))),
                    fields.field("phone", .phone, "identity.phoneChange.new", value: exchange.form["phone"]),
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
