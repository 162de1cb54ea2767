import Cases
import Composition
import Foundation
import HTTPTypes
import Identity
import Kernel
import TestKit
import Testing
import Web

/// Every route, asked by everybody: the table of routes itself is the list, so none can be missing.
@Suite("Roles × routes")
struct PermissionMatrixTests {
    @Test("A route lets in those its access names, and nobody else", arguments: Backend.all)
    func matrix(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let entries = office.house.routes.entries
            #expect(entries.count > 60)
            for role in [
                "nobody", "resident", "demo.clerk", "demo.reviewer", "demo.approver", "demo.supervisor", "demo.admin",
                "demo.security", "demo.audit",
            ] {
                let client = Client(office)
                var viewer = Viewer.nobody
                if role == "resident" {
                    let answer = try await client.signInResident("13800000001")
                    #expect(answer.status == 303, "resident could not sign in: \(answer.status)")
                    viewer = try await office.resident(client)
                } else if role != "nobody" {
                    let answer = try await client.signInStaff(role)
                    #expect(answer.status == 303, "\(role) could not sign in: \(answer.status)")
                    viewer = try await office.staff(client)
                }
                // A first page has given the browser its cookie of forms.
                _ = try await client.get("/\(Office.area)/desk/nothing")
                // `me` is open to all doors and says itself who is signed in at which.
                for entry in entries where !entry.pattern.contains("sign-") && !entry.pattern.hasSuffix("/me") {
                    let atDesk = entry.pattern.hasPrefix("/:area/desk")
                    let seen = effective(viewer, entry, atDesk: atDesk)
                    let place = path(entry.pattern)
                    let answer = try await client.send(entry.method, place, [], [.accept: "application/json"])
                    let name = "\(role) \(entry.method.rawValue) \(entry.pattern)"
                    if entry.access.admits(seen) {
                        // A command without its token is refused as such (422), never as a matter of rights.
                        #expect(answer.status != 401, "\(name) asked to sign in")
                        #expect(answer.status < 500, "\(name): \(answer.status)")
                    } else if case .nobody = seen {
                        // Nobody is signed in at this door: that can be done, and is said.
                        let signIn = answer.status == 401 && answer.json?["code"].text == "signIn"
                        let token = answer.status == 422 && answer.json?["reason"].text == "web.fault.csrf"
                        #expect(signIn || token, "\(name): \(answer.status)")
                    } else {
                        try await expectNothing(at: place, entry, client, name)
                    }
                }
            }
        }
    }

    /// What somebody may not see answers as an address without a page does: as JSON and as a page, whatever is sent along, in all
    /// but the numbers of the request and the masks of the token.
    private func expectNothing(at place: String, _ entry: RouteEntry, _ client: Client, _ name: String) async throws {
        let stem = entry.isAPI ? "/api/v1/areas/\(Office.area)/" : "/\(Office.area)/desk/"
        #expect(place.hasPrefix(stem), "\(name) is looked for beside other addresses")
        let empty = stem + String(place.dropFirst(stem.count).map { $0 == "/" ? "/" : "x" })
        let form: HTTPFields = [.accept: "text/html", .contentType: "application/x-www-form-urlencoded"]
        let asked: [(body: [UInt8], headers: HTTPFields)] = [
            ([], [.accept: "application/json"]),
            entry.method == .get ? ([], [.accept: "text/html"]) : (Array("csrf=x&reason=y".utf8), form),
        ]
        for (body, headers) in asked {
            let hidden = try await client.send(entry.method, place, body, headers)
            let nothing = try await client.send(entry.method, empty, body, headers)
            #expect(hidden.status == 404 && nothing.status == 404, "\(name): \(hidden.status)")
            let isSame = neutral(hidden, place) == neutral(nothing, empty)
            #expect(isSame, "\(name) tells that it is there")
            #expect(hidden.body.count == nothing.body.count, "\(name) tells it by its length")
            let tells = Set(hidden.headers.map(\.name)).symmetricDifference(nothing.headers.map(\.name))
            #expect(tells.isEmpty, "\(name) tells it by \(tells)")
        }
    }

    /// A text without the request's number, its address and the tokens.
    private func neutral(_ answer: Client.Answer, _ place: String) -> String {
        answer.text
            .replacingOccurrences(of: encodeSegment(place), with: "PLACE").replacingOccurrences(
                of: place, with: "PLACE"
            )
            .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "ID")
            .replacing(/name="csrf" value="[^"]{86}"/, with: "TOKEN")
    }

    @Test("Another's draft, case and file answer like none, asked and commanded", arguments: Backend.all)
    func others(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let (number, draft) = (try await road.submit(), try await road.draft())
            let stranger = Client(office)
            _ = try await stranger.signInResident("13800000002")
            let token = try await stranger.token(of: "/\(Office.area)/my/account")
            let none = "00000000-0000-7000-8000-000000000000"
            let absent = String(number.dropLast(2)) + (number.hasSuffix("00") ? "11" : "00")
            let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
            let pairs = [
                ("/my/cases/\(number)", "/my/cases/\(absent)"),
                ("/my/cases/\(number)/withdraw", "/my/cases/\(absent)/withdraw"),
                ("/my/cases/\(number)/correction", "/my/cases/\(absent)/correction"),
                ("/my/cases/\(number)/rating", "/my/cases/\(absent)/rating"),
                ("/my/cases/\(number)/submitted", "/my/cases/\(absent)/submitted"),
                ("/my/drafts/\(draft)", "/my/drafts/\(none)"),
                ("/my/drafts/\(draft)/materials", "/my/drafts/\(none)/materials"),
                ("/my/drafts/\(draft)/check", "/my/drafts/\(none)/check"),
                ("/my/drafts/\(draft)/application", "/my/drafts/\(none)/application"),
            ]
            for (theirs, nobodys) in pairs {
                let (hidden, nothing) = ("/\(Office.area)" + theirs, "/\(Office.area)" + nobodys)
                for body in [[], Array("csrf=\(token)&reason=y&action=save".utf8)] {
                    let method: HTTPRequest.Method = body.isEmpty ? .get : .post
                    let headers = body.isEmpty ? [:] : form
                    let first = try await stranger.send(method, hidden, body, headers)
                    let second = try await stranger.send(method, nothing, body, headers)
                    #expect(
                        first.status == second.status && first.status >= 400, "\(method) \(theirs): \(first.status)")
                    let isSame = neutral(first, hidden) == neutral(second, nothing)
                    #expect(
                        isSame && first.body.count == second.body.count, "\(method) \(theirs) tells that it is there")
                }
            }
            #expect(try await road.stage(number) == .received)
        }
    }

    // MARK: Whose object it is

    @Test("Every route has a line in the table of who gets in, and every line a route")
    func exhaustive() async throws {
        try await Office.open(.sqlite) { office in
            let served = try office.house.served().map { "\($0.method.rawValue) \($0.pattern)" }
            let lines = try RouteTable.lines().map(\.name)
            #expect(Set(served).subtracting(lines).sorted() == [])
            #expect(Set(lines).subtracting(served).sorted() == [])
            #expect(lines.count == Set(lines).count, "a route has two lines")
        }
    }

    @Test("Everybody who is not named for a route finds nothing there, and changes nothing", arguments: Backend.all)
    func strangers(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let (cast, things, routes) = try await stage(office)
            let before = try await office.inventory()
            for (entry, line) in routes {
                let address = things.address(entry.pattern)
                let absent = things.address(entry.pattern, absent: true)
                for caller in Caller.allCases where !line.admits.contains(caller) && (entry.isAPI || !caller.isSystem) {
                    let attempt = Attempt(cast: cast, entry: entry, caller: caller)
                    let answer = try await attempt.send(to: address, ticket: things.ticket)
                    let name = "\(caller) \(line.name): \(answer.status)"
                    guard caller.isKnown(at: entry) else {
                        #expect(answer.asksToSignIn, "\(name), not asked to sign in")
                        continue
                    }
                    if !line.alike.contains(caller) { #expect(answer.status == 404, "\(name)") }
                    guard absent != address else { continue }
                    if answer.status == 303 { _ = try await cast.client(caller).get("/\(Office.area)/my/account") }
                    let nothing = try await attempt.send(to: absent, ticket: Things.nothing(like: things.ticket))
                    if answer.status == 303 { _ = try await cast.client(caller).get("/\(Office.area)/my/account") }
                    let isSame = answer.neutral(address) == nothing.neutral(absent)
                    #expect(isSame && nothing.status == answer.status, "\(name), unlike nothing: \(nothing.status)")
                    #expect(answer.headers.map(\.name) == nothing.headers.map(\.name), "\(name), other headers")
                }
            }
            #expect(try await office.changes(since: before) == [:])
        }
    }

    @Test("Everybody who is named for a route gets in, with real objects", arguments: Backend.all)
    func named(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            let maker = Maker(office: office, road: road, cast: try await Cast(office, road))
            let things = try await maker.all()
            let lines = Dictionary(uniqueKeysWithValues: try RouteTable.lines().map { ($0.name, $0) })
            for entry in try office.house.served() where !Self.doors.contains(entry.pattern) {
                let line = try #require(lines["\(entry.method.rawValue) \(entry.pattern)"])
                for caller in Caller.allCases where line.admits.contains(caller) && (entry.isAPI || !caller.isSystem) {
                    let fresh = try await maker.fresh(things, for: entry, caller)
                    let address = fresh.address(entry.pattern)
                    let answer = try await Attempt(cast: maker.cast, entry: entry, caller: caller)
                        .send(to: address, ticket: fresh.ticket)
                    let name = "\(caller) \(line.name): \(answer.status)"
                    #expect(!answer.isShut, "\(name) \(answer.location ?? "")")
                    // 422: a page whose words say why it has nothing to offer now.
                    if entry.method == .get { #expect(answer.status < 400 || answer.status == 422, "\(name)") }
                }
            }
        }
    }

    @Test(
        "What is another area's is not found under one's own, and another's part not under one's own whole",
        arguments: Backend.all)
    func elsewhere(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            let maker = Maker(office: office, road: road, cast: try await Cast(office, road))
            let things = try await maker.all()
            var theirs = things
            let strange = try await maker.own(by: .other)
            theirs.own.draft = strange.draft
            theirs.own.number = strange.number
            let before = try await office.inventory()
            for entry in try office.house.served() where !Self.accountWide.contains(entry.pattern) {
                let objects = entry.pattern.split(separator: "/").filter { Things.objects.contains($0) }
                guard !objects.isEmpty else { continue }
                let callers: [Caller] = entry.isOfDesk ? [.away] : [.owner, .other]
                for caller in callers {
                    let address = things.address(entry.pattern, area: Cast.elsewhere)
                    let answer = try await Attempt(cast: maker.cast, entry: entry, caller: caller)
                        .send(to: address, ticket: things.ticket, area: Cast.elsewhere)
                    let name = "\(caller) \(entry.method.rawValue) \(address): \(answer.status)"
                    #expect(answer.status == 404 || Self.sayTheSame.contains(entry.pattern), "\(name)")
                }
                // A whole of one's own, and a part that is somebody else's: the owner's file under the other's case.
                guard objects.count > 1, !entry.isOfDesk, !entry.pattern.contains("/correction") else { continue }
                let mixed = theirs.address(entry.pattern)
                let answer = try await Attempt(cast: maker.cast, entry: entry, caller: .other).send(to: mixed)
                let isRemoval = entry.method == .delete || mixed.hasSuffix("/remove")
                #expect(answer.status == 404 || isRemoval, "mixed \(entry.method.rawValue) \(mixed): \(answer.status)")
            }
            #expect(try await office.changes(since: before) == [:])
        }
    }

    @Test("An administrator gives a system rights in his own area only", arguments: Backend.all)
    func system(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let admin = Client(office)
            _ = try await admin.signInStaff("demo.admin")
            let page = "/\(Office.area)/desk/admin/clients"
            let fields = ["name": "某局业务系统", "scopes": "cases.view", "addresses": "10.0.0.8"]
            let before = try await office.inventory()
            for area in [Cast.elsewhere, "999999", "@00"] {
                let answer = try await admin.post(page, fields.merging(["areas": area]) { $1 }, from: page + "/new")
                #expect(answer.status == 422, "\(area): \(answer.status)")
            }
            #expect(try await office.changes(since: before) == [:])
            #expect(!(try await admin.get(page + "/new").text.contains("value=\"\(Cast.elsewhere)\"")))
            let own = try await admin.post(page, fields.merging(["areas": Office.area]) { $1 }, from: page + "/new")
            #expect(own.status == 303)
        }
    }

    @Test("What a form names is no more one's own than what an address names", arguments: Backend.all)
    func inForms(_ backend: Backend) async throws {
        try await Office.open(backend, areas: [Office.area, Cast.elsewhere]) { office in
            let road = try await Road(office)
            let cast = try await Cast(office, road)
            let things = try await Maker(office: office, road: road, cast: cast).all()
            let session = try #require(try await office.resident(try cast.client(.owner)).resident?.session)
            let deskSession = try #require(try await office.staff(try cast.client(.clerk)).staff?.session)
            let owner = try #require(try await office.resident(try cast.client(.owner)).resident?.account)
            let number = things.own.number
            let before = try await office.inventory()
            let forms: [(Caller, String, [String: String])] = [
                (.other, "/my/account/devices", ["id": session]), (.agent, "/my/account/devices", ["id": session]),
                (.other, "/my/acting-for", ["action": "switch", "subject": owner]),
                (.other, "/my/acting-for", ["action": "remove", "subject": owner]),
                (.agent, "/my/acting-for", ["action": "revoke", "account": owner]),
                (.reviewer, "/desk/account", ["action": "end", "id": deskSession]),
                (.neighbour, "/desk/tasks/claim", ["number": number]),
                (.neighbour, "/desk/tasks/assign", ["number": number, "person": road.clerk2.id]),
                (.neighbour, "/desk/tasks/documents", ["number": number]),
                (.neighbour, "/desk/board/assign", ["number": number, "person": road.clerk2.id]),
                (.clerk, "/desk/absence", ["staff": road.clerk2.id, "deputy": road.clerk.id, "from": "2026-03-16"]),
                (.clerk, "/desk/tasks/assign", ["number": number, "person": "00000000-0000-7000-8000-000000000000"]),
            ]
            for (caller, place, fields) in forms {
                let isAtDesk = place.hasPrefix("/desk")
                let token = try await cast.token(caller, atDesk: isAtDesk, area: Office.area)
                let answer = try await cast.client(caller).post(
                    "/\(Office.area)" + place, fields.merging(["csrf": token]) { $1 })
                #expect(answer.status < 500, "\(caller) \(place) \(fields): \(answer.status)")
                #expect(!answer.text.contains(things.own.notice), "\(caller) \(place) shows it")
            }
            #expect(try await office.changes(since: before) == [:])
            #expect(try await office.resident(try cast.client(.owner)).resident != nil)
            #expect(try await office.staff(try cast.client(.clerk)).staff != nil)
        }
    }

    /// Whom and what the matrix is asked with, and the routes beside their lines; the doors themselves have tests of their own.
    private func stage(_ office: Office) async throws -> (Cast, Things, [(RouteEntry, RouteTable.Line)]) {
        let road = try await Road(office)
        let cast = try await Cast(office, road)
        let things = try await Maker(office: office, road: road, cast: cast).all()
        let lines = Dictionary(uniqueKeysWithValues: try RouteTable.lines().map { ($0.name, $0) })
        let routes = try office.house.served().compactMap { entry -> (RouteEntry, RouteTable.Line)? in
            guard let line = lines["\(entry.method.rawValue) \(entry.pattern)"] else { return nil }
            return line.admits.count == Caller.allCases.count ? nil : (entry, line)
        }
        return (cast, things, routes)
    }

    /// Doors end or begin sessions and would spoil the cast; SignInTests and DoorTests knock at them.
    private static let doors: Set<String> = [
        "/:area/sign-in", "/:area/sign-out", "/:area/desk/sign-in", "/:area/desk/sign-out", "/:area/sign-in/province",
        "/:area/sign-in/province/return", "/api/v1/token", "/:area/my/account/devices",
    ]

    /// Answered alike for everything, there or not (`~` in the table).
    private static let sayTheSame: Set<String> = [
        "/:area/my/drafts/:id/discard", "/:area/my/drafts/:id/:section/with-files",
        "/:area/my/drafts/:id/materials/:material", "/:area/publicity/:number",
        "/api/v1/areas/:area/publicity/:number/objections",
    ]

    /// What belongs to an account in every area it uses: its messages, and its papers, which any window may compare.
    private static let accountWide: Set<String> = [
        "/:area/my/messages/:id", "/:area/desk/identities/:account", "/:area/desk/identities/:account/phone",
        "/:area/desk/counter/people/:account",
    ]

    /// Each door has its own cookie: a clerk is nobody in the portal, a resident nobody at the desk.
    private func effective(_ viewer: Viewer, _ entry: RouteEntry, atDesk: Bool) -> Viewer {
        switch (viewer, entry.access) {
        case (.staff, .open), (.staff, .resident), (.staff, .applicant): .nobody
        case (.staff, .residentOr): viewer
        case (.resident, _) where atDesk: .nobody
        case (.resident, .staff), (.resident, .permission): .nobody
        default: viewer
        }
    }

    private func path(_ pattern: String) -> String {
        pattern.split(separator: "/", omittingEmptySubsequences: false).map { part -> String in
            switch part {
            case ":area": Office.area
            case let place where place.hasPrefix(":"): "00000000-0000-7000-8000-000000000000"
            default: String(part)
            }
        }.joined(separator: "/")
    }
}

extension Office {
    /// Who a signed-in client is, as the program resolves it.
    func resident(_ client: Client) async throws -> Viewer {
        guard let cookie = client.cookies["__Host-tongban"],
            let viewer = try await house.identity.resident(cookie: cookie, at: time.source.now())
        else { return .nobody }
        return .resident(viewer)
    }

    func staff(_ client: Client, in area: String = Office.area) async throws -> Viewer {
        guard let cookie = client.cookies["__Host-tongban-desk"], let area = AreaCode(area),
            let viewer = try await house.identity.staff(cookie: cookie, area: area, at: time.source.now())
        else { return .nobody }
        return .staff(viewer)
    }
}
