import Storage

/// What administrators changed, over what packs say, and the journal of it.
enum M002 {
    static let migration = Migration(
        "directory.002",
        [
            """
            CREATE TABLE area_overlay (
                area TEXT NOT NULL, version BIGINT NOT NULL, calendar_version BIGINT NOT NULL, overlay TEXT NOT NULL,
                PRIMARY KEY (area))
            """,
            """
            CREATE TABLE directory_edit (
                area TEXT NOT NULL, version BIGINT NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL, request TEXT NOT NULL,
                kind TEXT NOT NULL, target TEXT NOT NULL, change TEXT NOT NULL, previous TEXT NOT NULL,
                PRIMARY KEY (area, version))
            """,
            "CREATE INDEX directory_edit_by_kind ON directory_edit (area, kind, version)",
            "CREATE INDEX directory_edit_by_target ON directory_edit (area, target, version)",
            .dialect(
                sqlite: """
                    CREATE TRIGGER directory_edit_no_update BEFORE UPDATE ON directory_edit
                    BEGIN SELECT RAISE(ABORT, 'directory_edit is append-only'); END
                    """,
                postgres: """
                    CREATE FUNCTION directory_edit_append_only() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'directory_edit is append-only' USING ERRCODE = '42501'; END $$
                    """),
            .dialect(
                sqlite: """
                    CREATE TRIGGER directory_edit_no_delete BEFORE DELETE ON directory_edit
                    BEGIN SELECT RAISE(ABORT, 'directory_edit is append-only'); END
                    """,
                postgres: """
                    CREATE TRIGGER directory_edit_no_change BEFORE UPDATE OR DELETE ON directory_edit
                    FOR EACH ROW EXECUTE FUNCTION directory_edit_append_only()
                    """),
            .dialect(
                sqlite: "SELECT 1",
                postgres: """
                    CREATE TRIGGER directory_edit_no_truncate BEFORE TRUNCATE ON directory_edit
                    FOR EACH STATEMENT EXECUTE FUNCTION directory_edit_append_only()
                    """),
        ])
}
