import Storage

/// The columns that lists need of a package.
enum M001 {
    static let migration = Migration(
        "packages.001",
        [
            """
            CREATE TABLE package_row (
                area TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, package TEXT NOT NULL, department TEXT NOT NULL,
                stage TEXT NOT NULL, owner TEXT NOT NULL, opened_at BIGINT NOT NULL, due_at BIGINT, warn_at BIGINT,
                ended_at BIGINT, forget_at BIGINT, changed_at BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE UNIQUE INDEX package_number ON package_row (area, number)",
            "CREATE INDEX package_by_owner ON package_row (area, owner, opened_at, id)",
            "CREATE INDEX package_by_time ON package_row (area, opened_at, id)",
            "CREATE INDEX package_by_end ON package_row (area, due_at, id) WHERE ended_at IS NULL",
            "CREATE INDEX package_to_forget ON package_row (forget_at, area, id) WHERE forget_at IS NOT NULL",
        ])
}
