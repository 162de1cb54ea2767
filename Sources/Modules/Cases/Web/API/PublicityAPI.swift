import Cryptography
import Directory
import Hummingbird
import Kernel
import Web

/// 公示 over the API: what is shown, objections, and what became of them; for everybody, as the pages are.
struct PublicityAPI: Sendable {
    let cases: CasesAPI

    private static let list = Path("/api/v1/areas/:area/publicity", AreaCode.self)
    private static let one = Path("/api/v1/areas/:area/publicity/:number", AreaCode.self, String.self)
    private static let objections = Path(
        "/api/v1/areas/:area/publicity/:number/objections", AreaCode.self, String.self)
    private static let answer = Path("/api/v1/areas/:area/objections", AreaCode.self)

    func add(to routes: Routes) {
        routes.get(Self.list, requires: .open, list)
        routes.get(Self.one, requires: .open, show)
        routes.post(Self.objections, requires: .open, object)
        routes.post(Self.answer, requires: .open, look)
    }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        _ = try await cases.directory.profile(of: area)
        let shown = try await cases.shown(in: area, on: exchange.now.date)
        return exchange.json(["shown": .array(shown.map { json($0, exchange) })])
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        guard let shown = try await cases.shown(number, in: area, on: exchange.now.date) else {
            throw DomainError.notFound
        }
        return exchange.json(json(shown, exchange))
    }

    private func json(_ shown: Shown, _ exchange: Exchange) -> JSON {
        [
            "number": .string(shown.number), "itemName": .string(shown.item[exchange.language]),
            "departmentName": .string(shown.department), "from": .string(shown.from.description),
            "until": .string(shown.until.description), "text": .string(shown.text),
        ]
    }

    @Sendable func object(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let body = try await exchange.object()
        try PublicityPages.limit(exchange, area, number)
        let given = try await cases.object(number, ActInput(body), exchange.occasion(area))
        return exchange.json(
            ["number": .string(given.number), "code": .string(given.code.description)], status: .created)
    }

    /// Number and code come in the body: an address is written down in many places.
    @Sendable func look(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let body = try await exchange.object()
        let number = body["number"].text ?? ""
        try PublicityPages.limitLooks(exchange, area, number)
        guard let found = try await cases.objection(number, code: body["code"].text ?? "", area: area) else {
            throw DomainError.notFound
        }
        return exchange.json([
            "number": .string(found.number.text), "itemName": .string(found.item[exchange.language]),
            "departmentName": .string(found.department), "at": .string(found.at.description),
            "answeredAt": found.resolvedAt.map { .string($0.description) } ?? .null,
            "upheld": found.upheld.map { .bool($0) } ?? .null, "answer": found.answer.map { .string($0) } ?? .null,
        ])
    }
}
