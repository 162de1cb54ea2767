import Directory
import Hummingbird
import Kernel
import Web

/// The area's front page: search at its heart, what waits for the reader, what most people come for.
struct HomePage: Sendable {
    let overviews: OverviewCache
    let directory: DirectoryAPI
    let home: (any HomePanel)?
    private let waitingShown = 5

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let overview = try await overviews.overview(of: area)
        var waiting: [HomeEntry] = []
        if let resident = exchange.viewer.resident, let home {
            waiting = try await home.waiting(for: resident, area: area, in: exchange.language, at: exchange.now)
        }
        let browse = BrowseLinks(overview: overview, exchange: exchange)
        let themes = browse.themes
        let view = View([
            "heading": exchange.text("catalogue.portal.heading"),
            "words": overview.words.map { word in
                View(["text": word, "href": exchange.address(CataloguePaths.search.url(area), [("q", word)])])
            },
            "waiting": waiting.prefix(waitingShown).map {
                View(["title": $0.title, "text": $0.text.map { exchange.text($0) }, "href": $0.href])
            },
            "hasWaiting": !waiting.isEmpty,
            "featured": overview.featured.map { item in
                View([
                    "href": CataloguePaths.item.url(area, item.slug), "name": exchange.label(item.name),
                    "hint": item.promised.amount == 0
                        ? exchange.text("catalogue.portal.atOnce")
                        : exchange.text("catalogue.portal.within", ["limit": exchange.words(item.promised)]),
                ])
            },
            "hasFeatured": !overview.featured.isEmpty,
            "packages": overview.packages.map { package in
                View([
                    "href": CataloguePaths.item.url(area, package.slug), "name": exchange.label(package.name),
                    "hint": exchange.text("catalogue.portal.within", ["limit": exchange.words(package.promised)]),
                ])
            },
            "hasPackages": !overview.packages.isEmpty,
            "person": themes.person.isEmpty ? nil : View(["links": themes.person]),
            "legal": themes.legal.isEmpty ? nil : View(["links": themes.legal]),
            "hasThemes": !themes.person.isEmpty || !themes.legal.isEmpty,
            "events": browse.events, "hasEvents": !browse.events.isEmpty,
        ])
        var response = try await exchange.page("catalogue.home", title: profile.name[exchange.language], view)
        response.rememberArea(area)
        return response
    }
}

/// Links to what can be browsed; groups without items are left out.
struct BrowseLinks {
    let overview: CatalogueOverview
    let exchange: Exchange

    var themes: (person: [View], legal: [View]) {
        (themes(overview.pack.personThemes, "person"), themes(overview.pack.legalThemes, "legal"))
    }

    private func themes(_ themes: [AreaPack.Theme], _ kind: String) -> [View] {
        themes.compactMap { theme in
            guard let count = overview.labels["\(kind):\(theme.code)"], count > 0 else { return nil }
            return link(.themes, "\(kind)-\(theme.code)", theme.name, count)
        }
    }

    var events: [View] {
        overview.pack.events.compactMap { event in
            guard let items = overview.events[event.id], !items.isEmpty else { return nil }
            return link(.events, event.id, event.name, items.count)
        }
    }

    func departments(_ profile: AreaProfile) -> [View] {
        profile.departments.compactMap { department in
            guard let count = overview.departments[department.id], count > 0 else { return nil }
            return link(.departments, department.id, department.name, count)
        }
    }

    private func link(_ by: BrowseBy, _ label: String, _ name: LocalizedText, _ count: Int) -> View {
        View([
            "href": exchange.address(CataloguePaths.browse.url(overview.pack.area, by), [("label", label)]),
            "name": exchange.label(name), "count": exchange.text("catalogue.browse.count", ["count": count.grouped]),
        ])
    }
}
