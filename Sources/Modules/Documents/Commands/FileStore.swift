package import Cryptography
package import Foundation
import Kernel
import Storage
package import Web
package import Workflow

/// The file folder: every file sealed under its application's key, named by the hash of its sealed bytes.
///
/// A row refers to a file only after the file is durable; a file no row refers to is swept.
package struct FileStore: Sendable {
    let folder: URL
    let scanner: any FileScanner

    /// Creates the folder where there is none.
    package init(folder: URL, scanner: any FileScanner = TestFileScanner()) throws {
        self.folder = folder
        self.scanner = scanner
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("tmp"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    /// Takes one file of an upload, piece by piece; nothing of it ever lies open on the disk.
    ///
    /// - Throws: `.invalid(field, …)` for a wrong kind, an empty or infected file, `.tooLarge` over `limit` bytes.
    package func receive<Source>(
        _ part: MultipartReader<Source>.Part, _ reader: inout MultipartReader<Source>, into vault: OpenVault,
        id: String,
        field: String, allowed: [FileKind], limit: Int
    ) async throws -> (file: StoredFile, digest: String) {
        let name = part.filename ?? ""
        let temporary = folder.appendingPathComponent("tmp").appendingPathComponent(id).path
        var head: [UInt8] = []
        var kind: FileKind?
        var writer: SealedFileWriter?
        while let chunk = try await reader.nextChunk() {
            if let writer {
                try writer.write(chunk)
            } else {
                head += chunk
                guard head.count >= 4096 else { continue }
                (kind, writer) = try await begin(head, name, temporary, vault, id, field, allowed)
            }
            if (writer?.plaintextLength ?? head.count) > limit {
                throw DomainError.tooLarge(
                    Message("documents.fault.tooLarge", ["name": name, "limit": String(limit >> 20)]))
            }
        }
        if head.isEmpty { throw DomainError.invalid(field, "documents.fault.empty", ["name": name]) }
        if writer == nil { (kind, writer) = try await begin(head, name, temporary, vault, id, field, allowed) }
        guard let kind, let writer else { throw DomainError.invalid(field, "documents.fault.empty", ["name": name]) }
        let summary = try writer.finish()
        let address = Hex.encode(summary.sealedHash)
        try publish(temporary, address)
        return (
            StoredFile(id: id, vault: vault.id, address: address, size: summary.plaintextLength, kind: kind),
            Hex.encode(summary.plaintextHash)
        )
    }

    /// Stores bytes the office made itself.
    package func store(_ bytes: [UInt8], kind: FileKind, into vault: OpenVault, id: String) throws -> (
        file: StoredFile, digest: String
    ) {
        let temporary = folder.appendingPathComponent("tmp").appendingPathComponent(id).path
        let writer = try SealedFileWriter(
            path: temporary, key: vault.fileKey, associatedData: Self.binding(vault, id), suite: vault.suite)
        try writer.write(bytes)
        let summary = try writer.finish()
        let address = Hex.encode(summary.sealedHash)
        try publish(temporary, address)
        return (
            StoredFile(id: id, vault: vault.id, address: address, size: summary.plaintextLength, kind: kind),
            Hex.encode(summary.plaintextHash)
        )
    }

    /// Opens a file; throws where it was altered or belongs to another application.
    package func open(_ file: StoredFile, _ vault: OpenVault) throws -> SealedFileReader {
        try SealedFileReader(
            path: path(file.address).path, key: vault.fileKey, associatedData: Self.binding(vault, file.id))
    }

    func remove(_ address: String) { try? FileManager.default.removeItem(at: path(address)) }

    /// Addresses of a folder's files that were written before a moment.
    func addresses(in folder: Int, changedBefore before: Date) -> [String] {
        let digits = String(folder + 256, radix: 16).dropFirst()
        return old(self.folder.appendingPathComponent(String(digits)), before).map(\.lastPathComponent)
    }

    /// Removes what was begun before, and never finished.
    func sweepTemporary(before: Date) {
        for file in old(folder.appendingPathComponent("tmp"), before) {
            try? FileManager.default.removeItem(at: file)
        }
    }

    private func old(_ folder: URL, _ before: Date) -> [URL] {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
        return (files ?? []).filter { file in
            let changed = (try? file.resourceValues(forKeys: [.contentModificationDateKey]))?.contentModificationDate
            return changed.map { $0 < before } ?? false
        }
    }

    private func begin(
        _ head: [UInt8], _ name: String, _ temporary: String, _ vault: OpenVault, _ id: String, _ field: String,
        _ allowed: [FileKind]
    ) async throws -> (FileKind, SealedFileWriter) {
        guard let kind = FileKind(head: head, filename: name), allowed.contains(kind) else {
            let words = allowed.map { $0.rawValue.uppercased() }.joined(separator: "、")
            throw DomainError.invalid(field, "documents.fault.kind", ["name": name, "allowed": words])
        }
        if await scanner.scan(head) != nil {
            throw DomainError.invalid(field, "documents.fault.infected", ["name": name])
        }
        let writer = try SealedFileWriter(
            path: temporary, key: vault.fileKey, associatedData: Self.binding(vault, id), suite: vault.suite)
        try writer.write(head)
        return (kind, writer)
    }

    private func publish(_ temporary: String, _ address: String) throws {
        let target = path(address)
        try SealedFileWriter.makeFolder(of: target.path)
        try SealedFileWriter.publish(temporary, as: target.path)
    }

    /// Where the bytes of an address lie.
    package func location(of address: String) -> URL { path(address) }

    private func path(_ address: String) -> URL {
        folder.appendingPathComponent(String(address.prefix(2))).appendingPathComponent(address)
    }

    private static func binding(_ vault: OpenVault, _ id: String) -> AssociatedData {
        AssociatedData(["file", vault.area.text, vault.id, id])
    }
}
