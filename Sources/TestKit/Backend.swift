import Foundation
package import Storage
import StoragePostgres
import StorageSQLite
import Synchronization

/// An engine that store and request tests run on: `@Test(arguments: Backend.all)`.
package enum Backend: String, CaseIterable, Sendable, CustomStringConvertible {
    case sqlite, postgres

    package var description: String { self == .sqlite ? "SQLite" : "PostgreSQL" }

    /// The engines that are there: SQLite always, PostgreSQL where `TONGBAN_TEST_POSTGRES` holds a server's URL.
    package static var available: [Backend] { server == nil ? [.sqlite] : [.sqlite, .postgres] }

    /// The engines to test on. With `CI=true` these are both, and a missing server fails the tests; elsewhere it leaves
    /// PostgreSQL out, and says so once.
    package static var all: [Backend] {
        if server != nil || ProcessInfo.processInfo.environment["CI"] == "true" { return allCases }
        let first = said.withLock { said in
            defer { said = true }
            return !said
        }
        if first {
            let line =
                "SKIPPED: tests on PostgreSQL. Start a server with Scripts/postgres.sh and set TONGBAN_TEST_POSTGRES.\n"
            FileHandle.standardError.write(Data(line.utf8))
        }
        return available
    }

    private static let said = Mutex(false)

    /// The URL of the server to make databases on; its role must be a superuser.
    package static var server: String? {
        let url = ProcessInfo.processInfo.environment["TONGBAN_TEST_POSTGRES"] ?? ""
        return url.isEmpty ? nil : url
    }
}

/// Where a test's own database is.
package enum DatabaseAddress: Sendable, Hashable {
    /// The path of a file.
    case sqlite(String)
    /// A URL.
    case postgres(String)

    /// Opens it, as a server would, with few connections.
    package func open() throws(StorageError) -> any Database {
        switch self {
        case .sqlite(let path): try SQLiteDatabase(path: path)
        case .postgres(let url): try PostgresDatabase(url: url, connections: 4)
        }
    }
}

/// Runs `body` with a database of its own, brought to the schema of `migrations`, and closes it.
@discardableResult
package func withDatabase<Result>(
    _ backend: Backend, migrations: [Migration] = [], isolation: isolated (any _Concurrency.Actor)? = #isolation,
    _ body: (any Database) async throws -> Result
) async throws -> Result {
    try await withDatabaseAddress(backend, migrations: migrations) { address in
        let database = try address.open()
        do {
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}

/// Runs `body` with the address of a database of its own, for tests that open it themselves or more than once.
///
/// Few of them are lent at a time, however many tests run at once.
@discardableResult
package func withDatabaseAddress<Result>(
    _ backend: Backend, migrations: [Migration] = [], isolation: isolated (any _Concurrency.Actor)? = #isolation,
    _ body: (DatabaseAddress) async throws -> Result
) async throws -> Result {
    switch backend {
    case .sqlite:
        try await SQLiteFiles.shared.lend(migrations) { path in try await body(.sqlite(path)) }
    case .postgres:
        try await PostgresDatabases.shared.lend(migrations) { url in try await body(.postgres(url)) }
    }
}
