import Dispatch
package import Foundation
package import Kernel

/// Writes each letter as a line of JSON into a file: for demonstrations, and until an office has a gateway of its own.
///
/// Numbers and accounts are masked; a line is on the disk before the letter counts as sent.
package final class LogFileAdapter: MessageAdapter {
    package let channel: String
    package let carriesMessages = true
    private let file: URL
    private let time: TimeSource
    private let queue = DispatchQueue(label: "notify.log-file")

    /// The lines go to `folder/<channel>.jsonl`, readable by the program's own user only; the folder is made where it is missing.
    package init(channel: String, folder: URL, time: TimeSource = .system) {
        self.channel = channel
        self.time = time
        file = folder.appendingPathComponent("\(channel).jsonl")
    }

    package let atOnce = 50

    package func send(_ letter: OutgoingLetter) async throws { try await send([letter]) }

    /// - Throws: what the system says where the lines cannot be written.
    package func send(_ letters: [OutgoingLetter]) async throws {
        let now = time.now()
        let bytes = Array(letters.map { Self.line($0, at: now).canonical + "\n" }.joined().utf8)
        let file = file
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            queue.async { continuation.resume(with: Result { try Self.append(bytes, to: file) }) }
        }
    }

    static func line(_ letter: OutgoingLetter, at now: Moment) -> JSON {
        var arguments = letter.arguments
        if let number = arguments["number"] { arguments["number"] = Mask.identity(number) }
        let to: String =
            switch letter.recipient {
            case .account(let account, _): Mask.identity(account)
            // What is sealed stays so.
            case .sealed(let vault, _): Mask.identity(vault)
            }
        return [
            "at": .string(now.description), "id": .string(letter.id), "channel": .string(letter.channel),
            "area": .string(letter.area.text), "kind": .string(letter.kind),
            "to": .string(to),
            "arguments": .object(arguments.mapValues(JSON.string)), "attempt": .int(Int64(letter.attempt)),
        ]
    }

    private static func append(_ bytes: [UInt8], to url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let file = open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        let before = lseek(file, 0, SEEK_END)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let fault = POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
                // Half a line would spoil the one after it.
                ftruncate(file, before)
                throw fault
            }
            start += count
        }
        guard fsync(file) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
