import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// The ways to browse the catalogue; the last segment of the address.
enum BrowseBy: String, PathParameter, CaseIterable {
    case themes, events, departments

    init?(pathSegment: String) { self.init(rawValue: pathSegment) }
    var pathSegment: String { rawValue }
}

/// Groups first; with `label`, the items of one group.
struct BrowsePage: Sendable {
    let catalogue: CatalogueAPI
    let overviews: OverviewCache
    let directory: DirectoryAPI
    private let size = 50

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ by: BrowseBy) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let overview = try await overviews.overview(of: area)
        guard let label = exchange.query("label") else { return try await groups(exchange, profile, overview, by) }
        guard let name = Self.name(of: label, by, overview.pack, profile) else { throw DomainError.notFound }
        let turn = exchange.turn
        let size = size
        let leaf = try await catalogue.database.read { tx -> Leaf<ItemSummary> in
            switch by {
            case .themes:
                let parts = label.split(separator: "-", maxSplits: 1).map(String.init)
                return try CatalogueStore.labelled(parts[0], parts[1], area: area, turn, size: size, tx)
            case .departments:
                return try CatalogueStore.list(ItemFilter(department: label), area: area, turn, size: size, tx)
            case .events: return Leaf(overview.events[label] ?? [], .start, size: .max - 1, slug: \.slug)
            }
        }
        let path = CataloguePaths.browse.url(area, by)
        return try await exchange.page(
            "catalogue.browse", title: name[exchange.language],
            View([
                "group": View(["name": exchange.label(name)]), "by": by.rawValue,
                "crumb": View(["href": path, "text": exchange.text("catalogue.browse.\(by.rawValue)")]),
                "results": leaf.lines.map { exchange.line($0, profile) },
                "pager": exchange.pager(leaf, path: path, [("label", label)]),
                "empty": leaf.lines.isEmpty
                    ? View([
                        "title": exchange.text("catalogue.browse.empty"), "text": nil, "href": path,
                        "label": exchange.text("catalogue.browse.back"),
                    ])
                    : nil,
            ]))
    }

    private func groups(
        _ exchange: Exchange, _ profile: AreaProfile, _ overview: CatalogueOverview, _ by: BrowseBy
    ) async throws -> Response {
        let links = BrowseLinks(overview: overview, exchange: exchange)
        var sections: [View] = []
        func add(_ heading: String, _ entries: [View]) {
            if !entries.isEmpty { sections.append(View(["heading": exchange.text(heading), "links": entries])) }
        }
        switch by {
        case .themes:
            add("catalogue.portal.persons", links.themes.person)
            add("catalogue.portal.organisations", links.themes.legal)
        case .events: add("catalogue.browse.events", links.events)
        case .departments: add("catalogue.browse.departments", links.departments(profile))
        }
        let title = exchange.text("catalogue.browse.\(by.rawValue)")
        return try await exchange.page(
            "catalogue.browse", title: title,
            View([
                "group": nil, "heading": title, "sections": sections,
                "tabs": BrowseBy.allCases.map { other in
                    View([
                        "href": CataloguePaths.browse.url(profile.area, other),
                        "text": exchange.text("catalogue.browse.\(other.rawValue)"),
                        "current": other == by,
                    ])
                },
                "empty": sections.isEmpty
                    ? View(["title": exchange.text("catalogue.browse.none"), "text": nil, "href": nil, "label": nil])
                    : nil,
            ]))
    }

    /// The group's name, or nil where there is no such group.
    private static func name(of label: String, _ by: BrowseBy, _ pack: AreaPack, _ profile: AreaProfile)
        -> LocalizedText?
    {
        switch by {
        case .themes:
            if label.hasPrefix("person-") { return pack.personThemes.first { "person-" + $0.code == label }?.name }
            return pack.legalThemes.first { "legal-" + $0.code == label }?.name
        case .events: return pack.events.first { $0.id == label }?.name
        case .departments: return profile.department(label)?.name
        }
    }
}
