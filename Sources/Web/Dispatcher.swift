import Foundation
import HTTPTypes
package import Hummingbird
import Kernel
import Logging
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
    /// False on a listener from which the desk cannot be reached: there nobody is staff.
    let servesDesk: Bool
    private let meters = RequestMeters()

    init(app: AppContext, servesDesk: Bool = true) {
        self.app = app
        self.servesDesk = servesDesk
    }

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
            if let area = exchange.area, try await !app.chrome.knows(area) { throw DomainError.notFound }
            exchange = exchange.with(viewer: try await viewer(of: exchange, entry), form: nil)
            // Who may not come in learns no more than that there is no such page, before anything he sent is read. Who may yet
            // come in is asked to sign in, and what he typed is kept.
            let comesIn = entry.access.admits(exchange.viewer)
            guard comesIn || Self.isUnknown(exchange.viewer, entry) else { throw DomainError.notFound }
            if entry.method != .get { exchange = try await read(exchange, entry) }
            guard comesIn else { throw DomainError.signInRequired }
            if let faults = entry.contract?.faults(in: exchange.queryFields), !faults.isEmpty {
                throw DomainError.invalid(faults)
            }
            if let stamp = entry.stamp, let area = exchange.area, exchange.mayBeKept {
                response = try await exchange.kept(stamp: stamp(area)) { try await entry.handler($0, raw) }
            } else {
                response = try await entry.handler(exchange, raw)
            }
        } catch {
            response = await failure(error, exchange)
        }
        response.headers[.xRequestID] = requestID
        let elapsed = DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds
        meters.answered(entry, status: Int(response.status.code), took: Int64(elapsed))
        logger.info(
            "request",
            metadata: [
                "method": "\(entry.method.rawValue)", "route": "\(entry.pattern)", "status": "\(response.status.code)",
                "ms": "\(elapsed / 1_000_000)", "actor": "\(exchange.viewer.reference)",
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
            logger: logger, now: app.time.now(), isAPI: entry.isAPI, contract: entry.contract,
            formCookie: known ?? app.signer.nonce(),
            formCookieIsNew: known == nil, parsedForm: nil, queryFields: FormData(urlEncoded: request.uri.query ?? ""))
    }

    private static func language(of request: Request) -> Language {
        if let chosen = request.cookieValue(CookieName.language).flatMap(Language.init(rawValue:)) { return chosen }
        let accepted = (request.headers[.acceptLanguage] ?? "").split(separator: ",").first?.prefix(2).lowercased()
        return accepted == "en" ? .en : .zh
    }

    /// Reads the form; refuses what another site sent.
    private func read(_ exchange: Exchange, _ entry: RouteEntry) async throws -> Exchange {
        let request = exchange.request
        let viewer = exchange.viewer
        if !viewer.isClient, Self.isFromElsewhere(request) { throw DomainError.notFound }
        let type = (request.headers[.contentType] ?? "").lowercased()
        let isForm = type.hasPrefix("application/x-www-form-urlencoded")
        var read = exchange
        if isForm, !entry.streams {
            let form = FormData(urlEncoded: String(buffer: try await exchange.body(limit: 2 << 20)))
            read = exchange.with(viewer: viewer, form: form)
        } else if !type.isEmpty, !entry.isAPI, !entry.streams {
            throw HTTPError(.unsupportedMediaType)
        }
        if let kinds = entry.contract?.kinds, !kinds.isEmpty, !type.isEmpty, !entry.streams {
            let kind = type.prefix { $0 != ";" }.trimmed
            guard kinds.contains(kind) else { throw HTTPError(.unsupportedMediaType) }
        }
        // No other site can forge what carries a bearer token, or an API call that no cookie authenticates.
        guard !viewer.isClient, !(entry.isAPI && viewer.isNobody) else { return read }
        if let token = request.headers[Exchange.csrfHeader] {
            guard read.isCSRFToken(token) else { throw StaleToken(exchange: read) }
        } else if !(entry.streams && !entry.isAPI && type.hasPrefix("multipart/")) {
            guard read.isCSRFToken(read.form["csrf"] ?? "") else { throw StaleToken(exchange: read) }
        }
        return read
    }

    private func viewer(of exchange: Exchange, _ entry: RouteEntry) async throws -> Viewer {
        let request = exchange.request
        if entry.isAPI, let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") {
            guard
                let client = try await app.authenticator.client(
                    bearer: String(header.dropFirst(7)), area: exchange.area, address: exchange.address,
                    at: exchange.now)
            else {
                // A token that is good elsewhere has nothing here; a bad one can be taken anew.
                let elsewhere = try await app.authenticator.client(
                    bearer: String(header.dropFirst(7)), area: nil, address: exchange.address, at: exchange.now)
                throw elsewhere == nil ? DomainError.signInRequired : .notFound
            }
            return .client(client)
        }
        if exchange.isAtDesk || (entry.isAPI && entry.access.isForStaff) {
            guard let area = exchange.area, let staff = try await deskViewer(of: exchange, area) else { return .nobody }
            return .staff(staff)
        }
        if !entry.isAPI, let sitting = request.cookieValue(CookieName.counter), let area = exchange.area,
            let staff = try await deskViewer(of: exchange, area),
            let resident = try await app.authenticator.attended(cookie: sitting, by: staff, at: exchange.now)
        {
            return .resident(resident)
        }
        if let cookie = request.cookieValue(CookieName.resident),
            let resident = try await app.authenticator.resident(cookie: cookie, at: exchange.now)
        {
            return .resident(resident)
        }
        if case .residentOr = entry.access, let area = exchange.area,
            let staff = try await deskViewer(of: exchange, area)
        {
            return .staff(staff)
        }
        return .nobody
    }

    /// The member of staff whose cookie of the desk this is; nobody on a listener without a desk.
    private func deskViewer(of exchange: Exchange, _ area: AreaCode) async throws -> StaffViewer? {
        guard servesDesk, let cookie = exchange.request.cookieValue(CookieName.desk) else { return nil }
        return try await app.authenticator.staff(cookie: cookie, area: area, at: exchange.now)
    }

    /// Browsers say where a form was sent from; another site may not send one here.
    private static func isFromElsewhere(_ request: Request) -> Bool {
        if let site = request.headers[.secFetchSite] { return site != "same-origin" && site != "none" }
        return request.isFromHere == false
    }

    /// Nobody has signed in yet at this door: that can be done.
    private static func isUnknown(_ viewer: Viewer, _ entry: RouteEntry) -> Bool {
        switch entry.access {
        case .resident, .applicant, .staff, .permission, .residentOr: viewer.isNobody
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
        if let stale = error as? StaleToken, !wantsJSON, let kept = await stale.exchange.kept() { return kept }
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
        if let methods = answer.allow { response.headers[.allow] = methods }
        // RFC 9110, 15.5.2: who is asked to say who he is, is told how.
        if answer.status == .unauthorized, exchange.isAPI { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}

extension HTTPField.Name {
    static let xRequestID = HTTPField.Name("X-Request-ID") ?? .contentLocation
    static let xFrameOptions = HTTPField.Name("X-Frame-Options") ?? .contentLocation
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .contentLocation
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .contentLocation
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy") ?? .contentLocation
    static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy") ?? .contentLocation
}

/// A form whose token is missing or too old.
struct StaleToken: Error {
    let exchange: Exchange
}

extension Request {
    /// Whether the browser says that this site's own page sent it; nil where it says nothing.
    var isFromHere: Bool? {
        if let site = headers[.secFetchSite] { return site == "same-origin" }
        guard let origin = headers[.origin], let host = head.authority else { return nil }
        return origin == "http://\(host)" || origin == "https://\(host)"
    }
}

extension Access {
    var isForStaff: Bool {
        switch self {
        case .staff, .permission: true
        case .open, .resident, .applicant, .residentOr: false
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
        case .resident(let viewer):
            viewer.attendant.map { "staff:\($0) for resident:\(viewer.account)" } ?? "resident:\(viewer.account)"
        case .staff(let viewer): "staff:\(viewer.id)"
        case .client(let viewer): "client:\(viewer.id)"
        }
    }
}

extension Exchange {
    func on(_ sheet: Sheet) -> Exchange {
        var copy = self
        copy.sheet = sheet
        return copy
    }

    func with(viewer: Viewer, form: FormData?) -> Exchange {
        Exchange(
            request: request, app: app, viewer: viewer, language: language, elder: elder, area: area,
            requestID: requestID,
            address: address, logger: logger, now: now, isAPI: isAPI, contract: contract, formCookie: formCookie,
            formCookieIsNew: formCookieIsNew, parsedForm: form, queryFields: queryFields)
    }
}
