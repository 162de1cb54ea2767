import Composition
import Documents
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Cases
@testable import Catalogue

/// What happens to the personal part of a case when its term is over.
@Suite("Terms of keeping")
struct RetentionTests {
    private static let year: Int64 = 366 * 86_400

    @Test("When its term ends a case's personal part is gone, and the journal still verifies", arguments: Backend.all)
    func decided(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            try await road.publish { item in
                item.retention = .years(30)
                item.keeping = Keeping(personal: .years(3), undecided: .years(1), draftDays: nil)
                item.outcome = [
                    Outcome(
                        id: "licence", kind: .register, name: LocalizedText(zh: "示范证", en: nil), certificate: nil,
                        number: "JY{6}", validity: nil, dated: .decision, renew: nil, verify: false)
                ]
            }
            let done = try await road.complete()
            let running = try await road.submit()
            let opened = try await road.cases.openOwn(done, area: road.area, road.resident)
            let result = try #require(opened.state.result?.number)
            // A paper that was drawn lies on the disk.
            let paper = try #require(opened.state.notices.last)
            _ = try await road.cases.notices.pdf(paper.id, area: road.area, at: road.now)
            try await office.runJob("cases.pointers")
            let (id, area) = (opened.id, road.area)
            let before = try await Rows(of: id, area, office)
            #expect(before.vaults == 1 && before.parts > 3 && before.parties == 1 && before.lookups > 2)
            #expect(before.files.count == 1 && before.pointers == 2)
            #expect(Self.present(before.files, office) == 1)

            // A day before, nothing happens.
            office.time.advance(seconds: 3 * 365 * 86_400 - 86_400)
            #expect(try await road.cases.forgetEnded(at: road.now) == 0)
            office.time.advance(seconds: 3 * 86_400)
            #expect(try await road.cases.forgetEnded(at: road.now) == 1)
            #expect(try await road.cases.forgetEnded(at: road.now) == 0, "once")
            try await office.runJob("cases.pointers")
            let after = try await Rows(of: id, area, office)
            #expect(after.vaults == 0 && after.parts == 0 && after.parties == 0 && after.lookups == 0)
            #expect(after.files.isEmpty && after.pointers == 1 && after.drafts == 0)
            #expect(Self.present(before.files, office) == 0)

            // What is no longer personal stays.
            #expect(after.state == before.state)
            #expect(after.entries == before.entries && after.entries > 4)
            let notices = try await office.house.database.read { tx in
                try DocumentsStore.notices(of: id, area: area, tx)
            }
            #expect(notices.last { $0.result != nil }?.result == result)
            let shown = try #require(try await road.cases.notices.verify(code: notices[0].code, area: area))
            #expect(shown.notice.state == "valid" && shown.holder == nil)
            #expect(try await office.house.verify().faults.isEmpty)

            // Its owner has it no more; the office knows that there was one.
            await #expect(throws: DomainError.notFound) {
                _ = try await road.cases.openOwn(done, area: area, road.resident)
            }
            await #expect(
                throws: DomainError.refused(
                    Message("cases.refused.forgotten", ["number": CaseNumber.grouped(done)]))
            ) { _ = try await road.cases.openForStaff(done, road.clerk, road.occasion(road.clerk)) }
            let looks = try await office.house.database.read { tx in
                try AccessLog.looks(at: id, area: area, limit: 10, tx)
            }
            #expect(looks.first?.slot == "forgotten" && looks.first?.actor == "system:retention")
            // The one under way is untouched.
            #expect(try await road.cases.openOwn(running, area: area, road.resident).state.stage == .received)
        }
    }

    @Test("A case without a decision is forgotten earlier; a permanent one never", arguments: Backend.all)
    func undecided(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            try await road.publish { $0.retention = .permanent }
            let kept = try await road.complete()
            let withdrawn = try await road.submit()
            try await road.cases.withdraw(withdrawn, reason: "不办了", road.resident, road.occasion(road.resident))
            office.time.advance(seconds: 4 * Self.year)
            #expect(try await road.cases.forgetEnded(at: road.now) == 0)
            office.time.advance(seconds: 2 * Self.year)
            #expect(try await road.cases.forgetEnded(at: road.now) == 1)
            office.time.advance(seconds: 200 * Self.year)
            #expect(try await road.cases.forgetEnded(at: road.now) == 0)
            #expect(try await road.cases.openOwn(kept, area: road.area, road.resident).state.stage == .completed)
            await #expect(throws: DomainError.notFound) {
                _ = try await road.cases.openOwn(withdrawn, area: road.area, road.resident)
            }
            #expect(try await office.house.verify().faults.isEmpty)
        }
    }

    @Test("The term holds that the item had when the case was begun; drafts have their own", arguments: Backend.all)
    func version(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            try await road.publish { $0.keeping = Keeping(personal: .years(2), undecided: nil, draftDays: 10) }
            let draft = try await road.draft()
            let number = try await road.complete()
            try await road.publish { $0.keeping = Keeping(personal: .years(9), undecided: nil, draftDays: 300) }
            office.time.advance(seconds: 9 * 86_400)
            try await road.cases.sweepDrafts(at: road.now)
            #expect(try await road.cases.openDraft(draft, area: road.area, road.resident).row.id == draft)
            office.time.advance(seconds: 2 * 86_400)
            try await road.cases.sweepDrafts(at: road.now)
            await #expect(throws: DomainError.notFound) {
                _ = try await road.cases.openDraft(draft, area: road.area, road.resident)
            }
            office.time.advance(seconds: 2 * Self.year)
            #expect(try await road.cases.forgetEnded(at: road.now) == 1)
            await #expect(throws: DomainError.notFound) {
                _ = try await road.cases.openOwn(number, area: road.area, road.resident)
            }
        }
    }

    @Test("The guide tells the terms")
    func guide() async throws {
        try await Office.open(.sqlite) { office in
            let road = try await Road(office)
            try await road.publish { item in
                item.retention = .permanent
                item.keeping = Keeping(personal: .years(10), undecided: .years(2), draftDays: 30)
            }
            let page = try await Client(office).get("/\(Office.area)/items/\(road.slug)").text
            #expect(page.contains("案卷永久；其中的个人信息，作出决定的办结后 10 年，未作出决定的 2 年，到期销毁；草稿 30 天。"))
        }
    }

    private static func present(_ files: [String], _ office: Office) -> Int {
        let folder = office.house.configuration.data.appendingPathComponent("files")
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var count = 0
        while let file = all?.nextObject() as? URL { if files.contains(file.lastPathComponent) { count += 1 } }
        return count
    }

    /// What is kept of a case, and its owner's pointers.
    private struct Rows: Sendable {
        let vaults: Int, parts: Int, parties: Int, lookups: Int, drafts: Int, pointers: Int, entries: Int
        let files: [String]
        let state: String

        init(of id: String, _ area: AreaCode, _ office: Office) async throws {
            self = try await office.house.database.read { tx in try Rows(id, area, tx) }
        }

        private init(_ id: String, _ area: AreaCode, _ tx: Transaction) throws {
            func count(_ table: SQL, _ column: SQL) throws -> Int {
                try tx.value("SELECT COUNT(*) FROM \(table) WHERE area = \(area) AND \(column) = \(id)", as: Int.self)
                    ?? 0
            }
            vaults = try count("vault", "id")
            parts = try count("sealed_part", "vault")
            parties = try count("party", "vault")
            lookups = try count("lookup", "stream")
            drafts = try count("draft", "id")
            entries = try count("journal", "stream")
            pointers = try tx.value("SELECT COUNT(*) FROM my_case", as: Int.self) ?? 0
            files = try tx.values(
                "SELECT address FROM stored_file WHERE area = \(area) AND vault = \(id)", as: String.self)
            state =
                try tx.value("SELECT state FROM proceeding WHERE area = \(area) AND id = \(id)", as: String.self) ?? ""
        }
    }
}

extension Road {
    /// A case from draft to result.
    func complete() async throws -> String {
        let number = try await submit()
        try await cases.accept(number, clerk, occasion(clerk))
        try await cases.passReview(number, opinion: "符合条件", reviewer, occasion(reviewer))
        try await cases.approve(number, approver, occasion(approver))
        try await cases.complete(number, delivery: "electronic", clerk, occasion(clerk))
        return number
    }
}
