import Cases
import Kernel
import Packages
import Storage
import Web

/// The rating's page, its API and the figures on the desk.
struct RatingRoutes: Sendable {
    static let page = Path("/:area/my/cases/:number/rating", AreaCode.self, String.self)
    static let api = Path("/api/v1/areas/:area/my/cases/:number/rating", AreaCode.self, String.self)
    static let package = Path("/:area/my/packages/:number/rating", AreaCode.self, String.self)
    static let packageAPI = Path("/api/v1/areas/:area/my/packages/:number/rating", AreaCode.self, String.self)
    static let desk = Path("/:area/desk/ratings", AreaCode.self)

    let cases: CasesAPI
    let packages: PackagesAPI
    let database: any Database

    func add(to routes: Routes) {
        let command = RateCase(cases: cases, packages: packages, database: database)
        let page = RatingPage(command: command, kind: .single)
        routes.get(Self.page, requires: .resident, page.show)
        routes.post(Self.page, requires: .resident, page.post)
        routes.post(Self.api, requires: .resident, page.postJSON)
        let whole = RatingPage(command: command, kind: .package)
        routes.get(Self.package, requires: .resident, whole.show)
        routes.post(Self.package, requires: .resident, whole.post)
        routes.post(Self.packageAPI, requires: .resident, whole.postJSON)
        let figures = RatingFigures(cases: cases, database: database)
        routes.get(Self.desk, requires: .permission(Permission("supervision.board")), figures.page)
    }
}
