import Cryptography
import Foundation
import Kernel

// Parts of uploads lie among what is temporary: sealed, and swept with it should a row of them never have been written.

extension FileStore {
    /// Refuses what could never become a file here, before the rest of it is sent.
    func checkPart(_ bytes: [UInt8], isFirst: Bool) async throws {
        if isFirst, FileKind(head: Array(bytes.prefix(4096)), filename: "") == nil {
            throw DomainError.invalid("", "documents.fault.noKind")
        }
        if await scanner.scan(bytes) != nil { throw DomainError.invalid("", "documents.fault.infected", ["name": ""]) }
    }

    /// Seals a part and returns its name once it is durable.
    func keepPart(_ bytes: [UInt8], key: VaultKey, binding: AssociatedData, suite: Seal.Suite) throws -> String {
        let name = "part-\(Hex.encode(Randomness.bytes(16)))"
        let begun = part(name + ".begun").path
        let writer = try SealedFileWriter(path: begun, key: key, associatedData: binding, suite: suite)
        try writer.write(bytes)
        _ = try writer.finish()
        try SealedFileWriter.publish(begun, as: part(name).path)
        return name
    }

    /// Opens a part; throws `.notFound` where it was swept, or where the key is another one.
    func openPart(_ name: String, key: VaultKey, binding: AssociatedData) throws -> SealedFileReader {
        do {
            return try SealedFileReader(path: part(name).path, key: key, associatedData: binding)
        } catch {
            throw DomainError.notFound
        }
    }

    func removePart(_ name: String) { try? FileManager.default.removeItem(at: part(name)) }

    private func part(_ name: String) -> URL { folder.appendingPathComponent("tmp").appendingPathComponent(name) }
}
