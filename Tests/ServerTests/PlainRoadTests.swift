import Cases
import Catalogue
import Composition
import Cryptography
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

/// The plain road through the commands, on both engines: submission to result, and every turning on it.
@Suite("The plain road")
struct PlainRoadTests {
    @Test("An application goes from draft to result, and its journal replays", arguments: Backend.all)
    func wholeRoad(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            #expect(try await road.stage(number) == .received)
            try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
            #expect(try await road.stage(number) == .accepted)
            try await road.cases.passReview(number, opinion: "符合条件", road.reviewer, road.occasion(road.reviewer))
            try await road.cases.approve(number, road.approver, road.occasion(road.approver))
            try await road.cases.complete(number, delivery: "electronic", road.clerk, road.occasion(road.clerk))
            let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
            #expect(opened.state.stage == .completed)
            #expect(opened.state.notices.map(\.kind) == ["receipt", "acceptance", "approval", "delivery"])
            for notice in opened.state.notices {
                let (_, reader) = try await road.cases.notices.pdf(notice.id, area: road.area, at: road.now)
                #expect(try reader.read(0..<5) == Array("%PDF-".utf8))
            }
            let left = try await office.house.database.read { [area = road.area, id = opened.id] tx in
                (try TaskStore.tasks(of: id, area: area, tx).count, try TimerStore.timers(of: id, area: area, tx).count)
            }
            #expect(left.0 == 0 && left.1 == 0)
            let report = try await office.house.verifier.run()
            #expect(report.proceedings > 1)
            #expect(report.faults.isEmpty, "\(report.faults)")
        }
    }

    @Test("Submitting twice gives one case; accepting twice gives one acceptance", arguments: Backend.all)
    func doubleClicks(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            async let first = road.cases.submit(draft, road.resident, road.occasion(road.resident), language: .zh)
            async let second = road.cases.submit(draft, road.resident, road.occasion(road.resident), language: .zh)
            let numbers = Set([try await first.number, try await second.number])
            #expect(numbers.count == 1)
            let number = try #require(numbers.first)
            var accepted = 0
            var told = 0
            for clerk in [road.clerk, road.clerk2] {
                do {
                    try await road.cases.accept(number, clerk, road.occasion(clerk))
                    accepted += 1
                } catch DomainError.conflict(let message) {
                    told += 1
                    #expect(message.arguments["who"] == "演示窗口一")
                    #expect(message.arguments["time"] != nil)
                } catch DomainError.forbidden {
                    told += 1
                }
            }
            #expect(accepted == 1 && told == 1)
        }
    }

    @Test("A correction names everything once; the answer starts a fresh five days", arguments: Backend.all)
    func correction(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let points = [CorrectionWords.Point(id: "f.matter", subject: "申请事由", problem: "没有写原因", fix: "请补充原因")]
            await #expect(throws: DomainError.self) {
                try await road.cases.requestCorrection(
                    number, points: [.init(id: "f.matter", subject: "申请事由", problem: "没有写原因", fix: "")], days: 10,
                    road.clerk,
                    road.occasion(road.clerk))
            }
            try await road.cases.requestCorrection(
                number, points: points, days: 10, road.clerk, road.occasion(road.clerk))
            #expect(try await road.stage(number) == .correcting)
            await #expect(throws: DomainError.self) {
                try await road.cases.supplement(
                    number, values: ["phone": "13900000000"], files: [], answers: [:], road.resident,
                    road.occasion(road.resident))
            }
            try await road.cases.supplement(
                number, values: ["matter": "补充了原因"], files: [], answers: [:], road.resident,
                road.occasion(road.resident))
            let opened = try await road.cases.openOwn(number, area: road.area, road.resident)
            #expect(opened.state.stage == .received)
            #expect(opened.state.changedFields == ["matter"])
            await #expect(throws: DomainError.refused(Message("cases.refused.newPoint"))) {
                try await road.cases.requestCorrection(
                    number, points: [.init(id: "f.phone", subject: "联系电话", problem: "打不通", fix: "请换一个")], days: 5,
                    road.clerk,
                    road.occasion(road.clerk))
            }
            #expect(try await office.house.verifier.run().faults.isEmpty)
        }
    }

    @Test("Five working days without an act are an acceptance as of the day of receipt", arguments: Backend.all)
    func deemed(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let received = road.now
            office.time.advance(seconds: 9 * 86_400)
            let timers = TimerWorker(
                database: office.house.database, handlers: [Handler(office: road.cases.office)],
                logger: office.house.logger)
            #expect(try await timers.run(at: office.time.source.now()) == 1)
            #expect(try await timers.run(at: office.time.source.now()) == 0)
            let state = try await road.cases.openOwn(number, area: road.area, road.resident).state
            #expect(state.deemed)
            #expect(state.promised?.startedAt == received)
        }
    }

    @Test("A refusal needs facts, basis and reason, and names both remedies", arguments: Backend.all)
    func refusal(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
            try await road.cases.passReview(number, opinion: "", road.reviewer, road.occasion(road.reviewer))
            await #expect(throws: DomainError.self) {
                try await road.cases.decideAgainst(
                    .refuse, number, words: DecisionWords(reason: ""), road.approver, road.occasion(road.approver))
            }
            try await road.cases.decideAgainst(
                .refuse, number, words: DecisionWords(facts: "场所不符", basis: "《行政许可法》第三十八条", reason: "不符合条件"),
                road.approver,
                road.occasion(road.approver))
            let state = try await road.cases.openOwn(number, area: road.area, road.resident).state
            #expect(state.stage == .refused)
            #expect(state.notices.last?.kind == "refusal")
        }
    }

    @Test("Another resident's draft and case look like none", arguments: Backend.all)
    func strangers(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            let number = try await road.submit()
            let stranger = try await office.residentViewer("13800000002")
            await #expect(throws: DomainError.notFound) {
                _ = try await road.cases.openDraft(draft, area: road.area, stranger)
            }
            await #expect(throws: DomainError.notFound) {
                _ = try await road.cases.openOwn(number, area: road.area, stranger)
            }
        }
    }

    private struct Handler: TimerHandler {
        let office: Workflow.Office<CaseProcedure>
        var kind: String { CaseProcedure.kind }
        func fire(_ timer: TimerStore.Due, at now: Moment, request: String, _ tx: Transaction) throws -> Bool {
            try office.fire(timer, at: now, request: request, tx)
        }
    }
}

/// People and a simple item to go the road with.
struct Road: Sendable {
    let office: Office
    let cases: CasesAPI
    let area: AreaCode
    let slug: String
    let resident: ResidentViewer
    let clerk: StaffViewer
    let clerk2: StaffViewer
    let reviewer: StaffViewer
    let approver: StaffViewer
    var now: Moment { office.time.source.now() }

    init(_ office: Office) async throws {
        self.office = office
        cases = office.house.cases
        area = try #require(AreaCode(Office.area))
        let list = FileManager.default.temporaryDirectory.appendingPathComponent("list-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: list) }
        let department = try await office.house.directory.profile(of: area).departments[0]
        try "department,name,item_code,item_type\n\(department.name.zh),示范事项,,1\n".write(
            to: list, atomically: true, encoding: .utf8)
        let before = Set(try await office.house.catalogue.slugs(of: area))
        try await office.house.importList(list.path, area: area, name: nil) { _ in }
        slug = try #require(Set(try await office.house.catalogue.slugs(of: area)).subtracting(before).first)
        resident = try await office.residentViewer("13800000001")
        // The list's department may have a slug of its own: the people of the road serve it.
        let home = try await office.house.catalogue.current(slug, area: area).definition.department
        func viewer(_ login: String, _ role: Role) async throws -> StaffViewer {
            let client = Client(office)
            _ = try await client.signInStaff(login)
            let signedIn = try #require(try await office.staff(client).staff)
            try await office.house.identity.grant(signedIn.area, staff: signedIn.id, role: role, department: home)
            return try #require(try await office.staff(client).staff)
        }
        clerk = try await viewer("demo.clerk", .clerk)
        clerk2 = try await viewer("demo.clerk2", .clerk)
        reviewer = try await viewer("demo.reviewer", .reviewer)
        approver = try await viewer("demo.approver", .approver)
    }

    func occasion(_ viewer: ResidentViewer) -> Occasion {
        Occasion(area: area, at: now, actor: Viewer.resident(viewer).actor(via: .web), request: "test")
    }

    func occasion(_ viewer: StaffViewer) -> Occasion {
        Occasion(area: area, at: now, actor: Viewer.staff(viewer).actor(via: .window), request: "test")
    }

    func draft() async throws -> String {
        let id = try await cases.startDraft(slug, answers: [:], resident, area: area, language: .zh, at: now)
            .row.id
        try await cases.saveSection(
            GenericForm.sectionID, [("applicant", "演示居民甲"), ("phone", "13800000001"), ("matter", "申请办理")], of: id,
            area: area, resident,
            at: now)
        return id
    }

    func submit() async throws -> String {
        try await cases.submit(try await draft(), resident, occasion(resident), language: .zh).number
    }

    func stage(_ number: String) async throws -> CaseStage {
        try await cases.open(number: number, area: area).state.stage
    }
}

extension Office {
    func residentViewer(_ phone: String, in area: String = Office.area) async throws -> ResidentViewer {
        let client = Client(self)
        _ = try await client.signInResident(phone, in: area)
        return try #require(try await resident(client).resident)
    }
}
