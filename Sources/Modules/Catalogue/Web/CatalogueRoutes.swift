import Directory
import Kernel
import Web

/// Addresses of the catalogue, written once.
enum CataloguePaths {
    static let home = Path("/:area/", AreaCode.self)
    static let search = Path("/:area/search", AreaCode.self)
    static let suggest = Path("/:area/search/suggest", AreaCode.self)
    static let browse = Path("/:area/browse/:by", AreaCode.self, BrowseBy.self)
    static let item = Path("/:area/items/:slug", AreaCode.self, String.self)
    /// A form posts here; the route belongs to Cases.
    static let apply = Path("/:area/items/:slug/apply", AreaCode.self, String.self)
    static let blankForm = Path("/:area/items/:slug/form.pdf", AreaCode.self, String.self)
    static let sampleForm = Path("/:area/items/:slug/sample.pdf", AreaCode.self, String.self)
    static let paper = Path(
        "/:area/items/:slug/papers/:material/:name", AreaCode.self, String.self, String.self, String.self)
    static let powers = Path("/:area/powers", AreaCode.self)
    static let responsibilities = Path("/:area/responsibilities", AreaCode.self)
    static let adminItems = Path("/:area/desk/admin/items", AreaCode.self)
    static let adminItem = Path("/:area/desk/admin/items/:slug", AreaCode.self, String.self)
    static let adminImport = Path("/:area/desk/admin/import", AreaCode.self)
    static let adminList = Path("/:area/desk/admin/import/:list", AreaCode.self, String.self)
    static let adminProblems = Path("/:area/desk/admin/import/:list/problems", AreaCode.self, String.self)
    static let apiItems = Path("/api/v1/areas/:area/items", AreaCode.self)
    static let apiItem = Path("/api/v1/areas/:area/items/:slug", AreaCode.self, String.self)
}

/// The catalogue's pages and its API.
struct CatalogueRoutes: Sendable {
    let catalogue: CatalogueAPI
    let directory: DirectoryAPI
    let home: (any HomePanel)?

    func add(to routes: Routes) {
        let overviews = OverviewCache(catalogue: catalogue, home: home)
        let search = SearchItems(catalogue: catalogue)
        let portal = HomePage(overviews: overviews, directory: directory, home: home)
        let stamp: @Sendable (AreaCode) async throws -> String = { area in
            let items = try await catalogue.version(of: area)
            return try await "\(items)/\(directory.version(of: area))"
        }
        routes.get(CataloguePaths.home, requires: .open, keptBy: stamp, portal.show)
        let searching = SearchPage(search: search, overviews: overviews, directory: directory)
        routes.get(CataloguePaths.search, requires: .open, keptBy: stamp, searching.show)
        routes.get(CataloguePaths.suggest, requires: .open, searching.suggest)
        let browsing = BrowsePage(catalogue: catalogue, overviews: overviews, directory: directory)
        routes.get(CataloguePaths.browse, requires: .open, keptBy: stamp, browsing.show)
        let guide = GuidePage(catalogue: catalogue, directory: directory)
        routes.get(CataloguePaths.item, requires: .open, keptBy: stamp, guide.show)
        PaperRoutes(catalogue: catalogue, directory: directory).add(to: routes)
        ChartRoutes(catalogue: catalogue, directory: directory).add(to: routes)
        let lists = PowerLists(catalogue: catalogue, overviews: overviews, directory: directory)
        routes.get(CataloguePaths.powers, requires: .open, keptBy: stamp, lists.powers)
        routes.get(CataloguePaths.responsibilities, requires: .open, keptBy: stamp, lists.responsibilities)
        let admin = AdminItems(catalogue: catalogue, search: search, directory: directory, cases: home)
        routes.get(CataloguePaths.adminItems, requires: .permission(.catalogueAdmin), admin.list)
        routes.get(CataloguePaths.adminItem, requires: .permission(.catalogueAdmin), admin.show)
        ImportPages(imports: StagedImports(catalogue: catalogue, directory: directory)).add(to: routes)
        let api = ItemsAPI(catalogue: catalogue, search: search, directory: directory)
        routes.get(CataloguePaths.apiItems, requires: .open, api.list)
        routes.get(CataloguePaths.apiItem, requires: .open, api.show)
    }
}
