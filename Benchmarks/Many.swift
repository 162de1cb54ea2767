import Cases
import Catalogue
import Composition
import Foundation
import Identity
import Kernel
import Logging
import Storage
import Synchronization
import Web
import Workflow

/// An office with many cases: forty items of eight departments, cases of 240 days, one in ten of them under way.
struct Many: Sendable {
    let house: House
    let area: AreaCode
    let people: People
    let items: [(slug: String, department: String)]
    private let hand: Hand

    /// The time the program sees while the patterns are made: put to a day in the past, or the system's own.
    final class Hand: Sendable {
        private let moment = Mutex<Moment?>(nil)
        func set(_ moment: Moment?) { self.moment.withLock { $0 = moment } }
        var source: TimeSource { TimeSource { self.moment.withLock { $0 } ?? .now() } }
    }

    static let clerkLogin = "bench.one"

    init(_ measured: Measured, _ name: String, database: String?) async throws {
        let hand = Hand()
        let (house, people) = try await measured.prepare(name, database: database, time: hand.source)
        self.hand = hand
        self.house = house
        self.people = people
        area = people.area
        let list = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: list) }
        var text = "department,name,item_code,item_type\n示范部门,示范事项,,1\n"
        for item in 0..<40 { text += "规模部门\(item % 8),规模事项第\(item)号,S\(item),1\n" }
        try text.write(to: list, atomically: true, encoding: .utf8)
        let before = Set(try await house.catalogue.slugs(of: area))
        try await house.importList(list.path, area: area, name: nil) { _ in }
        var items: [(String, String)] = []
        for slug in Set(try await house.catalogue.slugs(of: area)).subtracting(before).sorted() {
            items.append((slug, try await house.catalogue.current(slug, area: area).definition.department))
        }
        self.items = items
        guard let department = items.first?.1 else { throw Trouble("no items") }
        let roles: [String: Role] = ["演示窗口一": .clerk, "演示审核": .reviewer, "演示批准": .approver]
        for member in try await house.identity.staffMembers(area) {
            guard let role = roles[member.name] else { continue }
            for department in Set(items.map(\.1)) {
                try await house.identity.grant(area, staff: member.id, role: role, department: department)
            }
        }
        let one = try await house.identity.createStaff(
            area, login: Self.clerkLogin, name: "演示一个部门", password: House.demoPassword, mustChange: false)
        try await house.identity.grant(area, staff: one, role: .clerk, department: department)
    }

    /// What is asked for in the measurements.
    struct Samples: Sendable {
        let numbers: [String]
        /// Cases of the fourth resident.
        let own: [String]
        let names: [String]
        /// Numbers with the query code of each.
        let codes: [(String, String)]
    }

    func samples() async throws -> Samples {
        let (area, owner) = (area, people.residents[3].account)
        let (lines, own) = try await house.database.read { tx in
            (
                try tx.values(
                    "SELECT number FROM case_row WHERE area = \(area) ORDER BY id LIMIT 2000", as: String.self),
                try tx.values(
                    "SELECT number FROM case_row WHERE area = \(area) AND owner = \(owner) ORDER BY opened_at LIMIT 20",
                    as: String.self)
            )
        }
        var codes: [(String, String)] = []
        for number in lines.prefix(18) {
            let opened = try await house.cases.open(number: number, area: area)
            codes.append((number, try opened.text("query-code") ?? ""))
        }
        return Samples(numbers: lines, own: own, names: (100..<200).map { person($0).name }, codes: codes)
    }

    /// Makes `size` cases; answers how many a second, templates apart.
    func fill(_ size: Int) async throws -> Double {
        var owners: [String: CrowdPerson] = [:]
        var weights: [String: Int] = [:]
        for (index, item) in items.enumerated() {
            for way in Way.allCases {
                let number = try await template(item, way, index)
                owners[number] = person(index % people.residents.count)
                weights[number] = way.weight
            }
        }
        hand.set(nil)
        try await deliver()
        let crowd = try await Crowd(house, area: area, after: owners)
        let all = crowd.templates.reduce(0) { $0 + (weights[$1.number] ?? 0) }
        var counts = crowd.templates.map { size * (weights[$0.number] ?? 0) / all }
        // What is lost by rounding is made after the first.
        if !counts.isEmpty { counts[0] += size - counts.reduce(0, +) }
        let started = ContinuousClock.now
        try await crowd.fill(counts, person: { person($0 % 1000 < 2 ? $0 % 16 : 16 + $0 % max(1, size / 3)) }) { done in
            if done % 50_000 == 0 {
                FileHandle.standardError.write(Data("\(done.grouped) of \(size.grouped) cases\n".utf8))
            }
        }
        let speed = Double(size) / (ContinuousClock.now - started).seconds
        // An office that has so many cases has closed its hours long ago.
        for job in house.jobs where job.name == "workflow.anchors" { try await job.run(.now()) }
        return speed
    }

    /// The ways that cases went. Those under way were handed in on one of the last days, so that their limits run.
    private enum Way: CaseIterable {
        case one, two, three, four, five, six, withdrawn, received, accepted, approving

        var weight: Int {
            switch self {
            case .one, .two, .three, .four, .five, .six: 15
            case .withdrawn: 2
            case .received: 4
            case .accepted: 2
            case .approving: 2
            }
        }

        /// Days before today on which it was handed in.
        func age(_ item: Int) -> Int64 {
            switch self {
            case .one: 20 + Int64(item)
            case .two: 60 + Int64(item)
            case .three: 100 + Int64(item)
            case .four: 140 + Int64(item)
            case .five: 180 + Int64(item)
            case .six: 220 + Int64(item)
            case .withdrawn: 30 + Int64(item)
            case .received: 1
            case .accepted, .approving: 3
            }
        }
    }

    /// Goes one way through the program's own commands, a day between two acts, each claimed before it is done.
    private func template(_ item: (slug: String, department: String), _ way: Way, _ index: Int) async throws -> String {
        let cases = house.cases
        let resident = people.residents[index % people.residents.count]
        let start = Moment.now().date.start.adding(seconds: -way.age(index) * 86_400 + 32_400 + Int64(index))
        func at(_ day: Int64) -> Moment {
            let moment = start.adding(seconds: day * 86_400).adding(milliseconds: 417)
            hand.set(moment)
            return moment
        }
        func staff(_ role: Role) -> StaffViewer {
            let known = people.officer(role)
            return StaffViewer(
                id: known.id, area: area, session: "bench", displayName: "", permissions: role.permissions,
                queues: ["\(item.department)/\(role.rawValue)"], departments: [item.department])
        }
        func occasion(_ viewer: Viewer, _ day: Int64) -> Occasion {
            Occasion(area: area, at: at(day), actor: viewer.actor(via: .api), request: "bench")
        }
        func act(
            _ number: String, _ role: Role, _ day: Int64, _ body: (StaffViewer, Occasion) async throws -> Void
        ) async throws {
            let viewer = staff(role)
            try await cases.claim(number, viewer, occasion(.staff(viewer), day))
            try await body(viewer, occasion(.staff(viewer), day))
        }
        let draft = try await cases.startDraft(item.slug, answers: [:], resident, area: area, language: .zh, at: at(0))
            .row.id
        try await cases.saveSection(
            GenericForm.sectionID, [("applicant", "演示居民甲"), ("phone", "13800000001"), ("matter", "申请办理")], of: draft,
            area: area, resident, at: at(0))
        let number = try await cases.submit(draft, resident, occasion(.resident(resident), 0), language: .zh).number
        if way == .received { return number }
        if way == .withdrawn {
            try await cases.withdraw(number, reason: "不办了", resident, occasion(.resident(resident), 1))
            return number
        }
        try await act(number, .clerk, 1) { try await cases.accept(number, $0, $1) }
        if way == .accepted { return number }
        try await act(number, .reviewer, 2) { try await cases.passReview(number, opinion: "符合条件", $0, $1) }
        if way == .approving { return number }
        try await act(number, .approver, 3) { try await cases.approve(number, $0, $1) }
        try await act(number, .clerk, 4) { try await cases.complete(number, delivery: "electronic", $0, $1) }
        return number
    }

    /// Somebody who is made up; the first sixteen are the residents who can sign in.
    private func person(_ index: Int) -> CrowdPerson {
        if index < people.residents.count {
            let resident = people.residents[index]
            return CrowdPerson(
                account: resident.account, bucket: resident.bucket.text, name: "演示居民", phone: Measured.phones[index],
                idNumber: Measured.idNumber(index))
        }
        let first = Array("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨")
        let given = Array("一二三四五六七八九十百千万子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚")
        let name = String([first[index % 16], given[index / 16 % 32], given[index / 512 % 32]])
        let id = "01900000-0000-7000-8000-" + String(format: "%012x", index)
        return CrowdPerson(
            account: id, bucket: "@" + String(format: "%02d", index % 64), name: name,
            phone: "139" + String(format: "%08d", index), idNumber: Measured.idNumber(index))
    }

    /// Lets everything that the templates sent arrive.
    private func deliver() async throws {
        for _ in 0..<60 {
            for job in house.jobs
            where job.name.hasPrefix("notify.") || ["cases.pointers", "identity.letters"].contains(job.name) {
                try await job.run(.now())
            }
            let left = try await house.database.read { tx in
                try tx.value("SELECT COUNT(*) FROM outbox WHERE dead_at IS NULL", as: Int.self) ?? 0
            }
            if left == 0 { return }
        }
        throw Trouble("the outbox does not become empty")
    }
}
