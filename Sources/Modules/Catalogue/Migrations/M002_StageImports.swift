import Storage

/// Lists on their way into the catalogue, between upload and import.
enum M002 {
    static let migration = Migration(
        "catalogue.002",
        [
            """
            CREATE TABLE import_staging (
                area TEXT NOT NULL, id TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL, name TEXT NOT NULL,
                bytes BYTEA NOT NULL, running_at BIGINT, done BIGINT NOT NULL, total BIGINT NOT NULL, report TEXT,
                PRIMARY KEY (area, id))
            """
        ])
}
