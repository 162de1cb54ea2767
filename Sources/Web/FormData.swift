import Kernel

/// The fields of a form as they were sent, in order; a name may stand several times.
package struct FormData: Sendable {
    package private(set) var pairs: [(name: String, value: String)]

    package init(_ pairs: [(name: String, value: String)] = []) { self.pairs = pairs }

    /// Reads `application/x-www-form-urlencoded`; malformed percent signs stay as they are.
    package init(urlEncoded text: some StringProtocol) {
        pairs = text.split(separator: "&", omittingEmptySubsequences: true).map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (FormData.decode(halves[0]), halves.count > 1 ? FormData.decode(halves[1]) : "")
        }
    }

    /// The first value of a name, trimmed; nil where it was not sent.
    package subscript(name: String) -> String? {
        pairs.first { $0.name == name }.map { $0.value.trimmed }
    }

    /// The first value, trimmed, or "".
    package func text(_ name: String) -> String { self[name] ?? "" }
    /// All values of a name.
    package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
    /// True where the name was sent at all, as a button's is.
    package func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    /// Adds a field after the others; a name may stand several times.
    package mutating func append(_ name: String, _ value: String) { pairs.append((name, value)) }

    /// U+0000 stands in no text.
    private static func decode(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { $0 == 37 || $0 == 43 || $0 == 0 }) else { return String(text) }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 43 {
                out.append(32)
            } else if bytes[index] == 37, index + 2 < bytes.count, let high = hex(bytes[index + 1]),
                let low = hex(bytes[index + 2])
            {
                if high << 4 | low != 0 { out.append(high << 4 | low) }
                index += 2
            } else if bytes[index] != 0 {
                out.append(bytes[index])
            }
            index += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}

extension StringProtocol {
    /// Without white space (also the ideographic space) at both ends.
    package var trimmed: String {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
