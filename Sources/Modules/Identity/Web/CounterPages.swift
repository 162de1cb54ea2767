import Hummingbird
import Kernel
import Web

/// Who: an officer of any window, or of a bank's branch, with somebody before the glass. Why: to find who he is in seconds, or to
/// note him down, and to begin.
struct CounterPages: Sendable {
    let identity: IdentityAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        if let cookie = exchange.sittingCookie,
            try await identity.sitting(cookie: cookie, by: try exchange.staff(), at: exchange.now) != nil
        {
            return exchange.redirect(IdentityPaths.sitting.url(area))
        }
        return try await page(exchange, area, [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        try exchange.app.limiter.take("counter.find", viewer.id, limit: 240, per: 3600, at: exchange.now)
        do {
            return try await exchange.form.text("action") == "register"
                ? register(exchange, area) : find(exchange, area)
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, faults)
        }
    }

    private func find(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let found = try await identity.findAccounts(exchange.form.text("q"), area: area, exchange.doing)
        if let one = found.first, found.count == 1 {
            return exchange.redirect(IdentityPaths.counterPerson.url(area, one.id))
        }
        let none = [FieldFault("q", Message("identity.counter.none"))]
        return try await page(exchange, area, found.isEmpty ? none : [], found: found)
    }

    private func register(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        let unticked = ["seen", "consent"].filter { form.text($0) != "yes" }.map {
            FieldFault($0, Message("identity.counter.\($0)Empty"))
        }
        guard unticked.isEmpty else { throw DomainError.invalid(unticked) }
        // One who has an account is served under it, whatever phone he names now.
        if CitizenID(form.text("idNumber")) != nil,
            let known = try await identity.findAccounts(form.text("idNumber"), area: area, exchange.doing).first
        {
            return exchange.redirect(
                IdentityPaths.counterPerson.url(area, known.id), flash: Message("identity.counter.known"), kind: "info")
        }
        do {
            let account = try await identity.registerAtCounter(
                name: form.text("name"), idNumber: form.text("idNumber"), phone: form.text("phone"), area: area,
                exchange.doing)
            return exchange.redirect(IdentityPaths.counterPerson.url(area, account.id))
        } catch DomainError.conflict {
            throw DomainError.invalid("phone", "identity.counter.phoneTaken")
        }
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ faults: [FieldFault], found: [AccountReference] = []
    ) async throws -> Response {
        let fields = FormFields(exchange: exchange, faults: faults)
        let form = exchange.form
        var people: [View] = []
        for account in found {
            let row = try await identity.readAccount(account)
            people.append(
                View([
                    "href": IdentityPaths.counterPerson.url(area, account.id), "name": row.mask,
                    "phone": row.phoneMask,
                ]))
        }
        let view = View([
            "action": IdentityPaths.counter.url(area), "people": people, "hasPeople": !people.isEmpty,
            "find": fields.field(
                "q", .text, "identity.check.find", value: form["q"], hint: "identity.check.find.hint", width: "w20"),
            "fields": [
                fields.field("name", .text, "identity.name", value: form["name"], width: "w20"),
                fields.field("idNumber", .idCard, "identity.id", value: form["idNumber"]),
                fields.field("phone", .phone, "identity.phone", value: form["phone"]),
                fields.tick(
                    "seen", "identity.counter.seen", "identity.counter.seenOption", isTicked: form["seen"] == "yes"),
                fields.tick(
                    "consent", "identity.counter.consent", "identity.counter.consentOption",
                    isTicked: form["consent"] == "yes"),
            ],
        ])
        return try await exchange.page(
            "identity.desk-counter", title: exchange.text("identity.counter.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    // MARK: The person found

    @Sendable func person(_ exchange: Exchange, _ area: AreaCode, _ account: String) async throws -> Response {
        try await personPage(exchange, area, try CheckPersonPages.reference(account), [])
    }

    @Sendable func begin(_ exchange: Exchange, _ area: AreaCode, _ account: String) async throws -> Response {
        let reference = try CheckPersonPages.reference(account)
        guard exchange.form.text("seen") == "yes" else {
            return try await personPage(
                exchange, area, reference, [FieldFault("seen", Message("identity.counter.seenEmpty"))])
        }
        let subject = exchange.form.text("subject")
        let cookie = try await identity.beginSitting(
            reference, subject: subject.isEmpty || subject == reference.id ? nil : subject,
            byHandler: exchange.form.text("present") == "handler", by: try exchange.staff(), area: area, exchange.doing)
        var response = exchange.redirect(IdentityPaths.sitting.url(area))
        response.startSitting(cookie)
        return response
    }

    private func personPage(
        _ exchange: Exchange, _ area: AreaCode, _ reference: AccountReference, _ faults: [FieldFault]
    ) async throws -> Response {
        let viewer = try exchange.staff()
        try exchange.app.limiter.take("identity.look", viewer.id, limit: 300, per: 3600, at: exchange.now)
        let seen = try await identity.counterPerson(reference, area: area, exchange.doing)
        let fields = FormFields(exchange: exchange, faults: faults)
        let isConfirmed = seen.account.assurance == .confirmed
        let mayCheck = viewer.permissions.contains(IdentityPermissions.verify)
        let chosen = exchange.form.text("subject")
        let subjects =
            [(value: reference.id, label: exchange.text("identity.counter.self"), hint: String?.none)]
            + seen.mandates.map { (value: $0.subject, label: $0.organisation, hint: $0.uscc) }
        let view = View([
            "here": IdentityPaths.counterPerson.url(area, reference.id), "back": IdentityPaths.counter.url(area),
            "name": seen.person.name, "number": CheckPersonPages.inGroups(seen.person.idNumber),
            "phone": seen.account.phoneMask, "isConfirmed": isConfirmed,
            "checkHref": !isConfirmed && mayCheck ? IdentityPaths.identity.url(area, reference.id) : nil,
            "fields": [
                fields.radio(
                    "subject", "identity.counter.subject", subjects, chosen: chosen.isEmpty ? reference.id : chosen),
                fields.radio(
                    "present", "identity.counter.present",
                    ["self", "handler"].map { who in
                        (
                            value: who, label: exchange.text("identity.counter.present.\(who)"),
                            hint: exchange.text("identity.counter.present.\(who)Hint")
                        )
                    }, chosen: exchange.form.text("present") == "handler" ? "handler" : "self"),
                fields.tick("seen", "identity.counter.seen", "identity.counter.seenBegin", isTicked: false),
            ],
        ])
        return try await exchange.page(
            "identity.desk-counter-person", title: exchange.text("identity.counter.person"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}

/// Who: the same officer, while somebody sits there; and the applicant, who reads along on a screen of his own.
struct SittingPages: Sendable {
    let identity: IdentityAPI
    let history: any CounterHistory
    let codes: any CodeDrawer

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let staff = try exchange.staff()
        guard let cookie = exchange.sittingCookie,
            let sitting = try await identity.sitting(cookie: cookie, by: staff, at: exchange.now)
        else {
            var response = exchange.redirect(
                IdentityPaths.counter.url(area),
                flash: exchange.sittingCookie == nil ? nil : Message("identity.counter.over"), kind: "info")
            response.endSitting()
            return response
        }
        return try await page(exchange, area, sitting, cookie, [])
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ sitting: SittingRow, _ cookie: String, _ faults: [FieldFault]
    ) async throws -> Response {
        let lines = try await history.lines(of: sitting.viewer, area: area, exchange)
        let results = try await history.results(of: sitting.viewer, area: area, since: sitting.startedAt, exchange)
        let waiting = results.filter { $0.receipt == nil }
        let given = results.filter { $0.receipt != nil }
        let chosen = exchange.request.method == .post ? Set(exchange.form.all("result")) : Set(waiting.map(\.number))
        let fields = FormFields(exchange: exchange, faults: faults)
        let screen = IdentityAPI.screenCode(cookie: cookie).map { IdentityPaths.counterScreen.url(area, $0) }
        let view = View([
            "action": IdentityPaths.sitting.url(area), "who": sitting.mask, "byHandler": sitting.byHandler,
            "organisation": sitting.organisation,
            "since": exchange.words(sitting.startedAt), "search": exchange.areaPath + "/search",
            "items": exchange.areaPath + "/", "screen": screen, "hasLines": !lines.isEmpty,
            "lines": lines.map { line in
                View([
                    "name": line.name, "number": line.number.isEmpty ? nil : line.number, "state": line.state,
                    "day": line.day,
                    "open": line.isOpen, "href": line.href, "scans": line.scans,
                ])
            },
            "hand": waiting.isEmpty
                ? nil
                : View([
                    "action": IdentityPaths.handOver.url(area),
                    "fields": [
                        fields.checkboxes(
                            "result", "identity.counter.results",
                            waiting.map {
                                (
                                    value: $0.number,
                                    label: [$0.name, $0.result, $0.department].compactMap(\.self).joined(
                                        separator: " · ")
                                )
                            }, ticked: chosen),
                        fields.tick(
                            "signed", "identity.counter.signed", "identity.counter.signedOption", isTicked: false),
                    ],
                ]),
            "hasGiven": !given.isEmpty,
            "given": given.map { View(["name": $0.name, "number": $0.grouped, "href": $0.receipt]) },
        ])
        return try await exchange.page(
            "identity.desk-sitting", title: exchange.text("identity.counter.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    /// Results are handed over to the one who sits there, and served by that.
    @Sendable func handOver(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let staff = try exchange.staff()
        guard let cookie = exchange.sittingCookie,
            let sitting = try await identity.sitting(cookie: cookie, by: staff, at: exchange.now)
        else { return exchange.redirect(IdentityPaths.sitting.url(area)) }
        let numbers = exchange.form.all("result")
        var faults: [FieldFault] = []
        if numbers.isEmpty { faults.append(FieldFault("result", Message("identity.counter.resultsEmpty"))) }
        if exchange.form.text("signed") != "yes" {
            faults.append(FieldFault("signed", Message("identity.counter.signedEmpty")))
        }
        guard faults.isEmpty else { return try await page(exchange, area, sitting, cookie, faults) }
        do {
            let count = try await history.handOver(numbers, to: sitting.viewer, by: staff, area: area, exchange)
            return exchange.redirect(
                IdentityPaths.sitting.url(area), flash: Message("identity.counter.given", ["count": String(count)]))
        } catch DomainError.refused(let message) {
            return try await page(exchange, area, sitting, cookie, [FieldFault("result", message)])
        }
    }

    @Sendable func end(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await identity.endSitting(by: try exchange.staff(), area: area, exchange.doing)
        var response = exchange.redirect(
            IdentityPaths.counter.url(area), flash: Message("identity.counter.ended"))
        response.endSitting()
        return response
    }

    /// For the screen that faces the applicant: what is typed, and in the end the number. It comes anew by itself every five seconds.
    @Sendable func screen(_ exchange: Exchange, _ area: AreaCode, _ code: String) async throws -> Response {
        let sitting = try await identity.sitting(onScreen: code, area: area, at: exchange.now)
        let shown =
            if let sitting {
                try await history.screen(of: sitting.viewer, area: area, since: sitting.startedAt, code: code, exchange)
            } else { CounterScreen?.none }
        let drawn = try shown?.scan.map { try codes.code(of: $0) }
        let view = View([
            "who": sitting.map { $0.organisation ?? $0.mask }, "item": shown?.item, "number": shown?.number,
            "hasRows": !(shown?.rows.isEmpty ?? true),
            "rows": shown?.rows.map { View(["label": $0.label, "value": $0.value]) },
            "scan": drawn.map { View(["side": $0.side, "path": $0.path]) },
        ])
        var response = try await exchange.page(
            "identity.counter-screen", title: exchange.text("identity.counter.screen.title"), view)
        response.headers[.init("Refresh") ?? .expires] = "5"
        return response
    }
}
