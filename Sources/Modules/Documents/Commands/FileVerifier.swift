import Cryptography
package import Foundation
package import Kernel
package import Storage
package import Workflow

/// Compares the folder of files with the rows: every row's bytes are there and whole.
package struct FileVerifier: Sendable {
    private let database: any Database
    private let files: FileStore

    package init(database: any Database, files: FileStore) {
        self.database = database
        self.files = files
    }

    private static let size = 200

    /// Hashes every file; `now` tells which loose uploads may have been swept already.
    package func run(
        at now: Moment, into report: inout VerifyReport, _ progress: @Sendable (VerifyReport) -> Void = { _ in }
    ) async throws {
        var last = (area: "", id: "")
        while true {
            let after = last
            let rows = try await database.read { tx in
                try DocumentsStore.page(after: after, limit: Self.size, tx)
            }
            for row in rows {
                report.files += 1
                guard let problem = await files.problem(of: row.address) else { continue }
                // Swept between the look at its row and the look at its bytes.
                if !row.attached, row.createdAt < now.adding(seconds: -47 * 3600) { continue }
                if try await gone(row) { continue }
                report.faults.append(
                    .init(area: row.area, stream: row.vault, seq: nil, reason: "its file \(row.id) \(problem.rawValue)")
                )
            }
            progress(report)
            guard rows.count == Self.size, let end = rows.last else { return }
            last = (end.area.text, end.id)
        }
    }

    private func gone(_ row: DocumentsStore.Line) async throws -> Bool {
        try await database.read { tx in try DocumentsStore.file(row.id, area: row.area, tx) == nil }
    }
}

extension FileStore {
    /// What can be wrong with stored bytes.
    package enum Problem: String, Sendable {
        case missing = "has no bytes"
        case changed = "has other bytes than it had"
    }

    /// Nil where the bytes under an address are those it names.
    package func problem(of address: String) async -> Problem? {
        let path = location(of: address)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                guard let digest = try? Self.digest(of: path) else { return continuation.resume(returning: .missing) }
                continuation.resume(returning: digest == address ? nil : .changed)
            }
        }
    }

    /// SHA-256 of a file, hexadecimal; reads a mebibyte at a time.
    package static func digest(of path: URL) throws -> String {
        let file = try FileHandle(forReadingFrom: path)
        defer { try? file.close() }
        var hasher = Hasher256()
        while let bytes = try file.read(upToCount: 1 << 20), !bytes.isEmpty { hasher.update(bytes) }
        return Hex.encode(hasher.finish())
    }
}
