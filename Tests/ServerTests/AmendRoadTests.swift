import Cases
import Catalogue
import Composition
import Documents
import Foundation
import HTTPTypes
import Identity
import Kernel
import Notify
import Storage
import TestKit
import Testing
import Web
import Workflow

/// What the applicant changes or is reminded of, and what anybody reads over the API: by the pages of those who do it, on both
/// engines.
@Suite("Changed, chased, shown")
struct AmendRoadTests {
    @Test(
        "An application is changed under review: chosen, prepared, handed in, reviewed again", arguments: Backend.all)
    func amended(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            let other = try #require(try await road.otherDepartments().first)
            try await road.act(
                "ask-opinions", .review, number, ["departments": [.string(other)]], road.road.reviewer)
            try await road.act(
                "give-opinion", .opinion, number,
                ["department": .string(other), "opinion": "agree", "opinion-words": "同意"], road.specialist)
            let reviewer = road.road.reviewer
            try await road.road.cases.passReview(number, opinion: "", reviewer, road.road.occasion(reviewer))
            let before = try await road.state(number)
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let (mine, page) = ("/\(Office.area)/my/cases/\(number)", "/\(Office.area)/my/cases/\(number)/amend")
            #expect(try await owner.get(mine).text.contains(page))
            #expect(try await owner.post(page, ["action": "choose"], from: page).status == 422)
            #expect(try await owner.post(page, ["fields": "nothing"], from: page).status == 422)
            #expect(try await owner.post(page, ["fields": "matter"], from: page).location == "\(mine)/correction")
            // Nothing has happened to the case; the owner sees that he has something to hand in.
            #expect(try await road.state(number) == before)
            #expect(try await owner.get(mine).text.contains("变更还没有提交"))
            let empty = try await owner.form("\(mine)/correction", ["action": "submit"])
            #expect(empty.status == 422)
            let partly = try await owner.form("\(mine)/correction", ["form.matter": "改为一楼", "action": "submit"])
            #expect(partly.status == 422 && partly.text.contains("改为一楼"))
            let whole = ["form.matter": "改为一楼", "answer.o.amend": "面积变小了", "action": "submit"]
            #expect(try await owner.form("\(mine)/correction", whole).location == mine)
            let state = try await road.state(number)
            #expect(state.stage == .accepted && state.amended == 1 && state.promised == before.promised)
            #expect(state.assignee == reviewer.id && state.changedFields == ["matter"])
            #expect(state.branches?.first?.round == 2 && state.branches?.first?.opinion == nil)
            #expect(state.notices.last?.kind == "amendment")
            #expect(try await owner.get(mine).text.contains("变更申请内容回执"))
            let desk = try await road.desk("demo.reviewer")
            let folder = try await desk.get("/\(Office.area)/desk/cases/\(number)").text
            #expect(folder.contains("改为一楼") && folder.contains("面积变小了") && folder.contains("申请人变更了 1 项内容"))
            // A second click does nothing more; and what is shown publicly is not changed.
            #expect(try await owner.form("\(mine)/correction", whole).location == mine)
            #expect(try await road.state(number).amended == 1)
            try await road.act(
                "publicise", .review, number,
                ["until": .string(road.road.now.date.adding(days: 2).description), "shown": "网站公示"], reviewer)
            #expect(try await owner.get(page).location == mine)
            await #expect(throws: DomainError.refused(Message("cases.refused.amendShown"))) {
                try await road.road.cases.chooseAmendment(
                    number, fields: ["matter"], materials: [], road.road.resident, area: road.road.area,
                    at: road.road.now)
            }
            try await road.checked()
        }
    }

    @Test("A change that is dropped leaves nothing behind", arguments: Backend.all)
    func dropped(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let (mine, page) = ("/\(Office.area)/my/cases/\(number)", "/\(Office.area)/my/cases/\(number)/amend")
            _ = try await owner.post(page, ["materials": "attachments"], from: page)
            let stored = try await owner.form("\(mine)/correction", ["action": "upload"], file: "m-attachments")
            #expect(stored.status == 303)
            let opened = try await road.road.cases.openOwn(number, area: road.road.area, road.road.resident)
            let file = try #require(try opened.keptFiles().first?.id)
            #expect(try await owner.post(page, ["action": "drop"], from: page).location == mine)
            let area = road.road.area
            #expect(try await office.house.database.read { tx in try DocumentsStore.file(file, area: area, tx) } == nil)
            #expect(try await owner.get(mine).text.contains("变更还没有提交") == false)
            // Nothing to change before the office has accepted it.
            office.time.advance(seconds: 120)
            let next = try await road.road.submit()
            #expect(try await owner.get("/\(Office.area)/my/cases/\(next)/amend").status == 303)
            try await road.checked()
        }
    }

    @Test("补正: asked for, chased by clerk and clock, lapsed by the item's rule", arguments: Backend.all)
    func chased(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.road.submit()
            let clerk = road.road.clerk
            try await road.road.cases.requestCorrection(
                number, points: [.init(id: "f.matter", subject: "申请事由", problem: "没有写原因", fix: "请补充")], days: 5, clerk,
                road.road.occasion(clerk))
            let desk = try await road.desk("demo.clerk")
            #expect(try await road.file(desk, number, "accept/chase-papers", ["reason": "请补充原因"]).status == 303)
            #expect(try await road.file(desk, number, "accept/chase-papers", ["reason": "再说一次"]).status != 303)
            #expect(try await road.mine(number).contains("请补充原因"))
            for _ in 0..<10 {
                office.time.advance(seconds: 86_400)
                try await road.clock()
            }
            #expect(try await road.names(number).count { $0 == "papers-chased" } == 3)
            #expect(try await road.state(number).stage == .lapsed)
            let left = try await road.left(number)
            #expect(left.tasks == 0 && left.timers == 0)
            try await road.checked()
        }
    }

    @Test(
        "What is shown publicly, an objection and its answer, over the API without an account", arguments: Backend.all)
    func publicity(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            let reviewer = road.road.reviewer
            let until = road.road.now.date.adding(days: 2)
            try await road.act(
                "publicise", .review, number, ["until": .string(until.description), "shown": "拟准予开设餐馆"], reviewer)
            let visitor = Client(office)
            let base = "/api/v1/areas/\(Office.area)"
            let shown = try await visitor.get("\(base)/publicity").json?["shown"].elements ?? []
            #expect(shown.map { $0["number"] } == [.string(number)] && shown.first?["text"] == "拟准予开设餐馆")
            #expect(try await visitor.get("\(base)/publicity/\(number)").json?["until"] == .string(until.description))
            #expect(try await visitor.get("\(base)/publicity/5101062026031201000012").status == 404)
            func send(_ path: String, _ body: JSON) async throws -> Client.Answer {
                try await visitor.send(
                    .post, base + path, Array(body.canonical.utf8), [.contentType: "application/json"])
            }
            let objections = "/publicity/\(number)/objections"
            #expect(try await send(objections, ["objection": "油烟扰民"]).status == 422)
            let given = try await send(
                objections, ["objection": "油烟扰民", "objector": "邻居丙", "contact": "13700000003"])
            let code = given.json?["code"] ?? .null
            #expect(given.status == 201 && given.json?["number"] == .string("\(number)-1"))
            let look: JSON = ["number": .string("\(number)-1"), "code": code]
            #expect(try await send("/objections", look).json?["upheld"] == .null)
            #expect(
                try await send("/objections", ["number": .string("\(number)-1"), "code": "BBBBBBBB"]).status == 404)
            try await road.act(
                "resolve-objection", .review, number, ["upheld": "yes", "reason": "将要求安装净化设施"], reviewer)
            let answer = try await send("/objections", look).json
            #expect(answer?["upheld"] == true && answer?["answer"] == "将要求安装净化设施")
            try await road.checked()
        }
    }

    @Test("A licence that was granted is open to everybody, unless a ground keeps it secret", arguments: Backend.all)
    func decisions(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            let visitor = Client(office)
            let (list, page) = ("/\(Office.area)/decisions", "/\(Office.area)/decisions/\(number)")
            #expect(try await visitor.get(page).status == 404)
            try await road.decide(number)
            #expect(try await visitor.get(list).text.contains(page))
            let text = try await visitor.get(page).text
            #expect(text.contains("演*") && !text.contains("演示居民甲") && !text.contains("13800000001"))
            let api = "/api/v1/areas/\(Office.area)/decisions"
            #expect(try await visitor.get(api).json?["decisions"].elements?.count == 1)
            #expect(try await visitor.get("\(api)/\(number)").json?["afterwards"] == .null)
            let approver = try await road.desk("demo.approver")
            #expect(try await road.file(approver, number, "approve/withhold", ["reason": "x"]).status == 422)
            let ground = ["ground": "trade-secret", "reason": "申请人要求保守商业秘密"]
            #expect(try await road.file(approver, number, "approve/withhold", ground).status == 303)
            #expect(try await visitor.get(page).status == 404)
            #expect(try await visitor.get("\(api)/\(number)").status == 404)
            #expect(try await visitor.get(list).text.contains(number) == false)
            #expect(try await road.file(approver, number, "approve/disclose", ["reason": "申请人同意公开"]).status == 303)
            try await road.act(
                "annul", .head, number, ["ground": "expired", "facts": "不再经营", "reason": "申请注销"], road.head)
            #expect(try await visitor.get(page).text.contains("已经注销"))
            try await road.checked()
        }
    }
}

extension Client {
    /// Sends a form as a browser without scripts does where files may come with it.
    func form(_ page: String, _ fields: [String: String], file: String? = nil) async throws -> Answer {
        var parts: [(name: String, filename: String?, content: [UInt8])] = [
            ("csrf", nil, Array(try await token(of: page).utf8))
        ]
        parts += fields.map { (name: $0.key, filename: nil, content: Array($0.value.utf8)) }
        if let file { parts.append((file, "图.pdf", Array("%PDF-1.4 x".utf8))) }
        return try await send(
            .post, page, multipart(parts), [.contentType: "multipart/form-data; boundary=b"])
    }
}
