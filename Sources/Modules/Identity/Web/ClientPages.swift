import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// Who: an administrator. Why: which systems call the API, with which rights, from where; another administrator confirms them.
struct ClientPages: Sendable {
    let identity: IdentityAPI
    let directory: DirectoryAPI
    private let size = 50

    init(identity: IdentityAPI, directory: DirectoryAPI) {
        self.identity = identity
        self.directory = directory
    }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let size = size
        let before = exchange.query("before")
        let clients = try await identity.database.read { tx in
            try ClientStore.list(area: area, before: before, limit: size + 1, tx)
        }
        let shown = clients.prefix(size)
        let here = IdentityPaths.clients.url(area)
        let names = try await areaNames()
        return try await exchange.page(
            "identity.desk-clients", title: exchange.text("identity.client.title"),
            View([
                "newHref": IdentityPaths.newClient.url(area),
                "clients": shown.map { client in
                    View([
                        "href": IdentityPaths.client.url(area, client.id), "name": client.name,
                        "scopes": scopes(client, exchange), "areas": areas(client, names),
                        "state": exchange.state(of: client),
                        "todo": client.confirmedAt == nil && client.disabledAt == nil,
                    ])
                },
                "pager": before == nil && clients.count <= size
                    ? nil
                    : View([
                        "previous": before == nil ? nil : here, "shown": nil,
                        "next": clients.count <= size ? nil : shown.last.map { here + "?before=\($0.id)" },
                    ]),
            ]))
    }

    @Sendable func new(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await form(exchange, area, [])
    }

    @Sendable func create(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        do {
            let id = try await identity.proposeClient(
                ClientForm(
                    name: form.text("name"), scopes: form.all("scopes"), areas: form.all("areas"),
                    addresses: form.text("addresses"), until: form.date("until"), hasUntil: form.hasDate("until")),
                area, known: [area], exchange.doing)
            return exchange.redirect(IdentityPaths.client.url(area, id), flash: Message("identity.client.proposed"))
        } catch DomainError.invalid(let faults) {
            return try await self.form(exchange, area, faults)
        }
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        try await page(exchange, area, id)
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let words = exchange.form.text("action").split(separator: ":", maxSplits: 1).map(String.init)
        let done: String
        switch words.first {
        case "confirm":
            try await identity.confirmClient(id, area, exchange.doing)
            done = "confirmed"
        case "revoke":
            try await identity.revokeClient(id, area, exchange.doing)
            done = "revoked"
        case "secret":
            // On this one page and nowhere else.
            let secret = try await identity.addSecret(of: id, area, exchange.doing)
            return try await page(exchange, area, id, secret: secret)
        case "drop" where words.count == 2:
            try await identity.removeSecret(words[1], of: id, area, exchange.doing)
            done = "secretEnded"
        default: throw DomainError.notFound
        }
        return exchange.redirect(IdentityPaths.client.url(area, id), flash: Message("identity.client.\(done)"))
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ id: String, secret: String? = nil
    ) async throws -> Response {
        let now = exchange.now
        let (found, secrets, tokens) = try await identity.database.read { tx in
            (
                try ClientStore.client(id: id, area: area, tx), try ClientStore.secrets(of: id, area: area, tx),
                try ClientStore.liveTokens(of: id, area: area, at: now, tx)
            )
        }
        guard let client = found else { throw DomainError.notFound }
        let people = [client.proposedBy, client.confirmedBy].compactMap { $0 }.map {
            String($0.split(separator: ":").last ?? "")
        }
        let names = try await identity.staffNames(area, people)
        func person(_ reference: String?) -> String? {
            reference.map { text in text.split(separator: ":").last.flatMap { names[String($0)] } ?? text }
        }
        let isGood = client.isGood(at: now)
        let areaNames = try await areaNames()
        let waits = client.confirmedAt == nil && client.disabledAt == nil
        let isMine = client.proposedBy == exchange.doing.reference
        return try await exchange.page(
            "identity.desk-client", title: client.name,
            View([
                "here": IdentityPaths.client.url(area, id), "listHref": IdentityPaths.clients.url(area),
                "name": client.name, "clientId": "\(area.text).\(client.id)", "state": exchange.state(of: client),
                "scopes": scopes(client, exchange), "areas": areas(client, areaNames),
                "addresses": client.addresses.isEmpty
                    ? exchange.text("identity.client.anyAddress") : client.addresses.joined(separator: " "),
                "until": client.until.map { exchange.words($0) }, "by": person(client.proposedBy),
                "confirmedBy": person(client.confirmedBy),
                "tokens": tokens >= 100 ? "99+" : String(tokens), "good": isGood,
                "canConfirm": waits && !isMine, "waitsForOther": waits && isMine, "canRevoke": client.disabledAt == nil,
                "secret": secret.map { text in
                    View([
                        "kind": "info", "title": exchange.text("identity.client.newSecret", ["secret": text]),
                        "text": exchange.text("identity.client.newSecretText"), "action": nil,
                    ])
                },
                "hasSecrets": !secrets.isEmpty,
                "secrets": secrets.map { secret in
                    View([
                        "since": exchange.words(secret.createdAt), "mark": String(secret.hash.prefix(8)),
                        "drop": "drop:\(secret.hash)",
                    ])
                },
                "hasTwo": secrets.count > 1,
            ]))
    }

    private func form(_ exchange: Exchange, _ area: AreaCode, _ faults: [FieldFault]) async throws -> Response {
        let form = exchange.form
        let fields = FormFields(exchange: exchange, faults: faults)
        // An administrator gives away what is his own area's; another area's administrators register a system themselves.
        let areas = try await directory.areas().filter { $0.area == area }
        let chosen = faults.isEmpty && form.all("areas").isEmpty ? [area.text] : form.all("areas")
        return try await exchange.page(
            "identity.desk-client-new", title: exchange.text("identity.client.new"),
            View([
                "action": IdentityPaths.clients.url(area), "listHref": IdentityPaths.clients.url(area),
                "fields": [
                    fields.field(
                        "name", .text, "identity.client.name", value: form["name"], hint: "identity.client.nameHint"),
                    fields.checkboxes(
                        "scopes", "identity.client.scopes",
                        IdentityAPI.clientScopes.map {
                            (value: $0.name, label: exchange.text("identity.scope.\($0.name)"))
                        }, ticked: Set(form.all("scopes")), hint: "identity.client.scopesHint"),
                    fields.checkboxes(
                        "areas", "identity.client.areas",
                        areas.map { (value: $0.area.text, label: "\($0.name) \($0.area.text)") }, ticked: Set(chosen)),
                    fields.lines(
                        "addresses", "identity.client.addresses", value: form["addresses"],
                        hint: "identity.client.addressesHint"),
                    fields.date("until", "identity.client.until", form: form, optional: true),
                ],
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func scopes(_ client: ClientRow, _ exchange: Exchange) -> String {
        let known = Set(IdentityAPI.clientScopes)
        return client.scopes.sorted { $0.name < $1.name }
            .map { known.contains($0) ? exchange.text("identity.scope.\($0.name)") : $0.name }
            .joined(separator: exchange.text("identity.comma"))
    }

    private func areas(_ client: ClientRow, _ names: [AreaCode: String]) -> String {
        client.areas.map(\.text).sorted().map { code in AreaCode(code).flatMap { names[$0] } ?? code }
            .joined(separator: " ")
    }

    private func areaNames() async throws -> [AreaCode: String] {
        Dictionary(try await directory.areas().map { ($0.area, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}

extension Exchange {
    /// `待确认`, `可用`, `已到期`, `已撤销`
    func state(of client: ClientRow) -> String {
        if client.disabledAt != nil { return text("identity.client.state.revoked") }
        if client.confirmedAt == nil { return text("identity.client.state.waiting") }
        return text(client.isGood(at: now) ? "identity.client.state.good" : "identity.client.state.over")
    }
}
