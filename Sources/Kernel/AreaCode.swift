/// The tenant key: a six-digit body with a hall of its own (GB/T 2260), or one of 64 buckets `@00`…`@63` for what is not a county's.
package struct AreaCode: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Six digits, or `@` and two digits.
    package let text: String

    /// Refuses anything that is neither six digits nor a bucket.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let digits = bytes.allSatisfy { (48...57).contains($0) }
        if bytes.count == 6, digits {
            self.text = String(text)
        } else if bytes.count == 3, bytes[0] == 64, (48...57).contains(bytes[1]), (48...57).contains(bytes[2]),
            (bytes[1] - 48) * 10 + bytes[2] - 48 < 64
        {
            self.text = String(text)
        } else {
            return nil
        }
    }

    /// The bucket `number` modulo 64.
    package init(bucket number: Int) {
        let n = ((number % 64) + 64) % 64
        text = n < 10 ? "@0\(n)" : "@\(n)"
    }

    /// True for `@00`…`@63`.
    package var isBucket: Bool { text.utf8.first == 64 }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let code = AreaCode(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an area code: \(text)")
        }
        self = code
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }
    package static func < (a: AreaCode, b: AreaCode) -> Bool { a.text < b.text }
}
