import Cases
import Catalogue
import Composition
import Directory
import Documents
import Foundation
import Identity
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

/// Papers that come later, acts taken back, promises and instant decisions: over the desk's and the portal's own pages, on
/// both engines.
@Suite("The law's further roads, by hand")
struct LawRoadTests {
    @Test("容缺: signed, accepted, chased by clerk and clock, lapsed by the item's rule", arguments: Backend.all)
    func lacking(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            try await road.reshape { item in
                item.materials[0].need = .always
                item.materials[0].lackingWithin = Limit(5, .workingDays)
            }
            let material = try await road.item().materials[0].id
            let draft = try await road.road.draft()
            let (resident, occasion) = (road.road.resident, road.road.occasion(road.road.resident))
            await #expect(throws: DomainError.self) {
                _ = try await road.road.cases.submit(draft, resident, occasion, language: .zh)
            }
            let number = try await road.road.cases.submit(
                draft, resident, occasion, language: .zh, lacking: [material]
            ).number
            let clerk = try await road.desk("demo.clerk")
            // 受理 alone is not enough: what the applicant signed must be listed.
            #expect(try await road.press(clerk, number, "accept").status != 303)
            #expect(try await road.file(clerk, number, "accept/accept-lacking", ["materials": material]).status == 303)
            let state = try await road.state(number)
            #expect(state.stage == .accepted && state.awaited?.points.map(\.ref) == [material])
            #expect(
                state.notices.last?.kind == "acceptance" || state.notices.map(\.kind).contains("lacking-acceptance"))
            let reviewer = try await road.desk("demo.reviewer")
            #expect(try await road.file(reviewer, number, "review/chase-papers", ["reason": ""]).status == 422)
            #expect(try await road.file(reviewer, number, "review/chase-papers", ["reason": "还差一份材料"]).status == 303)
            #expect(try await road.file(reviewer, number, "review/chase-papers", ["reason": "再说一次"]).status != 303)
            let mine = try await road.mine(number)
            #expect(mine.contains("还差一份材料") && mine.contains("提醒补交"))
            // The clock reminds on Monday and on the last day, then the case lapses.
            var reminded = 0
            for _ in 0..<10 {
                office.time.advance(seconds: 86_400)
                try await road.clock()
                let lines = try await road.names(number)
                reminded = lines.count { $0 == "papers-chased" }
            }
            #expect(reminded == 3)
            #expect(try await road.state(number).stage == .lapsed)
            let left = try await road.left(number)
            #expect(left.tasks == 0 && left.timers == 0)
            try await road.checked()
        }
    }

    @Test("An acceptance is taken back by a second clerk, its notice holds no longer", arguments: Backend.all)
    func undo(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.road.submit()
            let (clerk, second) = (try await road.desk("demo.clerk"), try await road.desk("demo.clerk2"))
            #expect(try await road.press(clerk, number, "accept").status == 303)
            let accepted = try await road.state(number)
            let page = try await clerk.get("/\(Office.area)/desk/cases/\(number)").text
            #expect(!page.contains("acts/accept/undo"))
            #expect(try await second.get("/\(Office.area)/desk/cases/\(number)").text.contains("acts/accept/undo"))
            #expect(try await road.file(clerk, number, "accept/undo", ["reason": "点错了"]).status != 303)
            #expect(try await road.file(second, number, "accept/undo", ["reason": ""]).status == 422)
            #expect(try await road.file(second, number, "accept/undo", ["reason": "点错了"]).status == 303)
            let state = try await road.state(number)
            #expect(state.stage == .received && state.promised == nil && state.acceptance != nil)
            let papers = try await road.road.cases.notices(
                of: try await road.road.cases.open(number: number, area: road.road.area))
            #expect(papers.filter { $0.state == "revoked" }.map(\.kind) == ["acceptance"])
            #expect(try await road.timers(number).map(\.name) == ["acceptance"])
            #expect(try await road.mine(number).contains("撤回了上一步：受理"))
            // A second click is no conflict; and the case goes on.
            #expect(try await road.file(second, number, "accept/undo", ["reason": "点错了"]).status != 500)
            #expect(try await road.press(clerk, number, "accept").status == 303)
            #expect(try await road.state(number).promised?.limit == accepted.promised?.limit)
            // After the item's minutes it stands.
            office.time.advance(seconds: 11 * 60)
            #expect(try await road.file(second, number, "accept/undo", ["reason": "晚了"]).status != 303)
            #expect(try await road.state(number).stage == .accepted)
            try await road.checked()
        }
    }

    @Test(
        "Anybody objects on the public page; his name is for the organ alone, and nothing is decided before the answer",
        arguments: Backend.all)
    func objection(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            let reviewer = try await road.desk("demo.reviewer")
            let until = road.road.now.date.adding(days: 7)
            let visitor = Client(office)
            let (list, page) = ("/\(Office.area)/publicity", "/\(Office.area)/publicity/\(number)")
            #expect(try await visitor.get(page).text.contains("没有这项公示"))
            let shown = ["until": until.description, "shown": "拟准予在示范路开设餐馆"]
            #expect(try await road.file(reviewer, number, "review/publicise", shown).status == 303)
            #expect(try await visitor.get(list).text.contains(page))
            let text = try await visitor.get(page).text
            #expect(text.contains("拟准予在示范路开设餐馆") && !text.contains("演示居民甲"))
            // Everything that is missing is said, and what was typed stays.
            let gaps = try await visitor.post(page, ["objection": "油烟扰民"], from: page)
            #expect(gaps.status == 422 && gaps.text.contains("油烟扰民"))
            let objection = ["objection": "油烟扰民", "objector": "邻居丙", "contact": "13700000003", "concern": "楼上住户"]
            let sent = try await visitor.post(page, objection, from: page)
            let receipt = try #require(sent.location)
            #expect(sent.status == 303 && receipt.hasPrefix("/\(Office.area)/objections?number=\(number)-1&code="))
            #expect(try await road.state(number).publicity?.open == 1)
            let code = String(receipt.split(separator: "=").last ?? "")
            #expect(try await visitor.get(receipt).text.contains("请记下异议编号和查询码"))
            #expect(try await road.answer(visitor, "\(number)-1", code).contains("等待答复"))
            #expect(try await road.answer(visitor, "\(number)-1", "AAAAAAAA").contains("没有找到"))
            #expect(try await road.answer(visitor, "\(number)-2", code).contains("没有找到"))
            let folder = try await reviewer.get("/\(Office.area)/desk/cases/\(number)").text
            #expect(folder.contains("邻居丙") && folder.contains("13700000003"))
            let mine = try await road.mine(number)
            #expect(mine.contains("收到一项异议") && !mine.contains("邻居丙") && !mine.contains("13700000003"))
            for _ in 0..<12 { _ = try await visitor.post(page, objection, from: page) }
            #expect(try await road.state(number).publicity?.open ?? 0 <= 10)
            for _ in 0..<(try await road.state(number).publicity?.open ?? 0) {
                let answer = ["upheld": "no", "reason": "已安装油烟净化设施"]
                #expect(try await road.file(reviewer, number, "review/resolve-objection", answer).status == 303)
            }
            #expect(try await road.answer(visitor, "\(number)-1", code).contains("已安装油烟净化设施"))
            office.time.advance(seconds: 8 * 86_400)
            #expect(try await Client(office).get(page).text.contains("没有这项公示"))
            let late = Client(office)
            let answer = try await late.post(
                page, objection.merging(["csrf": late.token(of: list.appending("/0"))]) { $1 })
            #expect(answer.status < 500)
            #expect(try await road.state(number).publicity?.open == 0)
            try await road.decide(number)
            #expect(try await late.get(list).text.contains(number) == false)
            // Its answer can still be read.
            #expect(try await road.answer(late, "\(number)-1", code).contains("不成立"))
            try await road.checked()
        }
    }

    @Test("A licence is renewed before it expires: by decision, and by the organ's silence", arguments: Backend.all)
    func renewal(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            try await road.reshape { $0.outcome[0].validity = .period(Limit(100, .days)) }
            let number = try await road.accepted()
            try await road.decide(number)
            let first = try #require(try await road.state(number).result?.until)
            let act = "/\(Office.area)/my/cases/\(number)/acts/request-renewal"
            let mine = "/\(Office.area)/my/cases/\(number)"
            func ask() async throws -> Client.Answer {
                let holder = Client(office)
                _ = try await holder.signInResident("13800000001")
                return try await holder.post(act, ["agree": "yes"], from: act)
            }
            // Too early: the page is not there.
            #expect(try await road.mine(number).contains(act) == false)
            office.time.advance(seconds: 30 * 86_400)
            #expect(try await road.mine(number).contains(act))
            #expect(try await ask().location == mine)
            #expect(try await road.timers(number).map(\.name) == ["renewal"])
            let approver = try await road.desk("demo.approver")
            #expect(try await road.file(approver, number, "approve/refuse-renewal", ["reason": "x"]).status == 422)
            #expect(try await road.file(approver, number, "approve/grant-renewal", [:]).status == 303)
            let second = try #require(try await road.state(number).result?.until)
            #expect(second == first.adding(days: 100))
            #expect(try await road.state(number).notices.last?.kind == "renewal")
            // The next time the organ keeps silent.
            office.time.advance(seconds: 100 * 86_400)
            #expect(try await ask().location == mine)
            office.time.advance(seconds: 90 * 86_400)
            try await road.clock()
            let state = try await road.state(number)
            #expect(state.renewal == nil && state.result?.until == second.adding(days: 100))
            #expect(try await road.mine(number).contains("视为准予延续"))
            // It has its paper, once, however often the office looks.
            for _ in 0..<2 { try await road.road.cases.issueLatePapers(at: road.road.now) }
            let papers = try await road.road.cases.notices(
                of: try await road.road.cases.open(number: number, area: road.road.area))
            #expect(papers.filter { $0.title == "视为准予延续行政许可证明" && $0.state == "valid" }.count == 1)
            #expect(try await road.mine(number).contains("发给视为准予延续的证明"))
            #expect(try await road.state(number).uncertified == nil)
            let left = try await road.left(number)
            #expect(left.tasks == 0 && left.timers == 0)
            try await road.checked()
        }
    }
}

extension LawRoad {
    /// What somebody without an account reads of an objection.
    func answer(_ visitor: Client, _ number: String, _ code: String) async throws -> String {
        let page = "/\(Office.area)/objections"
        return try await visitor.post(page, ["number": number, "code": code], from: page).text
    }

    /// A new version of the road's item.
    func reshape(_ change: (inout ItemDefinition) -> Void) async throws {
        var definition = try await item()
        change(&definition)
        let (changed, area, now) = (definition, road.area, road.now)
        try await office.house.database.write { tx in
            _ = try CatalogueStore.publish(
                changed, provenance: [:], grams: [], source: "test", area: area, at: now, tx)
        }
    }

    func item() async throws -> ItemDefinition {
        try await office.house.catalogue.current(road.slug, area: road.area).definition
    }

    /// A browser at the desk.
    func desk(_ login: String) async throws -> Client {
        let client = Client(office)
        _ = try await client.signInStaff(login)
        return client
    }

    /// The button of a plain act.
    func press(_ client: Client, _ number: String, _ act: String, _ fields: [String: String] = [:]) async throws
        -> Client.Answer
    {
        let page = "/\(Office.area)/desk/cases/\(number)"
        return try await client.post("\(page)/\(act)", fields, from: page)
    }

    /// The form of an act beside the plain road.
    func file(_ client: Client, _ number: String, _ act: String, _ fields: [String: String]) async throws
        -> Client.Answer
    {
        let page = "/\(Office.area)/desk/cases/\(number)"
        return try await client.post("\(page)/acts/\(act)", fields, from: page)
    }

    /// The owner's page of the case.
    func mine(_ number: String, phone: String = "13800000001") async throws -> String {
        let client = Client(office)
        _ = try await client.signInResident(phone)
        return try await client.get("/\(Office.area)/my/cases/\(number)").text
    }

    /// Lets fall due what does.
    func clock() async throws {
        let timers = TimerWorker(
            database: office.house.database, handlers: [CaseTimers(office: road.cases.office)],
            logger: office.house.logger)
        for _ in 0..<5 where try await timers.run(at: road.now) == 0 { return }
    }

    /// Names of the case's events.
    func names(_ number: String) async throws -> [String] {
        let (id, area) = (try await road.cases.open(number: number, area: road.area).id, road.area)
        return try await office.house.database.read { tx in
            try JournalStore.entries(of: id, area: area, tx).map(\.name)
        }
    }
}

private struct CaseTimers: TimerHandler {
    let office: Workflow.Office<CaseProcedure>
    var kind: String { CaseProcedure.kind }
    func fire(_ timer: TimerStore.Due, at now: Moment, request: String, _ tx: Transaction) throws -> Bool {
        try office.fire(timer, at: now, request: request, tx)
    }
}
