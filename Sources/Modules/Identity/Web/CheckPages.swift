import Hummingbird
import Kernel
import Storage
import Web

/// Who: a clerk at a window, a resident with papers in front of him. Why: whether name, number and company are as he said.
struct CheckPages: Sendable {
    let identity: IdentityAPI
    private let size = 50

    init(identity: IdentityAPI) { self.identity = identity }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await page(exchange, area, [])
    }

    /// Finds a resident by what stands on his papers; the number is in no address.
    @Sendable func find(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        try exchange.app.limiter.take("identity.find", viewer.id, limit: 120, per: 3600, at: exchange.now)
        let found: [AccountReference]
        do {
            found = try await identity.findAccounts(exchange.form.text("q"), area: area, exchange.doing)
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, faults)
        }
        if found.isEmpty {
            return try await page(exchange, area, [FieldFault("q", Message("identity.check.find.none"))])
        }
        if found.count == 1, let one = found.first {
            return exchange.redirect(IdentityPaths.identity.url(area, one.id))
        }
        return try await page(exchange, area, [], found: found)
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ faults: [FieldFault], found: [AccountReference] = []
    ) async throws -> Response {
        let size = size
        let start = Self.place(exchange.query("after"))
        let rows = try await identity.database.read { tx in
            try CheckStore.waiting(area: area, after: start, limit: size + 1, tx)
        }
        var people: [View] = []
        for account in found {
            let row = try await identity.readAccount(account)
            people.append(
                View([
                    "href": IdentityPaths.identity.url(area, account.id), "name": row.mask, "phone": row.phoneMask,
                    "state": exchange.text("identity.check.state.\(row.assurance.rawValue)"),
                ]))
        }
        let shown = rows.prefix(size)
        let here = IdentityPaths.identities.url(area)
        return try await exchange.page(
            "identity.desk-identities", title: exchange.text("identity.check.title"),
            View([
                "action": here, "people": people, "hasPeople": !people.isEmpty, "hasRows": !rows.isEmpty,
                "find": FormFields(exchange: exchange, faults: faults).field(
                    "q", .text, "identity.check.find", value: exchange.form["q"], hint: "identity.check.find.hint",
                    width: "w20"),
                "rows": shown.map { row in
                    View([
                        "href": IdentityPaths.identity.url(area, row.claim.account), "name": row.mask,
                        "number": row.numberMask, "what": what(row, exchange),
                        "since": exchange.words(row.openedAt),
                    ])
                },
                "pager": start == nil && rows.count <= size
                    ? nil
                    : View([
                        "previous": start == nil ? nil : here, "shown": nil,
                        "next": rows.count <= size
                            ? nil : shown.last.map { here + "?after=\($0.openedAt.milliseconds)_\($0.id)" },
                    ]),
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func what(_ row: CheckRow, _ exchange: Exchange) -> String {
        guard let organisation = row.organisation else { return exchange.text("identity.check.what.person") }
        let role = exchange.text("identity.mandate.\((row.role ?? .representative).rawValue)")
        return exchange.text("identity.check.what.mandate", ["organisation": organisation, "role": role])
    }

    static func place(_ text: String?) -> (at: Moment, id: String)? {
        guard let parts = text?.split(separator: "_"), parts.count == 2, let at = Int64(parts[0]),
            ID<CheckRow>(parts[1]) != nil
        else { return nil }
        return (Moment(milliseconds: at), String(parts[1]))
    }
}
