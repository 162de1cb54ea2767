/// A citizen's identity number (公民身份号码, GB 11643-1999): 18 characters with division, date of birth and sex.
///
/// Numbers of residence permits (81, 82, 83; 9 for foreigners' permanent residence) have the same form.
package struct CitizenID: Sendable, Hashable, CustomStringConvertible {
    /// 17 digits and a digit or a capital X.
    package let text: String
    package let birthDate: CivilDate
    package let sex: Sex

    /// Reads a number as people type it (spaces, full-width characters and a small x are put right); refuses a wrong
    /// check character, a date of birth that does not exist and one before 1850.
    package init?(_ typed: some StringProtocol) {
        let text = plainCode(typed)
        guard text.utf8.count == 18, let first = text.first, first != "0", let last = text.last,
            CheckDigit.citizen(text.dropLast()) == last
        else { return nil }
        let digits = text.utf8.map { Int($0) - 48 }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        guard let birth = CivilDate(year: number(6..<10), month: number(10..<12), day: number(12..<14)),
            birth.year >= 1850
        else { return nil }
        self.text = text
        birthDate = birth
        sex = digits[16] % 2 == 1 ? .male : .female
    }

    /// The division (GB/T 2260) that first gave the number; it may have been dissolved since.
    package var division: String { String(text.prefix(6)) }

    package var masked: String { Mask.identity(text) }

    package var description: String { text }
}

/// Sex as identity numbers tell it (GB/T 2261.1: 1 男, 2 女).
package enum Sex: String, Sendable, Hashable, Codable, CaseIterable {
    case male, female
}

/// A mobile number of the mainland: 11 digits beginning with 13 to 19.
package struct MobileNumber: Sendable, Hashable, CustomStringConvertible {
    /// 11 digits.
    package let text: String

    /// Reads a number as people type it, with or without +86 or 0086, spaces and hyphens.
    package init?(_ typed: some StringProtocol) {
        var digits = plainCode(typed)
        for prefix in ["+86", "0086", "86"]
        where digits.hasPrefix(prefix) && digits.utf8.count == 11 + prefix.utf8.count {
            digits.removeFirst(prefix.count)
        }
        let bytes = Array(digits.utf8)
        guard bytes.count == 11, bytes.allSatisfy({ (48...57).contains($0) }), bytes[0] == 49,
            (51...57).contains(bytes[1])
        else { return nil }
        text = digits
    }

    package var masked: String { Mask.phone(text) }

    package var description: String { text }
}
