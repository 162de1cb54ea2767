import Foundation
import Kernel
import Storage
import Workflow

/// What a bucket has to tell an area, or an area a bucket: one area a transaction, so it goes by letter and arrives at
/// least once. Each is carried out so that a second time changes nothing.
enum IdentityLetter: Sendable, Codable {
    /// Lets an account be found by a keyed code of something secret.
    case lookup(account: String, kind: String, version: Int, code: String)
    /// A claim waits at the windows of an area.
    case open(claim: CheckClaim, area: String, mask: String, number: String, organisation: String?, role: MandateRole?)
    /// It waits there no longer.
    case withdraw(claim: CheckClaim, area: String)
    /// What the papers showed.
    case outcome(claim: CheckClaim, isConfirmed: Bool, reason: CheckReason?, area: String)
    /// A mandate was ended at a window.
    case ended(claim: CheckClaim, area: String)
    /// A message for the account, by way of an area.
    case tell(kind: String, account: String, area: String, arguments: [String: String])
    /// The account moves to the phone that lies sealed in its vault.
    case phone(account: String, wish: String, keeping: String?, area: String)
}

extension IdentityAPI {
    static let letters = "identity"
    private static let batch = 50

    /// Puts a letter in, in the transaction of what it tells.
    static func post(_ letter: IdentityLetter, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        let payload = try CanonicalJSON.value(of: letter)
        try Outbox.post(
            channel: letters, area: area, dedup: ID<IdentityLetter>(at: now).description, payload: payload, at: now, tx)
    }

    /// Carries out the letters that are due.
    func carryLetters(at now: Moment) async throws {
        while true {
            let letters = try await database.read { tx in
                try Outbox.due(channel: Self.letters, at: now, limit: Self.batch, tx)
            }
            var carried = 0
            for letter in letters {
                guard try await database.write({ tx in try Outbox.claim(letter, at: now, tx) }) else { continue }
                do {
                    try await carry(letter, at: now)
                    try await database.write { tx in try Outbox.delivered(letter, tx) }
                    carried += 1
                } catch {
                    let fault = "\(error)"
                    try await database.write { tx in try Outbox.failed(letter, fault: fault, at: now, tx) }
                }
            }
            // What was carried may have put in more.
            if carried == 0 { return }
        }
    }

    /// At once, so that the next page shows it; what fails here the job does again.
    func carrySoon(at now: Moment) async { try? await carryLetters(at: now) }

    private func carry(_ letter: Outbox.Letter, at now: Moment) async throws {
        let content = try JSONDecoder().decode(IdentityLetter.self, from: Data(letter.payload.canonical.utf8))
        let doing = Doing(actor: .system("identity.letters"), request: letter.id, at: now)
        switch content {
        case .lookup(let account, let kind, let version, let code):
            try await database.write { tx in
                try PartyStore.addLookup(
                    kind, (version: version, code: code), stream: account, area: Bucket.of(code: code), tx)
            }
        case .open(let claim, let area, let mask, let number, let organisation, let role):
            let row = CheckRow(
                id: letter.id, claim: claim, mask: mask, numberMask: number, organisation: organisation, role: role,
                openedAt: now)
            try await openCheck(row, try Self.county(area), doing)
        case .withdraw(let claim, let area): try await withdrawCheck(claim, try Self.county(area), doing)
        case .outcome(let claim, let isConfirmed, let reason, let area):
            try await apply(claim, isConfirmed: isConfirmed, reason: reason, decidedIn: area, doing)
        case .ended(let claim, let area): try await applyEnd(claim, endedIn: area, doing)
        case .tell(let kind, let account, let area, let arguments):
            let county = try Self.county(area)
            try await database.write { tx in
                try Self.tell(kind, account: account, stream: letter.id, arguments, area: county, at: now, tx)
            }
        case .phone(let account, let wish, let keeping, let area):
            try await movePhone(
                of: Self.reference(account), wish: wish, keeping: keeping, area: try Self.county(area), doing)
        }
    }

    /// A message to an account in words of `notify.<kind>`.
    static func tell(
        _ kind: String, account: String, stream: String, _ arguments: [String: String], area: AreaCode, at now: Moment,
        _ tx: Transaction
    ) throws {
        let payload: JSON = [
            "kind": .string(kind), "stream": .string(stream), "area": .string(area.text), "account": .string(account),
            "bucket": .string(Bucket.of(account: account).text),
            "arguments": .object(arguments.mapValues(JSON.string)),
        ]
        try Outbox.post(channel: "message", area: area, dedup: "\(stream)/\(kind)", payload: payload, at: now, tx)
    }

    /// Where an account lives follows from its id.
    static func reference(_ account: String) -> AccountReference {
        AccountReference(id: account, bucket: Bucket.of(account: account))
    }

    private static func county(_ text: String) throws(DomainError) -> AreaCode {
        guard let area = AreaCode(text), !area.isBucket else { throw .notFound }
        return area
    }
}
