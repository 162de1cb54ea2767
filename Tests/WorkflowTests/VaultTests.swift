import Cryptography
import Foundation
import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("Vaults")
struct VaultTests {
    /// Keys of this test alone.
    private func withVaults(
        _ backend: Backend, suite: Seal.Suite = .aes256GCM,
        _ body: (any Database, Vaults, LocalKeyService) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tongban-vaults-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let keys = try LocalKeyService(path: folder.appending(path: "keys").path)
        try await withOffice(backend) { database in try await body(database, Vaults(keys: keys, suite: suite), keys) }
    }

    private func store(_ database: any Database, _ wrapped: [UInt8], _ parts: [SealedPart], id: String = "t-1")
        async throws
    {
        try await database.write { tx in
            try VaultStore.insert(id, area: jinniu, wrapped: wrapped, at: after(0), tx)
            for part in parts { try VaultStore.put(part, in: id, area: jinniu, at: after(0), tx) }
        }
    }

    private func read(_ database: any Database, id: String = "t-1", slots: [String] = []) async throws -> SealedBundle?
    {
        try await database.read { tx in try VaultStore.read(id, area: jinniu, slots: slots, tx) }
    }

    @Test("What is put into a vault comes out again", arguments: Backend.all, Seal.Suite.allCases)
    func roundTrip(_ backend: Backend, _ suite: Seal.Suite) async throws {
        try await withVaults(backend, suite: suite) { database, vaults, _ in
            let (vault, wrapped) = try vaults.create(area: jinniu, id: "t-1")
            let form = try vault.seal(#"{"name":"张三"}"#, slot: "form/1")
            let empty = try vault.seal("", slot: "words/1")
            try await store(database, wrapped, [form, empty])
            let bundle = try #require(try await read(database))
            #expect(bundle.parts["form/1"] == form)
            #expect(form.reference.hash == Hex.encode(Digest.sha256(form.content)))
            let open = try vaults.open(bundle)
            #expect(try open.text(try #require(bundle.parts["form/1"])) == #"{"name":"张三"}"#)
            #expect(try open.text(try #require(bundle.parts["words/1"])) == "")
            #expect(!String(decoding: form.content, as: UTF8.self).contains("张三"))
            #expect(try await read(database, slots: ["words/1"])?.parts.keys.sorted() == ["words/1"])
        }
    }

    @Test("A slot holds the newest part", arguments: Backend.all)
    func replaced(_ backend: Backend) async throws {
        try await withVaults(backend) { database, vaults, _ in
            let (vault, wrapped) = try vaults.create(area: jinniu, id: "t-1")
            try await store(
                database, wrapped, [try vault.seal("old", slot: "form"), try vault.seal("new", slot: "form")])
            let bundle = try #require(try await read(database))
            #expect(try vault.text(try #require(bundle.parts["form"])) == "new")
            try await database.write { tx in try VaultStore.remove(slot: "form", from: "t-1", area: jinniu, tx) }
            #expect(try await read(database)?.parts.isEmpty == true)
        }
    }

    @Test("A part that was altered, or stands in another's place, does not open", arguments: Backend.all)
    func tampered(_ backend: Backend) async throws {
        try await withVaults(backend) { database, vaults, _ in
            let (vault, wrapped) = try vaults.create(area: jinniu, id: "t-1")
            let part = try vault.seal("secret", slot: "form")
            try await store(database, wrapped, [part])
            for place in part.content.indices {
                var content = part.content
                content[place] ^= 1
                let forged = SealedPart(slot: "form", content: content, hash: part.hash)
                try await database.write { tx in try VaultStore.put(forged, in: "t-1", area: jinniu, at: after(1), tx) }
                let bundle = try #require(try await read(database))
                let open = try vaults.open(bundle)
                #expect(throws: CryptographyError.self, "byte \(place)") {
                    try open.text(try #require(bundle.parts["form"]))
                }
            }
            let elsewhere = SealedPart(slot: "words", content: part.content, hash: part.hash)
            #expect(throws: CryptographyError.unauthentic) { try vault.open(elsewhere) }
            let (other, otherWrapped) = try vaults.create(area: jinniu, id: "t-2")
            #expect(throws: CryptographyError.unauthentic) { try other.open(part) }
            try await store(database, otherWrapped, [], id: "t-3")
            let stolen = try #require(try await read(database, id: "t-3"))
            #expect(throws: CryptographyError.unauthentic, "a key wrapped for another vault") {
                try vaults.open(stolen)
            }
        }
    }

    @Test("After the master key was rotated old vaults still open", arguments: Backend.all)
    func rotated(_ backend: Backend) async throws {
        try await withVaults(backend) { database, vaults, keys in
            let (vault, wrapped) = try vaults.create(area: jinniu, id: "t-1")
            try await store(database, wrapped, [try vault.seal("old", slot: "form")])
            _ = try keys.rotate(.wrap)
            let bundle = try #require(try await read(database))
            #expect(try vaults.open(bundle).text(try #require(bundle.parts["form"])) == "old")
        }
    }

    @Test(
        "Forgetting a person leaves nothing to open or to find, and the journal still verifies", arguments: Backend.all)
    func forget(_ backend: Backend) async throws {
        try await withVaults(backend) { database, vaults, _ in
            try await database.tally(.open([]))
            try await database.tally(.add(1), 1)
            let (vault, wrapped) = try vaults.create(area: jinniu, id: "t-1")
            try await store(database, wrapped, [try vault.seal("张三", slot: "form")])
            let code = try vaults.lookupCode("张三", .name)
            try await database.write { tx in
                try PartyStore.put(
                    Party(role: "applicant", kind: "person", mask: "张*", account: "a", bucket: "@01"), vault: "t-1",
                    area: jinniu, tx)
                try PartyStore.addLookup("name", code, stream: "t-1", area: jinniu, tx)
                try PartyStore.addLookup("name", code, stream: "t-2", area: jinniu, tx)
            }
            try await database.write { tx in try VaultStore.forget("t-1", area: jinniu, tx) }
            #expect(try await read(database) == nil)
            let rest = try await database.read { tx in
                (
                    try PartyStore.party("applicant", of: "t-1", area: jinniu, tx),
                    try PartyStore.find("name", [code], area: jinniu, limit: 10, tx),
                    try tx.value("SELECT COUNT(*) FROM sealed_part WHERE area = \(jinniu)", as: Int.self)
                )
            }
            #expect(rest.0 == nil)
            #expect(rest.1 == ["t-2"])
            #expect(rest.2 == 0)
            let report = try await Verifier([Replay<Tally>()], database: database).run()
            #expect(report.events == 2)
            #expect(report.faults.isEmpty)
        }
    }

    @Test(
        "A name, a phone and a number are found by their codes, under every version of the key", arguments: Backend.all)
    func lookup(_ backend: Backend) async throws {
        try await withVaults(backend) { database, vaults, keys in
            let old = try vaults.lookupCode("13800000000", .phone)
            _ = try keys.rotate(.lookup)
            let new = try vaults.lookupCode("13800000000", .phone)
            #expect(old.version != new.version)
            #expect(old.code != new.code)
            try await database.write { tx in
                try PartyStore.addLookup("phone", old, stream: "t-1", area: jinniu, tx)
                try PartyStore.addLookup("phone", new, stream: "t-2", area: jinniu, tx)
                try PartyStore.addLookup("phone", new, stream: "t-2", area: jinniu, tx)
                try PartyStore.addLookup("phone", new, stream: "t-3", area: licang, tx)
                try PartyStore.addLookup(
                    "name", try vaults.lookupCode("13800000000", .name), stream: "t-4", area: jinniu, tx)
            }
            func find(_ text: String) async throws -> [String] {
                let codes = try vaults.lookupCodes(text, .phone)
                return try await database.read { tx in try PartyStore.find("phone", codes, area: jinniu, limit: 10, tx)
                }
            }
            #expect(try await find("13800000000").sorted() == ["t-1", "t-2"])
            #expect(try await find("13800000001").isEmpty)
            #expect(try vaults.lookupCode("x", .phone).code != vaults.lookupCode("x", .name).code)
        }
    }

    @Test("Lists show a mask, and a later one replaces it", arguments: Backend.all)
    func masks(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let masks = try await database.write { tx in
                for mask in ["李*", "张*"] {
                    try PartyStore.put(
                        Party(role: "applicant", kind: "person", mask: mask, account: nil, bucket: nil), vault: "t-1",
                        area: jinniu, tx)
                }
                try PartyStore.put(
                    Party(role: "agent", kind: "person", mask: "王*", account: nil, bucket: nil), vault: "t-1",
                    area: jinniu, tx)
                return try PartyStore.masks(of: ["t-1", "t-2"], area: jinniu, tx)
            }
            #expect(masks == ["t-1": "张*"])
        }
    }

    @Test("Every look is kept, newest first", arguments: Backend.all)
    func looks(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let looks = try await database.write { tx in
                for second in 1...3 as ClosedRange<Int64> {
                    try AccessLog.record(occasion(second), stream: "t-1", slot: "form/\(second)", tx)
                }
                try AccessLog.record(occasion(9), stream: "t-2", slot: "form/1", tx)
                return try AccessLog.looks(at: "t-1", area: jinniu, limit: 2, tx)
            }
            #expect(looks.map(\.slot) == ["form/3", "form/2"])
            #expect(looks.map(\.actor) == ["staff:staff-1", "staff:staff-1"])
        }
    }
}
