import Cryptography
import Foundation

/// A part of a backup on its way to the disk: hashed while it is written.
final class PartWriter {
    let name: String
    private(set) var rows = 0
    private(set) var length = 0
    private let file: FileHandle
    private var hasher = Hasher256()
    private var buffer: [UInt8] = []

    /// Makes the file; one of that name is emptied, as when a unit of work runs again.
    init(_ name: String, in folder: URL) throws {
        self.name = name
        let url = folder.appendingPathComponent(name)
        guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        file = try FileHandle(forWritingTo: url)
        buffer.reserveCapacity(Self.size * 2)
    }

    private static let size = 1 << 18

    /// Adds one line.
    func write(_ fill: (inout [UInt8]) -> Void) throws {
        fill(&buffer)
        rows += 1
        if buffer.count >= Self.size { try flush() }
    }

    /// The part as the manifest names it, once its content is on the disk.
    func finish() throws -> Manifest.Part {
        try flush()
        try file.synchronize()
        try file.close()
        return Manifest.Part(name: name, rows: rows, bytes: length, sha256: Hex.encode(hasher.finish()))
    }

    private func flush() throws {
        guard !buffer.isEmpty else { return }
        try file.write(contentsOf: buffer)
        hasher.update(buffer)
        length += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Reads a part line by line.
struct PartReader {
    private let file: FileHandle
    private var buffer: [UInt8] = []
    private var start = 0
    private var ended = false

    init(_ url: URL) throws { file = try FileHandle(forReadingFrom: url) }

    /// The next line without its end; nil behind the last.
    mutating func line() throws -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: 10) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            searched = buffer.count
            guard !ended else {
                try? file.close()
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                return buffer[start...]
            }
            let more = try file.read(upToCount: 1 << 20) ?? Data()
            ended = more.isEmpty
            if start > 0 {
                searched -= start
                buffer.removeFirst(start)
                start = 0
            }
            buffer += more
        }
    }
}
