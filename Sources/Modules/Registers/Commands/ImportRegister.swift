import Catalogue
import Cryptography
import Directory
import Identity
package import Kernel
import Storage
package import Workflow

/// What became of a list.
package struct RegisterImport: Sendable {
    package let edition: Int
    package let entries: Int
}

/// Why a list was not taken, line by line; nothing of it is kept.
package struct RegisterListFault: Error, Sendable {
    /// The first hundred: the line, and what is wrong there.
    package let lines: [(line: Int, message: Message)]
}

extension RegistersAPI {
    /// Bytes a list may have at the desk.
    package static let mostBytes = 20 << 20
    /// Bytes a list may have on the command line.
    package static let mostBytesByHand = 256 << 20
    /// Entries written in one transaction, so that nobody waits long behind an import.
    private static let chunk = 500

    /// Takes a department's list in place of the one before it: all of it, or nothing.
    ///
    /// - Parameter datedOn: the day of which the list speaks; decisions judge by it how old it is.
    /// - Throws: `.invalid` (fields `list`, `dated`), `RegisterListFault`, `.notFound` where the area knows no such register.
    package func importList(
        _ bytes: [UInt8], into id: String, datedOn: CivilDate?, _ occasion: Occasion
    ) async throws -> RegisterImport {
        let (area, now) = (occasion.area, occasion.at)
        guard let register = try await register(id, area: area) else { throw DomainError.notFound }
        var faults: [FieldFault] = []
        let before = try await database.read { tx in try RegisterStore.current(id, area: area, tx) }
        if let fault = Self.fault(datedOn, before, today: now.date) { faults.append(FieldFault("dated", fault)) }
        var rows: [ListText.Row] = []
        do {
            rows = try ListText.rows(of: bytes)
        } catch {
            faults.append(FieldFault("list", Message("registers.fault.\(error)")))
        }
        guard faults.isEmpty, let datedOn else { throw DomainError.invalid(faults) }
        let file = RegisterFile(rows, of: register)
        guard file.faults.isEmpty else {
            throw RegisterListFault(
                lines: file.faults.prefix(100).map {
                    (line: $0.line, message: Message("registers.line.\($0.kind.rawValue)", ["column": $0.column]))
                })
        }
        let edition = try await write(file.entries, of: register, bytes, datedOn, occasion)
        return RegisterImport(edition: edition, entries: file.entries.count)
    }

    private static func fault(_ day: CivilDate?, _ before: RegisterEdition?, today: CivilDate) -> Message? {
        guard let day else { return Message("registers.fault.noDay") }
        if day > today { return Message("registers.fault.future") }
        if let before, day < before.datedOn {
            return Message("registers.fault.older", ["day": before.datedOn.description])
        }
        return nil
    }

    /// Seals the entries in chunks into a vault of their own, and lets the list take its place at the end.
    private func write(
        _ entries: [RegisterFile.Entry], of register: RegisterType, _ bytes: [UInt8], _ datedOn: CivilDate,
        _ occasion: Occasion
    ) async throws -> Int {
        let (area, now, id) = (occasion.area, occasion.at, ID<RegisterEdition>(at: occasion.at).description)
        let (vault, wrapped) = try vaults.create(area: area, id: id)
        let actor = "\(occasion.actor.kind.rawValue):\(occasion.actor.id)"
        let begun = RegisterEdition(
            register: register.id, edition: 0, state: .loading, datedOn: datedOn, entries: entries.count,
            actor: actor, importedAt: now, vault: id)
        let digest = Hex.encode(Digest.sha256(bytes))
        let edition = try await database.write { tx in
            try VaultStore.insert(id, area: area, wrapped: wrapped, at: now, tx)
            return try RegisterStore.begin(begun, digest: digest, area: area, tx)
        }
        let own = RegisterEdition(
            register: register.id, edition: edition, state: .loading, datedOn: datedOn, entries: entries.count,
            actor: actor, importedAt: now, vault: id)
        do {
            var counts: [String: Int] = [:]
            for start in stride(from: 0, to: entries.count, by: Self.chunk) {
                let parts = try entries[start..<min(start + Self.chunk, entries.count)].map { entry -> SealedPart in
                    let code = try vaults.lookupCode("\(register.id) \(entry.key)", OwnRegisters.purpose).code
                    let index = counts[code, default: 0]
                    counts[code] = index + 1
                    return try vault.seal(
                        JSON.object(entry.facts).canonical, slot: OwnRegisters.slot(code, index))
                }
                try await database.write { tx in
                    for part in parts { try VaultStore.put(part, in: id, area: area, at: now, tx) }
                }
            }
            try await database.write { tx in
                guard try RegisterStore.flip(register.id, edition: edition, area: area, tx) else {
                    throw DomainError.conflict(Message("registers.conflict.newer"))
                }
                try IdentityAPI.logRegisterImport("\(register.id)/\(edition)", occasion, tx)
            }
        } catch {
            try? await database.write { tx in try RegisterStore.set(.failed, own, area: area, tx) }
            try? await empty(own, area: area)
            throw error
        }
        try await sweep(area, at: now)
        return edition
    }

    /// Lists of the past are forgotten, and what an import that did not end left behind.
    func sweep(at now: Moment) async throws {
        for area in try await directory.areas().map(\.area) { try await sweep(area, at: now) }
    }

    private func sweep(_ area: AreaCode, at now: Moment) async throws {
        let left = try await database.read { tx in
            try RegisterStore.leftOver(before: now.adding(seconds: -3_600), area: area, tx)
        }
        for edition in left { try await empty(edition, area: area) }
    }

    /// Destroys what stood in a list, a few rows at a time; its key goes last, and a restored backup forgets it again.
    private func empty(_ edition: RegisterEdition, area: AreaCode) async throws {
        guard let vault = edition.vault else { return }
        while try await database.write({ tx in
            try RegisterStore.remove(Self.chunk, of: vault, area: area, tx)
        }) > 0 {}
        try await database.write { tx in
            try VaultStore.forget(vault, area: area, tx)
            if edition.state == .loading { try RegisterStore.set(.failed, edition, area: area, tx) }
            try RegisterStore.emptied(edition, area: area, tx)
        }
    }

    /// The last lists of a register, newest first.
    package func editions(of register: String, limit: Int = 20, area: AreaCode) async throws -> [RegisterEdition] {
        try await database.read { tx in try RegisterStore.editions(of: register, limit: limit, area: area, tx) }
    }
}
