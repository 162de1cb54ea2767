import Cases
import Catalogue
import Composition
import Cryptography
import Foundation
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Logging
import NIOCore
import NIOEmbedded
import Storage
import Synchronization
import TestKit
import Web

/// The whole program in process, with demonstration data of one area.
struct Office: Sendable {
    static let area = "510106"
    let house: House
    let time: FixedTime
    let responder: RouterResponder<WebRequestContext>

    /// Runs `body` against a fresh program on one of the engines.
    ///
    /// - Parameters:
    ///   - inEarnest: codes are sent and not shown, and the second factor is asked for.
    ///   - partitions: divides the tables by area, on PostgreSQL.
    ///   - tape: hears everything that is said to the database.
    ///   - logger: otherwise nothing is logged.
    ///   - remoteCheck: a service in the place of videos.
    static func open<Result: Sendable>(
        _ backend: Backend, areas: [String] = [area], inEarnest: Bool = false, partitions: Partitions? = nil,
        tape: Tape? = nil, logger given: Logger? = nil, remoteCheck: (any RemoteIdentityCheck)? = nil,
        _ body: @Sendable (Office) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tongban-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let time = FixedTime()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let quiet = given ?? logger
        return try await withDatabase(backend, migrations: []) { database in
            var settings = IdentitySettings(demo: !inEarnest)
            settings.scrypt = .quick
            let house = try House(
                Configuration(data: folder, demo: true), time: time.source, logger: quiet,
                database: tape.map { TapedDatabase(database, tape: $0) } ?? database, identitySettings: settings,
                remoteCheck: remoteCheck)
            if partitions != nil, backend == .postgres {
                // The template made the table of migrations whole.
                try await database.write { tx in try tx.execute("DROP TABLE schema_migration") }
            }
            try await house.migrate(partitions: partitions)
            let packs = root.appendingPathComponent("Packs").path
            try await house.loadPacks(try library.get(), from: packs, areas: areas.compactMap { AreaCode($0) }) { _ in }
            try await house.seedDemo { _ in }
            let office = Office(house: house, time: time, responder: try house.router().buildResponder())
            return try await body(office)
        }
    }

    /// Read and parsed once for all tests.
    private static let pages = Mutex<PageLibrary?>(nil)
    private static let library = Result { try PackLibrary.load(directory: root.appendingPathComponent("Packs").path) }

    /// The repository's root.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}

/// A browser without a screen: keeps cookies, fills forms with their tokens.
final class Client {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
        var location: String? { headers[.location] }
        var json: JSON? { try? JSON(parsing: text) }
    }

    private let office: Office
    private let responder: RouterResponder<WebRequestContext>
    private(set) var cookies: [String: String] = [:]

    /// - Parameter responder: another listener than the one that has everything.
    init(_ office: Office, at responder: RouterResponder<WebRequestContext>? = nil) {
        self.office = office
        self.responder = responder ?? office.responder
    }

    /// The same browser at another listener of the same host.
    func moved(to responder: RouterResponder<WebRequestContext>) -> Client {
        let client = Client(office, at: responder)
        client.cookies = cookies
        return client
    }

    /// Puts a cookie into the browser, as somebody else's page or hand might.
    func plant(_ name: String, _ value: String) { cookies[name] = value }

    /// The token of a page's forms.
    func token(of page: String) async throws -> String {
        HTMLReader(try await get(page).text).all("input").first { $0["name"] == "csrf" }?["value"] ?? ""
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.get, path, [], headers)
    }

    /// Posts fields with the token of the page the browser was on.
    func post(_ path: String, _ fields: [String: String] = [:], from page: String? = nil, headers: HTTPFields = [:])
        async throws -> Answer
    {
        var fields = fields
        if let page {
            fields["csrf"] = try await token(of: page)
        }
        let body = fields.map { encodeSegment($0.key) + "=" + encodeSegment($0.value) }.joined(separator: "&")
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await send(.post, path, Array(body.utf8), headers)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, _ body: [UInt8], _ headers: HTTPFields) async throws
        -> Answer
    {
        var headers = headers
        if !cookies.isEmpty { headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "127.0.0.1:8080", path: path, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let channel = NIOAsyncTestingChannel()
        let context = WebRequestContext(
            source: ApplicationRequestContextSource(channel: channel, logger: office.house.logger))
        let response = try await responder.respond(to: request, context: context)
        for cookie in response.headers[values: .setCookie] {
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            if cookie.contains("Max-Age=0") || pair[1].isEmpty {
                cookies[String(pair[0])] = nil
            } else {
                cookies[String(pair[0])] = String(pair[1])
            }
        }
        _ = try? await channel.finish()
        let collector = Collector()
        try await response.body.write(collector)
        return Answer(status: Int(response.status.code), headers: response.headers, body: await collector.bytes())
    }

    /// Signs in at the desk.
    func signInStaff(_ login: String, in area: String = Office.area) async throws -> Answer {
        let page = "/\(area)/desk/sign-in"
        return try await post(page, ["login": login, "password": House.demoPassword], from: page)
    }

    /// Signs in at the portal.
    func signInResident(_ phone: String, in area: String = Office.area) async throws -> Answer {
        let page = "/\(area)/sign-in"
        return try await post(page, ["phone": phone, "password": House.demoPassword], from: page)
    }

    private actor Bytes {
        var bytes: [UInt8] = []
        func add(_ more: [UInt8]) { bytes += more }
    }

    private struct Collector: ResponseBodyWriter {
        let store = Bytes()
        func write(_ buffer: ByteBuffer) async throws { await store.add(Array(buffer.readableBytesView)) }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}
        func bytes() async -> [UInt8] { await store.bytes }
    }
}
