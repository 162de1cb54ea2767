import Storage

/// Messages in the bucket of their account.
enum M001 {
    static let migration = Migration(
        "notify.001",
        [
            """
            CREATE TABLE message (
                area TEXT NOT NULL, account TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, case_area TEXT NOT NULL,
                stream TEXT NOT NULL, arguments TEXT NOT NULL, at BIGINT NOT NULL, read_at BIGINT,
                PRIMARY KEY (area, account, id))
            """,
            "CREATE INDEX message_unread ON message (area, account, id) WHERE read_at IS NULL",
        ])
}
