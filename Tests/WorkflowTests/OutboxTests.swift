import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("The outbox")
struct OutboxTests {
    private func post(
        _ database: any Database, _ dedup: String, channel: String = "message", area: AreaCode = jinniu,
        _ seconds: Int64 = 0
    ) async throws {
        try await database.write { tx in
            try Outbox.post(
                channel: channel, area: area, dedup: dedup, payload: ["n": .string(dedup)], at: after(seconds), tx)
        }
    }

    @Test("The same letter is posted once in a channel of an area", arguments: Backend.all)
    func dedup(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            for _ in 0..<3 { try await post(database, "a") }
            try await post(database, "b")
            try await post(database, "a", area: licang)
            try await post(database, "a", channel: "pointer")
            let letters = try await database.letters()
            #expect(letters.map { "\($0.area) \($0.dedup)" }.sorted() == ["370213 a", "510106 a", "510106 b"])
            #expect(try await database.letters(channel: "pointer").count == 1)
            #expect(letters.allSatisfy { $0.payload["n"].text == $0.dedup })
        }
    }

    @Test(
        "One server has a letter at a time; if it dies with it, another sends it after the lease",
        arguments: Backend.all)
    func lease(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await post(database, "a")
            let letter = try #require(try await database.letters().first)
            #expect(try await database.write { tx in try Outbox.claim(letter, at: after(0), tx) })
            #expect(try await database.write { tx in try !Outbox.claim(letter, at: after(0), tx) })
            #expect(try await database.letters(59).isEmpty)
            #expect(try await database.letters(60).map(\.attempt) == [1])
        }
    }

    @Test("What was sent is gone", arguments: Backend.all)
    func delivered(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await post(database, "a")
            let letter = try #require(try await database.letters().first)
            try await database.write { tx in try Outbox.delivered(letter, tx) }
            #expect(try await database.letters(999_999).isEmpty)
        }
    }

    @Test(
        "A letter that cannot be sent is tried again later and later, is dead after twelve tries, and can be revived",
        arguments: Backend.all)
    func backOff(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await post(database, "a")
            try await post(database, "other", area: licang, 9_999_999)
            var seconds: Int64 = 0
            var pauses: [Int64] = []
            for attempt in 0..<12 {
                let now = seconds
                let letter = try #require(try await database.letters(now).first)
                #expect(letter.attempt == attempt)
                try await database.write { tx in
                    #expect(try Outbox.claim(letter, at: after(now), tx))
                    try Outbox.failed(letter, fault: String(repeating: "x", count: 999), at: after(now), tx)
                }
                let next = try #require(
                    try await database.read { tx in
                        try tx.value(
                            "SELECT next_at FROM outbox WHERE area = \(jinniu) AND dedup = 'a'", as: Moment.self)
                    })
                pauses.append((next.milliseconds - after(now).milliseconds) / 1000)
                seconds = now + min(pauses[attempt], 30_000)
            }
            #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(pauses.dropLast().max() == 21_600)
            #expect(pauses.prefix(4) == [30, 60, 120, 240])
            #expect(try await database.letters(900_000).isEmpty, "a dead letter is not tried again")
            let state = try await database.read { tx in try Outbox.state(areas: [jinniu], tx) }
            #expect(state.map { "\($0.channel) \($0.waiting) \($0.dead)" } == ["message 0 1"])
            let fault = try await database.read { tx in
                try tx.value("SELECT fault FROM outbox WHERE area = \(jinniu)", as: String.self)
            }
            #expect(fault?.count == 300)
            let dead = try await database.read { tx in try Outbox.dead(areas: [jinniu, licang], limit: 9, tx) }
            #expect(dead.map { "\($0.area) \($0.channel) \($0.fault?.count ?? 0)" } == ["510106 message 300"])
            #expect(try await database.read { tx in try Outbox.deadAreas([jinniu, licang], tx) } == [jinniu])
            let other = ID<Outbox.Letter>(at: after(0)).description
            #expect(
                try await database.write { tx in try Outbox.revive(other, area: jinniu, at: after(900_000), tx) } == 0)

            #expect(try await database.write { tx in try Outbox.revive(area: licang, at: after(900_000), tx) } == 0)
            #expect(try await database.write { tx in try Outbox.revive(area: jinniu, at: after(900_000), tx) } == 1)
            #expect(try await database.letters(900_000).map(\.attempt) == [0])
        }
    }
}
