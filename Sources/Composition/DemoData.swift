import Directory
import Identity
import Kernel
import Storage
import Web

extension House {
    /// The password of every demonstration account; refused by a start without --demo.
    package static let demoPassword = "tongban-demo-2026"

    /// Accounts to try everything with: plainly fictitious people. Run again, it changes nothing.
    package func seedDemo(say: @Sendable (String) -> Void) async throws {
        for (area, _) in try await directory.areas() {
            let profile = try await directory.profile(of: area)
            let departments = profile.departments.map(\.id)
            for person in Self.demoStaff {
                let known = try await identity.staffMembers(area).contains { $0.name == person.name }
                if known { continue }
                let id = try await identity.createStaff(
                    area, login: person.login, name: person.name, password: Self.demoPassword, mustChange: false)
                for department in person.role.hasQueue ? departments : [""] {
                    try await identity.grant(area, staff: id, role: person.role, department: department)
                }
            }
            say("\(profile.name.zh): demonstration accounts ready")
        }
        for resident in Self.demoResidents {
            do {
                let account = try await identity.createResident(
                    phone: resident.phone, name: resident.name, idNumber: resident.idNumber, password: Self.demoPassword
                )
                if let company = resident.company {
                    try await identity.addMandate(
                        account, organisation: company.name, uscc: company.uscc, role: .representative,
                        representative: resident.name)
                }
            } catch DomainError.conflict {
                continue
            }
        }
        for (index, entry) in try await directory.areas().enumerated() {
            try await seedWaiting(index, in: entry.area)
        }
    }

    /// In each area a resident whose papers nobody has seen yet, and whose company waits too.
    private func seedWaiting(_ index: Int, in area: AreaCode) async throws {
        let body = "1101051990010\(index % 9 + 1)00\(index % 10)"
        guard let check = CheckDigit.citizen(body) else { return }
        do {
            let account = try await identity.createResident(
                phone: "13800\(area)", name: "演示居民丙", idNumber: body + String(check),
                password: Self.demoPassword, waitingIn: area)
            try await identity.addMandate(
                account, organisation: "演示商贸有限公司", uscc: "91350100M000100Y43", role: .agent,
                representative: "演示居民乙", until: CivilDate(year: 2030, month: 12, day: 31), waitingIn: area)
        } catch DomainError.conflict {
            return
        }
    }

    /// A production start with demonstration accounts would leave doors open.
    ///
    /// - Throws: `BootError` without --demo where such accounts exist.
    package func refuseDemoAccounts() async throws {
        guard !configuration.demo else { return }
        for (area, _) in try await directory.areas() {
            if try await identity.staffMembers(area).contains(where: { $0.name == "演示窗口一" }) {
                throw BootError(
                    "the database has demonstration accounts in area \(area). Start with --demo, or use a fresh data folder"
                )
            }
        }
    }

    private static let demoStaff: [(login: String, name: String, role: Role)] = [
        ("demo.clerk", "演示窗口一", .clerk), ("demo.clerk2", "演示窗口二", .clerk), ("demo.reviewer", "演示审核", .reviewer),
        ("demo.approver", "演示批准", .approver), ("demo.head", "演示分管负责人", .head),
        ("demo.agent", "演示网点代办", .agent), ("demo.supervisor", "演示督办", .supervisor),
        ("demo.admin", "演示系统管理员", .sysadmin),
        ("demo.security", "演示安全管理员", .secadmin), ("demo.audit", "演示审计管理员", .auditor),
    ]

    private static let demoResidents:
        [(phone: String, name: String, idNumber: String, company: (name: String, uscc: String)?)] = [
            ("13800000001", "演示居民甲", "11010519491231002X", nil),
            ("13800000002", "演示居民乙", "110105200001010016", ("演示餐饮有限公司", "91350100M000100Y43")),
        ]
}
