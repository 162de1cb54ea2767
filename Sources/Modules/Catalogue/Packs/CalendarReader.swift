import Foundation
package import Kernel
import Yams

/// Reads `calendar.yaml`: days off and make-up days, as the State Council's notices give them.
package enum CalendarReader {
    /// - Throws: `CalendarFileFault` with the line that cannot be read.
    package static func read(_ text: String) throws -> [Year] {
        struct File: Decodable {
            struct Entry: Decodable {
                let year: Int
                let off: [String]
                let work: [String]
            }
            let years: [Entry]
        }
        return try YAMLDecoder().decode(File.self, from: text).years.map { entry in
            Year(
                year: entry.year, off: try entry.off.flatMap { try days($0, of: entry.year) },
                work: try entry.work.flatMap { try days($0, of: entry.year) })
        }
    }

    /// One year's notice.
    package struct Year: Sendable, Hashable {
        package let year: Int
        package let off: [CivilDate]
        package let work: [CivilDate]
    }

    /// What is wrong.
    package struct CalendarFileFault: Error, CustomStringConvertible {
        package let description: String
    }

    private static func days(_ text: String, of year: Int) throws -> [CivilDate] {
        let ends = text.components(separatedBy: "..").compactMap { CivilDate($0) }
        guard let first = ends.first, let last = ends.last, ends.count <= 2, first <= last,
            last.dayNumber - first.dayNumber < 60
        else { throw CalendarFileFault(description: "calendar \(year): \(text) is no day and no range of days") }
        return (first.dayNumber...last.dayNumber).map { CivilDate(dayNumber: $0) }
    }
}
