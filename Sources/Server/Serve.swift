import ArgumentParser
import CJemalloc
import Composition
import Hummingbird
import Kernel
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Storage
import UnixSignals

/// `tongban serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves portal, desk and API until it is told to stop.")

    @OptionGroup var options: Options
    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Port to listen on.") var port = 8080
    @Option(help: "Serve the desk on a port of its own: desk and administration then answer there and nowhere else.")
    var deskPort: Int?
    @Option(help: "Address for --desk-port, such as the one of the government network; otherwise that of --host.")
    var deskHost: String?
    @Option(help: "Where the portal is seen from outside, such as https://tongban.example.cn; stands in QR codes.")
    var publicURL: String?
    @Flag(help: "Take the caller's address from X-Forwarded-For: only behind a proxy that sets it.") var behindProxy =
        false
    @Option(help: "Connections to PostgreSQL; each does one unit of work at a time.") var connections = 8
    @Option(help: "Seconds in which requests that were begun are finished after SIGTERM.") var grace = 45
    @Flag(help: "Bring the database to this program's schema first.") var migrate = false

    func validate() throws {
        if connections < 1 { throw ValidationError("--connections is at least 1.") }
        if grace < 1 { throw ValidationError("--grace is at least 1 second.") }
        if deskHost != nil, deskPort == nil { throw ValidationError("--desk-host needs --desk-port.") }
        if let deskPort, deskPort == port, (deskHost ?? host) == host {
            throw ValidationError("--desk-port is the portal's own port.")
        }
    }

    func run() async throws {
        Ground.takeThreadsOver()
        Ground.giveMemoryBack()
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
            configuration.connections = connections
        }
        try await explained(house) {
            if migrate { _ = try await house.migrate() }
            let pending = try await house.pendingMigrations()
            guard pending.isEmpty else {
                throw Complaint(
                    description:
                        "The database is not up to date (\(pending.joined(separator: ", "))). Run: tongban migrate")
            }
            try await house.refuseDemoAccounts()
            house.declareMetrics()
            if let behind = try await house.clockBehindJournal() {
                house.logger.error(
                    "the clock stands behind the newest entry of the journal; set it right",
                    metadata: ["seconds": "\(behind)"])
            }
            var services = [try listener(house, host, port, desk: deskPort == nil)]
            if let deskPort { services.append(try listener(house, deskHost ?? host, deskPort, desk: true)) }
            // Stopped in reverse order: first no request comes in any more, then the jobs end.
            let jobs = JobRunner(jobs: house.jobs, board: house.jobBoard, time: house.time, logger: house.logger)
            var configuration = ServiceGroupConfiguration(
                services: [.init(service: jobs)] + services, gracefulShutdownSignals: [.sigterm, .sigint],
                logger: house.logger)
            configuration.maximumGracefulShutdownDuration = .seconds(grace)
            try await ServiceGroup(configuration: configuration).run()
            await house.database.close()
        }
    }

    /// Serves at an address: everything, or all but what is the desk's.
    private func listener(_ house: House, _ host: String, _ port: Int, desk: Bool) throws
        -> ServiceGroupConfiguration.ServiceConfiguration
    {
        let logger = house.logger
        let app = Application(
            router: try house.router(desk: desk),
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { _ in
                logger.notice("listening", metadata: ["host": "\(host)", "port": "\(port)", "desk": "\(desk)"])
            }, logger: logger)
        return .init(service: app)
    }
}

/// Where the server's work runs, and in what memory.
private enum Ground {
    /// Lets requests run on the threads that read and write their connections: no request changes threads but for a write. There are
    /// more threads than cores, so that one which sets a PDF holds up few.
    static func takeThreadsOver() {
        NIOSingletons.groupLoopCountSuggestion = max(4, System.coreCount * 2)
        NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
    }

    /// jemalloc stands in for the system's allocator, which took a sixth more processor time a lifecycle; what a quiet server no longer
    /// needs goes back to the system.
    static func giveMemoryBack() {
        var isOn = true
        mallctl("background_thread", nil, nil, &isOn, MemoryLayout<Bool>.size)
    }
}

/// `tongban migrate`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Brings the database to this program's schema.")
    @OptionGroup var options: Options
    @Option(help: "PostgreSQL only: divide the tables made now into so many parts by hash of their area.")
    var partitions: Int?

    func validate() throws {
        if let partitions, !(1...1024).contains(partitions) {
            throw ValidationError("--partitions is between 1 and 1024.")
        }
    }

    func run() async throws {
        let house = try options.house()
        try await explained(house) {
            let done = try await house.migrate(partitions: partitions.map { Partitions($0) })
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
