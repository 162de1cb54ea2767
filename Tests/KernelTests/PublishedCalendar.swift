import Foundation
import Kernel
import Testing

/// The calendar as the packs publish it, read line by line: the kernel itself reads no files.
enum PublishedCalendar {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func years() throws -> [PublishedYear] {
        let file = root.appending(path: "Packs/national/calendar.yaml")
        var years: [PublishedYear] = []
        var year = 0
        var off: Set<CivilDate> = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let text = line.trimmingCharacters(in: .whitespaces)
            if let rest = text.after("- year: ") { year = try #require(Int(rest)) }
            if let rest = text.after("off: ") { off = try dates(rest) }
            if let rest = text.after("work: ") { years.append(PublishedYear(year, off: off, work: try dates(rest))) }
        }
        return years
    }

    static func calendar() throws -> WorkCalendar { try WorkCalendar(years: years()) }

    /// `[2026-01-04, 2026-02-15..2026-02-23]`.
    private static func dates(_ list: String) throws -> Set<CivilDate> {
        var dates: Set<CivilDate> = []
        for part in list.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).split(separator: ",") {
            let ends = part.trimmingCharacters(in: .whitespaces).components(separatedBy: "..")
            let first = try #require(CivilDate(ends[0]))
            let last = try #require(CivilDate(ends[ends.count - 1]))
            try #require(first <= last)
            for day in first.dayNumber...last.dayNumber { dates.insert(CivilDate(dayNumber: day)) }
        }
        return dates
    }

    /// The days that other people have collected, where this machine has them: beside the package or where
    /// `TONGBAN_SHARED` says.
    static var oracleFile: URL {
        let shared =
            ProcessInfo.processInfo.environment["TONGBAN_SHARED"].map { URL(filePath: $0) }
            ?? root.deletingLastPathComponent().appending(path: "shared")
        return shared.appending(path: "data/holidays-cn-2007-2026.csv")
    }

    static var oracleExpected: Bool {
        FileManager.default.fileExists(atPath: oracleFile.path) || ProcessInfo.processInfo.environment["CI"] == "true"
    }
}

extension String {
    fileprivate func after(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}

/// A date that the test knows to exist.
func date(_ text: String, _ location: SourceLocation = #_sourceLocation) throws -> CivilDate {
    try #require(CivilDate(text), "\(text) is a date", sourceLocation: location)
}

/// A moment in Shanghai, as `2026-03-12` and `14:32`.
func moment(_ day: String, _ clock: String = "10:00", _ location: SourceLocation = #_sourceLocation) throws -> Moment {
    let parts = clock.split(separator: ":").compactMap { Int64($0) }
    try #require(parts.count == 2, sourceLocation: location)
    return try date(day, location).start.adding(seconds: parts[0] * 3600 + parts[1] * 60)
}

func limit(_ text: String, _ location: SourceLocation = #_sourceLocation) throws -> Limit {
    try #require(Limit(text), "\(text) is a limit", sourceLocation: location)
}
