import Cases
import Cryptography
import Documents
import Foundation
import Identity
import Kernel
import Logging
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Composition

/// Backup, restore and what stays forgotten, from each engine into each.
@Suite("Keeping")
struct BackupTests {
    /// An office with four cases at different stages, one of them with its papers drawn.
    private func withCases(_ backend: Backend, _ body: @Sendable (Office, Road, [String]) async throws -> Void)
        async throws
    {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            var numbers: [String] = []
            for _ in 0..<4 { numbers.append(try await road.submit()) }
            try await road.cases.accept(numbers[1], road.clerk, road.occasion(road.clerk))
            try await road.cases.accept(numbers[2], road.clerk, road.occasion(road.clerk))
            try await road.cases.passReview(
                numbers[2], opinion: "符合条件\t\\N\n“二”", road.reviewer, road.occasion(road.reviewer))
            let opened = try await road.cases.openOwn(numbers[2], area: road.area, road.resident)
            for notice in opened.state.notices {
                _ = try await road.cases.notices.pdf(notice.id, area: road.area, at: road.now)
            }
            _ = try await road.draft()
            try await body(office, road, numbers)
        }
    }

    private static func folder() -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("tongban-keeping-\(UUID().uuidString)")
    }

    /// A place with the office's keys and nothing else.
    private static func emptyPlace(_ office: Office) throws -> URL {
        let place = folder()
        try FileManager.default.createDirectory(
            at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let keys = office.house.configuration.data.appendingPathComponent("keys")
        try FileManager.default.copyItem(at: keys, to: place.appendingPathComponent("keys"))
        return place
    }

    private func restored(
        _ office: Office, _ backup: URL, into backend: Backend, forgotten: [KeptLine.Forgotten] = [],
        _ body: @Sendable (House, Restore.Report) async throws -> Void
    ) async throws {
        let place = try Self.emptyPlace(office)
        defer { try? FileManager.default.removeItem(at: place) }
        let configuration = Configuration(data: place, demo: true)
        try Restore.checkPlace(configuration)
        try await withDatabase(backend, migrations: []) { database in
            let house = try House(
                configuration, time: office.time.source, logger: office.house.logger, database: database)
            let report = try await Restore(house, from: backup).run(forgotten: forgotten) { _ in }
            #expect(!Restore.isUnfinished(configuration))
            try await body(house, report)
        }
    }

    /// Every row of a table as text.
    private static func rows(_ table: String, _ house: House) async throws -> Set<String> {
        try await house.database.read { tx in
            let shape = try #require(try TableShape.all(tx).first { $0.name == table })
            var rows: Set<String> = []
            try shape.forEachRow(tx) { row in
                var bytes: [UInt8] = []
                RowText.append(row, to: &bytes)
                rows.insert(String(decoding: bytes, as: UTF8.self))
            }
            return rows
        }
    }

    @Test("A backup of either engine comes back whole in either", arguments: Backend.all, Backend.all)
    func roundTrip(_ source: Backend, _ target: Backend) async throws {
        try await withCases(source) { office, road, numbers in
            let backup = Self.folder()
            defer { try? FileManager.default.removeItem(at: backup) }
            let manifest = try await Backup(office.house).run(to: backup) { _ in }
            #expect(manifest.files == 2 && manifest.damaged.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: backup.appendingPathComponent("keys").path))
            try await restored(office, backup, into: target) { house, report in
                #expect(report.files == 2)
                let found = try await house.verify()
                #expect(found.faults.isEmpty, "\(found.faults)")
                #expect(found.proceedings > 4 && found.files == 2)
                let tables = try await house.database.read { tx in try TableShape.all(tx).map(\.name) }
                #expect(tables.count > 30)
                for table in tables where table != "schema_migration" {
                    let before = try await Self.rows(table, office.house)
                    let after = try await Self.rows(table, house)
                    if Restore.passing.contains(table) {
                        #expect(after.isEmpty, "\(table)")
                    } else {
                        #expect(after == before, "\(table)")
                    }
                }
                let opened = try await house.cases.open(number: numbers[2], area: road.area)
                #expect(try opened.content().applicant.name == "演示居民甲")
            }
        }
    }

    @Test("Nothing is overwritten, and nothing incomplete or changed is restored")
    func refusals() async throws {
        try await withCases(.sqlite) { office, _, _ in
            let backup = Self.folder()
            defer { try? FileManager.default.removeItem(at: backup) }
            try await Backup(office.house).run(to: backup) { _ in }
            await #expect(throws: KeepingComplaint.self) { try await Backup(office.house).run(to: backup) { _ in } }
            let house = office.house
            #expect(try house.checkBackup(in: backup) { _ in }.isEmpty)
            let parts = try FileManager.default.subpathsOfDirectory(atPath: backup.path).sorted()
            var tried = 0
            for part in parts where part != "manifest.json" {
                let url = backup.appendingPathComponent(part)
                let whole = (try? Data(contentsOf: url)) ?? Data()
                guard !whole.isEmpty else { continue }
                var changed = whole
                changed[Int.random(in: 0..<whole.count)] ^= UInt8(1 << Int.random(in: 0..<8))
                try changed.write(to: url)
                let faults = try house.checkBackup(in: backup) { _ in }
                #expect(!faults.isEmpty, "\(part)")
                await #expect(throws: KeepingComplaint.self) {
                    try await restored(office, backup, into: .sqlite) { _, _ in }
                }
                try whole.write(to: url)
                tried += 1
                if tried == 12 { break }
            }
            #expect(tried == 12)
            let manifest = backup.appendingPathComponent("manifest.json")
            let text = try String(contentsOf: manifest, encoding: .utf8)
            try text.replacingOccurrences(of: "\"rows\" : 4", with: "\"rows\" : 3").write(
                to: manifest, atomically: true, encoding: .utf8)
            #expect(throws: KeepingComplaint.self) { try house.checkBackup(in: backup) { _ in } }
            try FileManager.default.removeItem(at: manifest)
            #expect(throws: KeepingComplaint.self) { try house.checkBackup(in: backup) { _ in } }
            #expect(throws: KeepingComplaint.self) { try Restore.checkPlace(house.configuration) }
            let place = Self.folder()
            #expect(throws: KeepingComplaint.self) { try Restore.checkPlace(Configuration(data: place)) }
        }
    }

    @Test("Who was forgotten after the backup stays forgotten after the restore", arguments: Backend.all)
    func forgotten(_ backend: Backend) async throws {
        try await withCases(backend) { office, road, numbers in
            let backup = Self.folder()
            defer { try? FileManager.default.removeItem(at: backup) }
            try await Backup(office.house).run(to: backup) { _ in }
            let one = try await road.cases.openOwn(numbers[2], area: road.area, road.resident).id
            let area = road.area
            let addresses = try await office.house.database.write { tx in
                try VaultStore.forget(one, area: area, tx)
                return try DocumentsStore.removeFiles(of: one, area: area, tx)
            }
            #expect(addresses.count == 2)
            try await office.house.notices.discard(addresses)
            #expect(try await office.house.verify().faults.isEmpty)
            let data = office.house.configuration.data
            try await AnchorFiles(database: office.house.database, keys: office.house.keys, data: data).tell()
            let list = data.appendingPathComponent("anchors/forgotten.jsonl")
            let lines = try KeptLine.read(list, keys: office.house.keys)
            let gone = lines.compactMap { line in if case .forgotten(let one) = line { one } else { nil } }
            #expect(gone == [KeptLine.Forgotten(area: area, vault: one)])
            try await restored(office, backup, into: backend, forgotten: gone) { house, report in
                #expect(report.forgotten == 1)
                #expect(try await house.verify().faults.isEmpty)
                let left = try await house.database.read { tx in
                    try ["vault", "party", "stored_file"].map { table in
                        let column = try SQL.name(table == "vault" ? "id" : "vault")
                        return try tx.value(
                            "SELECT COUNT(*) FROM \(try SQL.name(table)) WHERE area = \(area) AND \(column) = \(one)",
                            as: Int.self) ?? -1
                    }
                }
                #expect(left == [0, 0, 0])
                let files = house.configuration.data.appendingPathComponent("files").path
                #expect(try !FileManager.default.subpathsOfDirectory(atPath: files).contains { $0.count > 64 })
            }
            // A list that somebody changed, such as to let others be forgotten, is not followed.
            let text = try String(contentsOf: list, encoding: .utf8)
            try text.replacingOccurrences(of: one, with: String(one.reversed())).write(
                to: list, atomically: true, encoding: .utf8)
            #expect(throws: KeepingComplaint.self) { try KeptLine.read(list, keys: office.house.keys) }
        }
    }

    @Test("A file of which a byte was changed, or that is gone, is named", arguments: Backend.all)
    func files(_ backend: Backend) async throws {
        try await withCases(backend) { office, road, numbers in
            let one = try await road.cases.openOwn(numbers[2], area: road.area, road.resident).id
            let folder = office.house.configuration.data.appendingPathComponent("files")
            let path = try #require(
                try FileManager.default.subpathsOfDirectory(atPath: folder.path).first { $0.count > 64 })
            let url = folder.appendingPathComponent(path)
            let whole = try Data(contentsOf: url)
            for _ in 0..<8 {
                var changed = whole
                changed[Int.random(in: 0..<whole.count)] ^= UInt8(1 << Int.random(in: 0..<8))
                try changed.write(to: url)
                let faults = try await office.house.verify().faults
                #expect(faults.map(\.stream) == [one], "\(faults)")
            }
            try FileManager.default.removeItem(at: url)
            #expect(try await office.house.verify().faults.map(\.stream) == [one])
            let backup = Self.folder()
            defer { try? FileManager.default.removeItem(at: backup) }
            #expect(try await Backup(office.house).run(to: backup) { _ in }.damaged.count == 1)
        }
    }
}
