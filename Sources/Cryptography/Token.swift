/// An opaque secret of 256 random bits that a bearer shows: session, API client, verify link. Only its hash is stored.
package struct Token: Sendable, Hashable, CustomStringConvertible {
    /// What the bearer holds: 43 characters of base64url.
    package let text: String
    /// What is stored: SHA-256 of the 32 bytes, 64 characters of hex. Enough without a key, since nobody guesses 256 bits.
    package let storageHash: String

    /// A fresh token.
    package static func random() -> Token { Token(bytes: Randomness.bytes(32)) }

    /// Reads what a bearer shows; nil unless it is the text of 32 bytes.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 43, let bytes = Base64URL.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    private init(bytes: [UInt8]) {
        text = Base64URL.encode(bytes)
        storageHash = Hex.encode(Digest.sha256(bytes))
    }

    /// The beginning of the hash, so that a token may stand in a log.
    package var description: String { "Token(\(storageHash.prefix(8))…)" }
}

/// The 查询码 on a receipt: with the case number it shows the state of a case without an account.
///
/// Eight characters of 31 that are not mistaken for one another (no 0 O 1 I L): 39 bits. So tries must be limited, and
/// what is stored must be keyed: `KeyService.mac(…, purpose: .queryCode)`.
package struct QueryCode: Sendable, Hashable, CustomStringConvertible {
    /// Eight characters, as stored and compared.
    package let text: String

    private static let letters = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8)

    /// A fresh code.
    package static func random() -> QueryCode {
        let characters = (0..<8).map { _ in letters[Randomness.number(below: letters.count)] }
        return QueryCode(text: String(decoding: characters, as: UTF8.self))
    }

    /// Reads what somebody typed: either case, full-width characters, spaces and hyphens anywhere.
    package init?(_ typed: some StringProtocol) {
        var characters: [UInt8] = []
        for scalar in typed.unicodeScalars {
            var value = scalar.value
            if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
            if (97...122).contains(value) { value -= 32 }
            if value == 0x20 || value == 0x3000 || value == 0x2D || value == 0x2014 || value == 0x2013 { continue }
            guard let character = UInt8(exactly: value), QueryCode.letters.contains(character), characters.count < 8
            else { return nil }
            characters.append(character)
        }
        guard characters.count == 8 else { return nil }
        text = String(decoding: characters, as: UTF8.self)
    }

    private init(text: String) { self.text = text }

    /// `K7MQ-3XWD`, as printed.
    package var description: String { "\(text.prefix(4))-\(text.suffix(4))" }
}
