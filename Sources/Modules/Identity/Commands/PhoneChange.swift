import Cryptography
import Kernel
import Storage
import Web
import Workflow

// Another phone for an account. Login directory and account lie in different buckets, so the move is made in steps that
// each may be done again: the new login, then the account, then the old login (docs/data.md, "Areas").

/// A phone that an account is to move to, before its code is typed.
struct PendingPhone: Sendable {
    let phone: MobileNumber
    let at: Moment
    /// Names this wish: a later one has another.
    let hash: String
}

extension IdentityAPI {
    /// How long a password once given is good for typing the code.
    private static let patience: Int64 = 900

    /// The first step: who asks is the owner, by password or, without one, by the number on the identity card.
    ///
    /// - Returns: the code in a demonstration.
    func beginPhoneChange(
        of viewer: ResidentViewer, to typed: String, password: String, idNumber: String, _ doing: Doing
    ) async throws -> String? {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let row = try await readAccount(account)
        let person = try await person(of: account)
        var faults = try phoneFaults(typed, present: person.phone)
        if row.password != nil {
            if try await !passwords.verify(password, row.password) {
                faults.insert(FieldFault("password", Message("identity.password.current")), at: 0)
            }
        } else if CitizenID(idNumber)?.text != person.idNumber {
            faults.insert(FieldFault("idNumber", Message("identity.forgot.id")), at: 0)
        }
        guard faults.isEmpty, let phone = MobileNumber(typed) else { throw DomainError.invalid(faults) }
        return try await prepare(phone, for: account, doing)
    }

    /// The same at the window, where the old phone is lost and the clerk has seen the identity card.
    func beginPhoneChange(of account: AccountReference, to typed: String, _ doing: Doing) async throws -> String? {
        let faults = try phoneFaults(typed, present: try await person(of: account).phone)
        guard faults.isEmpty, let phone = MobileNumber(typed) else { throw DomainError.invalid(faults) }
        return try await prepare(phone, for: account, doing)
    }

    private func phoneFaults(_ typed: String, present: String) throws -> [FieldFault] {
        guard let phone = MobileNumber(typed) else { return [FieldFault("phone", PersonRules.phoneFault(typed))] }
        return phone.text == present ? [FieldFault("phone", Message("identity.phoneChange.same"))] : []
    }

    private func prepare(_ phone: MobileNumber, for account: AccountReference, _ doing: Doing) async throws -> String? {
        guard
            let bundle = try await database.read({ tx in
                try VaultStore.read(account.id, area: account.bucket, slots: [Slot.person], tx)
            })
        else { throw DomainError.notFound }
        let wish: JSON = ["phone": .string(phone.text), "at": .int(doing.at.milliseconds)]
        let part = try vaults.open(bundle).seal(wish.canonical, slot: Slot.newPhone)
        try await database.write { tx in
            try VaultStore.put(part, in: account.id, area: account.bucket, at: doing.at, tx)
        }
        return try await sendCode(to: phone, for: .phone, doing)
    }

    /// The phone whose code is waited for; nil where none is, or the wait was too long.
    func pendingPhone(of account: AccountReference, at now: Moment) async throws -> PendingPhone? {
        let bundle = try await database.read { tx in
            try VaultStore.read(account.id, area: account.bucket, slots: [Slot.newPhone], tx)
        }
        guard let bundle, let part = bundle.parts[Slot.newPhone] else { return nil }
        let wish = try JSON(parsing: try vaults.open(bundle).text(part))
        guard let phone = wish["phone"].text.flatMap({ MobileNumber($0) }), case .int(let at) = wish["at"],
            now.milliseconds - at <= Self.patience * 1000
        else { return nil }
        return PendingPhone(phone: phone, at: Moment(milliseconds: at), hash: part.hash)
    }

    /// The second step: the code sent to the new phone. From here the move goes through, also over a crash.
    ///
    /// - Parameters:
    ///   - keeping: the session that goes on; all others end.
    ///   - area: by way of which the owner is told.
    func confirmPhoneChange(
        of account: AccountReference, code: String, keeping: String?, area: AreaCode, _ doing: Doing
    ) async throws {
        guard let pending = try await pendingPhone(of: account, at: doing.at) else {
            throw DomainError.conflict(Message("identity.phoneChange.late"))
        }
        guard let consumed = try await checkCode(code, of: pending.phone, for: .phone, at: doing.at) else {
            throw DomainError.invalid("code", "identity.code.wrong")
        }
        // The code proved that the phone is the caller's, so he may know that it has an account.
        if let other = try await self.account(of: pending.phone), other.id != account.id {
            throw DomainError.invalid("code", "identity.phoneChange.taken")
        }
        let lookup = try lookupCode(pending.phone)
        let isFirst = try await database.write { tx in
            try CodeStore.remove(id: consumed, phone: lookup, purpose: CodePurpose.phone.rawValue, tx)
        }
        guard isFirst else { throw DomainError.invalid("code", "identity.code.wrong") }
        try await database.write { tx in
            try Self.post(
                .phone(account: account.id, wish: pending.hash, keeping: keeping, area: area.text),
                area: account.bucket,
                at: doing.at, tx)
            try SecurityLog.record("phone.begun", subject: account.id, area: account.bucket, doing, tx)
        }
        await carrySoon(at: doing.at)
    }

    // MARK: The move, step by step

    /// - Parameter wish: the wish whose code was typed; another one is not this letter's.
    func movePhone(
        of account: AccountReference, wish: String, keeping: String?, area: AreaCode, _ doing: Doing
    ) async throws {
        if try await enterNewPhone(of: account, wish: wish, doing) {
            try await rewritePhone(of: account, wish: wish, keeping: keeping, area: area, doing)
        }
        try await leaveOldPhone(of: account, doing)
    }

    /// The new phone leads to the account; false where there is nothing to do, or somebody else was faster.
    func enterNewPhone(of account: AccountReference, wish: String, _ doing: Doing) async throws -> Bool {
        guard let (phone, _) = try await self.wish(wish, of: account) else { return false }
        var owner = try await self.account(of: phone)
        if owner == nil {
            let code = try lookupCode(phone)
            do {
                try await database.write { tx in try AccountStore.addLogin(code, for: account, tx) }
                owner = account
            } catch StorageError.uniqueViolation {
                owner = try await self.account(of: phone)
            }
        }
        if owner?.id == account.id { return true }
        try await database.write { tx in
            try VaultStore.remove(slot: Slot.newPhone, from: account.id, area: account.bucket, tx)
            try SecurityLog.record("phone.taken", subject: account.id, area: account.bucket, doing, tx)
        }
        return false
    }

    /// The account has the new phone: sessions elsewhere end, the owner is told.
    func rewritePhone(
        of account: AccountReference, wish: String, keeping: String?, area: AreaCode, _ doing: Doing
    ) async throws {
        guard let (phone, bundle) = try await self.wish(wish, of: account),
            let personPart = bundle.parts[Slot.person]
        else { return }
        let vault = try vaults.open(bundle)
        let person = try PersonClaim(sealed: try vault.text(personPart))
        guard let old = MobileNumber(person.phone) else { throw DomainError.notFound }
        let moved = PersonClaim(name: person.name, idNumber: person.idNumber, phone: phone.text)
        let newPerson = try vault.seal(moved.sealedText, slot: Slot.person)
        let oldPhone = try vault.seal(old.text, slot: Slot.oldPhone)
        try await database.write { tx in
            // Another server may have carried the same letter out, or the name was corrected meanwhile.
            let now = try VaultStore.read(
                account.id, area: account.bucket, slots: [Slot.person, Slot.newPhone], tx)
            guard now?.parts[Slot.person]?.hash == personPart.hash, now?.parts[Slot.newPhone]?.hash == wish
            else { throw DomainError.unavailable }
            try VaultStore.put(newPerson, in: account.id, area: account.bucket, at: doing.at, tx)
            try VaultStore.put(oldPhone, in: account.id, area: account.bucket, at: doing.at, tx)
            try VaultStore.remove(slot: Slot.newPhone, from: account.id, area: account.bucket, tx)
            try AccountStore.setPhone(account, mask: phone.masked, keeping: keeping, tx)
            try Self.post(
                .tell(
                    kind: "identity.phoneChanged", account: account.id, area: area.text,
                    arguments: ["phone": phone.masked]), area: account.bucket, at: doing.at, tx)
            try SecurityLog.record("phone.changed", subject: account.id, area: account.bucket, doing, tx)
        }
    }

    /// The old phone is told and leads to the account no longer.
    func leaveOldPhone(of account: AccountReference, _ doing: Doing) async throws {
        let bundle = try await database.read { tx in
            try VaultStore.read(account.id, area: account.bucket, slots: [Slot.oldPhone, Slot.person], tx)
        }
        guard let bundle, let part = bundle.parts[Slot.oldPhone], let personPart = bundle.parts[Slot.person] else {
            return
        }
        let vault = try vaults.open(bundle)
        guard let old = MobileNumber(try vault.text(part)) else { return }
        let present = try PersonClaim(sealed: try vault.text(personPart)).phone
        if present != old.text {
            for code in try lookupCodes(old) {
                try await database.write { tx in try AccountStore.removeLogin(code, of: account, tx) }
            }
            try await tellOldPhone(old, new: MobileNumber(present)?.masked ?? "", of: account, doing)
        }
        try await database.write { tx in
            try VaultStore.remove(slot: Slot.oldPhone, from: account.id, area: account.bucket, tx)
        }
    }

    /// An SMS to the number that was left, sealed like a code, and swept with the codes.
    private func tellOldPhone(
        _ old: MobileNumber, new masked: String, of account: AccountReference, _ doing: Doing
    ) async throws {
        let lookup = try lookupCode(old)
        let (vault, wrapped) = try vaults.create(area: lookup.bucket, id: "told-\(doing.request)")
        let letter: JSON = [
            "phone": .string(old.text), "purpose": .string(CodePurpose.told.rawValue), "new": .string(masked),
        ]
        let part = try vault.seal(letter.canonical, slot: Slot.sms)
        let kept = CodeStore.Pending(
            id: vault.id, code: "", tries: 0, sentAt: doing.at, expiresAt: doing.at.adding(seconds: 7 * 86_400))
        try await database.write { tx in
            if try VaultStore.read(vault.id, area: lookup.bucket, tx) != nil { return }
            if let before = try CodeStore.pending(lookup, purpose: CodePurpose.told.rawValue, tx) {
                try VaultStore.forget(before.id, area: lookup.bucket, tx)
            }
            try CodeStore.put(kept, phone: lookup, purpose: CodePurpose.told.rawValue, tx)
            try VaultStore.insert(vault.id, area: lookup.bucket, wrapped: wrapped, at: doing.at, tx)
            try VaultStore.put(part, in: vault.id, area: lookup.bucket, at: doing.at, tx)
            try Outbox.post(
                channel: "sms", area: lookup.bucket, dedup: vault.id,
                payload: ["kind": "identity.phoneLeft", "vault": .string(vault.id), "slot": .string(Slot.sms)],
                at: doing.at, tx)
            try SecurityLog.record("phone.left", subject: account.id, area: lookup.bucket, doing, tx)
        }
    }

    /// The phone of one wish, with the person; nil where another wish, or none, lies in the vault.
    private func wish(_ hash: String, of account: AccountReference) async throws -> (MobileNumber, SealedBundle)? {
        let bundle = try await database.read { tx in
            try VaultStore.read(account.id, area: account.bucket, slots: [Slot.person, Slot.newPhone], tx)
        }
        guard let bundle, let part = bundle.parts[Slot.newPhone], part.hash == hash else { return nil }
        let wish = try JSON(parsing: try vaults.open(bundle).text(part))
        return wish["phone"].text.flatMap { MobileNumber($0) }.map { ($0, bundle) }
    }
}
