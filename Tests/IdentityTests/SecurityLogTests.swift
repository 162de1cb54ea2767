import Kernel
import Storage
import TestKit
import Testing
import Web

@testable import Identity

@Suite("The security log")
struct SecurityLogTests {
    private func record(_ kind: String, subject: String, by staff: String, _ house: House) async throws {
        let doing = house.doing(as: staff)
        try await house.database.write { tx in
            try SecurityLog.record(kind, subject: subject, area: house.area, doing, tx)
        }
    }

    @Test("Filtered by time, kind and person; pages neither repeat nor miss an entry", arguments: Backend.all)
    func filters(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            let begin = house.time.now
            for number in 0..<60 {
                try await record(
                    number.isMultiple(of: 3) ? "sign-in.failed" : "sign-in.done", subject: "s\(number % 4)",
                    by: number.isMultiple(of: 2) ? "a" : "s1", house)
                // Several in one millisecond: the id decides.
                if number.isMultiple(of: 5) { house.time.advance(seconds: 60) }
            }
            func all(_ filter: SecurityLog.Filter, page: Int = 7) async throws -> [SecurityEvent] {
                var found: [SecurityEvent] = []
                while true {
                    let place = found.last.map { SecurityLog.Place(at: $0.at, id: $0.id) }
                    let next = try await house.database.read { tx in
                        try SecurityLog.list(filter, area: house.area, before: place, limit: page, tx)
                    }
                    found += next
                    if next.count < page { return found }
                }
            }
            let whole = try await all(.init())
            #expect(whole.count == 60 && Set(whole.map(\.id)).count == 60)
            #expect(whole.map(\.at.milliseconds) == whole.map(\.at.milliseconds).sorted(by: >))
            let failed = try await all(.init(kinds: ["sign-in.failed"]))
            #expect(failed.map(\.id) == whole.filter { $0.kind == "sign-in.failed" }.map(\.id))
            let both = try await all(.init(kinds: ["sign-in.failed", "sign-in.done"]))
            #expect(both.map(\.id) == whole.map(\.id))
            let person = try await all(.init(subjects: ["s1"], actors: ["staff:s1"]))
            #expect(person.map(\.id) == whole.filter { $0.subject == "s1" || $0.actor == "staff:s1" }.map(\.id))
            let narrow = try await all(
                .init(
                    from: begin.adding(seconds: 60), to: begin.adding(seconds: 300), kinds: ["sign-in.done"],
                    actors: ["staff:a"]))
            #expect(
                narrow.map(\.id)
                    == whole.filter {
                        $0.actor == "staff:a" && $0.kind == "sign-in.done" && $0.at >= begin.adding(seconds: 60)
                            && $0.at < begin.adding(seconds: 300)
                    }.map(\.id))
            #expect(!narrow.isEmpty)
        }
    }

    @Test("Kept as long as the rule says and never less than six months", arguments: Backend.all)
    func retention(_ backend: Backend) async throws {
        try await withHouse(backend) { house in
            try await house.hire("audit", [(.auditor, "")])
            for number in 0..<1203 { try await record("sign-in.done", subject: "s\(number)", by: "a", house) }
            for months in [nil, 5, 0, -1, 121] as [Int?] {
                await #expect(throws: DomainError.self) {
                    try await house.identity.setRetention(months, house.area, house.doing(as: "audit"))
                }
            }
            house.time.advance(days: 190)
            try await house.identity.sweepLog(at: house.time.now)
            #expect(try await house.log().count == 500)
            try await house.identity.setRetention(6, house.area, house.doing(as: "audit"))
            try await house.identity.sweepLog(at: house.time.now)
            // What is left is that the rule was changed.
            #expect(try await house.log().map(\.kind) == ["retention.shortened"])
        }
    }

    @Test("Everything that is written down has a name and a group")
    func kinds() throws {
        let kinds = EventKinds.groups.flatMap(\.kinds)
        #expect(Set(kinds).count == kinds.count)
        #expect(EventKinds.kinds(of: "door").contains("sign-in.failed"))
        #expect(EventKinds.kinds(of: "check.looked") == ["check.looked"])
        #expect(EventKinds.kinds(of: "nonsense").isEmpty)
    }
}
