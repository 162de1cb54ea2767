import Kernel
import Storage

/// A table as both engines describe it: columns with their kinds, and the key by which it is read in pages.
struct TableShape: Sendable {
    let name: String
    let columns: [(name: String, kind: SQLKind)]
    /// Places of the primary key's columns.
    let key: [Int]

    /// Every table in the order it was made: what refers to another stands behind it.
    static func all(_ tx: Transaction) throws -> [TableShape] {
        let tables = SQL.dialect(
            sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
            postgres: """
                SELECT CAST(relname AS TEXT) FROM pg_catalog.pg_class
                WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = current_schema()::regnamespace
                ORDER BY oid
                """)
        return try tx.values("\(tables)", as: String.self).map { try TableShape($0, tx) }
    }

    private init(_ table: String, _ tx: Transaction) throws {
        let columns: SQL =
            tx.dialect == .sqlite
            ? "SELECT name, type, pk FROM pragma_table_info(\(table)) ORDER BY cid"
            : """
            SELECT CAST(a.attname AS TEXT), upper(format_type(a.atttypid, NULL)),
                   CAST(COALESCE(array_position(CAST(i.indkey AS int2[]), a.attnum) + 1, 0) AS BIGINT)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
            LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
            WHERE c.relname = \(table) AND c.relnamespace = current_schema()::regnamespace
              AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """
        let rows = try tx.rows(columns, as: String.self, String.self, Int.self)
        let kinds: [String: SQLKind] = ["TEXT": .text, "BIGINT": .integer, "BYTEA": .blob, "DOUBLE PRECISION": .real]
        name = table
        self.columns = try rows.map { name, type, _ in
            guard let kind = kinds[type] else { throw StorageError.decoding("\(table).\(name) is of the type \(type)") }
            return (name, kind)
        }
        key = rows.indices.filter { rows[$0].2 > 0 }.sorted { rows[$0].2 < rows[$1].2 }
        guard !key.isEmpty else { throw StorageError.decoding("\(table) has no primary key") }
    }

    private func names(_ places: some Sequence<Int>) throws -> SQL {
        try places.map { try SQL.name(columns[$0].name) }.joined(", ")
    }

    /// Shows every row in the order of the key, a page at a time, so that no statement runs long.
    func forEachRow(_ tx: Transaction, _ body: ([SQLValue]) throws -> Void) throws {
        let size = 500
        let columns = try names(self.columns.indices)
        let key = try names(self.key)
        var last: [SQLValue]?
        while true {
            let values = last.map { last in [SQL](self.key.map { "\(Value(last[$0]))" }).joined(", ") }
            let after: SQL = values.map { "WHERE (\(key)) > (\($0))" } ?? ""
            var count = 0
            try tx.forEach("SELECT \(columns) FROM \(try SQL.name(name)) \(after) ORDER BY \(key) LIMIT \(size)") {
                row in
                count += 1
                let values = try read(row)
                try body(values)
                last = values
            }
            if count < size { return }
        }
    }

    private func read(_ row: borrowing Row) throws -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        for place in columns.indices {
            let value: SQLValue =
                switch columns[place].kind {
                case .integer: try row.value(place, as: Int64?.self).sqlValue
                case .text: try row.value(place, as: String?.self).sqlValue
                case .blob: try row.value(place, as: [UInt8]?.self).sqlValue
                case .real: try row.value(place, as: Double?.self).sqlValue
                }
            values.append(value)
        }
        return values
    }

    /// Puts rows in.
    func insert(_ rows: [[SQLValue]], _ tx: Transaction) throws {
        try tx.load(rows, into: name, columns: columns.map(\.name))
    }

    /// A value on its way into a statement.
    private struct Value: SQLConvertible {
        static let sqlKind = SQLKind.text
        let sqlValue: SQLValue

        init(_ value: SQLValue) { sqlValue = value }
        init(sqlValue: SQLValue) throws(StorageError) { self.sqlValue = sqlValue }
    }
}
