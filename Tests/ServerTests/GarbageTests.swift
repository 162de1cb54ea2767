import Composition
import HTTPTypes
import Identity
import Kernel
import TestKit
import Testing
import Web
import Workflow

/// Every route, by everybody who may use it, with what no page of ours sends.
@Suite("Garbage")
struct GarbageTests {
    private static let query =
        "?q=%00%F0%9F%98%80&page=-1&before=x_y&after=1&view=none&from=2026-99-99&to=0000-00-00&light=9&label=%20&add=-1"
        + "&code=%ff&number=%25&section=x&point=x&year=99999999999&sort=x&state=x&department=..&format=x&kind=&s.business=none"
    private static let fields = [
        "action": "💥", "reason": String(repeating: "长", count: 6000), "days": "-1", "day": "x", "month": "99",
        "year": "x", "delivery": "none", "person": "x", "opinion": "\u{7}", "stars": "9", "grade": "-3", "tags": "x",
        "number": "0", "truth": "no", "size": "x", "name": "", "role": "root", "department": "none", "task": "x",
        "from.year": "x", "to.day": "99999999999999999999", "deputy": "x", "version": "x", "key": "x", "text": "",
        "point.0.ref": "x", "form.phone": "x", "material": "x", "mark": "x", "phone": "x", "code": "x", "subject": "x",
        "back": "//evil.example", "login": "", "password": "x", "id": "x", "slug": "x", "next": "x", "of": "x",
    ]
    private static let bodies = [
        "{}", "[]", "\"x\"", "{\"answers\":5,\"reason\":[],\"points\":{},\"days\":-1,\"delivery\":7,\"values\":[1]}",
        "nul",
    ]

    @Test("No route fails, whatever stands in address, query or body", arguments: Backend.all)
    func everyRoute(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let real = ["number": try await road.submit(), "slug": road.slug, "draft": try await road.draft()]
            let entries = office.house.routes.entries.filter {
                !$0.pattern.contains("sign-out") && !$0.pattern.contains("sign-in")
            }
            var asked = 0
            for role in [
                "13800000001", "demo.clerk", "demo.approver", "demo.supervisor", "demo.admin", "demo.security",
            ] {
                let client = Client(office)
                let isStaff = role.hasPrefix("demo")
                _ = isStaff ? try await client.signInStaff(role) : try await client.signInResident(role)
                let viewer = isStaff ? try await office.staff(client) : try await office.resident(client)
                let page = isStaff ? "/\(Office.area)/desk/account" : "/\(Office.area)/my/account"
                let token = try await client.token(of: page)
                #expect(token.count == 86, "\(role)")
                for entry in entries where entry.access.admits(viewer) && (entry.access != .open || !isStaff) {
                    for path in Self.paths(entry.pattern, real) {
                        for (body, headers) in Self.requests(entry, token) {
                            let answer = try await client.send(
                                entry.method, path + (entry.method == .get ? Self.query : ""), body, headers)
                            asked += 1
                            #expect(
                                answer.status < 500, "\(role) \(entry.method.rawValue) \(path): \(answer.status)")
                        }
                    }
                }
            }
            #expect(asked > 500)
            #expect(try await office.house.verifier.run().faults.isEmpty)
        }
    }

    /// With what is there, and with what fits nothing.
    private static func paths(_ pattern: String, _ real: [String: String]) -> [String] {
        guard pattern.contains(":") else { return [pattern] }
        func fill(_ value: (String) -> String) -> String {
            pattern.split(separator: "/", omittingEmptySubsequences: false).map { part in
                part == ":area" ? Office.area : part.hasPrefix(":") ? value(String(part.dropFirst())) : String(part)
            }.joined(separator: "/")
        }
        let there = fill { name in
            switch name {
            case "number": real["number"] ?? ""
            case "slug": real["slug"] ?? ""
            case "id" where pattern.contains("/drafts/"): real["draft"] ?? ""
            case "section": "application"
            case "material": "attachments"
            case "year": "2027"
            default: "00000000-0000-7000-8000-000000000000"
            }
        }
        let odd = fill { _ in "%F0%9F%92%A5-9999999999999999999999" }
        return there == odd ? [odd] : [odd, there]
    }

    private static func requests(_ entry: RouteEntry, _ token: String) -> [([UInt8], HTTPFields)] {
        guard entry.method != .get else { return [([], [.range: "bytes=9-1"])] }
        var guarded: HTTPFields = [.accept: "application/json"]
        if let name = HTTPField.Name("X-CSRF-Token") { guarded[name] = token }
        if entry.streams {
            var headers = guarded
            headers[.contentType] = "multipart/form-data; boundary=b"
            let file =
                "--b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"../\u{1}.exe\"\r\n\r\nMZ\r\n--b--\r\n"
            return [([], guarded), (Array(file.utf8), headers)]
        }
        if entry.isAPI {
            var headers = guarded
            headers[.contentType] = "application/json"
            return bodies.map { (Array($0.utf8), headers) }
        }
        let all = fields.map { "\(encodeSegment($0.key))=\(encodeSegment($0.value))" } + ["csrf=\(token)"]
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        return [(Array("csrf=\(token)".utf8), form), (Array(all.joined(separator: "&").utf8), form)]
    }
}
