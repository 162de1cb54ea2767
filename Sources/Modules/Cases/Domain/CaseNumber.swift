package import Kernel

/// The number of a case (办件编号): area 6 + date 8 + item type 2 + sequence 5 + check digit (ISO 7064 MOD 11,10), all digits, to be read
/// aloud in groups. Nothing about it is secret: looking a case up needs the owner's sign-in or the code on the receipt.
package enum CaseNumber {
    /// Composes a number; `sequence` 1…99999 a day, area and type.
    package static func make(area: AreaCode, on date: CivilDate, type: String, sequence: Int) -> String {
        let day = date.description.filter(\.isNumber)
        let digits = String(sequence)
        let payload = area.text + day + type + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return payload + (CheckDigit.mod11And10(payload).map(String.init) ?? "")
    }

    /// Takes what somebody typed, with spaces or dashes; nil where length or check digit are wrong.
    package static func read(_ text: String) -> String? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard (22...24).contains(digits.count), CheckDigit.holdsMod11And10(digits) else { return nil }
        return digits
    }

    /// `510106 20261122 01 00001 7`
    package static func grouped(_ number: String) -> String {
        let parts = [6, 8, 2]
        var rest = Substring(number)
        var out: [Substring] = []
        for length in parts {
            out.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        out.append(rest.dropLast())
        out.append(rest.suffix(1))
        return out.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
