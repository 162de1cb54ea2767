import Cases
import Catalogue
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
import Workflow

/// 扫码上传 and the scanner's folder: papers reach the application at a counter, and nothing else of it goes out.
@Suite("Papers taken in at the counter")
struct ScanTests {
    private static let root = "/\(Office.area)"
    private static let pdf = Array("%PDF-1.4 x".utf8)
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]

    /// An officer with somebody before him and a draft; the page where papers are taken in.
    private func begun(_ office: Office) async throws -> (road: Road, clerk: Client, draft: String, page: String) {
        let road = try await Road(office)
        let clerk = Client(office)
        _ = try await clerk.signInStaff("demo.clerk")
        let counter = Self.root + "/desk/counter"
        let person = try #require(
            try await clerk.post(counter, ["action": "find", "q": "13800000001"], from: counter).location)
        _ = try await clerk.post(person, ["seen": "yes"], from: person)
        let guide = Self.root + "/items/\(road.slug)"
        let section = try #require(try await clerk.post(guide + "/apply", [:], from: guide).location)
        let draft = try #require(section.split(separator: "/").dropFirst(3).first.map(String.init))
        _ = try await clerk.post(
            section, ["form.applicant": "演示居民甲", "form.phone": "13800000001", "form.matter": "申请办理演示事项"],
            from: section)
        return (road, clerk, draft, Self.root + "/my/drafts/\(draft)/scans")
    }

    private func address(on page: String) throws -> String {
        String(try #require(page.firstMatch(of: /\/510106\/scan\/[A-Za-z0-9_-]{43}/)).0)
    }

    private func send(
        _ client: Client, _ files: [(name: String, filename: String?, content: [UInt8])], to path: String, from: String
    ) async throws -> Client.Answer {
        let token = try await client.token(of: from)
        return try await client.send(
            .post, path, multipart([("csrf", nil, Array(token.utf8))] + files),
            [.contentType: "multipart/form-data; boundary=b"])
    }

    private func content(_ road: Road, _ draft: String) async throws -> [DraftContent.File] {
        try await road.cases.openDraft(draft, area: road.area, road.resident).content.files
    }

    @Test(
        "A phone sends papers beside their materials; the first one only, as long as he sits there",
        arguments: Backend.all)
    func phone(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let (road, clerk, draft, page) = try await begun(office)
            #expect(try await clerk.post(page, ["action": "show"], from: page).status == 303)
            let address = try address(on: try await clerk.get(page).text)
            let screen = try #require(
                HTMLReader(try await clerk.get(Self.root + "/desk/counter/now").text).all("a")
                    .compactMap { $0["href"] }.first { $0.contains("/counter-screen/") })
            #expect(try await Client(office).get(screen).text.contains("扫码上传材料"))
            let stored = try await office.house.database.read { tx in
                try tx.values("SELECT hash FROM scan_link WHERE area = \(road.area)", as: String.self)
            }
            #expect(stored.count == 1 && !address.contains(stored[0]))

            let phone = Client(office)
            let shown = try await phone.get(address)
            #expect(shown.status == 200 && shown.text.contains("capture=\"environment\""))
            #expect(!shown.text.contains("演示居民") && !shown.text.contains("13800000001"))
            let sent = try await send(
                phone, [("m-attachments", "a.png", Self.png), ("m--scans", "b.png", Self.png + [9])], to: address,
                from: address)
            #expect(sent.location == address)
            #expect(try await content(road, draft).map(\.material) == ["attachments", "-scans"])
            // What is no picture stays out, and takes nothing with it.
            let wrong = try await send(phone, [("m--scans", "c.png", Array("MZ".utf8))], to: address, from: address)
            #expect(wrong.status == 422)
            #expect(try await content(road, draft).count == 2)
            let other = Client(office)
            #expect(
                try await send(other, [("m--scans", "d.png", Self.png + [8])], to: address, from: address).status == 422
            )

            // Another code ends the one before; with the sitting the last one ends.
            #expect(try await clerk.post(page, ["action": "show"], from: page).status == 303)
            office.time.advance(seconds: 1)
            #expect(try await clerk.post(page, ["action": "show"], from: page).status == 303)
            #expect(try await phone.get(address).status == 422)
            let second = try self.address(on: try await clerk.get(page).text)
            #expect(try await phone.get(second).status == 200)
            _ = try await clerk.post(Self.root + "/desk/counter/now", [:], from: Self.root + "/desk/counter/now")
            #expect(try await phone.get(second).status == 422)
            #expect(try await content(road, draft).count == 2)
        }
    }

    @Test("A code is over after a quarter of an hour, or once it is hidden", arguments: [Backend.sqlite])
    func over(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let (_, clerk, _, page) = try await begun(office)
            _ = try await clerk.post(page, ["action": "show"], from: page)
            let address = try address(on: try await clerk.get(page).text)
            office.time.advance(seconds: 899)
            #expect(try await Client(office).get(address).status == 200)
            office.time.advance(seconds: 1)
            #expect(try await Client(office).get(address).status == 422)
            _ = try await clerk.post(page, ["action": "show"], from: page)
            let next = try self.address(on: try await clerk.get(page).text)
            _ = try await clerk.post(page, ["action": "hide"], from: page)
            #expect(try await Client(office).get(next).status == 422)
        }
    }

    @Test(
        "Several scans at once wait, are sorted and removed; what waits is not handed in unseen", arguments: Backend.all
    )
    func folder(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let (road, clerk, draft, page) = try await begun(office)
            let taken = try await send(
                clerk,
                [
                    ("m--scans", "1.pdf", Self.pdf), ("m--scans", "2.pdf", Self.pdf + [1]),
                    ("m--scans", "3.pdf", Self.pdf + [2]),
                ],
                to: page + "/files", from: page)
            #expect(taken.location == page)
            let files = try await content(road, draft)
            #expect(files.map(\.material) == ["-scans", "-scans", "-scans"])
            let check = Self.root + "/my/drafts/\(draft)/check"
            let refused = try await clerk.post(check, ["truth": "yes"], from: check)
            #expect(refused.status == 422 && refused.text.contains("还有 3 份扫描件没有归到材料里"))
            await #expect(throws: DomainError.self) {
                try await road.cases.submit(draft, road.resident, road.occasion(road.resident), language: .zh)
            }
            // A material there is not moves nothing, nor does another's file.
            #expect(
                try await clerk.post(page, ["to-\(files[0].id)": "nothing", "action": "sort"], from: page).status == 404
            )
            #expect(
                try await clerk.post(
                    page, ["to-\(files[0].id)": "attachments", "to-\(files[1].id)": "attachments", "action": "sort"],
                    from: page
                ).status == 303)
            #expect(try await clerk.post(page, ["action": "remove:\(files[2].id)"], from: page).status == 303)
            #expect(try await content(road, draft).map(\.material) == ["attachments", "attachments"])
            let sent = try await clerk.post(check, ["truth": "yes"], from: check)
            let number = try #require(sent.location?.split(separator: "/").dropLast().last.map(String.init))
            let opened = try await road.cases.open(number: number, area: road.area)
            #expect(opened.state.files.map(\.material) == ["attachments", "attachments"])
            let report = try await office.house.verifier.run()
            #expect(report.faults.isEmpty, "\(report.faults)")
        }
    }

    @Test("Without a counter there is no code to show", arguments: [Backend.sqlite])
    func alone(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let page = Self.root + "/my/drafts/\(draft)/scans"
            #expect(try await owner.post(page, ["action": "show"], from: page).status == 303)
            let rows = try await office.house.database.read { tx in
                try tx.value("SELECT COUNT(*) FROM scan_link WHERE area = \(road.area)", as: Int.self)
            }
            #expect(rows == 0)
        }
    }

    @Test("A duplicate is pointed out also where it is a package, or a step of one", arguments: [Backend.sqlite])
    func twins(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let founder = try await Founder(office)
            let package = CaseNumber.grouped(try await founder.submit())
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            for (item, answers) in [
                ("seal-engraving", ["s.standing": "new"]),
                ("start-a-company", ["s.place_promise": "promise", "s.who": "self"]),
            ] {
                let guide = Self.root + "/items/\(item)"
                let begun = try await owner.post(guide + "/apply", answers, from: guide)
                let text = try await owner.get(try #require(begun.location)).text
                #expect(text.contains("同一事项已有一件在办") && text.contains(package), "\(item)")
            }
        }
    }
}
