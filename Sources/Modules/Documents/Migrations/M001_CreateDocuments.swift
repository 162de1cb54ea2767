import Storage

/// Sealed files and issued notices.
enum M001 {
    static let migration = Migration(
        "documents.001",
        [
            """
            CREATE TABLE stored_file (
                area TEXT NOT NULL, id TEXT NOT NULL, vault TEXT NOT NULL, address TEXT NOT NULL, size BIGINT NOT NULL,
                type TEXT NOT NULL, scanned BIGINT NOT NULL, attached BIGINT NOT NULL, created_at BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE INDEX stored_file_loose ON stored_file (created_at, area, id) WHERE attached = 0",
            "CREATE INDEX stored_file_by_vault ON stored_file (area, vault)",
            "CREATE INDEX stored_file_by_address ON stored_file (address, area, id)",
            """
            CREATE TABLE notice (
                area TEXT NOT NULL, id TEXT NOT NULL, stream TEXT NOT NULL, kind TEXT NOT NULL, number TEXT,
                result TEXT, code TEXT NOT NULL, organ TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,
                issued_at BIGINT NOT NULL, file TEXT, digest TEXT,
                PRIMARY KEY (area, id))
            """,
            "CREATE UNIQUE INDEX notice_code ON notice (area, code)",
            "CREATE INDEX notice_by_stream ON notice (area, stream, issued_at)",
            """
            CREATE TABLE upload (
                area TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, size BIGINT NOT NULL, received BIGINT NOT NULL,
                file TEXT, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE INDEX upload_by_owner ON upload (area, owner, created_at)",
            "CREATE INDEX upload_by_end ON upload (expires_at, area, id)",
            """
            CREATE TABLE upload_part (
                area TEXT NOT NULL, upload TEXT NOT NULL, start BIGINT NOT NULL, length BIGINT NOT NULL, name TEXT NOT NULL,
                PRIMARY KEY (area, upload, start))
            """,
        ])
}
