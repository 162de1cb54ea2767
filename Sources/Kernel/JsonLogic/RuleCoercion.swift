/// JavaScript's conversions and comparisons (ECMA-262 §7), within the budget of a run.
extension RuleEvaluation {
    /// `String(value)`.
    mutating func text(_ value: JSON?) throws(RuleError) -> String { try text(value, depth: JsonLogic.maximumDepth) }

    private mutating func text(_ value: JSON?, depth: Int) throws(RuleError) -> String {
        switch value {
        case nil: return "undefined"
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return Double(value).javaScriptText
        case .double(let value): return value.javaScriptText
        case .string(let value): return value
        case .object: return "[object Object]"
        case .array(let elements):
            guard depth > 0 else { throw RuleError(.tooDeep) }
            var parts: [String] = []
            for element in elements {
                try spend(1)
                parts.append(element.isNull ? "" : try text(element, depth: depth - 1))
            }
            let joined = parts.joined(separator: ",")
            try spend(joined.utf8.count / 64)
            return joined
        }
    }

    /// `Number(value)`.
    mutating func number(_ value: JSON?) throws(RuleError) -> Double {
        switch value {
        case nil: return .nan
        case .null: return 0
        case .bool(let value): return value ? 1 : 0
        case .int(let value): return Double(value)
        case .double(let value): return value
        case .string(let value):
            try spend(value.utf8.count / 64)
            return value.javaScriptNumber
        case .array, .object: return try text(value).javaScriptNumber
        }
    }

    /// `parseFloat(value)`.
    mutating func parsedNumber(_ value: JSON?) throws(RuleError) -> Double {
        switch value {
        case .int(let value): return Double(value)
        case .double(let value): return value
        default:
            let text = try text(value)
            try spend(text.utf8.count / 64)
            return text.javaScriptFloat
        }
    }

    /// `a === b`; lists and objects are equal to nothing.
    mutating func strictlyEqual(_ a: JSON?, _ b: JSON?) throws(RuleError) -> Bool {
        try spend(1)
        switch (a, b) {
        case (nil, nil), (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.string(let a), .string(let b)):
            try spend(min(a.utf8.count, b.utf8.count) / 64)
            return a.utf8.elementsEqual(b.utf8)
        case (.int, .int), (.int, .double), (.double, .int), (.double, .double): return try number(a) == number(b)
        default: return false
        }
    }

    /// `a == b`.
    mutating func softlyEqual(_ a: JSON?, _ b: JSON?) throws(RuleError) -> Bool {
        switch (a, b) {
        case (nil, nil), (nil, .null), (.null, nil): return true
        case (nil, _), (.null, _), (_, nil), (_, .null): return a == b
        case (.array, .array), (.array, .object), (.object, .array), (.object, .object): return false
        case (.array, .string), (.object, .string), (.string, .array), (.string, .object):
            return try strictlyEqual(.string(try text(a)), .string(try text(b)))
        case (.string, .string): return try strictlyEqual(a, b)
        default: return try number(a) == number(b)
        }
    }

    /// `a < b`.
    mutating func less(_ a: JSON?, _ b: JSON?) throws(RuleError) -> Bool {
        if let (a, b) = try texts(a, b) { return a.utf16.lexicographicallyPrecedes(b.utf16) }
        return try number(a) < number(b)
    }

    /// `a <= b`.
    mutating func lessOrEqual(_ a: JSON?, _ b: JSON?) throws(RuleError) -> Bool {
        if let (a, b) = try texts(a, b) { return !b.utf16.lexicographicallyPrecedes(a.utf16) }
        return try number(a) <= number(b)
    }

    /// Both as texts where both are, lists and objects included; otherwise numbers are compared.
    private mutating func texts(_ a: JSON?, _ b: JSON?) throws(RuleError) -> (String, String)? {
        guard a?.comparesAsText == true, b?.comparesAsText == true else { return nil }
        let pair = (try text(a), try text(b))
        try spend(min(pair.0.utf8.count, pair.1.utf8.count) / 64)
        return pair
    }
}

extension JSON {
    fileprivate var comparesAsText: Bool {
        switch self {
        case .string, .array, .object: true
        default: false
        }
    }

    /// A number as JavaScript shows it: whole where it is whole and exact.
    init(javaScript value: Double) {
        if let whole = Int64(exactly: value), abs(value) <= 9_007_199_254_740_992 {
            self = .int(whole)
        } else {
            self = .double(value)
        }
    }
}

extension Double {
    /// `String(number)`: the shortest digits that read back, without an exponent from 1e-6 up to 1e21.
    var javaScriptText: String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
        if self == 0 { return "0" }
        let parts = magnitude.description.split(separator: "e")
        let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = Array(halves.joined().utf8)
        // The value is 0.digits × 10^point.
        var point = halves[0].utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.first == 48 {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == 48 { digits.removeLast() }
        let text = { (bytes: ArraySlice<UInt8>) in String(decoding: bytes, as: UTF8.self) }
        let zeros = { (count: Int) in String(repeating: "0", count: count) }
        let body: String
        switch point {
        case digits.count...21 where point > 0: body = text(digits[...]) + zeros(point - digits.count)
        case 1...21: body = text(digits[..<point]) + "." + text(digits[point...])
        case -5...0: body = "0." + zeros(-point) + text(digits[...])
        default:
            let rest = digits.count > 1 ? "." + text(digits[1...]) : ""
            body = text(digits[..<1]) + rest + "e" + (point > 0 ? "+" : "-") + String(abs(point - 1))
        }
        return (self < 0 ? "-" : "") + body
    }
}

extension String {
    /// `Number(text)`: the whole of it, trimmed; empty is 0; hexadecimal, octal and binary with their prefix.
    var javaScriptNumber: Double {
        let bytes = trimmedBytes
        if bytes.isEmpty { return 0 }
        if bytes.count > 2, bytes[bytes.startIndex] == 48 {
            let radix: Int? =
                switch bytes[bytes.startIndex + 1] {
                case 120, 88: 16
                case 111, 79: 8
                case 98, 66: 2
                default: nil
                }
            if let radix {
                var value = 0.0
                for byte in bytes.dropFirst(2) {
                    guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < radix else { return .nan }
                    value = value * Double(radix) + Double(digit)
                }
                return value
            }
        }
        let (value, length) = String.decimalPrefix(bytes)
        return length == bytes.count ? value : .nan
    }

    /// `parseFloat(text)`: the number it begins with.
    var javaScriptFloat: Double { String.decimalPrefix(trimmedBytes).value }

    /// The code units of UTF-16 in that range; a halved character becomes a replacement character.
    func units(_ range: Range<Int>) -> String {
        String(decoding: utf16.dropFirst(range.lowerBound).prefix(range.count), as: UTF16.self)
    }

    private var trimmedBytes: ArraySlice<UInt8> {
        let isSpace = { (scalar: Unicode.Scalar) in
            scalar == "\u{FEFF}" || (scalar.properties.isWhitespace && scalar != "\u{85}")
        }
        var trimmed = unicodeScalars[...]
        while let first = trimmed.first, isSpace(first) { trimmed.removeFirst() }
        while let last = trimmed.last, isSpace(last) { trimmed.removeLast() }
        return Array(String(trimmed).utf8)[...]
    }

    /// A decimal literal at the beginning, and how many bytes it takes; NaN and 0 where there is none.
    private static func decimalPrefix(_ bytes: ArraySlice<UInt8>) -> (value: Double, length: Int) {
        var position = bytes.startIndex
        func digits() -> Int {
            let start = position
            while position < bytes.endIndex, (48...57).contains(bytes[position]) { position += 1 }
            return position - start
        }
        func take(_ accepted: UInt8...) -> Bool {
            guard position < bytes.endIndex, accepted.contains(bytes[position]) else { return false }
            position += 1
            return true
        }
        let negative = bytes.first == 45
        _ = take(43, 45)
        if bytes[position...].starts(with: "Infinity".utf8) {
            return (negative ? -.infinity : .infinity, position - bytes.startIndex + 8)
        }
        let whole = digits()
        let start = position
        let fraction = take(46) ? digits() : 0
        if whole + fraction == 0 { return (.nan, 0) }
        // A lone dot after the digits belongs to the literal but not to what Double reads.
        let mantissaEnd = fraction == 0 ? start : position
        var exponent = ""
        let before = position
        if take(101, 69) {
            _ = take(43, 45)
            if digits() > 0 {
                exponent = String(decoding: bytes[before..<position], as: UTF8.self)
            } else {
                position = before
            }
        }
        let mantissa = String(decoding: bytes[bytes.startIndex..<mantissaEnd], as: UTF8.self)
        return (Double(mantissa + exponent) ?? .nan, position - bytes.startIndex)
    }
}
