import COpenSSL
import Foundation

/// Passwords kept as scrypt hashes (RFC 7914). Takes tens of milliseconds and 32 MiB: never inside a unit of work.
package enum PasswordHash {
    /// What a hash costs. Stands in the encoded text, so that it may be raised later.
    package struct Parameters: Sendable, Hashable {
        /// log₂ of the cost N, 1…20.
        package let logN: Int
        /// Block size, 1…32; memory is 128 · r · N bytes, at most 256 MiB.
        package let r: Int
        /// Passes, 1…16.
        package let p: Int

        package init(logN: Int, r: Int, p: Int) {
            self.logN = logN
            self.r = r
            self.p = p
        }

        /// N = 2¹⁵, r = 8, p = 1.
        package static let standard = Parameters(logN: 15, r: 8, p: 1)
        /// Quick and weak: for tests and demo data only.
        package static let quick = Parameters(logN: 4, r: 8, p: 1)

        fileprivate var memory: Int { 128 * r << logN }
        fileprivate var areAllowed: Bool {
            (1...20).contains(logN) && (1...32).contains(r) && (1...16).contains(p) && memory <= 256 << 20
        }
    }

    /// `$scrypt$ln=15,r=8,p=1$salt$hash`, salt (16 bytes) and hash (32 bytes) in base64url.
    ///
    /// The password is taken in its NFKC form, so that a full-width or composed letter is the same on every keyboard.
    /// Throws `invalidParameter` for parameters outside their ranges.
    package static func hash(
        _ password: String, parameters: Parameters = .standard
    ) throws(CryptographyError) -> String {
        let salt = Randomness.bytes(16)
        let hash = try derive(normalized(password), salt: salt, parameters: parameters, length: 32)
        return "$scrypt$ln=\(parameters.logN),r=\(parameters.r),p=\(parameters.p)$\(Base64URL.encode(salt))$"
            + Base64URL.encode(hash)
    }

    /// True where `password` is the one `encoded` was made from. Throws `malformed` where `encoded` is not of our form.
    package static func verify(_ password: String, _ encoded: String) throws(CryptographyError) -> Bool {
        let (parameters, salt, hash) = try parse(encoded)
        let candidate = try derive(normalized(password), salt: salt, parameters: parameters, length: hash.count)
        return MAC.equal(candidate, hash)
    }

    /// Costs what `verify` costs and is false: for an account that does not exist, so that time does not tell.
    package static func dummyVerify(
        _ password: String, parameters: Parameters = .standard
    ) throws(CryptographyError) -> Bool {
        let salt = [UInt8](repeating: 0x5A, count: 16)
        let candidate = try derive(normalized(password), salt: salt, parameters: parameters, length: 32)
        _ = MAC.equal(candidate, [UInt8](repeating: 0, count: 32))
        return false
    }

    /// True where `encoded` was made with other parameters than today's, or cannot be read.
    package static func needsRehash(_ encoded: String, parameters: Parameters = .standard) -> Bool {
        (try? parse(encoded))?.0 != parameters
    }

    /// scrypt itself over the password's bytes.
    static func derive(
        _ password: [UInt8], salt: [UInt8], parameters: Parameters, length: Int
    ) throws(CryptographyError) -> [UInt8] {
        guard parameters.areAllowed else { throw .invalidParameter("scrypt \(parameters)") }
        var password = password
        defer { password.wipe() }
        var output = [UInt8](repeating: 0, count: length)
        let status = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                // An empty password is not a missing one.
                password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt, salt.count,
                1 << UInt64(parameters.logN), UInt64(parameters.r), UInt64(parameters.p),
                UInt64(parameters.memory + (4 << 20)), &output, length)
        }
        guard status == 1 else { throw libraryError("scrypt") }
        return output
    }

    private static func normalized(_ password: String) -> [UInt8] {
        Array(password.precomposedStringWithCompatibilityMapping.utf8)
    }

    private static func parse(_ encoded: String) throws(CryptographyError) -> (Parameters, [UInt8], [UInt8]) {
        let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let salt = Base64URL.decode(parts[3]), salt.count == 16,
            let hash = Base64URL.decode(parts[4]), hash.count == 32
        else { throw .malformed("password hash") }
        let settings = parts[2].split(separator: ",", omittingEmptySubsequences: false)
        guard settings.count == 3, let logN = number(settings[0], after: "ln="),
            let r = number(settings[1], after: "r="),
            let p = number(settings[2], after: "p=")
        else { throw .malformed("password hash") }
        let parameters = Parameters(logN: logN, r: r, p: p)
        guard parameters.areAllowed else { throw .malformed("password hash") }
        return (parameters, salt, hash)
    }

    private static func number(_ text: Substring, after prefix: String) -> Int? {
        guard text.hasPrefix(prefix) else { return nil }
        let digits = text.dropFirst(prefix.count)
        guard (1...2).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}
