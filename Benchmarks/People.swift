import Cases
import Catalogue
import Composition
import Foundation
import Identity
import Kernel
import Web
import Workflow

/// Those who go the road.
struct People: Sendable {
    let house: House
    let area: AreaCode
    let slug: String
    let residents: [ResidentViewer]
    let officer: @Sendable (Role) -> StaffViewer

    init(_ house: House, _ residents: [ResidentViewer]) async throws {
        self.house = house
        self.residents = residents
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

    /// Everything, or only the first acts: draft, section, submit, accept, review, approve, complete.
    ///
    /// - Parameter between: called after each act.
    func lifecycle(of number: Int = 0, acts: Int = 7, between: @Sendable () async throws -> Void = {}) async throws {
        let cases = house.cases
        let resident = residents[number % residents.count]
        func now() -> Moment { house.time.now() }
        func occasion(_ viewer: Viewer) -> Occasion {
            Occasion(area: area, at: now(), actor: viewer.actor(via: .api), request: "bench")
        }
        func staff(_ role: Role) -> (StaffViewer, Occasion) { (officer(role), occasion(.staff(officer(role)))) }
        let draft = try await cases.startDraft(slug, answers: [:], resident, area: area, language: .zh, at: now()).row
            .id
        try await between()
        guard acts > 1 else { return }
        try await cases.saveSection(
            GenericForm.sectionID, [("applicant", "演示居民甲"), ("phone", "13800000001"), ("matter", "申请办理")], of: draft,
            area: area, resident, at: now())
        try await between()
        guard acts > 2 else { return }
        let number = try await cases.submit(draft, resident, occasion(.resident(resident)), language: .zh).number
        try await between()
        guard acts > 3 else { return }
        var (viewer, when) = staff(.clerk)
        try await cases.accept(number, viewer, when)
        try await between()
        guard acts > 4 else { return }
        (viewer, when) = staff(.reviewer)
        try await cases.passReview(number, opinion: "符合条件", viewer, when)
        try await between()
        guard acts > 5 else { return }
        (viewer, when) = staff(.approver)
        try await cases.approve(number, viewer, when)
        try await between()
        guard acts > 6 else { return }
        (viewer, when) = staff(.clerk)
        try await cases.complete(number, delivery: "electronic", viewer, when)
        try await between()
    }
}
