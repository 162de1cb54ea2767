import Kernel
import TestKit
import Testing

@testable import Storage

@Suite("Slow statements")
struct SlowStatementTests {
    private let now = FixedTime.start

    @Test("Only what took long is kept, the slowest first, each text once")
    func slowest() {
        let slow = SlowStatements(threshold: .milliseconds(100))
        slow.note("quick", took: .milliseconds(99), at: now)
        slow.note("a", took: .milliseconds(100), at: now.adding(seconds: 2))
        slow.note("b", took: .milliseconds(300), at: now)
        slow.note("a", took: .milliseconds(200), at: now.adding(seconds: 1))
        #expect(slow.slowest.map(\.text) == ["b", "a"])
        #expect(slow.slowest.map(\.count) == [1, 2])
        #expect(slow.slowest.map(\.longest) == [.milliseconds(300), .milliseconds(200)])
        #expect(slow.slowest.last?.lastAt == now.adding(seconds: 2))
    }

    @Test("The record does not grow beyond its measure, and keeps the slowest")
    func bounded() {
        let slow = SlowStatements(threshold: .zero, capacity: 10)
        for number in 0..<1000 { slow.note("s\(number)", took: .milliseconds((number * 7919) % 1000), at: now) }
        #expect(slow.slowest.count == 10)
        #expect(slow.slowest.first?.longest == .milliseconds(999))
        #expect(slow.slowest.map(\.longest) == (990...999).reversed().map { .milliseconds($0) })
    }

    @Test("A watched database tells what its statements took, without their values", arguments: Backend.all)
    func watched(_ backend: Backend) async throws {
        try await withDatabase(
            backend,
            migrations: [Migration("test.001", ["CREATE TABLE thing (area TEXT NOT NULL, name TEXT NOT NULL)"])]
        ) { database in
            let slow = SlowStatements(threshold: .zero)
            let watched = WatchedDatabase(database, slow: slow)
            try await watched.write { tx in
                try tx.execute("INSERT INTO thing (area, name) VALUES (\("510106"), \("secret"))")
            }
            let names = try await watched.read { tx in
                try tx.values("SELECT name FROM thing WHERE area = \("510106")", as: String.self)
            }
            #expect(names == ["secret"])
            let texts = slow.slowest.map(\.text)
            #expect(texts.count == 2)
            #expect(texts.allSatisfy { !$0.contains("secret") && !$0.contains("510106") })
            // Who is not watched is not recorded.
            _ = try await database.read { tx in try tx.values("SELECT area FROM thing", as: String.self) }
            #expect(slow.slowest.count == 2)
            await #expect(throws: StorageError.self) { try await watched.read { tx in _ = try tx.execute("SELEC") } }
        }
    }
}
