package import Kernel
import Storage

/// What a person does in an area's office. A role is held through a post: in a department, at a window, for a street.
package enum Role: String, Sendable, Hashable, Codable, CaseIterable, SQLConvertible {
    /// 窗口人员: receives, asks for corrections, accepts.
    case clerk
    /// 代办点: a bank's branch or a village's agent, who fills in applications for those who come and sees nothing else.
    case agent
    /// 审核.
    case reviewer
    /// 批准.
    case approver
    /// 部门负责人.
    case head
    /// 效能监督.
    case supervisor
    /// 系统管理员: accounts, items, places.
    case sysadmin
    /// 安全管理员: confirms who holds which post.
    case secadmin
    /// 审计管理员: reads the security log.
    case auditor

    /// True for the three administrators, who are three persons and hold no business rights (GB/T 22239-2019, 8.1.5).
    package var isAdministrator: Bool { self == .sysadmin || self == .secadmin || self == .auditor }

    /// True where tasks queue for the role, so that a post in it serves `department/role`.
    package var hasQueue: Bool {
        switch self {
        case .clerk, .reviewer, .approver, .head: true
        case .agent, .supervisor, .sysadmin, .secadmin, .auditor: false
        }
    }

    /// What a holder of the role may do.
    package var permissions: Set<Permission> { Self.granted[self] ?? [] }

    /// Made once: every request of an officer asks for them.
    private static let granted = Dictionary(
        uniqueKeysWithValues: allCases.map { role in (role, Set(role.names.map { Permission($0) })) })

    private var names: [String] {
        switch self {
        case .clerk:
            [
                "cases.view", "cases.accept", "cases.correct", "cases.decline", "cases.complete", "cases.note",
                "cases.search", "identity.verify", "counter.serve",
            ]
        case .agent: ["counter.serve"]
        case .reviewer: ["cases.view", "cases.review", "cases.opinion", "cases.note", "cases.search"]
        case .approver: ["cases.view", "cases.decline", "cases.approve", "cases.note", "cases.search"]
        case .head:
            [
                "cases.view", "cases.decline", "cases.review", "cases.approve", "cases.opinion", "cases.head",
                "cases.assign", "cases.void", "cases.note", "cases.search", "cases.export", "supervision.board",
                "identity.verify", "registers.keep",
            ]
        case .supervisor:
            [
                "cases.view", "cases.assign", "cases.note", "cases.search", "cases.export", "supervision.board",
                "supervision.urge",
            ]
        case .sysadmin: ["catalogue.admin", "directory.admin", "identity.admin", "operations.view"]
        case .secadmin: ["identity.admin"]
        case .auditor: ["identity.audit"]
        }
    }

    /// The role among `held` with which the same person cannot hold this one; nil where none is in the way.
    ///
    /// An administrator holds one administrator's role and nothing else.
    package func conflict(with held: some Sequence<Role>) -> Role? {
        held.first { $0 != self && ($0.isAdministrator || isAdministrator) }
    }
}

/// Permissions that this module's own routes ask for.
package enum IdentityPermissions {
    /// Staff accounts and posts.
    package static let admin = Permission("identity.admin")
    /// The security log.
    package static let audit = Permission("identity.audit")
    /// Comparing what residents say of themselves and their companies with the papers shown at the window.
    package static let verify = Permission("identity.verify")
    /// Filling in applications for residents at a counter.
    package static let counter = Permission("counter.serve")
    package static let all = [admin, audit, verify, counter]
}
