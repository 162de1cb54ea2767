import Kernel
import Storage
import Web

/// The account that somebody who takes another's place signs in with, and the subject his applications stand under.
package struct SuccessorAccount: Sendable, Hashable {
    package let account: AccountReference
    package let subject: String
}

extension IdentityAPI {
    /// Whose phone it is, where the number is that person's own, or that of an organisation he may act for today; nil where
    /// either is not so, without saying which.
    package func successor(phone: String, number: String) async throws -> SuccessorAccount? {
        guard let phone = MobileNumber(phone), let account = try await account(of: phone) else { return nil }
        if try await person(of: account).idNumber.uppercased() == number.uppercased() {
            return SuccessorAccount(account: account, subject: account.id)
        }
        let today = time.now().date
        let mandates = try await database.read { tx in try MandateStore.list(account, tx) }
        return mandates.first { $0.isGood(on: today) && $0.uscc.uppercased() == number.uppercased() }.map {
            SuccessorAccount(account: account, subject: $0.subject)
        }
    }
}
