import Cases
import Composition
import Cryptography
import Documents
import Foundation
import HTTPTypes
import Identity
import Kernel
import Storage
import TestKit
import Testing
import Web

@testable import Workflow

/// 国密 SM2, SM3 and SM4 in the place of the international suite, and back, while the office works.
@Suite("Change of algorithms")
struct AlgorithmTests {
    @Test(
        "The suite changes in the midst of work: new things in the new one, old ones still read", arguments: Backend.all
    )
    func change(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            let maker = Maker(office: office, road: road, cast: try await Cast(office, road))
            let old = try await maker.own(by: .owner)
            try await closeHour(office)
            #expect(try await suites(office) == [.aes256GCM])
            #expect(try files(office) == [.aes256GCM])

            // Another process changes the file while eight applications are under way here.
            let keys = try LocalKeyService(path: office.house.configuration.data.appendingPathComponent("keys").path)
            let drafts = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await road.submit() } }
                #expect(try keys.change(to: .sm4CTRHMACSM3).count == 3)
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(Set(drafts).count == 8)
            #expect(
                office.house.keyLines.filter { $0.contains("sm") }.map { $0.split(separator: " ")[2] } == [
                    "sm4-ctr-hmac-sm3", "hmac-sm3", "sm2",
                ])
            office.time.advance(seconds: 1)
            let moment = road.now

            // What lies in the old suite is read, and grows in the new one; the query code of before still opens.
            try await road.cases.accept(old.number, road.clerk, road.occasion(road.clerk))
            let new = try await maker.own(by: .owner)
            let owner = try maker.cast.client(.owner)
            for own in [old, new] {
                for part in ["notices/\(own.notice)", "files/\(own.caseFile)"] {
                    let answer = try await owner.get("/\(Office.area)/my/cases/\(own.number)/\(part)")
                    #expect(answer.status == 200 && answer.body.starts(with: Array("%PDF-".utf8)), "\(part)")
                }
                let file = try await owner.get("/\(Office.area)/my/drafts/\(own.draft)/files/\(own.draftFile)")
                #expect(file.status == 200)
            }
            #expect(try await suites(office, since: moment) == [.sm4CTRHMACSM3])
            #expect(try files(office) == [.aes256GCM, .sm4CTRHMACSM3])

            // Found by phone under either key, and nobody takes a phone twice.
            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk")
            let found = try await clerk.get("/\(Office.area)/desk/search?q=13800000001").text
            #expect(found.contains("/cases/\(old.number)") && found.contains("/cases/\(new.number)"))
            #expect(try await Client(office).signInResident("13800000001").status == 303)
            await #expect(throws: DomainError.self) {
                try await office.house.identity.createResident(
                    phone: "13800000001", name: "演示居民丁", idNumber: "11010519491231002X", password: "kite over river 9")
            }

            // Journals of before and after fit anchors signed by Ed25519 and by SM2.
            try await closeHour(office)
            let anchors = try await anchors(office)
            #expect(Set(anchors.map(\.signature.keyVersion)) == [1, 2])
            let report = try await office.house.verify(anchors: anchors) { _ in }
            #expect(report.faults.isEmpty && report.anchors == anchors.count, "\(report.faults)")

            // And back.
            #expect(try office.house.changeAlgorithms(to: .aes256GCM) == 3)
            #expect(try office.house.changeAlgorithms(to: .aes256GCM) == 0)
            office.time.advance(seconds: 1)
            let later = road.now
            _ = try await maker.own(by: .owner)
            #expect(try await suites(office, since: later) == [.aes256GCM])
            let read = try await owner.get("/\(Office.area)/my/cases/\(new.number)/files/\(new.caseFile)")
            #expect(read.status == 200)
            #expect(try await office.house.verify { _ in }.faults.isEmpty)
        }
    }

    /// Ten minutes after its end an hour is closed under an anchor.
    private func closeHour(_ office: Office) async throws {
        office.time.advance(seconds: 4_500)
        try await office.runJobs()
    }

    private func anchors(_ office: Office) async throws -> [Anchor] {
        let folder = office.house.configuration.data.appendingPathComponent("anchors")
        return try KeptLine.read(folder, keys: office.house.keys).compactMap { line in
            if case .anchor(let anchor) = line { anchor } else { nil }
        }
    }

    /// In which suites the parts of vaults are sealed that were written since.
    private func suites(_ office: Office, since: Moment = Moment(milliseconds: 0)) async throws -> Set<Seal.Suite> {
        let parts = try await office.house.database.read { tx in
            try tx.values("SELECT content FROM sealed_part WHERE changed_at >= \(since)", as: [UInt8].self)
        }
        #expect(!parts.isEmpty)
        return Set(try parts.map { try Seal.head(of: $0).suite })
    }

    /// In which suites files on the disk are sealed, by their second byte.
    private func files(_ office: Office) throws -> Set<Seal.Suite> {
        let folder = office.house.context.settings.files
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        var found: Set<Seal.Suite> = []
        for case let file as URL in all ?? .init() where file.lastPathComponent.count == 64 {
            let head = try FileHandle(forReadingFrom: file).read(upToCount: 2) ?? Data()
            found.insert(try #require(head.last.flatMap(Seal.Suite.init(rawValue:))))
        }
        return found
    }
}
