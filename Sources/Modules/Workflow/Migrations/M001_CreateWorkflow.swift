import Storage

/// Proceedings, journal, vaults, tasks, timers, outbox, numbers, anchors (docs/architecture.md, "Workflow"; data.md).
enum M001 {
    static let migration = Migration(
        "workflow.001",
        [
            """
            CREATE TABLE proceeding (
                area TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, cohort BIGINT NOT NULL, version BIGINT NOT NULL,
                head TEXT NOT NULL, format BIGINT NOT NULL, state TEXT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            """
            CREATE TABLE journal (
                area TEXT NOT NULL, cohort BIGINT NOT NULL, stream TEXT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,
                actor TEXT NOT NULL, request TEXT NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL, previous TEXT NOT NULL,
                hash TEXT NOT NULL,
                PRIMARY KEY (area, cohort, stream, seq))
            """,
            "CREATE INDEX journal_by_time ON journal (area, at)",
            """
            CREATE TABLE vault (
                area TEXT NOT NULL, id TEXT NOT NULL, wrapped BYTEA NOT NULL, created_at BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            """
            CREATE TABLE sealed_part (
                area TEXT NOT NULL, vault TEXT NOT NULL, slot TEXT NOT NULL, content BYTEA NOT NULL, hash TEXT NOT NULL,
                changed_at BIGINT NOT NULL,
                PRIMARY KEY (area, vault, slot))
            """,
            """
            CREATE TABLE party (
                area TEXT NOT NULL, vault TEXT NOT NULL, role TEXT NOT NULL, kind TEXT NOT NULL, mask TEXT NOT NULL,
                account TEXT, bucket TEXT,
                PRIMARY KEY (area, vault, role))
            """,
            """
            CREATE TABLE lookup (
                area TEXT NOT NULL, kind TEXT NOT NULL, key_version BIGINT NOT NULL, mac TEXT NOT NULL, stream TEXT NOT NULL,
                PRIMARY KEY (area, kind, key_version, mac, stream))
            """,
            "CREATE INDEX lookup_by_stream ON lookup (area, stream)",
            """
            CREATE TABLE access_log (
                area TEXT NOT NULL, at BIGINT NOT NULL, id TEXT NOT NULL, actor TEXT NOT NULL, stream TEXT NOT NULL,
                slot TEXT NOT NULL, request TEXT NOT NULL,
                PRIMARY KEY (area, at, id))
            """,
            "CREATE INDEX access_log_by_stream ON access_log (area, stream, at)",
            """
            CREATE TABLE task (
                area TEXT NOT NULL, id TEXT NOT NULL, stream TEXT NOT NULL, queue TEXT NOT NULL, assignee TEXT,
                number TEXT NOT NULL, item TEXT NOT NULL, step TEXT NOT NULL, opened_at BIGINT NOT NULL,
                warn_at BIGINT NOT NULL, due_at BIGINT NOT NULL, handed_by TEXT,
                PRIMARY KEY (area, id))
            """,
            // What lists filter by stands behind the order, so that rows are read for one page only.
            """
            CREATE INDEX task_waiting ON task (area, queue, due_at, id, warn_at, step, item, assignee)
            WHERE assignee IS NULL
            """,
            // Which items wait in a queue. By an expression, so that no other question is led here, away from task_waiting.
            "CREATE INDEX task_items ON task (area, (queue || ''), item) WHERE assignee IS NULL",
            """
            CREATE INDEX task_assigned ON task (area, assignee, due_at, id, warn_at, step, item) WHERE assignee IS NOT NULL
            """,
            "CREATE INDEX task_by_due ON task (area, due_at, id, queue, step, warn_at)",
            // What is near its end or past it stands at its beginning.
            "CREATE INDEX task_warned ON task (area, queue, warn_at, due_at, id, step, item, assignee)",
            "CREATE INDEX task_handed ON task (area, handed_by, due_at, id) WHERE handed_by IS NOT NULL",
            // All that the board counts. By its end it would stand in the way of task_waiting: SQLite cannot know that
            // most tasks of a queue are somebody's.
            "CREATE INDEX task_by_queue ON task (area, queue, step, warn_at, due_at)",
            "CREATE INDEX task_by_stream ON task (area, stream)",
            """
            CREATE TABLE timer (
                area TEXT NOT NULL, id TEXT NOT NULL, stream TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
                started_at BIGINT NOT NULL, amount TEXT NOT NULL, used BIGINT NOT NULL, calendar_version BIGINT NOT NULL,
                warn_at BIGINT NOT NULL, due_at BIGINT NOT NULL, paused_at BIGINT, next_at BIGINT NOT NULL,
                attempt BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE UNIQUE INDEX timer_name ON timer (area, stream, name)",
            "CREATE INDEX timer_next ON timer (next_at, area, id)",
            "CREATE INDEX timer_by_calendar ON timer (area, kind, calendar_version, stream)",
            """
            CREATE TABLE outbox (
                area TEXT NOT NULL, id TEXT NOT NULL, channel TEXT NOT NULL, dedup TEXT NOT NULL, payload TEXT NOT NULL,
                attempt BIGINT NOT NULL, next_at BIGINT NOT NULL, dead_at BIGINT, fault TEXT,
                PRIMARY KEY (area, id))
            """,
            "CREATE UNIQUE INDEX outbox_dedup ON outbox (area, channel, dedup)",
            "CREATE INDEX outbox_next ON outbox (channel, next_at, area, id)",
            "CREATE INDEX outbox_dead ON outbox (area, dead_at, id) WHERE dead_at IS NOT NULL",
            """
            CREATE TABLE number_block (
                area TEXT NOT NULL, series TEXT NOT NULL, on_date TEXT NOT NULL, next BIGINT NOT NULL,
                PRIMARY KEY (area, series, on_date))
            """,
            """
            CREATE TABLE idempotency (
                area TEXT NOT NULL, client TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, status BIGINT NOT NULL,
                answer BYTEA NOT NULL, at BIGINT NOT NULL,
                PRIMARY KEY (area, client, key))
            """,
            "CREATE INDEX idempotency_by_time ON idempotency (at, area)",
            """
            CREATE TABLE forgotten (
                area TEXT NOT NULL, vault TEXT NOT NULL, told BIGINT NOT NULL,
                PRIMARY KEY (area, vault))
            """,
            "CREATE INDEX forgotten_untold ON forgotten (area, vault) WHERE told = 0",
            """
            CREATE TABLE anchor (
                area TEXT NOT NULL, until_at BIGINT NOT NULL, since_at BIGINT NOT NULL, streams BIGINT NOT NULL,
                entries BIGINT NOT NULL, leaves TEXT NOT NULL, late TEXT NOT NULL, root TEXT NOT NULL,
                previous TEXT NOT NULL, key_version BIGINT NOT NULL, signature TEXT NOT NULL,
                PRIMARY KEY (area, until_at))
            """,
            """
            CREATE TABLE late_entry (
                area TEXT NOT NULL, stream TEXT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,
                PRIMARY KEY (area, stream, seq))
            """,
        ] + appendOnly("journal") + appendOnly("anchor"))

    /// Nothing in the journal is ever changed or taken away; on PostgreSQL neither by a statement for the whole table.
    private static func appendOnly(_ table: String) -> [SQL] {
        [
            .dialect(
                sqlite: """
                    CREATE TRIGGER \(table)_no_update BEFORE UPDATE ON \(table)
                    BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
                    """,
                postgres: """
                    CREATE FUNCTION \(table)_append_only() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION '\(table) is append-only' USING ERRCODE = '42501'; END $$
                    """),
            .dialect(
                sqlite: """
                    CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table)
                    BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
                    """,
                postgres: """
                    CREATE TRIGGER \(table)_no_change BEFORE UPDATE OR DELETE ON \(table)
                    FOR EACH ROW EXECUTE FUNCTION \(table)_append_only()
                    """),
            .dialect(
                sqlite: "SELECT 1",
                postgres: """
                    CREATE TRIGGER \(table)_no_truncate BEFORE TRUNCATE ON \(table)
                    FOR EACH STATEMENT EXECUTE FUNCTION \(table)_append_only()
                    """),
        ]
    }
}
