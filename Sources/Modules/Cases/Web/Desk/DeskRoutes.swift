package import Web

/// The desk's pages: tasks, workspace, composers, search, exports.
package struct DeskRoutes: Sendable {
    let cases: CasesAPI

    package init(cases: CasesAPI) { self.cases = cases }

    package func add(to routes: Routes) {}
}
