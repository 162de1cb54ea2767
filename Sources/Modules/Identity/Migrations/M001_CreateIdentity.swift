import Storage

/// Accounts and sessions (in buckets), staff with posts and absences, API clients (in areas), the security log (in both).
///
/// `docs/architecture.md`, "Storage": every key begins with the area, a bucket where it is a resident's.
enum M001 {
    static let migration = Migration("identity.001", residents + staff + checks + counters + clients + log)

    private static let residents: [SQL] = [
        """
        CREATE TABLE account (
            area TEXT NOT NULL, id TEXT NOT NULL, password TEXT, mask TEXT NOT NULL, phone_mask TEXT NOT NULL,
            epoch BIGINT NOT NULL, failures BIGINT NOT NULL, locked_until_at BIGINT, assurance TEXT NOT NULL,
            provider TEXT NOT NULL, checked_in TEXT, reason TEXT, created_at BIGINT NOT NULL, signed_in_at BIGINT,
            PRIMARY KEY (area, id))
        """,
        """
        CREATE TABLE login (
            area TEXT NOT NULL, key_version BIGINT NOT NULL, mac TEXT NOT NULL, account TEXT NOT NULL, bucket TEXT NOT NULL,
            PRIMARY KEY (area, key_version, mac))
        """,
        """
        CREATE TABLE mandate (
            area TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, subject TEXT NOT NULL, role TEXT NOT NULL,
            organisation TEXT NOT NULL, uscc TEXT NOT NULL, status TEXT NOT NULL, until_on TEXT, checked_in TEXT, reason TEXT,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (area, id),
            FOREIGN KEY (area, account) REFERENCES account (area, id))
        """,
        "CREATE UNIQUE INDEX mandate_subject ON mandate (area, account, subject)",
        """
        CREATE TABLE session (
            area TEXT NOT NULL, id TEXT NOT NULL, token TEXT NOT NULL, account TEXT NOT NULL, epoch BIGINT NOT NULL,
            device TEXT NOT NULL, mandate TEXT, created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
            PRIMARY KEY (area, id),
            FOREIGN KEY (area, account) REFERENCES account (area, id))
        """,
        "CREATE UNIQUE INDEX session_token ON session (area, token)",
        "CREATE INDEX session_by_account ON session (area, account, seen_at)",
        """
        CREATE TABLE phone_code (
            area TEXT NOT NULL, mac TEXT NOT NULL, purpose TEXT NOT NULL, id TEXT NOT NULL, code TEXT NOT NULL,
            tries BIGINT NOT NULL, sent_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
            PRIMARY KEY (area, mac, purpose))
        """,
        """
        CREATE TABLE consent (
            area TEXT NOT NULL, account TEXT NOT NULL, document TEXT NOT NULL, version TEXT NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY (area, account, document, version),
            FOREIGN KEY (area, account) REFERENCES account (area, id))
        """,
        """
        CREATE TABLE resident_grant (
            area TEXT NOT NULL, account TEXT NOT NULL, client TEXT NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY (area, account, client),
            FOREIGN KEY (area, account) REFERENCES account (area, id))
        """,
    ]

    private static let staff: [SQL] = [
        """
        CREATE TABLE staff (
            area TEXT NOT NULL, id TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL, password TEXT NOT NULL,
            must_change BIGINT NOT NULL, epoch BIGINT NOT NULL, failures BIGINT NOT NULL, locked_until_at BIGINT,
            totp_at BIGINT, totp_step BIGINT, created_at BIGINT NOT NULL, signed_in_at BIGINT, disabled_at BIGINT,
            disabled_why TEXT,
            PRIMARY KEY (area, id))
        """,
        "CREATE UNIQUE INDEX staff_login ON staff (area, login)",
        """
        CREATE TABLE password_history (
            area TEXT NOT NULL, staff TEXT NOT NULL, at BIGINT NOT NULL, password TEXT NOT NULL,
            PRIMARY KEY (area, staff, at),
            FOREIGN KEY (area, staff) REFERENCES staff (area, id))
        """,
        """
        CREATE TABLE post (
            area TEXT NOT NULL, id TEXT NOT NULL, staff TEXT NOT NULL, role TEXT NOT NULL, department TEXT NOT NULL,
            place TEXT, street TEXT, until_on TEXT, status TEXT NOT NULL, proposed_by TEXT NOT NULL, changed_at BIGINT NOT NULL,
            PRIMARY KEY (area, id),
            FOREIGN KEY (area, staff) REFERENCES staff (area, id))
        """,
        "CREATE INDEX post_by_staff ON post (area, staff)",
        """
        CREATE TABLE staff_session (
            area TEXT NOT NULL, id TEXT NOT NULL, token TEXT NOT NULL, staff TEXT NOT NULL, epoch BIGINT NOT NULL,
            device TEXT NOT NULL, created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
            PRIMARY KEY (area, id),
            FOREIGN KEY (area, staff) REFERENCES staff (area, id))
        """,
        "CREATE UNIQUE INDEX staff_session_token ON staff_session (area, token)",
        "CREATE INDEX staff_session_by_staff ON staff_session (area, staff)",
        """
        CREATE TABLE absence (
            area TEXT NOT NULL, id TEXT NOT NULL, staff TEXT NOT NULL, deputy TEXT NOT NULL, from_on TEXT NOT NULL,
            to_on TEXT NOT NULL, moved_at BIGINT, created_by TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (area, id),
            FOREIGN KEY (area, staff) REFERENCES staff (area, id),
            FOREIGN KEY (area, deputy) REFERENCES staff (area, id))
        """,
        "CREATE INDEX absence_by_staff ON absence (area, staff, to_on)",
        "CREATE INDEX absence_by_deputy ON absence (area, deputy, to_on)",
        "CREATE INDEX absence_to_move ON absence (from_on, area, id) WHERE moved_at IS NULL",
    ]

    private static let checks: [SQL] = [
        """
        CREATE TABLE identity_check (
            area TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, mandate TEXT, mask TEXT NOT NULL,
            number_mask TEXT NOT NULL, organisation TEXT, role TEXT, opened_at BIGINT NOT NULL, status TEXT NOT NULL,
            changed_at BIGINT NOT NULL,
            PRIMARY KEY (area, id))
        """,
        "CREATE INDEX identity_check_waiting ON identity_check (area, opened_at, id) WHERE status = 'waiting'",
        "CREATE INDEX identity_check_by_account ON identity_check (area, account, opened_at)",
    ]

    private static let counters: [SQL] = [
        """
        CREATE TABLE sitting (
            area TEXT NOT NULL, id TEXT NOT NULL, token TEXT NOT NULL, screen TEXT NOT NULL, staff TEXT NOT NULL,
            session TEXT NOT NULL, account TEXT NOT NULL, bucket TEXT NOT NULL, subject TEXT NOT NULL, organisation TEXT,
            mask TEXT NOT NULL, started_at BIGINT NOT NULL, by_handler BIGINT NOT NULL, ended_at BIGINT,
            PRIMARY KEY (area, id),
            FOREIGN KEY (area, staff) REFERENCES staff (area, id))
        """,
        "CREATE UNIQUE INDEX sitting_token ON sitting (area, token)",
        "CREATE UNIQUE INDEX sitting_screen ON sitting (area, screen)",
        "CREATE INDEX sitting_by_staff ON sitting (area, staff) WHERE ended_at IS NULL",
        "CREATE INDEX sitting_by_start ON sitting (started_at, area, id)",
    ]

    private static let clients: [SQL] = [
        """
        CREATE TABLE api_client (
            area TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL, areas TEXT NOT NULL,
            addresses TEXT NOT NULL, until_on TEXT, proposed_by TEXT NOT NULL, confirmed_by TEXT, confirmed_at BIGINT,
            disabled_at BIGINT, created_at BIGINT NOT NULL,
            PRIMARY KEY (area, id))
        """,
        """
        CREATE TABLE api_secret (
            area TEXT NOT NULL, client TEXT NOT NULL, hash TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (area, client, hash),
            FOREIGN KEY (area, client) REFERENCES api_client (area, id))
        """,
        """
        CREATE TABLE api_token (
            area TEXT NOT NULL, hash TEXT NOT NULL, client TEXT NOT NULL, secret TEXT NOT NULL, account TEXT, bucket TEXT,
            expires_at BIGINT NOT NULL,
            PRIMARY KEY (area, hash),
            FOREIGN KEY (area, client) REFERENCES api_client (area, id))
        """,
        "CREATE INDEX api_token_by_client ON api_token (area, client, secret)",
    ]

    private static let log: [SQL] = [
        """
        CREATE TABLE security_event (
            area TEXT NOT NULL, at BIGINT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
            subject TEXT NOT NULL, request TEXT NOT NULL,
            PRIMARY KEY (area, at, id))
        """,
        "CREATE INDEX security_event_by_subject ON security_event (area, subject, at, id)",
        "CREATE INDEX security_event_by_actor ON security_event (area, actor, at, id)",
        "CREATE INDEX security_event_by_kind ON security_event (area, kind, at, id)",
        """
        CREATE TABLE log_retention (
            area TEXT NOT NULL, months BIGINT NOT NULL, changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL,
            PRIMARY KEY (area))
        """,
    ]
}
