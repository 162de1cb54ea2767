import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("Figures of the board and the desk")
struct TaskFiguresTests {
    private static let now = after(10_000)

    /// Two queues in one area with every light, one of them in another area too.
    private func fill(_ database: any Database) async throws {
        try await database.write { tx in
            func open(
                _ queue: String, _ number: Int, area: AreaCode = jinniu, warn: Int64, due: Moment,
                to person: String? = nil
            ) throws {
                try TaskStore.open(
                    TaskSpec(
                        step: number % 2 == 0 ? "accept" : "review", queue: queue, assignee: person,
                        warnAt: after(warn), dueAt: due),
                    area: area, stream: "s-\(area.text)-\(queue)-\(number)",
                    labels: ("N-\(number)", number % 2 == 0 ? "food" : "lift"),
                    at: after(Int64(number)), tx)
            }
            for number in 0..<3 { try open("a/clerk", number, warn: 4_000, due: after(5_000)) }
            for number in 3..<5 { try open("a/clerk", number, warn: 9_000, due: after(20_000), to: "anna") }
            for number in 5..<9 { try open("b/clerk", number, warn: 15_000, due: after(20_000)) }
            try open("b/clerk", 9, warn: 15_000, due: Light.paused)
            try open("a/clerk", 10, area: licang, warn: 4_000, due: after(5_000))
        }
    }

    @Test("A figure's rows are those of its light, its queues and its area, page after page", arguments: Backend.all)
    func supervised(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await fill(database)
            let expected: [(Light, [String]?, Int)] = [
                (.red, nil, 3), (.yellow, nil, 2), (.green, nil, 4), (.grey, nil, 1), (.red, ["b/clerk"], 0),
                (.green, ["b/clerk"], 4),
                (.yellow, ["a/clerk", "b/clerk"], 2), (.red, [], 0),
            ]
            for (light, queues, count) in expected {
                let rows = try await database.read { tx in
                    try TaskStore.supervised(area: jinniu, queues: queues, light: light, now: Self.now, limit: 100, tx)
                }
                #expect(rows.count == count, "\(light) \(queues ?? ["all"])")
                for row in rows { #expect(Light(warnAt: row.warnAt, dueAt: row.dueAt, now: Self.now) == light) }
            }
            let (all, pages) = try await database.read { tx in
                let all = try TaskStore.supervised(area: jinniu, queues: nil, now: Self.now, limit: 100, tx)
                var pages: [TaskRow] = []
                while true {
                    let page = try TaskStore.supervised(
                        area: jinniu, queues: nil, now: Self.now, after: pages.last.map { ($0.dueAt, $0.id) }, limit: 3,
                        tx)
                    if page.isEmpty { return (all, pages) }
                    pages += page
                }
            }
            #expect(all.count == 10)
            #expect(pages == all)
        }
    }

    @Test("New tasks are those of my queues and those given to me", arguments: Backend.all)
    func arrivals(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await fill(database)
            func count(_ queues: [String], _ person: String, since: Int64) async throws -> Int {
                try await database.read { tx in
                    try TaskStore.arrivals(area: jinniu, queues: queues, person: person, since: after(since), tx)
                }
            }
            #expect(try await count(["a/clerk"], "bo", since: 0) == 2)
            #expect(try await count(["a/clerk"], "anna", since: 0) == 4)
            #expect(try await count([], "anna", since: 3) == 1)
            #expect(try await count(["a/clerk", "b/clerk"], "bo", since: 8) == 1)
            let items = try await database.read { tx in
                try TaskStore.items(area: jinniu, queues: ["a/clerk"], person: "bo", tx)
            }
            #expect(items == ["food", "lift"])
        }
    }
}
