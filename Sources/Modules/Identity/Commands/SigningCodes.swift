package import Kernel
import Storage
package import Web

// A person signs something online: the code goes to the phone the account is known by.

extension IdentityAPI {
    /// Sends a code for signing; answers it only in a demonstration, where the page shows it.
    ///
    /// - Throws: `.tooMany` within a minute of the last one, `.notFound` for an account without a phone.
    package func sendSigningCode(
        to viewer: ResidentViewer, at area: AreaCode, in language: Language, by actor: Actor, request: String,
        at now: Moment
    ) async throws -> String? {
        try await sendCode(
            to: try await phone(of: viewer), for: .sign, at: area, in: language,
            Doing(actor: actor, request: request, at: now))
    }

    /// Takes the code back: true once for the right one.
    package func takeSigningCode(_ typed: String, of viewer: ResidentViewer, at now: Moment) async throws -> Bool {
        let phone = try await phone(of: viewer)
        guard let id = try await checkCode(typed, of: phone, for: .sign, at: now) else { return false }
        let lookup = try lookupCode(phone)
        try await database.write { tx in
            try CodeStore.remove(id: id, phone: lookup, purpose: CodePurpose.sign.rawValue, tx)
        }
        return true
    }

    private func phone(of viewer: ResidentViewer) async throws -> MobileNumber {
        guard let phone = MobileNumber(try await profile(of: viewer).phone) else { throw DomainError.notFound }
        return phone
    }
}
