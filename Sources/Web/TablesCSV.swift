import Kernel

/// Comma-separated values (RFC 4180) with a byte order mark, as spreadsheet programs need it to see UTF-8.
///
/// A text that a spreadsheet program would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
struct CSVWriter: TableWriter {
    let columns: [String]

    func begin() -> [UInt8] {
        [0xEF, 0xBB, 0xBF] + line(columns.map(TableCell.text))
    }

    func add(_ rows: [[TableCell]]) -> [UInt8] {
        var out: [UInt8] = []
        for row in rows { out += line(row) }
        return out
    }

    func end() -> [UInt8] { [] }

    private func line(_ cells: [TableCell]) -> [UInt8] {
        var out: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { out.append(0x2C) }
            Self.append(cell, to: &out)
        }
        return out + [13, 10]
    }

    private static func append(_ cell: TableCell, to out: inout [UInt8]) {
        switch cell {
        case .empty: break
        case .text(let text): append(text, to: &out)
        case .integer(let number): out += String(number).utf8
        case .money(let money): out += money.plain.utf8
        case .date(let date): out += date.description.utf8
        case .moment(let moment):
            let seconds = moment.millisecondOfDay / 1000 % 60
            out += "\(moment.date) \(moment.clock):\(seconds < 10 ? "0" : "")\(seconds)".utf8
        }
    }

    private static func append(_ text: String, to out: inout [UInt8]) {
        let guarded = startsFormula(text) ? "'" + text : text
        guard guarded.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 13 || $0 == 10 }) else {
            out += guarded.utf8
            return
        }
        out.append(0x22)
        for byte in guarded.utf8 {
            if byte == 0x22 { out.append(0x22) }
            out.append(byte)
        }
        out.append(0x22)
    }

    /// The first character, also in its full-width form, which East Asian versions read alike.
    private static func startsFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
    }
}
