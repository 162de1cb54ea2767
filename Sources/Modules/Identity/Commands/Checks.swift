import Cryptography
import Kernel
import Storage
import Web
import Workflow

// What residents say of themselves and their companies, and what their papers show (docs/data.md: a look is a logged act).

/// A resident as a clerk sees him at the window.
struct CheckedPerson: Sendable {
    let account: AccountRow
    let person: PersonClaim
    let mandates: [CheckedMandate]
}

/// A mandate with the legal representative's name.
struct CheckedMandate: Sendable {
    let row: MandateRow
    let representative: String?
}

/// What a clerk found.
enum CheckVerdict: Sendable, Equatable {
    case confirmed
    case refused(CheckReason)
}

extension IdentityAPI {
    static let checks = Office<CheckProceeding>(projection: CheckProjection())
    static let numberLookup = "identity.number"
    static let organisationLookup = "identity.organisation"

    /// The look-up code under which those who act for an organisation are found.
    static func organisationCode(_ subject: String) -> String { String(subject.dropFirst(4)) }

    // MARK: At the window

    /// The accounts that a phone, an identity number or a credit code leads to.
    ///
    /// - Throws: `.invalid` where it is none of the three.
    func findAccounts(_ typed: String, area: AreaCode, _ doing: Doing) async throws -> [AccountReference] {
        var found: [AccountReference] = []
        if let phone = MobileNumber(typed) {
            if let account = try await account(of: phone) { found = [account] }
        } else if let number = CitizenID(typed) {
            for code in try vaults.lookupCodes(number.text, .idNumber) {
                found += try await accounts(Self.numberLookup, (version: code.version, code: code.code))
            }
        } else if let code = CreditCode(typed) {
            let subject = Self.subject(of: code.text)
            found = try await accounts(Self.organisationLookup, (version: 0, code: Self.organisationCode(subject)))
        } else {
            throw DomainError.invalid("q", "identity.check.find.form")
        }
        var seen: Set<String> = []
        let accounts = found.filter { seen.insert($0.id).inserted }
        try await database.write { tx in
            try SecurityLog.record("check.searched", subject: accounts.first?.id ?? "-", area: area, doing, tx)
        }
        return accounts
    }

    private func accounts(_ kind: String, _ code: (version: Int, code: String)) async throws -> [AccountReference] {
        try await database.read { tx in
            try PartyStore.find(kind, [code], area: Bucket.of(code: code.code), limit: 50, tx)
        }.map(Self.reference)
    }

    /// Everything a clerk compares with the papers; the look is durable before it is answered.
    func look(at account: AccountReference, area: AreaCode, _ doing: Doing) async throws -> CheckedPerson {
        let row = try await readAccount(account)
        let (bundle, mandates) = try await database.read { tx in
            (try VaultStore.read(account.id, area: account.bucket, tx), try MandateStore.list(account, tx))
        }
        guard let bundle, let part = bundle.parts[Slot.person] else { throw DomainError.notFound }
        let occasion = Occasion(area: area, at: doing.at, actor: doing.actor, request: doing.request)
        try await database.write { tx in
            try AccessLog.record(occasion, stream: account.id, slot: Slot.person, tx)
            try SecurityLog.record("check.looked", subject: account.id, area: area, doing, tx)
        }
        let vault = try vaults.open(bundle)
        return CheckedPerson(
            account: row, person: try PersonClaim(sealed: try vault.text(part)),
            mandates: try mandates.map { mandate in
                CheckedMandate(
                    row: mandate,
                    representative: try bundle.parts[Slot.mandate(mandate.subject)].map { try vault.text($0) })
            })
    }

    /// A clerk compared a claim with the papers.
    ///
    /// - Throws: `.refused` for a company before the person is confirmed, `.conflict` where it was looked at already.
    func decide(_ claim: CheckClaim, _ verdict: CheckVerdict, area: AreaCode, _ doing: Doing) async throws {
        let account = Self.reference(claim.account)
        let row = try await readAccount(account)
        var mandate: MandateRow?
        if let id = claim.mandate {
            mandate = try await database.read { tx in try MandateStore.mandate(account, id: id, tx) }
            guard let mandate else { throw DomainError.notFound }
            guard mandate.status == .pending || mandate.status == .refused else {
                throw DomainError.conflict(Message("identity.check.moved"))
            }
            if verdict == .confirmed, row.assurance != .confirmed {
                throw DomainError.refused(Message("identity.check.personFirst"))
            }
        } else if row.assurance == .confirmed {
            throw DomainError.conflict(Message("identity.check.moved"))
        }
        let number = try await Mask.identity(person(of: account).idNumber)
        let fresh = CheckRow(
            id: ID<CheckRow>(at: doing.at).description, claim: claim, mask: row.mask, numberMask: number,
            organisation: mandate?.organisation, role: mandate?.role, openedAt: doing.at)
        try await database.write { tx in try Self.settle(fresh, verdict, area: area, doing, tx) }
        await carrySoon(at: doing.at)
    }

    private static func settle(
        _ fresh: CheckRow, _ verdict: CheckVerdict, area: AreaCode, _ doing: Doing, _ tx: Transaction
    ) throws {
        let claim = fresh.claim
        let occasion = Occasion(area: area, at: doing.at, actor: doing.actor, request: doing.request)
        let context = CheckProceeding.Context(actor: "\(doing.actor.kind.rawValue):\(doing.actor.id)")
        let known = try CheckStore.waiting(account: claim.account, area: area, tx).first { $0.claim == claim }
        // Whoever registered elsewhere may show his papers here.
        if known == nil {
            try CheckStore.insert(fresh, area: area, tx)
            try checks.perform(.open(claim), on: fresh.id, occasion, tx) { _ in context }
        }
        let id = known?.id ?? fresh.id
        let isConfirmed = verdict == .confirmed
        var reason: CheckReason?
        switch verdict {
        case .confirmed: try checks.perform(.confirm, on: id, occasion, tx) { _ in context }
        case .refused(let why):
            reason = why
            try checks.perform(.refuse(why), on: id, occasion, tx) { _ in context }
        }
        let what = (claim.mandate == nil ? "person" : "mandate") + (isConfirmed ? "Confirmed" : "Refused")
        try post(
            .outcome(claim: claim, isConfirmed: isConfirmed, reason: reason, area: area.text), area: area, at: doing.at,
            tx)
        try tell(
            "identity.\(what)", account: claim.account, stream: id,
            fresh.organisation.map { ["organisation": $0] } ?? [:], area: area, at: doing.at, tx)
        try SecurityLog.record(
            isConfirmed ? "check.confirmed" : "check.refused", subject: claim.account, area: area, doing, tx)
    }

    /// A clerk was shown that somebody acts for an organisation no longer.
    func endMandate(_ claim: CheckClaim, area: AreaCode, _ doing: Doing) async throws {
        let account = Self.reference(claim.account)
        guard let id = claim.mandate,
            let mandate = try await database.read({ tx in try MandateStore.mandate(account, id: id, tx) })
        else { throw DomainError.notFound }
        guard mandate.status == .confirmed else { throw DomainError.conflict(Message("identity.check.moved")) }
        try await database.write { tx in
            try Self.post(.ended(claim: claim, area: area.text), area: area, at: doing.at, tx)
            try Self.tell(
                "identity.mandateEnded", account: claim.account, stream: id, ["organisation": mandate.organisation],
                area: area, at: doing.at, tx)
            try SecurityLog.record("mandate.ended", subject: claim.account, area: area, doing, tx)
        }
        await carrySoon(at: doing.at)
    }

    // MARK: By letter

    func openCheck(_ row: CheckRow, _ area: AreaCode, _ doing: Doing) async throws {
        try await database.write { tx in
            let waiting = try CheckStore.waiting(account: row.claim.account, area: area, tx)
            if let known = waiting.first(where: { $0.claim == row.claim }) {
                // Corrected while it waited.
                try CheckStore.setMasks(row.mask, row.numberMask, id: known.id, area: area, tx)
                return
            }
            if try Self.checks.state(of: row.id, area: area, tx) != nil { return }
            try CheckStore.insert(row, area: area, tx)
            try Self.checks.perform(
                .open(row.claim), on: row.id,
                Occasion(area: area, at: doing.at, actor: doing.actor, request: doing.request), tx
            ) { _ in CheckProceeding.Context(actor: "system:\(doing.actor.id)") }
        }
    }

    func withdrawCheck(_ claim: CheckClaim, _ area: AreaCode, _ doing: Doing) async throws {
        try await database.write { tx in
            for row in try CheckStore.waiting(account: claim.account, area: area, tx) where row.claim == claim {
                try Self.checks.perform(
                    .withdraw, on: row.id,
                    Occasion(area: area, at: doing.at, actor: doing.actor, request: doing.request), tx
                ) { _ in CheckProceeding.Context(actor: "system:\(doing.actor.id)") }
            }
        }
    }

    func apply(
        _ claim: CheckClaim, isConfirmed: Bool, reason: CheckReason?, decidedIn area: String, _ doing: Doing
    ) async throws {
        let account = Self.reference(claim.account)
        try await database.write { tx in
            guard let row = try AccountStore.account(account, tx) else { return }
            var waitsIn = row.checkedIn
            if let id = claim.mandate {
                guard let mandate = try MandateStore.mandate(account, id: id, tx) else { return }
                waitsIn = mandate.checkedIn
                _ = try MandateStore.setStatus(
                    isConfirmed ? .confirmed : .refused, of: id, account, from: [.pending, .refused], reason: reason, tx
                )
            } else {
                // What was confirmed is not put in doubt by a letter that comes late.
                guard isConfirmed || row.assurance != .confirmed else { return }
                try AccountStore.setAssurance(isConfirmed ? .confirmed : .refused, account, reason: reason, tx)
            }
            if let waitsIn, waitsIn.text != area {
                try Self.post(.withdraw(claim: claim, area: waitsIn.text), area: account.bucket, at: doing.at, tx)
            }
            try SecurityLog.record(
                isConfirmed ? "check.confirmed" : "check.refused", subject: account.id, area: account.bucket, doing, tx)
        }
    }

    func applyEnd(_ claim: CheckClaim, endedIn area: String, _ doing: Doing) async throws {
        let account = Self.reference(claim.account)
        guard let id = claim.mandate else { return }
        try await database.write { tx in
            if try MandateStore.setStatus(.ended, of: id, account, from: [.confirmed], tx) {
                try SecurityLog.record("mandate.ended", subject: account.id, area: account.bucket, doing, tx)
            }
        }
    }
}
