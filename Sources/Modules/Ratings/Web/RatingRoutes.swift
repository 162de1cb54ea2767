import Cases
import Kernel
import Storage
import Web

/// The rating's page, its API and the figures on the desk.
struct RatingRoutes: Sendable {
    static let page = Path("/:area/my/cases/:number/rating", AreaCode.self, String.self)
    static let api = Path("/api/v1/areas/:area/my/cases/:number/rating", AreaCode.self, String.self)
    static let desk = Path("/:area/desk/ratings", AreaCode.self)

    let cases: CasesAPI
    let database: any Database

    func add(to routes: Routes) {
        let command = RateCase(cases: cases, database: database)
        let page = RatingPage(command: command)
        routes.get(Self.page, requires: .resident, page.show)
        routes.post(Self.page, requires: .resident, page.post)
        routes.post(Self.api, requires: .resident, page.postJSON)
        let figures = RatingFigures(cases: cases, database: database)
        routes.get(Self.desk, requires: .permission(Permission("supervision.board")), figures.page)
    }
}
