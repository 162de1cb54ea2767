package import Kernel

/// One-time codes of an authenticator app: RFC 6238 with HMAC-SHA1, six digits, 30 seconds.
package struct TOTP: Sendable, Hashable, CustomStringConvertible {
    /// The shared secret, 20 bytes when made here; at least 16 (RFC 4226 §4). To be stored sealed.
    package let secret: [UInt8]

    package static let period: Int64 = 30

    /// A fresh secret.
    package static func random() -> TOTP { TOTP(unchecked: Randomness.bytes(20)) }

    /// Takes a stored secret; nil below 16 bytes.
    package init?(secret: [UInt8]) {
        guard secret.count >= 16 else { return nil }
        self.init(unchecked: secret)
    }

    private init(unchecked secret: [UInt8]) { self.secret = secret }

    /// The number of whole periods since 1970 at `moment`.
    package static func step(at moment: Moment) -> Int64 { moment.milliseconds / (period * 1000) }

    /// The code of one step: six digits.
    package func code(step: Int64) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - 8 * $0)) }
        let mac = MAC.hmac(counter, key: secret, by: .sha1)
        let offset = Int(mac[19] & 15)
        let value = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(mac[offset + $1]) } & 0x7FFF_FFFF
        let digits = String(value % 1_000_000)
        return String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    /// The step whose code `typed` is: the present one, the one before or the one after; nil where none fits.
    ///
    /// The caller keeps the step and passes it as `lastUsed` the next time: it and all before it are then refused, so that
    /// no code works twice.
    package func matchingStep(of typed: some StringProtocol, at moment: Moment, lastUsed: Int64?) -> Int64? {
        let typed = Array(typed.utf8)
        let now = TOTP.step(at: moment)
        var match: Int64?
        for step in (now - 1)...(now + 1) {
            let fits = MAC.equal(code(step: step).utf8, typed)
            if fits, match == nil, step > lastUsed ?? .min { match = step }
        }
        return match
    }

    /// The secret in base32, to be typed where no camera is at hand.
    package var base32: String { Base32.encode(secret) }

    /// What an authenticator app reads from a QR code: `otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=…`.
    package func provisioningURL(issuer: String, account: String) -> String {
        let issuer = TOTP.percentEncoded(issuer)
        return "otpauth://totp/\(issuer):\(TOTP.percentEncoded(account))?secret=\(base32)&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=6&period=\(TOTP.period)"
    }

    /// Without the secret, so that it may stand in a log.
    package var description: String { "TOTP(…)" }

    private static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return encoded
    }
}
