import Cases
import Composition
import HTTPTypes
import Identity
import Kernel
import Storage
import TestKit
import Testing
import Web

/// What no page of ours sends: every answer says in words what is wrong, nothing fails, nothing is lost.
@Suite("Odd requests")
struct OddRequestTests {
    private static let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
    private static let area = "/\(Office.area)"

    @Test("An area that is not here has no pages at all, not even a sign-in", arguments: Backend.all)
    func unknownArea(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let client = Client(office)
            for path in [
                "/", "/sign-in", "/register", "/my/cases", "/desk/tasks", "/desk/sign-in", "/items/x", "/kept",
            ] {
                let answer = try await client.get("/999999" + path)
                #expect(answer.status == 404, "\(path): \(answer.status)")
                // Nor do its links lead there.
                #expect(
                    !HTMLReader(answer.text).all("a").contains { ($0["href"] ?? "").hasPrefix("/999999/") }, "\(path)")
            }
            #expect(try await client.get("/api/v1/areas/999999/items").json?["code"].text == "notFound")
        }
    }

    @Test(
        "Places of an address that fit nothing are not found",
        arguments: ["/items/%00", "/items/%ff%fe", "/items/..%2f..", "/verify/%0d%0aX", "/my/cases/%00"])
    func places(_ path: String) async throws {
        try await Office.open(.sqlite) { office in
            let resident = Client(office)
            _ = try await resident.signInResident("13800000001")
            #expect(try await resident.get(Self.area + path).status == 404)
        }
    }

    @Test("Texts with U+0000 or broken UTF-8 are taken as far as they are texts", arguments: Backend.all)
    func characters(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let client = Client(office)
            #expect(try await client.get(Self.area + "/search?q=a%00%ff%fe%E5%BC").status == 200)
            let token = try await client.token(of: Self.area + "/sign-in")
            let sent = try await client.send(
                .post, Self.area + "/sign-in", Array("csrf=\(token)&phone=%00%ff&password=%00".utf8), Self.form)
            #expect(sent.status == 422)
            for body in [
                Array("{\"a\":\"\\u0000\"}".utf8), Array("{\"a\":\"\\u0000\u{485}\"}".utf8), [0x7B, 0xFF, 0x7D],
                Array("{".utf8), Array("[[[".utf8),
            ] {
                let answer = try await client.send(
                    .post, "/api/v1/token", body, [.contentType: "application/json", .accept: "application/json"])
                #expect((400..<500).contains(answer.status), "\(answer.status) \(answer.text)")
            }
        }
    }

    @Test("A method that an address has not is refused with those it has; what is not there stays unknown")
    func methods() async throws {
        try await Office.open(.sqlite) { office in
            let client = Client(office)
            let api = "/api/v1/areas/\(Office.area)"
            for (method, path, allowed) in [
                ("PUT", "/sign-in", "GET, HEAD, POST"), ("BREW", "/", "GET, HEAD"),
                ("DELETE", "/my/cases", "GET, HEAD"),
                ("OPTIONS", "/search", "GET, HEAD"), ("PROPFIND", "/my/cases", "GET, HEAD"),
                ("TRACE", "/desk/tasks", "GET, HEAD"),
            ] {
                let answer = try await client.send(try #require(.init(method)), Self.area + path, [], [:])
                #expect(
                    answer.status == 405 && answer.headers[.allow] == allowed, "\(method) \(path): \(answer.status)")
                #expect(answer.text.contains("这个网址不接受这种请求方法"))
            }
            for (method, path, allowed) in [
                ("PATCH", "\(api)/me", "GET, HEAD"), ("GET", "/api/v1/token", "POST"),
                ("POST", "\(api)/my/drafts/0195c2a0-0000-7000-8000-000000000000", "DELETE, GET, HEAD"),
            ] {
                let answer = try await client.send(try #require(.init(method)), path, [], [:])
                #expect(
                    answer.status == 405 && answer.headers[.allow] == allowed, "\(method) \(path): \(answer.status)")
                #expect(answer.json?["code"].text == "method")
            }
            for path in ["/999999/sign-in", Self.area + "/nothing/here", "/api/v1/areas/999999/me", "/api/v1/nothing"] {
                let answer = try await client.send(.put, path, [], [:])
                #expect(answer.status == 404 && answer.headers[.allow] == nil, "\(path): \(answer.status)")
            }
        }
    }

    @Test("A call that is not as the API's description says is refused in words, by field", arguments: Backend.all)
    func contract(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let client = Client(office)
            _ = try await client.signInResident("13800000001")
            let token = try await client.token(of: Self.area + "/my/account")
            let path = "/api/v1/areas/\(Office.area)/items/food-business-licence/drafts"
            func send(_ text: String, _ kind: String = "application/json") async throws -> Client.Answer {
                try await client.send(
                    .post, path, Array(text.utf8),
                    [.contentType: kind, try #require(.init("X-CSRF-Token")): token])
            }
            let wrong = try await send(#"{"answers":{"business":1}}"#)
            #expect(wrong.status == 422 && wrong.json?["errors"].elements?.first?["field"].text == "answers.business")
            #expect(wrong.json?["errors"].elements?.first?["detail"].text == "这一项的形式不对")
            let kind = try await send(#"{"answers":5}"#)
            #expect(kind.json?["errors"].elements?.first?["detail"].text == "应为对象")
            #expect(try await send("{}", "text/plain").status == 415)
            #expect(try await send("answers=1", "application/x-www-form-urlencoded").status == 415)
            #expect(try await send("{}", "Application/JSON; charset=utf-8").status != 415)
            let list = try await client.get("/api/v1/areas/\(Office.area)/items?q=" + String(repeating: "x", count: 61))
            #expect(list.status == 422 && list.json?["errors"].elements?.first?["field"].text == "q")
        }
    }

    @Test("Who is asked by the API to say who he is, is told how")
    func challenge() async throws {
        try await Office.open(.sqlite) { office in
            let answer = try await Client(office).get("/api/v1/areas/\(Office.area)/me")
            #expect(answer.status == 401 && answer.headers[.wwwAuthenticate] == "Bearer")
        }
    }

    @Test("A form of another kind, or too large, is refused in words", arguments: Backend.all)
    func bodies(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let client = Client(office)
            let page = Self.area + "/sign-in"
            let kind = try await client.send(.post, page, Array("{}".utf8), [.contentType: "text/plain"])
            #expect(kind.status == 415 && kind.text.contains("这种内容格式无法接收"))
            let large = try await client.send(
                .post, page, [UInt8](repeating: 97, count: (2 << 20) + 1), Self.form)
            #expect(large.status == 413 && large.text.contains("2 MB"))
        }
    }

    @Test("A broken upload is refused in its own words and what was there stays", arguments: Backend.all)
    func uploads(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let draft = try await road.draft()
            let resident = Client(office)
            _ = try await resident.signInResident("13800000001")
            let page = "\(Self.area)/my/drafts/\(draft)/materials"
            let token = try await resident.token(of: page)
            let start = "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n\(token)\r\n"
            let bodies: [(String, String)] = [
                ("multipart/form-data", start), ("multipart/form-data; boundary=b", start + "--b\r\nContent-Disp"),
                ("multipart/form-data; boundary=b", start + "--b\r\nX: y\r\n\r\nz\r\n--b--\r\n"),
                ("multipart/form-data; boundary=b", "nothing"), ("multipart/form-data; boundary=b", ""),
                ("multipart/form-data; boundary=b", start + "--b--\r\n"),
            ]
            for (type, body) in bodies {
                let answer = try await resident.send(
                    .post, page + "/attachments", Array(body.utf8), [.contentType: type, .accept: "application/json"])
                #expect(answer.status == 422, "\(type) \(body.suffix(30)): \(answer.status)")
                #expect(
                    answer.json?["detail"].text?.isEmpty == false || answer.json?["errors"] != nil, "\(answer.text)")
            }
            #expect(try await resident.get(page).status == 200)
        }
    }

    @Test("An address of more than 8 KB is too long, and HEAD is GET without a body", arguments: Backend.all)
    func addresses(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let client = Client(office)
            let long = try await client.get(Self.area + "/search?q=" + String(repeating: "a", count: 9000))
            #expect(long.status == 414 && long.text.contains("网址太长"))
            #expect(try await client.send(.head, Self.area + "/", [], [:]).status == 200)
        }
    }

    @Test(
        "A form with an old token is kept and shown again, where this site's own page sent it", arguments: Backend.all)
    func staleToken(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let page = "\(Self.area)/my/cases/\(number)/withdraw"
            let first = Client(office)
            _ = try await first.signInResident("13800000001")
            let old = try await first.token(of: page)
            // Signed out and in again in another window: the page that is still open has the old sign-in's token.
            _ = try await first.post("\(Self.area)/sign-out", from: page)
            _ = try await first.signInResident("13800000001")
            var here = Self.form
            here[try #require(HTTPField.Name("Sec-Fetch-Site"))] = "same-origin"
            let body = Array("csrf=\(old)&reason=%E5%BC%84%E9%94%99%E4%BA%86".utf8)
            let unsure = try await first.send(.post, page, body, Self.form)
            #expect(unsure.status == 422)
            let sent = try await first.send(.post, page, body, here)
            #expect(sent.status == 303 && sent.location == "\(Self.area)/kept")
            let kept = try #require(HTMLReader(try await first.get("\(Self.area)/kept").text).form(action: page))
            #expect(kept["reason"] == "弄错了")
            let again = try await first.post(page, ["csrf": kept["csrf"] ?? "", "reason": kept["reason"] ?? ""])
            #expect(again.status == 303)
            #expect(try await road.stage(number) == .withdrawn)
        }
    }

    @Test("The token looks different on every page, and holds for its sign-in only", arguments: Backend.all)
    func masked(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let number = try await road.submit()
            let page = "\(Self.area)/my/cases/\(number)/withdraw"
            let owner = Client(office)
            _ = try await owner.signInResident("13800000001")
            let tokens = [try await owner.token(of: page), try await owner.token(of: page)]
            #expect(tokens[0] != tokens[1] && tokens.allSatisfy { $0.count == 86 })
            let other = Client(office)
            _ = try await other.signInResident("13800000001")
            let foreign = try await other.token(of: page)
            for bad in [foreign, String(repeating: "A", count: 86), "", String(tokens[0].dropLast())] {
                #expect(try await owner.post(page, ["csrf": bad, "reason": "x"]).status == 422)
            }
            #expect(try await road.stage(number) == .received)
            #expect(try await owner.post(page, ["csrf": tokens[0], "reason": "x"]).status == 303)
        }
    }
}
