import Composition
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing
import Web

/// What another site, a mail or a crooked link makes a signed-in browser send; every route that takes it is tried.
@Suite("Forged requests")
struct ForgeryTests {
    @Test(
        "Every command refuses a form without token, with another session's, or with an old one, and changes nothing",
        arguments: [Backend.sqlite])
    func tokens(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            let cast = try await Cast(office, road)
            let things = try await Maker(office: office, road: road, cast: cast).all()
            let lines = Dictionary(uniqueKeysWithValues: try RouteTable.lines().map { ($0.name, $0) })
            let before = try await office.inventory()
            var tried = 0
            for entry in try office.house.served() where entry.method != .get {
                let line = try #require(lines["\(entry.method.rawValue) \(entry.pattern)"])
                // An API call that no cookie authenticates cannot be forged: it has to know a secret.
                guard entry.pattern != "/api/v1/token" else { continue }
                let mayCome = line.admits.subtracting([.nobody, .system, .foreign, .away])
                let caller = try #require(mayCome.min { $0.rawValue < $1.rawValue }, "\(line.name)")
                let foreign = try await cast.token(
                    caller == .owner ? .other : .owner, atDesk: false, area: Office.area)
                for forged in ["", foreign, String(foreign.reversed()), String(repeating: "A", count: 86)] {
                    let attempt = Attempt(cast: cast, entry: entry, caller: caller, forged: forged)
                    let answer = try await attempt.send(to: things.address(entry.pattern), ticket: things.ticket)
                    let isShut = [404, 422].contains(answer.status)
                    #expect(isShut, "\(caller) \(line.name): \(answer.status)")
                    tried += 1
                }
            }
            #expect(tried > 300)
            #expect(try await office.changes(since: before) == [:])
            // Whoever is signed in stays so: nobody is signed out by a forged form either.
            #expect(try await cast.client(.owner).get("/\(Office.area)/my/cases").status == 200)
            #expect(try await cast.client(.clerk).get("/\(Office.area)/desk/tasks").status == 200)
        }
    }

    @Test("What another site sends is not found, token or not", arguments: [Backend.sqlite])
    func otherSites(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let page = "/\(Office.area)/my/messages/read"
            let token = try await owner.token(of: "/\(Office.area)/my/account")
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            let places: [HTTPFields] = [
                [site: "cross-site"], [site: "same-site"], [.origin: "https://evil.example"], [.origin: "null"],
                [.origin: "http://127.0.0.1:8080.evil.example"],
            ]
            for headers in places {
                #expect(try await owner.post(page, ["csrf": token], headers: headers).status == 404, "\(headers)")
            }
            let own: HTTPFields = [.origin: "http://127.0.0.1:8080"]
            #expect(try await owner.post(page, ["csrf": token], headers: own).status == 303)
        }
    }

    @Test(
        "No parameter of any address or form leads to another site, or puts a line into a header",
        arguments: [Backend.sqlite])
    func redirects(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            let cast = try await Cast(office, road)
            let things = try await Maker(office: office, road: road, cast: cast).all()
            let lines = Dictionary(uniqueKeysWithValues: try RouteTable.lines().map { ($0.name, $0) })
            var followed = 0
            for entry in try office.house.served() {
                let line = try #require(lines["\(entry.method.rawValue) \(entry.pattern)"])
                let mayCome = line.admits.subtracting([.system, .foreign, .away])
                guard let caller = mayCome.min(by: { $0.rawValue < $1.rawValue }) else { continue }
                for evil in Self.evil {
                    let value = encodeSegment(evil)
                    let query = Self.parameters.map { "\($0)=\(value)" }.joined(separator: "&")
                    let address = things.address(entry.pattern) + "?" + query
                    let answer: Client.Answer
                    if entry.method == .get {
                        answer = try await cast.client(caller).get(address)
                    } else {
                        guard !Self.ending.contains(entry.pattern) else { continue }
                        let fields = Dictionary(uniqueKeysWithValues: Self.parameters.map { ($0, evil) })
                        var attempt = Attempt(cast: cast, entry: entry, caller: caller)
                        attempt.more = fields
                        answer = try await attempt.send(to: address, ticket: things.ticket)
                    }
                    let name = "\(caller) \(line.name) \(evil.debugDescription)"
                    #expect(answer.status < 500, "\(name): \(answer.status)")
                    if let location = answer.location {
                        followed += 1
                        #expect(isLocalPath(location), "\(name) leads to \(location)")
                    }
                    for field in answer.headers {
                        #expect(!field.value.contains { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }, "\(name): \(field)")
                        #expect(!field.name.rawName.lowercased().hasPrefix("x-evil"), "\(name): \(field)")
                    }
                    let cookies = answer.headers[values: .setCookie]
                    #expect(!cookies.contains { $0.hasPrefix("evil") }, "\(name): \(cookies)")
                }
            }
            #expect(followed > 20)
        }
    }

    @Test("A target kept in a cookie that this house did not sign leads home", arguments: [Backend.sqlite])
    func target(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            for value in ["//evil.example", "https://evil.example/", "L2V2aWwuZXhhbXBsZQ.AAAA", ""] {
                let owner = Client(office)
                owner.plant("__Host-tongban-target", value)
                let answer = try await owner.signInResident("13800000001")
                #expect(answer.status == 303 && answer.location == "/\(Office.area)/", "\(answer.location ?? "")")
            }
        }
    }

    private static let evil = [
        "//evil.example/", "https://evil.example/", "/\\evil.example", "/x\r\nSet-Cookie: evil=1\r\nX-Evil: 1",
        "javascript:alert(1)",
    ]

    /// Names under which programs of this kind take an address, and all that this one reads.
    private static let parameters = [
        "back", "next", "return", "returnTo", "return_to", "from", "to", "url", "target", "redirect", "continue",
        "after",
        "before", "view", "state", "code", "list", "q", "number", "kind", "filename", "name",
    ]

    /// Forms that would end the session they are tried in, or the object that the others need.
    private static let ending: Set<String> = [
        "/:area/sign-out", "/:area/desk/sign-out", "/:area/sign-in", "/:area/desk/sign-in",
    ]
}
