import Foundation
import Kernel
import Storage
import Synchronization
import TestKit
import Testing
import Workflow

@testable import Notify

@Suite("Messages on their way")
struct DeliveryTests {
    private let time = FixedTime()

    @Test(
        "Letters of several areas reach the buckets of their accounts, and go on to the adapters",
        arguments: Backend.all)
    func delivery(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            let other = AreaCode(bucket: 63)
            try await Letters.post(at: time.now, database)
            try await Letters.post(Letters.payload(kind: "cases.completed"), dedup: "2", at: time.now, database)
            try await Letters.post(
                Letters.payload(account: "b", bucket: other), area: Letters.mingshan, at: time.now, database)
            let delivery = MessageDelivery(database: database, channels: ["sms", "wechat"], logger: quiet)
            #expect(try await delivery.run(at: time.now) == 3)
            #expect(try await delivery.run(at: time.now) == 0)

            let notify = NotifyAPI(database: database, time: time.source)
            let mine = try await notify.list(account: Letters.account, bucket: Letters.bucket)
            #expect(Set(mine.map(\.kind)) == ["cases.accepted", "cases.completed"])
            #expect(mine.first?.arguments["number"] == Letters.number)
            let others = try await notify.list(account: "b", bucket: other)
            #expect(others.map(\.area) == [Letters.mingshan])
            #expect(try await database.waiting("message", at: time.now.adding(seconds: 86_400)).isEmpty)
            for channel in ["sms", "wechat"] {
                let letters = try await database.waiting(channel, at: time.now)
                #expect(letters.count == 3)
                #expect(
                    letters.allSatisfy {
                        Set(($0.payload.members ?? [:]).keys) == ["kind", "account", "bucket", "arguments"]
                    })
                #expect(Set(letters.map(\.dedup)) == Set((mine + others).map(\.id)))
            }
        }
    }

    @Test("A server that stopped half way changes nothing twice", arguments: Backend.all)
    func resumed(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            try await Letters.post(at: time.now, database)
            let letter = try #require(try await database.waiting("message", at: time.now).first)
            // Taken and written, then the power went.
            let now = time.now
            let message = try MessageLetter(letter, at: now)
            try await database.write { tx in
                _ = try Outbox.claim(letter, at: now, tx)
                try MessageStore.put(message, tx)
            }
            let notify = NotifyAPI(database: database, time: time.source)
            _ = try await notify.markRead(message.id, account: message.account, bucket: message.bucket)
            let delivery = MessageDelivery(database: database, channels: ["sms"], logger: quiet)
            #expect(try await delivery.run(at: now) == 0)
            time.advance(seconds: 61)
            #expect(try await delivery.run(at: time.now) == 1)
            let list = try await notify.list(account: Letters.account, bucket: Letters.bucket)
            #expect(list.count == 1)
            #expect(list.first?.readAt == now)
            #expect(try await database.waiting("sms", at: time.now).count == 1)
        }
    }

    @Test("Two servers at once deliver each letter once", arguments: Backend.all)
    func twoServers(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            for index in 0..<30 { try await Letters.post(dedup: "\(index)", at: time.now, database) }
            let delivery = MessageDelivery(database: database, channels: ["sms"], logger: quiet)
            let now = time.now
            async let one = delivery.run(at: now)
            async let two = delivery.run(at: now)
            let total = try await one + two
            #expect(total == 30)
            #expect(
                try await NotifyAPI(database: database, time: time.source).unread(
                    account: Letters.account, bucket: Letters.bucket) == 30)
            #expect(try await database.waiting("sms", at: now).count == 30)
        }
    }

    @Test("A letter nothing can be made of is given up after twelve tries and holds nobody up", arguments: Backend.all)
    func malformed(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            try await Letters.post(["kind": "cases.accepted"], dedup: "broken", at: time.now, database)
            try await Letters.post(Letters.payload(bucket: Letters.jinniu), dedup: "no bucket", at: time.now, database)
            try await Letters.post(at: time.now, database)
            let delivery = MessageDelivery(database: database, channels: [], logger: quiet)
            #expect(try await delivery.run(at: time.now) == 1)
            for _ in 0..<20 {
                time.advance(seconds: 30_000)
                #expect(try await delivery.run(at: time.now) == 0)
            }
            let state = try await database.read { tx in try Outbox.state(areas: [Letters.jinniu], tx) }
            #expect(state.map(\.dead) == [2])
            #expect(state.map(\.waiting) == [0])
        }
    }

    @Test("What an adapter cannot send now is sent later", arguments: Backend.all)
    func retries(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            try await Letters.post(at: time.now, database)
            try await MessageDelivery(database: database, channels: ["sms"], logger: quiet).run(at: time.now)
            let gateway = Gateway()
            let dispatch = AdapterDispatch(database: database, adapter: gateway, logger: quiet)
            gateway.fails.withLock { $0 = true }
            #expect(try await dispatch.run(at: time.now) == 0)
            gateway.fails.withLock { $0 = false }
            #expect(try await dispatch.run(at: time.now) == 0)
            time.advance(seconds: 61)
            #expect(try await dispatch.run(at: time.now) == 1)
            #expect(try await dispatch.run(at: time.now) == 0)
            let tries = gateway.letters.withLock { $0 }
            #expect(tries.map(\.attempt) == [1, 2])
            #expect(Set(tries.map(\.id)).count == 1)
            #expect(tries.last?.recipient == .account(Letters.account, bucket: Letters.bucket))
        }
    }

    @Test("What nobody needs any more is struck off", arguments: Backend.all)
    func gone(backend: Backend) async throws {
        try await withDatabase(backend, migrations: migrations) { database in
            let now = time.now
            try await database.write { tx in
                try Outbox.post(
                    channel: "sms", area: Letters.bucket, dedup: "code-1",
                    payload: ["kind": "identity.code", "vault": "code-1", "slot": "sms"], at: now, tx)
            }
            let gateway = Gateway()
            gateway.gone.withLock { $0 = true }
            #expect(try await AdapterDispatch(database: database, adapter: gateway, logger: quiet).run(at: now) == 1)
            #expect(gateway.letters.withLock { $0.map(\.recipient) } == [.sealed(vault: "code-1", slot: "sms")])
            #expect(try await database.waiting("sms", at: now.adding(seconds: 90_000)).isEmpty)
        }
    }

    @Test("The log of letters shows no account and no number as a whole")
    func logFile() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("letters-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let adapter = LogFileAdapter(channel: "sms", folder: folder.appendingPathComponent("made"), time: time.source)
        let letter = OutgoingLetter(
            id: "m1", channel: "sms", area: Letters.jinniu, kind: "cases.accepted",
            recipient: .account(Letters.account, bucket: Letters.bucket),
            arguments: ["number": Letters.number, "due": "2026-03-19"], attempt: 1)
        try await adapter.send(letter)
        try await adapter.send(letter)
        let file = folder.appendingPathComponent("made/sms.jsonl")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        let line = try JSON(parsing: String(try #require(lines.first)))
        #expect(line["arguments"]["due"].text == "2026-03-19")
        #expect(line["arguments"]["number"].text == "510**************0001")
        #expect(line["at"].text == "2026-03-12T09:30:00.000+08:00")
        #expect(!text.contains(Letters.account))
        #expect(!text.contains(Letters.number))
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test("A code by SMS is logged without the vault in which it lies")
    func logSealed() throws {
        let letter = OutgoingLetter(
            id: "code-1", channel: "sms", area: Letters.bucket, kind: "identity.code",
            recipient: .sealed(vault: "0195f8a0-0000-7000-8000-00000000c0de", slot: "sms"), arguments: [:], attempt: 1)
        let line = LogFileAdapter.line(letter, at: time.now)
        #expect(line["kind"].text == "identity.code")
        #expect(!line.canonical.contains("0195f8a0-0000-7000-8000-00000000c0de"))
    }

    @Test("A folder that cannot be written to is a failure, not a loss")
    func logFileMissing() async {
        let adapter = LogFileAdapter(channel: "sms", folder: URL(fileURLWithPath: "/dev/null/x"), time: time.source)
        let letter = OutgoingLetter(
            id: "m1", channel: "sms", area: Letters.jinniu, kind: "k",
            recipient: .account("a", bucket: Letters.bucket), arguments: [:], attempt: 1)
        await #expect(throws: (any Error).self) { try await adapter.send(letter) }
    }
}

/// A gateway that can be down.
private final class Gateway: MessageAdapter {
    let channel = "sms"
    let carriesMessages = true
    let gone = Mutex(false)
    let fails = Mutex(false)
    let letters = Mutex([OutgoingLetter]())

    func send(_ letter: OutgoingLetter) async throws {
        letters.withLock { $0.append(letter) }
        if gone.withLock({ $0 }) { throw LetterGone() }
        if fails.withLock({ $0 }) { throw DomainError.unavailable }
    }
}
