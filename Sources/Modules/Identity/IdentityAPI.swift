import Cryptography
package import Kernel
package import Storage
package import Web
package import Workflow

/// People for every other module: who applies, who works here, who may sign in.
package final class IdentityAPI: Sendable {
    let database: any Database
    let vaults: Vaults
    let time: TimeSource
    package let settings: IdentitySettings
    let provider: any IdentityProvider
    let passwords: PasswordWork
    let tasks: any TaskMover
    let unknownLogins = UnknownLogins()
    let strangers = OnceAMinute()

    /// `provider` is this office alone unless another is named; `tasks` moves the work of those who are away.
    package init(
        database: any Database, vaults: Vaults, time: TimeSource, settings: IdentitySettings,
        provider: (any IdentityProvider)? = nil, tasks: any TaskMover = RowMover()
    ) {
        self.database = database
        self.vaults = vaults
        self.time = time
        self.settings = settings
        self.tasks = tasks
        self.provider = provider ?? LocalIdentityProvider(demo: settings.demo)
        passwords = PasswordWork(parameters: settings.scrypt)
    }
}

// Residents.

extension IdentityAPI {
    /// Name, number and phone of the one who is signed in, and the organisation applied for. Opens the account's vault:
    /// never call it inside a unit of work.
    ///
    /// - Throws: `.notFound` where the account was forgotten, `.forbidden` where the mandate for the organisation has ended.
    package func profile(of viewer: ResidentViewer) async throws -> ApplicantProfile {
        try await readProfile(of: viewer)
    }

    /// Whether somebody looked at the papers of the one whose account it is: before that, his numbers are only what he typed.
    package func isConfirmed(_ account: AccountReference) async throws -> Bool {
        try await database.read { tx in try AccountStore.account(account, tx) }?.assurance == .confirmed
    }

    /// Opens an account without a code by SMS, for seeds and the command line.
    ///
    /// - Parameter area: whose windows are to look at the papers; nil for one whose identity is known.
    /// - Throws: `.invalid` for a phone, number, name or password that is none; `.conflict` where the phone has an account.
    @discardableResult
    package func createResident(
        phone: String, name: String, idNumber: String, password: String, waitingIn area: AreaCode? = nil,
        by actor: Actor = .system("seed")
    ) async throws -> AccountReference {
        try await openAccount(
            phone: phone, name: name, idNumber: idNumber, password: password, waitingIn: area, by: actor)
    }

    /// Lets a resident act for an organisation; answers the subject under which applications for it stand.
    ///
    /// - Parameters:
    ///   - representative: the legal representative's name.
    ///   - area: whose windows are to look at the papers; nil where the mandate is known.
    @discardableResult
    package func addMandate(
        _ account: AccountReference, organisation: String, uscc: String, role: MandateRole, representative: String,
        until: CivilDate? = nil, waitingIn area: AreaCode? = nil
    ) async throws -> String {
        try await storeMandate(
            account, organisation: organisation, uscc: uscc, role: role, representative: representative, until: until,
            waitingIn: area)
    }
}

extension IdentityAPI {
    /// The organisations a resident may act for today: subject and name, the first one named first.
    package func organisations(of viewer: ResidentViewer) async throws -> [(subject: String, name: String)] {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let today = time.now().date
        return try await database.read { tx in try MandateStore.list(account, tx) }
            .filter { $0.isGood(on: today) }.map { (subject: $0.subject, name: $0.organisation) }
    }
}

// Staff.

extension IdentityAPI {
    /// The name of a member of staff; the id itself where there is no such person.
    package func staffName(_ area: AreaCode, _ id: String) async throws -> String {
        try await staffNames(area, [id])[id] ?? id
    }

    /// Names by id; unknown ids are left out.
    package func staffNames(_ area: AreaCode, _ ids: [String]) async throws -> [String: String] {
        guard !ids.isEmpty else { return [:] }
        return try await database.read { tx in try StaffStore.names(of: ids, area: area, tx) }
    }

    /// Those who work in a department (in any, where none is named), by name, without disabled accounts.
    package func staffMembers(_ area: AreaCode, department: String? = nil) async throws -> [StaffMember] {
        let today = time.now().date
        return try await database.read { tx in
            try StaffStore.members(area: area, department: department, on: today, tx)
        }
    }

    /// Those who serve a queue `department/role` by a post of their own, by name.
    package func colleagues(_ area: AreaCode, queue: String) async throws -> [StaffMember] {
        let parts = queue.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let role = Role(rawValue: parts[1]) else { return [] }
        return try await staffMembers(area, department: parts[0]).filter { member in
            member.posts.contains { $0.role == role && $0.department == parts[0] }
        }
    }

    /// Those who serve any of these queues by a post of their own, by name: one look for all of them.
    package func colleagues(_ area: AreaCode, queues: [String]) async throws -> [StaffMember] {
        let wanted = Set(queues)
        return try await staffMembers(area).filter { member in
            member.posts.contains { $0.queue.map(wanted.contains) ?? false }
        }
    }

    /// Who stands in for a person on a day: the end of the chain of deputies, or nil where the person is present or
    /// nobody of the chain is.
    package func deputy(_ area: AreaCode, of staff: String, on day: CivilDate) async throws -> String? {
        try await database.read { tx in try AbsenceStore.deputy(of: staff, area: area, on: day, tx) }
    }

    /// Who does a person's work on a day: the person, the end of the chain of deputies, or nil where all of them are away.
    package static func onDuty(for staff: String, area: AreaCode, on day: CivilDate, _ tx: Transaction) throws
        -> String?
    {
        if try !AbsenceStore.isAway(staff, area: area, on: day, tx) { return staff }
        return try AbsenceStore.deputy(of: staff, area: area, on: day, tx)
    }

    /// Opens an account for a member of staff.
    ///
    /// - Parameters:
    ///   - login: 3 to 32 small letters, digits, dots, hyphens.
    ///   - mustChange: the password has to be changed at the first sign-in (not asked in a demonstration).
    /// - Throws: `.invalid`, also where the login is taken.
    @discardableResult
    package func createStaff(
        _ area: AreaCode, login: String, name: String, password: String, mustChange: Bool = true,
        by actor: Actor = .system("seed")
    ) async throws -> String {
        try await openStaffAccount(
            area, login: login, name: name, password: password, mustChange: mustChange, by: actor)
    }

    /// Gives a post at once: for seeds, and for the command line to appoint the first administrators. Otherwise posts are
    /// proposed by one administrator and confirmed by another.
    ///
    /// - Throws: `.refused` where the person's other roles exclude it, and for business roles given by `os:user` outside a
    ///   demonstration.
    @discardableResult
    package func grant(
        _ area: AreaCode, staff: String, role: Role, department: String = "", window: String? = nil,
        street: String? = nil, until: CivilDate? = nil, by actor: Actor = .system("seed")
    ) async throws -> String {
        try await appoint(
            area,
            PostPlace(staff: staff, role: role, department: department, window: window, street: street, until: until),
            by: actor)
    }
}

// What other modules put into the security log.

extension IdentityAPI {
    /// A department brought a list into a register; `subject` names register and list.
    package static func logRegisterImport(_ subject: String, _ occasion: Occasion, _ tx: Transaction) throws {
        let doing = Doing(actor: occasion.actor, request: occasion.request, at: occasion.at)
        try SecurityLog.record("register.imported", subject: subject, area: occasion.area, doing, tx)
    }
}

// Systems that call the API.

extension IdentityAPI {
    /// Registers a system in the area that answers for it; answers its id (`area.id`) and the first secret, shown once.
    ///
    /// - Parameters:
    ///   - areas: where it may act; others are refused.
    ///   - addresses: the IP addresses and networks (`10.8.0.0/16`) it calls from; empty for any.
    /// - Throws: `.invalid` for an address that is none.
    @discardableResult
    package func createClient(
        _ area: AreaCode, name: String, scopes: Set<Permission>, areas: Set<AreaCode>, addresses: [String] = [],
        until: CivilDate? = nil, by actor: Actor = .system("seed")
    ) async throws -> (id: String, secret: String) {
        try await registerClient(
            area, name: name, scopes: scopes, areas: areas, addresses: addresses, until: until, by: actor)
    }

    /// A resident allows a system to act in his name, or forbids it again.
    package func allow(_ client: String, for account: AccountReference, allowed: Bool, by actor: Actor) async throws {
        try await setGrant(client, account, allowed: allowed, by: actor)
    }
}

/// Draws QR codes; filled by the composition root from what sets documents.
package protocol CodeDrawer: Sendable {
    /// The code of a text. Throws where the text is too long for one.
    func code(of text: String) throws -> DrawnCode
}

/// A QR code (ISO/IEC 18004) as the path of a picture: dark modules, one unit each, with the quiet zone around them.
package struct DrawnCode: Sendable, Hashable {
    /// Units a side, the quiet zone included.
    package let side: Int
    /// `M4 4h7v1h-7z…`: for the `d` of an SVG path.
    package let path: String

    package init(side: Int, path: String) {
        self.side = side
        self.path = path
    }
}
