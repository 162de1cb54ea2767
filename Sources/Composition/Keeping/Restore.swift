import Cases
import Cryptography
import Documents
package import Foundation
import Kernel
import Storage
import Workflow

/// Brings a backup into an empty data folder and an empty database, and forgets again whoever was forgotten since.
package struct Restore: Sendable {
    /// What came back.
    package struct Report: Sendable {
        package var rows = 0
        package var files = 0
        /// Vaults that were destroyed again because the list outside says so.
        package var forgotten = 0
        package var damaged: [String] = []
    }

    private let house: House
    private let manifest: Manifest
    private let folder: URL

    /// Signed-in people, codes and uploads on their way: they do not come back, everybody signs in anew.
    static let passing: Set<String> = [
        "session", "staff_session", "api_token", "phone_code", "kept_post", "upload_part", "upload",
    ]
    private static let marker = "restoring"
    /// Rows of one unit of work.
    private static let batch = 5000

    /// Looks at the place before anything is written to it.
    ///
    /// - Throws: `KeepingComplaint` where the data folder holds something, or has no key file.
    package static func checkPlace(_ configuration: Configuration) throws {
        let data = configuration.data
        let files = FileManager.default
        func entries(_ name: String) -> [String] {
            (try? files.contentsOfDirectory(atPath: data.appendingPathComponent(name).path)) ?? []
        }
        let held = ["tongban.sqlite", marker].filter { files.fileExists(atPath: data.appendingPathComponent($0).path) }
        let stored = entries("files").filter { $0 != "tmp" }
        guard held.isEmpty, stored.isEmpty else {
            throw KeepingComplaint(
                """
                \(data.path) is not empty (\((held + stored.prefix(3).map { "files/\($0)" }).joined(separator: ", "))), and \
                nothing is overwritten. Restore into a folder that holds nothing but the office's key file.
                """)
        }
        guard files.fileExists(atPath: data.appendingPathComponent("keys").path) else {
            throw KeepingComplaint(
                """
                \(data.path)/keys is missing. A backup never holds the master keys: put the key file of the office there \
                (mode 0600), as it is kept apart, and restore again.
                """)
        }
    }

    /// Why the program must not serve from a data folder yet; nil where it may.
    package static func isUnfinished(_ configuration: Configuration) -> Bool {
        FileManager.default.fileExists(atPath: configuration.data.appendingPathComponent(marker).path)
    }

    /// - Throws: `KeepingComplaint` where the backup is incomplete, changed, of another office or of another schema.
    package init(_ house: House, from folder: URL) throws {
        self.house = house
        self.folder = folder
        manifest = try Manifest.read(in: folder, keys: house.keys)
        let known = house.migrations.map(\.name)
        guard manifest.schema == known else {
            let strange = Set(manifest.schema).symmetricDifference(known).sorted().joined(separator: ", ")
            throw KeepingComplaint(
                """
                The backup's schema is not this program's (\(strange)). Restore it with the version of the program that made \
                it, and then run the newer one with: tongban migrate
                """)
        }
    }

    /// Checks every part first, then loads.
    ///
    /// - Parameter forgotten: lines of the list outside; those the backup knows are forgotten in any case.
    package func run(forgotten: [KeptLine.Forgotten], say: @escaping @Sendable (String) -> Void) async throws -> Report
    {
        let faults = try manifest.faults(in: folder, say: say)
        guard faults.isEmpty else {
            throw KeepingComplaint(
                "The backup is damaged, and nothing was restored:\n\(faults.prefix(20).joined(separator: "\n"))")
        }
        let tables = try await house.database.read { tx in try TableShape.all(tx).map(\.name) }
        guard tables.allSatisfy({ $0 == "schema_migration" }) else {
            throw KeepingComplaint("The database is not empty, and nothing is overwritten. Restore into a fresh one.")
        }
        let marker = house.configuration.data.appendingPathComponent(Self.marker)
        try Data("A backup is being restored into this folder.\n".utf8).write(to: marker)
        var report = Report()
        report.damaged = manifest.damaged
        try await house.migrate()
        let shapes = try await house.database.read { tx in try TableShape.all(tx) }
        for part in manifest.parts where part.name.hasSuffix(".rows") {
            let name = String(part.name.dropLast(5))
            guard name != "schema_migration", !Self.passing.contains(name) else { continue }
            guard let shape = shapes.first(where: { $0.name == name }) else {
                throw KeepingComplaint("The schema has no table \(name).")
            }
            report.rows += try await load(part, shape, say)
        }
        try await checkKeys()
        report.files = try copyFiles(say)
        report.forgotten = try await forget(forgotten)
        try Durable.synchronizeFileSystem(of: house.configuration.data)
        try FileManager.default.removeItem(at: marker)
        return report
    }

    private func load(_ part: Manifest.Part, _ shape: TableShape, _ say: @Sendable (String) -> Void) async throws -> Int
    {
        var reader = try PartReader(folder.appendingPathComponent(part.name))
        let kinds = shape.columns.map(\.kind)
        var loaded = 0
        while true {
            var rows: [[SQLValue]] = []
            while rows.count < Self.batch, let line = try reader.line() {
                guard let row = RowText.row(line, kinds: kinds) else {
                    throw KeepingComplaint("\(part.name), line \(loaded + rows.count + 1), is no row of \(shape.name).")
                }
                rows.append(row)
            }
            if rows.isEmpty { break }
            let batch = rows
            try await house.database.write { tx in try shape.insert(batch, tx) }
            loaded += batch.count
            if loaded % 200_000 < Self.batch { say("\(shape.name): \(loaded) of \(part.rows) rows") }
        }
        return loaded
    }

    /// The master keys must open what the backup holds; tried on some vaults.
    private func checkKeys() async throws {
        let some = try await house.database.read { tx in
            try tx.rows(
                "SELECT area, id, wrapped FROM vault ORDER BY area, id LIMIT 5", as: AreaCode.self, String.self,
                [UInt8].self)
        }
        for (area, id, wrapped) in some {
            do {
                _ = try house.keys.unwrap(
                    try WrappedKey(wrapped), associatedData: AssociatedData(area: area, vault: id))
            } catch {
                throw KeepingComplaint(
                    """
                    The key file does not open the backup's vaults (\(error)): it is older than the backup, or another \
                    office's. Empty the data folder and the database, put the right key file in place and restore again.
                    """)
            }
        }
    }

    private func copyFiles(_ say: @Sendable (String) -> Void) throws -> Int {
        var reader = try PartReader(folder.appendingPathComponent(Manifest.fileList))
        var count = 0
        while let line = try reader.line() {
            let address = String(decoding: line, as: UTF8.self)
            let copied = try FileCopy.copy(
                Backup.place(of: address, in: folder), to: house.files.location(of: address), address: address)
            if case .missing = copied { throw KeepingComplaint("The backup's file \(address) went missing.") }
            count += 1
            if count % 1000 == 0 { say("\(count) of \(manifest.files) files") }
        }
        return count
    }

    private func forget(_ lines: [KeptLine.Forgotten]) async throws -> Int {
        var count = 0
        for line in lines {
            count += try await house.database.write { tx in
                let known = try tx.value(
                    "SELECT id FROM vault WHERE area = \(line.area) AND id = \(line.vault)", as: String.self)
                try VaultStore.forget(line.vault, area: line.area, tx)
                try tx.execute("DELETE FROM draft WHERE area = \(line.area) AND id = \(line.vault)")
                return known == nil ? 0 : 1
            }
        }
        return count
    }
}
