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

/// What happens beside the plain road, through the commands, on both engines: words sealed, documents issued, tasks, clocks and
/// rows as the pure rules say, and the journal replays.
@Suite("Beside the plain road")
struct FurtherRoadTests {
    @Test(
        "A hearing stops the clock in the database too; the head extends; the journal replays", arguments: Backend.all)
    func standing(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            try await road.act("extend", .head, number, ["days": "10", "reason": "情况复杂"], road.head)
            let colleague = try await road.chair()
            let soon: JSON = [
                "on": "2026-03-13", "on-time": "09:30", "place": "三楼会议室", "chair": .string(colleague),
                "reason": "重大公共利益",
            ]
            let fault = await #expect(throws: DomainError.self) {
                try await road.act("announce-hearing", .review, number, soon, road.road.reviewer)
            }
            guard case .invalid? = fault else { throw fault ?? DomainError.notFound }
            let on = road.road.now.date.adding(days: 8)
            try await road.act(
                "announce-hearing", .review, number,
                [
                    "on": .string(on.description), "on-time": "09:30", "place": "三楼会议室", "chair": .string(colleague),
                    "reason": "重大公共利益",
                ], road.road.reviewer)
            let standing = try await road.timers(number)
            #expect(standing.filter { $0.pausedAt != nil }.map(\.name).contains("promised"))
            await #expect(throws: DomainError.refused(Message("cases.refused.paused"))) {
                try await road.road.cases.passReview(
                    number, opinion: "", road.road.reviewer, road.road.occasion(road.road.reviewer))
            }
            office.time.advance(seconds: 9 * 86_400)
            try await road.act("hold-hearing", .review, number, ["record": "各方无异议"], road.road.reviewer)
            #expect(try await road.timers(number).allSatisfy { $0.pausedAt == nil })
            let state = try await road.state(number)
            #expect(state.notices.map(\.kind).contains("hearing") && state.notices.map(\.kind).contains("extension"))
            try await road.decide(number)
            try await road.checked()
        }
    }

    @Test("Departments answer side by side, their queries reach the applicant in one notice", arguments: Backend.all)
    func joint(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            let others = try await road.otherDepartments()
            let (first, second) = (others[0], others[1])
            try await road.act(
                "ask-opinions", .review, number, ["departments": [.string(first), .string(second)]], road.road.reviewer)
            try await road.act(
                "query-branch", .opinion, number, ["department": .string(first), "query": "请说明排水去向"], road.specialist)
            try await road.act(
                "request-papers", .review, number,
                ["kind": "missing", "wanted": "请说明排水去向", "days": "5"], road.road.reviewer)
            try await road.road.cases.supplement(
                number, values: [:], files: [], answers: ["o.1": "接入市政管网"], road.road.resident,
                road.road.occasion(road.road.resident))
            for (department, opinion) in [(first, "agree"), (second, "object")] {
                try await road.act(
                    "give-opinion", .opinion, number,
                    ["department": .string(department), "opinion": .string(opinion), "opinion-words": "见附件"],
                    road.specialist)
            }
            await #expect(throws: DomainError.refused(Message("cases.refused.objectionMeeting"))) {
                try await road.road.cases.passReview(
                    number, opinion: "", road.road.reviewer, road.road.occasion(road.road.reviewer))
            }
            let on = road.road.now.date.adding(days: 1)
            try await road.act(
                "convene-meeting", .review, number,
                [
                    "on": .string(on.description), "on-time": "14:00", "departments": [.string(second)],
                    "place": "二楼", "reason": "意见不一致",
                ], road.road.reviewer)
            office.time.advance(seconds: 86_400)
            try await road.act(
                "conclude-meeting", .review, number, ["conclusion": "go-on", "minutes": "一致同意"], road.road.reviewer)
            try await road.decide(number)
            let left = try await road.left(number)
            #expect(left.tasks == 0 && left.timers == 0)
            try await road.checked()
        }
    }

    @Test("After the decision: served, told, archived, revoked, decided anew", arguments: Backend.all)
    func afterwards(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            try await road.act(
                "publicise", .review, number,
                ["until": .string(road.road.now.date.adding(days: 1).description), "shown": "网站公示"], road.road.reviewer)
            try await road.act("record-objection", .review, number, ["objection": "噪声"], road.road.reviewer)
            try await road.act(
                "resolve-objection", .review, number, ["upheld": "no", "reason": "已检测合格"], road.road.reviewer)
            office.time.advance(seconds: 3 * 86_400)
            try await road.decide(number)
            let today = JSON.string(road.road.now.date.description)
            try await road.act(
                "serve", .complete, number, ["method": "direct", "on": today], road.road.clerk)
            let department = try await road.otherDepartments()[0]
            try await road.act(
                "push", .complete, number, ["department": .string(department), "reason": "请纳入监管"], road.road.clerk)
            try await road.act("acknowledge", .opinion, number, ["reason": "已纳入"], road.specialist)
            try await road.act("archive", .complete, number, [:], road.road.clerk)
            try await road.act(
                "revoke", .head, number,
                ["ground": "fraud", "facts": "材料虚假", "reason": "以欺骗手段取得", "safety": "yes"], road.head)
            let state = try await road.state(number)
            #expect(state.afterwards?.kind == .revoked && state.served != nil && state.archived != nil)
            let papers = try await road.road.cases.notices(
                of: try await road.road.cases.open(number: number, area: road.road.area))
            #expect(papers.filter { $0.state == "revoked" }.map(\.kind).sorted() == ["approval", "delivery"])
            // Who got it by deceit does not apply for it again for three years.
            await #expect(throws: DomainError.refused(Message("cases.refused.barred"))) {
                _ = try await road.road.submit()
            }
            office.time.advance(seconds: 3 * 366 * 86_400)
            _ = try await road.road.submit()
            try await road.act(
                "redecide", .head, number, ["cause": "judgment", "basis": "（2026）行初1号", "reason": "判决撤销"], road.head)
            #expect(try await road.state(number).stage == .accepted)
            try await road.checked()
        }
    }

    @Test("An act that is another's is not there, and one that misses something says what", arguments: Backend.all)
    func guarded(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await LawRoad(office)
            let number = try await road.accepted()
            await #expect(throws: DomainError.notFound) {
                try await road.act("extend", .review, number, [:], road.road.reviewer)
            }
            await #expect(throws: DomainError.forbidden) {
                try await road.act("extend", .head, number, ["days": "1", "reason": "x"], road.outsider())
            }
            let before = try await road.state(number)
            let fault = await #expect(throws: DomainError.self) {
                try await road.act("extend", .head, number, ["days": "11"], road.head)
            }
            guard case .invalid(let faults)? = fault else { throw fault ?? DomainError.notFound }
            #expect(faults.map(\.field) == ["days", "reason"])
            #expect(try await road.state(number) == before)
        }
    }
}

/// The road with the other people it needs.
struct LawRoad: Sendable {
    let office: Office
    let road: Road
    let head: StaffViewer
    /// A reviewer of every department.
    let specialist: StaffViewer

    init(_ office: Office) async throws {
        self.office = office
        road = try await Road(office)
        let home = try await office.house.catalogue.current(road.slug, area: road.area).definition.department
        func viewer(_ login: String, _ role: Role) async throws -> StaffViewer {
            let client = Client(office)
            _ = try await client.signInStaff(login)
            let signedIn = try #require(try await office.staff(client).staff)
            try await office.house.identity.grant(signedIn.area, staff: signedIn.id, role: role, department: home)
            return try #require(try await office.staff(client).staff)
        }
        head = try await viewer("demo.head", .head)
        specialist = road.reviewer
    }

    func accepted() async throws -> String {
        let number = try await road.submit()
        try await road.cases.accept(number, road.clerk, road.occasion(road.clerk))
        return number
    }

    func act(_ name: String, _ group: ActGroup, _ number: String, _ values: JSON, _ viewer: StaffViewer) async throws {
        try await road.cases.act(name, group, number, values: values, viewer, road.occasion(viewer))
    }

    func decide(_ number: String) async throws {
        try await road.cases.passReview(number, opinion: "", road.reviewer, road.occasion(road.reviewer))
        try await road.cases.approve(number, road.approver, road.occasion(road.approver))
        try await road.cases.complete(number, delivery: "electronic", road.clerk, road.occasion(road.clerk))
    }

    func state(_ number: String) async throws -> CaseState {
        try await road.cases.open(number: number, area: road.area).state
    }

    func timers(_ number: String) async throws -> [TimerStore.Running] {
        let (id, area) = (try await road.cases.open(number: number, area: road.area).id, road.area)
        return try await office.house.database.read { tx in try TimerStore.timers(of: id, area: area, tx) }
    }

    func left(_ number: String) async throws -> (tasks: Int, timers: Int) {
        let (id, area) = (try await road.cases.open(number: number, area: road.area).id, road.area)
        return try await office.house.database.read { tx in
            (
                try TaskStore.tasks(of: id, area: area, tx).count,
                try TimerStore.timers(of: id, area: area, tx).count
            )
        }
    }

    func otherDepartments() async throws -> [String] {
        let home = try await office.house.catalogue.current(road.slug, area: road.area).definition.department
        return try await office.house.directory.profile(of: road.area).departments.map(\.id).filter { $0 != home }
    }

    /// An officer of the department who does not review the case.
    func chair() async throws -> String { road.approver.id }

    /// Holds the permission, in no department of the case.
    func outsider() -> StaffViewer {
        StaffViewer(
            id: head.id, area: head.area, session: head.session, displayName: head.displayName,
            permissions: head.permissions.union([Permission("supervision.urge")]), queues: [], departments: [])
    }

    func checked() async throws {
        let report = try await office.house.verifier.run()
        #expect(report.faults.isEmpty, "\(report.faults)")
    }
}
