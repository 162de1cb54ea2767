import Foundation
package import Kernel

/// Reads `calendar.yaml`: days off and make-up days, as the State Council's notices give them.
package enum CalendarReader {
    /// - Throws: `CalendarFileFault` with the line that cannot be read.
    package static func read(_ text: String) throws -> [Year] {
        let log = FindingLog()
        var source = YamlSource(file: "calendar.yaml", log: log)
        guard let years = source.read(text)?["years"]?.elements else {
            throw fault(log.findings.first?.line ?? 1, log.findings.first?.message.en ?? "years are missing")
        }
        return try years.map { entry in
            guard let year = entry["year"]?.text.flatMap({ Int($0) }) else { throw fault(entry.line, "no year") }
            func days(_ key: String) throws -> [CivilDate] {
                guard let list = entry[key]?.elements else { throw fault(entry.line, "\(year) has no list “\(key)”") }
                return try list.flatMap { try CalendarReader.days($0, of: year) }
            }
            return Year(year: year, off: try days("off"), work: try days("work"))
        }
    }

    private static func fault(_ line: Int, _ problem: String) -> CalendarFileFault {
        CalendarFileFault(description: "calendar.yaml:\(line): \(problem)")
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

    private static func days(_ node: SourceNode, of year: Int) throws -> [CivilDate] {
        let text = node.text ?? ""
        let ends = text.components(separatedBy: "..").compactMap { CivilDate($0) }
        guard let first = ends.first, let last = ends.last, ends.count <= 2, first <= last,
            last.dayNumber - first.dayNumber < 60
        else { throw fault(node.line, "“\(text)” is no day and no range of days of \(year)") }
        return (first.dayNumber...last.dayNumber).map { CivilDate(dayNumber: $0) }
    }
}
