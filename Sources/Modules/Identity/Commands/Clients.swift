import Cryptography
import Kernel
import Storage

// Systems that call the API: client credentials (RFC 6749, 4.4) for opaque tokens that can be taken back.

extension IdentityAPI {
    func registerClient(
        _ area: AreaCode, name: String, scopes: Set<Permission>, areas: Set<AreaCode>, addresses: [String],
        until: CivilDate?, by actor: Actor
    ) async throws -> (id: String, secret: String) {
        let doing = Doing(actor: actor, request: "-", at: time.now())
        let secret = Token.random()
        let client = ClientRow(
            id: ID<ClientRow>(at: doing.at).description, name: name, scopes: scopes, areas: areas, addresses: addresses,
            until: until, disabledAt: nil)
        try await database.write { tx in
            try ClientStore.insert(client, area: area, at: doing.at, tx)
            try ClientStore.addSecret(hash: secret.storageHash, client: client.id, area: area, at: doing.at, tx)
            try SecurityLog.record("client.registered", subject: client.id, area: area, doing, tx)
        }
        return ("\(area.text).\(client.id)", secret.text)
    }

    /// A second secret beside the first; a third one ends the oldest and the tokens taken with it.
    func addSecret(of client: String, by actor: Actor) async throws -> String {
        guard let (area, id) = Self.parseClient(client) else { throw DomainError.notFound }
        let doing = Doing(actor: actor, request: "-", at: time.now())
        let secret = Token.random()
        try await database.write { tx in
            try ClientStore.addSecret(hash: secret.storageHash, client: id, area: area, at: doing.at, tx)
            try SecurityLog.record("client.secret", subject: id, area: area, doing, tx)
        }
        return secret.text
    }

    /// A bearer token for a client's id and secret; nil where they do not fit or it calls from elsewhere.
    ///
    /// - Parameter resident: `bucket.account`: the resident to act for, who must have allowed it.
    func issueToken(
        client: String, secret: String, resident: String?, address: String, _ doing: Doing
    ) async throws -> (token: String, seconds: Int64)? {
        guard let (area, id) = Self.parseClient(client), let shown = Token(secret) else { return nil }
        let row = try await database.read { tx in
            try ClientStore.client(id: id, secret: shown.storageHash, area: area, tx)
        }
        guard let row, row.isGood(at: doing.at), row.addresses.isEmpty || row.addresses.contains(address) else {
            try await database.write { tx in
                try SecurityLog.record("client.refused", subject: id, area: area, doing, tx)
            }
            return nil
        }
        var account: AccountReference?
        if let resident {
            let parts = resident.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2, let bucket = AreaCode(parts[0]), bucket.isBucket else { return nil }
            let wanted = AccountReference(id: parts[1], bucket: bucket)
            guard try await database.read({ tx in try AccountStore.grantedMask(wanted, client: client, tx) }) != nil
            else {
                throw DomainError.forbidden
            }
            account = wanted
        }
        let token = Token.random()
        let (life, granted) = (settings.tokenLife, account)
        try await database.write { tx in
            try ClientStore.addToken(
                hash: token.storageHash, client: id, secret: shown.storageHash, area: area, resident: granted,
                expiresAt: doing.at.adding(seconds: life), tx)
            try SecurityLog.record("client.token", subject: id, area: area, doing, tx)
        }
        return ("\(area.text).\(token.text)", life)
    }

    static func parseClient(_ text: String) -> (AreaCode, String)? {
        let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let area = AreaCode(parts[0]), !area.isBucket, ID<ClientRow>(parts[1]) != nil else {
            return nil
        }
        return (area, parts[1])
    }

    /// The names of clients by their full ids.
    func clientNames(_ ids: [String]) async throws -> [String: String] {
        var names: [String: String] = [:]
        for (area, clients) in Dictionary(grouping: ids.compactMap(Self.parseClient), by: \.0) {
            let inner = clients.map(\.1)
            let found = try await database.read { tx in try ClientStore.names(of: inner, area: area, tx) }
            for (id, name) in found { names["\(area.text).\(id)"] = name }
        }
        return names
    }
}
