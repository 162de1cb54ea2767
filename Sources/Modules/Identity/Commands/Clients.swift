import Cryptography
import Kernel
import Storage
import Synchronization
import Workflow

// Systems that call the API: client credentials (RFC 6749, 4.4) for opaque tokens that can be taken back.

/// What an administrator types of a system.
struct ClientForm: Sendable {
    var name: String
    var scopes: [String]
    var areas: [String]
    /// Addresses and networks, by blanks, commas or lines.
    var addresses: String
    var until: CivilDate?
    /// Something was typed for the last day.
    var hasUntil: Bool
}

extension IdentityAPI {
    /// Registers a system that is good at once: for seeds and the command line.
    func registerClient(
        _ area: AreaCode, name: String, scopes: Set<Permission>, areas: Set<AreaCode>, addresses: [String],
        until: CivilDate?, by actor: Actor
    ) async throws -> (id: String, secret: String) {
        let doing = Doing(actor: actor, request: "-", at: time.now())
        guard addresses.allSatisfy({ AddressRule($0) != nil }) else {
            throw DomainError.invalid(
                "addresses", "identity.client.addressForm", ["text": addresses.joined(separator: " ")])
        }
        let secret = Token.random()
        let client = ClientRow(
            id: ID<ClientRow>(at: doing.at).description, name: name, scopes: scopes, areas: areas, addresses: addresses,
            until: until, disabledAt: nil, proposedBy: doing.reference, confirmedBy: doing.reference,
            confirmedAt: doing.at)
        try await database.write { tx in
            try ClientStore.insert(client, area: area, at: doing.at, tx)
            try ClientStore.addSecret(hash: secret.storageHash, client: client.id, area: area, at: doing.at, tx)
            try SecurityLog.record("client.registered", subject: client.id, area: area, doing, tx)
        }
        return ("\(area.text).\(client.id)", secret.text)
    }

    /// What a system may be given: the rights of business roles over cases, never those of administrators.
    static let clientScopes: [Permission] = Set(
        Role.allCases.filter { !$0.isAdministrator }.flatMap(\.permissions)
    ).filter { $0.name.hasPrefix("cases.") && $0.name != "cases.export" }.sorted { $0.name < $1.name }

    /// An administrator proposes a system; it is good for nothing before another one confirms it, or one administrator
    /// could give himself every right by way of a system of his own.
    func proposeClient(_ form: ClientForm, _ area: AreaCode, known: Set<AreaCode>, _ doing: Doing) async throws
        -> String
    {
        let name = form.name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let scopes = Set(form.scopes.map { Permission($0) })
        let areas = Set(form.areas.compactMap { AreaCode($0) })
        let addresses = form.addresses.split { $0.isWhitespace || ",，;；、".contains($0) }.map(String.init)
        var faults: [FieldFault] = []
        if !(2...60).contains(name.count) { faults.append(FieldFault("name", Message("identity.client.nameForm"))) }
        if scopes.isEmpty || !scopes.isSubset(of: Set(Self.clientScopes)) {
            faults.append(FieldFault("scopes", Message("identity.client.scopesEmpty")))
        }
        if areas.isEmpty || !areas.isSubset(of: known) {
            faults.append(FieldFault("areas", Message("identity.client.areasEmpty")))
        }
        if addresses.isEmpty {
            faults.append(FieldFault("addresses", Message("identity.client.addressesEmpty")))
        } else if let wrong = addresses.first(where: { AddressRule($0) == nil }) {
            faults.append(
                FieldFault("addresses", Message("identity.client.addressForm", ["text": String(wrong.prefix(60))])))
        }
        if form.hasUntil, form.until.map({ $0 < doing.at.date }) ?? true {
            faults.append(FieldFault("until", Message("identity.post.until")))
        }
        guard faults.isEmpty else { throw DomainError.invalid(faults) }
        let client = ClientRow(
            id: ID<ClientRow>(at: doing.at).description, name: name, scopes: scopes, areas: areas, addresses: addresses,
            until: form.until, disabledAt: nil, proposedBy: doing.reference, confirmedBy: nil, confirmedAt: nil)
        try await database.write { tx in
            try ClientStore.insert(client, area: area, at: doing.at, tx)
            try SecurityLog.record("client.proposed", subject: client.id, area: area, doing, tx)
        }
        return client.id
    }

    /// The second administrator's word on a system.
    func confirmClient(_ id: String, _ area: AreaCode, _ doing: Doing) async throws {
        try await database.write { tx in
            guard let client = try ClientStore.client(id: id, area: area, tx) else { throw DomainError.notFound }
            guard client.confirmedAt == nil, client.disabledAt == nil else {
                throw DomainError.conflict(Message("identity.client.moved"))
            }
            guard client.proposedBy != doing.reference else {
                throw DomainError.refused(Message("identity.client.second"))
            }
            try ClientStore.confirm(id: id, area: area, by: doing.reference, at: doing.at, tx)
            try SecurityLog.record("client.confirmed", subject: id, area: area, doing, tx)
        }
    }

    /// The system's tokens are good no longer, at once and for ever.
    func revokeClient(_ id: String, _ area: AreaCode, _ doing: Doing) async throws {
        try await database.write { tx in
            guard let client = try ClientStore.client(id: id, area: area, tx) else { throw DomainError.notFound }
            guard client.disabledAt == nil else { throw DomainError.conflict(Message("identity.client.moved")) }
            try ClientStore.disable(id: id, area: area, at: doing.at, tx)
            try SecurityLog.record("client.revoked", subject: id, area: area, doing, tx)
        }
    }

    /// A second secret beside the first; a third one ends the oldest and the tokens taken with it.
    func addSecret(of client: String, by actor: Actor) async throws -> String {
        guard let (area, id) = Self.parseClient(client) else { throw DomainError.notFound }
        return try await addSecret(of: id, area, Doing(actor: actor, request: "-", at: time.now()))
    }

    /// The same from the desk; answers the secret, to be shown once.
    func addSecret(of id: String, _ area: AreaCode, _ doing: Doing) async throws -> String {
        let secret = Token.random()
        try await database.write { tx in
            guard let client = try ClientStore.client(id: id, area: area, tx) else { throw DomainError.notFound }
            guard client.isGood(at: doing.at) else { throw DomainError.refused(Message("identity.client.notGood")) }
            try ClientStore.addSecret(hash: secret.storageHash, client: id, area: area, at: doing.at, tx)
            try SecurityLog.record("client.secret", subject: id, area: area, doing, tx)
        }
        return secret.text
    }

    /// Ends one secret and the tokens taken with it.
    func removeSecret(_ hash: String, of id: String, _ area: AreaCode, _ doing: Doing) async throws {
        try await database.write { tx in
            guard try ClientStore.removeSecret(hash: hash, client: id, area: area, tx) else {
                throw DomainError.conflict(Message("identity.client.moved"))
            }
            try SecurityLog.record("client.secretEnded", subject: id, area: area, doing, tx)
        }
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
        guard let row, row.isGood(at: doing.at), row.admits(address) else {
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

    /// A good token came from an address that is not the system's: written down, at most once a minute each.
    func recordElsewhere(_ client: String, area: AreaCode, at now: Moment) async {
        guard strangers.isFirst(client, at: now) else { return }
        let doing = Doing(actor: Actor(.client, id: "\(area).\(client)", channel: .api), request: "-", at: now)
        // Not worth failing a request for, which is refused anyway.
        _ = try? await database.write { tx in
            try SecurityLog.record("client.elsewhere", subject: client, area: area, doing, tx)
        }
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

/// Remembers for a minute what was written down, so that a flood of requests is no flood of rows. In memory, bounded.
final class OnceAMinute: Sendable {
    private let seen = Mutex<[String: Moment]>([:])

    func isFirst(_ key: String, at now: Moment) -> Bool {
        seen.withLock { seen in
            if let before = seen[key], now.milliseconds - before.milliseconds < 60_000 { return false }
            if seen.count > 10_000 { seen.removeAll() }
            seen[key] = now
            return true
        }
    }
}
