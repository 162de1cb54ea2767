import Catalogue
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// A resident's own cases over the API.
struct OwnCasesAPI: Sendable {
    let cases: CasesAPI

    private static let list = Path("/api/v1/areas/:area/my/cases", AreaCode.self)
    private static let one = Path("/api/v1/areas/:area/my/cases/:number", AreaCode.self, String.self)
    private static let supplement = Path("/api/v1/areas/:area/my/cases/:number/supplement", AreaCode.self, String.self)
    private static let supplementFiles = Path(
        "/api/v1/areas/:area/my/cases/:number/supplement/materials/:material/files", AreaCode.self, String.self,
        String.self)
    private static let withdraw = Path("/api/v1/areas/:area/my/cases/:number/withdraw", AreaCode.self, String.self)
    private static let amend = Path("/api/v1/areas/:area/my/cases/:number/amendment", AreaCode.self, String.self)
    private static let act = Path(
        "/api/v1/areas/:area/my/cases/:number/acts/:act", AreaCode.self, String.self, String.self)
    private static let notice = Path(
        "/api/v1/areas/:area/my/cases/:number/notices/:id", AreaCode.self, String.self, String.self)
    private static let file = Path(
        "/api/v1/areas/:area/my/cases/:number/files/:file", AreaCode.self, String.self, String.self)

    func add(to routes: Routes) {
        routes.get(Self.list, requires: .resident, list)
        routes.get(Self.one, requires: .resident, show)
        routes.post(Self.supplement, requires: .resident, supplement)
        routes.post(Self.supplementFiles, requires: .resident, streams: true, receive)
        routes.post(Self.withdraw, requires: .resident, withdraw)
        routes.put(Self.amend, requires: .resident, amend)
        routes.delete(Self.amend, requires: .resident, dropAmendment)
        routes.post(Self.act, requires: .resident, act)
        routes.get(Self.notice, requires: .resident, notice)
        routes.get(Self.file, requires: .resident, file)
    }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (lines, _) = try await cases.owned(
            by: try exchange.resident(), area: area, before: try StaffCasesAPI.cursor(exchange), limit: 51)
        let names = try await cases.catalogue.names(of: Set(lines.map(\.item)), area: area)
        let words = CaseJSON(exchange)
        return exchange.json([
            "cases": .array(lines.prefix(50).map { words.line($0, name: names[$0.item]) }),
            "next": lines.count > 50 ? .string("\(lines[49].openedAt.milliseconds).\(lines[49].id)") : .null,
        ])
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        exchange.json(try await json(number, exchange, area))
    }

    private func json(_ number: String, _ exchange: Exchange, _ area: AreaCode) async throws -> JSON {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        return try CaseJSON(exchange).whole(
            opened, history: try await cases.history(of: opened), notices: try await cases.notices(of: opened),
            points: try await cases.correctionPoints(of: opened), internalLines: false)
    }

    /// Answers the correction notice: `values` of listed fields, `answers` in words by point, files uploaded before.
    @Sendable func supplement(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.resident()
        let body = try await exchange.object()
        return try await Idempotent(cases: cases, exchange: exchange, area: area).run(body) {
            var opened = try await cases.openOwn(number, area: area, viewer)
            let pairs = try DraftAPI.pairs(body["values"].members ?? [:], of: opened.listedFields)
            let kept = KeptAnswers(
                values: opened.listedValues(FormInput(pairs)),
                answers: (body["answers"].members ?? [:]).compactMapValues(\.text))
            opened = try await cases.widened(opened, by: kept, viewer, at: exchange.now)
            let files = try opened.keptFiles()
            let faults = try cases.faults(
                in: kept, files: files, of: opened, points: try await cases.correctionPoints(of: opened),
                organisation: viewer.isOrganisation, language: exchange.language, on: exchange.now.date)
            guard faults.isEmpty else { throw DomainError.invalid(faults) }
            let head = try await cases.supplement(
                number, values: kept.values, files: files, answers: kept.answers, viewer, exchange.occasion(area))
            return (.ok, CaseJSON(exchange).head(head))
        }
    }

    @Sendable func receive(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ material: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let upload = Upload(cases: cases, exchange: exchange)
        let row = try await upload.row(field: "file") { part, reader in
            try await upload.supplement(part, &reader, material, of: number, area: area, viewer)
        }
        return try DraftAPI.received(row, exchange)
    }

    /// Chooses what of an application under review is changed; `supplement` then hands the change in.
    @Sendable func amend(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let body = try await exchange.object()
        func chosen(_ name: String) -> [String] { (body[name].elements ?? []).compactMap(\.text) }
        let opened = try await cases.chooseAmendment(
            number, fields: chosen("fields"), materials: chosen("materials"), try exchange.resident(), area: area,
            at: exchange.now)
        return exchange.json([
            "points": .array(
                (opened.round?.points ?? []).map { point in
                    let words = opened.amendmentWords(point)
                    return [
                        "id": .string(point.id), "subject": .string(opened.subject(of: words, in: exchange.language)),
                    ]
                })
        ])
    }

    @Sendable func dropAmendment(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        try await cases.dropAmendment(number, try exchange.resident(), area: area)
        return Response(status: .noContent)
    }

    @Sendable func withdraw(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.resident()
        let body = try await exchange.object()
        return try await Idempotent(cases: cases, exchange: exchange, area: area).run(body) {
            let head = try await cases.withdraw(
                number, reason: body["reason"].text ?? "", viewer, exchange.occasion(area))
            return (.ok, CaseJSON(exchange).head(head))
        }
    }

    /// An act of the applicant beside the others; what is signed asks for a code first (`{"action": "code"}`).
    @Sendable func act(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ act: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let body = try await exchange.object()
        return try await Idempotent(cases: cases, exchange: exchange, area: area).run(body) {
            if body["action"].text == "code" {
                let opened = try await cases.openOwn(number, area: area, viewer)
                guard ApplicantAct.named(act)?.signs == true else { throw DomainError.notFound }
                _ = try await cases.sendSigningCode(exchange, viewer, area)
                return (.ok, CaseJSON(exchange).head(opened.head))
            }
            let head = try await cases.act(act, number, values: body, viewer, exchange.occasion(area))
            return (.ok, CaseJSON(exchange).head(head))
        }
    }

    @Sendable func notice(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws
        -> Response
    {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        let (row, reader) = try await cases.paper(id, of: opened, at: exchange.now)
        return FileResponse.make(reader, kind: .pdf, name: row.title + ".pdf", inline: false, exchange)
    }

    @Sendable func file(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws -> Response
    {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        let (name, kind, reader) = try await cases.file(id, of: opened)
        return FileResponse.make(reader, kind: kind, name: name, inline: false, exchange)
    }
}
