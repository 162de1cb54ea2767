import Foundation
import HTTPTypes
package import Hummingbird
package import Kernel
import Storage

/// Builds the router from the routes of the modules and what the house itself serves.
package enum WebServer {
    /// A responder ready for Hummingbird's application, or for a test that calls it in process.
    ///
    /// - Parameters:
    ///   - desk: false for a listener on which desk and administration are not there.
    ///   - description: of the API: a query or body that is not as it says is refused.
    /// - Throws: `BootError` where two routes are the same.
    package static func router(_ routes: Routes, app: AppContext, desk: Bool = true, description: JSON = [:]) throws
        -> Router<WebRequestContext>
    {
        let contract = Contract(description)
        let router = Router(context: WebRequestContext.self, options: .autoGenerateHeadEndpoints)
        let dispatcher = Dispatcher(app: app, servesDesk: desk)
        let entries = Self.served(routes, app: app)
        let served = entries.filter { desk || !$0.isOfDesk }
        router.add(middleware: HouseRules(app: app, dispatcher: dispatcher, methods: Methods(served)))
        var seen: Set<String> = []
        for var entry in entries {
            entry.contract = contract.operation(of: entry)
            let shape = entry.pattern.split(separator: "/").map { $0.hasPrefix(":") ? ":" : String($0) }.joined(
                separator: "/")
            guard seen.insert("\(entry.method.rawValue) \(shape)").inserted else {
                throw BootError("two routes \(entry.method.rawValue) \(entry.pattern)")
            }
            guard desk || !entry.isOfDesk else { continue }
            let (entry, names) = (entry, entry.names)
            router.on(RouterPath(entry.pattern), method: entry.method) { request, context in
                let raw = names.map { context.parameters.get($0) ?? "" }
                return try await dispatcher.respond(request, context, entry, raw)
            }
        }
        router.get("/static/:version/**") { request, context -> Response in
            let path = request.uri.path.split(separator: "/").dropFirst(2).joined(separator: "/")
            guard let response = app.assets.response(path) else { throw HTTPError(.notFound) }
            return response
        }
        return router
    }

    /// Every route of the router: those given, and what the house itself serves.
    package static func served(_ routes: Routes, app: AppContext) -> [RouteEntry] {
        routes.entries + House.routes(app).entries
    }

    /// Security headers on every answer, and our own pages for what the router itself refuses.
    private struct HouseRules: RouterMiddleware {
        let app: AppContext
        let dispatcher: Dispatcher
        let methods: Methods

        func handle(
            _ request: Request, context: WebRequestContext, next: (Request, WebRequestContext) async throws -> Response
        ) async throws -> Response {
            var response: Response
            do {
                if request.uri.string.utf8.count > Exchange.longestAddress { throw HTTPError(.uriTooLong) }
                response = try await next(request, context)
            } catch {
                let (entry, raw) = Self.unmatched(request, fault(error, request))
                response = try await dispatcher.respond(request, context, entry, raw)
            }
            let strict = Self.policy
            if response.headers[.contentSecurityPolicy] == nil { response.headers[.contentSecurityPolicy] = strict }
            response.headers[.xContentTypeOptions] = "nosniff"
            if response.headers[.xFrameOptions] == nil { response.headers[.xFrameOptions] = "DENY" }
            response.headers[.referrerPolicy] = "same-origin"
            response.headers[.openerPolicy] = "same-origin"
            response.headers[.permissionsPolicy] = "camera=(self), geolocation=(), microphone=()"
            if app.settings.publicURL.hasPrefix("https://") {
                response.headers[.strictTransportSecurity] = "max-age=31536000; includeSubDomains"
            }
            return response
        }

        /// An address without this method is not one that is not there.
        private func fault(_ error: any Error, _ request: Request) -> any Error {
            guard (error as? HTTPError)?.status == .notFound else { return error }
            let allowed = methods.allowed(at: request.uri.path)
            return allowed.isEmpty || allowed.contains(request.method) ? error : MethodNotAllowed(allowed: allowed)
        }

        /// Stands for all addresses without a page; the area is read from them, so that they look like those that may not be seen.
        private static func unmatched(_ request: Request, _ error: any Error) -> (RouteEntry, [String]) {
            let isAPI = request.uri.path.hasPrefix("/api/")
            let segments = request.uri.path.split(separator: "/").prefix(4).map(String.init)
            let area = isAPI ? (segments.count == 4 && segments[2] == "areas" ? segments[3] : nil) : segments.first
            let entry = RouteEntry(
                method: .get, pattern: "unmatched", access: .open, isAPI: isAPI, streams: true,
                names: area == nil ? [] : ["area"]
            ) { _, _ in throw error }
            return (entry, area.map { [$0] } ?? [])
        }

        private static let policy = [
            "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data: blob:",
            "media-src 'self'",
            "font-src 'self'",
            "connect-src 'self'", "frame-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
            "manifest-src 'self'",
        ].joined(separator: "; ")
    }
}

/// What the house itself serves: preferences, health, metrics.
private enum House {
    static func routes(_ app: AppContext) -> Routes {
        let routes = Routes()
        routes.get(Path("/healthz"), requires: .open) { _ in text("ok\n") }
        routes.get(Path("/readyz"), requires: .open) { exchange in await exchange.app.readiness.response() }
        routes.get(Path("/:area/kept", AreaCode.self), requires: .resident) { exchange, _ in
            try await exchange.keptPage()
        }
        routes.get(Path("/:area/desk/kept", AreaCode.self), requires: .staff) { exchange, _ in
            try await exchange.keptPage()
        }
        routes.get(Path("/fonts/:name", String.self), requires: .open) { _, name in try font(name) }
        routes.get(Path("/preferences"), requires: .open) { exchange in
            preferences(exchange, exchange.queryFields)
        }
        routes.post(Path("/preferences"), requires: .open) { exchange in preferences(exchange, exchange.form) }
        return routes
    }

    /// Tibetan and Yi faces from the machine's own Noto packages; Chinese needs none.
    private static func font(_ name: String) throws -> Response {
        let files = [
            "noto-serif-tibetan.ttf": "NotoSerifTibetan-Regular.ttf", "noto-sans-yi.ttf": "NotoSansYi-Regular.ttf",
        ]
        guard let file = files[name],
            let data = try? Data(contentsOf: URL(fileURLWithPath: "/usr/share/fonts/truetype/noto/\(file)"))
        else { throw DomainError.notFound }
        return Response(
            status: .ok, headers: [.contentType: "font/ttf", .cacheControl: "public, max-age=31536000, immutable"],
            body: .init(byteBuffer: .init(bytes: data)))
    }

    /// Language, elder-friendly version, shortcuts and whether an act leads on to the next task: remembered in cookies, nothing else changes.
    private static func preferences(_ exchange: Exchange, _ fields: FormData) -> Response {
        var response = exchange.redirect(fields["back"] ?? "/")
        if let language = fields["language"].flatMap(Language.init(rawValue:)) {
            response.setCookie(CookieName.language, language.rawValue, maxAge: 31_536_000)
        }
        if let elder = fields["elder"] {
            response.setCookie(CookieName.elder, elder == "1" ? "1" : "0", maxAge: 31_536_000)
        }
        if let next = fields["next"] {
            response.setCookie(CookieName.next, next == "off" ? "off" : "on", maxAge: 31_536_000)
        }
        if let keys = fields["keys"] {
            response.setCookie(CookieName.keys, keys == "off" ? "off" : "on", maxAge: 31_536_000)
        }
        return response
    }

    private static func text(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: .init(string: text)))
    }
}
