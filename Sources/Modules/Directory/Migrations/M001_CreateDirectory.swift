import Storage

/// Areas with their profiles, and the calendars by which they count.
enum M001 {
    static let migration = Migration(
        "directory.001",
        [
            """
            CREATE TABLE area_profile (
                area TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, profile TEXT NOT NULL, changed_at BIGINT NOT NULL,
                PRIMARY KEY (area))
            """,
            """
            CREATE TABLE calendar_year (
                area TEXT NOT NULL, year BIGINT NOT NULL, version BIGINT NOT NULL, days TEXT NOT NULL, changed_at BIGINT NOT NULL,
                PRIMARY KEY (area, year))
            """,
        ])
}
