import Cryptography
import Documents
package import Foundation
import Kernel
import Storage

/// Copies everything but the master keys while the program serves: one snapshot of the database, then the files it names.
///
/// The snapshot is a single read unit (SQLite: a snapshot of the log; PostgreSQL: REPEATABLE READ), so the copy is of one
/// moment however long it takes, and nobody waits for it. Rows are text in PostgreSQL's COPY format, so a backup of one engine
/// can be restored into the other. The wrapped keys of vaults are a part of their own, `vault.rows`: kept apart and destroyed
/// after its time, it takes the readable personal data of old backups with it.
package struct Backup: Sendable {
    private let house: House

    package init(_ house: House) { self.house = house }

    static func place(of address: String, in folder: URL) -> URL {
        folder.appendingPathComponent("files").appendingPathComponent(String(address.prefix(2)))
            .appendingPathComponent(address)
    }

    /// Writes a backup into a folder that does not exist yet; it has its name only once it is complete.
    ///
    /// - Throws: `KeepingComplaint` where something of that name is there; what database and disk have to say.
    @discardableResult
    package func run(to folder: URL, say: @escaping @Sendable (String) -> Void) async throws -> Manifest {
        let working = folder.appendingPathExtension("partial")
        for place in [folder, working] where FileManager.default.fileExists(atPath: place.path) {
            throw KeepingComplaint("\(place.path) is there already, and nothing is overwritten. Name another folder.")
        }
        try FileManager.default.createDirectory(
            at: working, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            let at = house.time.now()
            var parts = try await house.database.read { tx in try Self.copy(tx, to: working, say) }
            let (list, damaged, gone, bytes) = try await copyFiles(to: working, say)
            parts.append(list)
            let schema = house.migrations.map(\.name)
            var manifest = Manifest(
                format: Manifest.format, at: at, engine: house.database.dialect.rawValue, schema: schema, parts: parts,
                files: list.rows, fileBytes: bytes, damaged: damaged, gone: gone,
                keyVersion: try house.keys.sign([]).keyVersion,
                signature: "")
            manifest.signature = Hex.encode(try house.keys.sign(try manifest.signed).bytes)
            try Durable.synchronizeFileSystem(of: working)
            try manifest.write(in: working)
            try Durable.rename(working, to: folder)
            return manifest
        } catch {
            try? FileManager.default.removeItem(at: working)
            throw error
        }
    }

    private static func copy(_ tx: Transaction, to folder: URL, _ say: @Sendable (String) -> Void) throws
        -> [Manifest.Part]
    {
        let wanted = try PartWriter("files.wanted", in: folder)
        var parts: [Manifest.Part] = []
        for table in try TableShape.all(tx) {
            let part = try PartWriter("\(table.name).rows", in: folder)
            let address = table.name == "stored_file" ? table.columns.firstIndex { $0.name == "address" } : nil
            let attached = table.columns.firstIndex { $0.name == "attached" }
            try table.forEachRow(tx) { row in
                try part.write { RowText.append(row, to: &$0) }
                if let address, let attached {
                    try wanted.write { RowText.append([row[address], row[attached]], to: &$0) }
                }
                if part.rows % 200_000 == 0 { say("\(table.name): \(part.rows) rows") }
            }
            parts.append(try part.finish())
            say("\(table.name): \(part.rows) rows")
        }
        _ = try wanted.finish()
        return parts
    }

    /// Copies the files the snapshot names; bytes are hashed on their way.
    private func copyFiles(to folder: URL, _ say: @Sendable (String) -> Void) async throws -> (
        list: Manifest.Part, damaged: [String], gone: [String], bytes: Int
    ) {
        let wanted = folder.appendingPathComponent("files.wanted")
        var reader = try PartReader(wanted)
        let list = try PartWriter(Manifest.fileList, in: folder)
        var damaged: [String] = []
        var gone: [String] = []
        var bytes = 0
        var known: Set<String> = []
        while let line = try reader.line() {
            guard let row = RowText.row(line, kinds: [.text, .integer]), case .text(let address) = row[0],
                known.insert(address).inserted
            else { continue }
            let copied = try FileCopy.copy(
                house.files.location(of: address), to: Self.place(of: address, in: folder), address: address)
            if copied == .missing {
                // Swept or taken away after the snapshot.
                var isGone = row[1] == .integer(0)
                if !isGone { isGone = try await house.notices.unknown([address]) == [address] }
                if isGone {
                    gone.append(address)
                    continue
                }
            }
            switch copied {
            case .missing: damaged.append(address)
            case .whole(let length): bytes += length
            case .changed(let length):
                damaged.append(address)
                bytes += length
            }
            if copied != .missing { try list.write { $0 += Array((address + "\n").utf8) } }
            if list.rows % 1000 == 0 { say("\(list.rows) files, \(bytes >> 20) MiB") }
        }
        try FileManager.default.removeItem(at: wanted)
        say("\(list.rows) files, \(bytes >> 20) MiB")
        return (try list.finish(), damaged, gone, bytes)
    }
}
