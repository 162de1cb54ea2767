import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// Items for other systems and for the browser: a list by cursor, and a guide for given answers (Resources/openapi.json).
struct ItemsAPI: Sendable {
    let catalogue: CatalogueAPI
    let search: SearchItems
    let directory: DirectoryAPI
    private let size = 50

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        _ = try await directory.profile(of: area)
        let size = size
        let department = exchange.query("department")
        var lines: [ItemSummary]
        var next: String?
        if let words = exchange.query("q") {
            let query = SearchItems.Query(text: words, department: department)
            lines = try await search.run(query, area: area, limit: size).map(\.line)
        } else {
            let turn = exchange.query("after").map(Turn.after) ?? .start
            let leaf = try await catalogue.database.read { tx in
                try CatalogueStore.list(ItemFilter(department: department), area: area, turn, size: size, tx)
            }
            lines = leaf.lines
            next = leaf.next
        }
        return exchange.json(["items": .array(lines.map(Self.line)), "next": next.map(JSON.string) ?? .null])
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let published = try await catalogue.current(slug, area: area)
        let item = published.definition
        let situations = try await GuidePage(catalogue: catalogue, directory: directory).situations(
            of: item, exchange, area)
        return exchange.json([
            "area": .string(area.text), "slug": .string(item.slug), "version": .int(Int64(published.version)),
            "code": item.code.map(JSON.string) ?? .null, "name": Self.text(item.name),
            "summary": item.summary.map(Self.text) ?? .null,
            "type": .string(item.type.rawValue), "department": .string(item.department),
            "handling": .string(item.handling.rawValue),
            "audience": .array(item.audience.map { .string($0.rawValue) }), "online": .bool(item.online),
            "limits": [
                "promised": .string(item.limits.promised.description),
                "statutory": item.limits.statutory.map { .string($0.description) } ?? .null,
            ],
            "visits": .int(Int64(item.visits.number)), "free": .bool(item.fees.isEmpty),
            "fees": .array(
                item.fees.map {
                    [
                        "project": Self.text($0.project), "fen": .int($0.amount.fen),
                        "unit": $0.unit.map(Self.text) ?? .null,
                    ]
                }),
            "conditions": .array(item.conditions.map { Self.text($0.text) }),
            "legalBasis": .array(
                item.printedBasis.map {
                    [
                        "law": Self.text($0.law), "number": $0.number.map(JSON.string) ?? .null,
                        "article": $0.article.map(JSON.string) ?? .null,
                    ]
                }),
            "questions": .array(situations.questions.map(Self.question)), "answers": .object(situations.answers),
            "materials": .array(situations.materials.map(Self.material)),
            "obstacle": Self.obstacle(situations.obstacle),
            "stages": .array(
                item.stages.map { ["kind": .string($0.kind.rawValue), "within": .string($0.within.description)] }),
            "results": .array(item.outcome.map { ["kind": .string($0.kind.rawValue), "name": Self.text($0.name)] }),
        ])
    }

    private static func line(_ line: ItemSummary) -> JSON {
        [
            "slug": .string(line.slug), "version": .int(Int64(line.version)),
            "code": line.code.map(JSON.string) ?? .null,
            "name": text(line.name), "type": .string(line.type.rawValue), "department": .string(line.department),
            "handling": .string(line.handling.rawValue), "persons": .bool(line.persons),
            "organisations": .bool(line.organisations),
            "online": .bool(line.online), "visits": .int(Int64(line.visits)),
            "limits": [
                "promised": .string(line.promised.description),
                "statutory": line.statutory.map { .string($0.description) } ?? .null,
            ],
        ]
    }

    private static func text(_ text: LocalizedText) -> JSON {
        var members: [String: JSON] = ["zh": .string(text.zh)]
        for (key, value) in [("en", text.en), ("bo", text.bo), ("ii", text.ii)] {
            if let value { members[key] = .string(value) }
        }
        return .object(members)
    }

    private static func question(_ question: Situations.Question) -> JSON {
        let situation = question.situation
        return [
            "id": .string(situation.id), "ask": text(situation.ask), "hint": situation.hint.map(text) ?? .null,
            "multiple": .bool(situation.multiple), "required": .bool(situation.required),
            "answers": .array(situation.answers.map { ["id": .string($0.id), "label": text($0.label)] }),
            "chosen": .array(question.chosen.map(JSON.string)),
        ]
    }

    private static func material(_ needed: Situations.Needed) -> JSON {
        let material = needed.material
        return [
            "id": .string(material.id), "name": text(material.name), "required": .bool(needed.required),
            "exempt": .bool(needed.exempt),
            "generated": .bool(material.generated), "form": .string(material.form.rawValue),
            "original": .string(material.original.rawValue), "source": .string(material.source.rawValue),
            "certificate": material.certificate.map(JSON.string) ?? .null,
            "standard": material.standard.map(text) ?? .null,
            "accept": .array(material.accept.map { .string($0.rawValue) }),
            "maxMegabytes": .int(Int64(material.maxMegabytes)),
            "maxFiles": .int(Int64(material.maxFiles)),
        ]
    }

    private static func obstacle(_ obstacle: Situations.Obstacle?) -> JSON {
        switch obstacle {
        case nil: .null
        case .blocked(let gate, let reason): ["gate": .string(gate), "reason": text(reason), "item": .null]
        case .diverted(let gate, let slug, let reason):
            ["gate": .string(gate), "reason": text(reason), "item": .string(slug)]
        }
    }
}
