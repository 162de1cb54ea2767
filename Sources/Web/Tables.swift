package import Kernel

/// One value of a table that is handed out as a file.
package enum TableCell: Sendable, Hashable, ExpressibleByStringLiteral {
    case empty
    case text(String)
    case integer(Int64)
    case money(Money)
    /// A day; in a spreadsheet a date that can be sorted and counted with.
    case date(CivilDate)
    /// A moment, shown in Shanghai's time.
    case moment(Moment)

    package init(stringLiteral value: String) { self = .text(value) }

    /// A text, or nothing.
    package init(_ text: String?) { self = text.map(TableCell.text) ?? .empty }
    package init(_ number: Int) { self = .integer(Int64(number)) }
    /// A moment, or nothing.
    package init(_ moment: Moment?) { self = moment.map(TableCell.moment) ?? .empty }
    /// A day, or nothing.
    package init(_ date: CivilDate?) { self = date.map(TableCell.date) ?? .empty }
}

/// Writes a table piece by piece; what was written is not kept, so that its length does not matter.
protocol TableWriter {
    /// The beginning of the file with the names of the columns.
    mutating func begin() throws -> [UInt8]
    /// More rows.
    ///
    /// - Throws: `TableFault` where the file would become larger than its format can be.
    mutating func add(_ rows: [[TableCell]]) throws -> [UInt8]
    /// The end of the file.
    mutating func end() throws -> [UInt8]
}

/// Why a table cannot be written.
package enum TableFault: Error, Sendable, Equatable {
    /// 4 GiB and more.
    case tooLarge
}

extension Money {
    /// `1200.00`: without separators, to be counted with.
    var plain: String {
        let fen = abs(fen)
        let rest = fen % 100
        return (self.fen < 0 ? "-" : "") + "\(fen / 100)." + (rest < 10 ? "0\(rest)" : "\(rest)")
    }
}

extension Moment {
    /// Milliseconds since midnight in Shanghai.
    var millisecondOfDay: Int64 { milliseconds - date.start.milliseconds }
}
