import Composition
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Cases
@testable import Documents
@testable import Ratings
@testable import Supervision

/// What the pages of cases ask the database, on both engines.
@Suite("Query plans of cases")
struct CasePlanTests {
    private struct Query: Sendable {
        let name: String
        /// The index both engines must use; the key of a table has another name on each.
        let index: String
        let run: @Sendable (AreaCode, Transaction) throws -> Void

        init(_ name: String, _ index: String, _ run: @escaping @Sendable (AreaCode, Transaction) throws -> Void) {
            self.name = name
            self.index = index
            self.run = run
        }
    }

    private static let now = FixedTime.start
    private static let streams = ["a", "b"]

    /// - Parameter place: as on a later page of a list.
    private static func search(
        _ name: String, _ index: String, _ set: @escaping @Sendable (inout CaseFilter) -> Void
    ) -> Query {
        Query("search by \(name)", index) { area, tx in
            var filter = CaseFilter()
            set(&filter)
            _ = try CasesStore.search(filter, area: area, before: (now, "id"), limit: 51, tx)
            _ = try CasesStore.count(filter, area: area, cap: 10_001, tx)
        }
    }

    private static let queries: [Query] = [
        Query("a case by its number", "case_number") { area, tx in
            _ = try CasesStore.line(number: "1", area: area, tx)
        },
        Query("decisions that everybody may read", "case_granted") { area, tx in
            _ = try CasesStore.granted(area: area, before: (now.date, "id"), limit: 51, tx)
        },
        Query("a resident's cases", "case_by_owner") { area, tx in
            _ = try CasesStore.owned(by: "o", area: area, before: (now, "id"), limit: 51, tx)
        },
        search("number", "case_number") { $0.number = "1" },
        search("department and stage", "case_by_stage") { filter in
            (filter.department, filter.stage) = ("market", .received)
        },
        search("item", "case_by_item") { $0.item = "shop" },
        search("stage of several departments", "case_by_stage") { filter in
            (filter.departments, filter.stage) = (["market", "health"], .withdrawn)
        },
        search("one's own department", "case_by_stage") { $0.departments = ["market"] },
        search("items of a name, ended", "case_by_item") { filter in
            (filter.items, filter.stage) = (["shop", "stall"], .refused)
        },
        search("items of a name, under way", "case_by_item") { filter in
            (filter.items, filter.stage, filter.department) = (["shop", "stall"], .received, "market")
        },
        search("words that stand in most names", "") { filter in
            filter.items = (0..<300).map { "item-\($0)" }
        },
        search("day", "case_by_time") { filter in
            (filter.from, filter.until) = (now.date, now.date)
        },
        search("person", "") { $0.streams = streams },
        search("all else and person", "") { filter in
            (filter.streams, filter.from, filter.until) = (streams, now.date, now.date)
            (filter.departments, filter.stage, filter.items) = (["market", "health"], .received, ["shop"])
        },
        Query("statutory limits that are over", "case_by_statutory") { area, tx in
            _ = try CasesStore.breaches(area: area, departments: nil, at: now, limit: 20, tx)
        },
        Query("what residents apply for", "case_by_time") { area, tx in
            _ = try CasesStore.mostUsed(area: area, since: now, limit: 8, tx)
        },
        Query("notes", "case_note_by_stream") { area, tx in _ = try NotesStore.notes(of: "a", area: area, tx) },
        Query("what is urged", "case_note_by_stream") { area, tx in
            _ = try NotesStore.urged(streams, area: area, tx)
        },
        Query("marks", "") { area, tx in _ = try NotesStore.marks(of: "a", area: area, tx) },
        Query("a draft", "") { area, tx in _ = try DraftStore.draft("a", area: area, tx) },
        Query("a resident's drafts", "draft_by_owner") { area, tx in
            _ = try DraftStore.owned(by: "o", area: area, limit: 50, tx)
        },
        Query("drafts that ended", "draft_by_end") { _, tx in _ = try DraftStore.expired(at: now, limit: 500, tx) },
        Query("drafts that end soon", "draft_by_end") { _, tx in
            _ = try DraftStore.ending(before: now, limit: 500, tx)
        },
        Query("cases in other areas", "my_case_by_time") { area, tx in
            _ = try PointerStore.owned(by: "o", bucket: area, limit: 100, tx)
        },
        Query("an answer given before", "") { area, tx in
            _ = try IdempotencyStore.begin(
                "k", client: "c", bodyHash: "h", holder: [], mayTakeOver: false, area: area, at: now, tx)
        },
        Query("documents of a case", "notice_by_stream") { area, tx in
            _ = try DocumentsStore.notices(of: "a", area: area, tx)
        },
        Query("a document by its code", "notice_code") { area, tx in
            _ = try DocumentsStore.notice(code: "c", area: area, tx)
        },
        Query("a file", "") { area, tx in _ = try DocumentsStore.file("a", area: area, tx) },
        Query("files of a forgotten draft", "stored_file_by_vault") { area, tx in
            _ = try DocumentsStore.removeFiles(of: "a", area: area, tx)
        },
        Query("uploads nobody attached", "stored_file_loose") { _, tx in
            _ = try DocumentsStore.loose(before: now, limit: 200, tx)
        },
        Query("bytes with a row", "stored_file_by_address") { _, tx in
            _ = try DocumentsStore.known(streams, tx)
        },
        Query("ratings of a case", "") { area, tx in _ = try RatingsStore.ratings(of: "a", area: area, tx) },
        Query("figures of ratings", "rating_by_time") { area, tx in
            _ = try RatingsStore.figures(area: area, departments: nil, since: now, tx)
        },
        Query("bad ratings", "rating_by_time") { area, tx in
            _ = try RatingsStore.bad(area: area, departments: ["market"], since: now, limit: 50, tx)
        },
        Query("figures of some months", "") { area, tx in
            _ = try LimitStore.bars(area: area, from: "2026-01", until: "2026-03", departments: nil, tx)
        },
        Query("cases behind a figure", "case_fact_by_item") { area, tx in
            _ = try LimitStore.cases(of: "i1", departments: nil, before: (now, "id"), limit: 51, area: area, tx)
        },
        Query("cases for a rehearsal", "case_fact_by_item") { area, tx in
            _ = try LimitStore.ended(of: "i1", limit: 200, area: area, tx)
        },
        Query("decided by one officer", "case_fact_by_officer") { area, tx in
            _ = try LimitStore.decided(by: "o1", around: now, minutes: 10, area: area, tx)
        },
        Query("corrections of a department", "case_fact_by_correction") { area, tx in
            _ = try LimitStore.corrections(of: "d1", since: now, area: area, tx)
        },
        Query("cases counted already", "") { area, tx in _ = try LimitStore.known(streams, area: area, tx) },
        Query("signs to be checked", "finding_open") { area, tx in
            _ = try FindingStore.list(
                settled: false, departments: nil, rule: nil, after: (now, "id"), limit: 51, area: area, tx)
        },
        Query("signs checked", "finding_settled") { area, tx in
            _ = try FindingStore.list(
                settled: true, departments: nil, rule: nil, after: (now, "id"), limit: 51, area: area, tx)
        },
        Query("what journals tell since", "journal_by_time") { area, tx in
            _ = try JournalStore.told(CaseFacts.telling, from: now, limit: 500, area: area, tx)
        },
        Query("a vault", "") { area, tx in _ = try VaultStore.read("a", area: area, slots: ["form"], tx) },
        Query("masks of a list", "") { area, tx in _ = try PartyStore.masks(of: streams, area: area, tx) },
    ]

    /// PostgreSQL chooses by what is there: an empty table is read by any index.
    private static func fill(_ database: any Database) async throws {
        let rows: [SQL] = [
            """
            INSERT INTO case_row (area, id, number, item, department, stage, owner, channel, opened_at, statutory_at, changed_at)
            SELECT '510106', 'c' || n, 'n' || n, 'i' || n % 50, 'd' || n % 20, 's' || n % 8, 'o' || n % 900, 'web', n, n, n
            FROM generate_series(1, 5000) AS n
            """,
            """
            INSERT INTO notice (area, id, stream, kind, code, organ, title, state, issued_at)
            SELECT '510106', 'n' || n, 'c' || n / 3, 'receipt', 'k' || n, 'o', 't', 'valid', n
            FROM generate_series(1, 5000) AS n
            """,
            """
            INSERT INTO stored_file (area, id, vault, address, size, type, scanned, attached, created_at)
            SELECT '510106', 'f' || n, 'c' || n / 4, 'a' || n, 1, 'pdf', 1, CASE WHEN n % 50 = 0 THEN 0 ELSE 1 END, n
            FROM generate_series(1, 5000) AS n
            """,
            """
            INSERT INTO draft (area, id, owner, bucket, subject, item, item_version, version, created_at, changed_at,
                               expires_at, warned)
            SELECT '510106', 'd' || n, 'o' || n % 900, '@01', 's', 'i', 1, 1, n, n, \(now.milliseconds - 500) + n, 1
            FROM generate_series(1, 5000) AS n
            """,
            """
            INSERT INTO case_note (area, id, stream, author, at, slot, urges)
            SELECT '510106', 'n' || n, 'c' || n / 3, 'a', n, 's', 0 FROM generate_series(1, 5000) AS n
            """,
            """
            INSERT INTO my_case (area, account, case_area, id, number, item, opened_at)
            SELECT '510106', 'o' || n % 900, '510106', 'c' || n, 'n', 'i', n FROM generate_series(1, 5000) AS n
            """,
        ]
        let more: [SQL] = [
            """
            INSERT INTO case_fact (area, id, number, item, department, month, at, used, late, officer, corrected, last_day)
            SELECT '510106', 'c' || n, 'n' || n, 'i' || n % 50, 'd' || n % 20, '2026-03', \(now.milliseconds - 2500) + n,
                   n % 9, 0, 'o' || n % 90, CASE WHEN n % 10 = 0 THEN 1 ELSE 0 END, 0
            FROM generate_series(1, 5000) AS n
            """,
            """
            INSERT INTO finding (area, id, rule, stream, number, item, department, at, facts, settled_at)
            SELECT '510106', 'f' || n, 'r', 'c' || n, 'n', 'i', 'd', \(now.milliseconds - 2500) + n, '{}',
                   CASE WHEN n % 2 = 0 THEN \(now.milliseconds - 2500) + n END
            FROM generate_series(1, 5000) AS n
            """,
            """
            INSERT INTO journal (area, cohort, stream, seq, at, actor, request, name, data, previous, hash)
            SELECT '510106', 2026, 'x' || n, 1, \(now.milliseconds - 4500) + n, '{}', 'r',
                   CASE WHEN n % 5 = 0 THEN 'approved' ELSE 'assigned' END, '{}', 'p', 'h'
            FROM generate_series(1, 5000) AS n
            """,
        ]
        try await database.write { tx in
            for row in rows + more { try tx.execute(row) }
            for table in [
                "case_fact", "finding", "journal", "case_row", "notice", "stored_file", "draft", "case_note", "my_case",
            ] as [SQL] {
                try tx.execute("ANALYZE \(table)")
            }
        }
    }

    @Test("Every list, look and sweep of cases searches by an index", arguments: Backend.all)
    func plans(_ backend: Backend) async throws {
        let dialect: SQLDialect = backend == .sqlite ? .sqlite : .postgres
        let area = try #require(AreaCode(Office.area))
        try await Office.open(backend) { office in
            let database = office.house.database
            if dialect == .postgres { try await Self.fill(database) }
            for query in Self.queries {
                let recorder = Recorder()
                _ = try? query.run(area, Transaction(dialect: dialect, runner: recorder))
                let asked = recorder.statements.filter { !$0.text.hasPrefix("INSERT") }
                try #require(query.name == "an answer given before" || !asked.isEmpty, "\(query.name)")
                for statement in asked {
                    let sql = statement.explained(dialect)
                    let plan = try await database.write { tx -> [String] in
                        guard dialect == .postgres else {
                            return try tx.rows(sql, as: Int.self, Int.self, Int.self, String.self).map { $0.3 }
                        }
                        // An empty table is read faster than its index; the question is whether an index fits.
                        try tx.execute("SET LOCAL enable_seqscan = off")
                        return try tx.values(sql, as: String.self)
                    }
                    #expect(
                        !plan.contains { line in
                            // What was found already is gone through: some pages of keys, never a table.
                            line.hasPrefix("SCAN ")
                                && !["found", "recent", "merged", "part"].contains { line.contains($0) }
                        },
                        "\(query.name): \(plan)")
                    #expect(!plan.contains { $0.contains("Seq Scan") }, "\(query.name): \(plan)")
                    let isUsed = query.index.isEmpty || plan.contains { $0.contains(query.index) }
                    #expect(isUsed, "\(query.name): \(plan)")
                    if query.name.hasSuffix("person"), dialect == .sqlite {
                        #expect(plan.contains { $0.contains("(area=? AND id=?)") }, "\(query.name): \(plan)")
                    }
                    let isMerged = statement.text.contains("UNION ALL")
                    if isMerged, dialect == .sqlite {
                        let reads = plan.filter { $0.hasPrefix("SEARCH case_row") && !$0.contains("id=?") }
                        #expect(
                            reads.allSatisfy { $0.contains("COVERING INDEX \(query.index)") }, "\(query.name): \(plan)")
                        #expect(reads.count > 1, "\(query.name): \(plan)")
                    }
                    let sorts = plan.contains { $0.contains("TEMP B-TREE FOR ORDER BY") || $0.contains("Sort  ") }
                    if query.name.hasPrefix("search by"),
                        !["number", "person", "names"].contains(where: query.name.hasSuffix),
                        !isMerged
                    {
                        #expect(!sorts, "\(query.name) is read in its order: \(plan)")
                    }
                }
            }
        }
    }
}
