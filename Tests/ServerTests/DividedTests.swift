import Cases
import Catalogue
import Composition
import Documents
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

/// The main job where areas lie apart: every table divided by its area, and no unit of work in two areas.
@Suite("Divided by area")
struct DividedTests {
    private static let parts = Partitions(4)

    /// What looks over all areas, on purpose: a worker finds what is due or ran out and then acts in its area, the operator's
    /// page asks since when, and somebody chooses an area. Nothing else may.
    private static let acrossAreas: Set<String> = [
        "SELECT area, id, channel, dedup, payload, attempt FROM outbox",
        "SELECT area, id, stream, kind, attempt FROM timer WHERE next_at",
        "SELECT MIN(next_at) FROM timer WHERE next_at", "SELECT area, id FROM draft WHERE expires_at",
        "SELECT area, id, owner, bucket, item, expires_at FROM draft WHERE",
        "SELECT DISTINCT area FROM idempotency WHERE at", "SELECT area, id FROM case_row WHERE forget_at",
        "SELECT area, name FROM area_profile ORDER BY area",
    ]

    /// Whose rows lie in the buckets `@00`…`@63` after this job: what belongs to no county (docs/architecture.md).
    private static let inBuckets: Set<String> = [
        "account", "consent", "login", "lookup", "mandate", "message", "my_case", "schema_migration", "sealed_part",
        "security_event", "session", "vault",
    ]

    @Test("The main job runs with every table divided, each unit of work in one area", arguments: Backend.all)
    func mainJob(_ backend: Backend) async throws {
        let tape = Tape()
        try await Office.open(backend, partitions: Self.parts, tape: tape) { office in
            let road = try await Road(office)
            tape.rewind()
            let commands = try await Self.commands(road, tape)
            #expect(commands.count > 25)
            for unit in commands { Self.expectOneArea(unit, within: [Office.area]) }

            try await Self.letters(office)
            let letters = tape.rewind()
            #expect(letters.filter(\.isWrite).count > 10)
            for unit in letters where unit.isWrite { Self.expectOneArea(unit) }

            try await Self.pages(road)
            let pages = tape.rewind()
            #expect(pages.count > 40)
            for unit in pages where unit.isWrite { Self.expectOneArea(unit) }

            let unbound = Set(
                (commands + letters + pages).flatMap(\.statements).filter {
                    $0.touchesTables && $0.areas.isEmpty
                }.map { $0.beginning() })
            let unforeseen = unbound.filter { text in !Self.acrossAreas.contains { text.hasPrefix($0) } }
            #expect(unforeseen.isEmpty)
            for known in Self.acrossAreas { #expect(unbound.contains { $0.hasPrefix(known) }, "\(known)") }

            #expect(try await office.house.verifier.run().faults.isEmpty)
            try await Self.expectBuckets(office)
            guard backend == .postgres else { return }
            try await Self.expectDivided(office)
            try await Self.expectPruned(commands + letters.filter(\.isWrite) + pages, office)
        }
    }

    @Test("What changes the journal is refused in its parts too", arguments: ["journal", "anchor", "directory_edit"])
    func appendOnly(_ table: String) async throws {
        guard Backend.all.contains(.postgres) else { return }
        try await Office.open(.postgres, partitions: Self.parts) { office in
            for name in [table, "\(table)_part1"] {
                await #expect(throws: StorageError.self, "\(name)") {
                    try await office.house.database.write { tx in try tx.execute("TRUNCATE \(try SQL.name(name))") }
                }
            }
        }
    }

    // MARK: The job

    /// Every command of the road with its turnings; answers the units that wrote.
    private static func commands(_ road: Road, _ tape: Tape) async throws -> [Tape.Unit] {
        let cases = road.cases
        let done = try await road.submit()
        try await cases.claim(done, road.clerk, road.occasion(road.clerk))
        try await cases.accept(done, road.clerk, road.occasion(road.clerk))
        try await cases.passReview(done, opinion: "符合条件", road.reviewer, road.occasion(road.reviewer))
        try await cases.sendBack(done, reason: "再核对", road.approver, road.occasion(road.approver))
        try await cases.passReview(done, opinion: "已核对", road.reviewer, road.occasion(road.reviewer))
        try await cases.approve(done, road.approver, road.occasion(road.approver))
        try await cases.complete(done, delivery: "electronic", road.clerk, road.occasion(road.clerk))
        let corrected = try await road.submit()
        try await cases.requestCorrection(
            corrected, points: [.init(id: "f.matter", subject: "申请事由", problem: "没有写原因", fix: "请补充原因")], days: 5,
            road.clerk, road.occasion(road.clerk))
        try await cases.supplement(
            corrected, values: ["matter": "补充了原因"], files: [], answers: [:], road.resident,
            road.occasion(road.resident))
        try await cases.withdraw(corrected, reason: "不办了", road.resident, road.occasion(road.resident))
        let refused = try await road.submit()
        try await cases.accept(refused, road.clerk, road.occasion(road.clerk))
        try await cases.passReview(refused, opinion: "", road.reviewer, road.occasion(road.reviewer))
        try await cases.decideAgainst(
            .refuse, refused, words: DecisionWords(facts: "场所不符", basis: "《行政许可法》第三十八条", reason: "不符合条件"),
            road.approver, road.occasion(road.approver))
        // Left alone: its limit runs out.
        _ = try await road.submit()
        road.office.time.advance(seconds: 9 * 86_400)
        try await road.office.runJob("workflow.timers")
        return tape.rewind().filter { unit in
            unit.isWrite || unit.statements.contains { $0.touchesTables && $0.areas.isEmpty }
        }
    }

    /// What goes from an area to an account: pointers, messages, and what the adapters send.
    private static func letters(_ office: Office) async throws {
        for job in office.house.jobs.map(\.name) where job.hasPrefix("cases.") || job.hasPrefix("notify.") {
            try await office.runJob(job)
        }
    }

    /// The pages of a resident, a clerk and a supervisor, each signing in.
    private static func pages(_ road: Road) async throws {
        let home = "/\(Office.area)"
        let resident = Client(road.office)
        _ = try await resident.signInResident("13800000001")
        let mine = try await resident.get("\(home)/my/cases")
        let own = try #require(
            HTMLReader(mine.text).all("a").compactMap { $0["href"] }.first {
                $0.hasPrefix("\(home)/my/cases/")
            })
        for page in [home, "\(home)/items/\(road.slug)", "\(home)/search?q=示范", own, "\(home)/my/messages"] {
            let answer = try await resident.get(
                page.addingPercentEncoding(withAllowedCharacters: .urlFragmentAllowed) ?? page)
            #expect(answer.status == 200, "\(page)")
        }
        for (login, pages) in [
            ("demo.clerk", ["tasks", "search"]), ("demo.supervisor", ["board"]), ("demo.admin", ["operations"]),
        ] {
            let staff = Client(road.office)
            _ = try await staff.signInStaff(login)
            for page in pages {
                let answer = try await staff.get("\(home)/desk/\(page)")
                #expect(answer.status == 200, "\(login) \(page)")
            }
        }
    }

    // MARK: What must hold

    private static func expectOneArea(_ unit: Tape.Unit, within allowed: Set<String>? = nil) {
        let asked = unit.statements.filter(\.touchesTables)
        for statement in asked where unit.isWrite {
            #expect(statement.areas.count == 1, "\(statement.text) \(statement.areas)")
        }
        let areas = asked.reduce(into: Set<String>()) { $0.formUnion($1.areas) }
        #expect(areas.count <= 1, "\(areas): \(asked.map { $0.beginning() })")
        if let allowed { #expect(areas.isSubset(of: allowed), "\(areas)") }
    }

    /// The tables whose rows lie in buckets are those the architecture names, and no others.
    private static func expectBuckets(_ office: Office) async throws {
        let tables = SQL.dialect(
            sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            postgres: """
                SELECT CAST(relname AS TEXT) FROM pg_class
                WHERE relkind = 'p' AND relnamespace = current_schema()::regnamespace
                """)
        let found = try await office.house.database.read { tx in
            try tx.values("\(tables)", as: String.self).filter { table in
                try tx.value("SELECT COUNT(*) FROM \(try SQL.name(table)) WHERE area LIKE '@%'", as: Int.self) ?? 0 > 0
            }
        }
        #expect(Set(found) == inBuckets)
    }

    /// No table stands whole, and the rows lie in more than one part.
    private static func expectDivided(_ office: Office) async throws {
        let (whole, divided, used) = try await office.house.database.read { tx in
            let whole = try tx.values(
                """
                SELECT CAST(relname AS TEXT) FROM pg_class
                WHERE relkind = 'r' AND NOT relispartition AND relnamespace = current_schema()::regnamespace
                """, as: String.self)
            let divided = try tx.values(
                """
                SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid
                WHERE p.partstrat = 'h' AND p.partnatts = 1 AND c.relnamespace = current_schema()::regnamespace
                """, as: String.self)
            let used = try tx.value("SELECT COUNT(DISTINCT tableoid) FROM vault", as: Int.self)
            return (whole, divided, used ?? 0)
        }
        #expect(whole.isEmpty)
        #expect(divided.count > 45)
        #expect(used > 1, "residents' vaults lie in their buckets, cases' in their area")
    }

    /// The server looks into one part of each table for every statement that names one area.
    private static func expectPruned(_ units: [Tape.Unit], _ office: Office) async throws {
        var texts: Set<String> = []
        let statements = units.flatMap(\.statements).filter {
            $0.touchesTables && $0.areas.count == 1 && texts.insert($0.text).inserted
        }
        #expect(statements.count > 80)
        for statement in statements {
            let plan = try await office.house.database.write { tx in
                try tx.values(statement.explained(.postgres), as: String.self)
            }.joined(separator: "\n")
            let parts = Dictionary(
                grouping: Set(plan.matches(of: /\b([a-z_]+)_part([0-9]+)\b/).map { [String($0.1), String($0.2)] })
            ) { $0[0] }
            for (table, found) in parts { #expect(found.count == 1, "\(table): \(statement.text)\n\(plan)") }
        }
    }
}

extension Office {
    /// Does once what a server does again and again.
    func runJob(_ name: String) async throws {
        let job = try #require(house.jobs.first { $0.name == name })
        try await job.run(time.source.now())
    }
}
