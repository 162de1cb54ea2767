import Cryptography
package import Kernel
package import Storage
package import Workflow

/// Large files that arrive in parts, so that a lost connection costs one part and not the file.
///
/// Every part is sealed under a key that only the browser has; it is durable before it is acknowledged. An upload belongs to the
/// account that began it and is swept after a day; whole, it is handed in like a file that came in one piece, by the same checks.
package struct Uploads: Sendable {
    /// What names an upload and opens it: `id.key`. The key is kept by the browser and nowhere else.
    package struct Ticket: Sendable {
        package let id: String
        let key: VaultKey

        /// Reads `id.key`; nil where it is none.
        package init?(_ text: String) {
            let halves = text.split(separator: ".")
            guard halves.count == 2, let bytes = Base64URL.decode(halves[1]), let key = VaultKey(bytes) else {
                return nil
            }
            id = String(halves[0])
            self.key = key
        }

        init(id: String, key: VaultKey) {
            self.id = id
            self.key = key
        }

        package var text: String { "\(id).\(Base64URL.encode(key.exported))" }
    }

    /// Bytes a browser should send at once: five seconds of a slow line.
    package static let part = 1 << 20
    /// More bytes than this are not taken at once.
    static let longestPart = 8 << 20
    /// Seconds after which an upload is swept.
    static let life: Int64 = 86_400
    /// Uploads an account may have under way; the oldest gives way.
    static let atOnce = 8

    let database: any Database
    let files: FileStore
    private let vaults: Vaults

    package init(database: any Database, files: FileStore, vaults: Vaults) {
        self.database = database
        self.files = files
        self.vaults = vaults
    }

    /// Begins an upload of `size` bytes.
    func begin(size: Int, owner: String, area: AreaCode, at now: Moment) async throws -> Ticket {
        let ticket = Ticket(id: ID<Ticket>(at: now).description, key: .random())
        let left = try await database.write { tx in
            let left = try UploadStore.open(of: owner, area: area, tx).dropFirst(Self.atOnce - 1)
            var names: [String] = []
            for id in left {
                names += try UploadStore.parts(of: id, area: area, tx).map(\.name)
                try UploadStore.remove(id, area: area, tx)
            }
            try UploadStore.insert(
                ticket.id, size: size, owner: owner, area: area, at: now, until: now.adding(seconds: Self.life), tx)
            return names
        }
        for name in left { files.removePart(name) }
        return ticket
    }

    /// How far an upload is.
    ///
    /// - Throws: `.notFound` where it is over or somebody else's.
    func standing(_ id: String, owner: String, area: AreaCode, at now: Moment) async throws -> UploadRow {
        guard
            let row = try await database.read({ tx in
                try UploadStore.find(id, owner: owner, area: area, at: now, tx)
            })
        else { throw DomainError.notFound }
        return row
    }

    /// Takes the bytes from `start` on. What is here already, because an answer was lost, is not taken twice.
    ///
    /// - Returns: how many bytes are here now; something else than `start + bytes.count` where these do not follow.
    /// - Throws: `.notFound`; `.invalid` for what is no file we take; `.tooLarge` beyond the announced size.
    func add(
        _ bytes: [UInt8], from start: Int, to ticket: Ticket, owner: String, area: AreaCode, at now: Moment
    ) async throws -> Int {
        let row = try await standing(ticket.id, owner: owner, area: area, at: now)
        guard start == row.received, !bytes.isEmpty else { return row.received }
        guard start + bytes.count <= row.size else {
            throw DomainError.tooLarge(
                Message("documents.fault.tooLarge", ["name": "", "limit": String(max(1, row.size >> 20))]))
        }
        do {
            try await files.checkPart(bytes, isFirst: start == 0)
        } catch {
            try await forget(ticket.id, area: area)
            throw error
        }
        let name = try files.keepPart(
            bytes, key: ticket.key, binding: Self.binding(ticket.id, start, area), suite: vaults.suite)
        do {
            let taken = try await database.write { tx in
                try UploadStore.add(name, of: ticket.id, from: start, length: bytes.count, area: area, tx)
            }
            if taken { return start + bytes.count }
        } catch {
            // Whether it was recorded is not known: then the sweep decides.
            throw error
        }
        files.removePart(name)
        return try await standing(ticket.id, owner: owner, area: area, at: now).received
    }

    /// The upload as a whole, to be handed in; or the file that it already became.
    ///
    /// - Throws: `.notFound` where it is over or somebody else's, `.invalid` where parts are missing.
    package func whole(_ ticket: Ticket, owner: String, area: AreaCode, at now: Moment) async throws -> WholeUpload {
        let row = try await standing(ticket.id, owner: owner, area: area, at: now)
        if let file = row.file { return .handedIn(file) }
        guard row.received == row.size, row.size > 0 else { throw DomainError.invalid("", "web.fault.upload") }
        let parts = try await database.read { tx in try UploadStore.parts(of: ticket.id, area: area, tx) }
        return .content(
            UploadContent(
                readers: try parts.map { part in
                    try files.openPart(part.name, key: ticket.key, binding: Self.binding(ticket.id, part.start, area))
                }))
    }

    /// The upload is the file `file` now: said again to one who asks again, until it is swept.
    package func handedIn(_ ticket: Ticket, as file: String, area: AreaCode) async throws {
        let names = try await database.write { tx in
            let names = try UploadStore.parts(of: ticket.id, area: area, tx).map(\.name)
            try UploadStore.handedIn(ticket.id, as: file, area: area, tx)
            return names
        }
        for name in names { files.removePart(name) }
    }

    /// Forgets an upload and its parts.
    func forget(_ id: String, area: AreaCode) async throws {
        let names = try await database.write { tx in
            let names = try UploadStore.parts(of: id, area: area, tx).map(\.name)
            try UploadStore.remove(id, area: area, tx)
            return names
        }
        for name in names { files.removePart(name) }
    }

    /// Sweeps what was not handed in within a day.
    func sweep(at now: Moment) async throws {
        for upload in try await database.read({ tx in try UploadStore.over(at: now, limit: 500, tx) }) {
            try await forget(upload.id, area: upload.area)
        }
    }

    private static func binding(_ id: String, _ start: Int, _ area: AreaCode) -> AssociatedData {
        AssociatedData(["upload", area.text, id, String(start)])
    }
}

/// What became of an upload that is whole.
package enum WholeUpload: Sendable {
    /// It is this file already: the answer of the first time was lost.
    case handedIn(String)
    case content(UploadContent)
}
