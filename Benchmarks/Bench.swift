import Cases
import Catalogue
import Composition
import Cryptography
import Foundation
import Identity
import Kernel
import Logging
import Storage
import StorageSQLite
import Web
import Workflow

/// Ratios measured in one run on one machine: what a lifecycle costs against the raw database writing rows of the same number
/// and size. `make bench` prints the table; seconds differ from machine to machine, ratios far less.
@main
struct Bench {
    static func main() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tongban-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let count = Int(ProcessInfo.processInfo.environment["CASES"] ?? "") ?? 200
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let house = try House(
            Configuration(data: folder, demo: true), logger: logger,
            identitySettings: IdentitySettings(demo: true, scrypt: .quick))
        try await house.migrate()
        try await house.loadPacks("Packs", areas: [AreaCode("510106")].compactMap { $0 }) { _ in }
        let office = try await People(house)

        let rows = try await rowsOfOne(office)
        print("A lifecycle (draft, submit, accept, review, approve, complete) leaves \(rows) rows.\n")
        let raw = try await rawLifecycles(count, rows: rows, folder: folder)
        print("| what | clients | lifecycles/s | ÷ raw |")
        print("|---|---:|---:|---:|")
        print("| raw SQLite, FULL, one commit a lifecycle step | 1 | \(format(raw)) | 1.00 |")
        for clients in [1, 4, 16] {
            let speed = try await lifecycles(count, clients: clients, office)
            print("| Tongban | \(clients) | \(format(speed)) | \(format(speed / raw)) |")
        }
        let started = ContinuousClock.now
        let report = try await house.verifier.run()
        let seconds = (ContinuousClock.now - started).seconds
        print(
            "\nverify: \(report.events) events, \(Int(Double(report.events) / seconds)) events/s, \(report.faults.count) faults"
        )
        try await searches(10_000, house)
        await house.database.close()
    }

    /// Looking for items among many, as people type.
    static func searches(_ count: Int, _ house: House) async throws {
        guard let area = AreaCode("999901") else { return }
        let matters = ["残疾人", "食品经营", "公共场所", "民办学校", "劳务派遣", "特种设备", "城市道路", "建筑工程", "不动产", "社会保险"]
        let acts = ["许可", "登记", "备案", "变更", "注销", "补贴", "查询", "核准", "延续", "认定"]
        var list = "department,name,item_code,item_type\n"
        for number in 0..<count {
            let name = matters[number % 10] + matters[number / 10 % 10] + acts[number / 100 % 10] + "第\(number)类"
            list += "示范部门\(number % 40),\(name)\(acts[number / 1000 % 10]),,1\n"
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        try list.write(to: file, atomically: true, encoding: .utf8)
        try await house.importList(file.path, area: area, name: "示范区") { _ in }
        print("\nsearch among \(count) items:")
        // The first search has the area's index read into memory.
        _ = try await house.catalogue.slugs(named: "许可", area: area)
        try await Task.sleep(for: .seconds(5))
        for query in ["食品经营许可", "cjrbt", "残疾人补贴", "shebao", "我想开饭店怎么办", "许可", "劳务派遣第42类"] {
            var times: [Double] = []
            for _ in 0..<20 {
                let started = ContinuousClock.now
                _ = try await house.catalogue.slugs(named: query, area: area)
                times.append((ContinuousClock.now - started).seconds * 1_000)
            }
            times.sort()
            print("  \(query): \(String(format: "%.1f", times[10])) ms (worst \(String(format: "%.1f", times[19])) ms)")
        }
    }

    /// The same number of rows of 400 bytes, in six transactions, one after another.
    static func rawLifecycles(_ count: Int, rows: Int, folder: URL) async throws -> Double {
        let database = try SQLiteDatabase(path: folder.appendingPathComponent("raw.sqlite").path)
        try await database.write { tx in
            try tx.execute(
                "CREATE TABLE raw (area TEXT NOT NULL, id BIGINT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (area, id))")
        }
        let text = String(repeating: "x", count: 400)
        let started = ContinuousClock.now
        for number in 0..<count {
            for step in 0..<6 {
                let first = number * rows + step * rows / 6
                let last = number * rows + (step + 1) * rows / 6
                try await database.write { tx in
                    for id in first..<last {
                        try tx.execute("INSERT INTO raw (area, id, data) VALUES ('510106', \(id), \(text))")
                    }
                }
            }
        }
        let seconds = (ContinuousClock.now - started).seconds
        await database.close()
        return Double(count) / seconds
    }

    static func lifecycles(_ count: Int, clients: Int, _ office: People) async throws -> Double {
        let started = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients {
                group.addTask { for _ in 0..<(count / clients) { try await office.lifecycle() } }
            }
            try await group.waitForAll()
        }
        return Double(count / clients * clients) / (ContinuousClock.now - started).seconds
    }

    /// Rows one lifecycle writes or rewrites, counted in the journal, tasks, timers, parts and case tables.
    static func rowsOfOne(_ office: People) async throws -> Int {
        try await office.lifecycle()
        return try await office.house.database.read { tx in
            var sum = 0
            for table in [
                "journal", "sealed_part", "party", "lookup", "notice", "draft", "case_row", "outbox", "vault",
                "proceeding",
            ] {
                sum += try tx.value("SELECT COUNT(*) FROM \(try SQL.name(table))", as: Int.self) ?? 0
            }
            return sum
        }
    }

    static func format(_ number: Double) -> String { String(format: number < 10 ? "%.2f" : "%.0f", number) }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Those who go the road.
struct People: Sendable {
    let house: House
    let area: AreaCode
    let slug: String
    let resident: ResidentViewer
    let officer: @Sendable (Role) -> StaffViewer

    init(_ house: House) async throws {
        self.house = house
        guard let area = AreaCode("510106") else { throw DomainError.notFound }
        self.area = area
        let list = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: list) }
        try "department,name,item_code,item_type\n示范部门,示范事项,,1\n".write(to: list, atomically: true, encoding: .utf8)
        let before = Set(try await house.catalogue.slugs(of: area))
        try await house.importList(list.path, area: area, name: nil) { _ in }
        guard let slug = Set(try await house.catalogue.slugs(of: area)).subtracting(before).first else {
            throw DomainError.notFound
        }
        self.slug = slug
        let department = try await house.catalogue.current(slug, area: area).definition.department
        let account = try await house.identity.createResident(
            phone: "13800000001", name: "演示居民甲", idNumber: "11010519491231002X", password: House.demoPassword)
        resident = ResidentViewer(
            account: account.id, bucket: account.bucket, session: "bench", displayName: "", subject: account.id,
            organisation: nil,
            isOrganisation: false)
        var ids: [Role: String] = [:]
        for role in [Role.clerk, .reviewer, .approver] {
            ids[role] = try await house.identity.createStaff(
                area, login: "bench.\(role.rawValue)", name: "演示", password: House.demoPassword, mustChange: false)
        }
        let known = ids
        officer = { role in
            StaffViewer(
                id: known[role] ?? "", area: area, session: "bench", displayName: "", permissions: role.permissions,
                queues: ["\(department)/\(role.rawValue)"], departments: [department])
        }
    }

    func lifecycle() async throws {
        let cases = house.cases
        func now() -> Moment { house.time.now() }
        func occasion(_ viewer: Viewer) -> Occasion {
            Occasion(area: area, at: now(), actor: viewer.actor(via: .api), request: "bench")
        }
        func staff(_ role: Role) -> (StaffViewer, Occasion) { (officer(role), occasion(.staff(officer(role)))) }
        let draft = try await cases.startDraft(slug, answers: [:], resident, area: area, language: .zh, at: now())
        try await cases.saveSection(
            GenericForm.sectionID, [("applicant", "演示居民甲"), ("phone", "13800000001"), ("matter", "申请办理")], of: draft,
            area: area,
            resident, at: now())
        let number = try await cases.submit(draft, resident, occasion(.resident(resident)), language: .zh).number
        var (viewer, when) = staff(.clerk)
        try await cases.accept(number, viewer, when)
        (viewer, when) = staff(.reviewer)
        try await cases.passReview(number, opinion: "", viewer, when)
        (viewer, when) = staff(.approver)
        try await cases.approve(number, viewer, when)
        (viewer, when) = staff(.clerk)
        try await cases.complete(number, delivery: "electronic", viewer, when)
    }
}
