import Kernel

/// What can stand in the fields of an administrator's forms.
enum PlaceRules {
    /// A number that can be dialled from anywhere in the country, as it is shown: a mobile number, a fixed number with its
    /// area code (and extension), a service number, or a short number such as 12345. Nil for anything else.
    static func phone(_ text: String) -> String? {
        let number = halfWidth(text).filter { !$0.isWhitespace }
        let forms = [
            /1[3-9][0-9]{9}/, /0[0-9]{2,3}-?[0-9]{7,8}/, /[48]00-?[0-9]{3}-?[0-9]{4}/,
            /1[0-9]{2}|1[0-9]{4,5}|9[56][0-9]{3,4}/,
        ]
        let fixedWithExtension = /0[0-9]{2,3}-?[0-9]{7,8}-[0-9]{1,6}/
        let fits =
            forms.contains { number.wholeMatch(of: $0) != nil } || number.wholeMatch(of: fixedWithExtension) != nil
        return fits ? number : nil
    }

    /// `9:00` or `09:00` in minutes since midnight, up to 24:00.
    static func minutes(_ text: String) -> Int? {
        let parts = halfWidth(text).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 2, (1...2).contains(parts[0].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60
        else { return nil }
        let minutes = hour * 60 + minute
        return minutes <= 24 * 60 ? minutes : nil
    }

    /// `9:00—12:00`, with whatever sign stands between the two.
    static func span(_ text: String) -> (from: Int, to: Int)? {
        let ends = halfWidth(text).filter { !$0.isWhitespace }.split { "-—–~至到".contains($0) }
        guard ends.count == 2, let from = minutes(String(ends[0])), let to = minutes(String(ends[1])) else {
            return nil
        }
        return (from, to)
    }

    /// The short name by which items know a department: `market-supervision`.
    static func isSlug(_ text: String) -> Bool {
        text.utf8.count <= 60 && text.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil && text != "new"
    }

    /// What a Chinese keyboard makes of figures and signs, as an English one makes them.
    static func halfWidth(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: out.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            case 0x3000: out.append(" ")
            default: out.append(scalar)
            }
        }
        return String(out)
    }
}
