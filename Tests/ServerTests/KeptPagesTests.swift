import Composition
import Foundation
import HTTPTypes
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite("Pages that are kept for whoever comes next")
struct KeptPagesTests {
    private static let guide = "/\(Office.area)/items/food-business-licence"

    @Test("A guide is written once; each reader's forms carry a token of his own that works", arguments: Backend.all)
    func tokens(_ backend: Backend) async throws {
        let tape = Tape()
        try await Office.open(backend, tape: tape) { office in
            let (one, other) = (Client(office), Client(office))
            let first = try await one.get(Self.guide)
            let before = tape.units.count
            let second = try await other.get(Self.guide)
            // Only whether the catalogue is still the same.
            #expect(tape.units.count == before + 1)
            #expect(first.status == 200 && second.status == 200)
            func tokens(_ answer: Client.Answer) -> Set<String> {
                Set(HTMLReader(answer.text).all("input").filter { $0["name"] == "csrf" }.compactMap { $0["value"] })
            }
            #expect(tokens(first).count == 1 && tokens(second).count == 1)
            #expect(tokens(first) != tokens(second))
            #expect(!first.text.contains("mark-") && !second.text.contains("mark-"))
            // But for the token they are the same to the byte.
            let (mine, yours) = (try #require(tokens(first).first), try #require(tokens(second).first))
            #expect(first.text.replacingOccurrences(of: mine, with: yours) == second.text)
            // A token is good for the browser it was given to, and for no other.
            #expect(try await other.post("/preferences", ["csrf": yours, "elder": "1"]).status == 303)
            #expect(try await one.post("/preferences", ["csrf": yours, "elder": "1"]).status == 422)
        }
    }

    @Test(
        "The page of one who is signed in, or who was told something, is never shown to another", arguments: Backend.all
    )
    func ownPages(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let home = "/\(Office.area)/"
            let resident = Client(office)
            _ = try await resident.signInResident("13800000001")
            let own = try await resident.get(home).text
            #expect(own.contains("/sign-out"))
            let other = Client(office)
            #expect(!(try await other.get(home).text.contains("/sign-out")))
            #expect(try await resident.get(home).text.contains("/sign-out"))
            // Another language and the elder-friendly version are other pages.
            let english = HTTPFields([HTTPField(name: .acceptLanguage, value: "en")])
            #expect(try await other.get(home, headers: english).text.contains("lang=\"en\""))
            #expect(try await other.get(home).text.contains("lang=\"zh-Hans\""))
            let elder = Client(office)
            elder.plant("__Host-tongban-elder", "1")
            #expect(try await elder.get(home).text.contains("class=\"elder\""))
            #expect(!(try await other.get(home).text.contains("class=\"elder\"")))
        }
    }

    @Test("What an administrator changes is seen by the next reader", arguments: Backend.all)
    func changed(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let reader = Client(office)
            #expect(!(try await reader.get("/\(Office.area)/").text.contains("028-87705000")))
            let desk = Client(office)
            _ = try await desk.signInStaff("demo.admin")
            let page = "/\(Office.area)/desk/admin/areas/edit"
            let form = try #require(HTMLReader(try await desk.get(page).text).form(action: page))
            let body = form.body(["advicePhone": "028-8770 5000", "action": "save"])
            let saved = try await desk.send(
                .post, page, Array(body.utf8), [.contentType: "application/x-www-form-urlencoded"])
            #expect(saved.status == 303)
            #expect(try await reader.get("/\(Office.area)/").text.contains("028-87705000"))
            // A list of items that is loaded is in the next search.
            let search = "/\(Office.area)/search?q=" + encodeSegment("示范独有事项")
            #expect(!(try await reader.get(search).text.contains("示范独有事项第一号")))
            let list = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
            defer { try? FileManager.default.removeItem(at: list) }
            try "department,name,item_code,item_type\n示范部门,示范独有事项第一号,,1\n".write(
                to: list, atomically: true, encoding: .utf8)
            let area = try #require(AreaCode(Office.area))
            try await office.house.importList(list.path, area: area, name: nil) { _ in }
            #expect(try await reader.get(search).text.contains("示范独有事项第一号"))
        }
    }

    @Test("A refused address is not kept, and says so every time")
    func refused() async throws {
        try await Office.open(.sqlite) { office in
            let reader = Client(office)
            for _ in 0..<2 {
                let answer = try await reader.get("/\(Office.area)/items/no-such-item")
                #expect(answer.status == 404 && !answer.text.contains("mark-"))
            }
        }
    }
}
