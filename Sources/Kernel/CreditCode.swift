/// A unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters.
///
/// Some genuine early codes fail their check character; a clerk may take one with a reason, through `init(unchecked:)`.
package struct CreditCode: Sendable, Hashable, CustomStringConvertible {
    /// 18 characters of digits and capital letters without I, O, S, V and Z.
    package let text: String

    /// What is wrong with a code.
    package enum Fault: Sendable, Hashable {
        /// Not 18 characters of the alphabet, or no division in positions 3–8: no clerk can take this.
        case form
        /// The organisation code in positions 9–17 fails its own check (GB 11714).
        case organisationDigit
        /// The last character fails.
        case checkDigit
    }

    /// Reads a code as people type it; refuses every fault.
    package init?(_ typed: some StringProtocol) {
        guard CreditCode.fault(of: typed) == nil else { return nil }
        text = plainCode(typed)
    }

    /// Takes a code of the right form whatever its check characters say: for codes that a clerk has seen on a licence.
    package init?(unchecked typed: some StringProtocol) {
        guard CreditCode.fault(of: typed) != .form else { return nil }
        text = plainCode(typed)
    }

    /// The first fault of a code as people type it; nil when it is right.
    package static func fault(of typed: some StringProtocol) -> Fault? {
        let text = Array(plainCode(typed))
        guard text.count == 18, text.allSatisfy({ CheckDigit.creditCodeAlphabet.contains($0) }),
            text[2..<8].allSatisfy({ $0.isNumber })
        else { return .form }
        if CheckDigit.organisation(String(text[8..<16])) != text[16] { return .organisationDigit }
        return CheckDigit.creditCode(String(text[..<17])) == text[17] ? nil : .checkDigit
    }

    /// The organisation code (GB 11714) in positions 9–17.
    package var organisationCode: String { String(text.dropFirst(8).prefix(9)) }

    package var description: String { text }
}

/// The identifier of an electronic certificate (电子证照标识, GB/T 36904): `1.2.156.3005.2.` + type, issuer, serial,
/// version and a check character (ISO 7064 MOD 37,36) between dots.
package struct CertificateIdentifier: Sendable, Hashable, CustomStringConvertible {
    /// The object identifier under which certificates are numbered.
    package static let prefix = "1.2.156.3005.2"

    /// 21 characters: the credit code of who defined the type, and three of its own.
    package let type: String
    /// 18 characters: the credit code of the issuer.
    package let issuer: String
    /// Digits and capital letters, at least one.
    package let serial: String
    /// Three digits or capital letters.
    package let version: String
    package let check: Character

    /// Computes the check character; refuses parts of another length and other characters than digits and capitals.
    package init?(type: String, issuer: String, serial: String, version: String) {
        guard type.utf8.count == 21, issuer.utf8.count == 18, version.utf8.count == 3, !serial.isEmpty,
            let check = CheckDigit.mod37And36(type + issuer + serial + version)
        else { return nil }
        self.type = type
        self.issuer = issuer
        self.serial = serial
        self.version = version
        self.check = check
    }

    /// Reads the whole identifier; refuses another prefix, another form and a wrong check character.
    package init?(_ text: some StringProtocol) {
        let start = CertificateIdentifier.prefix + "."
        guard text.hasPrefix(start) else { return nil }
        let rest = String(text).dropFirst(start.count)
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 else { return nil }
        self.init(type: parts[0], issuer: parts[1], serial: parts[2], version: parts[3])
        guard parts[4] == String(check) else { return nil }
    }

    package var description: String {
        [CertificateIdentifier.prefix, type, issuer, serial, version, String(check)].joined(separator: ".")
    }
}
