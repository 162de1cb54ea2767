import Storage
import TestKit
import Testing

@Suite("Loading many rows")
struct LoadTests {
    private static let columns = ["area", "id", "number", "bytes", "share"]

    private func withTable<Result: Sendable>(
        _ backend: Backend, _ body: @Sendable (any Database) async throws -> Result
    ) async throws -> Result {
        let migration = Migration(
            "load.001",
            [
                """
                CREATE TABLE loaded (
                    area TEXT NOT NULL, id TEXT NOT NULL, number BIGINT, bytes BYTEA, share DOUBLE PRECISION,
                    PRIMARY KEY (area, id))
                """
            ])
        return try await withDatabase(backend, migrations: [migration], body)
    }

    @Test("Every value comes back as it went", arguments: Backend.all)
    func values(_ backend: Backend) async throws {
        try await withTable(backend) { database in
            let odd = ["", "\\", "\\N", "\\.", "a\tb\nc\rd", "\u{1}\u{7F}", "'\"", "中文，𠮷", "\\x41"]
            var rows: [[SQLValue]] = odd.enumerated().map { index, text in
                [
                    .text("a"), .text("\(index)\(text)"),
                    index % 2 == 0 ? .null(.integer) : .integer(.min + Int64(index)),
                    .blob([UInt8](0...255) + Array(text.utf8)), .real(index == 0 ? 0.1 : -1e-300 * Double(index)),
                ]
            }
            rows.append([.text("a"), .text("none"), .null(.integer), .null(.blob), .null(.real)])
            rows.append([.text("a"), .text("empty"), .integer(.max), .blob([]), .real(1e300)])
            let wanted = rows.sorted { Self.id($0).lexicographicallyPrecedes(Self.id($1)) }
            let sent = rows
            try await database.write { tx in
                try tx.load(sent, into: "loaded", columns: Self.columns)
                try tx.load([], into: "loaded", columns: Self.columns)
            }
            let found = try await database.read { tx in
                try tx.rows(
                    "SELECT area, id, number, bytes, share FROM loaded", as: String.self, String.self, Int64?.self,
                    [UInt8]?.self, Double?.self)
            }
            let read: [[SQLValue]] = found.map {
                [$0.0.sqlValue, $0.1.sqlValue, $0.2.sqlValue, $0.3.sqlValue, $0.4.sqlValue]
            }
            #expect(read.sorted { Self.id($0).lexicographicallyPrecedes(Self.id($1)) } == wanted)
        }
    }

    private static func id(_ row: [SQLValue]) -> [UInt8] {
        if case .text(let id) = row[1] { Array(id.utf8) } else { [] }
    }

    @Test("More rows than one message holds arrive", arguments: Backend.all)
    func many(_ backend: Backend) async throws {
        try await withTable(backend) { database in
            try await database.write { tx in
                let rows: [[SQLValue]] = (0..<5_000).map {
                    [.text("a"), .text("row-\($0)"), .integer(Int64($0)), .blob([1, 2, 3]), .null(.real)]
                }
                try tx.load(rows, into: "loaded", columns: Self.columns)
            }
            let sum = try await database.read { tx in
                try tx.value("SELECT CAST(SUM(number) AS BIGINT) FROM loaded", as: Int.self)
            }
            #expect(sum == 4_999 * 2_500)
        }
    }

    private static func row(_ id: String) -> [SQLValue] {
        [.text("a"), .text(id), .integer(1), .null(.blob), .null(.real)]
    }

    @Test("A row that is refused loses the unit, and the connection serves on", arguments: Backend.all)
    func refused(_ backend: Backend) async throws {
        try await withTable(backend) { database in
            let (twice, nul, short) = (
                [Self.row("x"), Self.row("x")], [Self.row("y"), Self.row("z\0")], [[SQLValue.text("a")]]
            )
            for rows in [twice, nul, short] {
                await #expect(throws: StorageError.self) {
                    try await database.write { tx in
                        try tx.load([Self.row("before")], into: "loaded", columns: Self.columns)
                        try tx.load(rows, into: "loaded", columns: Self.columns)
                    }
                }
            }
            do {
                try await database.write { tx in try tx.load(twice, into: "loaded", columns: Self.columns) }
                Issue.record("a key went in twice")
            } catch StorageError.uniqueViolation {}
            await #expect(throws: StorageError.self) {
                try await database.write { tx in
                    try tx.load([Self.row("q")], into: "loaded (area) VALUES ('x'); --", columns: Self.columns)
                }
            }
            let count = try await database.write { tx in
                try tx.load([Self.row("after")], into: "loaded", columns: Self.columns)
                return try tx.value("SELECT COUNT(*) FROM loaded", as: Int.self)
            }
            #expect(count == 1)
        }
    }
}
