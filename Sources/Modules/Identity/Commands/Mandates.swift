import Cryptography
import Kernel
import Storage
import Web
import Workflow

// Whom a resident may act for.

extension IdentityAPI {
    /// The same organisation has the same subject, whoever acts for it.
    static func subject(of uscc: String) -> String {
        "org-" + String(Hex.encode(Digest.sha256("tongban organisation \(uscc)".utf8)).prefix(32))
    }

    func storeMandate(
        _ account: AccountReference, organisation: String, uscc typed: String, role: MandateRole,
        representative: String,
        until: CivilDate?, confirmed: Bool
    ) async throws -> String {
        guard let uscc = CreditCode(typed) else { throw DomainError.invalid("uscc", "identity.uscc.check") }
        return try await store(
            account, organisation: organisation, uscc: uscc, role: role, representative: representative, until: until,
            status: confirmed ? .confirmed : .pending, Doing(actor: .system("seed"), request: "-", at: time.now()))
    }

    /// A resident says to be a company's legal representative. Answers whether that is confirmed already.
    func claimCompany(
        _ viewer: ResidentViewer, organisation typed: String, uscc typedCode: String, _ doing: Doing
    ) async throws -> Confirmation {
        let account = AccountReference(id: viewer.account, bucket: viewer.bucket)
        let organisation = typed.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var faults: [FieldFault] = []
        if !(2...100).contains(organisation.count) {
            faults.append(FieldFault("organisation", Message("identity.company.name")))
        }
        let uscc = CreditCode(typedCode)
        if uscc == nil {
            let count = typedCode.count { !$0.isWhitespace }
            faults.append(
                FieldFault(
                    "uscc",
                    count == 18
                        ? Message("identity.uscc.check") : Message("identity.uscc.length", ["count": String(count)])))
        }
        guard faults.isEmpty, let uscc else { throw DomainError.invalid(faults) }
        let known = try await database.read { tx in
            try MandateStore.mandate(account, subject: Self.subject(of: uscc.text), tx)
        }
        // What was confirmed, perhaps with another role, is not put in doubt by asking again.
        if let known, known.isGood(on: doing.at.date) { return .confirmed }
        let person = try await person(of: account)
        let answer = try await provider.confirm(CompanyClaim(company: organisation, uscc: uscc.text, person: person))
        if answer == .refused { throw DomainError.invalid("uscc", "identity.company.refused") }
        _ = try await store(
            account, organisation: organisation, uscc: uscc, role: .representative, representative: person.name,
            until: nil,
            status: answer, doing)
        return answer
    }

    private func store(
        _ account: AccountReference, organisation: String, uscc: CreditCode, role: MandateRole, representative: String,
        until: CivilDate?, status: Confirmation, _ doing: Doing
    ) async throws -> String {
        let subject = Self.subject(of: uscc.text)
        guard
            let bundle = try await database.read({ tx in
                try VaultStore.read(account.id, area: account.bucket, slots: [Slot.person], tx)
            })
        else { throw DomainError.notFound }
        let part = try vaults.open(bundle).seal(representative, slot: Slot.mandate(subject))
        let row = MandateRow(
            id: ID<MandateRow>(at: doing.at).description, subject: subject, role: role, organisation: organisation,
            uscc: uscc.text, status: status, until: until)
        try await database.write { tx in
            try MandateStore.put(row, of: account, at: doing.at, tx)
            try VaultStore.put(part, in: account.id, area: account.bucket, at: doing.at, tx)
            try SecurityLog.record("mandate.\(status.rawValue)", subject: subject, area: account.bucket, doing, tx)
        }
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
            try MandateStore.remove(account, subject: subject, tx)
            try VaultStore.remove(slot: Slot.mandate(subject), from: account.id, area: account.bucket, tx)
            try SecurityLog.record("mandate.removed", subject: subject, area: account.bucket, doing, tx)
        }
    }
}
