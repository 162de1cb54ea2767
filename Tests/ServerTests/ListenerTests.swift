import Composition
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import TestKit
import Testing
import Web

/// The desk on a listener of its own (`--desk-port`): reachable from the government's network only.
@Suite("Two listeners")
struct ListenerTests {
    @Test("The portal's listener has no desk, no administration and no staff", arguments: Backend.all)
    func portal(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let portal = try office.house.router(desk: false).buildResponder()
            let clerk = Client(office)
            _ = try await clerk.signInStaff("demo.admin")
            let outside = clerk.moved(to: portal)
            let nothing = try await outside.get("/\(Office.area)/desk/nothing")
            #expect(nothing.status == 404)
            var hidden = 0
            for entry in office.house.routes.entries where entry.isOfDesk {
                hidden += 1
                let path = entry.pattern.split(separator: "/", omittingEmptySubsequences: false).map { part in
                    part == ":area" ? Office.area : part.hasPrefix(":") ? "1" : String(part)
                }.joined(separator: "/")
                let answer = try await outside.send(entry.method, path, [], [:])
                #expect(answer.status == 404, "\(entry.method.rawValue) \(path): \(answer.status)")
            }
            #expect(hidden > 40)
            // Nor does a page say that the cookie would open one there.
            #expect(!nothing.text.contains("/desk/tasks") && !nothing.text.contains("rail"))
            for page in ["/\(Office.area)/", "/\(Office.area)/sign-in", "/api/v1/openapi.json", "/healthz"] {
                #expect(try await outside.get(page).status == 200, "\(page)")
            }
        }
    }

    @Test("The desk's listener has everything", arguments: Backend.all)
    func desk(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let clerk = Client(office, at: try office.house.router(desk: true).buildResponder())
            #expect(try await clerk.signInStaff("demo.clerk").status == 303)
            #expect(try await clerk.get("/\(Office.area)/desk/tasks").status == 200)
            #expect(try await clerk.get("/\(Office.area)/").status == 200)
        }
    }
}

/// Where the reader is, in the desk's rail.
@Suite("The desk's rail")
struct RailTests {
    @Test("A page of the desk marks its place in the rail, and one only", arguments: Backend.all)
    func current(_ backend: Backend) async throws {
        let places: [(login: String, page: String, link: String)] = [
            ("demo.clerk", "tasks", "tasks"), ("demo.clerk", "absence", "absence"), ("demo.clerk", "search", "search"),
            ("demo.supervisor", "board", "board"), ("demo.supervisor", "ratings", "board"),
            ("demo.admin", "admin/items", "admin/items"), ("demo.admin", "admin/import", "admin/items"),
            ("demo.admin", "admin/areas", "admin/areas"), ("demo.admin", "admin/departments", "admin/areas"),
            ("demo.admin", "admin/departments/new", "admin/areas"), ("demo.admin", "admin/halls", "admin/areas"),
            ("demo.admin", "admin/calendars", "admin/areas"), ("demo.admin", "admin/staff/new", "admin/staff"),
        ]
        try await Office.open(backend) { office in
            var clients: [String: Client] = [:]
            for place in places {
                if clients[place.login] == nil {
                    let client = Client(office)
                    _ = try await client.signInStaff(place.login)
                    clients[place.login] = client
                }
                let client = try #require(clients[place.login])
                let answer = try await client.get("/\(Office.area)/desk/\(place.page)")
                #expect(answer.status == 200, "\(place.page)")
                let links = HTMLReader(answer.text).all("a", ["class": "rail-link"])
                let current = links.filter { $0["aria-current"] == "page" }.compactMap { $0["href"] }
                #expect(current == ["/\(Office.area)/desk/\(place.link)"], "\(place.page)")
            }
        }
    }
}
