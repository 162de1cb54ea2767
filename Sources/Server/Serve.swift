import ArgumentParser
import Composition
import Hummingbird
import Kernel
import Logging
import ServiceLifecycle
import Storage
import UnixSignals

/// `tongban serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves portal, desk and API until it is told to stop.")

    @OptionGroup var options: Options
    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port to listen on.") var port = 8080
    @Option(help: "Where the portal is seen from outside, such as https://tongban.example.cn; stands in QR codes.")
    var publicURL: String?
    @Flag(help: "Take the caller's address from X-Forwarded-For: only behind a proxy that sets it.") var behindProxy =
        false
    @Flag(help: "Bring the database to this program's schema first.") var migrate = false

    func run() async throws {
        Metering.bootstrap()
        guard !Restore.isUnfinished(options.configuration) else {
            throw Complaint(
                description:
                    "A restore into \(options.data) did not come to its end. Empty the folder and the database, and restore again."
            )
        }
        let house = try options.house { configuration in
            configuration.host = host
            configuration.port = port
            configuration.publicURL = publicURL ?? "http://\(host):\(port)"
            configuration.trustsProxy = behindProxy
        }
        try await explained {
            if migrate { _ = try await house.migrate() }
            let pending = try await house.pendingMigrations()
            guard pending.isEmpty else {
                throw Complaint(
                    description:
                        "The database is not up to date (\(pending.joined(separator: ", "))). Run: tongban migrate")
            }
            try await house.refuseDemoAccounts()
            let logger = house.logger
            if let behind = try await house.clockBehindJournal() {
                logger.error(
                    "the clock stands behind the newest entry of the journal; set it right", metadata: ["seconds": "\(behind)"])
            }
            let app = Application(
                router: try house.router(),
                configuration: .init(address: .hostname(host, port: port), serverName: nil),
                onServerRunning: { _ in logger.notice("listening", metadata: ["host": "\(host)", "port": "\(port)"]) },
                logger: logger)
            let group = ServiceGroup(
                configuration: .init(
                    services: [
                        .init(service: JobRunner(jobs: house.jobs, time: house.time, logger: logger)),
                        .init(service: app),
                    ],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
            await house.database.close()
        }
    }
}

/// `tongban migrate`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Brings the database to this program's schema.")
    @OptionGroup var options: Options

    func run() async throws {
        let house = try options.house()
        try await explained {
            let done = try await house.migrate()
            for name in done { note("applied \(name)") }
            print(done.isEmpty ? "The database is up to date." : "\(done.count) steps applied.")
        }
        await house.database.close()
    }
}

/// `tongban openapi`
struct DescribeAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Prints the description of the API (OpenAPI 3.1).")
    @OptionGroup var options: Options

    func run() async throws {
        let house = try options.house()
        print(try house.openAPI().canonical)
        await house.database.close()
    }
}
