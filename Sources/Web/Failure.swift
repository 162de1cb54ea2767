import Cryptography
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore
import Storage

/// An error on its way to the reader: a status, a kind with texts of its own, and what the reader can do.
struct Failure {
    let domain: DomainError?
    let status: HTTPResponse.Status
    /// Part of the text keys `web.error.<kind>.title` and `.text`.
    let kind: String
    let detail: Message?
    let faults: [FieldFault]
    let retryAfter: Int?
    /// The methods that the address has, where it has not the one that was used.
    let allow: String?

    /// True for what nobody foresaw: logged, and shown as a reference number only.
    var isFault: Bool { status.code >= 500 && retryAfter == nil }

    init(_ error: any Error) {
        let raw = error
        let error = Self.domainError(error)
        domain = error
        allow = (raw as? MethodNotAllowed)?.header
        var detail: Message?
        var faults: [FieldFault] = []
        var retryAfter: Int?
        switch error {
        // What somebody may not see looks like what is not there.
        case .notFound, .forbidden: (status, kind) = (.notFound, "notFound")
        case .signInRequired: (status, kind) = (.unauthorized, "signIn")
        case .conflict(let message):
            (status, kind) = (.conflict, "conflict")
            detail = message
        case .invalid(let found):
            (status, kind) = (.unprocessableContent, "invalid")
            faults = found
        case .refused(let message):
            (status, kind) = (.unprocessableContent, "refused")
            detail = message
        case .tooMany(let seconds):
            (status, kind) = (.tooManyRequests, "tooMany")
            retryAfter = seconds
        case .tooLarge(let message):
            (status, kind) = (.contentTooLarge, "tooLarge")
            detail = message
        case .unavailable:
            (status, kind) = (.serviceUnavailable, "unavailable")
            retryAfter = 5
        case nil: (status, kind) = Self.kind(of: raw)
        }
        self.detail = detail
        self.faults = faults
        self.retryAfter = retryAfter
    }

    /// What HTTP itself finds fault with; everything else nobody foresaw.
    private static func kind(of error: any Error) -> (HTTPResponse.Status, String) {
        if error is MethodNotAllowed { return (.methodNotAllowed, "method") }
        return switch (error as? HTTPError)?.status {
        case .unsupportedMediaType: (.unsupportedMediaType, "mediaType")
        case .uriTooLong: (.uriTooLong, "tooLong")
        case let status? where status.kind == .clientError: (.badRequest, "request")
        default: (.internalServerError, "fault")
        }
    }

    private static func domainError(_ error: any Error) -> DomainError? {
        switch error {
        case let error as DomainError: return error
        case is StaleToken: return .refused(Message("web.fault.csrf"))
        // An unknown outcome too: every act may be sent again, and is then found done or done once.
        case StorageError.unavailable, StorageError.timedOut, StorageError.serialization, StorageError.unknownOutcome:
            return .unavailable
        // The disk of the files is full, failing or gone.
        case CryptographyError.file(_, _, let code) where [ENOSPC, EDQUOT, EIO, EROFS, EMFILE, ENFILE].contains(code):
            return .unavailable
        case let error as HTTPError where error.status == .contentTooLarge:
            return .tooLarge(Message("web.fault.tooLarge", ["limit": "2 MB"]))
        case let error as HTTPError where error.status == .notFound: return .notFound
        default: return nil
        }
    }

    private func arguments(_ exchange: Exchange) -> [String: String] {
        ["reference": exchange.requestID, "seconds": String(retryAfter ?? 0)]
    }

    /// `application/problem+json` (RFC 9457).
    func problem(_ exchange: Exchange) -> Response {
        var members: [String: JSON] = [
            "type": .string("about:blank"), "status": .int(Int64(status.code)),
            "title": .string(exchange.text("web.error.\(kind).title", arguments(exchange))),
            "code": .string(kind), "requestId": .string(exchange.requestID),
        ]
        if let detail {
            members["detail"] = .string(exchange.text(detail))
            members["reason"] = .string(detail.key)
        } else if case .unavailable = domain {
            members["detail"] = .string(exchange.text("web.error.unavailable.text"))
        }
        if !faults.isEmpty {
            members["errors"] = .array(
                faults.map {
                    [
                        "field": .string($0.field), "reason": .string($0.message.key),
                        "detail": .string(exchange.text($0.message)),
                    ]
                })
        }
        var response = exchange.json(.object(members), status: status)
        response.headers[.contentType] = "application/problem+json"
        return response
    }

    func page(_ exchange: Exchange) async -> Response {
        let arguments = arguments(exchange)
        let view = View([
            "title": exchange.text("web.error.\(kind).title", arguments),
            "text": detail.map { exchange.text($0) } ?? exchange.text("web.error.\(kind).text", arguments),
            "faults": faults.map { exchange.text($0.message) },
            "reference": status.code >= 500 ? exchange.requestID : nil, "status": Int(status.code),
        ])
        let template = exchange.isAtDesk && exchange.viewer.staff != nil ? "web.desk-error" : "web.error"
        let title = exchange.text("web.error.\(kind).title", arguments)
        do {
            return try await exchange.page(template, title: title, view, status: status)
        } catch {
            exchange.logger.error("error page failed", metadata: ["error": "\(error)"])
            return Exchange.html(
                "<!doctype html><meta charset=\"utf-8\"><title>\(escapeHTML(title))</title><h1>\(escapeHTML(title))</h1><p>\(escapeHTML(exchange.requestID))</p>",
                status: status)
        }
    }
}
