import Cases
import Catalogue
import Composition
import Cryptography
import Documents
import Foundation
import HTTPTypes
import Identity
import Kernel
import Packages
import Storage
import TestKit
import Testing
import Web
import Workflow

/// 经办人: somebody handles an application for another by a power of attorney, on the web and at the counter.
@Suite("Handling for another")
struct HandlerTests {
    private static let root = "/\(Office.area)"
    private static let name = "演示经办人"
    private static let idNumber = "110105200001010016"

    /// Fills in the handler's page, with a paper or without.
    private func name(
        _ draft: String, by client: Client, scope: [String] = ["hand-in", "receive"], paper: Bool = true,
        in area: String = Office.area
    ) async throws -> Client.Answer {
        let page = "/\(area)/my/drafts/\(draft)/handler"
        let token = try await client.token(of: page)
        var parts: [(name: String, filename: String?, content: [UInt8])] = [
            ("csrf", nil, Array(token.utf8)), ("action", nil, Array("save".utf8)),
            ("name", nil, Array(Self.name.utf8)), ("idNumber", nil, Array(Self.idNumber.utf8)),
            ("until.year", nil, Array("2027".utf8)), ("until.month", nil, Array("12".utf8)),
            ("until.day", nil, Array("31".utf8)),
        ]
        parts += scope.map { (name: "scope", filename: nil, content: Array($0.utf8)) }
        if paper { parts.append(("m--handler", "委托书.pdf", Array("%PDF-1.4 x".utf8))) }
        return try await client.send(
            .post, page, multipart(parts), [.contentType: "multipart/form-data; boundary=b"])
    }

    @Test(
        "Named on the web: sealed, on the receipt, seen by the clerk, taken back by the applicant",
        arguments: Backend.all)
    func web(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let check = Self.root + "/my/drafts/\(draft)/check"
            let without = try await name(draft, by: owner, paper: false)
            #expect(without.status == 422 && without.text.contains("请上传授权委托书") && without.text.contains(Self.name))
            // Half a handler stands in the way of handing in.
            #expect(try await owner.get(check).text.contains("请上传授权委托书"))
            await #expect(throws: DomainError.self) {
                try await road.cases.submit(draft, road.resident, road.occasion(road.resident), language: .zh)
            }
            #expect(try await name(draft, by: owner).location == check)
            #expect(try await owner.get(check).text.contains("委托书.pdf"))
            let sent = try await owner.post(check, ["truth": "yes"], from: check)
            let number = try #require(sent.location?.split(separator: "/").dropLast().last.map(String.init))

            let opened = try await road.cases.open(number: number, area: road.area)
            #expect(try opened.content().applicant.handler?.idNumber == Self.idNumber)
            let receipt = try #require(opened.state.notices.first { $0.kind == "receipt" })
            #expect(try opened.text("notice/\(receipt.id)")?.contains(Self.name) == true)
            let journal = try await office.house.database.read { tx in
                try tx.values("SELECT data FROM journal WHERE area = \(road.area)", as: String.self)
            }
            #expect(!journal.contains { $0.contains(Self.name) || $0.contains(Self.idNumber) })
            #expect(journal.contains { $0.contains(#""scope":["hand-in","receive"]"#) })

            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk")
            let desk = Self.root + "/desk/cases/\(number)"
            let seen = try await clerk.get(desk).text
            #expect(seen.contains(Self.name) && seen.contains("提交和补正材料、领取文书和结果") && seen.contains("有效"))
            let file = try #require(opened.state.files.first { $0.material == HandlerContent.material })
            #expect(try await clerk.get(desk + "/files/\(file.id)").body.starts(with: "%PDF-".utf8))

            let page = Self.root + "/my/cases/\(number)"
            #expect(try await owner.get(page).text.contains("收回委托"))
            #expect(try await owner.post(page + "/handler", [:], from: page + "/handler").location == page)
            #expect(try await owner.post(page + "/handler", [:], from: page).status == 303)
            #expect(try await clerk.get(desk).text.contains("收回"))
            #expect(try await road.cases.attorney(of: [opened.id], area: road.area)?.state.withdrawnAt != nil)
            let report = try await office.house.verifier.run()
            #expect(report.faults.isEmpty, "\(report.faults)")
        }
    }

    @Test(
        "At the counter a handler hands in nothing without the paper; a package's departments all get it",
        arguments: Backend.all)
    func counter(_ backend: Backend) async throws {
        try await Office.open(backend, areas: ["420607"]) { office in
            let root = "/420607"
            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk", in: "420607")
            let counter = root + "/desk/counter"
            let found = try await clerk.post(counter, ["action": "find", "q": "13800000001"], from: counter)
            let person = try #require(found.location)
            _ = try await clerk.post(person, ["seen": "yes", "present": "handler"], from: person)
            #expect(try await clerk.get(counter + "/now").text.contains("到场的是经办人"))
            let guide = root + "/items/social-card"
            let check = try #require(try await clerk.post(guide + "/apply", [:], from: guide).location)
            let refused = try await clerk.post(check, ["truth": "yes"], from: root + "/desk/counter/now")
            #expect(refused.status == 422 && refused.text.contains("到场的是经办人"))
            let draft = try #require(check.split(separator: "/").dropLast().last.map(String.init))
            #expect(try await name(draft, by: clerk, in: "420607").location == check)
            let sent = try await clerk.post(check, ["truth": "yes"], from: check)
            let submitted = try #require(sent.location)
            let done = try #require(try await clerk.get(submitted).location)
            let path = try #require(done.split(separator: "?").first.map(String.init))
            let number = try #require(path.split(separator: "/").last.map(String.init))
            let shown = try await clerk.get(path).text
            // The officer sees it, and cannot take it back for the principal.
            #expect(shown.contains("经办人") && !shown.contains("收回委托"))
            let area = try #require(AreaCode("420607"))
            let resident = try await office.residentViewer("13800000001", in: "420607")
            let package = try await office.house.packages.openOwn(number, area: area, resident)
            let step = try #require(package.cases.values.first)
            #expect(step.state.files.map(\.material) == [HandlerContent.material])
            #expect(try step.content().applicant.handler?.name == Self.name)
            let kinds = try await office.house.database.read { tx in
                try tx.values(
                    "SELECT kind FROM security_event WHERE area = \(area) AND kind LIKE 'counter.%'", as: String.self)
            }
            #expect(kinds == ["counter.handled"])
        }
    }

    @Test("Named over the API: what is missing is told, the paper beside it, taken off again", arguments: Backend.all)
    func api(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let base = "/api/v1/areas/\(Office.area)/my/drafts/\(draft)"
            let token = try #require(HTTPField.Name("X-CSRF-Token"))
            let csrf = try await owner.token(of: Self.root + "/my/drafts/\(draft)/check")
            func put(_ body: JSON) async throws -> JSON {
                let answer = try await owner.send(
                    .put, base + "/handler", Array(body.canonical.utf8),
                    [.contentType: "application/json", token: csrf])
                #expect(answer.status == 200)
                return answer.json ?? .null
            }
            let half = try await put(["name": .string(Self.name), "idNumber": "1", "scope": ["hand-in"]])
            let missing = (half["faults"].elements ?? []).compactMap { $0["field"].text }
            #expect(half["ready"] == false && missing == ["idNumber", "until", "m--handler"])
            let named: JSON = [
                "name": .string(Self.name), "idNumber": .string(Self.idNumber), "scope": ["hand-in"],
                "until": "2026-12-31",
            ]
            _ = try await put(named)
            let paper = try await owner.send(
                .post, base + "/handler/files", multipart([("file", "委托书.pdf", Array("%PDF-1.4 x".utf8))]),
                [.contentType: "multipart/form-data; boundary=b", token: csrf])
            #expect(paper.status == 201)
            let whole = try await owner.get(base).json
            #expect(whole?["ready"] == true && whole?["handler"]["name"] == .string(Self.name))
            let none = try await owner.send(.delete, base + "/handler", [], [token: csrf]).json
            #expect(none?["handler"] == .null && none?["files"] == [])
        }
    }

    @Test(
        "Results of the departments are handed over at one window: served, signed for, to nobody without a right",
        arguments: Backend.all)
    func handsOver(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            func finished(_ scope: [String]?) async throws -> String {
                let draft = try await road.draft()
                if let scope {
                    let owner = Client(office)
                    _ = try await owner.signInResident("13800000001")
                    #expect(try await name(draft, by: owner, scope: scope).status == 303)
                }
                let number = try await road.cases.submit(
                    draft, road.resident, road.occasion(road.resident), language: .zh
                ).number
                try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
                try await road.cases.passReview(number, opinion: "", road.reviewer, road.occasion(road.reviewer))
                try await road.cases.approve(number, road.approver, road.occasion(road.approver))
                try await road.cases.complete(number, delivery: "counter", road.clerk, road.occasion(road.clerk))
                return number
            }
            let (own, narrow, wide) = (
                try await finished(nil), try await finished(["hand-in"]), try await finished(["receive"])
            )
            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk2")
            let counter = Self.root + "/desk/counter"
            let now = counter + "/now"
            func sit(_ present: String) async throws {
                let found = try await clerk.post(counter, ["action": "find", "q": "13800000001"], from: counter)
                let person = try #require(found.location)
                #expect(
                    try await clerk.post(person, ["seen": "yes", "present": present], from: person).location == now)
            }
            func hand(_ number: String, signed: Bool = true) async throws -> Client.Answer {
                try await clerk.post(
                    now + "/results", signed ? ["result": number, "signed": "yes"] : ["result": number], from: now)
            }
            func served(_ number: String) async throws -> Bool {
                try await road.cases.open(number: number, area: road.area).state.served != nil
            }
            try await sit("handler")
            let page = try await clerk.get(now).text
            for number in [own, narrow, wide] { #expect(page.contains("value=\"\(number)\"")) }
            #expect(try await hand(own).text.contains("只能由申请人本人领取"))
            #expect(try await hand(narrow).text.contains("委托事项不包括"))
            #expect(try await hand(wide, signed: false).status == 422)
            for number in [own, narrow, wide] { #expect(try await served(number) == false) }
            #expect(try await hand(wide).location == now)
            #expect(try await served(wide))
            let done = try await clerk.get(now).text
            let proof = try #require(
                HTMLReader(done).all("a").compactMap { $0["href"] }.first { $0.contains("/my/cases/\(wide)/notices/") })
            #expect(try await clerk.get(proof).body.starts(with: "%PDF-".utf8))
            let opened = try await road.cases.open(number: wide, area: road.area)
            let note = try #require(opened.state.notices.last { $0.kind == "service" })
            #expect(try opened.text("notice/\(note.id)")?.contains(Self.name) == true)
            #expect(try await road.cases.attorney(of: [opened.id], area: road.area)?.state.uses == 1)
            #expect(try await clerk.post(now, [:], from: now).status == 303)
            try await sit("self")
            #expect(try await hand(own).location == now)
            #expect(try await served(own))
            // Handed over once; another's number is none.
            #expect(try await hand(own).status == 303)
            let report = try await office.house.verifier.run()
            #expect(report.faults.isEmpty, "\(report.faults)")
        }
    }
}
