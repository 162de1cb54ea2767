import Cryptography
import Documents
import Foundation
package import Kernel

/// What a backup consists of, with the SHA-256 of every part; signed by the office's key. Written last: without it a backup is none.
package struct Manifest: Sendable, Hashable, Codable {
    /// One file of rows.
    package struct Part: Sendable, Hashable, Codable {
        package let name: String
        package let rows: Int
        package let bytes: Int
        package let sha256: String
    }

    /// The form of backups this program writes and reads.
    static let format = 1
    static let name = "manifest.json"
    /// One address of a file a line.
    static let fileList = "files.list"

    package let format: Int
    package let at: Moment
    /// `sqlite` or `postgres`: where it came from. It can be restored into either.
    package let engine: String
    /// The migrations of the schema.
    package let schema: [String]
    package let parts: [Part]
    package let files: Int
    package let fileBytes: Int
    /// Addresses of files whose bytes were not what they should have been when the backup was made.
    package let damaged: [String]
    /// Addresses that were taken away while the backup was made: their rows do not come back.
    package let gone: [String]
    let keyVersion: UInt32
    var signature: String

    var signed: [UInt8] {
        get throws {
            var plain = self
            plain.signature = ""
            return Array("tongban-backup 1\n".utf8) + Array(try canonical(plain).utf8)
        }
    }

    private func canonical(_ manifest: Manifest) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(manifest), as: UTF8.self)
    }

    func write(in folder: URL) throws {
        let url = folder.appendingPathComponent(Self.name)
        try Data(try canonical(self).utf8).write(to: url)
        let file = try FileHandle(forUpdating: url)
        try file.synchronize()
        try file.close()
    }

    /// Reads and checks the manifest of a backup.
    ///
    /// - Throws: `KeepingComplaint` where there is none, or one of another form, or one that this office did not sign.
    static func read(in folder: URL, keys: any KeyService) throws -> Manifest {
        let url = folder.appendingPathComponent(name)
        guard let data = try? Data(contentsOf: url) else {
            throw KeepingComplaint("\(folder.path) is no complete backup: it has no \(name).")
        }
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: data) else {
            throw KeepingComplaint("\(url.path) cannot be read: it was changed, or a newer program wrote it.")
        }
        guard manifest.format == format else {
            throw KeepingComplaint("The backup has the form \(manifest.format); this program reads \(format).")
        }
        let signature = ServiceSignature(keyVersion: manifest.keyVersion, bytes: Hex.decode(manifest.signature) ?? [])
        guard keys.verify(signature, of: try manifest.signed) else {
            throw KeepingComplaint(
                """
                The manifest does not bear this office's signature: it was changed, or the key file is another one. Put the key \
                file of the office that made the backup (its data folder's `keys`) in place.
                """)
        }
        return manifest
    }

    /// Compares every part and every file with the manifest; answers what does not fit.
    func faults(in folder: URL, say: @Sendable (String) -> Void) throws -> [String] {
        var faults: [String] = []
        for part in parts {
            let url = folder.appendingPathComponent(part.name)
            guard let digest = try? FileStore.digest(of: url) else {
                faults.append("\(part.name) is missing")
                continue
            }
            if digest != part.sha256 { faults.append("\(part.name) was changed") }
        }
        say("\(parts.count) parts compared")
        guard faults.isEmpty else { return faults }
        var reader = try PartReader(folder.appendingPathComponent(Self.fileList))
        var count = 0
        while let line = try reader.line() {
            let address = String(decoding: line, as: UTF8.self)
            count += 1
            let path = Backup.place(of: address, in: folder)
            guard let digest = try? FileStore.digest(of: path) else {
                faults.append("the file \(address) is missing")
                continue
            }
            if digest != address, !damaged.contains(address) { faults.append("the file \(address) was changed") }
            if count % 2000 == 0 { say("\(count) of \(files) files compared") }
        }
        return faults
    }
}
