import Storage

/// Ratings by case and round; department and item stand beside, for figures.
enum M001 {
    static let migration = Migration(
        "ratings.001",
        [
            """
            CREATE TABLE rating (
                area TEXT NOT NULL, stream TEXT NOT NULL, round BIGINT NOT NULL, number TEXT NOT NULL, department TEXT NOT NULL,
                item TEXT NOT NULL, grade TEXT NOT NULL, tags TEXT NOT NULL, slot TEXT, anonymous BIGINT NOT NULL,
                channel TEXT NOT NULL, at BIGINT NOT NULL,
                PRIMARY KEY (area, stream, round))
            """,
            "CREATE INDEX rating_by_time ON rating (area, at)",
        ])
}
