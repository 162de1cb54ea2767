/// Where many rows go at once.
package struct LoadStatement: Sendable {
    /// Names that were checked to be names.
    package let table: String
    package let columns: [String]
    /// `INSERT INTO … VALUES (…)` for one row.
    package let insert: String

    init(_ table: String, _ columns: [String], _ dialect: SQLDialect) throws(StorageError) {
        for name in [table] + columns { _ = try SQL.name(name) }
        self.table = table
        self.columns = columns
        let mark = dialect == .sqlite ? "?" : "$"
        let places = columns.indices.map { "\(mark)\($0 + 1)" }.joined(separator: ", ")
        insert = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))"
    }
}

extension Transaction {
    /// Puts many rows into a table, in their order: SQLite takes them by one prepared statement, PostgreSQL by COPY. Triggers
    /// and constraints hold as for any INSERT.
    ///
    /// - Parameter columns: one value of each row for each, in this order.
    package func load(_ rows: [[SQLValue]], into table: String, columns: [String]) throws(StorageError) {
        let statement = try LoadStatement(table, columns, dialect)
        guard rows.allSatisfy({ $0.count == columns.count }) else {
            throw .statement("a row for \(table) has not \(columns.count) values")
        }
        if !rows.isEmpty { try runner.load(rows, statement) }
    }
}

extension StatementRunner {
    package func load(_ rows: [[SQLValue]], _ insert: LoadStatement) throws(StorageError) {
        for row in rows { _ = try execute(ResolvedSQL(text: insert.insert, binds: row)) }
    }
}
