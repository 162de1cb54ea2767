import Storage

/// What the walk over the journals keeps: one row a case that ended or was decided, figures by month, findings of the detector.
enum M001 {
    static let migration = Migration(
        "supervision.001",
        [
            // How far an area's journals were walked through.
            """
            CREATE TABLE journal_walk (
                area TEXT NOT NULL, name TEXT NOT NULL, at BIGINT NOT NULL,
                PRIMARY KEY (area, name))
            """,
            """
            CREATE TABLE case_fact (
                area TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, item TEXT NOT NULL, department TEXT NOT NULL,
                month TEXT NOT NULL, at BIGINT NOT NULL, used BIGINT, late BIGINT NOT NULL, officer TEXT,
                corrected BIGINT NOT NULL, last_day BIGINT NOT NULL,
                PRIMARY KEY (area, id))
            """,
            "CREATE INDEX case_fact_by_item ON case_fact (area, item, at, id, used)",
            "CREATE INDEX case_fact_by_officer ON case_fact (area, officer, at) WHERE officer IS NOT NULL",
            """
            CREATE INDEX case_fact_by_correction ON case_fact (area, department, at, last_day) WHERE corrected > 0
            """,
            // A histogram: mean and median of any months come from a handful of rows an item, however many cases there are.
            """
            CREATE TABLE limit_figure (
                area TEXT NOT NULL, month TEXT NOT NULL, item TEXT NOT NULL, department TEXT NOT NULL,
                promised TEXT NOT NULL, statutory TEXT NOT NULL, used BIGINT NOT NULL, cases BIGINT NOT NULL,
                on_receipt BIGINT NOT NULL, late BIGINT NOT NULL, breached BIGINT NOT NULL,
                PRIMARY KEY (area, month, item, department, promised, statutory, used))
            """,
            """
            CREATE TABLE finding (
                area TEXT NOT NULL, id TEXT NOT NULL, rule TEXT NOT NULL, stream TEXT NOT NULL, number TEXT NOT NULL,
                item TEXT NOT NULL, department TEXT NOT NULL, at BIGINT NOT NULL, facts TEXT NOT NULL,
                settled_at BIGINT, settled_by TEXT, verdict TEXT, reason TEXT,
                PRIMARY KEY (area, id))
            """,
            "CREATE UNIQUE INDEX finding_once ON finding (area, rule, stream)",
            "CREATE INDEX finding_open ON finding (area, at, id, department) WHERE settled_at IS NULL",
            "CREATE INDEX finding_settled ON finding (area, settled_at, id) WHERE settled_at IS NOT NULL",
            """
            CREATE TABLE detector_rule (
                area TEXT NOT NULL, rule TEXT NOT NULL, threshold BIGINT NOT NULL, active BIGINT NOT NULL,
                changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL,
                PRIMARY KEY (area, rule))
            """,
        ])
}
