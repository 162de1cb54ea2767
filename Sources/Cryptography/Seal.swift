import COpenSSL

/// Sealing of parts held in memory: encryption with authentication and associated data.
///
///     format  1 byte   1 (a part), 2 (a file, see SealedFormat)
///     suite   1 byte   1 AES-256-GCM, 2 SM4-CTR with HMAC-SM3
///     version 4 bytes  key version, big-endian
///     nonce   12 or 16 bytes, random
///     ciphertext, as long as the plaintext
///     tag     16 or 32 bytes
///
/// The keys of a suite are derived from the vault key by HKDF without salt, its info being the suite's byte and
/// `tongban seal part`, so no key serves two suites or two formats. The head
/// stands before the associated data. Suite 1 gives both to GCM. Suite 2 takes HMAC-SM3 under a key of its own over their length
/// (8 bytes), themselves, nonce and ciphertext: encrypt, then authenticate.
package enum Seal {
    /// How something is sealed.
    package enum Suite: UInt8, Sendable, Hashable, CaseIterable {
        /// AES-256-GCM (NIST SP 800-38D), keys by HKDF-SHA256.
        case aes256GCM = 1
        /// SM4-CTR (GB/T 32907) with HMAC-SM3, keys by HKDF-SM3.
        case sm4CTRHMACSM3 = 2
    }

    /// What every ciphertext begins with.
    package struct Head: Sendable, Hashable {
        package let suite: Suite
        /// The version of the key, as its keeper counts.
        package let keyVersion: UInt32
    }

    /// Seals `plaintext`. `keyVersion` tells the keeper of `key` later which key it was.
    package static func seal(
        _ plaintext: some Sequence<UInt8>, key: VaultKey, associatedData: AssociatedData, keyVersion: UInt32 = 1,
        suite: Suite = .aes256GCM
    ) throws(CryptographyError) -> [UInt8] {
        let keys = SuiteKeys(suite, from: key, info: partInfo)
        let head = head(format: partFormat, suite: suite, keyVersion: keyVersion)
        let nonce = Randomness.bytes(suite.nonceLength)
        let body = try keys.encrypt(Array(plaintext), nonce: nonce, associatedData: head + associatedData.bytes)
        return head + nonce + body
    }

    /// The plaintext of what `seal` made.
    ///
    /// Throws `malformed` or `unknownSuite` where it is not a sealed part, `unauthentic` where key, associated data or any byte
    /// is not what it was.
    package static func open(
        _ sealed: [UInt8], key: VaultKey, associatedData: AssociatedData
    ) throws(CryptographyError) -> [UInt8] {
        let suite = try head(of: sealed).suite
        let keys = SuiteKeys(suite, from: key, info: partInfo)
        let start = headLength + suite.nonceLength
        guard sealed.count >= start + suite.tagLength else { throw .malformed("sealed part") }
        return try keys.decrypt(
            sealed[start...], nonce: Array(sealed[headLength..<start]),
            associatedData: sealed[..<headLength] + associatedData.bytes)
    }

    /// Suite and key version of a sealed part, before any key is at hand. Not yet authenticated.
    package static func head(of sealed: some Collection<UInt8>) throws(CryptographyError) -> Head {
        try head(of: sealed, format: partFormat)
    }

    static let headLength = 6
    private static let partInfo = Array("tongban seal part".utf8)
    static let partFormat: UInt8 = 1
    static let fileFormat: UInt8 = 2

    static func head(format: UInt8, suite: Suite, keyVersion: UInt32) -> [UInt8] {
        [format, suite.rawValue] + bigEndian(keyVersion)
    }

    static func head(of sealed: some Collection<UInt8>, format: UInt8) throws(CryptographyError) -> Head {
        let bytes = Array(sealed.prefix(headLength))
        guard bytes.count == headLength, bytes[0] == format else { throw .malformed("sealed bytes") }
        guard let suite = Suite(rawValue: bytes[1]) else { throw .unknownSuite(bytes[1]) }
        return Head(suite: suite, keyVersion: bytes[2...].reduce(0) { $0 << 8 | UInt32($1) })
    }
}
