import Foundation

/// Rows for spreadsheets (RFC 4180), with the mark by which they recognise UTF-8.
enum CSVText {
    /// U+FEFF.
    static let mark = "\u{FEFF}"

    /// One row with its line end.
    static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// Quoted where needed. A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection).
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) { text = "'" + text }
        guard text.unicodeScalars.contains(where: { $0 == "\"" || $0 == "," || $0 == "\n" || $0 == "\r" }) else {
            return text
        }
        // Scalar by scalar: a quote with a combining mark after it is a quote.
        let quoted = text.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
        return "\"" + String(String.UnicodeScalarView(quoted)) + "\""
    }
}
