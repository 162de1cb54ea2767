import Composition
import Foundation
import Identity
import Kernel
import Storage
import TestKit
import Testing
import Web
import Workflow

@testable import Cases

/// Many cases made after real ones: what is measured with them must be what an office would have.
@Suite("Many cases")
struct CrowdTests {
    private static func person(_ index: Int) -> CrowdPerson {
        CrowdPerson(
            account: "01900000-0000-7000-8000-" + String(format: "%012d", index), bucket: "@07", name: "赵试\(index)",
            phone: "139" + String(format: "%08d", index), idNumber: "110105194912310" + String(format: "%03d", index))
    }

    /// Two cases of different ends, everything they sent delivered.
    private static func patterns(_ road: Road) async throws -> [String: CrowdPerson] {
        // Acts upon a whole second would be taken for limits.
        road.office.time.set(road.now.adding(milliseconds: 417))
        let ended = try await road.submit()
        try await road.cases.claim(ended, road.clerk, road.occasion(road.clerk))
        try await road.cases.accept(ended, road.clerk, road.occasion(road.clerk))
        try await road.cases.passReview(ended, opinion: "符合条件", road.reviewer, road.occasion(road.reviewer))
        try await road.cases.approve(ended, road.approver, road.occasion(road.approver))
        try await road.cases.complete(ended, delivery: "electronic", road.clerk, road.occasion(road.clerk))
        let waiting = try await road.submit()
        for _ in 0..<20 {
            for job in road.office.house.jobs
            where job.name.hasPrefix("notify.") || ["cases.pointers", "identity.letters"].contains(job.name) {
                try await job.run(road.now)
            }
        }
        let owner = CrowdPerson(
            account: road.resident.account, bucket: road.resident.bucket.text, name: "演示居民甲", phone: "13800000001",
            idNumber: "11010519491231002X")
        return [ended: owner, waiting: owner]
    }

    @Test("Cases made after others verify, are found, opened and worked on like them", arguments: Backend.all)
    func made(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let database = office.house.database
            let before = try await database.read { tx in try Self.counts(tx) }
            let patterns = try await Self.patterns(road)
            let after = try await database.read { tx in try Self.counts(tx) }
            let crowd = try await Crowd(office.house, area: road.area, after: patterns)
            try #require(crowd.templates.count == 2)
            try await crowd.fill([40, 40], person: Self.person)
            let report = try await office.house.verify()
            #expect(report.faults.isEmpty, "\(report.faults.prefix(5))")
            let full = try await database.read { tx in try Self.counts(tx) }
            for (table, count) in after where count > before[table] ?? 0 {
                let own = count - (before[table] ?? 0)
                #expect((full[table] ?? 0) == count + own * 40, "\(table)")
            }

            var filter = CaseFilter()
            try await road.cases.narrow(&filter, to: "赵试57", area: road.area)
            let found = try await road.cases.search(filter, area: road.area, before: nil, limit: 10)
            try #require(found.lines.count == 1)
            #expect(found.masks[found.lines[0].id] == "赵*")
            let opened = try await road.cases.open(number: found.lines[0].number, area: road.area)
            #expect(try opened.content().applicant.phone == "13900000057")
            let code = try #require(try opened.text("query-code"))
            #expect(
                try await road.cases.openByCode(found.lines[0].number, code: code, area: road.area)?.id == opened.id)
            #expect(opened.state.submittedAt > road.now)

            // One that waits goes on by the program's own commands, and one that ended is read as it was written.
            office.time.set(opened.state.submittedAt.adding(seconds: 60))
            if opened.state.stage == .received {
                try await road.cases.accept(opened.state.number, road.clerk, road.occasion(road.clerk))
            }
            let folder = try await road.cases.folder(opened.state.number, road.clerk, road.occasion(road.clerk))
            #expect(folder.journal.last?.hash.count == 64)
            #expect(try await office.house.verifier.run().faults.isEmpty)
        }
    }

    private static func counts(_ tx: Transaction) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in [
            "proceeding", "journal", "vault", "sealed_part", "party", "lookup", "task", "timer", "case_row", "notice",
            "message", "my_case", "draft",
        ] {
            counts[table] = try tx.value("SELECT COUNT(*) FROM \(try SQL.name(table))", as: Int.self)
        }
        return counts
    }

    @Test("A page of every list of tasks and cases is the same whichever way it is read", arguments: Backend.all)
    func pages(_ backend: Backend) async throws {
        try await Office.open(backend) { office in
            let road = try await Road(office)
            let crowd = try await Crowd(office.house, area: road.area, after: try await Self.patterns(road))
            try await crowd.fill([30, 30], person: Self.person)
            let area = road.area
            let all = try await office.house.database.read { tx in
                try tx.rows(
                    """
                    SELECT id, department, stage, item, opened_at FROM case_row WHERE area = \(area)
                    ORDER BY opened_at DESC, id DESC
                    """, as: String.self, String.self, String.self, String.self, Moment.self)
            }
            let item = try #require(all.first).3
            let home = try #require(all.first).1
            let filters: [(CaseFilter, ((String, String, String, String, Moment)) -> Bool)] = [
                (CaseFilter(), { _ in true }),
                (Self.filter { $0.stage = .received }, { $0.2 == "received" }),
                (Self.filter { $0.stage = .completed }, { $0.2 == "completed" }),
                (Self.filter { $0.departments = [home, "nobody"] }, { $0.1 == home }),
                (Self.filter { ($0.departments, $0.department) = (["nobody"], home) }, { _ in false }),
                (
                    Self.filter { ($0.items, $0.stage) = ([item, "nothing", item], .completed) },
                    { $0.3 == item && $0.2 == "completed" }
                ),
                (Self.filter { ($0.items, $0.stage) = ([item], .received) }, { $0.3 == item && $0.2 == "received" }),
                (Self.filter { $0.items = [] }, { _ in false }),
                (Self.filter { $0.departments = (0..<200).map { "d\($0)" } + [home] }, { $0.1 == home }),
            ]
            for (filter, fits) in filters {
                let wanted = all.filter(fits).map(\.0)
                let (read, count) = try await office.house.database.read { tx in
                    var read: [String] = []
                    var place: (openedAt: Moment, id: String)?
                    while true {
                        let page = try CasesStore.search(filter, area: area, before: place, limit: 7, tx)
                        read += page.map(\.id)
                        guard page.count == 7, let last = page.last else { break }
                        place = (last.openedAt, last.id)
                    }
                    return (read, try CasesStore.count(filter, area: area, cap: 1_000, tx))
                }
                #expect(read == wanted, "\(filter)")
                #expect(count == wanted.count, "\(filter)")
            }
        }
    }

    private static func filter(_ set: (inout CaseFilter) -> Void) -> CaseFilter {
        var filter = CaseFilter()
        set(&filter)
        return filter
    }
}
