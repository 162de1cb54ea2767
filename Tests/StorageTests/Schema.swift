import Storage

/// The tables the store tests work on, made by the same statements on both engines.
enum Schema {
    static let area = "510106"

    static let migrations = [
        Migration(
            "test.001",
            [
                """
                CREATE TABLE sample (
                    area TEXT NOT NULL, id BIGINT NOT NULL, number BIGINT, words TEXT, bytes \(bytes),
                    share DOUBLE PRECISION, PRIMARY KEY (area, id))
                """,
                """
                CREATE TABLE office (
                    area TEXT NOT NULL, id BIGINT NOT NULL CHECK (id >= 0), code TEXT NOT NULL,
                    PRIMARY KEY (area, id), UNIQUE (area, code))
                """,
                """
                CREATE TABLE desk (
                    area TEXT NOT NULL, id BIGINT NOT NULL, office BIGINT NOT NULL, PRIMARY KEY (area, id),
                    FOREIGN KEY (area, office) REFERENCES office (area, id) ON DELETE RESTRICT)
                """,
            ]),
        Migration(
            "test.002",
            [
                "CREATE TABLE entry (area TEXT NOT NULL, seq BIGINT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (area, seq))"
            ]
                + appendOnly),
    ]

    private static let bytes = SQL.dialect(sqlite: "BLOB", postgres: "BYTEA")

    /// Triggers that refuse to change or delete what was entered; each engine has a language of its own for them.
    private static let appendOnly: [SQL] = [
        .dialect(
            sqlite: """
                CREATE TRIGGER entry_update BEFORE UPDATE ON entry
                BEGIN SELECT RAISE(ABORT, 'entries stay'); END
                """,
            postgres: """
                CREATE FUNCTION entries_stay() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'entries stay'; END $$
                """),
        .dialect(
            sqlite: """
                CREATE TRIGGER entry_delete BEFORE DELETE ON entry
                BEGIN SELECT RAISE(ABORT, 'entries stay'); END
                """,
            postgres: """
                CREATE TRIGGER entry_change BEFORE UPDATE OR DELETE ON entry
                FOR EACH ROW EXECUTE FUNCTION entries_stay()
                """),
    ]
}

extension Transaction {
    func addOffice(_ id: Int, code: String) throws {
        try execute("INSERT INTO office (area, id, code) VALUES (\(Schema.area), \(id), \(code))")
    }

    func offices() throws -> [Int] {
        try values("SELECT id FROM office WHERE area = \(Schema.area) ORDER BY id", as: Int.self)
    }
}

/// What a unit of a test throws of its own accord.
struct Refusal: Error, Equatable {}

/// The name of an error's case, without what it says.
func kind(_ error: StorageError?) -> String {
    error.map { String("\($0)".prefix { $0 != "(" }) } ?? "none"
}
