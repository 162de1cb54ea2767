import Kernel
import Storage
import TestKit
import Testing

@Suite("Values on their way to a database and back")
struct ValueTests {
    @Test("Every kind comes back as it went", arguments: Backend.all)
    func everyKind(backend: Backend) async throws {
        let numbers: [Int64?] = [0, -1, .max, .min, 1 << 40, nil]
        let words: [String?] = [
            "", "办事指南 🏛️ བོད་ཡིག ꆈꌠ e\u{301}", "a'b\"c\\d%_?1$2;--", String(repeating: "长", count: 9000), " ", nil,
        ]
        let bytes: [[UInt8]?] = [
            [], [0], [0, 1, 0, 255, 0], [UInt8](repeating: 0, count: 70_000), Array(0...255), nil,
        ]
        let shares: [Double?] = [0, -0.1, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, nil]
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in
                for id in numbers.indices {
                    try tx.execute(
                        """
                        INSERT INTO sample (area, id, number, words, bytes, share)
                        VALUES (\(Schema.area), \(id), \(numbers[id]), \(words[id]), \(bytes[id]), \(shares[id]))
                        """)
                }
            }
            let rows = try await database.read { tx in
                try tx.rows(
                    "SELECT number, words, bytes, share FROM sample WHERE area = \(Schema.area) ORDER BY id",
                    as: Int64?.self, String?.self, [UInt8]?.self, Double?.self
                ).map { Sample(number: $0.0, words: $0.1, bytes: $0.2, share: $0.3) }
            }
            #expect(rows.map(\.number) == numbers)
            #expect(rows.map(\.words) == words)
            #expect(rows.map(\.bytes) == bytes)
            #expect(rows.map(\.share) == shares)
            let unicode = try #require(rows[1].words)
            #expect(Array(unicode.utf8) == Array(words[1]?.utf8 ?? "".utf8))
        }
    }

    @Test("The empty text and the empty blob are not NULL", arguments: Backend.all)
    func emptiness(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in
                try tx.execute(
                    "INSERT INTO sample (area, id, words, bytes) VALUES (\(Schema.area), 1, \(""), \([UInt8]()))")
            }
            let found = try await database.read { tx in
                try tx.value(
                    """
                    SELECT count(*) FROM sample
                    WHERE area = \(Schema.area) AND words IS NOT NULL AND bytes IS NOT NULL AND number IS NULL
                    """, as: Int.self)
            }
            #expect(found == 1)
        }
    }

    @Test("Values of the kernel are kept as text and numbers", arguments: Backend.all)
    func kernelValues(backend: Backend) async throws {
        enum Thing {}
        let id = ID<Thing>(at: FixedTime.start)
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in
                try tx.execute(
                    "INSERT INTO sample (area, id, number, words) VALUES (\(Schema.area), 1, \(FixedTime.start), \(id))"
                )
            }
            let row = try await database.read { tx in
                try tx.row(
                    "SELECT words, number, area FROM sample WHERE area = \(Schema.area)", as: ID<Thing>.self,
                    Moment.self,
                    AreaCode.self
                ).map { KernelValues(id: $0.0, at: $0.1, area: $0.2.text) }
            }
            #expect(row == KernelValues(id: id, at: FixedTime.start, area: Schema.area))
        }
        struct KernelValues: Equatable, Sendable {
            let id: ID<Thing>
            let at: Moment
            let area: String
        }
    }

    @Test("A list is bound value by value, and an empty one finds nothing", arguments: Backend.all)
    func lists(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in
                for id in 1...5 { try tx.addOffice(id, code: "c\(id)") }
            }
            let (some, none) = try await database.read { tx in
                (
                    try tx.values(
                        "SELECT id FROM office WHERE area = \(Schema.area) AND id IN (\(list: [5, 2, 9])) ORDER BY id",
                        as: Int.self),
                    try tx.values(
                        "SELECT id FROM office WHERE area = \(Schema.area) AND code IN (\(list: [String]()))",
                        as: Int.self)
                )
            }
            #expect(some == [2, 5])
            #expect(none.isEmpty)
        }
    }

    @Test("Text that looks like a statement stays text", arguments: Backend.all)
    func injection(backend: Backend) async throws {
        let attack = "x'); DELETE FROM office; --"
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in try tx.addOffice(1, code: attack) }
            let codes = try await database.read { tx in
                try tx.values(
                    "SELECT code FROM office WHERE area = \(Schema.area) AND code = \(attack)", as: String.self)
            }
            #expect(codes == [attack])
        }
        #expect(throws: StorageError.self) { try SQL.name("office; DROP TABLE office") }
    }

    @Test("Sums, averages, counts and comparisons are read as the kind asked for", arguments: Backend.all)
    func derived(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in
                for (id, number) in [1_000_000_000_000, 10_000, 2, -7].enumerated() {
                    try tx.execute("INSERT INTO sample (area, id, number) VALUES (\(Schema.area), \(id), \(number))")
                }
            }
            let row = try await database.read { tx in
                try tx.row(
                    """
                    SELECT sum(number), avg(number), count(*), count(*) > 1, max(share), sum(number) * -10000
                    FROM sample WHERE area = \(Schema.area)
                    """, as: Int.self, Double.self, Int.self, Bool.self, Double?.self, Int.self
                ).map { Derived(sum: $0.0, average: $0.1, count: $0.2, many: $0.3, largest: $0.4, scaled: $0.5) }
            }
            #expect(
                row
                    == Derived(
                        sum: 1_000_000_009_995, average: 250_000_002_498.75, count: 4, many: true, largest: nil,
                        scaled: -10_000_000_099_950_000))
        }
        struct Derived: Equatable, Sendable {
            let sum: Int
            let average: Double
            let count: Int
            let many: Bool
            let largest: Double?
            let scaled: Int
        }
    }

    @Test("What one engine cannot keep is refused on both", arguments: Backend.all)
    func unstorable(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            await #expect(throws: StorageError.statement("a text with a NUL character cannot be stored")) {
                try await database.write { tx in try tx.addOffice(1, code: "a\0b") }
            }
            await #expect(throws: StorageError.statement("what is not a number cannot be stored")) {
                try await database.write { tx in
                    try tx.execute("INSERT INTO sample (area, id, share) VALUES (\(Schema.area), 1, \(Double.nan))")
                }
            }
        }
    }

    @Test("A column of another kind is a decoding error, not a guess", arguments: Backend.all)
    func wrongKind(backend: Backend) async throws {
        try await withDatabase(backend, migrations: Schema.migrations) { database in
            try await database.write { tx in try tx.addOffice(1, code: "7") }
            for statement: SQL in [
                "SELECT code FROM office WHERE area = \(Schema.area)",
                "SELECT area FROM office WHERE area = \(Schema.area)",
            ] {
                let error = await #expect(throws: StorageError.self) {
                    try await database.read { tx in try tx.value(statement, as: Int.self) }
                }
                #expect(kind(error) == "decoding")
            }
            await #expect(throws: StorageError.self) {
                try await database.read { tx in
                    try tx.rows("SELECT id FROM office WHERE area = \(Schema.area)", as: Int.self, Int.self).count
                }
            }
        }
    }

    private struct Sample: Sendable {
        let number: Int64?
        let words: String?
        let bytes: [UInt8]?
        let share: Double?
    }
}
