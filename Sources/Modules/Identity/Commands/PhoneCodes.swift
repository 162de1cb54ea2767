import Cryptography
import Kernel
import Storage
import Workflow

/// What a code by SMS is good for.
enum CodePurpose: String, Sendable, Hashable {
    case register, forgot, phone
    /// Signing a promise.
    case sign
    /// Not a code: the letter to a phone that an account has left.
    case told
}

// Codes by SMS: six digits, ten minutes, five tries, one a minute.

extension IdentityAPI {
    private static let life: Int64 = 600
    private static let tries = 5
    private static let pause: Int64 = 60

    /// Sends a code to a phone; answers it only in a demonstration, where the page shows it.
    ///
    /// - Parameters:
    ///   - isKnown: without it nothing is sent, and nobody can tell.
    ///   - area: at whose door it was asked for: its organ signs the SMS.
    ///   - language: of the SMS.
    func sendCode(
        to phone: MobileNumber, for purpose: CodePurpose, isKnown: Bool = true, at area: AreaCode? = nil,
        in language: Language = .zh, _ doing: Doing
    ) async throws -> String? {
        let lookup = try lookupCode(phone)
        let digits = Self.randomDigits()
        let id = ID<CodeStore.Pending>(at: doing.at).description
        let pending = CodeStore.Pending(
            id: id, code: try codeMAC(digits, lookup, purpose), tries: 0, sentAt: doing.at,
            expiresAt: doing.at.adding(seconds: Self.life))
        let (vault, wrapped) = try vaults.create(area: lookup.bucket, id: id)
        let letter: JSON = [
            "phone": .string(phone.text), "code": .string(digits), "purpose": .string(purpose.rawValue),
            "area": area.map { .string($0.text) } ?? .null, "language": .string(language.rawValue),
            "until": .int(pending.expiresAt.milliseconds),
        ]
        let part = try vault.seal(letter.canonical, slot: Slot.sms)
        try await database.write { tx in
            if let before = try CodeStore.pending(lookup, purpose: purpose.rawValue, tx) {
                let elapsed = (doing.at.milliseconds - before.sentAt.milliseconds) / 1000
                if elapsed < Self.pause { throw DomainError.tooMany(retryAfter: Int(Self.pause - elapsed)) }
                try VaultStore.discard(before.id, area: lookup.bucket, tx)
            }
            try CodeStore.put(pending, phone: lookup, purpose: purpose.rawValue, tx)
            guard isKnown else { return }
            try VaultStore.insert(id, area: lookup.bucket, wrapped: wrapped, at: doing.at, tx)
            try VaultStore.put(part, in: id, area: lookup.bucket, at: doing.at, tx)
            try Outbox.post(
                channel: "sms", area: lookup.bucket, dedup: id,
                payload: ["kind": "identity.code", "vault": .string(id), "slot": .string(Slot.sms)], at: doing.at, tx)
        }
        return settings.demo && isKnown ? digits : nil
    }

    /// The id of the code that fits, to be consumed with what it allows; nil where none does. A wrong one counts.
    func checkCode(_ typed: String, of phone: MobileNumber, for purpose: CodePurpose, at now: Moment) async throws
        -> String?
    {
        let lookup = try lookupCode(phone)
        let expected = try codeMAC(typed.filter(\.isNumber), lookup, purpose)
        return try await database.write { tx in
            guard let pending = try CodeStore.pending(lookup, purpose: purpose.rawValue, tx), pending.expiresAt > now,
                pending.tries < Self.tries
            else { return nil }
            if MAC.equal(Array(expected.utf8), Array(pending.code.utf8)) { return pending.id }
            try CodeStore.countTry(lookup, purpose: purpose.rawValue, tx)
            return nil
        }
    }

    private func codeMAC(_ digits: String, _ phone: LookupCode, _ purpose: CodePurpose) throws -> String {
        try vaults.lookupCode("\(purpose.rawValue) \(phone.text) \(digits)", MACPurpose("identity.phone-code")).code
    }

    private static func randomDigits() -> String {
        let number = Randomness.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 1_000_000
        let text = String(number)
        return String(repeating: "0", count: 6 - text.count) + text
    }
}
