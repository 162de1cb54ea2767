import Cryptography
import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Storage
import Web

/// Calls that may be sent again: with the header `Idempotency-Key` the same call gets the same answer, and happens
/// once.
struct Idempotent: Sendable {
    let cases: CasesAPI
    let exchange: Exchange
    let area: AreaCode

    private static let header = HTTPField.Name("Idempotency-Key") ?? .contentLocation

    /// Carries `act` out, or answers what it answered before.
    ///
    /// - Throws: `.invalid` for a key over 100 characters, `.conflict` where the key was used for another body or its
    ///   first call still runs.
    func run(_ body: JSON, _ act: () async throws -> (HTTPResponse.Status, JSON)) async throws -> Response {
        guard let key = exchange.request.headers[Self.header], !key.isEmpty else {
            let (status, answer) = try await act()
            return exchange.json(answer, status: status)
        }
        guard key.utf8.count <= 100 else { throw DomainError.invalid("Idempotency-Key", "cases.fault.idempotencyKey") }
        let client = caller
        let text = "\(exchange.request.method.rawValue) \(exchange.request.uri.path)\n\(body.canonical)"
        let hash = Hex.encode(Digest.sha256(Array(text.utf8)))
        let (area, now) = (area, exchange.now)
        let holder = cases.calls.holder
        let isFirst = cases.calls.enter("\(area.text) \(client) \(key)")
        defer { if isFirst { cases.calls.leave("\(area.text) \(client) \(key)") } }
        let stored = try await cases.database.write { tx in
            try IdempotencyStore.begin(
                key, client: client, bodyHash: hash, holder: holder, mayTakeOver: isFirst, area: area, at: now, tx)
        }
        if let stored {
            guard stored.bodyHash == hash else { throw DomainError.conflict(Message("cases.conflict.idempotencyKey")) }
            guard stored.status != 0 else { throw DomainError.conflict(Message("cases.conflict.underWay")) }
            return exchange.json(try JSON(parsing: stored.answer), status: HTTPResponse.Status(code: stored.status))
        }
        do {
            let (status, answer) = try await act()
            let text = answer.canonical
            try await cases.database.write { tx in
                try IdempotencyStore.finish(key, client: client, status: status.code, answer: text, area: area, tx)
            }
            return exchange.json(answer, status: status)
        } catch {
            try await cases.database.write { tx in try IdempotencyStore.release(key, client: client, area: area, tx) }
            throw error
        }
    }

    /// Keys are the caller's own: another's same key is another key.
    private var caller: String {
        switch exchange.viewer {
        case .client(let client): "client:\(client.id):\(client.resident?.account ?? "")"
        case .staff(let staff): "staff:\(staff.id)"
        case .resident(let resident): "resident:\(resident.account)"
        case .nobody: "nobody"
        }
    }
}

extension Exchange {
    /// The body as an object; an empty body is an empty one.
    func object() async throws -> JSON {
        let body = try await describedJSON(absent: [:])
        guard body.members != nil else { throw DomainError.invalid("", "web.fault.json") }
        return body
    }
}
