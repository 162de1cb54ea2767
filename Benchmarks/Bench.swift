import Composition
import Cryptography
import Foundation
import Identity
import Kernel
import Logging
import Storage
import Web

/// Speed as ratios and quantiles measured in one run on one machine, against the raw database, pgbench and nginx.
/// `make bench` prints the table; seconds differ from machine to machine, ratios far less.
///
/// Sections are named as words: `small`, `together`, `lifecycles`, `pages`, `scale`; without any, all run. The environment says how much:
/// `CASES` (lifecycles of a figure), `CLIENTS` (how many at once), `SCALE` (cases of the large database;
/// `ENGINES` and `KEEPING` as Scripts/bench.sh says), `TONGBAN_BIN` (the release program),
/// `TONGBAN_TEST_POSTGRES` (a server that keeps what it acknowledges).
@main
struct Bench {
    static let environment = ProcessInfo.processInfo.environment

    static func main() async {
        do { try await run() } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() async throws {

        let asked = Set(CommandLine.arguments.dropFirst())
        func wanted(_ section: String) -> Bool { asked.isEmpty || asked.contains(section) }
        let folder = URL(fileURLWithPath: environment["BENCH_DIR"] ?? NSTemporaryDirectory())
            .appendingPathComponent("tongban-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        guard let program = environment["TONGBAN_BIN"] else { throw Trouble("TONGBAN_BIN does not name the program") }
        let bench = Measured(
            program: program, folder: folder, postgres: environment["TONGBAN_TEST_POSTGRES"],
            cases: Int(environment["CASES"] ?? "") ?? 800, scale: Int(environment["SCALE"] ?? "") ?? 20_000)
        if wanted("small") { try await bench.small() }
        if wanted("together") { try await bench.together() }
        if wanted("lifecycles") { try await bench.lifecycles() }
        if wanted("pages") { try await bench.pages() }
        let engines = bench.engines
        if wanted("scale"), engines.contains("sqlite") { try await bench.scaled(on: "SQLite", server: nil) }
        if wanted("scale"), engines.contains("postgres"), let postgres = bench.postgres {
            try await bench.scaled(on: "PostgreSQL", server: postgres)
        }
    }
}

/// What the sections share.
struct Measured: Sendable {
    let program: String
    let folder: URL
    let postgres: String?
    let cases: Int
    let scale: Int
    /// The databases wanted: `ENGINES`.
    let engines = Bench.environment["ENGINES"] ?? "sqlite postgres"
    /// How many clients at once where only those are wanted: `CLIENTS="16 64"`.
    let clients = Bench.environment["CLIENTS"]?.split(separator: " ").compactMap { Int($0) }

    static let phones = (0..<16).map { String(format: "138%08d", 10 + $0) }

    /// A made-up number with a true check character (GB 11643).
    static func idNumber(_ number: Int) -> String {
        let body = "1101051949" + String(format: "%07d", 1_231_100 + number)
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body.compactMap(\.wholeNumberValue), weights).reduce(0) { $0 + $1.0 * $1.1 }
        return body + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
    }

    /// A data folder with the district's pack, residents, staff and one plain item to apply for.
    func prepare(_ name: String, database: String? = nil, time: TimeSource? = nil) async throws -> (
        house: House, people: People
    ) {
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let data = folder.appendingPathComponent(name)
        let house = try House(
            Configuration(data: data, database: database, demo: true), time: time, logger: logger,
            identitySettings: IdentitySettings(demo: true, scrypt: .quick))
        try await house.migrate()
        try await house.loadPacks("Packs", areas: [AreaCode("510106")].compactMap { $0 }) { _ in }
        var accounts: [ResidentViewer] = []
        for (number, phone) in Self.phones.enumerated() {
            let account = try await house.identity.createResident(
                phone: phone, name: "演示居民", idNumber: Self.idNumber(number), password: House.demoPassword)
            accounts.append(
                ResidentViewer(
                    account: account.id, bucket: account.bucket, session: "bench", displayName: "",
                    subject: account.id, organisation: nil, isOrganisation: false))
        }
        let people = try await People(house, accounts)
        try await house.seedDemo { _ in }
        return (house, people)
    }

    /// The served program on the same data, with everybody signed in.
    func serve(_ name: String, item: String, database: String? = nil) throws -> (Served, Road) {
        let served = try Served(
            program: program, data: folder.appendingPathComponent(name), database: database)
        return (
            served, try Road(port: served.port, item: item, phones: Self.phones, password: House.demoPassword)
        )
    }
}

extension Duration {
    /// The whole as seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
