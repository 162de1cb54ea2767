import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Web

/// Uploads in parts, for scripts. Who: a resident with a large photo and a weak signal. Why: to lose a part, not the file.
///
/// `POST uploads` with `size` begins one and answers its ticket; `POST uploads/ID` with the headers `Upload-Ticket` and `Upload-Offset`
/// adds bytes; `GET uploads/ID` says where to go on. The whole is handed in as the field `upload` of the form that else carries the file
/// (compare the IETF's draft of resumable uploads for HTTP).
struct UploadRoutes: Sendable {
    let uploads: Uploads

    private static let all = Path("/:area/my/uploads", AreaCode.self)
    private static let one = Path("/:area/my/uploads/:id", AreaCode.self, String.self)
    private static let ticket = HTTPField.Name("Upload-Ticket") ?? .cookie
    private static let offset = HTTPField.Name("Upload-Offset") ?? .cookie

    func add(to routes: Routes) {
        routes.post(Self.all, requires: .resident, begin)
        routes.get(Self.one, requires: .resident, standing)
        routes.post(Self.one, requires: .resident, streams: true, take)
    }

    @Sendable func begin(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.resident()
        try exchange.app.limiter.take("upload", viewer.account, limit: 120, per: 600, at: exchange.now)
        guard let size = Int(exchange.form.text("size")), size > 0 else {
            throw DomainError.invalid("size", "documents.fault.empty", ["name": ""])
        }
        let limit = exchange.app.settings.uploadLimit
        guard size <= limit else {
            throw DomainError.tooLarge(
                Message(
                    "documents.fault.tooLarge", ["name": exchange.form.text("name"), "limit": String(limit >> 20)]))
        }
        let ticket = try await uploads.begin(size: size, owner: viewer.account, area: area, at: exchange.now)
        var response = exchange.json(
            [
                "ticket": .string(ticket.text), "href": .string(Self.one.url(area, ticket.id)), "offset": 0,
                "part": .int(Int64(Uploads.part)),
            ], status: .created)
        response.headers[.location] = Self.one.url(area, ticket.id)
        return response
    }

    @Sendable func standing(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let row = try await uploads.standing(
            id, owner: try exchange.resident().account, area: area, at: exchange.now)
        return answer(exchange, offset: row.received, size: row.size)
    }

    @Sendable func take(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let headers = exchange.request.headers
        guard let ticket = headers[Self.ticket].flatMap(Uploads.Ticket.init), ticket.id == id else {
            throw DomainError.notFound
        }
        guard let start = headers[Self.offset].flatMap({ Int($0) }), start >= 0 else {
            throw DomainError.invalid("Upload-Offset", "web.fault.upload")
        }
        let bytes = Array(try await exchange.body(limit: Uploads.longestPart).readableBytesView)
        let received = try await uploads.add(
            bytes, from: start, to: ticket, owner: viewer.account, area: area, at: exchange.now)
        return answer(
            exchange, offset: received, size: nil, status: received >= start + bytes.count ? .ok : .conflict)
    }

    private func answer(
        _ exchange: Exchange, offset: Int, size: Int?, status: HTTPResponse.Status = .ok
    ) -> Response {
        var response = exchange.json(
            ["offset": .int(Int64(offset)), "size": size.map { .int(Int64($0)) } ?? .null], status: status)
        response.headers[Self.offset] = String(offset)
        return response
    }
}
