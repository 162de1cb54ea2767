import Foundation
import FoundationNetworking
import Hummingbird
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Notify

@Suite("Pages over messages and queues")
struct PageTests {
    private let time = FixedTime()

    @Test("The resident sees what is new, opens it, and the count falls", arguments: Backend.all)
    func messages(backend: Backend) async throws {
        try await withHouse(backend) { house in
            try await Letters.post(Letters.payload(kind: "cases.correctionRequested"), at: time.now, house.database)
            try await Letters.post(Letters.payload(kind: "cases.submitted"), dedup: "2", at: time.now, house.database)
            try await MessageDelivery(database: house.database, channels: [], logger: quiet).run(at: time.now)

            let page = HTMLReader(try await house.get("/510106/my/messages").body)
            #expect(page.first("h1")?.text == "消息")
            let titles = page.all("h2", ["class": "result-title"]).map(\.text)
            #expect(Set(titles) == ["需要补正材料\u{FF1A}食品经营许可 未读", "已收到申请\u{FF1A}食品经营许可 未读"])
            #expect(page.all("span", ["class": "case-number"]).first?.text == "510106 20260312 01 0000 1")

            let link = try #require(page.all("a").first { $0.text.hasPrefix("需要补正") })
            let opened = try await house.get(try #require(link["href"]))
            #expect(opened.status == 303)
            #expect(opened.headers["location"] == "/510106/my/cases/510106202603120100001/correction")
            let after = HTMLReader(try await house.get("/510106/my/messages").body)
            #expect(
                after.all("h2", ["class": "result-title"]).map(\.text) == [
                    "已收到申请\u{FF1A}食品经营许可 未读", "需要补正材料\u{FF1A}食品经营许可",
                ])

            let form = try #require(after.form(action: "/510106/my/messages/read"))
            #expect(try await house.post(form).status == 303)
            let last = HTMLReader(try await house.get("/510106/my/messages").body)
            #expect(!last.text.contains("未读"))
            #expect(last.form(action: "/510106/my/messages/read") == nil)
        }
    }

    @Test("Nobody's and somebody else's messages are not shown", arguments: Backend.all)
    func strangers(backend: Backend) async throws {
        try await withHouse(backend) { house in
            try await Letters.post(Letters.payload(account: "somebody else"), at: time.now, house.database)
            try await MessageDelivery(database: house.database, channels: [], logger: quiet).run(at: time.now)
            let page = HTMLReader(try await house.get("/510106/my/messages").body)
            #expect(page.first("p", ["class": "empty-title"])?.text == "还没有消息")
            #expect(page.all("li").allSatisfy { $0.first("h2") == nil })
            let id = try await house.database.read { tx in
                try tx.value("SELECT id FROM message WHERE area = \(Letters.bucket)", as: String.self)
            }
            #expect(try await house.get("/510106/my/messages/\(try #require(id))").status == 404)
            #expect(try await house.get("/510106/my/messages", cookie: nil).status == 303)
        }
    }

    @Test("The operator sees what could not be sent and sends it again", arguments: Backend.all)
    func operations(backend: Backend) async throws {
        try await withHouse(backend) { house in
            try await Letters.post(["kind": "broken"], at: time.now, house.database)
            let delivery = MessageDelivery(database: house.database, channels: [], logger: quiet)
            for _ in 0..<14 {
                try await delivery.run(at: time.now)
                time.advance(seconds: 30_000)
            }
            try await Letters.post(Letters.payload(), dedup: "2", at: time.now, house.database)
            let page = HTMLReader(try await house.get("/510106/desk/operations", cookie: House.operator).body)
            #expect(page.all("tbody").first?.text == "站内消息 1 1 不再重试")
            #expect(page.all("dl", ["class": "facts"]).first?.text.contains("数据库") == true)
            #expect(page.text.contains("the letter has no stream"), "what the last try came to")
            let form = try #require(page.form(action: "/510106/desk/operations/revive"))
            #expect(form["letter"] != nil, "the first form is of the one letter")
            let answer = try await house.post(form, cookie: House.operator)
            #expect(answer.status == 303)
            #expect(try await house.database.waiting("message", at: time.now).count == 2)
            let again = HTMLReader(try await house.get("/510106/desk/operations", cookie: House.operator).body)
            #expect(again.all("tbody").first?.text == "站内消息 2 0")
            #expect(again.form(action: "/510106/desk/operations/revive") == nil)
        }
    }

    @Test("All letters that were given up go out again at once, codes by SMS among them", arguments: Backend.all)
    func reviveAll(backend: Backend) async throws {
        try await withHouse(backend) { house in
            let now = time.now
            try await house.database.write { tx in
                for (area, dedup) in [(Letters.jinniu, "1"), (Letters.bucket, "2"), (Letters.mingshan, "3")] {
                    try Outbox.post(
                        channel: "sms", area: area, dedup: dedup, payload: ["kind": "identity.code"], at: now, tx)
                }
            }
            for letter in try await house.database.waiting("sms", at: now) {
                for attempt in 0..<12 { try await fail(letter, attempt, at: now, house.database) }
            }
            let page = HTMLReader(try await house.get("/510106/desk/operations", cookie: House.operator).body)
            #expect(page.all("td").count { $0.text == "the gateway answered 503" } == 2, "not another area's")
            #expect(page.all("td").count { $0.text == "短信验证码" } == 2)
            let all = try #require(page.all("form").last { $0["action"] == "/510106/desk/operations/revive" })
            #expect(all.all("input", ["name": "letter"]).isEmpty)
            let token = try #require(all.first("input", ["name": "csrf"])?["value"])
            let answer = try await house.post("/510106/desk/operations/revive", ["csrf": token], cookie: House.operator)
            #expect(answer.status == 303)
            #expect(
                try await house.database.waiting("sms", at: time.now).map(\.area) == [Letters.jinniu, Letters.bucket])
            // Another area's letter is not this operator's.
            let other = try await house.post(
                "/510106/desk/operations/revive", ["csrf": token, "letter": "x", "of": "511803"], cookie: House.operator
            )
            #expect(other.status == 404)
        }
    }

    @Test("Slow statements are shown, the slowest first, and nothing of their values", arguments: Backend.all)
    func slow(backend: Backend) async throws {
        try await withHouse(backend) { house in
            house.slow.note("SELECT quick", took: .milliseconds(3), at: time.now)
            house.slow.note("SELECT a FROM t WHERE area = ?1", took: .milliseconds(150), at: time.now)
            house.slow.note("SELECT b FROM t", took: .milliseconds(1_300), at: time.now)
            let page = HTMLReader(try await house.get("/510106/desk/operations", cookie: House.operator).body)
            #expect(page.all("code").map(\.text) == ["SELECT b FROM t", "SELECT a FROM t WHERE area = ?1"])
            #expect(page.text.contains("1,300"))
        }
    }

    @Test("An officer sees what a supervisor wants, and opens the case", arguments: Backend.all)
    func staffMessages(backend: Backend) async throws {
        try await withHouse(backend) { house in
            let now = time.now
            let id = ID<ReceivedMessage>(at: now).description
            let arguments = ["number": Letters.number, "item": "food-business-licence"]
            for _ in 0..<2 {
                try await house.database.write { tx in
                    try StaffMessages.put(
                        id, kind: "cases.urged", stream: "stream-1", arguments: arguments, to: ["clerk", "other"],
                        area: Letters.jinniu, at: now, tx)
                }
            }
            let notify = NotifyAPI(database: house.database, time: time.source)
            #expect(try await notify.unread(account: "clerk", bucket: Letters.jinniu) == 1, "told once")
            let page = HTMLReader(try await house.get("/510106/desk/messages", cookie: House.clerk).body)
            #expect(page.all("h2", ["class": "result-title"]).map(\.text) == ["督办\u{FF1A}食品经营许可 未读"])
            let link = try #require(page.all("a").first { $0.text.hasPrefix("督办") })
            let opened = try await house.get(try #require(link["href"]), cookie: House.clerk)
            #expect(opened.headers["location"] == "/510106/desk/cases/510106202603120100001")
            #expect(try await notify.unread(account: "clerk", bucket: Letters.jinniu) == 0)
            #expect(try await notify.unread(account: "other", bucket: Letters.jinniu) == 1)
            // Nobody else's, and no resident's.
            let stranger = HTMLReader(try await house.get("/510106/desk/messages", cookie: House.operator).body)
            #expect(stranger.first("p", ["class": "empty-title"])?.text == "还没有消息")
            let foreign = try await house.get(try #require(link["href"]), cookie: House.operator)
            #expect(foreign.status == 404)
            #expect(try await house.get("/510106/desk/messages", cookie: nil).status == 303)
        }
    }

    @Test("Staff without the permission, and residents, do not", arguments: Backend.all)
    func forbidden(backend: Backend) async throws {
        try await withHouse(backend) { house in
            let clerk = try await house.get("/510106/desk/operations", cookie: House.clerk)
            let resident = try await house.get("/510106/desk/operations")
            #expect(clerk.status == 404)
            #expect(resident.status == 303)
        }
    }

    private func withHouse(_ backend: Backend, _ body: @Sendable (House) async throws -> Void) async throws {
        let time = time
        try await withDatabase(backend, migrations: migrations) { database in
            try await House.run(database, time: time, body)
        }
    }

    /// One try that came to nothing.
    private func fail(_ letter: Outbox.Letter, _ attempt: Int, at now: Moment, _ database: any Database) async throws {
        let later = now.adding(seconds: Int64(attempt) * 30_000)
        let due = try await database.waiting(letter.channel, at: later).first { $0.id == letter.id }
        let again = try #require(due)
        try await database.write { tx in
            _ = try Outbox.claim(again, at: later, tx)
            try Outbox.failed(again, fault: "the gateway answered 503", at: later, tx)
        }
    }
}
