import Catalogue
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// Drafts over the API: for a signed-in resident, or a system that a resident allowed to act for him.
struct DraftAPI: Sendable {
    let cases: CasesAPI

    private static let begin = Path("/api/v1/areas/:area/items/:slug/drafts", AreaCode.self, String.self)
    private static let drafts = Path("/api/v1/areas/:area/my/drafts", AreaCode.self)
    private static let draft = Path("/api/v1/areas/:area/my/drafts/:id", AreaCode.self, String.self)
    private static let answers = Path("/api/v1/areas/:area/my/drafts/:id/answers", AreaCode.self, String.self)
    private static let section = Path(
        "/api/v1/areas/:area/my/drafts/:id/sections/:section", AreaCode.self, String.self, String.self)
    private static let files = Path(
        "/api/v1/areas/:area/my/drafts/:id/materials/:material/files", AreaCode.self, String.self, String.self)
    private static let file = Path(
        "/api/v1/areas/:area/my/drafts/:id/files/:file", AreaCode.self, String.self, String.self)
    private static let handler = Path("/api/v1/areas/:area/my/drafts/:id/handler", AreaCode.self, String.self)
    private static let papers = Path("/api/v1/areas/:area/my/drafts/:id/handler/files", AreaCode.self, String.self)
    private static let submit = Path("/api/v1/areas/:area/my/drafts/:id/submit", AreaCode.self, String.self)

    func add(to routes: Routes) {
        routes.post(Self.begin, requires: .resident, begin)
        routes.get(Self.drafts, requires: .resident, list)
        routes.get(Self.draft, requires: .resident, show)
        routes.delete(Self.draft, requires: .resident, discard)
        routes.put(Self.answers, requires: .resident, answer)
        routes.put(Self.section, requires: .resident, fill)
        routes.post(Self.files, requires: .resident, streams: true, attach)
        routes.get(Self.file, requires: .resident, look)
        routes.delete(Self.file, requires: .resident, detach)
        routes.put(Self.handler, requires: .resident, name)
        routes.delete(Self.handler, requires: .resident, unname)
        routes.post(Self.papers, requires: .resident, streams: true, attachPaper)
        routes.post(Self.submit, requires: .resident, submit)
    }

    @Sendable func begin(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let viewer = try exchange.resident()
        let body = try await exchange.object()
        return try await Idempotent(cases: cases, exchange: exchange, area: area).run(body) {
            let item = try await cases.catalogue.current(slug, area: area).definition
            let draft = try await cases.startDraft(
                slug, answers: Self.answers(body["answers"], of: item), viewer, area: area, language: exchange.language,
                at: exchange.now)
            return (.created, json(draft, viewer, exchange))
        }
    }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (_, drafts) = try await cases.owned(by: try exchange.resident(), area: area, limit: 1)
        let names = try await cases.catalogue.names(of: Set(drafts.map(\.item)), area: area)
        let words = CaseJSON(exchange)
        return exchange.json([
            "drafts": .array(
                drafts.map { draft in
                    [
                        "id": .string(draft.id), "item": .string(draft.item),
                        "itemName": .string(names[draft.item]?[exchange.language] ?? draft.item),
                        "version": .int(Int64(draft.version)), "changedAt": words.moment(draft.changedAt),
                        "expiresAt": words.moment(draft.expiresAt),
                    ]
                })
        ])
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        return exchange.json(json(try await cases.openDraft(id, area: area, viewer), viewer, exchange))
    }

    @Sendable func discard(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        try await cases.discardDraft(id, area: area, try exchange.resident())
        return Response(status: .noContent)
    }

    @Sendable func answer(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let body = try await exchange.object()
        let draft = try await cases.openDraft(id, area: area, viewer)
        let changed = try await cases.saveAnswers(
            Self.answers(body["answers"], of: draft.item.definition), of: id, area: area, viewer,
            language: exchange.language,
            at: exchange.now)
        return exchange.json(json(changed, viewer, exchange))
    }

    /// Saves values of a section; what is not named stays, null empties. Faults are told in `faults` and refuse
    /// nothing.
    @Sendable func fill(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ section: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let body = try await exchange.object()
        let draft = try await cases.saveSection(section, of: id, area: area, viewer, at: exchange.now) { wanted in
            try Self.pairs(body["values"].members ?? [:], of: wanted.fields)
        }
        return exchange.json(json(draft, viewer, exchange))
    }

    @Sendable func attach(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ material: String) async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let upload = Upload(cases: cases, exchange: exchange)
        let row = try await upload.row(field: "file") { part, reader in
            try await upload.attach(part, &reader, material, to: id, area: area, viewer)
        }
        return try Self.received(row, exchange)
    }

    /// Names who handles the application; faults are told in `faults` and refuse nothing, as with a section.
    @Sendable func name(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let body = try await exchange.object()
        let handler = HandlerContent(
            name: String((body["name"].text ?? "").prefix(60)),
            idNumber: String((body["idNumber"].text ?? "").uppercased().prefix(24)),
            scope: (body["scope"].elements ?? []).compactMap { $0.text.flatMap(HandlerContent.Scope.init) },
            until: body["until"].text.flatMap { CivilDate($0) })
        let draft = try await cases.saveHandler(handler, of: id, area: area, viewer, at: exchange.now)
        return exchange.json(json(draft, viewer, exchange))
    }

    /// The applicant handles it himself: name and papers are taken off.
    @Sendable func unname(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let draft = try await cases.saveHandler(nil, of: id, area: area, viewer, at: exchange.now)
        return exchange.json(json(draft, viewer, exchange))
    }

    /// A page of the power of attorney.
    @Sendable func attachPaper(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let upload = Upload(cases: cases, exchange: exchange)
        let row = try await upload.row(field: "file") { part, reader in
            try await upload.attach(part, &reader, HandlerContent.material, to: id, area: area, viewer)
        }
        return try Self.received(row, exchange)
    }

    @Sendable func look(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ file: String) async throws -> Response {
        let (name, kind, reader) = try await cases.draftFile(file, of: id, area: area, try exchange.resident())
        return FileResponse.make(reader, kind: kind, name: name, inline: false, exchange)
    }

    @Sendable func detach(_ exchange: Exchange, _ area: AreaCode, _ id: String, _ file: String) async throws -> Response
    {
        try await cases.detach(file, from: id, area: area, try exchange.resident(), at: exchange.now)
        return Response(status: .noContent)
    }

    @Sendable func submit(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let body = try await exchange.object()
        guard body["truth"] == .bool(true) else { throw DomainError.invalid("truth", "cases.fault.truth") }
        return try await Idempotent(cases: cases, exchange: exchange, area: area).run(body) {
            let (number, code) = try await cases.submit(
                id, viewer, exchange.occasion(area), language: exchange.language,
                lacking: Set((body["lacking"].elements ?? []).compactMap(\.text)))
            return (.created, ["number": .string(number), "queryCode": code.map(JSON.string) ?? .null])
        }
    }

    private func json(_ draft: OpenDraft, _ viewer: ResidentViewer, _ exchange: Exchange) -> JSON {
        CaseJSON(exchange).draft(
            draft, cases.check(draft, viewer, language: exchange.language, on: exchange.now.date),
            handler: cases.handlerFaults(draft, viewer, on: exchange.now.date))
    }

    // MARK: Bodies

    /// `{business: "catering", projects: ["hot"]}`
    static func answers(_ body: JSON, of item: ItemDefinition) -> [String: JSON] {
        let pairs = (body.members ?? [:]).flatMap { id, value -> [(name: String, value: String)] in
            (value.elements ?? [value]).compactMap { $0.text }.map { (name: id, value: $0) }
        }
        return Situations.answers(from: pairs, of: item)
    }

    /// Values as docs/pack-format.md writes them, as a page would send them: so both take the same way.
    static func pairs(_ values: [String: JSON], of fields: [FormField]) throws(DomainError) -> [(
        name: String, value: String
    )] {
        var pairs: [(name: String, value: String)] = []
        var faults: [FieldFault] = []
        for (id, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let field = fields.first(where: { $0.id == id }), field.kind != .file else {
                faults.append(FieldFault(id, Message("cases.fault.unknownField")))
                continue
            }
            let controls = FormInput.controls(of: field, value: value)
            let empty = value.isNull || value == .array([]) || value == .object([:]) || value == .string("")
            if controls.isEmpty, !empty {
                faults.append(FieldFault(id, Message("cases.fault.value", ["label": field.label.zh])))
            }
            pairs += controls.isEmpty ? [(name: field.kind == .table ? id + "." : id, value: "")] : controls
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return pairs
    }

    static func received(_ row: Upload.Row, _ exchange: Exchange) throws -> Response {
        guard row.faults.isEmpty else { throw DomainError.invalid(row.faults) }
        guard !row.files.isEmpty else { throw DomainError.invalid("file", "cases.fault.chooseFile") }
        let files = row.files.map { file -> JSON in
            [
                "id": .string(file.id), "material": .string(file.material), "name": .string(file.name),
                "bytes": .int(Int64(file.size)), "type": .string(file.type), "sha256": .string(file.digest),
            ]
        }
        return exchange.json(["files": .array(files)], status: .created)
    }
}
