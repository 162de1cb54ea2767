package import Cases
package import Catalogue
package import Cryptography
package import Directory
package import Documents
import Foundation
package import Hummingbird
package import Identity
package import Kernel
package import Logging
package import Notify
package import Packages
import Ratings
package import Registers
package import Storage
import StoragePostgres
import StorageSQLite
import Supervision
package import Web
import Workflow

/// The whole program, put together: explicit initialisers, no container, no global.
package struct House: Sendable {
    package let configuration: Configuration
    package let database: any Database
    package let keys: any KeyService
    package let directory: DirectoryAPI
    package let catalogue: CatalogueAPI
    package let registers: RegistersAPI
    package let identity: IdentityAPI
    package let cases: CasesAPI
    package let packages: PackagesAPI
    package let notify: NotifyAPI
    package let notices: NoticeDesk
    package let files: FileStore
    package let time: TimeSource
    package let modules: [any Module]
    package let jobBoard: JobBoard
    let gauges: QueueGauges
    package let context: AppContext
    package let logger: Logger

    /// Opens database, keys and files and puts the modules together; changes no schema.
    ///
    /// - Parameters:
    ///   - database: given by tests; otherwise opened as the configuration says.
    ///   - registerSources: systems of departments that answer for their registers in place of the lists kept here.
    ///   - remoteCheck: the province's service for people who are not there; nil: a video that an officer compares.
    ///   - pages: those of another house of this process, to be read and parsed once.
    /// - Throws: `BootError` and what database, key file or templates have to say.
    package init(
        _ configuration: Configuration, time given: TimeSource? = nil, logger: Logger,
        database opened: (any Database)? = nil,
        identitySettings: IdentitySettings? = nil, registerSources: [String: any RegisterSource] = [:],
        pages known: PageLibrary? = nil, remoteCheck: (any RemoteIdentityCheck)? = nil
    ) throws {
        try SelfCheck.run()
        try FileManager.default.createDirectory(
            at: configuration.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let slow = SlowStatements()
        let database = WatchedDatabase(try opened ?? Self.open(configuration), slow: slow, and: [StatementMeter()])
        let steady = given == nil ? SteadyTime() : nil
        let time = given ?? steady?.source ?? .system
        let keys = try LocalKeyService(path: configuration.data.appendingPathComponent("keys").path)
        let vaults = Vaults(keys: keys)
        let files = try FileStore(folder: configuration.data.appendingPathComponent("files"))
        let directory = DirectoryAPI(database: database, time: time)
        let catalogue = CatalogueAPI(database: database, time: time)
        let packageDesk = PackageDesk(catalogue: catalogue)
        let identity = IdentityAPI(
            database: database, vaults: vaults, time: time,
            settings: identitySettings ?? IdentitySettings(demo: configuration.demo),
            tasks: CaseTaskMover(catalogue: catalogue, packages: packageDesk))
        let registers = RegistersAPI(
            database: database, vaults: vaults, catalogue: catalogue, directory: directory, identity: identity,
            time: time, sources: registerSources)
        let notices = NoticeDesk(
            database: database, vaults: vaults, files: files, publicURL: configuration.publicURL,
            demo: configuration.demo)
        let settings = WebSettings(
            demo: configuration.demo, publicURL: configuration.publicURL, trustsProxy: configuration.trustsProxy,
            files: configuration.data.appendingPathComponent("files"))
        let cases = CasesAPI(
            database: database, time: time, vaults: vaults, catalogue: catalogue, directory: directory,
            identity: identity,
            notices: notices, files: files, uploadLimit: settings.uploadLimit, packages: packageDesk,
            registers: registers, publicURL: configuration.publicURL, remoteCheck: remoteCheck ?? VideoIdentityCheck())
        let packages = PackagesAPI(cases: cases, desk: packageDesk)
        let notify = NotifyAPI(database: database, time: time)
        let timers = TimerWorker(
            database: database,
            handlers: [
                OfficeTimers<CaseProcedure>(office: cases.office),
                OfficeTimers<PackageProcedure>(office: packageDesk.office),
            ],
            logger: logger)

        let jobBoard = JobBoard()
        let parts: [any Module] = [
            WorkflowModule(), DirectoryModule(directory: directory, staff: DirectoryNames(identity: identity)),
            IdentityModule(
                identity: identity, directory: directory, codes: DocumentCodes(), history: CasesCounter(cases: cases),
                ownData: [
                    OwnCases(cases: cases), OwnPackages(packages: packages),
                    OwnRatings(cases: cases, packages: packages), OwnMessages(notify: notify),
                ]),
            DocumentsModule(desk: notices),
            NotifyModule(
                notify: notify, items: CatalogueNames(catalogue: catalogue),
                adapters: [
                    try Self.sms(
                        configuration, database: database, vaults: vaults, directory: directory, time: time,
                        logger: logger),
                    LogFileAdapter(channel: "wechat", folder: configuration.outbox),
                ], files: configuration.data.appendingPathComponent("files"), slow: slow,
                jobs: jobBoard, logger: logger),
            CatalogueModule(catalogue: catalogue, directory: directory, panel: CasesPanel(cases: cases)),
            RegistersModule(registers: registers), CasesModule(cases: cases), PackagesModule(packages: packages),
            RatingsModule(cases: cases, packages: packages, database: database),
            try SupervisionModule(cases: cases),
        ]
        let gauges = QueueGauges(database: database, modules: parts)
        let modules: [any Module] =
            parts + [
                HouseModule(
                    timers: timers, database: database,
                    anchors: AnchorFiles(database: database, keys: keys, data: configuration.data), gauges: gauges)
            ]
        let pages =
            try known
            ?? PageLibrary(sources: [("web", WebResources.folder)] + modules.map { ($0.name, $0.resources) })
        let assets = try Assets(folder: WebResources.folder.appendingPathComponent("Static")) { bytes in
            Hex.encode(Digest.sha256(bytes))
        }
        context = AppContext(
            database: database, time: time, logger: logger, pages: pages, assets: assets, settings: settings,
            cookieKey: try keys.mac(Array("cookies".utf8), purpose: .forms).code, authenticator: identity,
            chrome: HouseChrome(directory: directory, notify: notify, time: time),
            readiness: Watch.readiness(database: database, data: configuration.data, clock: steady),
            suite: { keys.suite })
        self.configuration = configuration
        self.database = database
        self.keys = keys
        self.directory = directory
        self.catalogue = catalogue
        self.registers = registers
        self.identity = identity
        self.cases = cases
        self.packages = packages
        self.notify = notify
        self.notices = notices
        self.files = files
        self.time = time
        self.modules = modules
        self.gauges = gauges
        self.jobBoard = jobBoard
        self.logger = logger
    }

    /// The way of SMS that the operator chose.
    private static func sms(
        _ configuration: Configuration, database: any Database, vaults: Vaults, directory: DirectoryAPI,
        time: TimeSource, logger: Logger
    ) throws -> any MessageAdapter {
        let gateway: any SMSGateway
        switch configuration.sms {
        case .log:
            if !configuration.demo {
                logger.warning("SMS reach no phone: they are only logged. Name a gateway with --sms")
            }
            return LogFileAdapter(channel: "sms", folder: configuration.outbox)
        case .command(let path): gateway = try CommandGateway(executable: path)
        case .web(let url, let tokenFile):
            gateway = try WebGateway(url: url, tokenFile: tokenFile.map { URL(fileURLWithPath: $0) })
        }
        return try SMSAdapter(
            database: database, vaults: vaults, organs: DirectoryOrgans(directory: directory), gateway: gateway,
            time: time)
    }

    private static func open(_ configuration: Configuration) throws -> any Database {
        if let url = configuration.database {
            return try PostgresDatabase(url: url, connections: configuration.connections)
        }
        return try SQLiteDatabase(path: configuration.data.appendingPathComponent("tongban.sqlite").path)
    }

    /// Every step of the schema, in the order of the modules.
    package var migrations: [Migration] { [KeptPosts.migration] + modules.flatMap(\.migrations) }

    /// Brings the database to this program's schema; answers what was done.
    ///
    /// - Parameter partitions: how new tables are divided by their area, on PostgreSQL only.
    @discardableResult
    package func migrate(partitions: Partitions? = nil) async throws -> [String] {
        try await Migrator.migrate(migrations, in: database, at: time.now(), partitions: partitions)
    }

    /// The table of all routes.
    package var routes: Routes {
        let routes = Routes()
        for module in modules { module.addRoutes(to: routes) }
        return routes
    }

    /// Work that goes on by itself.
    package var jobs: [Jobs.Job] {
        let jobs = Jobs()
        for module in modules { module.addJobs(to: jobs) }
        return jobs.all
    }

    /// The router with everything on it, or without what is the desk's.
    ///
    /// - Throws: `BootError` where two routes are the same or the description of the API does not fit the routes.
    package func router(desk: Bool = true) throws -> Router<WebRequestContext> {
        let (routes, document) = try allRoutes()
        return try WebServer.router(routes, app: context, desk: desk, description: document)
    }

    /// Every route that is served, with those that no module has.
    package func served() throws -> [RouteEntry] { WebServer.served(try allRoutes().routes, app: context) }

    private func allRoutes() throws -> (routes: Routes, description: JSON) {
        let routes = routes
        let document = try openAPI(routes)
        routes.get(Path("/api/v1/openapi.json"), requires: .open) { exchange in exchange.json(document) }
        routes.get(Path("/metrics"), requires: .open) { exchange in try Metering.response(exchange) }
        return (routes, document)
    }

    /// The description of the API, folded from the modules.
    package func openAPI(_ routes: Routes? = nil) throws -> JSON {
        try OpenAPI.document(
            fragments: modules.map { (module: $0.name, file: $0.resources.appendingPathComponent("openapi.json")) },
            routes: (routes ?? self.routes).entries)
    }
}
