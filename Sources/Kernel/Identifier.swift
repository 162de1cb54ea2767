/// A UUIDv7 (RFC 9562) that names one thing of the kind `Tag`; its text sorts by creation time.
///
/// The text form is 36 lower-case characters. Kept as 16 bytes, so it is cheap to copy, compare and hash.
package struct ID<Tag>: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 16 bytes, high half and low half.
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the canonical text form; anything but 36 characters of lower- or upper-case hex in groups is refused.
    package init?(_ text: some StringProtocol) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        var position = 0
        for byte in text.utf8 {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let value = hexValue(byte) else { return nil }
                if digits < 16 { high = high << 4 | UInt64(value) } else { low = low << 4 | UInt64(value) }
                digits += 1
            }
            position += 1
        }
        guard position == 36, digits == 32 else { return nil }
        self.init(high: high, low: low)
    }

    /// A new id of the moment `at` with 74 random bits.
    package init(at moment: Moment, random: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max)))
    {
        let time = UInt64(clamping: moment.milliseconds) & 0xFFFF_FFFF_FFFF
        high = time << 16 | 0x7000 | (random.0 & 0x0FFF)
        low = 0x8000_0000_0000_0000 | (random.1 & 0x3FFF_FFFF_FFFF_FFFF)
    }

    /// When it was made.
    package var moment: Moment { Moment(milliseconds: Int64(high >> 16)) }

    /// The same number seen as the name of another kind of thing, as where a case and its stream share one id.
    package func cast<Other>(to other: Other.Type = Other.self) -> ID<Other> { ID<Other>(high: high, low: low) }

    package var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var nibble = 0
            for position in 0..<36 {
                if position == 8 || position == 13 || position == 18 || position == 23 {
                    buffer[position] = UInt8(ascii: "-")
                    continue
                }
                let word = nibble < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: word >> UInt64((15 - nibble % 16) * 4)) & 0xF
                buffer[position] = value < 10 ? 48 + value : 87 + value
                nibble += 1
            }
            return 36
        }
    }

    package static func < (a: ID, b: ID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension ID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID: \(text)")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 97...102: byte - 87
    case 65...70: byte - 55
    default: nil
    }
}
