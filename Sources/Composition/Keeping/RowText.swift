import Cryptography
import Storage

/// Rows as text, one a line, in PostgreSQL's COPY format (https://www.postgresql.org/docs/current/sql-copy.html): a part of a
/// backup can be read, and in need be loaded, without this program.
enum RowText {
    static func append(_ row: [SQLValue], to bytes: inout [UInt8]) {
        for (place, value) in row.enumerated() {
            if place > 0 { bytes.append(tab) }
            switch value {
            case .null: bytes += [backslash, UInt8(ascii: "N")]
            case .integer(let number): bytes += String(number).utf8
            case .real(let number): bytes += String(number).utf8
            case .text(let text): append(text, to: &bytes)
            case .blob(let blob):
                bytes += [backslash, backslash, UInt8(ascii: "x")]
                bytes += Hex.encode(blob).utf8
            }
        }
        bytes.append(newline)
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case backslash: bytes += [backslash, backslash]
            case tab: bytes += [backslash, UInt8(ascii: "t")]
            case newline: bytes += [backslash, UInt8(ascii: "n")]
            case 13: bytes += [backslash, UInt8(ascii: "r")]
            default: bytes.append(byte)
            }
        }
    }

    /// Reads a line without its end; nil where it is not a row of these kinds.
    static func row(_ line: some Collection<UInt8>, kinds: [SQLKind]) -> [SQLValue]? {
        let fields = line.split(separator: tab, omittingEmptySubsequences: false)
        guard fields.count == kinds.count else { return nil }
        var row: [SQLValue] = []
        row.reserveCapacity(kinds.count)
        for (field, kind) in zip(fields, kinds) {
            guard let value = value(field, kind) else { return nil }
            row.append(value)
        }
        return row
    }

    private static func value(_ field: some Collection<UInt8>, _ kind: SQLKind) -> SQLValue? {
        if field.elementsEqual([backslash, UInt8(ascii: "N")]) { return .null(kind) }
        switch kind {
        case .integer: return Int64(String(decoding: field, as: UTF8.self)).map(SQLValue.integer)
        case .real: return Double(String(decoding: field, as: UTF8.self)).map(SQLValue.real)
        case .blob:
            guard field.starts(with: [backslash, backslash, UInt8(ascii: "x")]) else { return nil }
            return Hex.decode(String(decoding: field.dropFirst(3), as: UTF8.self)).map(SQLValue.blob)
        case .text: return text(field).map(SQLValue.text)
        }
    }

    private static func text(_ field: some Collection<UInt8>) -> String? {
        guard field.contains(backslash) else { return String(decoding: field, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(field.count)
        var escaped = false
        for byte in field {
            if escaped {
                switch byte {
                case backslash: bytes.append(backslash)
                case UInt8(ascii: "t"): bytes.append(tab)
                case UInt8(ascii: "n"): bytes.append(newline)
                case UInt8(ascii: "r"): bytes.append(13)
                default: return nil
                }
                escaped = false
            } else if byte == backslash {
                escaped = true
            } else {
                bytes.append(byte)
            }
        }
        return escaped ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static let tab: UInt8 = 9
    private static let newline: UInt8 = 10
    private static let backslash = UInt8(ascii: "\\")
}
