import Directory
import Hummingbird
import Kernel
import Web

/// Search as a page and as suggestions while typing.
struct SearchPage: Sendable {
    let search: SearchItems
    let overviews: OverviewCache
    let directory: DirectoryAPI
    private let shown = 50
    private let suggested = 8
    /// Fewer results are read faster than filtered.
    private let filteredFrom = 6

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let overview = try await overviews.overview(of: area)
        let query = Self.query(exchange)
        let found = try await search.run(query, area: area, limit: shown)
        // Where even the best is only similar, all stand under 是不是找 in their order.
        let similar = found.first?.near ?? false
        let exact = similar ? [] : found.filter { !$0.near }
        let near = similar ? found : found.filter(\.near)
        let isFiltered = query.audience != nil || query.department != nil || query.onlineOnly
        let links = BrowseLinks(overview: overview, exchange: exchange)
        let count =
            exact.isEmpty
            ? nil : exchange.text("catalogue.search.count", ["count": exact.count.grouped, "words": query.text])
        let view = View([
            "words": query.text, "asked": !query.text.isEmpty, "count": count,
            "results": exact.map { exchange.line($0.line, profile, alias: $0.alias) },
            "similar": similar ? exchange.text("catalogue.search.similar", ["words": query.text]) : nil,
            "near": near.isEmpty
                ? nil : View(["results": near.map { exchange.line($0.line, profile, alias: $0.alias) }]),
            "nothing": query.text.isEmpty || !found.isEmpty
                ? nil : exchange.text("catalogue.search.nothing", ["words": query.text]),
            "tried": query.text.isEmpty || !found.isEmpty ? nil : Self.tried(query.text),
            "filterable": found.count >= filteredFrom || isFiltered,
            "filtered": isFiltered
                ? exchange.address(CataloguePaths.search.url(area), [("q", query.text)]) : nil,
            "person": View(["links": links.themes.person]), "legal": View(["links": links.themes.legal]),
            "showThemes": found.isEmpty, "forPerson": query.audience == .person, "forLegal": query.audience == .legal,
            "online": query.onlineOnly,
            "departments": profile.departments.filter { overview.departments[$0.id] != nil }.map { department in
                View([
                    "id": department.id, "name": profile.departmentName(department.id, in: exchange.language),
                    "selected": department.id == query.department,
                ])
            },
        ])
        let title =
            query.text.isEmpty
            ? exchange.text("catalogue.search.title") : exchange.text("catalogue.search.titleOf", ["words": query.text])
        return try await exchange.page("catalogue.search", title: title, view)
    }

    /// For the search box: `[{ title, href, hint }]`, at most 8.
    @Sendable func suggest(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let found = try await search.run(Self.query(exchange), area: area, limit: suggested)
        return exchange.json(
            .array(
                found.map { found in
                    [
                        "title": .string(found.line.name[exchange.language]),
                        "href": .string(CataloguePaths.item.url(area, found.line.slug)),
                        "hint": .string(
                            found.alias ?? profile.departmentName(found.line.department, in: exchange.language)),
                    ]
                }))
    }

    private static func query(_ exchange: Exchange) -> SearchItems.Query {
        SearchItems.Query(
            text: String((exchange.query("q") ?? "").prefix(60)),
            audience: exchange.query("for").flatMap(SearchItems.Query.Audience.init),
            department: exchange.query("department"), onlineOnly: exchange.query("online") == "1")
    }

    /// The words that were looked for, one by one.
    private static func tried(_ text: String) -> [View] {
        text.split(whereSeparator: \.isWhitespace).map { View(["text": String($0)]) }
    }
}
