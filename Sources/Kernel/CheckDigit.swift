/// The check characters of the standards, computed from the characters before them.
///
/// Each gives nil where its input has another length or other characters than the standard says.
package enum CheckDigit {
    /// The last character of a citizen's identity number (GB 11643-1999, ISO 7064 MOD 11-2) over its 17 digits.
    package static func citizen(_ body: some StringProtocol) -> Character? {
        guard let digits = values(body, below: 10), digits.count == 17 else { return nil }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return Array("10X98765432")[sum % 11]
    }

    /// The last character of a unified social credit code (GB 32100-2015) over the 17 before it.
    package static func creditCode(_ body: some StringProtocol) -> Character? {
        var sum = 0
        var weight = 1
        var count = 0
        for character in body {
            guard let value = creditCodeAlphabet.firstIndex(of: character) else { return nil }
            sum += value * weight
            weight = weight * 3 % 31
            count += 1
        }
        return count == 17 ? creditCodeAlphabet[(31 - sum % 31) % 31] : nil
    }

    /// The last character of an organisation code (GB 11714-1997) over the 8 before it.
    package static func organisation(_ body: some StringProtocol) -> Character? {
        guard let characters = values(body, below: 36), characters.count == 8 else { return nil }
        let sum = zip(characters, [3, 7, 9, 10, 5, 8, 4, 2]).reduce(0) { $0 + $1.0 * $1.1 }
        switch 11 - sum % 11 {
        case 10: return "X"
        case 11: return "0"
        case let digit: return Character(String(digit))
        }
    }

    /// ISO 7064 MOD 37,36 over digits and capital letters, as electronic certificates bear it.
    package static func mod37And36(_ body: some StringProtocol) -> Character? {
        guard let characters = values(body, below: 36), !characters.isEmpty else { return nil }
        let check = hybrid(characters, modulus: 36)
        return check < 10 ? Character(String(check)) : Character(UnicodeScalar(UInt8(55 + check)))
    }

    /// ISO 7064 MOD 11,10 over digits, as case numbers bear it: finds every wrong digit and most exchanged neighbours.
    package static func mod11And10(_ digits: some StringProtocol) -> Character? {
        guard let digits = values(digits, below: 10), !digits.isEmpty else { return nil }
        return Character(String(hybrid(digits, modulus: 10)))
    }

    /// Whether the last of these digits is the MOD 11,10 check digit of the others.
    package static func holdsMod11And10(_ digits: some StringProtocol) -> Bool {
        guard let last = digits.last else { return false }
        return mod11And10(digits.dropLast()) == last
    }

    /// The 31 characters of unified social credit codes: no I, O, S, V and Z.
    static let creditCodeAlphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

    /// The hybrid systems of ISO 7064: modulus M and M + 1.
    private static func hybrid(_ characters: [Int], modulus: Int) -> Int {
        var product = modulus
        for value in characters {
            let sum = (product + value) % modulus
            product = (sum == 0 ? modulus : sum) * 2 % (modulus + 1)
        }
        return (modulus + 1 - product) % modulus
    }

    /// The values of ASCII digits and capital letters; nil where one is anything else or not below `bound`.
    private static func values(_ text: some StringProtocol, below bound: Int) -> [Int]? {
        var values: [Int] = []
        for byte in text.utf8 {
            let value: Int
            switch byte {
            case 48...57: value = Int(byte) - 48
            case 65...90: value = Int(byte) - 55
            default: return nil
            }
            guard value < bound else { return nil }
            values.append(value)
        }
        return values
    }
}

/// A code as people type it, made plain: full-width characters narrowed, spaces and hyphens dropped, letters capital.
func plainCode(_ text: some StringProtocol) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x20, 0x09, 0xA0, 0x3000, 0x2D, 0x2010...0x2015, 0xFF0D, 0x200B, 0xFEFF: continue
        case 0xFF01...0xFF5E: plain.unicodeScalars.append(UnicodeScalar(UInt8(scalar.value - 0xFEE0)))
        default: plain.unicodeScalars.append(scalar)
        }
    }
    return plain.uppercased()
}
