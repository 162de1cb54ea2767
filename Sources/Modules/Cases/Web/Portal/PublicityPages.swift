import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 公示 for everybody: what is to be decided, and a form for whoever objects. It says what the office put up, and nothing
/// else of the applicant; a number that is not shown looks like none.
struct PublicityPages: Sendable {
    let cases: CasesAPI

    static let list = Path("/:area/publicity", AreaCode.self)
    static let one = Path("/:area/publicity/:number", AreaCode.self, String.self)

    func add(to routes: Routes) {
        routes.get(Self.list, requires: .open, index)
        routes.get(Self.one, requires: .open, show)
        routes.post(Self.one, requires: .open, post)
    }

    private static let fields = [
        ActField(name: "objection", kind: .words), ActField(name: "concern", kind: .line, optional: true),
        ActField(name: "objector", kind: .line), ActField(name: "contact", kind: .line),
    ]

    @Sendable func index(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        _ = try await cases.directory.profile(of: area)
        let shown = try await cases.shown(in: area, on: exchange.now.date)
        let view = View([
            "list": true, "isEmpty": shown.isEmpty,
            "rows": shown.map { one in
                View([
                    "href": Self.one.url(area, one.number), "title": one.item[exchange.language],
                    "department": one.department, "until": one.until.words(in: exchange.language),
                ])
            },
        ])
        return try await exchange.page(
            "cases.portal-publicity", title: exchange.text("cases.publicity.title"), view)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        try await page(exchange, area, number, ActInput([:]))
    }

    @Sendable func post(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let input = ActInput(exchange.form)
        let limiter = exchange.app.limiter
        try limiter.take("objection", exchange.address, limit: 10, per: 3600, at: exchange.now)
        try limiter.take(
            "objection.number", area.text + String(number.prefix(30)), limit: 60, per: 3600, at: exchange.now)
        do {
            try await cases.object(number, input, exchange.occasion(area))
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, number, input, faults: faults)
        } catch DomainError.notFound {
            return try await page(exchange, area, number, input)
        } catch let error as DomainError {
            guard case .refused = error else { throw error }
            let told = View([
                "kind": "danger", "title": exchange.text("cases.desk.notDone"), "text": exchange.reason(error),
            ])
            return try await page(exchange, area, number, input, told: told, status: .unprocessableContent)
        }
        return exchange.redirect(Self.one.url(area, number), flash: Message("cases.publicity.sent"))
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ number: String, _ input: ActInput, faults: [FieldFault] = [],
        told: View? = nil, status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        _ = try await cases.directory.profile(of: area)
        let shown = try await cases.shown(number, in: area, on: exchange.now.date)
        let view = View([
            "back": Self.list.url(area), "over": shown == nil, "sent": told,
            "shown": shown.map { one in
                View([
                    "item": one.item[exchange.language], "number": CaseNumber.grouped(one.number),
                    "department": one.department, "from": one.from.words(in: exchange.language),
                    "until": one.until.words(in: exchange.language), "text": one.text,
                    "action": Self.one.url(area, one.number),
                    "inputs": ActFields(input: input, exchange: exchange, faults: faults).views(Self.fields),
                ])
            },
        ])
        return try await exchange.page(
            "cases.portal-publicity", title: shown?.item[exchange.language] ?? exchange.text("cases.publicity.title"),
            view, faults: shown == nil ? [] : faults,
            status: status ?? (faults.isEmpty ? .ok : .unprocessableContent))
    }
}
