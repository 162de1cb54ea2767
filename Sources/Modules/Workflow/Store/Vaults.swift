package import Cryptography
package import Kernel
package import Storage

/// A part on its way into a vault: sealed before the unit of work, written inside it.
package struct SealedPart: Sendable, Hashable {
    package let slot: String
    package let content: [UInt8]
    package let hash: String

    /// What journal and state hold of it.
    package var reference: Sealed { Sealed(slot: slot, hash: hash) }
}

/// An application's vault with its key at hand; never kept longer than a request.
package struct OpenVault: Sendable {
    package let area: AreaCode
    package let id: String
    private let key: VaultKey
    /// In which algorithms new parts and files of it are sealed.
    package let suite: Seal.Suite

    init(area: AreaCode, id: String, key: VaultKey, suite: Seal.Suite) {
        self.area = area
        self.id = id
        self.key = key
        self.suite = suite
    }

    /// Seals bytes for a slot.
    package func seal(_ bytes: [UInt8], slot: String) throws -> SealedPart {
        let content = try Seal.seal(
            bytes, key: key, associatedData: AssociatedData(area: area, stream: id, slot: slot), suite: suite)
        return SealedPart(slot: slot, content: content, hash: Hex.encode(Digest.sha256(content)))
    }

    /// Seals text for a slot.
    package func seal(_ text: String, slot: String) throws -> SealedPart { try seal(Array(text.utf8), slot: slot) }

    /// Opens a part; throws where it was altered or belongs elsewhere.
    package func open(_ part: SealedPart) throws -> [UInt8] {
        try Seal.open(part.content, key: key, associatedData: AssociatedData(area: area, stream: id, slot: part.slot))
    }

    /// Opens a part as text.
    package func text(_ part: SealedPart) throws -> String { String(decoding: try open(part), as: UTF8.self) }

    /// A vault that nothing is ever put into: where something is only looked at as if it were a case.
    package static func unused(area: AreaCode) -> OpenVault {
        OpenVault(area: area, id: "unused", key: .random(), suite: .aes256GCM)
    }

    /// The key that seals the application's files.
    package var fileKey: VaultKey { key }
}

/// What was read from a vault inside a unit of work, still sealed: it is opened outside.
package struct SealedBundle: Sendable {
    package let area: AreaCode
    package let id: String
    let wrapped: [UInt8]
    package let parts: [String: SealedPart]
}

/// The vaults: one key an application, wrapped by the master key. Nothing here runs a cryptographic device inside a unit.
package struct Vaults: Sendable {
    package let keys: any KeyService
    private let fixed: Seal.Suite?
    /// In which algorithms new things are sealed; the operator may change them while the program serves.
    package var suite: Seal.Suite { fixed ?? keys.suite }

    /// - Parameter suite: nil: what the key service says at the moment.
    package init(keys: any KeyService, suite: Seal.Suite? = nil) {
        self.keys = keys
        fixed = suite
    }

    /// A new vault and its wrapped key, made before the unit that stores it.
    package func create(area: AreaCode, id: String) throws -> (vault: OpenVault, wrapped: [UInt8]) {
        let key = VaultKey.random()
        let wrapped = try keys.wrap(key, associatedData: AssociatedData(area: area, vault: id))
        return (OpenVault(area: area, id: id, key: key, suite: suite), wrapped.bytes)
    }

    /// Opens what was read.
    package func open(_ bundle: SealedBundle) throws -> OpenVault {
        let key = try keys.unwrap(
            try WrappedKey(bundle.wrapped), associatedData: AssociatedData(area: bundle.area, vault: bundle.id))
        return OpenVault(area: bundle.area, id: bundle.id, key: key, suite: suite)
    }

    /// A look-up code for an exact search: name, phone or number; normalised by the caller.
    package func lookupCode(_ text: String, _ purpose: MACPurpose) throws -> (version: Int, code: String) {
        let made = try keys.mac(Array(text.utf8), purpose: purpose)
        return (Int(made.version), Hex.encode(made.code))
    }

    /// The codes under every version of the look-up key, for searching.
    package func lookupCodes(_ text: String, _ purpose: MACPurpose) throws -> [(version: Int, code: String)] {
        try keys.lookupVersions.map {
            (Int($0), Hex.encode(try keys.mac(Array(text.utf8), purpose: purpose, version: $0)))
        }
    }
}

/// Vaults, sealed parts, parties and look-up codes in the database.
package enum VaultStore {
    /// Opens a vault: its key, wrapped by the area's key; without it nothing in it can be read again.
    package static func insert(_ id: String, area: AreaCode, wrapped: [UInt8], at now: Moment, _ tx: Transaction) throws
    {
        try tx.put(
            "INSERT INTO vault (area, id, wrapped, created_at) VALUES (\(area), \(id), \(wrapped), \(now))")
    }

    /// Writes a part, replacing what stood in its slot.
    package static func put(_ part: SealedPart, in vault: String, area: AreaCode, at now: Moment, _ tx: Transaction)
        throws
    {
        try tx.put(
            """
            INSERT INTO sealed_part (area, vault, slot, content, hash, changed_at)
            VALUES (\(area), \(vault), \(part.slot), \(part.content), \(part.hash), \(now))
            ON CONFLICT (area, vault, slot) DO UPDATE SET content = excluded.content, hash = excluded.hash,
                changed_at = excluded.changed_at
            """)
    }

    /// Takes one part away; the rest of the vault stays readable. Answers false where there was none.
    @discardableResult
    package static func remove(slot: String, from vault: String, area: AreaCode, _ tx: Transaction) throws -> Bool {
        try tx.execute("DELETE FROM sealed_part WHERE area = \(area) AND vault = \(vault) AND slot = \(slot)") == 1
    }

    /// Reads slots (all of them where none are named); nil where the vault is unknown or was destroyed.
    package static func read(_ vault: String, area: AreaCode, slots: [String] = [], _ tx: Transaction) throws
        -> SealedBundle?
    {
        let filter: SQL = slots.isEmpty ? "" : " AND p.slot IN (\(list: slots))"
        var wrapped: [UInt8]?
        var parts: [String: SealedPart] = [:]
        try tx.forEach(
            """
            SELECT v.wrapped, p.slot, p.content, p.hash FROM vault v
            LEFT JOIN sealed_part p ON p.area = \(area) AND p.vault = \(vault)\(filter)
            WHERE v.area = \(area) AND v.id = \(vault)
            """
        ) { row in
            if wrapped == nil { wrapped = try row.value(0) }
            if let slot: String = try row.value(1) {
                parts[slot] = SealedPart(slot: slot, content: try row.value(2), hash: try row.value(3))
            }
        }
        guard let wrapped else { return nil }
        return SealedBundle(area: area, id: vault, wrapped: wrapped, parts: parts)
    }

    /// Destroys the key, the parts and everything by which the person could be found; the journal still verifies, and a
    /// restored backup forgets it again.
    package static func forget(_ vault: String, area: AreaCode, _ tx: Transaction) throws {
        try discard(vault, area: area, tx)
        try ForgottenStore.add(vault, area: area, tx)
    }

    /// Takes away a vault in which nothing lasting lay, such as a code on its way to a phone.
    package static func discard(_ vault: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put("DELETE FROM sealed_part WHERE area = \(area) AND vault = \(vault)")
        try tx.put("DELETE FROM party WHERE area = \(area) AND vault = \(vault)")
        try tx.put("DELETE FROM lookup WHERE area = \(area) AND stream = \(vault)")
        try tx.put("DELETE FROM vault WHERE area = \(area) AND id = \(vault)")
    }
}

/// Who takes part in a proceeding: a mask for lists, the account for messages. Can be deleted without touching the journal.
package struct Party: Sendable, Hashable {
    /// `applicant` or `agent`.
    package let role: String
    /// `person` or `organisation`.
    package let kind: String
    /// `张*`, or an organisation's name.
    package let mask: String
    package let account: String?
    package let bucket: String?

    package init(role: String, kind: String, mask: String, account: String?, bucket: String?) {
        self.role = role
        self.kind = kind
        self.mask = mask
        self.account = account
        self.bucket = bucket
    }
}

/// Parties and look-up codes.
package enum PartyStore {
    /// Writes who plays a role, replacing who did; only the masked name stands in the open.
    package static func put(_ party: Party, vault: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO party (area, vault, role, kind, mask, account, bucket)
            VALUES (\(area), \(vault), \(party.role), \(party.kind), \(party.mask), \(party.account), \(party.bucket))
            ON CONFLICT (area, vault, role) DO UPDATE SET kind = excluded.kind, mask = excluded.mask,
                account = excluded.account, bucket = excluded.bucket
            """)
    }

    /// The masks of applicants, by vault.
    package static func masks(of vaults: [String], area: AreaCode, _ tx: Transaction) throws -> [String: String] {
        guard !vaults.isEmpty else { return [:] }
        let rows = try tx.rows(
            "SELECT vault, mask FROM party WHERE area = \(area) AND role = 'applicant' AND vault IN (\(list: vaults))",
            as: String.self, String.self)
        return Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    }

    /// Who plays a role; nil where nobody does.
    package static func party(_ role: String, of vault: String, area: AreaCode, _ tx: Transaction) throws -> Party? {
        try tx.row(
            """
            SELECT kind, mask, account, bucket FROM party
            WHERE area = \(area) AND vault = \(vault) AND role = \(role)
            """, as: String.self, String.self, String?.self, String?.self
        ).map { Party(role: role, kind: $0.0, mask: $0.1, account: $0.2, bucket: $0.3) }
    }

    /// Lets a stream be found by a keyed code of something secret, such as an identity number.
    package static func addLookup(
        _ kind: String, _ code: (version: Int, code: String), stream: String, area: AreaCode, _ tx: Transaction
    ) throws {
        try tx.put(
            """
            INSERT INTO lookup (area, kind, key_version, mac, stream)
            VALUES (\(area), \(kind), \(code.version), \(code.code), \(stream)) ON CONFLICT DO NOTHING
            """)
    }

    /// The streams in which a code stands.
    package static func find(
        _ kind: String, _ codes: [(version: Int, code: String)], area: AreaCode, limit: Int, _ tx: Transaction
    ) throws -> [String] {
        var found: [String] = []
        for code in codes {
            found += try tx.values(
                """
                SELECT stream FROM lookup
                WHERE area = \(area) AND kind = \(kind) AND key_version = \(code.version) AND mac = \(code.code)
                ORDER BY stream DESC LIMIT \(limit)
                """, as: String.self)
        }
        return found
    }
}

/// Every look at a sealed part, durable before what it shows.
package enum AccessLog {
    /// Writes down who looks at which slot, and upon which request; called before anything is shown.
    package static func record(_ occasion: Occasion, stream: String, slot: String, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO access_log (area, at, id, actor, stream, slot, request)
            VALUES (\(occasion.area), \(occasion.at), \(ID<Occasion>(at: occasion.at)),
                    \(occasion.actor.kind.rawValue + ":" + occasion.actor.id), \(stream), \(slot), \(occasion.request))
            """)
    }

    /// Who looked at what of a proceeding, newest first.
    package static func looks(at stream: String, area: AreaCode, limit: Int, _ tx: Transaction) throws -> [(
        at: Moment, actor: String, slot: String
    )] {
        try tx.rows(
            """
            SELECT at, actor, slot FROM access_log WHERE area = \(area) AND stream = \(stream)
            ORDER BY at DESC LIMIT \(limit)
            """, as: Moment.self, String.self, String.self
        ).map { (at: $0.0, actor: $0.1, slot: $0.2) }
    }
}
