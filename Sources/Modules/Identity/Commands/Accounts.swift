import Cryptography
import Kernel
import Storage
import Web
import Workflow

// Residents' accounts: found by their phone's code, kept sealed.

extension IdentityAPI {
    /// A phone's codes under every key that may have been used; the newest first.
    func lookupCodes(_ phone: MobileNumber) throws -> [LookupCode] {
        try vaults.lookupCodes(phone.text, .phone).map { LookupCode(version: $0.version, text: $0.code) }
    }

    /// A phone's code under the newest key: for what is written now.
    func lookupCode(_ phone: MobileNumber) throws -> LookupCode {
        let made = try vaults.lookupCode(phone.text, .phone)
        return LookupCode(version: made.version, text: made.code)
    }

    /// The account of a phone.
    func account(of phone: MobileNumber) async throws -> AccountReference? {
        for code in try lookupCodes(phone) {
            if let found = try await database.read({ tx in try AccountStore.login(code, tx) }) { return found }
        }
        return nil
    }

    func readAccount(_ account: AccountReference) async throws -> AccountRow {
        guard let row = try await database.read({ tx in try AccountStore.account(account, tx) }) else {
            throw DomainError.notFound
        }
        return row
    }

    /// What the account's vault says of its owner.
    func person(of account: AccountReference) async throws -> PersonClaim {
        let bundle = try await database.read { tx in
            try VaultStore.read(account.id, area: account.bucket, slots: [Slot.person], tx)
        }
        guard let bundle, let part = bundle.parts[Slot.person] else { throw DomainError.notFound }
        return try PersonClaim(sealed: try vaults.open(bundle).text(part))
    }

    func readProfile(of viewer: ResidentViewer) async throws -> ApplicantProfile {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let slot = Slot.mandate(viewer.subject)
        let today = time.now().date
        let (bundle, mandate) = try await database.read { tx in
            let mandate = viewer.isOrganisation ? try MandateStore.mandate(account, subject: viewer.subject, tx) : nil
            return (
                try VaultStore.read(account.id, area: account.bucket, slots: [Slot.person, slot], tx),
                mandate.flatMap { $0.isGood(on: today) ? $0 : nil }
            )
        }
        guard let bundle, let part = bundle.parts[Slot.person] else { throw DomainError.notFound }
        let vault = try vaults.open(bundle)
        let person = try PersonClaim(sealed: try vault.text(part))
        var organisation: ApplicantProfile.Organisation?
        if let mandate {
            let representative = try bundle.parts[slot].map { try vault.text($0) } ?? person.name
            organisation = .init(name: mandate.organisation, uscc: mandate.uscc, representative: representative)
        } else if viewer.isOrganisation {
            throw DomainError.forbidden
        }
        return ApplicantProfile(
            kind: organisation == nil ? .person : .organisation, name: person.name, idNumber: person.idNumber,
            phone: person.phone, organisation: organisation)
    }

    /// Checks what is typed and opens an account without a code by SMS.
    func openAccount(
        phone: String, name: String, idNumber: String, password: String, waitingIn area: AreaCode? = nil,
        by actor: Actor
    ) async throws -> AccountReference {
        var faults: [FieldFault] = []
        let claim = PersonRules.claim(name: name, idNumber: idNumber, phone: phone, on: time.now().date, &faults)
        if !settings.demo,
            let fault = PasswordRules.fault(
                of: password, shortest: PasswordRules.residentLength, not: [phone, idNumber])
        {
            faults.append(FieldFault("password", fault))
        }
        guard faults.isEmpty, let claim else { throw DomainError.invalid(faults) }
        let hash = try await passwords.hash(password)
        return try await store(
            claim, password: hash, assurance: area == nil ? .confirmed : .pending, area: area, consumed: nil,
            Doing(actor: actor, request: "-", at: time.now()))
    }

    /// Writes login, account, vault and consent in one transaction of one bucket.
    ///
    /// - Parameters:
    ///   - area: whose windows look at the papers, where a look is needed.
    ///   - consumed: the code by SMS that proved the phone; it works once.
    ///   - consents: whether the person agreed to the privacy notice here.
    func store(
        _ claim: PersonClaim, password: String?, assurance: Confirmation, area: AreaCode?, consumed: String?,
        consents: Bool = true, _ doing: Doing
    ) async throws -> AccountReference {
        guard let phone = MobileNumber(claim.phone) else { throw DomainError.invalid("phone", "identity.phone.form") }
        if try await account(of: phone) != nil { throw DomainError.conflict(Message("identity.register.taken")) }
        let code = try lookupCode(phone)
        let account = AccountReference(id: Bucket.drawAccount(in: code.bucket, at: doing.at), bucket: code.bucket)
        let (vault, wrapped) = try vaults.create(area: account.bucket, id: account.id)
        let part = try vault.seal(claim.sealedText, slot: Slot.person)
        let notice = settings.noticeVersion
        let provider = provider.name
        let letters = try letters(on: claim, of: account, waitingIn: assurance == .pending ? area : nil)
        try await database.write { tx in
            try AccountStore.insert(
                account, password: password, mask: Mask.name(claim.name), phoneMask: phone.masked, assurance: assurance,
                provider: provider, checkedIn: area, at: doing.at, tx)
            do {
                try AccountStore.addLogin(code, for: account, tx)
            } catch StorageError.uniqueViolation {
                throw DomainError.conflict(Message("identity.register.taken"))
            }
            try VaultStore.insert(account.id, area: account.bucket, wrapped: wrapped, at: doing.at, tx)
            try VaultStore.put(part, in: account.id, area: account.bucket, at: doing.at, tx)
            if consents { try AccountStore.consent(account, to: "privacy", version: notice, at: doing.at, tx) }
            if let consumed {
                try CodeStore.remove(id: consumed, phone: code, purpose: CodePurpose.register.rawValue, tx)
            }
            for letter in letters { try Self.post(letter, area: account.bucket, at: doing.at, tx) }
            try SecurityLog.record("account.opened", subject: account.id, area: account.bucket, doing, tx)
        }
        await carrySoon(at: doing.at)
        return account
    }

    /// What others have to know of a person's claim: by which code the account is found, and where the claim waits.
    private func letters(
        on claim: PersonClaim, of account: AccountReference, waitingIn area: AreaCode?
    ) throws -> [IdentityLetter] {
        let number = try vaults.lookupCode(claim.idNumber, .idNumber)
        var letters: [IdentityLetter] = [
            .lookup(account: account.id, kind: Self.numberLookup, version: number.version, code: number.code)
        ]
        if let area {
            letters.append(
                .open(
                    claim: CheckClaim(account: account.id, mandate: nil), area: area.text, mask: Mask.name(claim.name),
                    number: Mask.identity(claim.idNumber), organisation: nil, role: nil))
        }
        return letters
    }

    /// A name or number that nobody has confirmed yet is put right by its owner (个人信息保护法 art. 46).
    ///
    /// - Throws: `.refused` once the identity is confirmed, `.invalid` with every fault.
    func correctPerson(
        of viewer: ResidentViewer, name: String, idNumber: String, password: String, area: AreaCode, _ doing: Doing
    ) async throws -> Confirmation {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let row = try await readAccount(account)
        guard row.assurance != .confirmed else { throw DomainError.refused(Message("identity.correct.confirmed")) }
        let present = try await person(of: account)
        var faults: [FieldFault] = []
        let claim = PersonRules.claim(
            name: name, idNumber: idNumber, phone: present.phone, on: doing.at.date, &faults)
        if row.password != nil, try await !passwords.verify(password, row.password) {
            faults.append(FieldFault("password", Message("identity.password.current")))
        }
        guard faults.isEmpty, let claim else { throw DomainError.invalid(faults) }
        let answer = try await provider.confirm(claim)
        if answer == .refused { throw DomainError.invalid("idNumber", "identity.id.refused") }
        guard
            let bundle = try await database.read({ tx in
                try VaultStore.read(account.id, area: account.bucket, slots: [Slot.person], tx)
            })
        else { throw DomainError.notFound }
        let part = try vaults.open(bundle).seal(claim.sealedText, slot: Slot.person)
        let letters = try letters(on: claim, of: account, waitingIn: answer == .pending ? area : nil)
        try await database.write { tx in
            guard let now = try AccountStore.account(account, tx), now.assurance != .confirmed else {
                throw DomainError.refused(Message("identity.correct.confirmed"))
            }
            try VaultStore.put(part, in: account.id, area: account.bucket, at: doing.at, tx)
            try AccountStore.claimAgain(account, mask: Mask.name(claim.name), checkedIn: area, tx)
            if answer == .confirmed { try AccountStore.setAssurance(.confirmed, account, reason: nil, tx) }
            if let before = now.checkedIn, before != area {
                let open = CheckClaim(account: account.id, mandate: nil)
                try Self.post(.withdraw(claim: open, area: before.text), area: account.bucket, at: doing.at, tx)
            }
            for letter in letters { try Self.post(letter, area: account.bucket, at: doing.at, tx) }
            try SecurityLog.record("person.corrected", subject: account.id, area: account.bucket, doing, tx)
        }
        await carrySoon(at: doing.at)
        return answer
    }

    /// Everything kept of a resident, for himself (个人信息保护法 art. 45).
    ///
    /// - Parameter others: what the other modules keep.
    func export(_ account: AccountReference, and others: [any OwnData] = [], at now: Moment) async throws -> JSON {
        let person = try await person(of: account)
        let row = try await readAccount(account)
        let idle = settings.residentIdle
        let (sessions, mandates, consents, grants) = try await database.read { tx in
            (
                try SessionStore.list(account, at: now, idle: idle, tx), try MandateStore.list(account, tx),
                try AccountStore.consents(account, tx), try AccountStore.grants(account, tx)
            )
        }
        var file: [String: JSON] = [
            "account": .string(row.id), "name": .string(person.name), "idNumber": .string(person.idNumber),
            "phone": .string(person.phone), "createdAt": .string(row.createdAt.description),
            "confirmed": .bool(row.assurance == .confirmed),
            "devices": .array(
                sessions.map {
                    [
                        "device": .string($0.device), "signedInAt": .string($0.createdAt.description),
                        "lastUsedAt": .string($0.seenAt.description),
                    ]
                }),
            "organisations": .array(
                mandates.map {
                    [
                        "name": .string($0.organisation), "uscc": .string($0.uscc), "role": .string($0.role.rawValue),
                        "status": .string($0.status.rawValue),
                        "until": $0.until.map { .string($0.description) } ?? .null,
                    ]
                }),
            "consents": .array(
                consents.map {
                    [
                        "document": .string($0.document), "version": .string($0.version),
                        "at": .string($0.at.description),
                    ]
                }),
            "systems": .array(grants.map { ["client": .string($0.client), "since": .string($0.at.description)] }),
        ]
        for other in others { file[other.key] = try await other.data(of: account, at: now) }
        return .object(file)
    }

    func setGrant(_ client: String, _ account: AccountReference, allowed: Bool, by actor: Actor) async throws {
        let doing = Doing(actor: actor, request: "-", at: time.now())
        try await database.write { tx in
            try AccountStore.setGrant(account, client: client, allowed: allowed, at: doing.at, tx)
            try SecurityLog.record(
                allowed ? "client.allowed" : "client.forbidden", subject: account.id, area: account.bucket, doing, tx)
        }
    }
}

/// Places in an account's vault.
enum Slot {
    static let person = "person"
    static let sms = "sms"
    static let totp = "totp"
    /// A secret that waits for its first code.
    static let newTOTP = "totp-new"
    /// The phone the account is to move to, and the one it has left.
    static let newPhone = "phone-new"
    static let oldPhone = "phone-old"
    /// The legal representative's name of an organisation.
    static func mandate(_ subject: String) -> String { "mandate/\(subject)" }
}

extension PersonClaim {
    var sealedText: String {
        let json: JSON = ["name": .string(name), "idNumber": .string(idNumber), "phone": .string(phone)]
        return json.canonical
    }

    init(sealed text: String) throws {
        let json = try JSON(parsing: text)
        guard let name = json["name"].text, let idNumber = json["idNumber"].text, let phone = json["phone"].text else {
            throw DomainError.notFound
        }
        self.init(name: name, idNumber: idNumber, phone: phone)
    }
}
