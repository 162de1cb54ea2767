import Cryptography
import Foundation

/// Copies one content-addressed file and tells whether its bytes are those it is named by.
enum FileCopy: Equatable {
    case missing
    /// Bytes copied.
    case whole(Int)
    case changed(Int)

    static func copy(_ source: URL, to target: URL, address: String) throws -> FileCopy {
        guard let from = try? FileHandle(forReadingFrom: source) else { return .missing }
        defer { try? from.close() }
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        guard FileManager.default.createFile(atPath: target.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw KeepingComplaint("\(target.path) cannot be written.") }
        let to = try FileHandle(forWritingTo: target)
        defer { try? to.close() }
        var hasher = Hasher256()
        var length = 0
        while let bytes = try from.read(upToCount: 1 << 20), !bytes.isEmpty {
            hasher.update(bytes)
            try to.write(contentsOf: bytes)
            length += bytes.count
        }
        return Hex.encode(hasher.finish()) == address ? .whole(length) : .changed(length)
    }
}

/// Makes names and contents durable.
enum Durable {
    /// Returns once everything written to the file system of a folder is on its disk.
    static func synchronizeFileSystem(of folder: URL) throws {
        // One call for many small files; it returns when all of them are written.
        sync()
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// Gives a folder its lasting name; fails where there is one of that name.
    static func rename(_ folder: URL, to name: URL) throws {
        try synchronizeFileSystem(of: folder)
        try FileManager.default.moveItem(at: folder, to: name)
        try synchronizeFileSystem(of: name)
    }
}
