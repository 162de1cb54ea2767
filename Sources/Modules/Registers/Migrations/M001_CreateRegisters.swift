import Storage

/// Lists that departments brought. What stands in a list lies sealed in a vault of its own (`vault`, `sealed_part`).
enum M001 {
    static let migration = Migration(
        "registers.001",
        [
            """
            CREATE TABLE register_edition (
                area TEXT NOT NULL, register TEXT NOT NULL, edition BIGINT NOT NULL, state TEXT NOT NULL,
                dated_on TEXT NOT NULL, entries BIGINT NOT NULL, digest TEXT NOT NULL, vault TEXT,
                actor TEXT NOT NULL, imported_at BIGINT NOT NULL,
                PRIMARY KEY (area, register, edition))
            """,
            "CREATE INDEX register_edition_by_state ON register_edition (area, state, imported_at)",
        ])
}
