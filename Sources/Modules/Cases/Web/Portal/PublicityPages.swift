import Catalogue
import Cryptography
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
    static let answer = Path("/:area/objections", AreaCode.self)

    func add(to routes: Routes) {
        routes.get(Self.list, requires: .open, index)
        routes.get(Self.one, requires: .open, show)
        routes.post(Self.one, requires: .open, post)
        routes.get(Self.answer, requires: .open, ask)
        routes.post(Self.answer, requires: .open, look)
    }

    private static let fields = [
        ActField(name: "objection", kind: .words), ActField(name: "concern", kind: .line, optional: true),
        ActField(name: "objector", kind: .line), ActField(name: "contact", kind: .line),
    ]

    @Sendable func index(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        _ = try await cases.directory.profile(of: area)
        let shown = try await cases.shown(in: area, on: exchange.now.date)
        let view = View([
            "list": true, "isEmpty": shown.isEmpty, "answer": Self.answer.url(area),
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
        try Self.limit(exchange, area, number)
        let given: (number: String, code: QueryCode)
        do {
            given = try await cases.object(number, input, exchange.occasion(area))
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
        let query = "?number=\(given.number)&code=\(given.code.text)"
        return exchange.redirect(Self.answer.url(area) + query, flash: Message("cases.publicity.sent"))
    }

    /// Somebody who objects to everything is not everybody.
    static func limit(_ exchange: Exchange, _ area: AreaCode, _ number: String) throws {
        let limiter = exchange.app.limiter
        try limiter.take("objection", exchange.address, limit: 10, per: 3600, at: exchange.now)
        try limiter.take(
            "objection.number", area.text + String(number.prefix(30)), limit: 60, per: 3600, at: exchange.now)
    }

    /// Nobody tries codes out.
    static func limitLooks(_ exchange: Exchange, _ area: AreaCode, _ number: String) throws {
        let limiter = exchange.app.limiter
        try limiter.take("objection.look", exchange.address, limit: 20, per: 600, at: exchange.now)
        if let wanted = ObjectionNumber(number) {
            try limiter.take(
                "objection.look.number", area.text + wanted.text, limit: 10, per: 600, at: exchange.now)
        }
    }

    /// The form for number and code; right after objecting both are filled in and shown, to be written down.
    @Sendable func ask(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        _ = try await cases.directory.profile(of: area)
        return try await form(exchange, area, number: exchange.query("number"), code: exchange.query("code"))
    }

    @Sendable func look(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (number, code) = (exchange.form.text("number"), exchange.form.text("code"))
        var faults: [FieldFault] = []
        if number.isEmpty { faults.append(FieldFault("number", Message("cases.fault.objectionNumber"))) }
        if code.isEmpty { faults.append(FieldFault("code", Message("cases.fault.objectionCode"))) }
        guard faults.isEmpty else { return try await form(exchange, area, number: number, code: code, faults: faults) }
        try Self.limitLooks(exchange, area, number)
        guard let found = try await cases.objection(number, code: code, area: area) else {
            let unknown = FieldFault("number", Message("cases.fault.unknownObjection"))
            return try await form(exchange, area, number: number, code: code, faults: [unknown])
        }
        let language = exchange.language
        let view = View([
            "back": Self.list.url(area),
            "found": View([
                "item": found.item[language], "number": found.number.grouped, "department": found.department,
                "at": found.at.date.words(in: language),
                "outcome": found.upheld.map { exchange.text("cases.objection.\($0 ? "upheld" : "rejected")") }
                    ?? exchange.text("cases.publicity.open"),
                "answer": found.answer, "answered": found.resolvedAt.map { $0.date.words(in: language) },
                "again": Self.answer.url(area),
            ]),
        ])
        return try await exchange.page(
            "cases.portal-objection", title: exchange.text("cases.publicity.answerTitle"), view)
    }

    private func form(
        _ exchange: Exchange, _ area: AreaCode, number: String?, code: String?, faults: [FieldFault] = []
    ) async throws -> Response {
        func field(_ name: String, _ value: String?) -> View {
            View([
                "isText": true, "id": name, "name": name, "label": exchange.text("cases.publicity.\(name)"),
                "value": value, "error": faults.first { $0.field == name }.map { exchange.text($0.message) },
                "autocomplete": "off", "spellcheckOff": true,
            ])
        }
        let shown = number.flatMap(ObjectionNumber.init).flatMap { number in
            code.flatMap { QueryCode($0) }.map { View(["number": number.grouped, "code": $0.description]) }
        }
        let view = View([
            "back": Self.list.url(area), "ask": true, "given": faults.isEmpty ? shown : nil,
            "fields": [field("number", number), field("code", code)], "action": Self.answer.url(area),
        ])
        return try await exchange.page(
            "cases.portal-objection", title: exchange.text("cases.publicity.answerTitle"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
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
