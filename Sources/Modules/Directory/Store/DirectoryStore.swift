import Foundation
package import Kernel
package import Storage

/// The directory's tables. Calendar years are kept per area, so that a county may differ (a bridge day of its own).
package enum DirectoryStore {
    /// Stores what a pack says of an area; the version grows only where something changed. What an administrator edited stays
    /// as it is.
    ///
    /// - Returns: the edits of which the pack has changed its mind since they were made.
    @discardableResult
    package static func put(_ profile: AreaProfile, at now: Moment, _ tx: Transaction) throws -> [PlaceConflict] {
        let text = try encode(profile)
        try tx.execute(
            """
            INSERT INTO area_profile (area, version, name, profile, changed_at)
            VALUES (\(profile.area), 1, \(profile.name.zh), \(text), \(now))
            ON CONFLICT (area) DO UPDATE SET version = area_profile.version + 1, name = excluded.name,
                profile = excluded.profile, changed_at = excluded.changed_at
            WHERE area_profile.profile <> excluded.profile
            """)
        return try conflicts(area: profile.area, tx) { !$0.hasPrefix("years/") }
    }

    /// Stores a year of a pack's calendar, as a profile is stored.
    @discardableResult
    package static func put(
        _ year: CalendarYear, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws -> [PlaceConflict] {
        let text = try encode(year)
        try tx.execute(
            """
            INSERT INTO calendar_year (area, year, version, days, changed_at)
            VALUES (\(area), \(year.year), 1, \(text), \(now))
            ON CONFLICT (area, year) DO UPDATE SET version = calendar_year.version + 1, days = excluded.days,
                changed_at = excluded.changed_at
            WHERE calendar_year.days <> excluded.days
            """)
        return try conflicts(area: area, tx) { $0 == "years/\(year.year)" }
    }

    /// The edits that the pack contradicts as it is stored.
    private static func conflicts(
        area: AreaCode, _ tx: Transaction, about isMeant: (String) -> Bool
    ) throws -> [PlaceConflict] {
        let overlay = try OverlayStore.state(of: area, tx).overlay
        guard overlay.edits.keys.contains(where: isMeant), let loaded = try loadedTree(of: area, tx) else { return [] }
        return overlay.conflicts(with: loaded).filter { isMeant($0.path) }
    }

    /// Every area this office serves, by code.
    package static func areas(_ tx: Transaction) throws -> [(area: AreaCode, name: String)] {
        try tx.rows("SELECT area, name FROM area_profile ORDER BY area", as: AreaCode.self, String.self)
            .map { (area: $0.0, name: $0.1) }
    }

    /// The area's profile as it holds: what its pack says with what its administrators edited over it.
    static func profile(of area: AreaCode, _ tx: Transaction) throws -> AreaProfile? {
        try loadedProfile(of: area, tx).map { try OverlayStore.state(of: area, tx).overlay.apply(to: $0) }
    }

    /// The area's profile as a pack or an import left it.
    package static func loadedProfile(of area: AreaCode, _ tx: Transaction) throws -> AreaProfile? {
        try tx.value("SELECT profile FROM area_profile WHERE area = \(area)", as: String.self)
            .map { try JSONDecoder().decode(AreaProfile.self, from: Data($0.utf8)) }
    }

    /// Profile and calendar as loaded; nil for an area without a hall here.
    static func loadedTree(of area: AreaCode, _ tx: Transaction) throws -> AreaTree? {
        guard let profile = try loadedProfile(of: area, tx) else { return nil }
        return try AreaTree(profile, years: loadedYears(of: area, tx))
    }

    /// How often profile and years of the calendar were loaded with something new.
    static func loadedVersions(of area: AreaCode, _ tx: Transaction) throws -> (profile: Int, years: [Int: Int]) {
        let profile = try tx.value("SELECT version FROM area_profile WHERE area = \(area)", as: Int.self) ?? 0
        let years = try tx.rows("SELECT year, version FROM calendar_year WHERE area = \(area)", as: Int.self, Int.self)
        return (profile, Dictionary(years.map { ($0.0, $0.1) }, uniquingKeysWith: max))
    }

    /// Grows with every change of the area's profile or calendar.
    static func version(of area: AreaCode, _ tx: Transaction) throws -> Int {
        try tx.value(
            """
            SELECT CAST(COALESCE((SELECT version FROM area_profile WHERE area = \(area)), 0)
                 + COALESCE((SELECT SUM(version) FROM calendar_year WHERE area = \(area)), 0)
                 + COALESCE((SELECT version FROM area_overlay WHERE area = \(area)), 0) AS BIGINT)
            """, as: Int.self) ?? 0
    }

    /// The area's calendar as it holds, inside a unit of work. Its version grows with every load and every edit of a year.
    package static func calendar(of area: AreaCode, hours: HallHours = .usual, _ tx: Transaction) throws -> WorkCalendar
    {
        let rows = try tx.rows(
            "SELECT version, days FROM calendar_year WHERE area = \(area) ORDER BY year", as: Int.self, String.self)
        let state = try OverlayStore.state(of: area, tx)
        let years = try rows.map { try JSONDecoder().decode(CalendarYear.self, from: Data($0.1.utf8)) }
        return try WorkCalendar(
            version: rows.reduce(state.calendarVersion) { $0 + $1.0 },
            years: state.overlay.apply(to: years).map(\.published), hours: hours)
    }

    private static func loadedYears(of area: AreaCode, _ tx: Transaction) throws -> [CalendarYear] {
        try tx.values("SELECT days FROM calendar_year WHERE area = \(area) ORDER BY year", as: String.self)
            .map { try JSONDecoder().decode(CalendarYear.self, from: Data($0.utf8)) }
    }

    private static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
