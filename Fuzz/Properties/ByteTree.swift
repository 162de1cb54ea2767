import Kernel

/// Makes a JSON value of any bytes, so that a change of one byte changes a part of a rule instead of breaking its brackets.
struct ByteTree {
    private var bytes: ArraySlice<UInt8>
    private var left = 2000

    init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes)[...] }

    mutating func value(depth: Int = 0) -> JSON {
        left -= 1
        guard let tag = bytes.popFirst(), left > 0 else { return .null }
        let deep = depth > 90
        switch tag % 16 {
        case 0: return .null
        case 1: return .bool(byte() & 1 == 1)
        case 2: return .int(Int64(Int8(bitPattern: byte())))
        case 3: return .int(Int64(bitPattern: word()))
        case 4:
            let number = Double(bitPattern: word())
            return .double(number.isFinite ? number : 0.5)
        case 5: return .string(Self.words[Int(byte()) % Self.words.count])
        case 6: return .string(text())
        case 7: return ["var": .string(Self.words[Int(byte()) % Self.words.count])]
        case 8 where !deep: return .array((0..<Int(byte() % 5)).map { _ in value(depth: depth + 1) })
        case 9 where !deep:
            var members: [String: JSON] = [:]
            for _ in 0..<Int(byte() % 4) {
                members[Self.words[Int(byte()) % Self.words.count]] = value(depth: depth + 1)
            }
            return .object(members)
        case 10 where !deep: return [Self.operators[Int(byte()) % Self.operators.count]: value(depth: depth + 1)]
        case 11...15 where !deep:
            let name = Self.operators[Int(byte()) % Self.operators.count]
            let count = Int(tag >> 4) % 5
            return .object([name: .array((0..<count).map { _ in value(depth: depth + 1) })])
        default: return .int(Int64(tag))
        }
    }

    private mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    private mutating func word() -> UInt64 { (0..<8).reduce(0) { word, _ in word << 8 | UInt64(byte()) } }

    private mutating func text() -> String {
        let count = Int(byte() % 24)
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        bytes = bytes.dropFirst(count)
        return text
    }

    private static let operators = [
        "var", "missing", "missing_some", "if", "?:", "==", "===", "!=", "!==", "!", "!!", "or", "and", ">", ">=", "<",
        "<=", "max", "min", "+", "-", "*", "/", "%", "map", "filter", "reduce", "all", "none", "some", "merge", "in",
        "cat", "substr", "log", "today", "age", "add_wd",
    ]

    private static let words = [
        "", "a", "b", "a.b", "0", "1", "-1", "1.5", "1e3", "0x10", "Infinity", "NaN", " 7 ", "length", "current",
        "accumulator", "form.list", "2026-03-12", "2024-02-29", "9999-12-31", "0001-01-01", "11010519491231002X", "甲",
        "e\u{301}", "\u{1F469}\u{200D}\u{1F467}", "a..b", ".", "list.0.name", "true", "null", "[object Object]", "a,b",
    ]
}
