import Foundation
import Kernel
import Storage
import StorageSQLite

/// Files for tests: each list of migrations runs once, and each test gets a copy of what it made.
final class SQLiteFiles: Sendable {
    static let shared = SQLiteFiles()

    private let gate = Gate(width: 24)
    private let templates = Once<URL>()

    func lend<Result>(
        _ migrations: [Migration], isolation: isolated (any _Concurrency.Actor)? = #isolation,
        _ body: (_ path: String) async throws -> Result
    ) async throws -> Result {
        await gate.enter()
        do {
            let template = try await templates.value(migrations.key(.sqlite)) { try await Self.make(migrations) }
            let folder = try Self.folder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appendingPathComponent("test.sqlite")
            try FileManager.default.copyItem(at: template, to: file)
            let result = try await body(file.path)
            await gate.leave()
            return result
        } catch {
            await gate.leave()
            throw error
        }
    }

    private static func make(_ migrations: [Migration]) async throws -> URL {
        let file = try folder().appendingPathComponent("template.sqlite")
        let database = try SQLiteDatabase(path: file.path, readers: 1)
        try await Migrator.migrate(migrations, in: database, at: FixedTime.start)
        // Closing brings the log into the file, so that the file alone is the database.
        await database.close()
        return file
    }

    /// Everything of this run; removed when it ends.
    private static let home: URL = {
        atexit { try? FileManager.default.removeItem(at: SQLiteFiles.home) }
        return FileManager.default.temporaryDirectory.appendingPathComponent("tongban-tests-\(UUID().uuidString)")
    }()

    private static func folder() throws -> URL {
        let folder = home.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

extension [Migration] {
    /// Tells lists of migrations apart: their names and statements.
    func key(_ dialect: SQLDialect) -> String {
        map { migration in
            "\(migration.name)\n" + migration.statements.map { "\($0.resolved(for: dialect))" }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}
