package import Kernel

/// One step of the schema; never changed once released.
package struct Migration: Sendable {
    /// `appeals.001`: module and number; steps run in the order of the module list and then of this name.
    package let name: String
    /// Run one after another in one transaction.
    package let statements: [SQL]

    package init(_ name: String, _ statements: [SQL]) {
        self.name = name
        self.statements = statements
    }
}

/// Brings a database to the schema of the program.
package enum Migrator {
    /// The migrations that are not yet in the database, in order.
    ///
    /// - Throws: `StorageError.refused` where a released migration was changed or the database knows one that the program
    ///   does not (it belongs to a newer program).
    package static func pending(_ migrations: [Migration], in database: any Database) async throws -> [Migration] {
        try await database.read { tx in try hasTable(tx) ? try pending(migrations, tx) : migrations }
    }

    /// Runs what is pending, each migration in a transaction of its own; answers their names.
    ///
    /// Several programs may do this at once: one of them runs a migration, the others find it done.
    /// - Parameter partitions: divides the tables made now by their area, on PostgreSQL only.
    /// - Throws: as `pending`, and what a statement of a migration failed with; the migrations before it stay.
    @discardableResult
    package static func migrate(
        _ migrations: [Migration], in database: any Database, at moment: Moment, partitions: Partitions? = nil
    ) async throws -> [String] {
        let partitions = database.dialect == .postgres ? partitions : nil
        try await prepare(database, partitions)
        var done: [String] = []
        while true {
            let name: String? = try await database.write { tx in
                if tx.dialect == .postgres { try tx.execute("LOCK TABLE schema_migration IN EXCLUSIVE MODE") }
                guard let next = try pending(migrations, tx).first else { return nil }
                for statement in next.statements {
                    for part in partitions?.statements(for: statement) ?? [statement] { try tx.execute(part) }
                }
                try tx.execute(
                    """
                    INSERT INTO schema_migration (area, name, fingerprint, applied_at)
                    VALUES (\(home), \(next.name), \(fingerprint(next, tx.dialect)), \(moment))
                    """)
                return next.name
            }
            guard let name else { return done }
            done.append(name)
        }
    }

    private static let home = AreaCode(bucket: 0)

    /// Makes the table of migrations where it is not there. A server's role need not be allowed to make tables.
    private static func prepare(_ database: any Database, _ partitions: Partitions?) async throws {
        if try await database.read(hasTable) { return }
        let table: SQL = """
            CREATE TABLE IF NOT EXISTS schema_migration (
                area TEXT NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL, applied_at BIGINT NOT NULL,
                PRIMARY KEY (area, name))
            """
        do {
            try await database.write { tx in
                for part in partitions?.statements(for: table) ?? [table] { try tx.execute(part) }
            }
        } catch let error as StorageError {
            // PostgreSQL fails one of two that make the same table at once.
            guard try await database.read(hasTable) else { throw error }
        }
    }

    /// A fork, because each engine keeps its catalogue in its own way.
    @Sendable private static func hasTable(_ tx: Transaction) throws -> Bool {
        let table = SQL.dialect(
            sqlite: "sqlite_master WHERE type = 'table' AND name = 'schema_migration'",
            postgres: "pg_catalog.pg_class WHERE oid = to_regclass('schema_migration')")
        return try tx.value("SELECT count(*) FROM \(table)", as: Int.self) ?? 0 > 0
    }

    private static func pending(_ migrations: [Migration], _ tx: Transaction) throws -> [Migration] {
        let applied = Dictionary(
            try tx.rows(
                "SELECT name, fingerprint FROM schema_migration WHERE area = \(home)", as: String.self, String.self),
            uniquingKeysWith: { first, _ in first })
        let known = Set(migrations.map(\.name))
        if let stranger = applied.keys.sorted().first(where: { !known.contains($0) }) {
            throw StorageError.refused("the database has migration \(stranger), which this program does not know")
        }
        return try migrations.filter { migration in
            guard let seen = applied[migration.name] else { return true }
            guard seen == fingerprint(migration, tx.dialect) else {
                throw StorageError.refused("migration \(migration.name) was changed after it had been released")
            }
            return false
        }
    }

    /// FNV-1a over the rendered texts and their values: tells an edited migration from the released one, nothing more.
    private static func fingerprint(_ migration: Migration, _ dialect: SQLDialect) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for statement in migration.statements {
            let resolved = statement.resolved(for: dialect)
            let values = resolved.binds.isEmpty ? "" : "\(resolved.binds)"
            for byte in "\(resolved.text)\0\(values)\0".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return String(hash, radix: 16)
    }
}
