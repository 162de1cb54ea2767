import Cases
import Catalogue
import Composition
import Foundation
import HTTPTypes
import Kernel
import Packages
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Identity

/// Any window takes any item: an officer types for the one who sits before him, and for nothing else.
@Suite("At the counter")
struct CounterTests {
    private static let root = "/\(Office.area)"

    /// A clerk's browser that has begun to serve somebody.
    private func serving(
        _ office: Office, as login: String = "demo.clerk", phone: String = "13800000001", in area: String = Office.area
    ) async throws -> Client {
        let clerk = Client(office)
        #expect(try await clerk.signInStaff(login, in: area).status == 303)
        let counter = "/\(area)/desk/counter"
        let found = try await clerk.post(counter, ["action": "find", "q": phone], from: counter)
        let person = try #require(found.location)
        let begun = try await clerk.post(person, ["seen": "yes"], from: person)
        #expect(begun.status == 303 && begun.location == counter + "/now")
        return clerk
    }

    @Test(
        "An officer fills in for the one before him; it is the resident's case, and the officer's act",
        arguments: Backend.all)
    func whole(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let clerk = try await serving(office)
            let guide = Self.root + "/items/\(road.slug)"
            #expect(try await clerk.get(guide).text.contains("窗口代填"))
            let begun = try await clerk.post(guide + "/apply", [:], from: guide)
            let section = try #require(begun.location)
            #expect(section.contains("/my/drafts/"))
            let filled = try await clerk.post(
                section, ["form.applicant": "演示居民甲", "form.phone": "13800000001", "form.matter": "申请办理演示事项"],
                from: section)
            #expect(filled.status == 303, "\(filled.text)")
            let check = section.replacingOccurrences(of: GenericForm.sectionID, with: "check")
            let sent = try await clerk.post(check, ["truth": "yes"], from: check)
            let number = try #require(sent.location?.split(separator: "/").dropLast().last.map(String.init))
            #expect(try await clerk.get(sent.location ?? "").status == 200)
            let opened = try await road.cases.open(number: number, area: road.area)
            #expect(opened.state.owner == road.resident.account)
            #expect(opened.state.channel == .window)
            let journal = try await office.house.database.read { tx in
                try tx.values(
                    "SELECT actor FROM journal WHERE area = \(road.area) AND stream = \(opened.id) ORDER BY seq",
                    as: String.self)
            }
            let actor = try JSONDecoder().decode(Actor.self, from: Data(try #require(journal.first).utf8))
            #expect(actor.kind == .staff && actor.id == road.clerk.id && actor.onBehalfOf == road.resident.account)
            // The resident finds it where his own are, and a second one of the same kind is pointed out.
            let resident = Client(office)
            _ = try await resident.signInResident("13800000001")
            #expect(try await resident.get(Self.root + "/my/cases").text.contains(CaseNumber.grouped(number)))
            let now = try await clerk.get(Self.root + "/desk/counter/now").text
            #expect(now.contains(CaseNumber.grouped(number)) && now.contains("在办"))
            let again = try await clerk.post(guide + "/apply", [:], from: guide)
            #expect(try await clerk.get(again.location ?? "").text.contains("同一事项已有一件在办"))
        }
    }

    @Test("A window applies for a package for the one before it, and hands him the receipt", arguments: Backend.all)
    func package(_ backend: Backend) async throws {
        try await Office.open(backend, areas: ["420607"]) { office in
            let root = "/420607"
            let clerk = try await serving(office, in: "420607")
            let guide = root + "/items/social-card"
            let begun = try #require(try await clerk.post(guide + "/apply", [:], from: guide).location)
            #expect(begun.hasSuffix("/check"))
            let sent = try await clerk.post(begun, ["truth": "yes"], from: begun)
            let submitted = try #require(sent.location)
            let done = try #require(try await clerk.get(submitted).location)
            let path = try #require(done.split(separator: "?").first.map(String.init))
            let number = try #require(path.split(separator: "/").last.map(String.init))
            let page = try await clerk.get(done).text
            #expect(page.contains("窗口代填") && page.contains(path + "/receipt"))
            #expect(try await clerk.get(path + "/receipt").body.starts(with: "%PDF-".utf8))
            let area = try #require(AreaCode("420607"))
            let resident = try await office.residentViewer("13800000001", in: "420607")
            let state = try await office.house.packages.openOwn(number, area: area, resident).state
            #expect(state.channel == .window && state.owner == resident.account)
            let now = try await clerk.get(root + "/desk/counter/now").text
            #expect(now.contains(CaseNumber.grouped(number)) && now.contains("在办"))
            let screen = try #require(
                HTMLReader(now).all("a").compactMap { $0["href"] }.first { $0.contains("/counter-screen/") })
            #expect(try await Client(office).get(screen).text.contains(CaseNumber.grouped(number)))
            // A second one of the same kind is pointed out.
            let again = try #require(try await clerk.post(guide + "/apply", [:], from: guide).location)
            #expect(try await clerk.get(again).text.contains("同一事项已有一件在办"))
        }
    }

    @Test("Nothing but applications of this one is open to the officer", arguments: Backend.all)
    func narrow(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let other = try await office.residentViewer("13800000002")
            let draft = try await road.cases.startDraft(
                road.slug, answers: [:], other, area: road.area, language: .zh, at: road.now
            ).row.id
            let clerk = try await serving(office)
            var tried = 0
            for entry in try office.house.served() where entry.access == .resident && !entry.isAPI {
                let path = entry.pattern.split(separator: "/").map { part in
                    part == ":area"
                        ? Office.area : part.hasPrefix(":") ? "00000000-0000-7000-8000-000000000000" : "\(part)"
                }.joined(separator: "/")
                let answer =
                    entry.method == .get
                    ? try await clerk.get("/" + path)
                    : try await clerk.send(entry.method, "/" + path, [], [:])
                #expect(answer.status == 404, "\(entry.method) \(entry.pattern)")
                tried += 1
            }
            #expect(tried > 10)
            // Another's draft is none, as for the resident himself.
            #expect(try await clerk.get(Self.root + "/my/drafts/\(draft)").status == 404)
        }
    }

    @Test("It ends with the button, with the next one, and with the officer's own sign-in", arguments: Backend.all)
    func ends(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let apply = Self.root + "/items/\(road.slug)/apply"
            let now = Self.root + "/desk/counter/now"
            let clerk = try await serving(office)
            let sitting = try #require(clerk.cookies["__Host-tongban-counter"])
            let isServed = { (client: Client) in try await client.get(apply).location?.hasPrefix(Self.root + "/items/")
            }
            #expect(try await isServed(clerk) == true)
            // Another officer with the cookie serves nobody.
            let thief = Client(office)
            _ = try await thief.signInStaff("demo.clerk2")
            thief.plant("__Host-tongban-counter", sitting)
            #expect(try await thief.get(apply).location == Self.root + "/desk/counter")
            // Nor does somebody who has the cookie of the sitting alone.
            let stranger = Client(office)
            stranger.plant("__Host-tongban-counter", sitting)
            #expect(try await stranger.get(Self.root + "/my/cases").location == Self.root + "/desk/counter")
            #expect(try await clerk.post(now, [:], from: now).status == 303)
            clerk.plant("__Host-tongban-counter", sitting)
            #expect(try await clerk.get(apply).location == Self.root + "/desk/counter")
            // The next one who sits down ends the one before.
            let second = try await serving(office)
            let first = try #require(second.cookies["__Host-tongban-counter"])
            let third = try await serving(office, phone: "13800000002")
            #expect(try await isServed(third) == true)
            second.plant("__Host-tongban-counter", first)
            #expect(try await isServed(second) != true)
            // Two hours later it has ended by itself.
            office.time.advance(seconds: 2 * 3600 + 1)
            #expect(try await isServed(third) != true)
        }
    }

    @Test("Who comes for the first time is registered from his card, once", arguments: Backend.all)
    func registers(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.clerk")
            let counter = Self.root + "/desk/counter"
            let body = "51010619880808001"
            let digits = body.compactMap(\.wholeNumberValue)
            let sum = zip(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]).reduce(0) { $0 + $1.0 * $1.1 }
            let number = body + String(Array("10X98765432")[sum % 11])
            var person = [
                "action": "register", "name": "演示居民新", "idNumber": number, "phone": "13800008888", "seen": "yes",
            ]
            #expect(try await clerk.post(counter, person, from: counter).status == 422)
            person["consent"] = "yes"
            let opened = try await clerk.post(counter, person, from: counter)
            #expect(opened.status == 303)
            let page = try #require(opened.location)
            #expect(try await clerk.post(page, [:], from: page).status == 422)
            #expect(try await clerk.post(page, ["seen": "yes"], from: page).location == counter + "/now")
            // The same card again finds the same account; the same phone with another card is another's.
            let again = try await clerk.post(counter, person, from: counter + "/now")
            #expect(again.location == page)
            person["idNumber"] = "110101199003070134"
            #expect(try await clerk.post(counter, person, from: counter + "/now").status == 422)
            let log = try await office.house.database.read { tx in
                try tx.values(
                    "SELECT kind FROM security_event WHERE area = \(Office.area) AND kind LIKE 'counter.%'",
                    as: String.self)
            }
            #expect(log == ["counter.begun"])
        }
    }

    @Test("A branch's agent serves, and sees no desk", arguments: Backend.all)
    func branch(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let area = try #require(AreaCode(Office.area))
            let id = try await office.house.identity.createStaff(
                area, login: "demo.branch", name: "演示网点", password: House.demoPassword, mustChange: false)
            try await office.house.identity.grant(area, staff: id, role: .agent)
            let agent = try await serving(office, as: "demo.branch")
            #expect(try await agent.get(Self.root + "/desk/counter/now").status == 200)
            for page in ["tasks", "search", "identities", "board", "exports"] {
                #expect(try await agent.get(Self.root + "/desk/" + page).status == 404, "\(page)")
            }
        }
    }

    @Test("The applicant reads along on his screen, and nobody without its code does", arguments: Backend.all)
    func screen(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let clerk = try await serving(office)
            let now = HTMLReader(try await clerk.get(Self.root + "/desk/counter/now").text)
            let screen = try #require(now.all("a").compactMap { $0["href"] }.first { $0.contains("/counter-screen/") })
            let display = Client(office)
            let first = try await display.get(screen)
            #expect(first.headers[try #require(HTTPField.Name("Refresh"))] == "5")
            #expect(first.text.contains("演*") && first.text.contains("正在为您选择事项"))
            let draft = try await road.draft()
            let shown = try await display.get(screen).text
            #expect(shown.contains("示范事项") && shown.contains("申请办理"))
            #expect(!shown.contains("13800000001"))
            let number = try await road.cases.submit(
                draft, road.resident, road.occasion(road.resident), language: .zh
            ).number
            #expect(try await display.get(screen).text.contains(CaseNumber.grouped(number)))
            let code = try #require(screen.split(separator: "/").last)
            let wrong = screen.dropLast(code.count) + String(code.reversed())
            #expect(!(try await display.get(String(wrong)).text.contains("演*")))
            #expect(
                try await clerk.post(Self.root + "/desk/counter/now", [:], from: Self.root + "/desk/counter/now").status
                    == 303)
            #expect(!(try await display.get(screen).text.contains("演*")))
        }
    }
}
