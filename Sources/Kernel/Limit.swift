/// A period the law or a promise gives: `20wd`, `2wh`, `5d`, `2h`, `3mo`, `1y`. The day of the act does not count.
package struct Limit: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What the amount counts. Codes on provincial interfaces: ND, WD, NH, WH (docs: codes of the exchange tables).
    package enum Unit: String, Sendable, Hashable, CaseIterable, Codable {
        /// Working days with make-up days (行政许可法 art. 82).
        case workingDays = "wd"
        /// Working hours within the hall's hours.
        case workingHours = "wh"
        /// Natural days.
        case days = "d"
        /// Natural hours.
        case hours = "h"
        /// Calendar months.
        case months = "mo"
        /// Calendar years.
        case years = "y"
    }

    /// 0…9999 of the unit.
    package let amount: Int
    package let unit: Unit

    package init(_ amount: Int, _ unit: Unit) {
        self.amount = amount
        self.unit = unit
    }

    /// Reads `20wd` and its like; refuses unknown units, signs, spaces and amounts over 9999.
    package init?(_ text: some StringProtocol) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.count <= 4, let amount = Int(digits),
            let unit = Unit(rawValue: String(text.dropFirst(digits.count)))
        else { return nil }
        self.init(amount, unit)
    }

    package var description: String { "\(amount)\(unit.rawValue)" }

    /// A rough length in natural hours, only to compare limits of different units (promised ≤ statutory): a working day
    /// stands for 7/5 natural days, a working hour for a seventh of a working day.
    package var comparableHours: Double {
        switch unit {
        case .workingDays: Double(amount) * 33.6
        case .workingHours: Double(amount) * 33.6 / 7
        case .days: Double(amount) * 24
        case .hours: Double(amount)
        case .months: Double(amount) * 24 * 30
        case .years: Double(amount) * 24 * 365
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let limit = Limit(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a limit: \(text)")
        }
        self = limit
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
