import Directory
import Hummingbird
import Kernel
import Web

/// 行政许可决定公开: what was granted, for everybody (行政许可法 art. 40), as pages and over the API.
struct DecisionPages: Sendable {
    let cases: CasesAPI

    static let list = Path("/:area/decisions", AreaCode.self)
    static let one = Path("/:area/decisions/:number", AreaCode.self, String.self)
    private static let apiList = Path("/api/v1/areas/:area/decisions", AreaCode.self)
    private static let apiOne = Path("/api/v1/areas/:area/decisions/:number", AreaCode.self, String.self)

    func add(to routes: Routes) {
        routes.get(Self.list, requires: .open, index)
        routes.get(Self.one, requires: .open, show)
        routes.get(Self.apiList, requires: .open, listJSON)
        routes.get(Self.apiOne, requires: .open, showJSON)
    }

    @Sendable func index(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (page, next) = try await cases.decisions(in: area, after: exchange.query("after"))
        let view = View([
            "list": true, "isEmpty": page.isEmpty,
            "rows": page.map { one in
                View([
                    "href": Self.one.url(area, one.number), "title": one.item[exchange.language],
                    "department": one.department, "on": one.on.words(in: exchange.language),
                ])
            }, "next": next.map { Self.list.url(area) + "?after=\($0)" },
        ])
        return try await exchange.page(
            "cases.portal-decisions", title: exchange.text("cases.decisions.title"), view)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        guard let one = try await cases.decision(number, in: area) else { throw DomainError.notFound }
        let language = exchange.language
        let view = View([
            "back": Self.list.url(area),
            "one": View([
                "item": one.item[language], "number": CaseNumber.grouped(one.number), "department": one.department,
                "holder": one.holder, "on": one.on.words(in: language), "result": one.result,
                "until": one.until.map { $0.words(in: language) } ?? exchange.text("cases.portal.case.permanent"),
                "afterwards": one.afterwards.map { exchange.text("cases.afterwards.\($0)") },
            ]),
        ])
        return try await exchange.page("cases.portal-decisions", title: one.item[language], view)
    }

    @Sendable func listJSON(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (page, next) = try await cases.decisions(in: area, after: exchange.query("after"))
        return exchange.json([
            "decisions": .array(page.map { json($0, exchange) }), "next": next.map { .string($0) } ?? .null,
        ])
    }

    @Sendable func showJSON(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        guard let one = try await cases.decision(number, in: area) else { throw DomainError.notFound }
        var members = json(one, exchange).members ?? [:]
        members["holder"] = one.holder.map { .string($0) } ?? .null
        members["result"] = one.result.map { .string($0) } ?? .null
        members["until"] = one.until.map { .string($0.description) } ?? .null
        members["afterwards"] = one.afterwards.map { .string($0) } ?? .null
        return exchange.json(.object(members))
    }

    private func json(_ one: PublicDecision, _ exchange: Exchange) -> JSON {
        [
            "number": .string(one.number), "itemName": .string(one.item[exchange.language]),
            "departmentName": .string(one.department), "on": .string(one.on.description),
        ]
    }
}
