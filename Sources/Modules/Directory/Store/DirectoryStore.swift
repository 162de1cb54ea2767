import Foundation
package import Kernel
package import Storage

/// The directory's tables. Calendar years are kept per area, so that a county may differ (a bridge day of its own).
package enum DirectoryStore {
    /// Stores an area's profile; the version grows only where something changed.
    package static func put(_ profile: AreaProfile, at now: Moment, _ tx: Transaction) throws {
        let text = try encode(profile)
        try tx.execute(
            """
            INSERT INTO area_profile (area, version, name, profile, changed_at)
            VALUES (\(profile.area), 1, \(profile.name.zh), \(text), \(now))
            ON CONFLICT (area) DO UPDATE SET version = area_profile.version + 1, name = excluded.name,
                profile = excluded.profile, changed_at = excluded.changed_at
            WHERE area_profile.profile <> excluded.profile
            """)
    }

    /// Stores a year's holidays; the version rises only where they differ from what stood there.
    package static func put(_ year: CalendarYear, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        let text = try encode(year)
        try tx.execute(
            """
            INSERT INTO calendar_year (area, year, version, days, changed_at)
            VALUES (\(area), \(year.year), 1, \(text), \(now))
            ON CONFLICT (area, year) DO UPDATE SET version = calendar_year.version + 1, days = excluded.days,
                changed_at = excluded.changed_at
            WHERE calendar_year.days <> excluded.days
            """)
    }

    /// Every area this office serves, by code.
    package static func areas(_ tx: Transaction) throws -> [(area: AreaCode, name: String)] {
        try tx.rows("SELECT area, name FROM area_profile ORDER BY area", as: AreaCode.self, String.self)
            .map { (area: $0.0, name: $0.1) }
    }

    static func profile(of area: AreaCode, _ tx: Transaction) throws -> AreaProfile? {
        try tx.value("SELECT profile FROM area_profile WHERE area = \(area)", as: String.self)
            .map { try JSONDecoder().decode(AreaProfile.self, from: Data($0.utf8)) }
    }

    /// Grows with every change of the area's profile or calendar.
    static func version(of area: AreaCode, _ tx: Transaction) throws -> Int {
        try tx.value(
            """
            SELECT CAST(COALESCE((SELECT version FROM area_profile WHERE area = \(area)), 0)
                 + COALESCE((SELECT SUM(version) FROM calendar_year WHERE area = \(area)), 0) AS BIGINT)
            """, as: Int.self) ?? 0
    }

    /// The area's calendar, inside a unit of work.
    package static func calendar(of area: AreaCode, hours: HallHours = .usual, _ tx: Transaction) throws -> WorkCalendar {
        let rows = try tx.rows(
            "SELECT version, days FROM calendar_year WHERE area = \(area) ORDER BY year", as: Int.self, String.self)
        let years = try rows.map { try JSONDecoder().decode(CalendarYear.self, from: Data($0.1.utf8)).published }
        return try WorkCalendar(version: rows.reduce(0) { $0 + $1.0 }, years: years, hours: hours)
    }

    static func years(of area: AreaCode, _ tx: Transaction) throws -> [CalendarYear] {
        try tx.values("SELECT days FROM calendar_year WHERE area = \(area) ORDER BY year", as: String.self)
            .map { try JSONDecoder().decode(CalendarYear.self, from: Data($0.utf8)) }
    }

    private static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
