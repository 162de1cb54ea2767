import Directory
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Typesetting
import Web

/// The wall chart 挂图 of an item, made to be printed on A3, and its course of work as BPMN 2.0 for other tools.
struct ChartRoutes: Sendable {
    static let wall = Path("/:area/items/:slug/chart", AreaCode.self, String.self)
    static let model = Path("/:area/items/:slug/chart.bpmn", AreaCode.self, String.self)

    let catalogue: CatalogueAPI
    let directory: DirectoryAPI

    func add(to routes: Routes) {
        routes.get(Self.wall, requires: .open, page)
        routes.get(Self.model, requires: .open, bpmn)
    }

    @Sendable private func page(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let (item, profile, chart) = try await chart(exchange, area, slug)
        let language = exchange.language
        let guide = exchange.app.settings.publicURL + CataloguePaths.item.url(area, slug)
        let code = try QRCode(guide)
        let limits = item.limits
        let facts: [(String, String?)] = [
            ("catalogue.chart.promised", Flowchart.spoken(limits.promised, language)),
            ("catalogue.chart.statutory", limits.statutory.map { Flowchart.spoken($0, language) }),
            ("catalogue.chart.department", profile.departmentName(item.department, in: language)),
            ("catalogue.chart.visits", exchange.text("catalogue.chart.times", ["count": String(item.visits.number)])),
            ("catalogue.chart.advice", item.contacts.advice ?? profile.advicePhone),
            ("catalogue.chart.complaint", item.contacts.complaint ?? profile.complaintPhone),
        ]
        let basis = item.printedBasis.map { law in
            [language == .en ? law.law[language] : "《\(law.law[language])》", law.article, law.number.map { "（\($0)）" }]
                .compactMap(\.self).joined(separator: language == .en ? " " : "")
        }
        return try await exchange.page(
            "catalogue.chart", title: chart.title,
            View([
                "heading": item.name[language], "svg": chart.svg(id: "wall"),
                "backHref": CataloguePaths.item.url(area, slug),
                "facts": facts.compactMap { key, value in
                    value.map { View(["label": exchange.text(key), "value": $0]) }
                },
                "basis": basis.map { View(["text": $0]) }, "hasBasis": !basis.isEmpty,
                "steps": chart.steps.map { step in
                    View([
                        "title": step.title, "who": step.who, "within": step.within.isEmpty ? nil : step.within,
                        "notes": step.notes.map { View(["text": $0]) }, "law": step.law,
                    ])
                },
                "model": Self.model.url(area, slug), "printUrl": guide, "codePath": code.path,
                "codeSide": String(code.size + 2 * QRCode.quietZone), "printedAt": exchange.now.words(in: language),
            ]))
    }

    @Sendable private func bpmn(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let (_, _, chart) = try await chart(exchange, area, slug)
        let name = encodeSegment("\(chart.title).bpmn")
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/xml; charset=utf-8", .cacheControl: "no-cache",
                .xContentTypeOptions: "nosniff",
                .contentDisposition: "attachment; filename*=UTF-8''\(name)",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: chart.bpmn(id: "\(area.text)-\(slug)"))))
    }

    private func chart(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws
        -> (ItemDefinition, AreaProfile, ProcessChart)
    {
        let profile = try await directory.profile(of: area)
        let item = try await catalogue.current(slug, area: area).definition
        guard !item.stages.isEmpty || item.plan != nil else { throw DomainError.notFound }
        let chart = ProcessChart(of: item, language: exchange.language) {
            profile.departmentName($0, in: exchange.language)
        }
        return (item, profile, chart)
    }
}
