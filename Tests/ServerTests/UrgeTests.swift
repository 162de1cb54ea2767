import Cases
import Composition
import Identity
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

/// What officers are told besides their tasks, and what they handed on.
@Suite("Urging and handing on")
struct UrgeTests {
    @Test(
        "Who has the task is told that it is urged; where nobody has it, everybody who may take it",
        arguments: Backend.all)
    func urged(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let client = Client(office)
            #expect(try await client.signInStaff("demo.supervisor").status == 303)
            let supervisor = try #require(try await office.staff(client).staff)
            let number = try await road.submit()
            try await road.cases.addNote(number, "今天办理", urges: true, supervisor, road.occasion(supervisor))
            #expect(try await unread(road.clerk, office) == 1)
            #expect(try await unread(road.clerk2, office) == 1)
            #expect(try await unread(road.reviewer, office) == 0)
            #expect(try await unread(supervisor, office) == 0)

            try await road.cases.claim(number, road.clerk, road.occasion(road.clerk))
            let key = ID<CaseState>(at: road.now).description
            for _ in 0..<2 {
                try await road.cases.addNote(
                    number, "今天办理", key: key, urges: true, supervisor, road.occasion(supervisor))
            }
            #expect(try await unread(road.clerk, office) == 2, "one click more, one message more")
            #expect(try await unread(road.clerk2, office) == 1)
            // A plain note among officers tells nobody.
            try await road.cases.addNote(number, "已电话联系", road.clerk2, road.occasion(road.clerk2))
            #expect(try await unread(road.clerk, office) == 2)
        }
    }

    @Test("The bar counts the message, and opening it leads to the case", arguments: Backend.all)
    func bar(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let client = Client(office)
            #expect(try await client.signInStaff("demo.clerk").status == 303)
            let root = "/\(Office.area)/desk/"
            func counted() async throws -> String? {
                HTMLReader(try await client.get(root + "tasks").text).all("a", ["href": root + "messages"]).first?.text
            }
            #expect(try await counted() == "消息")
            let supervisor = Client(office)
            #expect(try await supervisor.signInStaff("demo.supervisor").status == 303)
            let number = try await road.submit()
            let rows = root + "board/rows?number=\(number)"
            let answer = try await supervisor.post(
                root + "board/urge", ["number": number, "text": "今天办理", "number-only": number], from: rows)
            #expect(answer.status == 303)
            #expect(try await counted() == "消息 1")
            let page = HTMLReader(try await client.get(root + "messages").text)
            let link = try #require(page.all("a").first { $0.text.hasPrefix("督办") }?["href"])
            #expect(try await client.get(link).location == root + "cases/\(number)")
            #expect(try await counted() == "消息")
        }
    }

    @Test("A task handed on stays in the list of those handed on, with who has it", arguments: Backend.all)
    func handedOn(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            try await road.cases.claim(number, road.clerk, road.occasion(road.clerk))
            try await road.cases.assign(number, to: road.clerk2.id, road.clerk, road.occasion(road.clerk))
            let client = Client(office)
            #expect(try await client.signInStaff("demo.clerk").status == 303)
            let path = "/\(Office.area)/desk/tasks?view=handed"
            let page = HTMLReader(try await client.get(path).text)
            #expect(page.all("a", ["class": "view", "aria-current": "page"]).first?.text == "已转出 1")
            #expect(page.first("tbody")?.text.contains("演示窗口二") == true)
            // Done, it is gone from there.
            try await road.cases.accept(number, road.clerk2, road.occasion(road.clerk2))
            let after = HTMLReader(try await client.get(path).text)
            #expect(after.all("a", ["class": "view", "aria-current": "page"]).first?.text == "已转出 0")
        }
    }

    private func unread(_ person: StaffViewer, _ office: Office) async throws -> Int {
        let (id, area) = (person.id, person.area)
        return try await office.house.database.read { tx in
            try tx.value(
                "SELECT COUNT(*) FROM message WHERE area = \(area) AND account = \(id) AND read_at IS NULL",
                as: Int.self)
                ?? 0
        }
    }
}
