import Storage

/// Drafts, the columns lists need of a case, and notes between officers.
enum M001 {
    static let migration = Migration(
        "cases.001",
        [
            """
            CREATE TABLE draft (
                area TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, bucket TEXT NOT NULL, subject TEXT NOT NULL,
                item TEXT NOT NULL, item_version BIGINT NOT NULL, version BIGINT NOT NULL, number TEXT,
                created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, warned BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE INDEX draft_by_owner ON draft (area, owner, changed_at, id)",
            "CREATE INDEX draft_by_end ON draft (expires_at, area, id)",
            """
            CREATE TABLE case_row (
                area TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, item TEXT NOT NULL, department TEXT NOT NULL,
                stage TEXT NOT NULL, owner TEXT NOT NULL, channel TEXT NOT NULL, opened_at BIGINT NOT NULL,
                due_at BIGINT, statutory_at BIGINT, ended_at BIGINT, forget_at BIGINT, shown_until TEXT,
                granted_on TEXT, changed_at BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE UNIQUE INDEX case_number ON case_row (area, number)",
            "CREATE INDEX case_by_stage ON case_row (area, department, stage, opened_at, id)",
            "CREATE INDEX case_by_owner ON case_row (area, owner, opened_at, id)",
            // What a search filters by stands behind the order, so that rows are read for one page only.
            "CREATE INDEX case_by_item ON case_row (area, item, opened_at, id, department, stage)",
            "CREATE INDEX case_open_by_item ON case_row (area, item) WHERE ended_at IS NULL",
            "CREATE INDEX case_by_time ON case_row (area, opened_at, id, item, department, stage)",
            "CREATE INDEX case_by_statutory ON case_row (area, statutory_at, id) WHERE ended_at IS NULL",
            "CREATE INDEX case_shown ON case_row (area, shown_until, id) WHERE shown_until IS NOT NULL",
            "CREATE INDEX case_granted ON case_row (area, granted_on, id) WHERE granted_on IS NOT NULL",
            "CREATE INDEX case_to_forget ON case_row (forget_at, area, id) WHERE forget_at IS NOT NULL",
            """
            CREATE TABLE case_note (
                area TEXT NOT NULL, id TEXT NOT NULL, stream TEXT NOT NULL, author TEXT NOT NULL, at BIGINT NOT NULL,
                slot TEXT NOT NULL, urges BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE INDEX case_note_by_stream ON case_note (area, stream, at)",
            """
            CREATE TABLE material_mark (
                area TEXT NOT NULL, stream TEXT NOT NULL, material TEXT NOT NULL, good BIGINT NOT NULL, author TEXT NOT NULL,
                at BIGINT NOT NULL,
                PRIMARY KEY (area, stream, material))
            """,
            """
            CREATE TABLE conduct (
                area TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, stream TEXT NOT NULL, item TEXT NOT NULL,
                at BIGINT NOT NULL, until BIGINT,
                PRIMARY KEY (area, subject, kind, stream))
            """,
            """
            CREATE TABLE attorney (
                area TEXT NOT NULL, id TEXT NOT NULL, application TEXT NOT NULL, given_at BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE INDEX attorney_by_application ON attorney (area, application, given_at, id)",
            """
            CREATE TABLE remote_link (
                area TEXT NOT NULL, stream TEXT NOT NULL, hash TEXT NOT NULL, code TEXT NOT NULL, tries BIGINT NOT NULL,
                sent_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
                PRIMARY KEY (area, stream))
            """,
            "CREATE UNIQUE INDEX remote_link_by_hash ON remote_link (area, hash)",
            """
            CREATE TABLE scan_link (
                area TEXT NOT NULL, draft TEXT NOT NULL, hash TEXT NOT NULL, screen TEXT NOT NULL, phone TEXT,
                created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
                PRIMARY KEY (area, draft))
            """,
            "CREATE UNIQUE INDEX scan_link_by_hash ON scan_link (area, hash)",
            """
            CREATE TABLE my_case (
                area TEXT NOT NULL, account TEXT NOT NULL, case_area TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL,
                item TEXT NOT NULL, opened_at BIGINT NOT NULL,
                PRIMARY KEY (area, account, case_area, id))
            """,
            "CREATE INDEX my_case_by_time ON my_case (area, account, opened_at, id)",
        ])
}
