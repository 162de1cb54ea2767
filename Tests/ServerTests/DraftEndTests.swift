import Catalogue
import Composition
import Cryptography
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Cases
@testable import Documents

/// What becomes of a draft's files.
@Suite("The end of drafts")
struct DraftEndTests {
    @Test("A draft thrown away takes its files with it", arguments: Backend.all)
    func discarded(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            let file = try await road.upload(to: draft)
            try await road.upload(to: draft)
            #expect(try await road.files() == 2 && road.bytes().count == 2)
            try await road.cases.detach(file.id, from: draft, area: road.area, road.resident, at: road.now)
            #expect(try await road.files() == 1 && road.bytes().count == 1)
            try await road.cases.discardDraft(draft, area: road.area, road.resident)
            #expect(try await road.files() == 0 && road.bytes().isEmpty)
            await #expect(throws: DomainError.notFound) {
                _ = try await road.cases.openDraft(draft, area: road.area, road.resident)
            }
        }
    }

    @Test(
        "After 90 days a draft is forgotten with its files; seven days before its owner is warned, once",
        arguments: Backend.all)
    func expired(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            try await road.upload(to: draft)
            for (days, warnings) in [(82, 0), (2, 1), (1, 1)] as [(Int64, Int)] {
                office.time.advance(days: days)
                try await road.cases.sweepDrafts(at: road.now)
                #expect(try await road.warnings() == warnings, "after \(days) more days")
            }
            // Saved again, it lives on and is warned of its new end.
            try await road.cases.saveSection(
                GenericForm.sectionID, [("matter", "还要办")], of: draft, area: road.area, road.resident, at: road.now)
            office.time.advance(days: 84)
            try await road.cases.sweepDrafts(at: road.now)
            #expect(try await road.warnings() == 2)
            office.time.advance(days: 7)
            try await road.cases.sweepDrafts(at: road.now)
            #expect(try await road.files() == 0 && road.bytes().isEmpty)
            let rest = try await office.house.database.read { [area = road.area] tx in
                try VaultStore.read(draft, area: area, tx)
            }
            #expect(rest == nil, "the key is destroyed")
        }
    }

    @Test("What became a case is not thrown away, whoever presses what first", arguments: Backend.all)
    func submitted(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            for _ in 0..<4 {
                let draft = try await road.draft()
                try await road.upload(to: draft)
                async let discarded: Void? = try? road.cases.discardDraft(draft, area: road.area, road.resident)
                async let number = try? road.cases.submit(
                    draft, road.resident, road.occasion(road.resident), language: .zh
                ).number
                _ = await discarded
                if let number = await number {
                    let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
                    #expect(try !opened.content().form.isEmpty, "the case kept its vault")
                    let file = try #require(opened.state.files.first)
                    #expect(try await road.cases.file(file.id, of: opened).reader.length > 0)
                } else {
                    let gone = try await road.cases.numberOfDraft(draft, area: road.area, road.resident)
                    #expect(gone == nil)
                }
            }
            #expect(try await office.house.verifier.run().faults.isEmpty)
        }
    }

    @Test("Bytes a crash left without a row are swept after a day, others never", arguments: Backend.all)
    func swept(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            let kept = try await road.upload(to: draft)
            let opened = try await road.cases.openDraft(draft, area: road.area, road.resident)
            let old = try road.cases.files.store(Array("%PDF-1.7 old".utf8), kind: .pdf, into: opened.vault, id: "old")
            let new = try road.cases.files.store(Array("%PDF-1.7 new".utf8), kind: .pdf, into: opened.vault, id: "new")
            for file in try road.bytes() {
                let age: Double = file.lastPathComponent == new.file.address ? 3_600 : 2 * 86_400
                let date = Date(timeIntervalSince1970: Double(road.now.milliseconds) / 1000 - age)
                try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
            }
            for hour in 0..<24 {
                // The clock stands still for the age of files; only the folders' turn moves.
                for folder in 0..<NoticeDesk.folders where folder % 24 == hour {
                    try await road.cases.notices.sweepUnreferenced(folder: folder, at: road.now)
                }
            }
            let names = Set(try road.bytes().map(\.lastPathComponent))
            let address = try await office.house.database.read { [area = road.area] tx in
                try DocumentsStore.file(kept.id, area: area, tx)?.address
            }
            #expect(names == [new.file.address, try #require(address)])
            #expect(!names.contains(old.file.address))
        }
    }
}

extension Road {
    @discardableResult
    func upload(to draft: String) async throws -> DraftContent.File {
        let item = try await cases.catalogue.current(slug, area: area).definition
        let material = try #require(item.materials.first { !$0.generated })
        let bytes = Array("%PDF-1.7 \(UUID().uuidString)".utf8)
        let files = cases.files
        return try await cases.attach(
            named: "材料.pdf", material: material.id, to: draft, area: area, resident, at: now
        ) { vault, id, _, _ in try files.store(bytes, kind: .pdf, into: vault, id: id) }
    }

    /// How many files have a row.
    func files() async throws -> Int {
        let area = area
        return try await office.house.database.read { tx in
            try tx.value("SELECT COUNT(*) FROM stored_file WHERE area = \(area)", as: Int.self) ?? 0
        }
    }

    /// What lies in the folder.
    func bytes() throws -> [URL] {
        let folder = office.house.configuration.data.appendingPathComponent("files")
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        return try (all?.allObjects ?? []).compactMap { $0 as? URL }.filter {
            try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
        }
    }

    func warnings() async throws -> Int {
        let now = now
        return try await office.house.database.read { tx in
            try Outbox.due(channel: "message", at: now, limit: 100, tx)
                .count { $0.payload["kind"].text == "cases.draftEnding" }
        }
    }
}
