/// Lower-case hexadecimal.
package enum Hex {
    /// Two characters a byte.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        withBytes(of: bytes) { input in
            String(unsafeUninitializedCapacity: input.count * 2) { output in
                var position = 0
                for byte in input {
                    output[position] = digit(byte >> 4)
                    output[position + 1] = digit(byte & 15)
                    position += 2
                }
                return position
            }
        }
    }

    /// Reads lower or upper case; nil for an odd length or another character.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        withBytes(of: text.utf8) { text in
            guard text.count.isMultiple(of: 2) else { return nil }
            var isHex = true
            let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 2) { output, count in
                for position in 0..<text.count / 2 {
                    let high = value(text[position * 2])
                    let low = value(text[position * 2 + 1])
                    isHex = isHex && high | low < 16
                    output[position] = high << 4 | low
                }
                count = text.count / 2
            }
            return isHex ? bytes : nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    /// 0…15, or 16 where the character is no digit.
    private static func value(_ character: UInt8) -> UInt8 {
        switch character {
        case 48...57: character - 48
        case 97...102: character - 87
        case 65...70: character - 55
        default: 16
        }
    }
}

/// Base64 with the alphabet fit for URLs and file names, without padding (RFC 4648 §5).
package enum Base64URL {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values = table(of: letters)

    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        encodeGroups(bytes, letters: letters, bits: 6)
    }

    /// Nil for padding, foreign characters, impossible lengths and stray bits: every byte string has one text only.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { decodeGroups(text, values: values, bits: 6) }
}

/// Base32 without padding (RFC 4648 §6), as authenticator apps read secrets.
package enum Base32 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let values = table(of: letters)

    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        encodeGroups(bytes, letters: letters, bits: 5)
    }

    /// Reads upper case only; nil for padding, foreign characters, impossible lengths and stray bits.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { decodeGroups(text, values: values, bits: 5) }
}

/// For each byte its value in the alphabet, 255 where it has none.
private func table(of letters: [UInt8]) -> [UInt8] {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
}

private func encodeGroups(_ bytes: some Sequence<UInt8>, letters: [UInt8], bits: Int) -> String {
    withBytes(of: bytes) { input in
        String(unsafeUninitializedCapacity: (input.count * 8 + bits - 1) / bits) { output in
            var position = 0
            var pending: UInt32 = 0
            var held = 0
            for byte in input {
                pending = pending << 8 | UInt32(byte)
                held += 8
                while held >= bits {
                    held -= bits
                    output[position] = letters[Int(pending >> UInt32(held)) & (1 << bits - 1)]
                    position += 1
                }
            }
            if held > 0 {
                output[position] = letters[Int(pending << UInt32(bits - held)) & (1 << bits - 1)]
                position += 1
            }
            return position
        }
    }
}

private func decodeGroups(_ text: some StringProtocol, values: [UInt8], bits: Int) -> [UInt8]? {
    withBytes(of: text.utf8) { text in
        var pending: UInt32 = 0
        var held = 0
        var isForeign = false
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count * bits / 8) { output, count in
            for character in text {
                let value = values[Int(character)]
                isForeign = isForeign || value == 255
                pending = pending << UInt32(bits) | UInt32(value)
                held += bits
                if held >= 8 {
                    held -= 8
                    output[count] = UInt8(truncatingIfNeeded: pending >> UInt32(held))
                    count += 1
                }
            }
        }
        // What is left over must be less than a character, and zero.
        guard !isForeign, held < bits, pending & (1 << UInt32(held) - 1) == 0 else { return nil }
        return bytes
    }
}
