import Composition
import Foundation
import Logging
import Storage
import TestKit
import Testing
import Web

/// The program put together in a folder of its own; its database is never opened for use.
struct Program {
    let house: House

    static func with<Result>(_ body: (Program) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tongban-architecture-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let house = try House(
            Configuration(data: folder), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            let result = try await body(Program(house: house))
            await house.database.close()
            return result
        } catch {
            await house.database.close()
            throw error
        }
    }
}

/// What data.md asks of every table, so that areas can lie on different machines.
@Suite("Schema")
struct SchemaTests {
    private struct Table {
        let name: String
        /// Name and type of each column.
        let columns: [(name: String, type: String)]
        let primaryKey: [String]
        let uniqueIndexes: [[String]]
        /// Columns here and there, in their order.
        let foreignKeys: [(to: String, pairs: [(String, String?)])]
    }

    private func tables() async throws -> [Table] {
        try await Program.with { program in
            try await withDatabase(.sqlite, migrations: program.house.migrations) { database in
                try await database.read { tx in
                    let names = try tx.values(
                        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migration'",
                        as: String.self)
                    return try names.map { try Self.read($0, tx) }
                }
            }
        }
    }

    private static func read(_ name: String, _ tx: Transaction) throws -> Table {
        let columns = try tx.rows(
            "SELECT name, type, pk FROM pragma_table_info(\(name)) ORDER BY cid", as: String.self, String.self, Int.self
        )
        let indexes = try tx.rows(
            "SELECT name, \"unique\" FROM pragma_index_list(\(name))", as: String.self, Int.self)
        let uniques = try indexes.filter { $0.1 == 1 }.map { index in
            try tx.values(
                "SELECT COALESCE(name, '(expression)') FROM pragma_index_info(\(index.0)) ORDER BY seqno",
                as: String.self)
        }
        let keys = try tx.rows(
            "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(\(name)) ORDER BY id, seq",
            as: Int.self,
            String.self, String.self, String?.self)
        let grouped = Dictionary(grouping: keys) { $0.0 }.values
        return Table(
            name: name, columns: columns.map { ($0.0, $0.1) },
            primaryKey: columns.filter { $0.2 > 0 }.sorted { $0.2 < $1.2 }.map { $0.0 }, uniqueIndexes: uniques,
            foreignKeys: grouped.map { rows in (to: rows[0].1, pairs: rows.map { ($0.2, $0.3) }) })
    }

    @Test("Every primary key, every unique index and every foreign key begins with the area")
    func areaFirst() async throws {
        let tables = try await tables()
        #expect(tables.count > 30)
        for table in tables {
            #expect(table.primaryKey.first == "area", "\(table.name): \(table.primaryKey)")
            for index in table.uniqueIndexes { #expect(index.first == "area", "\(table.name): \(index)") }
            for key in table.foreignKeys {
                #expect(key.pairs.first?.0 == "area", "\(table.name) → \(key.to)")
                #expect(key.pairs.first?.1 ?? "area" == "area", "\(table.name) → \(key.to)")
            }
        }
    }

    @Test("Moments are whole milliseconds, dates are text, and nothing else but text, numbers and bytes is stored")
    func types() async throws {
        for table in try await tables() {
            for column in table.columns {
                #expect(
                    ["TEXT", "BIGINT", "BYTEA", "DOUBLE PRECISION"].contains(column.type),
                    "\(table.name).\(column.name) \(column.type)")
                if column.name.hasSuffix("_at") || column.name == "at" {
                    #expect(column.type == "BIGINT", "\(table.name).\(column.name)")
                }
                if column.name.hasSuffix("_on") || column.name == "on_date" {
                    #expect(column.type == "TEXT", "\(table.name).\(column.name)")
                }
            }
            #expect(table.columns.first { $0.name == "area" }?.type == "TEXT", "\(table.name)")
        }
    }

    @Test("Migrations bear their module's name and a number of their own, in order")
    func migrations() async throws {
        try await Program.with { program in
            for module in program.house.modules {
                let names = module.migrations.map(\.name)
                #expect(names.allSatisfy { $0.hasPrefix("\(module.name).") }, "\(names)")
                #expect(names == names.sorted())
            }
            let all = program.house.migrations.map(\.name)
            #expect(Set(all).count == all.count)
        }
    }
}
