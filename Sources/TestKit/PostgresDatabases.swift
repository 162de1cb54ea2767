import Foundation
import Kernel
import Storage
import StoragePostgres

/// Databases on the test server: a template per list of migrations, copies of it, and their reuse after emptying.
///
/// A copy costs 120 ms, emptying a few: that decides how long hundreds of tests take.
final class PostgresDatabases: Sendable {
    static let shared = PostgresDatabases()

    private let gate = Gate(width: 6)
    private let templates = Once<String>()
    private let shelf = Shelf()

    func lend<Result>(
        _ migrations: [Migration], isolation: isolated (any _Concurrency.Actor)? = #isolation,
        _ body: (_ url: String) async throws -> Result
    ) async throws -> Result {
        guard let server = Backend.server else {
            throw StorageError.unavailable(
                "TONGBAN_TEST_POSTGRES holds no server's URL, and CI tests on PostgreSQL too")
        }
        await gate.enter()
        do {
            let key = migrations.key(.postgres)
            let name = try await take(key, migrations, server)
            let result: Result
            do { result = try await body(Self.url(server, name)) } catch {
                await putBack(name, key, server)
                throw error
            }
            await putBack(name, key, server)
            await gate.leave()
            return result
        } catch {
            await gate.leave()
            throw error
        }
    }

    private func take(_ key: String, _ migrations: [Migration], _ server: String) async throws -> String {
        if let name = await shelf.take(key) { return name }
        let shelf = shelf
        let template = try await templates.value(key) { try await Self.make(migrations, shelf.newName(), server) }
        let name = await shelf.newName()
        try await PostgresMaintenance.run(["CREATE DATABASE \(name) TEMPLATE \(template)"], url: server)
        return name
    }

    /// Empties a database for the next test, or drops it where the test changed its schema.
    private func putBack(_ name: String, _ key: String, _ server: String) async {
        do {
            try await PostgresMaintenance.run([TestCatalogue.empty], url: Self.url(server, name))
            await shelf.put(name, key)
        } catch {
            try? await PostgresMaintenance.run(["DROP DATABASE IF EXISTS \(name) WITH (FORCE)"], url: server)
        }
    }

    private static func make(_ migrations: [Migration], _ name: String, _ server: String) async throws -> String {
        // The order of texts is that of their bytes, as in SQLite.
        try await PostgresMaintenance.run(
            ["CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"], url: server)
        let database = try PostgresDatabase(url: url(server, name), connections: 1)
        try await Migrator.migrate(migrations, in: database, at: FixedTime.start)
        await database.close()
        try await PostgresMaintenance.run([TestCatalogue.sign], url: url(server, name))
        return name
    }

    /// The server's URL with another database.
    private static func url(_ server: String, _ name: String) -> String {
        guard var components = URLComponents(string: server) else { return server }
        components.path = "/\(name)"
        return components.string ?? server
    }
}

/// The names of databases, and which are free.
private actor Shelf {
    private let run = UInt32.random(in: .min ... .max)
    private var made = 0
    private var free: [String: [String]] = [:]

    func newName() -> String {
        made += 1
        return "tongban_\(String(run, radix: 16))_\(made)"
    }

    func take(_ key: String) -> String? { free[key]?.popLast() }
    func put(_ name: String, _ key: String) { free[key, default: []].append(name) }
}
