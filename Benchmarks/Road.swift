import Foundation
import Kernel

/// The plain road over HTTP, signed in as people sign in: draft, answers, submit, accept, review, approve, complete.
struct Road {
    static let area = "510106"
    let port: Int
    let item: String
    let residents: [Session]
    let clerk: Session
    let reviewer: Session
    let approver: Session

    /// What a signed-in browser keeps.
    struct Session: Sendable {
        let cookies: String
        let token: String
    }

    /// Signs everybody in; scrypt is paid here and not in the figures.
    init(port: Int, item: String, phones: [String], password: String) throws {
        self.port = port
        self.item = item
        residents = try phones.map { try Self.signIn(port, "/\(Self.area)/sign-in", "phone", $0, password) }
        func staff(_ login: String) throws -> Session {
            try Self.signIn(port, "/\(Self.area)/desk/sign-in", "login", login, password)
        }
        clerk = try staff("demo.clerk")
        reviewer = try staff("demo.reviewer")
        approver = try staff("demo.approver")
    }

    static func staff(_ port: Int, _ login: String, _ password: String) throws -> Session {
        try signIn(port, "/\(area)/desk/sign-in", "login", login, password)
    }

    private static func signIn(_ port: Int, _ path: String, _ field: String, _ who: String, _ password: String) throws
        -> Session
    {
        let caller = Caller(port: port)
        let page = try caller.call("GET", path)
        caller.keepCookies(of: page)
        let form = "csrf=\(try token(page))&\(field)=\(who)&password=\(password)"
        let answer = try caller.call("POST", path, form, kind: "application/x-www-form-urlencoded")
        guard answer.status == 303 || answer.status == 302 else {
            throw Trouble("\(who) cannot sign in: \(answer.status)")
        }
        caller.keepCookies(of: answer)
        let home = try caller.call("GET", path.contains("desk") ? "/\(area)/desk/tasks" : "/\(area)/my/account")
        return Session(cookies: caller.headers["Cookie"] ?? "", token: try token(home))
    }

    static func token(_ page: Caller.Answer) throws -> String {
        guard let start = page.text.range(of: "name=\"csrf\" value=\""),
            let end = page.text[start.upperBound...].firstIndex(of: "\"")
        else { throw Trouble("a page without a form (\(page.status)): \(page.text.prefix(300))") }
        return String(page.text[start.upperBound..<end])
    }

    /// One client, on its own connection and thread.
    final class Walker {
        private let road: Road
        private let caller: Caller
        private let resident: Session
        /// Seconds each write took.
        private(set) var writes: [Double] = []

        init(_ road: Road, number: Int) {
            self.road = road
            caller = Caller(port: road.port)
            resident = road.residents[number % road.residents.count]
        }

        private func act(_ who: Session, _ method: String, _ path: String, _ body: String, _ wanted: Int) throws
            -> Caller.Answer
        {
            caller.headers = ["Cookie": who.cookies, "X-CSRF-Token": who.token]
            let started = ContinuousClock.now
            let answer = try caller.call(method, "/api/v1/areas/\(Road.area)\(path)", body)
            writes.append((ContinuousClock.now - started).seconds)
            guard answer.status == wanted else {
                throw Trouble("\(method) \(path): \(answer.status) \(answer.text.prefix(400))")
            }
            return answer
        }

        /// From nothing to 办结; answers the number.
        @discardableResult
        func walk() throws -> String {
            let number = try submit()
            _ = try act(road.clerk, "POST", "/cases/\(number)/accept", "{}", 200)
            _ = try act(road.reviewer, "POST", "/cases/\(number)/review", #"{"opinion":"符合条件"}"#, 200)
            _ = try act(road.approver, "POST", "/cases/\(number)/approve", "{}", 200)
            _ = try act(road.clerk, "POST", "/cases/\(number)/complete", #"{"delivery":"electronic"}"#, 200)
            return number
        }

        /// Up to 收件.
        func submit() throws -> String {
            let draft = try act(resident, "POST", "/items/\(road.item)/drafts", #"{"answers":{}}"#, 201)
            guard let id = draft.json?["id"].text else { throw Trouble("a draft without an id") }
            _ = try act(
                resident, "PUT", "/my/drafts/\(id)/sections/application",
                #"{"values":{"applicant":"演示居民甲","phone":"13800000001","matter":"申请办理"}}"#, 200)
            let case_ = try act(resident, "POST", "/my/drafts/\(id)/submit", #"{"truth":true}"#, 201)
            guard let number = case_.json?["number"].text else { throw Trouble("a case without a number") }
            return number
        }
    }

    /// What each of the seven acts of so many lifecycles took.
    func acts(_ count: Int, clients: Int) throws -> [[Double]] {
        let (_, writes) = try run(count, clients: clients)
        return (0..<7).map { act in stride(from: act, to: writes.count, by: 7).map { writes[$0] } }
    }

    /// Walks `count` lifecycles with so many clients at once; answers lifecycles a second and each write's seconds.
    func run(_ count: Int, clients: Int) throws -> (perSecond: Double, writes: [Double]) {
        let crowd = (0..<clients).map { Walker(self, number: $0) }
        let share = max(1, count / clients)
        let failure = Kept()
        let started = ContinuousClock.now
        let threads = crowd.map { walker in
            let box = Handed(walker)
            return Joined { do { for _ in 0..<share { try box.value.walk() } } catch { failure.keep(error) } }
        }
        threads.forEach { $0.join() }
        let seconds = (ContinuousClock.now - started).seconds
        if let error = failure.error { throw error }
        return (Double(share * clients) / seconds, crowd.flatMap(\.writes))
    }
}

/// Handed to one thread and read again only after it ended.
struct Handed<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
