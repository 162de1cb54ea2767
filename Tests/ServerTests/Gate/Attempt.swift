import Composition
import Foundation
import HTTPTypes
import Kernel
import Storage
import TestKit
import Testing
import Web

/// A route asked by a caller, with whatever it takes that only a matter of rights can refuse it: the right kind of body, fields
/// that say what the act needs, and a token of the caller's own.
struct Attempt {
    let cast: Cast
    let entry: RouteEntry
    let caller: Caller
    /// Sent instead of the caller's own token; empty: none is sent.
    var forged: String?
    /// Fields beside those that the act asks for.
    var more: [String: String] = [:]

    /// - Parameter area: where the caller is asked to be somebody, the one of the address.
    func send(to address: String, ticket: String = "", area: String = Office.area) async throws -> Client.Answer {
        let client = try cast.client(caller)
        var headers: HTTPFields = [.accept: entry.isAPI ? "application/json" : "text/html"]
        if let bearer = cast.bearer(caller) { headers[.authorization] = "Bearer \(bearer)" }
        guard entry.method != .get else { return try await client.send(.get, address, [], headers) }
        let own = try await cast.token(caller, atDesk: entry.isOfDesk, area: area)
        let token = forged ?? own
        var fields = Self.fields.merging(more) { own, _ in own }.merging(Self.own[entry.pattern] ?? [:]) { $1 }
        let body: [UInt8]
        if entry.isAPI, !entry.streams {
            let json: [String: JSON] = [
                "truth": true, "grade": "satisfied", "answers": [:], "values": [:],
                "points": [["target": "other", "subject": "x", "problem": "x", "fix": "x"]],
            ]
            body = Array(JSON.object(json.merging(fields.mapValues(JSON.string)) { $1 }).canonical.utf8)
            headers[.contentType] = "application/json"
        } else if entry.streams, !entry.pattern.hasSuffix("/uploads/:id") {
            let file =
                (entry.isAPI ? "file" : "m-attachments", "x.pdf", Array("%PDF-1.4 y".utf8))
                as (String, String?, [UInt8])
            body = multipart([("csrf", nil, Array(token.utf8)), file])
            headers[.contentType] = "multipart/form-data; boundary=b"
        } else if entry.streams {
            body = Array("%PDF-1.4 ".utf8)
            headers[.contentType] = "application/octet-stream"
            headers[try #require(HTTPField.Name("Upload-Ticket"))] = ticket
            headers[try #require(HTTPField.Name("Upload-Offset"))] = "0"
        } else {
            fields["csrf"] = token
            body = Array(
                fields.map { encodeSegment($0.key) + "=" + encodeSegment($0.value) }.joined(separator: "&").utf8)
            headers[.contentType] = "application/x-www-form-urlencoded"
        }
        if !token.isEmpty, entry.isAPI || entry.pattern.hasSuffix("/uploads/:id") {
            headers[try #require(HTTPField.Name("X-CSRF-Token"))] = token
        }
        return try await client.send(entry.method, address, body, headers)
    }

    /// What most acts ask for.
    private static let fields = [
        "reason": "x", "note": "x", "text": "x", "person": "queue", "opinion": "x", "facts": "x", "basis": "x",
        "referTo": "x", "mark": "good", "material": "attachments", "delivery": "electronic", "action": "save",
    ]

    /// What single pages ask for.
    private static let own: [String: [String: String]] = [
        "/:area/desk/admin/staff/:id": ["action": "rename", "name": "演示改名"],
        "/:area/desk/admin/posts/:id": ["action": "refuse"],
        "/:area/desk/admin/clients/:id": ["action": "revoke"],
        "/:area/desk/identities/:account": ["action": "confirm:person"],
        "/:area/desk/identities/:account/phone": ["action": "confirm"],
        "/:area/desk/account": ["action": "password", "current": "x"],
        "/:area/my/acting-for": ["action": "add"],
        "/:area/my/account/phone": ["action": "confirm"],
        "/:area/register": ["action": "send"],
        "/:area/forgot": ["action": "send"],
    ]
}

extension Client.Answer {
    /// A refusal that is no answer of the route: asked to sign in, no such page, or a failure.
    var isShut: Bool { [401, 403, 404].contains(status) || status >= 500 || asksToSignIn }

    /// The sign-in page instead of what was asked for.
    var asksToSignIn: Bool { status == 401 || (status == 303 && location?.contains("/sign-in") == true) }

    /// The text without the request's number, the address and the tokens.
    func neutral(_ address: String) -> String {
        text.replacingOccurrences(of: encodeSegment(address), with: "PLACE")
            .replacingOccurrences(of: address, with: "PLACE")
            .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "ID")
            .replacing(/name="csrf" value="[^"]{86}"/, with: "TOKEN")
    }
}
