import Cryptography
import Foundation
import Kernel
import Storage
import Workflow

/// Writes anchors and the list of forgotten vaults into files of the data folder: `anchors/<area>.jsonl` and
/// `anchors/forgotten.jsonl`. The operator takes them to a place the database's administrator cannot write to.
final class AnchorFiles: Sendable {
    private let database: any Database
    private let keys: any KeyService
    private let anchors: Anchors
    private let folder: URL

    init(database: any Database, keys: any KeyService, data: URL) {
        self.database = database
        self.keys = keys
        anchors = Anchors(database: database, keys: keys)
        folder = data.appendingPathComponent("anchors")
    }

    /// Closes hours and writes what the files lack.
    func run(at now: Moment) async throws {
        try await anchors.close(at: now)
        for area in try await database.read({ tx in try AnchorStore.anchored(tx) }) {
            let file = folder.appendingPathComponent("\(area.text).jsonl")
            while true {
                let after = try lastWritten(file)
                let lines = try await database.read { tx in
                    try AnchorStore.anchors(of: area, after: after, limit: 50, tx).map(\.line)
                }
                if lines.isEmpty { break }
                try append(lines, to: file)
            }
        }
    }

    /// Tells the outside whom the office has forgotten; soon, because a backup of yesterday still knows him.
    func tell() async throws {
        while true {
            let untold = try await database.read { tx in try ForgottenStore.untold(limit: 200, tx) }
            if untold.isEmpty { return }
            let lines = try untold.map { try KeptLine.Forgotten(area: $0.area, vault: $0.vault).line(keys) }
            try append(lines, to: folder.appendingPathComponent("forgotten.jsonl"))
            for (area, inArea) in Dictionary(grouping: untold, by: \.area) {
                try await database.write { tx in
                    for one in inArea { try ForgottenStore.told(one.vault, area: area, tx) }
                }
            }
        }
    }

    /// The end of the last anchor in a file.
    private func lastWritten(_ file: URL) throws -> Moment {
        guard FileManager.default.fileExists(atPath: file.path) else { return Moment(milliseconds: 0) }
        var reader = try PartReader(file)
        var last = Moment(milliseconds: 0)
        while let line = try reader.line() {
            // A line that was cut off when the machine went down is written again behind it.
            if let anchor = (try? JSON(parsing: String(decoding: line, as: UTF8.self))).flatMap({ Anchor($0) }) {
                last = max(last, anchor.until)
            }
        }
        return last
    }

    private func append(_ lines: [String], to file: URL) throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let files = FileManager.default
        if !files.fileExists(atPath: file.path),
            !files.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
        {
            throw KeepingComplaint("\(file.path) cannot be written.")
        }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
        try handle.synchronize()
    }
}
