import Cryptography
package import Kernel
import Storage
package import Web
import Workflow

// At the counter: an officer of any window finds the applicant, and types for him in the portal's own forms.

/// What the other modules show of a resident who sits at a counter; filled by Cases.
package protocol CounterHistory: Sendable {
    /// His cases in the area, those under way first.
    func lines(of viewer: ResidentViewer, area: AreaCode, _ exchange: Exchange) async throws -> [CounterLine]
    /// Results he may fetch now, and those handed over since a moment.
    func results(of viewer: ResidentViewer, area: AreaCode, since: Moment, _ exchange: Exchange) async throws
        -> [CounterResult]
    /// Hands results over to him; answers how many.
    func handOver(
        _ numbers: [String], to viewer: ResidentViewer, by staff: StaffViewer, area: AreaCode, _ exchange: Exchange
    ) async throws -> Int
    /// What he is to see of what is typed: the last that was worked on since the sitting began; nil before that.
    ///
    /// - Parameter code: of the screen, by which the phone's code is made.
    func screen(of viewer: ResidentViewer, area: AreaCode, since: Moment, code: String, _ exchange: Exchange)
        async throws -> CounterScreen?
}

/// A result that lies ready at the counter, or was handed over just now.
package struct CounterResult: Sendable {
    package let number: String
    /// The number as it is read.
    package let grouped: String
    package let name: String
    package let department: String
    /// Number of the certificate or entry.
    package let result: String?
    /// The proof of service to sign; nil while it waits to be fetched.
    package let receipt: String?

    package init(
        number: String, grouped: String, name: String, department: String, result: String?, receipt: String?
    ) {
        self.number = number
        self.grouped = grouped
        self.name = name
        self.department = department
        self.result = result
        self.receipt = receipt
    }
}

/// A case of the one who sits at the counter.
package struct CounterLine: Sendable {
    package let name: String
    package let number: String
    package let state: String
    package let day: String
    /// The same would be a duplicate.
    package let isOpen: Bool
    /// Where it is taken up again, or looked at.
    package let href: String?
    /// Where papers for it are taken in; nil where none are.
    package let scans: String?

    package init(
        name: String, number: String, state: String, day: String, isOpen: Bool, href: String?, scans: String? = nil
    ) {
        self.scans = scans
        self.name = name
        self.number = number
        self.state = state
        self.day = day
        self.isOpen = isOpen
        self.href = href
    }
}

/// What the applicant reads along on the screen that faces him.
package struct CounterScreen: Sendable {
    package let item: String
    /// The number it got; nil while it is filled in.
    package let number: String?
    package let rows: [(label: String, value: String)]
    /// Where the applicant's phone sends papers to (扫码上传); nil while the officer shows no code.
    package let scan: String?

    package init(item: String, number: String?, rows: [(label: String, value: String)], scan: String? = nil) {
        self.scan = scan
        self.item = item
        self.number = number
        self.rows = rows
    }
}

/// A resident with those he may act for, as the counter needs him.
struct CounterPerson: Sendable {
    let account: AccountRow
    let reference: AccountReference
    let person: PersonClaim
    /// Confirmed and good today.
    let mandates: [MandateRow]
}

extension IdentityAPI {
    /// Opens an account for one who has none; the officer has compared his card with him and his name.
    ///
    /// - Throws: `.invalid`; `.conflict` where the phone is another's.
    func registerAtCounter(
        name: String, idNumber: String, phone: String, area: AreaCode, _ doing: Doing
    ) async throws -> AccountReference {
        var faults: [FieldFault] = []
        let claim = PersonRules.claim(name: name, idNumber: idNumber, phone: phone, on: doing.at.date, &faults)
        guard faults.isEmpty, let claim else { throw DomainError.invalid(faults) }
        return try await store(claim, password: nil, assurance: .confirmed, area: area, consumed: nil, doing)
    }

    /// The resident before the counter; the look is written down before it is answered.
    func counterPerson(_ reference: AccountReference, area: AreaCode, _ doing: Doing) async throws -> CounterPerson {
        let seen = try await look(at: reference, area: area, doing)
        let today = doing.at.date
        return CounterPerson(
            account: seen.account, reference: reference, person: seen.person,
            mandates: seen.mandates.map(\.row).filter { $0.isGood(on: today) })
    }

    /// From now on the officer types for the resident; whoever sat there before has gone. Answers the cookie.
    ///
    /// - Parameters:
    ///   - subject: an organisation's, or nil for the person.
    ///   - byHandler: somebody with a power of attorney sits there in his stead (行政许可法 art. 29).
    /// - Throws: `.refused` where the person is not confirmed or the mandate has ended.
    func beginSitting(
        _ reference: AccountReference, subject: String?, byHandler: Bool = false, by staff: StaffViewer, area: AreaCode,
        _ doing: Doing
    ) async throws -> String {
        let (row, mandate) = try await database.read { tx in
            (
                try AccountStore.account(reference, tx),
                try subject.flatMap { try MandateStore.mandate(reference, subject: $0, tx) }
            )
        }
        guard let row else { throw DomainError.notFound }
        guard row.assurance == .confirmed else { throw DomainError.refused(Message("identity.counter.unconfirmed")) }
        if subject != nil, !(mandate?.isGood(on: doing.at.date) ?? false) {
            throw DomainError.refused(Message("identity.acting.pending"))
        }
        let token = Token.random()
        guard let screen = Self.screen(of: token) else { throw DomainError.notFound }
        let sitting = SittingRow(
            id: ID<SittingRow>(at: doing.at).description, staff: staff.id, account: reference,
            subject: mandate?.subject ?? reference.id, organisation: mandate?.organisation, mask: row.mask,
            startedAt: doing.at, byHandler: byHandler)
        try await database.write { tx in
            for account in try SittingStore.end(of: staff.id, area: area, at: doing.at, tx) {
                try SecurityLog.record("counter.ended", subject: account, area: area, doing, tx)
            }
            try SittingStore.insert(
                sitting, hash: token.storageHash, screen: screen.storageHash, desk: staff.session, area: area, tx)
            try SecurityLog.record(
                byHandler ? "counter.handled" : "counter.begun", subject: reference.id, area: area, doing, tx)
        }
        return "\(area.text).\(token.text)"
    }

    /// The resident who sits at this officer's counter now.
    func sitting(cookie: String, by staff: StaffViewer, at now: Moment) async throws -> SittingRow? {
        guard let (area, token) = Self.parse(cookie), area == staff.area,
            staff.permissions.contains(IdentityPermissions.counter)
        else { return nil }
        return try await database.read { tx in
            try SittingStore.resolve(hash: token.storageHash, desk: staff.session, area: area, at: now, tx)
        }
    }

    /// The code in the address of the screen that faces the applicant; nil for a cookie that is none. Whoever knows it cannot tell the cookie.
    package static func screenCode(cookie: String) -> String? { parse(cookie).flatMap { screen(of: $0.1)?.text } }

    private static func screen(of token: Token) -> Token? {
        Token(Base64URL.encode(Digest.sha256("counter screen \(token.text)".utf8)))
    }

    package func attended(cookie: String, by staff: StaffViewer, at moment: Moment) async throws -> ResidentViewer? {
        try await sitting(cookie: cookie, by: staff, at: moment)?.viewer
    }

    /// The sitting that a screen shows, by the code in its address.
    func sitting(onScreen code: String, area: AreaCode, at now: Moment) async throws -> SittingRow? {
        guard let token = Token(code[...]) else { return nil }
        return try await database.read { tx in
            try SittingStore.shown(screen: token.storageHash, area: area, at: now, tx)
        }
    }

    /// Who sits at the counter whose screen has this code; nil once he has gone.
    package func attended(onScreen code: String, area: AreaCode, at now: Moment) async throws -> ResidentViewer? {
        try await sitting(onScreen: code, area: area, at: now)?.viewer
    }

    /// The same by what is stored of the code.
    package func attended(onScreenHash hash: String, area: AreaCode, at now: Moment) async throws -> ResidentViewer? {
        try await database.read { tx in try SittingStore.shown(screen: hash, area: area, at: now, tx) }?.viewer
    }

    func endSitting(by staff: StaffViewer, area: AreaCode, _ doing: Doing) async throws {
        try await database.write { tx in
            for account in try SittingStore.end(of: staff.id, area: area, at: doing.at, tx) {
                try SecurityLog.record("counter.ended", subject: account, area: area, doing, tx)
            }
        }
    }
}
