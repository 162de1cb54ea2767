import Foundation

/// A list as offices save it (RFC 4180; UTF-8 or GB 18030), row by row: for modules that read lists of their own.
package struct ListText: Sendable {
    /// Why bytes are no list.
    package enum Fault: Error, Sendable, Hashable {
        case empty
        /// xlsx, et, xls: to be saved as CSV first.
        case workbook
        case encoding
    }

    /// One row with the line it begins on.
    package struct Row: Sendable, Hashable {
        /// 1 and up.
        package let line: Int
        package let cells: [String]
        /// A quote that does not end, or stands inside an unquoted cell.
        package let isOdd: Bool
    }

    /// The rows that are not blank.
    ///
    /// - Throws: `Fault` where the bytes are no list at all.
    package static func rows(of bytes: [UInt8]) throws(Fault) -> [Row] {
        if bytes.isEmpty { throw .empty }
        // ZIP (xlsx, et) and the compound file of before (xls).
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw .workbook
        }
        guard !bytes.contains(0), let text = TextDecoding.text(of: Data(bytes))?.text else { throw .encoding }
        return CSVReader(text).filter { !$0.isBlank }.map { Row(line: $0.line, cells: $0.cells, isOdd: $0.oddQuote) }
    }
}
