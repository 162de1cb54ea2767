import Kernel

/// Formats of numbers people know by heart, and what exactly is wrong with one.
enum FieldFormats {
    struct Fault: Sendable, Hashable {
        let key: String
        var arguments: [String: String] = [:]
    }

    /// Eleven digits beginning with 1, or a landline: area code (3–4 digits) and 7–8 digits, or a short public number
    /// (`12345`).
    static func phone(_ text: String) -> Fault? {
        let bare = text.filter { $0 != "-" && $0 != " " && $0 != "(" && $0 != ")" }
        guard bare.utf8.allSatisfy({ (48...57).contains($0) }) else { return Fault(key: "catalogue.form.phone.kind") }
        if bare.hasPrefix("0") { return (10...12).contains(bare.count) ? nil : Fault(key: "catalogue.form.phone.kind") }
        if bare.hasPrefix("1") {
            if bare.count == 11 {
                return bare.dropFirst().first.map { $0 >= "3" } == true ? nil : Fault(key: "catalogue.form.phone.kind")
            }
            return Fault(key: "catalogue.form.phone.length", arguments: ["count": String(bare.count)])
        }
        return Fault(key: "catalogue.form.phone.kind")
    }

    /// GB 11643.
    static func idcard(_ text: String, on today: CivilDate) -> Fault? {
        let bytes = Array(text.utf8)
        guard bytes.count == 18 else {
            return Fault(key: "catalogue.form.idcard.length", arguments: ["count": String(text.count)])
        }
        guard bytes.dropLast().allSatisfy({ (48...57).contains($0) }), let last = bytes.last,
            (48...57).contains(last) || last == 88
        else { return Fault(key: "catalogue.form.idcard.kind") }
        let date = String(decoding: bytes[6..<14], as: UTF8.self)
        guard let birth = CivilDate("\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))"),
            birth <= today,
            birth.year >= 1850
        else { return Fault(key: "catalogue.form.idcard.birth") }
        return CitizenID(text) == nil ? Fault(key: "catalogue.form.idcard.check") : nil
    }

    /// GB 32100.
    static func uscc(_ text: String) -> Fault? {
        guard text.count == 18 else {
            return Fault(key: "catalogue.form.uscc.length", arguments: ["count": String(text.count)])
        }
        let alphabet = Set("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
        guard text.utf8.allSatisfy(alphabet.contains) else { return Fault(key: "catalogue.form.uscc.kind") }
        switch CreditCode.fault(of: text) {
        case nil: return nil
        case .form?: return Fault(key: "catalogue.form.uscc.division")
        case .organisationDigit?, .checkDigit?: return Fault(key: "catalogue.form.uscc.check")
        }
    }

    /// A street (9 digits) or a community (12).
    static func isDivision(_ text: String) -> Bool {
        (text.utf8.count == 9 || text.utf8.count == 12) && text.utf8.allSatisfy { (48...57).contains($0) }
    }
}
