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

    /// Each door has its own cookie: a clerk is nobody in the portal, a resident nobody at the desk.
    private func effective(_ viewer: Viewer, _ entry: RouteEntry, atDesk: Bool) -> Viewer {
        switch (viewer, entry.access) {
        case (.staff, .open), (.staff, .resident): .nobody
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

    func staff(_ client: Client) async throws -> Viewer {
        guard let cookie = client.cookies["__Host-tongban-desk"], let area = AreaCode(Office.area),
            let viewer = try await house.identity.staff(cookie: cookie, area: area, at: time.source.now())
        else { return .nobody }
        return .staff(viewer)
    }
}
