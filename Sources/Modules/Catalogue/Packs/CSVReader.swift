/// RFC 4180, row by row, with the line each row begins on: quotes, doubled quotes, line breaks inside quotes, CRLF, a
/// last line without an end.
///
/// Separators: comma, or semicolon or tab where the first line has more of those.
struct CSVReader: Sequence, IteratorProtocol {
    struct Row: Sendable, Hashable {
        /// 1 and up.
        let line: Int
        let cells: [String]
        /// A quote that does not end, or stands inside an unquoted cell.
        let oddQuote: Bool

        var isBlank: Bool { cells.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
    }

    private var bytes: [UInt8]
    private var position = 0
    private var line = 1
    let separator: UInt8

    init(_ text: String) {
        bytes = Array(text.utf8)
        let first = bytes.prefix { $0 != 10 && $0 != 13 }
        let counts = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].map { mark in
            (mark, first.count { $0 == mark })
        }
        separator =
            counts.max { $0.1 < $1.1 }.flatMap { $0.1 > (counts.first?.1 ?? 0) ? $0.0 : nil } ?? UInt8(ascii: ",")
    }

    mutating func next() -> Row? {
        guard position < bytes.count else { return nil }
        let start = line
        var cells: [String] = []
        var odd = false
        while true {
            cells.append(cell(&odd))
            guard position < bytes.count else { break }
            let byte = bytes[position]
            position += 1
            if byte == separator { continue }
            // A line's end: LF, CR or CRLF.
            if byte == 13, position < bytes.count, bytes[position] == 10 { position += 1 }
            line += 1
            break
        }
        return Row(line: start, cells: cells, oddQuote: odd)
    }

    /// Reads up to, not including, the separator or line's end.
    private mutating func cell(_ odd: inout Bool) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, bytes[position] != separator, bytes[position] != 10, bytes[position] != 13 {
                if bytes[position] == UInt8(ascii: "\"") { odd = true }
                position += 1
            }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        position += 1
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                    return closing(content, &odd)
                }
                position += 1
            } else if byte == 10 {
                line += 1
            }
            content.append(byte)
        }
        odd = true
        return String(decoding: content, as: UTF8.self)
    }

    /// After the closing quote nothing but a separator or the end may follow; what does is kept and marked.
    private mutating func closing(_ content: [UInt8], _ odd: inout Bool) -> String {
        var content = content
        while position < bytes.count, bytes[position] != separator, bytes[position] != 10, bytes[position] != 13 {
            odd = true
            content.append(bytes[position])
            position += 1
        }
        return String(decoding: content, as: UTF8.self)
    }
}
