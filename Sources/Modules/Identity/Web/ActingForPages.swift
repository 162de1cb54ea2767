import Hummingbird
import Kernel
import Storage
import Web

/// Who: a resident who applies for a company. Why: to choose for whom, and to add one.
struct ActingForPages: Sendable {
    let identity: IdentityAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await page(exchange, [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        let viewer = try exchange.resident()
        let back = Self.back(form["back"])
        let here = IdentityPaths.actingFor.url(area) + (back.map { "?back=\(encodeSegment($0))" } ?? "")
        switch form.text("action") {
        case "switch":
            let subject = form.text("subject")
            let isPerson = subject.isEmpty || subject == viewer.account
            let cookie = try await identity.switchIdentity(viewer, to: isPerson ? nil : subject, exchange.doing)
            var response = exchange.redirect(
                back ?? here, flash: Message(isPerson ? "identity.acting.nowPerson" : "identity.acting.nowCompany"))
            response.startSession(cookie, at: .portal, maxAge: nil)
            return response
        case "remove":
            try await identity.removeMandate(viewer, subject: form.text("subject"), exchange.doing)
            return exchange.redirect(here, flash: Message("identity.acting.removed"))
        case "revoke":
            try await identity.revokeAgent(form.text("account"), by: viewer, area: area, exchange.doing)
            return exchange.redirect(here, flash: Message("identity.acting.revoked"))
        case "add":
            try exchange.app.limiter.take("company", viewer.account, limit: 20, per: 3600, at: exchange.now)
            do {
                let answer = try await identity.claimCompany(
                    viewer,
                    CompanyForm(
                        organisation: form.text("organisation"), uscc: form.text("uscc"),
                        role: MandateRole(rawValue: form.text("role")), representative: form.text("representative"),
                        until: form.date("until"), hasUntil: form.hasDate("until")), area: area, exchange.doing)
                return exchange.redirect(
                    here,
                    flash: Message(answer == .confirmed ? "identity.acting.added" : "identity.acting.waiting"))
            } catch DomainError.invalid(let faults) {
                return try await page(exchange, faults)
            }
        default: throw DomainError.notFound
        }
    }

    /// Where somebody came from who had to change the name first: a path of this site.
    private static func back(_ path: String?) -> String? { path.flatMap { isLocalPath($0) ? $0 : nil } }

    private func page(_ exchange: Exchange, _ faults: [FieldFault]) async throws -> Response {
        let viewer = try exchange.resident()
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let row = try await identity.readAccount(account)
        let mandates = try await identity.database.read { tx in try MandateStore.list(account, tx) }
        let today = exchange.now.date
        let good = mandates.filter { $0.isGood(on: today) }
        let fields = FormFields(exchange: exchange, faults: faults)
        let agents = try await identity.agents(for: viewer)
        let choices =
            [(value: account.id, label: row.mask, hint: exchange.text("identity.acting.self") as String?)]
            + good.map { mandate in
                (
                    value: mandate.subject, label: mandate.organisation,
                    hint: exchange.text("identity.mandate.\(mandate.role.rawValue)") as String?
                )
            }
        return try await exchange.page(
            "identity.acting-for", title: exchange.text("identity.acting.title"),
            View([
                "choice": good.isEmpty
                    ? nil : fields.radio("subject", "identity.acting.for", choices, chosen: viewer.subject),
                "back": Self.back(exchange.form["back"] ?? exchange.query("back")), "person": row.mask,
                "hasMandates": !mandates.isEmpty,
                "mandates": mandates.map { mandate in
                    View([
                        "subject": mandate.subject, "name": mandate.organisation, "uscc": mandate.uscc,
                        "role": exchange.text("identity.mandate.\(mandate.role.rawValue)"),
                        "good": mandate.isGood(on: today), "pending": mandate.status == .pending,
                        "state": exchange.mandateState(mandate, on: today),
                        "reason": mandate.reason.map { exchange.text("identity.check.reason.\($0.rawValue)") },
                        "until": mandate.until.map {
                            exchange.text("identity.mandate.until", ["date": exchange.words($0)])
                        },
                    ])
                },
                "hasAgents": !agents.isEmpty,
                "agents": agents.map { agent in
                    View([
                        "account": agent.account.id, "name": agent.mask, "phone": agent.phoneMask,
                        "role": exchange.text("identity.mandate.\(agent.mandate.role.rawValue)"),
                        "until": agent.mandate.until.map {
                            exchange.text("identity.mandate.until", ["date": exchange.words($0)])
                        },
                    ])
                },
                "fields": [
                    fields.radio(
                        "role", "identity.company.roleLabel",
                        MandateRole.allCases.map {
                            (
                                value: $0.rawValue, label: exchange.text("identity.mandate.\($0.rawValue)"),
                                hint: exchange.text("identity.company.as.\($0.rawValue)") as String?
                            )
                        }, chosen: exchange.form["role"]),
                    fields.field(
                        "organisation", .text, "identity.company", value: exchange.form["organisation"],
                        autocomplete: "organization"),
                    fields.field(
                        "uscc", .uscc, "identity.uscc", value: exchange.form["uscc"], hint: "identity.uscc.hint"),
                    fields.field(
                        "representative", .text, "identity.company.representative",
                        value: exchange.form["representative"], hint: "identity.company.representativeHint",
                        optional: true),
                    fields.date("until", "identity.company.untilLabel", form: exchange.form, optional: true),
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
