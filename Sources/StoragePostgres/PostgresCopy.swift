import Storage

/// Rows in the text format of COPY: https://www.postgresql.org/docs/current/sql-copy.html
enum PostgresCopy {
    /// Bytes sent at a time.
    static let chunk = 1 << 16

    static func append(_ row: [SQLValue], to bytes: inout [UInt8]) throws(StorageError) {
        for (place, value) in row.enumerated() {
            if place > 0 { bytes.append(tab) }
            try value.refuseUnstorable()
            switch value {
            case .null: bytes += [backslash, UInt8(ascii: "N")]
            case .integer(let number): bytes += String(number).utf8
            // The shortest text that reads back as the same number.
            case .real(let number):
                bytes += number.isFinite ? "\(number)".utf8 : (number < 0 ? "-Infinity" : "Infinity").utf8
            case .text(let text): append(text, to: &bytes)
            case .blob(let blob):
                bytes += [backslash, backslash, UInt8(ascii: "x")]
                for byte in blob {
                    bytes.append(digit(byte >> 4))
                    bytes.append(digit(byte & 15))
                }
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

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    private static let tab: UInt8 = 9
    private static let newline: UInt8 = 10
    private static let backslash = UInt8(ascii: "\\")
}
