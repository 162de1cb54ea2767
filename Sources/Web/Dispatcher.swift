import Foundation
import HTTPTypes
package import Hummingbird
import Kernel
import Logging
import Metrics
import NIOCore

/// The context Hummingbird gives a request: its core, and the caller's address.
package struct WebRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    let remoteAddress: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress
    }
}

/// Takes a request through the house: who calls, may he, what does he want, and how is it answered when it fails.
struct Dispatcher: Sendable {
    let app: AppContext

    func respond(_ request: Request, _ context: WebRequestContext, _ entry: RouteEntry, _ raw: [String]) async throws
        -> Response
    {
        let started = DispatchTime.now()
        let requestID = ID<Exchange>(at: app.time.now()).description
        var logger = app.logger
        logger[metadataKey: "request"] = "\(requestID)"
        var response: Response
        var exchange = bare(request, context, entry, raw, requestID: requestID, logger: logger)
        do {
            exchange = try await identified(exchange, entry)
            guard entry.access.admits(exchange.viewer) else {
                throw Self.isUnknown(exchange.viewer, entry) ? DomainError.signInRequired : DomainError.forbidden
            }
            response = try await entry.handler(exchange, raw)
        } catch {
            response = await failure(error, exchange)
        }
        response.headers[.xRequestID] = requestID
        let elapsed = Double(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds) / 1e9
        let labels = [
            ("method", entry.method.rawValue), ("route", entry.pattern), ("status", String(response.status.code)),
        ]
        Counter(label: "http_requests_total", dimensions: labels).increment()
        Timer(label: "http_request_duration_seconds", dimensions: [("route", entry.pattern)])
            .recordNanoseconds(Int64(elapsed * 1e9))
        logger.info(
            "request",
            metadata: [
                "method": "\(entry.method.rawValue)", "route": "\(entry.pattern)", "status": "\(response.status.code)",
                "ms": "\(Int(elapsed * 1000))", "actor": "\(exchange.viewer.reference)",
            ])
        return response
    }

    /// What a request shows before anybody was asked who it is.
    private func bare(
        _ request: Request, _ context: WebRequestContext, _ entry: RouteEntry, _ raw: [String], requestID: String,
        logger: Logger
    ) -> Exchange {
        let area = zip(entry.names, raw).first { $0.0 == "area" }.flatMap { AreaCode(pathSegment: $0.1) }
        var address = context.remoteAddress ?? "local"
        if app.settings.trustsProxy, let name = HTTPField.Name("X-Forwarded-For"), let chain = request.headers[name],
            let last = chain.split(separator: ",").last
        {
            address = last.trimmed
        }
        let known = request.cookieValue(CookieName.form)
        return Exchange(
            request: request, app: app, viewer: .nobody, language: Self.language(of: request),
            elder: request.cookieValue(CookieName.elder) == "1", area: area, requestID: requestID, address: address,
            logger: logger, now: app.time.now(), isAPI: entry.isAPI, formCookie: known ?? app.signer.nonce(),
            formCookieIsNew: known == nil, parsedForm: nil, queryFields: FormData(urlEncoded: request.uri.query ?? ""))
    }

    private static func language(of request: Request) -> Language {
        if let chosen = request.cookieValue(CookieName.language).flatMap(Language.init(rawValue:)) { return chosen }
        let accepted = (request.headers[.acceptLanguage] ?? "").split(separator: ",").first?.prefix(2).lowercased()
        return accepted == "en" ? .en : .zh
    }

    /// Finds out who calls and reads the form; refuses what another site sent.
    private func identified(_ exchange: Exchange, _ entry: RouteEntry) async throws -> Exchange {
        let request = exchange.request
        let viewer = try await self.viewer(of: exchange, entry)
        var form: FormData?
        var usesCookies = true
        if case .client = viewer { usesCookies = false }
        var signedIn = exchange.with(viewer: viewer, form: nil)
        guard entry.method != .get, entry.method != .head else { return signedIn }
        if usesCookies, Self.isFromElsewhere(request) { throw DomainError.forbidden }
        let type = request.headers[.contentType] ?? ""
        if type.hasPrefix("application/x-www-form-urlencoded"), !entry.streams {
            form = FormData(urlEncoded: String(buffer: try await exchange.body(limit: 2 << 20)))
            signedIn = exchange.with(viewer: viewer, form: form)
        }
        // An API call that no cookie authenticates cannot be forged by another site.
        let forgeable = usesCookies && !(entry.isAPI && viewer.isNobody)
        if forgeable, !(entry.streams && type.hasPrefix("multipart/")) {
            let token = request.headers[Exchange.csrfHeader] ?? form?["csrf"] ?? ""
            guard signedIn.isCSRFToken(token) else { throw DomainError.refused(Message("web.fault.csrf")) }
        } else if forgeable, let header = request.headers[Exchange.csrfHeader], !signedIn.isCSRFToken(header) {
            throw DomainError.refused(Message("web.fault.csrf"))
        }
        return signedIn
    }

    private func viewer(of exchange: Exchange, _ entry: RouteEntry) async throws -> Viewer {
        let request = exchange.request
        if entry.isAPI, let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") {
            guard
                let client = try await app.authenticator.client(
                    bearer: String(header.dropFirst(7)), area: exchange.area, address: exchange.address,
                    at: exchange.now)
            else { throw DomainError.signInRequired }
            return .client(client)
        }
        let atDesk = request.uri.path.hasPrefix(exchange.areaPath + "/desk") || (entry.isAPI && entry.access.isForStaff)
        if atDesk {
            guard let area = exchange.area, let cookie = request.cookieValue(CookieName.desk),
                let staff = try await app.authenticator.staff(cookie: cookie, area: area, at: exchange.now)
            else { return .nobody }
            return .staff(staff)
        }
        if let cookie = request.cookieValue(CookieName.resident),
            let resident = try await app.authenticator.resident(cookie: cookie, at: exchange.now)
        {
            return .resident(resident)
        }
        if case .residentOr = entry.access, let area = exchange.area, let cookie = request.cookieValue(CookieName.desk),
            let staff = try await app.authenticator.staff(cookie: cookie, area: area, at: exchange.now)
        {
            return .staff(staff)
        }
        return .nobody
    }

    /// Browsers say where a form was sent from; another site may not send one here.
    private static func isFromElsewhere(_ request: Request) -> Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name] {
            return site != "same-origin" && site != "none"
        }
        if let origin = request.headers[.origin], let host = request.head.authority {
            return origin != "http://\(host)" && origin != "https://\(host)"
        }
        return false
    }

    private static func isUnknown(_ viewer: Viewer, _ entry: RouteEntry) -> Bool {
        switch entry.access {
        case .resident: viewer.resident == nil
        case .staff, .permission: viewer.staff == nil && !viewer.isClient
        case .residentOr: viewer.isNobody
        case .open: false
        }
    }

    /// The page or problem document for an error. Never shows what went wrong inside.
    func failure(_ error: any Error, _ exchange: Exchange) async -> Response {
        let answer = Failure(error)
        if answer.isFault {
            exchange.logger.error("fault", metadata: ["error": "\(error)"])
        }
        // A script (autosave, upload) is told with 401 and asks for the sign-in itself.
        let wantsJSON = exchange.isAPI || (exchange.request.headers[.accept] ?? "").hasPrefix("application/json")
        if case .signInRequired = answer.domain, !wantsJSON, exchange.area != nil {
            return await exchange.toSignIn()
        }
        var response: Response
        if wantsJSON {
            response = answer.problem(exchange)
        } else {
            response = await answer.page(exchange)
        }
        if let seconds = answer.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }
}

extension HTTPField.Name {
    static let xRequestID = HTTPField.Name("X-Request-ID") ?? .contentLocation
    static let xFrameOptions = HTTPField.Name("X-Frame-Options") ?? .contentLocation
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .contentLocation
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy") ?? .contentLocation
    static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy") ?? .contentLocation
}

extension Access {
    var isForStaff: Bool {
        switch self {
        case .staff, .permission: true
        case .open, .resident, .residentOr: false
        }
    }
}

extension Viewer {
    var isNobody: Bool { if case .nobody = self { true } else { false } }
    var isClient: Bool { if case .client = self { true } else { false } }

    /// For logs: an id, never a name.
    var reference: String {
        switch self {
        case .nobody: "-"
        case .resident(let viewer): "resident:\(viewer.account)"
        case .staff(let viewer): "staff:\(viewer.id)"
        case .client(let viewer): "client:\(viewer.id)"
        }
    }
}

extension Exchange {
    func with(viewer: Viewer, form: FormData?) -> Exchange {
        Exchange(
            request: request, app: app, viewer: viewer, language: language, elder: elder, area: area,
            requestID: requestID,
            address: address, logger: logger, now: now, isAPI: isAPI, formCookie: formCookie,
            formCookieIsNew: formCookieIsNew, parsedForm: form, queryFields: queryFields)
    }
}
