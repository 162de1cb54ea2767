import Composition
import Foundation
import Kernel
import Storage
import StorageSQLite

/// The same rows without the program: what the database alone can do.
enum Raw {
    /// Into the same tables with the same indexes, `synchronous=FULL`, one commit an act, one after another.
    static func sqlite(_ rows: RowSet, count: Int, migrations: [Migration], folder: URL) async throws -> Double {
        let database = try SQLiteDatabase(path: folder.appendingPathComponent("raw-\(UUID().uuidString).sqlite").path)
        try await Migrator.migrate(migrations, in: database, at: Moment(milliseconds: 0))
        let started = ContinuousClock.now
        for copy in 0..<count {
            for act in rows.acts.indices {
                let lines = rows.lines(of: act, copy: copy)
                try await database.write { tx in
                    for line in lines { try tx.execute(try insert(line)) }
                }
            }
        }
        let seconds = (ContinuousClock.now - started).seconds
        await database.close()
        return Double(count) / seconds
    }

    private static func insert(_ line: RowSet.Line) throws -> SQL {
        var names: [SQL] = []
        for column in line.columns { names.append(try SQL.name(column)) }
        let values = line.values.map { value -> SQL in
            switch value {
            case .null: "NULL"
            case .integer(let number): "\(number)"
            case .text(let text): "\(text)"
            case .blob(let bytes): "\(bytes)"
            case .real(let number): "\(number)"
            }
        }
        return "INSERT INTO \(try SQL.name(line.table)) (\(names.joined(", "))) VALUES (\(values.joined(", ")))"
    }

    /// By pgbench into a database with the program's schema; answers lifecycles a second.
    static func pgbench(_ rows: RowSet, url: String, clients: Int, count: Int, folder: URL) throws -> Double {
        let script = folder.appendingPathComponent("lifecycle.sql")
        try rows.script().write(to: script, atomically: true, encoding: .utf8)
        let output = try Tool.run(
            "pgbench",
            ["-n", "-c", "\(clients)", "-j", "2", "-t", "\(max(1, count / clients))", "-f", script.path, url])
        for line in output.split(separator: "\n") where line.hasPrefix("tps = ") {
            if let speed = Double(line.dropFirst(6).prefix { $0.isNumber || $0 == "." }) { return speed }
        }
        throw Trouble("pgbench did not say how fast it was:\n\(output.suffix(500))")
    }
}

/// Another program, run to its end.
enum Tool {
    static func find(_ name: String) -> String? {
        if name.hasPrefix("/") { return name }
        let folders =
            (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/sbin", "/usr/bin"]
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// What it printed.
    ///
    /// - Throws: `Trouble` where it is not installed or ends badly.
    @discardableResult
    static func run(_ name: String, _ words: [String]) throws -> String {
        guard let path = find(name) else { throw Trouble("\(name) is not installed") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = words
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        // A thread of the runtime blocks signals, and its children would: wrk and pgbench stop by an alarm.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Trouble("\(name) failed: \(output.suffix(500))") }
        return output
    }
}
