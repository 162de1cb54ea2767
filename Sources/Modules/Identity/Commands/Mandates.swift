import Cryptography
import Kernel
import Storage
import Web
import Workflow

// Whom a resident may act for.

/// What a resident says of a company.
struct CompanyForm: Sendable {
    var organisation: String
    var uscc: String
    var role: MandateRole?
    /// The legal representative's name, where the resident is another.
    var representative: String
    /// The last day of the authorisation; nil where none was typed.
    var until: CivilDate?
    /// Something was typed for the last day.
    var hasUntil: Bool
}

extension IdentityAPI {
    /// The same organisation has the same subject, whoever acts for it.
    static func subject(of uscc: String) -> String {
        "org-" + String(Hex.encode(Digest.sha256("tongban organisation \(uscc)".utf8)).prefix(32))
    }

    func storeMandate(
        _ account: AccountReference, organisation: String, uscc typed: String, role: MandateRole,
        representative: String,
        until: CivilDate?, waitingIn area: AreaCode?
    ) async throws -> String {
        guard let uscc = CreditCode(typed) else { throw DomainError.invalid("uscc", "identity.uscc.check") }
        return try await store(
            account, representative: representative, area: area,
            MandateRow(
                id: ID<MandateRow>(at: time.now()).description, subject: Self.subject(of: uscc.text), role: role,
                organisation: organisation, uscc: uscc.text, status: area == nil ? .confirmed : .pending, until: until,
                checkedIn: area, reason: nil),
            Doing(actor: .system("seed"), request: "-", at: time.now()))
    }

    /// A resident says to be a company's legal representative or to be authorised by it. Answers whether that is confirmed
    /// already.
    func claimCompany(
        _ viewer: ResidentViewer, _ form: CompanyForm, area: AreaCode? = nil, _ doing: Doing
    ) async throws -> Confirmation {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let organisation = Self.words(form.organisation)
        let (uscc, faults) = Self.check(form, on: doing.at.date)
        guard faults.isEmpty, let uscc, let role = form.role else { throw DomainError.invalid(faults) }
        let known = try await database.read { tx in
            try MandateStore.mandate(account, subject: Self.subject(of: uscc.text), tx)
        }
        // What was confirmed, perhaps with another role, is not put in doubt by asking again.
        if let known, known.isGood(on: doing.at.date) { return .confirmed }
        let person = try await person(of: account)
        // Registers know representatives; a letter of authorisation is seen at a window, or believed in a demonstration.
        let answer =
            role == .representative || settings.demo
            ? try await provider.confirm(CompanyClaim(company: organisation, uscc: uscc.text, person: person))
            : .pending
        if answer == .refused { throw DomainError.invalid("uscc", "identity.company.refused") }
        _ = try await store(
            account, representative: role == .representative ? person.name : Self.words(form.representative),
            area: area, replacing: known,
            MandateRow(
                id: ID<MandateRow>(at: doing.at).description, subject: Self.subject(of: uscc.text), role: role,
                organisation: organisation, uscc: uscc.text, status: answer == .confirmed ? .confirmed : .pending,
                until: form.until, checkedIn: area, reason: nil), doing)
        return answer
    }

    private static func check(_ form: CompanyForm, on today: CivilDate) -> (CreditCode?, [FieldFault]) {
        var faults: [FieldFault] = []
        if form.role == nil { faults.append(FieldFault("role", Message("identity.company.role"))) }
        if !(2...100).contains(words(form.organisation).count) {
            faults.append(FieldFault("organisation", Message("identity.company.name")))
        }
        let uscc = CreditCode(form.uscc)
        if uscc == nil {
            let count = form.uscc.count { !$0.isWhitespace }
            faults.append(
                FieldFault(
                    "uscc",
                    count == 18
                        ? Message("identity.uscc.check") : Message("identity.uscc.length", ["count": String(count)])))
        }
        if form.role == .agent, PersonRules.nameFault(words(form.representative)) != nil {
            faults.append(FieldFault("representative", Message("identity.company.representativeForm")))
        }
        if form.role == .agent, form.until == nil {
            faults.append(FieldFault("until", Message("identity.company.until")))
        } else if form.hasUntil, form.until.map({ $0 < today }) ?? true {
            faults.append(FieldFault("until", Message("identity.company.untilPast")))
        }
        return (uscc, faults)
    }

    private static func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func store(
        _ account: AccountReference, representative: String, area: AreaCode?, replacing known: MandateRow? = nil,
        _ row: MandateRow, _ doing: Doing
    ) async throws -> String {
        let subject = row.subject
        guard
            let bundle = try await database.read({ tx in
                try VaultStore.read(account.id, area: account.bucket, slots: [Slot.person], tx)
            })
        else { throw DomainError.notFound }
        let vault = try vaults.open(bundle)
        let part = try vault.seal(representative, slot: Slot.mandate(subject))
        let number = try bundle.parts[Slot.person].map { try PersonClaim(sealed: vault.text($0)).idNumber } ?? ""
        try await database.write { tx in
            guard let owner = try AccountStore.account(account, tx) else { throw DomainError.notFound }
            try MandateStore.put(row, of: account, at: doing.at, tx)
            try VaultStore.put(part, in: account.id, area: account.bucket, at: doing.at, tx)
            var letters: [IdentityLetter] = [
                .lookup(
                    account: account.id, kind: Self.organisationLookup, version: 0,
                    code: Self.organisationCode(subject))
            ]
            if let known, known.status == .pending, let before = known.checkedIn {
                letters.append(
                    .withdraw(claim: CheckClaim(account: account.id, mandate: known.id), area: before.text))
            }
            if row.status == .pending, let area {
                letters.append(
                    .open(
                        claim: CheckClaim(account: account.id, mandate: row.id), area: area.text, mask: owner.mask,
                        number: Mask.identity(number), organisation: row.organisation, role: row.role))
            }
            for letter in letters { try Self.post(letter, area: account.bucket, at: doing.at, tx) }
            try SecurityLog.record("mandate.\(row.status.rawValue)", subject: subject, area: account.bucket, doing, tx)
        }
        await carrySoon(at: doing.at)
        return subject
    }

    /// Acts for another from now on, or for himself; answers the new cookie.
    ///
    /// - Parameter subject: an organisation's, or nil for the person.
    func switchIdentity(_ viewer: ResidentViewer, to subject: String?, _ doing: Doing) async throws -> String {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let token = Token.random()
        try await database.write { tx in
            var mandate: MandateRow?
            if let subject {
                mandate = try MandateStore.mandate(account, subject: subject, tx)
                guard let mandate, mandate.isGood(on: doing.at.date) else {
                    throw DomainError.refused(Message("identity.acting.pending"))
                }
            }
            try SessionStore.rotate(
                id: viewer.session, of: account, hash: token.storageHash, mandate: mandate?.id, tx)
            try SecurityLog.record("identity.switched", subject: subject ?? account.id, area: account.bucket, doing, tx)
        }
        return "\(account.bucket.text).\(token.text)"
    }

    func removeMandate(_ viewer: ResidentViewer, subject: String, _ doing: Doing) async throws {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        try await database.write { tx in
            if let known = try MandateStore.mandate(account, subject: subject, tx), known.status == .pending,
                let area = known.checkedIn
            {
                let claim = CheckClaim(account: account.id, mandate: known.id)
                try Self.post(.withdraw(claim: claim, area: area.text), area: account.bucket, at: doing.at, tx)
            }
            try MandateStore.remove(account, subject: subject, tx)
            try VaultStore.remove(slot: Slot.mandate(subject), from: account.id, area: account.bucket, tx)
            try SecurityLog.record("mandate.removed", subject: subject, area: account.bucket, doing, tx)
        }
        await carrySoon(at: doing.at)
    }
}

// What a company's legal representative sees and ends.

/// Somebody else who acts for the same organisation.
struct Agent: Sendable {
    let account: AccountReference
    let mask: String
    let phoneMask: String
    let mandate: MandateRow
}

extension IdentityAPI {
    /// The others who act for the organisation one represents; nobody where one does not represent it.
    func agents(for viewer: ResidentViewer) async throws -> [Agent] {
        guard try await represents(viewer) else { return [] }
        let subject = viewer.subject
        let code = Self.organisationCode(subject)
        let accounts = try await database.read { tx in
            try PartyStore.find(
                Self.organisationLookup, [(version: 0, code: code)], area: Bucket.of(code: code), limit: 50, tx)
        }.map(Self.reference)
        var agents: [Agent] = []
        for account in accounts where account.id != viewer.account {
            let found = try await database.read { tx in
                (try AccountStore.account(account, tx), try MandateStore.mandate(account, subject: subject, tx))
            }
            if let row = found.0, let mandate = found.1, mandate.status == .confirmed {
                agents.append(Agent(account: account, mask: row.mask, phoneMask: row.phoneMask, mandate: mandate))
            }
        }
        return agents
    }

    private func represents(_ viewer: ResidentViewer) async throws -> Bool {
        guard viewer.isOrganisation else { return false }
        let own = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let mandate = try await database.read { tx in try MandateStore.mandate(own, subject: viewer.subject, tx) }
        return mandate?.role == .representative && mandate?.isGood(on: time.now().date) == true
    }

    /// The legal representative ends what somebody may do for the organisation; that person is told.
    ///
    /// - Throws: `.forbidden` for anybody else, `.notFound` where that person does not act for it.
    func revokeAgent(_ account: String, by viewer: ResidentViewer, area: AreaCode, _ doing: Doing) async throws {
        guard try await represents(viewer), account != viewer.account else { throw DomainError.forbidden }
        let agent = Self.reference(account)
        try await database.write { tx in
            guard let mandate = try MandateStore.mandate(agent, subject: viewer.subject, tx),
                try MandateStore.setStatus(.ended, of: mandate.id, agent, from: [.confirmed], tx)
            else { throw DomainError.notFound }
            try Self.post(
                .tell(
                    kind: "identity.mandateEnded", account: account, area: area.text,
                    arguments: ["organisation": mandate.organisation]), area: agent.bucket, at: doing.at, tx)
            try SecurityLog.record("mandate.ended", subject: agent.id, area: agent.bucket, doing, tx)
        }
        await carrySoon(at: doing.at)
    }
}
