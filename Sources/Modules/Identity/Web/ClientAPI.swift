import Cryptography
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// Who: another system. Why: a token for its id and secret, and to see for whom it counts.
struct ClientAPI: Sendable {
    let identity: IdentityAPI

    /// RFC 6749, 4.4: `grant_type=client_credentials`, id and secret in the body or by Basic authentication.
    @Sendable func token(_ exchange: Exchange) async throws -> Response {
        try exchange.app.limiter.take("token", exchange.address, limit: 120, per: 600, at: exchange.now)
        let field = try await fields(exchange)
        guard field("grant_type") == "client_credentials" else { return refusal(exchange, "unsupported_grant_type") }
        let basic = Self.basic(exchange)
        guard let client = basic?.id ?? field("client_id"), let secret = basic?.secret ?? field("client_secret") else {
            return refusal(exchange, "invalid_request")
        }
        let issued: (token: String, seconds: Int64)?
        do {
            issued = try await identity.issueToken(
                client: client, secret: secret, resident: field("resident"), address: exchange.address, exchange.doing)
        } catch DomainError.forbidden {
            return refusal(exchange, "invalid_grant")
        }
        guard let issued else { return refusal(exchange, "invalid_client", status: .unauthorized) }
        return exchange.json([
            "access_token": .string(issued.token), "token_type": "Bearer", "expires_in": .int(issued.seconds),
        ])
    }

    /// Who the caller is in an area.
    @Sendable func me(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        switch exchange.viewer {
        case .nobody, .staff: throw DomainError.signInRequired
        case .resident(let viewer): return exchange.json(.object(["kind": "resident", "resident": Self.view(viewer)]))
        case .client(let client):
            return exchange.json([
                "kind": "client", "client": .string(client.id),
                "scopes": .array(client.permissions.map(\.name).sorted().map(JSON.string)),
                "areas": .array(client.areas.map(\.text).sorted().map(JSON.string)),
                "resident": client.resident.map(Self.view) ?? .null,
            ])
        }
    }

    private static func view(_ viewer: ResidentViewer) -> JSON {
        [
            "account": .string("\(viewer.bucket.text).\(viewer.account)"), "name": .string(viewer.displayName),
            "subject": .string(viewer.subject), "organisation": viewer.organisation.map(JSON.string) ?? .null,
        ]
    }

    /// A reader of the request's fields: of a form, or of JSON.
    private func fields(_ exchange: Exchange) async throws -> @Sendable (String) -> String? {
        let type = exchange.request.headers[.contentType] ?? ""
        if type.hasPrefix("application/json") {
            let json = try await exchange.json()
            return { json[$0].text }
        }
        let form = exchange.form
        return { form[$0] }
    }

    private static func basic(_ exchange: Exchange) -> (id: String, secret: String)? {
        guard let header = exchange.request.headers[.authorization], header.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(header.dropFirst(6)))
        else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// RFC 6749, 5.2.
    private func refusal(_ exchange: Exchange, _ error: String, status: HTTPResponse.Status = .badRequest) -> Response {
        exchange.json(["error": .string(error)], status: status)
    }
}
