import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("The inbox")
struct InboxTests {
    private static let queues = ["market/clerk", "market/reviewer", "health/clerk", "health/approver"]
    private static let people = ["anna", "bo", "chen"]
    private static let now = after(10_000)

    /// Two areas full of tasks; many with the same end, so that only the id tells them apart.
    private func fill(_ database: any Database) async throws -> [TaskRow] {
        try await database.write { tx in
            var dice = Dice(5)
            for number in 0..<600 {
                let end = after(Int64(dice.roll(40)) * 500)
                // Some stand still; their time of warning has passed all the same.
                let due = dice.roll(10) == 0 ? Light.paused : end
                let spec = TaskSpec(
                    step: ["accept", "review"][dice.roll(2)], queue: Self.queues[dice.roll(4)],
                    assignee: dice.roll(3) == 0 ? Self.people[dice.roll(3)] : nil,
                    warnAt: end.adding(seconds: -Int64(dice.roll(4)) * 1000), dueAt: due)
                try TaskStore.open(
                    spec, area: number % 6 == 0 ? licang : jinniu, stream: "t-\(number)",
                    labels: ("N-\(number)", ["shop", "food", "lift"][dice.roll(3)]), at: after(Int64(number)), tx)
            }
        }
        return try await database.read { tx in
            var rows: [TaskRow] = []
            for number in 0..<600 { rows += try TaskStore.tasks(of: "t-\(number)", area: jinniu, tx) }
            return rows
        }
    }

    private func naive(
        _ all: [TaskRow], _ person: String, _ queues: [String], _ view: TaskStore.View, item: String? = nil,
        step: String? = nil
    ) -> [TaskRow] {
        all.filter { row in
            let mine = row.assignee == person
            let waiting = row.assignee == nil && queues.contains(row.queue)
            let light = Light(warnAt: row.warnAt, dueAt: row.dueAt, now: Self.now)
            let shown =
                switch view {
                case .mine: mine
                case .waiting: waiting
                case .all: mine || waiting
                case .warned: (mine || waiting) && light == .yellow
                case .overdue: (mine || waiting) && light == .red
                case .handed: false
                }
            return shown && (item == nil || row.item == item) && (step == nil || row.step == step)
        }.sorted { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }
    }

    @Test("Every view shows what it says, by its end, page after page", arguments: Backend.all)
    func views(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let all = try await fill(database)
            #expect(all.count == 500)
            for queues in [[], ["market/clerk"], ["market/clerk", "market/reviewer", "health/approver"], Self.queues] {
                for view in TaskStore.View.allCases {
                    for (item, step) in [(nil, nil), ("shop", nil), (nil, "review"), ("food", "accept")]
                        as [(String?, String?)]
                    {
                        let expected = naive(all, "anna", queues, view, item: item, step: step)
                        let found = try await pages(database, queues, view, item: item, step: step)
                        #expect(found == expected, "\(queues) \(view) \(item ?? "") \(step ?? "")")
                    }
                    let expected = naive(all, "anna", queues, view).count
                    let count = try await database.read { tx in
                        try TaskStore.count(area: jinniu, queues: queues, person: "anna", view: view, now: Self.now, tx)
                    }
                    #expect(count == min(100, expected), "\(queues) \(view)")
                }
            }
        }
    }

    /// All pages of seven.
    private func pages(
        _ database: any Database, _ queues: [String], _ view: TaskStore.View, item: String?, step: String?
    ) async throws -> [TaskRow] {
        try await database.read { tx in
            var rows: [TaskRow] = []
            while true {
                let page = try TaskStore.inbox(
                    area: jinniu, queues: queues, person: "anna", view: view, item: item, step: step, now: Self.now,
                    after: rows.last.map { ($0.dueAt, $0.id) }, limit: 7, tx)
                #expect(page.count <= 7)
                rows += page
                if page.count < 7 { return rows }
            }
        }
    }

    @Test("The board counts every open task of the area by queue, step and light", arguments: Backend.all)
    func board(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let all = try await fill(database)
            let board = try await database.read { tx in try TaskStore.board(area: jinniu, now: Self.now, tx) }
            let groups = Dictionary(grouping: all) { "\($0.queue) \($0.step)" }
            #expect(board.map { "\($0.queue) \($0.step)" } == groups.keys.sorted())
            for line in board {
                let rows = groups["\(line.queue) \(line.step)"] ?? []
                func count(_ light: Light) -> Int {
                    rows.count { Light(warnAt: $0.warnAt, dueAt: $0.dueAt, now: Self.now) == light }
                }
                #expect(line.red == count(.red))
                #expect(line.yellow == count(.yellow))
                #expect(line.grey == count(.grey))
                #expect(line.all == rows.count)
            }
        }
    }

    @Test("A deputy gets all tasks of the one who is away", arguments: Backend.all)
    func handOver(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            let all = try await fill(database)
            let given = try await database.write { tx in
                try TaskStore.handOver(area: jinniu, from: "anna", to: "bo", tx)
            }
            #expect(given == all.count { $0.assignee == "anna" })
            let mine = try await database.read { tx in
                try TaskStore.inbox(area: jinniu, queues: [], person: "bo", view: .mine, now: Self.now, limit: 1000, tx)
            }
            #expect(mine.count == all.count { $0.assignee == "anna" || $0.assignee == "bo" })
        }
    }

    @Test("What I handed on stays in sight until it is taken back or done", arguments: Backend.all)
    func handedOn(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await database.write { tx in
                for number in 0..<5 {
                    try TaskStore.open(
                        TaskSpec(
                            step: "accept", queue: "market/clerk", assignee: "anna", warnAt: after(0),
                            dueAt: after(Int64(100 - number))),
                        area: jinniu, stream: "h-\(number)", labels: ("N-\(number)", "shop"), at: after(0), tx)
                }
            }
            func handed(_ person: String) async throws -> [String] {
                try await database.read { tx in
                    try TaskStore.inbox(
                        area: jinniu, queues: ["market/clerk"], person: person, view: .handed, now: Self.now, limit: 9,
                        tx
                    ).map(\.stream)
                }
            }
            func give(_ number: Int, to person: String?, by giver: String) async throws {
                try await database.effects([.assignTasks(person, by: giver)], on: "h-\(number)")
            }
            #expect(try await handed("anna").isEmpty)
            for number in 0..<4 { try await give(number, to: number == 3 ? nil : "bo", by: "anna") }
            #expect(try await handed("anna") == ["h-3", "h-2", "h-1", "h-0"], "by their end")
            #expect(try await handed("bo").isEmpty)

            // A colleague takes what went back to the queue: it is still handed on. Taken back, it is not.
            try await give(3, to: "chen", by: "chen")
            try await give(2, to: nil, by: "bo")
            try await give(2, to: "anna", by: "anna")
            try await database.effects([.closeTasks(step: nil)], on: "h-1")
            #expect(try await handed("anna") == ["h-3", "h-0"])
            #expect(try await handed("bo") == ["h-2"])
            // Who hands it further is the last to have handed it on.
            try await give(0, to: "chen", by: "bo")
            #expect(try await handed("anna") == ["h-3"])
            // My own taking back of what I handed on.
            try await give(3, to: nil, by: "chen")
            try await give(3, to: "chen", by: "chen")
            #expect(try await handed("chen").isEmpty)
        }
    }
}
