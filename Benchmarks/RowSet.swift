import Foundation
import Kernel
import Storage

/// The rows one act leaves, as they stand in the tables: what the raw database has to write to be compared.
struct RowSet: Sendable {
    struct Line: Sendable {
        let table: String
        let columns: [String]
        let values: [SQLValue]
    }

    /// One list an act, in the order of the acts.
    let acts: [[Line]]
    /// Ids that must differ in every copy.
    private let ids: Set<String>

    var count: Int { acts.reduce(0) { $0 + $1.count } }

    /// Takes what is in `after[n]` and not in `after[n - 1]`, by primary key.
    init(_ snapshots: [Snapshot]) {
        var acts: [[Line]] = []
        var ids: Set<String> = []
        for (before, after) in zip(snapshots, snapshots.dropFirst()) {
            let known = Set(before.lines.map(\.key))
            let fresh = after.lines.filter { !known.contains($0.key) }
            acts.append(fresh.map(\.line))
            for line in fresh { ids.formUnion(line.ids) }
        }
        self.acts = acts
        self.ids = ids
    }

    /// The rows of an act in their `copy`-th copy: the same lengths, other ids.
    func lines(of act: Int, copy: Int) -> [Line] {
        let mark = String(format: "%08x", copy)
        return acts[act].map { line in
            Line(
                table: line.table, columns: line.columns,
                values: line.values.map { value in
                    guard case .text(let text) = value, ids.contains(text) else { return value }
                    return .text(text.dropLast(8) + mark)
                })
        }
    }

    /// The statements of an act for pgbench, ids ending in `:mark`.
    func script() -> String {
        var text = "\\set mark random(1, 2000000000)\n"
        for act in acts {
            text += "BEGIN;\n"
            for line in act {
                let values = line.values.map { value -> String in
                    switch value {
                    case .null: "NULL"
                    case .integer(let number): String(number)
                    case .real(let number): String(number)
                    case .blob(let bytes): "'\\x" + bytes.map { String(format: "%02x", $0) }.joined() + "'::bytea"
                    case .text(let text) where ids.contains(text):
                        "'\(text.dropLast(8))' || lpad(to_hex(:mark), 8, '0')"
                    case .text(let text):
                        "'"
                            + text.replacingOccurrences(of: "'", with: "''")
                            .replacingOccurrences(of: ":", with: "'||chr(58)||'") + "'"
                    }
                }
                text +=
                    "INSERT INTO \(line.table) (\(line.columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")));\n"
            }
            text += "COMMIT;\n"
        }
        return text
    }
}

/// All rows of all tables at one moment.
struct Snapshot: Sendable {
    let lines: [(key: String, ids: [String], line: RowSet.Line)]

    /// Of the embedded engine, whose catalogue of tables is asked.
    static func take(_ database: any Database) async throws -> Snapshot {
        try await database.read { tx in
            var lines: [(String, [String], RowSet.Line)] = []
            let tables = try tx.values(
                """
                SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                AND name NOT LIKE 'item%' AND name NOT LIKE 'schema_%' ORDER BY name
                """, as: String.self)
            for table in tables { lines += try rows(of: table, tx) }
            return Snapshot(lines: lines)
        }
    }

    private static func rows(of table: String, _ tx: Transaction) throws -> [(String, [String], RowSet.Line)] {
        let columns = try tx.rows(
            "SELECT name, type, pk FROM pragma_table_info(\(table)) ORDER BY cid", as: String.self, String.self,
            Int.self
        )
        let unique = Set(
            try tx.values(
                """
                SELECT c.name FROM pragma_index_list(\(table)) AS l, pragma_index_info(l.name) AS c WHERE l."unique" = 1
                """, as: String.self))
        var names: [SQL] = []
        for column in columns { names.append(try SQL.name(column.0)) }
        var lines: [(String, [String], RowSet.Line)] = []
        try tx.forEach("SELECT \(names.joined(", ")) FROM \(try SQL.name(table))") { row in
            var values: [SQLValue] = []
            var key = table
            var ids: [String] = []
            for (place, column) in columns.enumerated() {
                let value: SQLValue =
                    switch column.1 {
                    case "TEXT": try row.value(place, as: String?.self).sqlValue
                    case "BLOB", "BYTEA": try row.value(place, as: [UInt8]?.self).sqlValue
                    case "DOUBLE PRECISION": try row.value(place, as: Double?.self).sqlValue
                    default: try row.value(place, as: Int64?.self).sqlValue
                    }
                values.append(value)
                if column.2 > 0 { key += "|\(value)" }
                if case .text(let text) = value, column.2 > 0 || unique.contains(column.0), text.utf8.count >= 16 {
                    ids.append(text)
                }
            }
            lines.append((key, ids, RowSet.Line(table: table, columns: columns.map(\.0), values: values)))
        }
        return lines
    }
}
