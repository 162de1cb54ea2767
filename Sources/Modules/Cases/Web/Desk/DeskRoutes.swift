import Kernel
package import Web

/// The desk's pages: tasks, workspace, composers, search, exports.
package struct DeskRoutes: Sendable {
    let cases: CasesAPI

    package init(cases: CasesAPI) { self.cases = cases }

    package func add(to routes: Routes) {
        addTasks(to: routes)
        addWorkspace(to: routes)
        addComposers(to: routes)
        let search = SearchPage(cases: cases)
        routes.get(DeskPaths.search, requires: .permission(CasesPermissions.search), search.page)
        let exports = ExportPage(cases: cases)
        routes.get(DeskPaths.exports, requires: .permission(CasesPermissions.export), exports.page)
        routes.get(DeskPaths.exportCSV, requires: .permission(CasesPermissions.export), exports.csv)
        routes.get(DeskPaths.exportProgress, requires: .permission(CasesPermissions.export), exports.sent)
        routes.get(DeskPaths.exportXLSX, requires: .permission(CasesPermissions.export), exports.xlsx)
    }

    private func addTasks(to routes: Routes) {
        let page = TasksPage(cases: cases)
        let acts = TaskActs(cases: cases)
        let view = Access.permission(CasesPermissions.view)
        routes.get(DeskPaths.tasks, requires: view, page.page)
        routes.get(DeskPaths.arrivals, requires: view, page.arrivals)
        routes.post(DeskPaths.claimTasks, requires: view, acts.claim)
        routes.post(DeskPaths.assignTasks, requires: view, acts.assign)
        routes.post(DeskPaths.documents, requires: view, acts.documents)
    }

    private func addWorkspace(to routes: Routes) {
        let page = WorkspacePage(cases: cases)
        let acts = WorkspaceActs(cases: cases)
        let view = Access.permission(CasesPermissions.view)
        routes.get(DeskPaths.caseFile, requires: view, page.page)
        routes.get(DeskPaths.file, requires: view, acts.file)
        routes.get(DeskPaths.notice, requires: view, acts.notice)
        routes.get(DeskPaths.recording, requires: view, acts.recording)
        BillPages(cases: cases).addDesk(to: routes)
        routes.post(DeskPaths.act("accept"), requires: .permission(CasesPermissions.accept), acts.accept)
        routes.post(DeskPaths.act("review"), requires: .permission(CasesPermissions.review), acts.review)
        routes.post(DeskPaths.act("approve"), requires: .permission(CasesPermissions.approve), acts.approve)
        routes.post(DeskPaths.act("complete"), requires: .permission(CasesPermissions.complete), acts.complete)
        routes.post(DeskPaths.act("claim"), requires: view, acts.claim)
        routes.post(DeskPaths.act("assign"), requires: view, acts.assign)
        routes.post(DeskPaths.act("note"), requires: .permission(CasesPermissions.note), acts.note)
        routes.post(DeskPaths.act("mark"), requires: .permission(CasesPermissions.note), acts.mark)
    }

    private func addComposers(to routes: Routes) {
        let correction = CorrectionComposer(cases: cases)
        routes.get(DeskPaths.act("correction"), requires: .permission(CasesPermissions.correct), correction.page)
        routes.post(DeskPaths.act("correction"), requires: .permission(CasesPermissions.correct), correction.post)
        for kind in DecisionComposer.Kind.allCases {
            let composer = DecisionComposer(cases: cases, kind: kind)
            let path = DeskPaths.act("decision/\(kind.rawValue)")
            routes.get(path, requires: .permission(kind.permission), composer.page)
            routes.post(path, requires: .permission(kind.permission), composer.post)
        }
        for group in ActGroup.allCases {
            let composer = ActComposer(cases: cases, group: group)
            routes.get(DeskPaths.further(group), requires: .permission(group.permission), composer.page)
            routes.post(DeskPaths.further(group), requires: .permission(group.permission), composer.post)
        }
    }
}
