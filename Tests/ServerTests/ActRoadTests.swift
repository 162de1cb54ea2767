import Cases
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

@testable import Catalogue

/// Acts beside the plain road, each through the pages of those who do it, on both engines.
@Suite("Acts beside the plain road, by hand")
struct ActRoadTests {
    @Test(
        "A promise: signed with a one-time code, accepted, checked, broken, and then no other", arguments: Backend.all)
    func promise(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            try await road.reshape { $0.materials[0].promiseCheckedWithin = Limit(60, .days) }
            let material = try await road.item().materials[0].id
            let number = try await road.road.submit()
            let signed = ["materials": material, "agree": "yes", "signer": "演示居民甲"]
            #expect(try await road.sign(number, signed.merging(["code": "000000"]) { $1 }).status == 422)
            let other = signed.merging(["signer": "别人", "code": "000000"]) { $1 }
            #expect(try await road.sign(number, other).status == 422)
            #expect(try await road.state(number).promise == nil)
            let clerk = try await road.desk("demo.clerk")
            #expect(try await road.file(clerk, number, "accept/accept-on-promise", [:]).status != 303)
            let code = try await road.signingCode(number)
            #expect(try await road.sign(number, signed.merging(["code": code]) { $1 }).status == 303)
            #expect(try await road.state(number).promise?.materials == [material])
            // The code is taken once.
            #expect(try await road.sign(number, signed.merging(["code": code]) { $1 }).status != 303)
            #expect(try await road.file(clerk, number, "accept/accept-on-promise", [:]).status == 303)
            try await road.decide(number)
            #expect(try await road.state(number).followUp?.kind == .promise)
            let reviewer = try await road.desk("demo.reviewer")
            let repair = ["finding": "rectify", "outcome": "没有落实", "days": "10"]
            #expect(try await road.file(reviewer, number, "review/check-follow-up", repair).status == 303)
            let broken = ["finding": "broken", "outcome": "没有整改", "days": "10"]
            #expect(try await road.file(reviewer, number, "review/check-follow-up", broken).status == 303)
            let state = try await road.state(number)
            #expect(state.promiseBroken == true && state.followUp == nil)
            #expect(state.notices.map(\.kind).suffix(1) == ["promise-rectification"])
            // Who broke a promise signs no other.
            office.time.advance(seconds: 120)
            let next = try await road.road.submit()
            let again = try await road.signingCode(next)
            #expect(try await road.sign(next, signed.merging(["code": again]) { $1 }).status == 422)
            #expect(try await road.state(next).promise == nil)
            try await road.checked()
        }
    }

    @Test("Decided at once where the applicant holds the certificate, looked at afterwards", arguments: Backend.all)
    func instant(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            try await road.reshape { item in
                item.outcome[0].certificate = "shop-licence"
                item.outcome[0].validity = .period(Limit(100, .days))
                item.instantWhen = Rule(["==": [["var": "certificate.shop-licence"], true]])
                item.instantSample = 100
            }
            // Nothing held yet: people decide.
            let first = try await road.accepted()
            try await road.decide(first)
            let second = try await road.road.submit()
            let state = try await road.state(second)
            #expect(state.stage == .completed && state.followUp?.kind == .sample)
            #expect(state.notices.map(\.kind) == ["receipt", "approval", "delivery"])
            let reviewer = try await road.desk("demo.reviewer")
            let kept = ["finding": "kept", "outcome": "与登记一致", "days": "1"]
            #expect(try await road.file(reviewer, second, "review/check-follow-up", kept).status == 303)
            let left = try await road.left(second)
            #expect(left.tasks == 0 && left.timers == 0)
            // What was revoked is no certificate, and what expired neither.
            for number in [first, second] {
                try await road.act(
                    "annul", .head, number, ["ground": "expired", "facts": "不再经营", "reason": "申请注销"], road.head)
            }
            #expect(try await road.stage(try await road.road.submit()) == .received)
            try await road.checked()
        }
    }

    @Test(
        "Stayed and taken up again, given to another officer, charged, moved to another department, terminated",
        arguments: Backend.all)
    func course(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            try await road.reshape { item in
                item.fees = [
                    Fee(
                        id: "cost", project: LocalizedText(zh: "工本费"), amount: Money(fen: 1_000), unit: nil, basis: [],
                        payment: [.window], waived: nil)
                ]
            }
            let number = try await road.accepted()
            let reviewer = try await road.desk("demo.reviewer")
            let approver = try await road.desk("demo.approver")
            let clerk = try await road.desk("demo.clerk")
            let before = try #require(try await road.state(number).promised)
            let stay = ["ground": "force-majeure", "basis": "《某条例》第一条", "reason": "洪水"]
            #expect(try await road.file(approver, number, "approve/stay", ["ground": "none"]).status == 422)
            #expect(try await road.file(approver, number, "approve/stay", stay).status == 303)
            #expect(try await road.timers(number).allSatisfy { $0.pausedAt != nil })
            #expect(try await road.press(reviewer, number, "review").status != 303)
            office.time.advance(seconds: 7 * 86_400)
            let approver2 = try await road.desk("demo.approver")
            #expect(try await road.file(approver2, number, "approve/lift-stay", ["reason": "水退了"]).status == 303)
            let after = try #require(try await road.state(number).promised)
            #expect(after.dueOn > before.dueOn && after.pausedAt == nil)
            // A fee with its basis: assessed, paid, refunded.
            let clerk2 = try await road.desk("demo.clerk")
            _ = clerk
            #expect(
                try await road.file(clerk2, number, "accept/assess-fee", ["amount": "10.x", "reason": "工本费"]).status
                    == 422)
            #expect(
                try await road.file(clerk2, number, "accept/assess-fee", ["amount": "10.50", "reason": "工本费"]).status
                    == 303)
            #expect(try await road.state(number).fee?.amount == 1_050)
            for standing in ["paid", "refunded"] {
                let entry = ["standing": standing, "reason": "凭证 1 号"]
                #expect(try await road.file(clerk2, number, "accept/settle-fee", entry).status == 303)
                #expect(try await road.file(clerk2, number, "accept/settle-fee", entry).status != 500)
                #expect(try await road.state(number).fee?.standing.rawValue == standing)
            }
            // Another officer, the one before withdraws.
            let reviewer2 = try await road.desk("demo.reviewer")
            #expect(try await road.press(reviewer2, number, "claim").status == 303)
            let recused = ["person": road.road.approver.id, "recused": "yes", "reason": "近亲属"]
            let head = try await road.desk("demo.head")
            #expect(try await road.file(head, number, "head/change-handler", recused).status == 303)
            #expect(try await road.state(number).recused == [road.road.reviewer.id])
            await #expect(throws: DomainError.self) {
                try await road.road.cases.passReview(
                    number, opinion: "", road.road.reviewer, road.road.occasion(road.road.reviewer))
            }
            // Another department, and there it ends.
            let other = try await road.otherDepartments()[0]
            try await road.act(
                "transfer", .review, number, ["department": .string(other), "reason": "职责调整"], road.acting())
            #expect(try await road.state(number).department == other)
            #expect(try await road.timers(number).contains { $0.name == "promised" })
            let there = try await road.approver(in: other)
            try await road.act(
                "terminate", .approve, number,
                ["ground": "organisation", "basis": "《某条例》第二条", "reason": "公司注销"], there)
            let ended = try await road.state(number)
            #expect(ended.stage == .terminated)
            let left = try await road.left(number)
            #expect(left.tasks == 0 && left.timers == 0)
            try await road.checked()
        }
    }

    @Test("A slip in a result is corrected, what was granted is withdrawn and struck off", arguments: Backend.all)
    func results(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            try await road.reshape { $0.outcome[0].validity = .period(Limit(3, .years)) }
            let number = try await road.road.submit()
            let clerk = try await road.desk("demo.clerk")
            // Before anything is accepted: what the office thinks, and a slip put right at the window.
            #expect(try await road.file(clerk, number, "accept/pre-review", ["reason": "平面图要标尺寸"]).status == 303)
            #expect(try await road.mine(number).contains("平面图要标尺寸"))
            let wrong = ["field": "phone", "value": "12", "present": "yes"]
            let wrongAnswer = try await road.file(clerk, number, "accept/correct-on-spot", wrong)
            #expect(wrongAnswer.status == 422 && wrongAnswer.text.contains("12"))
            let slip = ["field": "phone", "value": "13800000009", "present": "yes"]
            #expect(try await road.file(clerk, number, "accept/correct-on-spot", slip).status == 303)
            let opened = try await road.road.cases.open(number: number, area: road.road.area)
            #expect(try opened.content().form["phone"]?.text == "13800000009")
            #expect(opened.state.changedFields == ["phone"] && opened.state.corrections == 0)
            #expect(try await road.press(clerk, number, "accept").status == 303)
            try await road.decide(number)
            let until = try #require(try await road.state(number).result?.until).adding(days: -10)
            let correction = ["correction": "有效期写错", "until": until.description]
            #expect(try await road.file(clerk, number, "complete/correct-result", ["correction": ""]).status == 422)
            #expect(try await road.file(clerk, number, "complete/correct-result", correction).status == 303)
            #expect(try await road.state(number).result?.until == until)
            let head = try await road.desk("demo.head")
            let withdrawal = ["ground": "law-changed", "facts": "规章已废止", "reason": "公共利益", "compensation": "补偿一万元"]
            #expect(try await road.file(head, number, "head/withdraw-licence", ["ground": "fraud"]).status == 422)
            #expect(try await road.file(head, number, "head/withdraw-licence", withdrawal).status == 303)
            #expect(try await road.file(head, number, "head/withdraw-licence", withdrawal).status != 500)
            let annulment = ["ground": "taken-back", "facts": "已被撤回", "reason": "依法注销"]
            #expect(try await road.file(head, number, "head/annul", annulment).status == 303)
            let state = try await road.state(number)
            #expect(state.afterwards?.kind == .annulled)
            #expect(state.notices.map(\.kind).suffix(3) == ["correction-of-result", "licence-withdrawal", "annulment"])
            try await road.checked()
        }
    }

    @Test("Examined here, decided above: reported up, sent back, reported again, granted", arguments: Backend.all)
    func reported(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let above = try await road.otherDepartments()[0]
            try await road.reshape { $0.reportUp = ReportUp(to: above, preliminary: Limit(20, .workingDays)) }
            let number = try await road.accepted()
            let reviewer = try await road.desk("demo.reviewer")
            #expect(try await road.press(reviewer, number, "review").status != 303)
            #expect(try await road.file(reviewer, number, "review/report-up", ["outcome": ""]).status == 422)
            #expect(try await road.file(reviewer, number, "review/report-up", ["outcome": "拟同意"]).status == 303)
            #expect(try await road.state(number).promised?.limit == Limit(20, .workingDays))
            #expect(try await road.mine(number).contains("上报告知书"))
            let approver = try await road.desk("demo.approver")
            #expect(try await road.press(approver, number, "approve").status != 303)
            let back = ["answer": "returned", "document": "市函〔2026〕1号", "reason": "补充现场照片"]
            #expect(try await road.file(reviewer, number, "review/enter-answer", back).status == 303)
            #expect(try await road.state(number).stage == .accepted)
            #expect(try await road.file(reviewer, number, "review/report-up", ["outcome": "已补充"]).status == 303)
            let granted = ["answer": "granted", "document": "市许〔2026〕9号", "reason": "准予"]
            #expect(try await road.file(reviewer, number, "review/enter-answer", granted).status == 303)
            #expect(try await road.state(number).stage == .approved)
            try await road.road.cases.complete(
                number, delivery: "electronic", road.road.clerk, road.road.occasion(road.road.clerk))
            let left = try await road.left(number)
            #expect(left.tasks == 0 && left.timers == 0)
            try await road.checked()
        }
    }

    @Test(
        "What was granted is changed and passes to a successor; a false application bars for a year",
        arguments: Backend.all)
    func changed(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            try await road.decide(number)
            let act = "/\(Office.area)/my/cases/\(number)/acts/request-change"
            let holder = Client(office)
            _ = try await holder.signInResident("13800000001")
            #expect(try await holder.post(act, ["change": "", "reason": ""], from: act).status == 422)
            #expect(try await holder.post(act, ["change": "名称改为乙店", "reason": "改名"], from: act).status == 303)
            let approver = try await road.desk("demo.approver")
            #expect(try await road.file(approver, number, "approve/amend", ["change": "名称改为乙店"]).status == 303)
            #expect(try await road.state(number).amendments == 1)
            let succession = [
                "ground": "inheritance", "successor": "演示居民乙", "successor-number": "110105200001010016",
                "basis": "《某条例》第三条", "reason": "持证人去世",
            ]
            let slip = succession.merging(["successor-number": "110105200001010017"]) { $1 }
            #expect(try await road.file(approver, number, "approve/succeed", slip).status == 422)
            let (stranger, heir) = ("13800000001", "13800000002")
            let foreign = succession.merging(["successor-phone": stranger]) { $1 }
            #expect(try await road.file(approver, number, "approve/succeed", foreign).status == 422)
            let whole = succession.merging(["successor-phone": heir]) { $1 }
            #expect(try await road.file(approver, number, "approve/succeed", whole).status == 303)
            try await road.handedOver(number, from: stranger, to: heir)
            let opened = try await road.road.cases.open(number: number, area: road.road.area)
            #expect(try opened.holder() == "演示居民乙")
            // Another application is refused because its papers were false.
            let second = try await road.accepted()
            try await road.road.cases.passReview(
                second, opinion: "", road.road.reviewer, road.road.occasion(road.road.reviewer))
            try await road.road.cases.decideAgainst(
                .refuse, second,
                words: DecisionWords(facts: "证明系伪造", basis: "《中华人民共和国行政许可法》第七十八条", reason: "提供虚假材料"),
                road.road.approver, road.road.occasion(road.road.approver))
            let head = try await road.desk("demo.head")
            #expect(try await road.file(head, second, "head/record-falsity", ["facts": "伪造"]).status == 422)
            let falsity = ["facts": "证明系伪造", "safety": "yes"]
            #expect(try await road.file(head, second, "head/record-falsity", falsity).status == 303)
            await #expect(throws: DomainError.refused(Message("cases.refused.barredYear"))) {
                _ = try await road.road.submit()
            }
            office.time.advance(seconds: 367 * 86_400)
            _ = try await road.road.submit()
            try await road.checked()
        }
    }

    @Test("Simulated before the papers exist, turned into the review once they do", arguments: Backend.all)
    func simulated(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.road.submit()
            let clerk = try await road.desk("demo.clerk")
            let reviewer = try await road.desk("demo.reviewer")
            try await road.road.cases.requestCorrection(
                number, points: [.init(id: "f.matter", subject: "申请事由", problem: "还没有土地证", fix: "取得后补充")], days: 60,
                road.road.clerk, road.road.occasion(road.road.clerk))
            #expect(try await road.file(reviewer, number, "review/simulate", ["opinion": "yes"]).status == 422)
            let opinion = ["opinion": "yes", "outstanding": "土地证", "reason": "方案符合规划"]
            #expect(try await road.file(reviewer, number, "review/simulate", opinion).status == 303)
            #expect(try await road.mine(number).contains("模拟审批意见书"))
            // Another department says early what it thinks; it holds once the opinion is turned.
            let other = try #require(try await road.otherDepartments().first)
            #expect(try await road.file(reviewer, number, "review/ask-early", [:]).status == 422)
            #expect(try await road.file(reviewer, number, "review/ask-early", ["departments": other]).status == 303)
            try await road.act(
                "give-opinion", .opinion, number, ["department": .string(other), "opinion": "agree"], road.specialist)
            #expect(try await road.file(clerk, number, "accept/accept-simulated", ["complete": "yes"]).status != 303)
            try await road.road.cases.supplement(
                number, values: ["matter": "土地证已经取得"], files: [], answers: [:], road.road.resident,
                road.road.occasion(road.road.resident))
            #expect(try await road.file(clerk, number, "accept/accept-simulated", [:]).status == 422)
            #expect(try await road.file(clerk, number, "accept/accept-simulated", ["complete": "yes"]).status == 303)
            let state = try await road.state(number)
            #expect(state.stage == .approving && state.reviewedBy == road.road.reviewer.id)
            #expect(state.branches?.map(\.opinion) == [.agree])
            let approver = try await road.desk("demo.approver")
            #expect(try await road.press(approver, number, "approve").status == 303)
            #expect(try await road.state(number).stage == .approved)
            try await road.checked()
        }
    }
}

extension LawRoad {
    /// The account of the one before reads nothing of it any more, the successor's everything; lists name the successor.
    func handedOver(_ number: String, from before: String, to after: String) async throws {
        try await road.cases.movePointers(at: road.now)
        let page = "/\(Office.area)/my/cases"
        for (phone, own) in [(before, false), (after, true)] {
            let client = Client(office)
            _ = try await client.signInResident(phone)
            #expect(try await client.get("\(page)/\(number)").status == (own ? 200 : 404))
            #expect(try await client.get(page).text.contains(number) == own)
        }
        let area = road.area
        let id = try await road.cases.open(number: number, area: area).id
        let masks = try await office.house.database.read { tx in try PartyStore.masks(of: [id], area: area, tx) }
        #expect(masks[id] == "演*")
        let found = try await desk("demo.approver").get(
            "/\(Office.area)/desk/search?q=%E6%BC%94%E7%A4%BA%E5%B1%85%E6%B0%91%E4%B9%99"
        ).text
        #expect(found.contains(number))
    }

    func stage(_ number: String) async throws -> CaseStage { try await state(number).stage }

    /// The applicant's page of a promise.
    func sign(_ number: String, _ fields: [String: String]) async throws -> Client.Answer {
        let act = "/\(Office.area)/my/cases/\(number)/acts/sign-promise"
        let client = Client(office)
        _ = try await client.signInResident("13800000001")
        return try await client.post(act, fields, from: act)
    }

    /// Asks for a code and reads it off the page, as the demonstration shows it.
    func signingCode(_ number: String) async throws -> String {
        let answer = try await sign(number, ["action": "code"])
        let found = answer.text.matches(of: /验证码：([0-9]{6})/).first
        return found.map { String($0.1) } ?? ""
    }

    /// The officer who has the case now.
    func acting() async throws -> StaffViewer {
        let client = Client(office)
        _ = try await client.signInStaff("demo.approver")
        let signedIn = try #require(try await office.staff(client).staff)
        let home = try await item().department
        try await office.house.identity.grant(signedIn.area, staff: signedIn.id, role: .reviewer, department: home)
        return try #require(try await office.staff(client).staff)
    }

    /// The approver, with the same post in another department.
    func approver(in department: String) async throws -> StaffViewer {
        let client = Client(office)
        _ = try await client.signInStaff("demo.approver")
        let signedIn = try #require(try await office.staff(client).staff)
        try await office.house.identity.grant(
            signedIn.area, staff: signedIn.id, role: .approver, department: department)
        return try #require(try await office.staff(client).staff)
    }
}
