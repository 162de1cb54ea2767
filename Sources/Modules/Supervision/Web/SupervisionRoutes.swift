import Cases
package import Kernel
import Web

/// Addresses of the board.
struct SupervisionRoutes: Sendable {
    static let board = Path("/:area/desk/board", AreaCode.self)
    static let rows = Path("/:area/desk/board/rows", AreaCode.self)
    static let urge = Path("/:area/desk/board/urge", AreaCode.self)
    static let assign = Path("/:area/desk/board/assign", AreaCode.self)

    let cases: CasesAPI

    func add(to routes: Routes) {
        let page = BoardPage(cases: cases)
        let rows = BoardRows(cases: cases)
        let acts = BoardActs(cases: cases)
        routes.get(Self.board, requires: .permission(SupervisionPermissions.board), page.page)
        routes.get(Self.rows, requires: .permission(SupervisionPermissions.board), rows.page)
        routes.post(Self.urge, requires: .permission(SupervisionPermissions.urge), acts.urge)
        routes.post(Self.assign, requires: .permission(CasesPermissions.assign), acts.assign)
    }
}

/// What the board's routes ask for.
package enum SupervisionPermissions {
    /// Look at the board.
    package static let board = Permission("supervision.board")
    /// 督办.
    package static let urge = Permission("supervision.urge")
    package static let all = [board, urge]
}
