import Foundation
import FoundationNetworking
import Hummingbird
import Kernel
import Logging
import Storage
import TestKit
import Web
import Workflow

@testable import Notify

/// The module behind a server of its own, and a browser.
struct House: Sendable {
    static let resident = "__Host-tongban=resident; __Host-tongban-form=form"
    static let `operator` = "__Host-tongban-desk=operator; __Host-tongban-form=form"
    static let clerk = "__Host-tongban-desk=clerk; __Host-tongban-form=form"

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: String
    }

    let database: any Database
    let slow: SlowStatements
    private let port: Int

    static func run(_ database: any Database, time: FixedTime, _ body: @Sendable (House) async throws -> Void)
        async throws
    {
        let files = FileManager.default.temporaryDirectory
        let slow = SlowStatements()
        let module = NotifyModule(
            notify: NotifyAPI(database: database, time: time.source), items: Names(), adapters: [],
            files: files.appendingPathComponent("tongban-none"), slow: slow, logger: quiet)
        let web = module.resources.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("tongban_Web.resources/Resources")
        let app = AppContext(
            database: database, time: time.source, logger: quiet,
            pages: try PageLibrary(sources: [("web", web), ("notify", module.resources)]),
            assets: try Assets(folder: web.appendingPathComponent("Static")) { "\($0.count)" },
            settings: WebSettings(demo: true, publicURL: "http://localhost", files: files),
            cookieKey: [UInt8](repeating: 1, count: 32), authenticator: Doors(), chrome: Frame())
        let routes = Routes()
        module.addRoutes(to: routes)
        let router = try WebServer.router(routes, app: app)
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) }, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await port in ports {
                try await body(House(database: database, slow: slow, port: port))
                break
            }
            group.cancelAll()
        }
    }

    func get(_ path: String, cookie: String? = resident) async throws -> Answer {
        try await send(path, cookie: cookie)
    }

    func post(_ form: HTMLForm, cookie: String? = resident) async throws -> Answer {
        try await send(form.action, cookie: cookie, form: form.body())
    }

    func post(_ path: String, _ fields: [String: String], cookie: String? = resident) async throws -> Answer {
        let body = fields.map { encodeSegment($0.key) + "=" + encodeSegment($0.value) }.joined(separator: "&")
        return try await send(path, cookie: cookie, form: body)
    }

    private func send(_ path: String, cookie: String?, form: String? = nil) async throws -> Answer {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpShouldHandleCookies = false
        request.setValue("zh-CN", forHTTPHeaderField: "Accept-Language")
        if let cookie { request.setValue(cookie, forHTTPHeaderField: "Cookie") }
        if let form {
            request.httpMethod = "POST"
            request.httpBody = Data(form.utf8)
            request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        }
        let session = URLSession(configuration: .ephemeral, delegate: StayHere(), delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        let headers = response.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
        return Answer(
            status: response.statusCode, headers: Dictionary(headers, uniquingKeysWith: { first, _ in first }),
            body: String(decoding: data, as: UTF8.self))
    }
}

/// Does not follow redirects.
private final class StayHere: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) { completionHandler(nil) }
}

/// One resident, one operator, one clerk.
private struct Doors: Authenticator {
    func attended(cookie: String, by staff: StaffViewer, at moment: Moment) async throws -> ResidentViewer? { nil }

    func resident(cookie: String, at moment: Moment) async throws -> ResidentViewer? {
        guard cookie == "resident" else { return nil }
        return ResidentViewer(
            account: Letters.account, bucket: Letters.bucket, session: "s", displayName: "张*", subject: Letters.account,
            organisation: nil, isOrganisation: false)
    }

    func staff(cookie: String, area: AreaCode, at moment: Moment) async throws -> StaffViewer? {
        let permissions: Set<Permission> = cookie == "operator" ? [NotifyPermissions.operations] : []
        return StaffViewer(
            id: cookie, area: area, session: "s", displayName: "演示", permissions: permissions, queues: [],
            departments: [])
    }

    func client(bearer: String, area: AreaCode?, address: String, at moment: Moment) async throws -> ClientViewer? {
        nil
    }
}

private struct Frame: ChromeSource {
    func chrome(of area: AreaCode?, for viewer: Viewer, in language: Language, database: any Database) async throws
        -> Chrome
    {
        Chrome(areaName: "成都市金牛区")
    }
}

private struct Names: ItemNames {
    func names(of slugs: Set<String>, area: AreaCode) async throws -> [String: LocalizedText] {
        slugs.contains("food-business-licence") ? ["food-business-licence": LocalizedText(zh: "食品经营许可")] : [:]
    }
}
