import CLibPQ
import Storage

/// Values on their way to and from PostgreSQL, in its binary format both ways.
enum PostgresValue {
    /// The type a parameter is prepared with: BIGINT, TEXT, BYTEA, DOUBLE PRECISION.
    static func oid(_ kind: SQLKind) -> Oid {
        switch kind {
        case .integer: 20
        case .text: 25
        case .blob: 17
        case .real: 701
        }
    }

    /// Appends a parameter's bytes; false for NULL.
    static func encode(_ value: SQLValue, into bytes: inout [UInt8]) throws(StorageError) -> Bool {
        try value.refuseUnstorable()
        switch value {
        case .null: return false
        case .integer(let number): append(UInt64(bitPattern: number), to: &bytes)
        case .real(let number): append(number.bitPattern, to: &bytes)
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .blob(let blob): bytes.append(contentsOf: blob)
        }
        return true
    }

    private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// A field's bytes of the type `oid` as the kind asked for; `.decoding` where the type is of another kind.
    static func decode(_ field: UnsafeRawBufferPointer, oid: Oid, as kind: SQLKind) throws(StorageError) -> SQLValue {
        switch (kind, oid) {
        case (.integer, 20), (.integer, 23), (.integer, 21): return .integer(signed(field))
        case (.integer, 26): return .integer(Int64(unsigned(field)))
        case (.integer, 16): return .integer(field.first == 1 ? 1 : 0)
        case (.integer, 1700):
            if let number = PostgresNumeric(field)?.integer { return .integer(number) }
        case (.integer, 701), (.integer, 700):
            if let number = Int64(exactly: float(field)) { return .integer(number) }
        case (.real, 701), (.real, 700): return .real(float(field))
        case (.real, 20), (.real, 23), (.real, 21): return .real(Double(signed(field)))
        case (.real, 1700):
            if let number = PostgresNumeric(field)?.real { return .real(number) }
        // text, varchar, char(n), name, unknown
        case (.text, 25), (.text, 1043), (.text, 1042), (.text, 19), (.text, 705):
            return .text(String(decoding: field, as: UTF8.self))
        case (.blob, 17): return .blob([UInt8](field))
        default: break
        }
        throw .decoding("a column of the type \(oid) does not hold the kind \(kind)")
    }

    private static func unsigned(_ field: UnsafeRawBufferPointer) -> UInt64 { field.reduce(0) { $0 << 8 | UInt64($1) } }

    private static func signed(_ field: UnsafeRawBufferPointer) -> Int64 {
        let unused = 64 - field.count * 8
        return Int64(bitPattern: unsigned(field) << UInt64(unused)) >> Int64(unused)
    }

    private static func float(_ field: UnsafeRawBufferPointer) -> Double {
        field.count == 4
            ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: unsigned(field))))
            : Double(bitPattern: unsigned(field))
    }
}

/// A NUMERIC, which sums and averages of BIGINT are: groups of four decimal digits.
///
/// The layout is that of `numeric_send` in PostgreSQL's `numeric.c`.
struct PostgresNumeric {
    private let groups: [UInt16]
    /// The power of 10,000 of the first group.
    private let weight: Int
    private let isNegative: Bool

    /// Nil for NaN, the infinities and what is no NUMERIC.
    init?(_ field: UnsafeRawBufferPointer) {
        let words = stride(from: 0, to: field.count & ~1, by: 2).map { UInt16(field[$0]) << 8 | UInt16(field[$0 + 1]) }
        guard words.count >= 4, words.count == Int(words[0]) + 4, words[2] == 0 || words[2] == 0x4000 else {
            return nil
        }
        groups = Array(words[4...])
        weight = Int(Int16(bitPattern: words[1]))
        isNegative = words[2] == 0x4000
    }

    /// Nil where it has a fraction or is too large.
    var integer: Int64? {
        if groups.isEmpty { return 0 }
        guard weight < 5, groups.dropFirst(max(0, weight + 1)).allSatisfy({ $0 == 0 }) else { return nil }
        var number: Int128 = 0
        for power in 0..<max(0, weight + 1) {
            number = number * 10_000 + Int128(power < groups.count ? groups[power] : 0)
        }
        return Int64(exactly: isNegative ? -number : number)
    }

    /// The nearest floating-point number.
    var real: Double? {
        if groups.isEmpty { return 0 }
        let digits = groups.map { group in String(String(Int(group) + 10_000).dropFirst()) }.joined()
        return Double("\(isNegative ? "-" : "")\(digits)e\((weight - groups.count + 1) * 4)")
    }
}
