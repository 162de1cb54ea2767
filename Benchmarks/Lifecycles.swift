import Composition
import Foundation
import Kernel
import Storage

extension Measured {
    /// HTTP lifecycles against the raw engine writing the same rows.
    func lifecycles() async throws {
        let (house, people) = try await prepare("lifecycles")
        let rows = try await rowsOfOne(house, people)
        let migrations = house.migrations
        await house.database.close()
        print("\nA lifecycle is 7 acts (draft, answers, submit, accept, review, approve, complete)")
        let tables = Dictionary(grouping: rows.acts.joined(), by: \.table).map { "\($0.key) \($0.value.count)" }
        print("and leaves \(rows.count) rows: \(tables.sorted().joined(separator: ", "))")
        if engines.contains("sqlite") { try await lifecyclesOnSQLite(rows, migrations, item: people.slug) }
        guard engines.contains("postgres") else { return }
        guard let postgres else {
            return print("| PostgreSQL | not measured: TONGBAN_TEST_POSTGRES is not set | | | |")
        }
        try await lifecyclesOnPostgres(rows, postgres)
    }

    private func lifecyclesOnSQLite(_ rows: RowSet, _ migrations: [Migration], item: String) async throws {
        Table.head("Lifecycles over HTTP, SQLite with synchronous=FULL")
        let raw = try await Raw.sqlite(rows, count: cases, migrations: migrations, folder: folder)
        let (served, road) = try serve("lifecycles", item: item)
        defer { served.stop() }
        _ = try road.run(32, clients: 4)
        for clients in clients ?? [1, 16, 64] {
            let before = served.processorSeconds
            let (speed, writes) = try road.run(cases, clients: clients)
            Table.ratio("\(clients) clients, against raw serial", speed, to: raw, aim: 1)
            Table.line(
                "\(clients) clients: each write p50 / p95 / p99",
                [0.5, 0.95, 0.99].map { Table.number(Table.quantile(writes, $0) * 1000) }.joined(separator: " / ")
                    + " ms",
                "server's processor time a lifecycle",
                Table.number((served.processorSeconds - before) / Double(cases) * 1000) + " ms")
        }
        Table.line("memory after it", "\(served.peakMemory) MiB", "", "300 MiB", served.peakMemory < 300)
    }

    private func lifecyclesOnPostgres(_ rows: RowSet, _ server: String) async throws {
        let url = try newDatabase(server, "bench_program")
        let (house, people) = try await prepare("postgres", database: url)
        await house.database.close()
        let other = try newDatabase(server, "bench_raw")
        try Tool.run("sh", ["-c", "pg_dump --schema-only '\(url)' | psql -q '\(other)'"])
        Table.head("Lifecycles over HTTP, PostgreSQL, fsync on")
        let (served, road) = try serve("postgres", item: people.slug, database: url)
        defer { served.stop() }
        _ = try road.run(32, clients: 4)
        for clients in clients ?? [16, 64] {
            let raw = try Raw.pgbench(rows, url: other, clients: clients, count: cases * 2, folder: folder)
            let (speed, _) = try road.run(cases, clients: clients)
            Table.ratio("\(clients) clients, against pgbench with as many", speed, to: raw, aim: 0.5)
        }
    }

    /// A database made anew on the server.
    func newDatabase(_ server: String, _ name: String) throws -> String {
        try Tool.run("psql", ["-q", server, "-c", "DROP DATABASE IF EXISTS \(name)", "-c", "CREATE DATABASE \(name)"])
        guard let slash = server.lastIndex(of: "/") else { throw Trouble("not a URL: \(server)") }
        return server[..<slash] + "/" + name
    }

    /// What one lifecycle adds to the tables, act by act. The second is taken: the first fills caches and number blocks.
    private func rowsOfOne(_ house: House, _ people: People) async throws -> RowSet {
        try await people.lifecycle()
        let snapshots = Snapshots()
        await snapshots.add(try await Snapshot.take(house.database))
        try await people.lifecycle { await snapshots.add(try await Snapshot.take(house.database)) }
        return RowSet(await snapshots.all)
    }
}

/// Snapshots in their order.
private actor Snapshots {
    private(set) var all: [Snapshot] = []
    func add(_ snapshot: Snapshot) { all.append(snapshot) }
}
