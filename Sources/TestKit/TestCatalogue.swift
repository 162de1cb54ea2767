/// SQL over PostgreSQL's catalogue: whether a test left the schema as it was, and the emptying of its tables.
enum TestCatalogue {
    /// One text for everything in the schemas: tables with their columns, functions, triggers, constraints.
    private static let signature = """
        (SELECT coalesce(md5(string_agg(part, ' ' ORDER BY part)), '') FROM (
            SELECT n.nspname || '.' || c.relname::text || c.relkind::text || coalesce((
                SELECT string_agg(a.attname::text || a.atttypid::text || a.attnotnull::text, ',' ORDER BY a.attnum)
                FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '') AS part
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (spaces)
            UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'
            UNION ALL SELECT 'function ' || p.proname || md5(p.prosrc)
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY (spaces)
            UNION ALL SELECT 'trigger ' || t.tgname || t.tgenabled::text FROM pg_trigger t WHERE NOT t.tgisinternal
            UNION ALL SELECT 'constraint ' || k.conname
            FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = ANY (spaces)) parts)
        """

    private static let declarations = """
        spaces name[] := (SELECT array_agg(nspname) FROM pg_namespace
            WHERE nspname NOT LIKE 'pg_%' AND nspname NOT IN ('information_schema', 'testkit'));
        place record;
        filled boolean;
        """

    private static let tables = """
        SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (spaces) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND c.relname <> 'schema_migration'
        """

    /// Keeps the signature in the template. A schema with rows of its own is never reused: it gets one that fits nothing.
    static let sign = """
        DO $$ DECLARE \(declarations) mark text;
        BEGIN
            CREATE SCHEMA testkit;
            CREATE TABLE testkit.signature (value text NOT NULL);
            mark := \(signature);
            FOR place IN \(tables) LOOP
                EXECUTE 'SELECT EXISTS (SELECT FROM ' || place.name || ')' INTO filled;
                IF filled THEN mark := 'has rows'; END IF;
            END LOOP;
            INSERT INTO testkit.signature VALUES (mark);
        END $$
        """

    /// Empties all tables without their triggers, as the journal's would refuse; fails where the schema was changed.
    static let empty = """
        DO $$ DECLARE \(declarations)
        BEGIN
            IF \(signature) IS DISTINCT FROM (SELECT value FROM testkit.signature) THEN
                RAISE EXCEPTION 'the schema was changed';
            END IF;
            SET LOCAL session_replication_role = replica;
            FOR place IN \(tables) LOOP
                EXECUTE 'DELETE FROM ' || place.name;
            END LOOP;
        END $$
        """
}
