package import Cryptography

/// What the operator sets, and what tests make quick. Times in seconds.
package struct IdentitySettings: Sendable {
    /// Demonstration: codes are shown on the page, the second factor is optional, companies are taken at their word.
    package var demo: Bool
    /// What a password's hash costs.
    package var scrypt: PasswordHash.Parameters
    /// A resident's session ends so long after sign-in …
    package var residentSession: Int64
    /// … or so long after the last request.
    package var residentIdle: Int64
    /// The same for staff; 30 minutes idle (GB/T 22239-2019).
    package var staffSession: Int64
    package var staffIdle: Int64
    /// How long a bearer token of the API is good.
    package var tokenLife: Int64
    /// Which privacy notice people consent to.
    package var noticeVersion: String
    /// The name shown in authenticator apps.
    package var issuer: String

    package init(
        demo: Bool, scrypt: PasswordHash.Parameters = .standard, residentSession: Int64 = 12 * 3600,
        residentIdle: Int64 = 2 * 3600, staffSession: Int64 = 12 * 3600, staffIdle: Int64 = 1800,
        tokenLife: Int64 = 3600,
        noticeVersion: String = "2026-01", issuer: String = "Tongban"
    ) {
        self.demo = demo
        self.scrypt = scrypt
        self.residentSession = residentSession
        self.residentIdle = residentIdle
        self.staffSession = staffSession
        self.staffIdle = staffIdle
        self.tokenLife = tokenLife
        self.noticeVersion = noticeVersion
        self.issuer = issuer
    }
}
