import Catalogue
import Composition
import Foundation
import HTTPTypes
import Kernel
import Storage
import TestKit
import Testing

@testable import Directory

/// An administrator's four pages, and what a pack finds when it is loaded again.
@Suite("Places are edited at the desk")
struct DirectoryAdminTests {
    /// A signed-in browser at the administrator's pages.
    private struct Desk {
        let client: Client
        static let root = "/\(Office.area)/desk/admin/"

        init(_ office: Office, login: String = "demo.admin") async throws {
            client = Client(office)
            #expect(try await client.signInStaff(login).status == 303)
        }

        func page(_ path: String) async throws -> HTMLReader {
            let answer = try await client.get(Self.root + path)
            #expect(answer.status == 200, "\(path)")
            return HTMLReader(answer.text)
        }

        func form(_ path: String) async throws -> HTMLForm {
            try #require(try await page(path).form(action: Self.root + path))
        }

        /// Sends the form as it stands with some fields changed.
        func send(
            _ form: HTMLForm, _ changes: [String: String?], action: String = "save"
        ) async throws -> Client.Answer {
            let body = form.body(changes.merging(["action": action]) { own, _ in own })
            return try await client.send(
                .post, form.action, Array(body.utf8), [.contentType: "application/x-www-form-urlencoded"])
        }

        func save(_ path: String, _ changes: [String: String?]) async throws -> Client.Answer {
            try await send(form(path), changes)
        }
    }

    @Test("An edited phone shows everywhere, with who changed what below", arguments: Backend.all)
    func phones(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let desk = try await Desk(office)
            let answer = try await desk.save("areas/edit", ["advicePhone": "028-8770 5000"])
            #expect(answer.status == 303 && answer.location == Desk.root + "areas")
            let list = try await desk.page("areas").text
            for words in ["028-87705000", "演示系统管理员", "咨询电话：12345 → 028-87705000", "已修改"] {
                #expect(list.contains(words))
            }
            #expect(try await Client(office).get("/\(Office.area)/halls").text.contains("028-87705000"))
            // Nothing changed: nothing journaled.
            #expect(try await desk.save("areas/edit", [:]).status == 303)
            let rows = try await desk.page("areas").all("table").last?.all("tr").count
            #expect(rows == 2)
        }
    }

    @Test("What is wrong is said, and what was typed stays", arguments: Backend.all)
    func faults(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let desk = try await Desk(office)
            let answer = try await desk.save(
                "areas/edit", ["advicePhone": "87705000", "complaintPhone": "12388", "court": ""])
            #expect(answer.status == 422)
            let page = HTMLReader(answer.text)
            let form = try #require(page.form(action: Desk.root + "areas/edit"))
            #expect(form["advicePhone"] == "87705000" && form["court"]?.isEmpty == true)
            #expect(page.all("a", ["href": "#advicePhone"]).count == 1 && page.all("a", ["href": "#court"]).count == 1)
            #expect(try await desk.save("areas/edit", ["complaintPhone": "12345"]).status == 422)
            #expect(try await desk.page("areas").text.contains("还没有人修改过"))
        }
    }

    @Test("Who was slower is told who was faster, and keeps what was typed", arguments: Backend.all)
    func clash(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let (first, second) = (try await Desk(office), try await Desk(office))
            let stale = try await second.form("departments/health")
            #expect(try await first.save("departments/health", ["phone": "028-11111111"]).status == 303)
            // Another department is another matter.
            #expect(try await first.save("departments/education", ["phone": "028-33333333"]).status == 303)
            let answer = try await second.send(stale, ["phone": "028-22222222"])
            #expect(answer.status == 409)
            for words in ["演示系统管理员", "028-11111111", "3 月 12 日"] { #expect(answer.text.contains(words)) }
            let again = try #require(HTMLReader(answer.text).form(action: stale.action))
            #expect(again["phone"] == "028-22222222")
            #expect(try await second.send(again, [:]).status == 303)
            let area = try #require(AreaCode(Office.area))
            let profile = try await office.house.directory.profile(of: area)
            #expect(profile.department("health")?.phone == "028-22222222")
        }
    }

    @Test("A department is added once and never under a name that items cannot write", arguments: Backend.all)
    func departments(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let desk = try await Desk(office)
            let fields = ["id": "statistics", "name": "成都市金牛区统计局", "name.en": "Jinniu Statistics Bureau"]
            #expect(try await desk.save("departments/new", fields).status == 303)
            #expect(try await desk.save("departments/new", fields).status == 422)
            #expect(try await desk.save("departments/new", ["id": "Statistik!", "name": "统计局"]).status == 422)
            let area = try #require(AreaCode(Office.area))
            let profile = try await office.house.directory.profile(of: area)
            #expect(profile.department("statistics")?.name.en == "Jinniu Statistics Bureau")
        }
    }

    @Test("Hours and windows of a hall are edited, added and taken away", arguments: Backend.all)
    func halls(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let desk = try await Desk(office)
            let overlap = try await desk.save("halls/centre", ["hours.3.days": "1", "hours.3.time": "11:00—14:00"])
            #expect(overlap.status == 422 && overlap.text.contains("重叠"))
            let hours: [String: String?] = [
                "address": "蜀西路 1 号", "hours.2.time": "9:00—12:00", "hours.3.days": "7", "hours.3.time": "10：00—12：00",
            ]
            #expect(try await desk.save("halls/centre", hours).status == 303)
            let window = ["number": "15", "name": "统计窗口", "departments": "finance"]
            #expect(try await desk.save("halls/centre/windows/new", window).status == 303)
            let leaving = try await desk.form("halls/centre/windows/w01")
            let asked = try await desk.send(leaving, [:], action: "remove")
            #expect(asked.status == 200 && asked.text.contains("确认删除"))
            #expect(try await desk.send(leaving, [:], action: "confirm").status == 303)
            #expect(try await desk.client.get(Desk.root + "halls/centre/windows/w01").status == 404)
            let shown = HTMLReader(try await Client(office).get("/\(Office.area)/halls").text).text
            for words in ["蜀西路 1 号", "周六 9:00—12:00", "周日 10:00—12:00", "15 统计窗口"] { #expect(shown.contains(words)) }
            let area = try #require(AreaCode(Office.area))
            let hall = try #require(try await office.house.directory.profile(of: area).halls.first)
            #expect(hall.windows.first?.id == "w02")
            #expect(hall.windows.last?.departments == ["finance"])
            #expect(hall.hours.count == 4)
        }
    }

    @Test("A year without a notice is provisional until its days are entered", arguments: Backend.all)
    func calendars(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let area = try #require(AreaCode(Office.area))
            let desk = try await Desk(office)
            let before = try await office.house.directory.calendar(of: area)
            #expect(try await desk.page("calendars").text.contains("2027 年 预计"))
            for (off, work, field) in [
                ("2027-02-05", "2027-02-05", "work"), ("2025-02-05", "", "off"), ("2027-02-05", "2027-02-22", "work"),
                ("二月五日", "", "off"), ("", "2027-02-20", "off"),
            ] {
                let answer = try await desk.save("calendars/2027", ["off": off, "work": work])
                #expect(answer.status == 422, "\(off) \(work)")
                #expect(HTMLReader(answer.text).all("a", ["href": "#\(field)"]).count == 1, "\(off) \(work)")
            }
            let days = ["off": "2027-01-01\n2027-02-05 至 2027-02-11", "work": "2027-02-20"]
            #expect(try await desk.save("calendars/2027", days).status == 303)
            #expect(try await desk.page("calendars").text.contains("2027 年 预计") == false)
            let after = try await office.house.directory.calendar(of: area)
            #expect(after.version == before.version + 1)
            let monday = try #require(CivilDate("2027-02-08"))
            #expect(before.isWorkingDay(monday) && before.isProvisional(monday))
            #expect(!after.isWorkingDay(monday) && !after.isProvisional(monday))
            // A department's phone is no matter of the calendar.
            #expect(try await desk.save("departments/health", ["phone": "028-11111111"]).status == 303)
            #expect(try await office.house.directory.calendar(of: area).version == after.version)
            #expect(try await desk.save("calendars/2027", ["off": "", "work": ""]).status == 303)
            #expect(try await office.house.directory.calendar(of: area).isProvisional(monday))
        }
    }

    @Test("A pack loaded again reports what it would have overwritten, and overwrites nothing", arguments: Backend.all)
    func loadedAgain(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let area = try #require(AreaCode(Office.area))
            let desk = try await Desk(office)
            #expect(try await desk.save("areas/edit", ["complaintPhone": "028-87705111"]).status == 303)
            #expect(try await desk.save("departments/health", ["name": "金牛区卫生健康局"]).status == 303)
            let stale = try await desk.form("areas/edit")
            let packs = try copyOfPacks { text in text.replacing("complaint: \"12388\"", with: "complaint: \"12389\"") }
            defer { try? FileManager.default.removeItem(at: packs) }
            let report = try await office.house.loadPacks(packs.path, areas: [area]) { _ in }
            #expect(
                report.conflicts.map(\.description) == [
                    "area complaintPhone: kept \"028-87705111\", the pack says \"12389\""
                ])
            let profile = try await office.house.directory.profile(of: area)
            #expect(profile.complaintPhone == "028-87705111")
            #expect(profile.department("health")?.name.zh == "金牛区卫生健康局")
            #expect(try await desk.page("areas").text.contains("与资料包冲突"))
            #expect(try await desk.send(stale, [:]).status == 409)
            #expect(try await desk.page("areas/edit").text.contains("12389"))
            #expect(try await desk.save("areas/edit", [:]).status == 303)
            #expect(try await desk.page("areas").text.contains("与资料包冲突") == false)
            #expect(try await office.house.loadPacks(packs.path, areas: [area]) { _ in }.conflicts.isEmpty)
        }
    }

    /// The repository's packs with the area's changed.
    private func copyOfPacks(_ change: (String) -> String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("packs-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Office.root.appendingPathComponent("Packs"), to: folder)
        let file = folder.appendingPathComponent("510106-jinniu/pack.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let changed = change(text)
        try #require(changed != text)
        try changed.write(to: file, atomically: true, encoding: .utf8)
        return folder
    }

    @Test("Nothing in the journal of edits is changed or taken away", arguments: Backend.all)
    func appendOnly(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let desk = try await Desk(office)
            #expect(try await desk.save("areas/edit", ["advicePhone": "96166"]).status == 303)
            let area = try #require(AreaCode(Office.area))
            for statement in [
                "UPDATE directory_edit SET actor = 'staff:x' WHERE area = \(area)",
                "DELETE FROM directory_edit WHERE area = \(area)",
            ] as [SQL] {
                await #expect(throws: StorageError.self) {
                    try await office.house.database.write { tx in try tx.execute(statement) }
                }
            }
            let edits = try await office.house.directory.edits(of: .areas, area: area, before: nil, limit: 9)
            #expect(edits.map(\.version) == [1])
            #expect(edits[0].change.previous == ["advicePhone": "12345"])
        }
    }

    @Test("Two administrators at once: one saves, the other is told", arguments: Backend.all)
    func atOnce(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let (first, second) = (try await Desk(office), try await Desk(office))
            let (mine, yours) = (try await first.form("areas/edit"), try await second.form("areas/edit"))
            let one = Task { try await first.send(mine, ["advicePhone": "96166"]).status }
            let other = Task { try await second.send(yours, ["advicePhone": "96188"]).status }
            let answers = [try await one.value, try await other.value].sorted()
            #expect(answers == [303, 409])
        }
    }

    @Test("Only an administrator of places sees the pages", arguments: Backend.all)
    func rights(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let clerk = try await Desk(office, login: "demo.clerk")
            for page in ["areas", "departments", "halls", "calendars", "calendars/2027"] {
                let status = try await clerk.client.get(Desk.root + page).status
                #expect(status == 404, "\(page): \(status)")
            }
        }
    }
}
