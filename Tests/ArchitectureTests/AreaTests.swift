import Testing

/// Every statement binds the area of every table it touches, so that areas can lie on different machines.
@Suite("Statements and areas")
struct AreaTests {
    /// Work over all areas, on purpose: file and how the statement begins (blanks made single). To be extended with care.
    static let acrossAreas: [(file: String, begins: String)] = [
        // Workers look for what is due anywhere, and then act on each in its area.
        ("Workflow/Store/TimerStore.swift", "SELECT area, id, stream, kind, attempt FROM timer WHERE next_at"),
        ("Workflow/Store/Outbox.swift", "SELECT area, id, channel, dedup, payload, attempt FROM outbox WHERE channel"),
        ("Workflow/Store/TimerStore.swift", "SELECT MIN(next_at) FROM timer WHERE next_at"),
        (
            "Identity/Store/AbsenceStore.swift",
            "SELECT area, id, staff, deputy, from_on, to_on FROM absence WHERE moved_at"
        ),
        // How queues stand over all areas, for the operator's figures.
        ("Workflow/Store/Outbox.swift", "SELECT CAST(COALESCE(SUM(CASE WHEN dead_at IS NULL THEN 1"),
        ("Workflow/Store/TimerStore.swift", "SELECT COUNT(*), MIN(next_at) FROM timer WHERE next_at"),
        ("Workflow/Store/AnchorStore.swift", "SELECT COUNT(*) FROM forgotten WHERE told = 0"),
        ("Catalogue/Store/ImportStaging.swift", "SELECT COUNT(*), MIN(at) FROM import_staging WHERE running_at"),
        // So do sweeps of what ran out.
        ("Cases/Store/CasesStore.swift", "SELECT area, id FROM case_row WHERE forget_at"),
        ("Packages/Store/PackagesStore.swift", "SELECT area, id FROM package_row WHERE forget_at"),
        ("Cases/Store/DraftStore.swift", "SELECT area, id FROM draft WHERE expires_at"),
        (
            "Cases/Store/DraftStore.swift",
            "SELECT area, id, owner, bucket, item, expires_at FROM draft WHERE expires_at"
        ),
        ("Cases/Store/IdempotencyStore.swift", "SELECT DISTINCT area FROM idempotency"),
        ("Documents/Store/DocumentsStore.swift", "SELECT area, id, address FROM stored_file WHERE attached"),
        // The same bytes may not lie under two names, whatever the area.
        ("Documents/Store/DocumentsStore.swift", "SELECT address FROM stored_file WHERE address IN"),
        ("Documents/Store/UploadStore.swift", "SELECT area, id FROM upload WHERE expires_at"),
        ("Identity/Store/ClientStore.swift", "SELECT area, hash FROM api_token WHERE expires_at"),
        ("Identity/Store/CodeStore.swift", "SELECT area, mac, purpose, id FROM phone_code WHERE expires_at"),
        ("Identity/Store/SessionStore.swift", "SELECT area, id FROM session WHERE expires_at"),
        ("Identity/Store/StaffSessionStore.swift", "SELECT area, id FROM staff_session WHERE expires_at"),
        ("Identity/Store/StaffStore.swift", "SELECT area, id FROM staff WHERE disabled_at"),
        ("Web/KeptPosts.swift", "SELECT area, id FROM kept_post WHERE expires_at"),
        // The list outside names the forgotten of all areas.
        ("Workflow/Store/AnchorStore.swift", "SELECT area, vault FROM forgotten WHERE told = 0"),
        // Backup and restore ask for the tables there are, and try some keys.
        ("Composition/Keeping/TableCatalogue.swift", "SELECT name FROM sqlite_master"),
        ("Composition/Keeping/TableCatalogue.swift", "SELECT CAST(relname AS TEXT)"),
        ("Composition/Keeping/TableCatalogue.swift", "SELECT CAST(a.attname AS TEXT)"),
        ("Composition/Keeping/Restore.swift", "SELECT area, id, wrapped FROM vault ORDER BY"),
        // Which areas there are.
        ("Identity/Store/RetentionStore.swift", "SELECT DISTINCT area FROM staff"),
        ("Identity/Store/SittingStore.swift", "SELECT area, id FROM sitting WHERE started_at"),
        ("Directory/Store/DirectoryStore.swift", "SELECT area, name FROM area_profile"),
    ]

    @Test("Every statement binds area for the tables it touches")
    func bound() {
        var used: Set<String> = []
        var checked = 0
        for source in Tree.sources where !source.path.contains("/Migrations/") && Self.isChecked(source.path) {
            for literal in source.literals where source.constant(of: literal) == nil {
                let text = SQLConstants.expand(literal.text, in: source)
                guard Statement.looksLikeOne(text) else { continue }
                checked += 1
                guard !Statement(text).bindsArea else { continue }
                let plain = literal.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if let allowed = Self.acrossAreas.first(where: {
                    source.path.hasSuffix($0.file) && plain.hasPrefix($0.begins)
                }) {
                    used.insert(allowed.file + allowed.begins)
                } else {
                    Issue.record("\(source.path):\(literal.line): \(plain.prefix(160))")
                }
            }
        }
        #expect(checked > 150, "the statements were found")
        for allowed in Self.acrossAreas {
            #expect(used.contains(allowed.file + allowed.begins), "no longer needed: \(allowed.file) \(allowed.begins)")
        }
    }

    /// Drivers and the migrator know no areas.
    private static func isChecked(_ path: String) -> Bool {
        !["Sources/Storage", "Sources/TestKit/"].contains { path.hasPrefix($0) }
    }

    @Test(
        "The scanner tells bound statements from others",
        arguments: [
            ("SELECT a FROM task WHERE area = \\(area) AND id = \\(id)", true),
            ("SELECT a FROM task WHERE id = \\(id)", false),
            ("SELECT a FROM task t JOIN item i ON i.area = t.area AND i.id = t.item WHERE t.area = \\(area)", true),
            ("SELECT a FROM task t JOIN item i ON i.id = t.item WHERE t.area = \\(area)", false),
            ("INSERT INTO task (area, id) VALUES (\\(area), 1) ON CONFLICT (area, id) DO UPDATE SET id = 2", true),
            ("INSERT INTO task (id, area) VALUES (1, \\(area))", false), ("UPDATE task SET id = 1 WHERE id = 2", false),
            ("DELETE FROM task WHERE area = \\(area)", true), ("DELETE FROM task", false),
            ("SELECT 1 FROM task WHERE area = \\(area) AND EXISTS (SELECT 1 FROM item WHERE id = 1)", false),
            ("WITH own AS (SELECT id FROM task WHERE area = \\(area)) SELECT id FROM own", true),
            ("WITH RECURSIVE own(id, item) AS (SELECT id FROM task WHERE id = 1) SELECT id FROM own", false),
            ("WITH RECURSIVE own(id, item) AS (SELECT id FROM task WHERE area = \\(area)) SELECT id FROM own", true),
        ])
    func scanner(_ text: String, _ bound: Bool) {
        #expect(Statement.looksLikeOne(text))
        #expect(Statement(text).bindsArea == bound)
    }
}

/// Parts of statements that stand under a name, such as a list of columns: judged where they are used.
enum SQLConstants {
    private static let all: [String: [(path: String, text: String)]] = {
        var all: [String: [(path: String, text: String)]] = [:]
        for source in Tree.sources {
            for literal in source.literals {
                if let name = source.constant(of: literal) {
                    all[name, default: []].append((source.path, literal.text))
                }
            }
        }
        return all
    }()

    /// The text with the constants of its file, or of its module, in their places.
    static func expand(_ text: String, in source: SwiftSource, depth: Int = 3) -> String {
        guard depth > 0 else { return text }
        let module = source.path.split(separator: "/").prefix(3).joined(separator: "/")
        return text.replacing(/\\\((?:\w+\.)?(?<name>\w+)\)/) { match in
            guard let found = all[String(match.name)] else { return String(match.output.0) }
            let best = found.first { $0.path == source.path } ?? found.first { $0.path.hasPrefix(module) }
            return best.map { expand($0.text, in: source, depth: depth - 1) } ?? String(match.output.0)
        }
    }
}

extension SwiftSource {
    /// The name a literal is given with `let name: SQL =`, on its line or the line before.
    func constant(of literal: Literal) -> String? {
        for number in [literal.line - 1, literal.line - 2] where code.indices.contains(number) {
            if let match = code[number].firstMatch(of: /\b(?:let|var)\s+(?<name>\w+):\s*SQL\s*=\s*(?:"|$)/.plain) {
                return String(match.name)
            }
            if number == literal.line - 1, code[number].contains(/[=(,]/) { return nil }
        }
        return nil
    }
}
