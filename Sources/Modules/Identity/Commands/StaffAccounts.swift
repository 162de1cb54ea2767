import Cryptography
import Kernel
import Storage
import Web
import Workflow

// What members of staff do with their own accounts, and administrators with those of others.

extension IdentityAPI {
    func openStaffAccount(
        _ area: AreaCode, login typed: String, name typedName: String, password: String, mustChange: Bool,
        by actor: Actor
    ) async throws -> String {
        try await openStaffAccount(
            area, login: typed, name: typedName, password: password, mustChange: mustChange,
            Doing(actor: actor, request: "-", at: time.now()))
    }

    func openStaffAccount(
        _ area: AreaCode, login typed: String, name typedName: String, password: String, mustChange: Bool,
        _ doing: Doing
    ) async throws -> String {
        let login = typed.lowercased()
        let name = typedName.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var faults: [FieldFault] = []
        let isLogin =
            (3...32).contains(login.utf8.count)
            && login.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 }
        if !isLogin { faults.append(FieldFault("login", Message("identity.staff.loginForm"))) }
        if !(1...50).contains(name.count) { faults.append(FieldFault("name", Message("identity.name.empty"))) }
        if !settings.demo,
            let fault = PasswordRules.fault(of: password, shortest: PasswordRules.staffLength, not: [login])
        {
            faults.append(FieldFault("password", fault))
        }
        guard faults.isEmpty else { throw DomainError.invalid(faults) }
        let hash = try await passwords.hash(password)
        let id = ID<StaffRow>(at: doing.at).description
        try await database.write { tx in
            do {
                try StaffStore.insert(
                    id: id, area: area, login: login, name: name, password: hash, mustChange: mustChange, at: doing.at,
                    tx)
            } catch StorageError.uniqueViolation {
                throw DomainError.invalid("login", "identity.staff.loginTaken")
            }
            try SecurityLog.record("staff.opened", subject: id, area: area, doing, tx)
        }
        return id
    }

    /// A password nobody chose, to be changed at the first sign-in: four groups of four letters and digits.
    static func temporaryPassword() -> String {
        let first = QueryCode.random().description
        return (first + "-" + QueryCode.random().description).lowercased()
    }

    /// A person's own new password; answers this session's new cookie. The last five and the present one are refused.
    func changePassword(
        of viewer: StaffViewer, current: String, password: String, repeated: String, _ doing: Doing
    ) async throws -> String {
        let area = viewer.area
        let (row, former) = try await database.read { tx in
            (
                try StaffStore.staff(id: viewer.id, area: area, tx),
                try StaffStore.formerPasswords(id: viewer.id, area: area, limit: PasswordRules.history, tx)
            )
        }
        guard let row else { throw DomainError.notFound }
        var faults = Self.passwordFaults(
            password, repeated, shortest: PasswordRules.staffLength, known: [row.login])
        if try await !passwords.verify(current, row.password) {
            faults.insert(FieldFault("current", Message("identity.password.current")), at: 0)
        } else if faults.isEmpty, try await passwords.verify(password, anyOf: [row.password] + former) {
            faults.append(FieldFault("password", Message("identity.password.former")))
        }
        guard faults.isEmpty else { throw DomainError.invalid(faults) }
        let hash = try await passwords.hash(password)
        let token = Token.random()
        try await database.write { tx in
            let epoch = try StaffStore.setPassword(
                id: row.id, area: area, hash, former: row.password, mustChange: false, at: doing.at, tx)
            try StaffSessionStore.renew(id: viewer.session, area: area, hash: token.storageHash, epoch: epoch, tx)
            try SecurityLog.record("password.changed", subject: row.id, area: area, doing, tx)
        }
        return "\(area.text).\(token.text)"
    }

    /// Makes a secret for an authenticator app; it counts after `confirmTOTP`.
    func beginTOTP(_ viewer: StaffViewer, _ doing: Doing) async throws {
        let secret = TOTP.random().secret
        let (area, id) = (viewer.area, viewer.id)
        if let bundle = try await database.read({ tx in try VaultStore.read(id, area: area, slots: [Slot.newTOTP], tx) }
        ) {
            let part = try vaults.open(bundle).seal(secret, slot: Slot.newTOTP)
            try await database.write { tx in try VaultStore.put(part, in: id, area: area, at: doing.at, tx) }
        } else {
            let (vault, wrapped) = try vaults.create(area: area, id: id)
            let part = try vault.seal(secret, slot: Slot.newTOTP)
            try await database.write { tx in
                try VaultStore.insert(id, area: area, wrapped: wrapped, at: doing.at, tx)
                try VaultStore.put(part, in: id, area: area, at: doing.at, tx)
            }
        }
    }

    /// The secret that waits for its first code, or nil.
    func pendingTOTP(_ viewer: StaffViewer) async throws -> TOTP? {
        let bundle = try await database.read { tx in
            try VaultStore.read(viewer.id, area: viewer.area, slots: [Slot.newTOTP], tx)
        }
        guard let bundle, let part = bundle.parts[Slot.newTOTP] else { return nil }
        return TOTP(secret: try vaults.open(bundle).open(part))
    }

    /// The first code of a new secret: from now on every sign-in asks for one.
    func confirmTOTP(_ viewer: StaffViewer, code: String, _ doing: Doing) async throws {
        let (area, id) = (viewer.area, viewer.id)
        let bundle = try await database.read { tx in try VaultStore.read(id, area: area, slots: [Slot.newTOTP], tx) }
        guard let bundle, let part = bundle.parts[Slot.newTOTP] else {
            throw DomainError.conflict(Message("identity.totp.none"))
        }
        let vault = try vaults.open(bundle)
        let secret = try vault.open(part)
        guard let totp = TOTP(secret: secret),
            let step = totp.matchingStep(of: code.filter(\.isNumber), at: doing.at, lastUsed: nil)
        else { throw DomainError.invalid("code", "identity.totp.wrong") }
        let kept = try vault.seal(secret, slot: Slot.totp)
        try await database.write { tx in
            try VaultStore.put(kept, in: id, area: area, at: doing.at, tx)
            try VaultStore.remove(slot: Slot.newTOTP, from: id, area: area, tx)
            try StaffStore.setTOTP(id: id, area: area, at: doing.at, step: step, tx)
            try SecurityLog.record("totp.enrolled", subject: id, area: area, doing, tx)
        }
    }

    /// What an administrator does to the account of somebody else.
    enum AccountAct: String, Sendable {
        case unlock, disable, enable, resetTOTP
    }

    func administer(_ act: AccountAct, staff id: String, _ area: AreaCode, _ doing: Doing) async throws {
        try refuseOwn(id, doing)
        try await database.write { tx in
            guard try StaffStore.staff(id: id, area: area, tx) != nil else { throw DomainError.notFound }
            switch act {
            case .unlock: try StaffStore.unlock(id: id, area: area, tx)
            case .enable: try StaffStore.setDisabled(id: id, area: area, at: nil, why: nil, tx)
            case .disable:
                if try Self.isLastAdministrator(id, area: area, on: doing.at.date, tx) {
                    throw DomainError.refused(Message("identity.post.last"))
                }
                try StaffStore.setDisabled(id: id, area: area, at: doing.at, why: "administrator", tx)
            case .resetTOTP:
                try VaultStore.remove(slot: Slot.totp, from: id, area: area, tx)
                try StaffStore.resetTOTP(id: id, area: area, tx)
            }
            try SecurityLog.record("staff.\(act.rawValue)", subject: id, area: area, doing, tx)
        }
    }

    /// Gives somebody a temporary password; answers it, to be shown once.
    func resetStaffPassword(_ id: String, _ area: AreaCode, _ doing: Doing) async throws -> String {
        try refuseOwn(id, doing)
        let password = Self.temporaryPassword()
        let hash = try await passwords.hash(password)
        try await database.write { tx in
            guard let row = try StaffStore.staff(id: id, area: area, tx) else { throw DomainError.notFound }
            _ = try StaffStore.setPassword(
                id: id, area: area, hash, former: row.password, mustChange: true, at: doing.at, tx)
            try SecurityLog.record("password.reset", subject: id, area: area, doing, tx)
        }
        return password
    }

    func renameStaff(_ id: String, _ area: AreaCode, name typed: String, _ doing: Doing) async throws {
        let name = typed.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard (1...50).contains(name.count) else { throw DomainError.invalid("name", "identity.name.empty") }
        try await database.write { tx in
            guard try StaffStore.staff(id: id, area: area, tx) != nil else { throw DomainError.notFound }
            try StaffStore.rename(id: id, area: area, name: name, tx)
            try SecurityLog.record("staff.renamed", subject: id, area: area, doing, tx)
        }
    }

    private func refuseOwn(_ id: String, _ doing: Doing) throws(DomainError) {
        if doing.actor.kind == .staff, doing.actor.id == id { throw .refused(Message("identity.staff.own")) }
    }

    /// True where nobody else could look after accounts in the same role.
    static func isLastAdministrator(_ id: String, area: AreaCode, on day: CivilDate, _ tx: Transaction) throws -> Bool {
        let posts = try PostStore.open(area: area, staff: [id], on: day, tx).filter { $0.status == .held }
        for role in Set(posts.map(\.post.role)) where role.permissions.contains(IdentityPermissions.admin) {
            if try PostStore.others(holding: role, than: id, area: area, on: day, tx) == 0 { return true }
        }
        return false
    }
}
