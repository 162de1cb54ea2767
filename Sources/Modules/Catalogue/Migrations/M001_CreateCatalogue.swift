import Storage

/// Items with all their versions, and the grams by which they are found.
enum M001 {
    static let migration = Migration(
        "catalogue.001",
        [
            """
            CREATE TABLE item (
                area TEXT NOT NULL, slug TEXT NOT NULL, version BIGINT NOT NULL, code TEXT, name TEXT NOT NULL,
                type TEXT NOT NULL, department TEXT NOT NULL, handling TEXT NOT NULL, persons BIGINT NOT NULL,
                organisations BIGINT NOT NULL, online BIGINT NOT NULL, visits BIGINT NOT NULL, promised TEXT NOT NULL,
                statutory TEXT, basis TEXT, words TEXT NOT NULL, withdrawn_at BIGINT, changed_at BIGINT NOT NULL,
                PRIMARY KEY (area, slug))
            """,
            "CREATE INDEX item_by_department ON item (area, department, name)",
            """
            CREATE TABLE item_version (
                area TEXT NOT NULL, slug TEXT NOT NULL, version BIGINT NOT NULL, fingerprint TEXT NOT NULL,
                definition TEXT NOT NULL, provenance TEXT NOT NULL, source TEXT NOT NULL, loaded_at BIGINT NOT NULL,
                PRIMARY KEY (area, slug, version))
            """,
            """
            CREATE TABLE item_paper (
                area TEXT NOT NULL, digest TEXT NOT NULL, size BIGINT NOT NULL, bytes BYTEA NOT NULL,
                loaded_at BIGINT NOT NULL,
                PRIMARY KEY (area, digest))
            """,
            """
            CREATE TABLE item_finding (
                area TEXT NOT NULL, item TEXT NOT NULL, findings TEXT NOT NULL,
                PRIMARY KEY (area, item))
            """,
            """
            CREATE TABLE item_gram (
                area TEXT NOT NULL, gram TEXT NOT NULL, item TEXT NOT NULL, weight BIGINT NOT NULL,
                PRIMARY KEY (area, gram, item, weight))
            """,
            "CREATE INDEX item_gram_by_item ON item_gram (area, item)",
            """
            CREATE TABLE item_label (
                area TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, item TEXT NOT NULL,
                PRIMARY KEY (area, kind, label, item))
            """,
            "CREATE INDEX item_label_by_item ON item_label (area, item)",
            """
            CREATE TABLE catalogue_index (
                area TEXT NOT NULL, version BIGINT NOT NULL, data TEXT NOT NULL,
                PRIMARY KEY (area))
            """,
        ])
}
