import Foundation
import Kernel
import Storage
import TestKit
import Testing

@testable import Workflow

@Suite("Query plans")
struct PlanTests {
    private static let now = after(0)

    private struct Query: Sendable {
        let name: String
        /// Part of an index's name that PostgreSQL must use as well; empty where any index will do.
        let index: String
        let run: @Sendable (Transaction) throws -> Void
    }

    private static func index(of view: TaskStore.View) -> String {
        switch view {
        case .mine: "task_assigned"
        case .warned: "task_warned"
        default: "task_waiting"
        }
    }

    private static let queries: [Query] =
        TaskStore.View.allCases.filter { $0 != .handed }.map { view in
            // With a step PostgreSQL may as well take the index that has it.
            Query(name: "inbox \(view)", index: view == .warned ? "task_" : Self.index(of: view)) { tx in
                _ = try TaskStore.inbox(
                    area: jinniu, queues: ["a/clerk", "b/clerk"], person: "anna", view: view, item: "shop",
                    step: "accept",
                    now: now, after: (now, "id"), limit: 51, tx)
            }
        }
        + TaskStore.View.allCases.filter { $0 != .handed }.map { view in
            Query(name: "count \(view)", index: Self.index(of: view)) { tx in
                _ = try TaskStore.count(
                    area: jinniu, queues: ["a/clerk", "b/clerk"], person: "anna", view: view, now: now, tx)
            }
        } + [
            Query(name: "handed on", index: "task_handed") { tx in
                _ = try TaskStore.inbox(
                    area: jinniu, queues: ["a/clerk"], person: "anna", view: .handed, now: now, after: (now, "id"),
                    limit: 51, tx)
            },
            // It counts the whole area: there any index does, and on SQLite the one that holds all it counts.
            Query(name: "board", index: "task_") { tx in
                _ = try TaskStore.board(area: jinniu, now: now, tx)
            },
            Query(name: "figure of a department", index: "task_by_due") { tx in
                _ = try TaskStore.supervised(
                    area: jinniu, queues: ["a/clerk", "a/reviewer"], light: .yellow, now: now, after: (now, "id"),
                    limit: 51, tx)
            },
            Query(name: "figure of the area", index: "task_by_due") { tx in
                _ = try TaskStore.supervised(area: jinniu, queues: nil, light: .red, now: now, limit: 51, tx)
            },
            Query(name: "queues", index: "task_") { tx in _ = try TaskStore.queues(area: jinniu, tx) },
            Query(name: "figure", index: "task_by_") { tx in
                _ = try TaskStore.supervised(
                    area: jinniu, queues: ["a/clerk"], step: "accept", light: .red, now: now, limit: 51, tx)
            },
            Query(name: "arrivals", index: "task_") { tx in
                _ = try TaskStore.arrivals(
                    area: jinniu, queues: ["a/clerk", "b/clerk"], person: "anna", since: now, tx)
            },
            Query(name: "items of an inbox", index: "task_items") { tx in
                _ = try TaskStore.items(area: jinniu, queues: ["a/clerk", "b/clerk"], person: "anna", tx)
            },
            Query(name: "tasks of a case", index: "task_by_stream") { tx in
                _ = try TaskStore.tasks(of: "t", area: jinniu, tx)
            },
            Query(name: "due timers", index: "timer_next") { tx in _ = try TimerStore.due(at: now, limit: 100, tx) },
            Query(name: "timers of an older calendar", index: "timer_by_calendar") { tx in
                _ = try TimerStore.countedBefore(7, kind: "case", area: jinniu, limit: 100, tx)
            },
            Query(name: "timers of a case", index: "timer_name") { tx in
                _ = try TimerStore.timers(of: "t", area: jinniu, tx)
            },
            Query(name: "a proceeding with its next timer", index: "timer_name") { tx in
                _ = try tallies.state(of: "a", area: jinniu, tx)
            },
            Query(name: "a vault with its parts", index: "sealed_part_pkey") { tx in
                _ = try VaultStore.read("a", area: jinniu, slots: ["form"], tx)
            },
            Query(name: "due letters", index: "outbox_next") { tx in
                _ = try Outbox.due(channel: "message", at: now, limit: 100, tx)
            },
            Query(name: "dead letters", index: "outbox_dead") { tx in
                _ = try Outbox.dead(areas: [jinniu, licang], limit: 50, tx)
            },
            Query(name: "areas with dead letters", index: "outbox_dead") { tx in
                _ = try Outbox.deadAreas([jinniu, licang], tx)
            },
            Query(name: "journal of a case", index: "journal_pkey") { tx in
                _ = try JournalStore.entries(of: "t", area: jinniu, cohort: 2026, tx)
            },
            Query(name: "look-up", index: "lookup_pkey") { tx in
                _ = try PartyStore.find("name", [(1, "mac")], area: jinniu, limit: 10, tx)
            },
            Query(name: "looks", index: "access_log_by_stream") { tx in
                _ = try AccessLog.looks(at: "t", area: jinniu, limit: 10, tx)
            },
        ]

    /// As many tasks and timers as make an index worth choosing, of many proceedings.
    private func fill(_ database: any Database) async throws {
        try await database.write { tx in
            try tx.execute(
                """
                INSERT INTO task (area, id, stream, queue, assignee, number, item, step, opened_at, warn_at, due_at, handed_by)
                SELECT '510106', 'task-' || n, 's-' || n, CASE WHEN n % 9 = 0 THEN 'a/clerk' ELSE 'q-' || n % 97 END,
                       CASE WHEN n % 3 = 0 THEN NULL ELSE 'p-' || n % 89 END, 'N', 'shop', 'accept', n,
                       \(Self.now.milliseconds) - 3000000 + n * 1000, \(Self.now.milliseconds) - 2000000 + n * 1000,
                       CASE WHEN n % 11 = 0 THEN 'p-' || n % 89 END
                FROM generate_series(1, 4000) AS n
                """)
            try tx.execute(
                """
                INSERT INTO timer (area, id, stream, kind, name, started_at, amount, used, calendar_version, warn_at,
                                   due_at, paused_at, next_at, attempt)
                SELECT '510106', 'timer-' || n, 's-' || n, 'case', 'promised', n, '5wd', 0, 7 + n % 2, n, n, NULL, n, 0
                FROM generate_series(1, 4000) AS n
                """)
            try tx.execute("ANALYZE task")
            try tx.execute("ANALYZE timer")
        }
    }

    /// The statement as it was, with its values, behind EXPLAIN.
    private func explained(_ statement: ResolvedSQL, _ dialect: SQLDialect) -> SQL {
        var sql: SQL = dialect == .sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
        var text = Substring(statement.text)
        for (index, bind) in statement.binds.enumerated() {
            let mark = (dialect == .sqlite ? "?" : "$") + String(index + 1)
            guard let place = text.range(of: mark) else { continue }
            sql += SQL(stringLiteral: String(text[..<place.lowerBound]))
            switch bind {
            case .integer(let value): sql += "\(value)"
            case .text(let value): sql += "\(value)"
            case .null, .real, .blob: sql += "NULL"
            }
            text = text[place.upperBound...]
        }
        return sql + SQL(stringLiteral: String(text))
    }

    @Test("SQLite searches by an index, and never walks over what others have to do")
    func sqlite() async throws {
        try await withOffice(.sqlite) { database in
            for query in Self.queries {
                let recorder = Recorder()
                try query.run(Transaction(dialect: .sqlite, runner: recorder))
                try #require(!recorder.statements.isEmpty)
                for statement in recorder.statements {
                    let sql = explained(statement, .sqlite)
                    let plan = try await database.read { tx in
                        try tx.rows(sql, as: Int.self, Int.self, Int.self, String.self).map { $0.3 }
                    }
                    #expect(plan.contains { $0.hasPrefix("SEARCH") }, "\(query.name): \(plan)")
                    for line in plan {
                        for table in ["task", "timer", "outbox", "journal", "lookup", "access_log"] {
                            #expect(!line.hasPrefix("SCAN \(table)"), "\(query.name): \(line)")
                        }
                    }
                    if query.name == "board" {
                        #expect(
                            plan.allSatisfy { !$0.hasPrefix("SEARCH task") || $0.contains("COVERING") }, "\(plan)")
                        let index =
                            statement.text.contains("warn_at")
                            ? "task_warned" : statement.text.contains("due_at") ? "task_by_due" : "task_by_queue"
                        #expect(plan.contains { $0.contains(index) }, "\(plan)")
                    }
                    if query.name == "items of an inbox" {
                        #expect(plan.contains { $0.contains("task_items (area=? AND <expr>=? AND item>?)") }, "\(plan)")
                    }
                    if query.name == "arrivals" {
                        #expect(
                            plan.contains { $0.contains("sqlite_autoindex_task_1 (area=? AND id>?)") }, "\(plan)")
                    }
                    if query.name.hasPrefix("count") || query.name == "queues" {
                        #expect(
                            plan.allSatisfy { !$0.hasPrefix("SEARCH task") || $0.contains("COVERING") },
                            "\(query.name) reads no rows: \(plan)")
                    }
                    if query.name.hasPrefix("figure of") {
                        #expect(plan.contains { $0.contains("task_by_due") }, "\(query.name): \(plan)")
                        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(query.name): \(plan)")
                    }
                    if query.name.hasPrefix("inbox"), query.name != "inbox mine" {
                        let index = query.name == "inbox warned" ? "task_warned" : "task_waiting"
                        #expect(plan.contains { $0.contains(index) }, "\(query.name): \(plan)")
                    }
                    if query.name.hasPrefix("inbox"), query.name != "inbox waiting" {
                        #expect(plan.contains { $0.contains("task_assigned") }, "\(query.name): \(plan)")
                    }
                }
            }
        }
    }

    @Test("PostgreSQL has an index for each of them", arguments: Backend.all.filter { $0 == .postgres })
    func postgres(_ backend: Backend) async throws {
        try await withOffice(backend) { database in
            try await fill(database)
            for query in Self.queries {
                let recorder = Recorder()
                try query.run(Transaction(dialect: .postgres, runner: recorder))
                for statement in recorder.statements {
                    let sql = explained(statement, .postgres)
                    // An empty table is read faster than its index; the question is whether an index fits.
                    let plan = try await database.write { tx in
                        try tx.execute("SET LOCAL enable_seqscan = off")
                        // Of so few rows a bitmap of a lesser index costs nearly the same.
                        try tx.execute("SET LOCAL enable_bitmapscan = off")
                        return try tx.values(sql, as: String.self)
                    }
                    #expect(!plan.contains { $0.contains("Seq Scan") }, "\(query.name): \(plan)")
                    #expect(plan.contains { $0.contains(query.index) }, "\(query.name): \(plan)")
                }
            }
        }
    }
}
