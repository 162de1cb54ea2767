package import Foundation
package import Kernel
package import Storage
package import Web
import Workflow

/// Applications from the first answer to the result: drafts, cases 办件, the portal's and the desk's pages over them,
/// what everybody may read of them (公示, art. 40), and the API.
///
/// Basis: 行政许可法 arts. 29–45 (submission, correction, acceptance, decision, limits), GB/T 39046-2020 (data of a case).
/// Neighbours:
/// Catalogue says what can be applied for, Documents keeps files and draws notices, Workflow journals and runs
/// limits, Identity knows
/// who acts; Ratings and Supervision read what happens here. Somebody an application names and who is not there is seen on video
/// (`RemoteIdentityCheck`, 市场主体登记管理条例实施细则 art. 16; consent and deletion: 个人信息保护法 arts. 29, 47).
package struct CasesModule: Module {
    package let name = "cases"
    package var migrations: [Migration] { [M001.migration] }
    package var permissions: [Permission] { CasesPermissions.all }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let cases: CasesAPI

    package init(cases: CasesAPI) { self.cases = cases }

    package func addRoutes(to routes: Routes) {
        PortalRoutes(cases: cases).add(to: routes)
        DeskRoutes(cases: cases).add(to: routes)
        CaseAPIRoutes(cases: cases).add(to: routes)
    }

    package func addQueues(to queues: Queues) {
        let exports = cases.exports
        queues.add("outbox.\(Pointer.channel)") { _, tx in try Outbox.queue(Pointer.channel, tx) }
        queues.add("outbox.\(LatePaper.channel)") { _, tx in try Outbox.queue(LatePaper.channel, tx) }
        queues.add("exports") { _, _ in exports.queue }
    }

    package func addJobs(to jobs: Jobs) {
        let cases = cases
        jobs.add("cases.drafts", every: 3600) { now in try await cases.sweepDrafts(at: now) }
        jobs.add("cases.retention", every: 3600) { now in try await cases.forgetEnded(at: now) }
        jobs.add("cases.pointers", every: 2) { now in try await cases.movePointers(at: now) }
        jobs.add("cases.papers", every: 5) { now in try await cases.issueLatePapers(at: now) }
        jobs.add("cases.calendar", every: 20) { now in try await cases.recountLimits(at: now) }
        jobs.add("cases.answers", every: 3600) { now in try await cases.forgetAnswers(at: now) }
    }
}

/// What the desk's and the API's routes ask for.
package enum CasesPermissions {
    /// Look at the cases of one's departments.
    package static let view = Permission("cases.view")
    package static let search = Permission("cases.search")
    package static let note = Permission("cases.note")
    package static let accept = Permission("cases.accept")
    /// 一次性告知补正.
    package static let correct = Permission("cases.correct")
    /// 不予受理, 不受理.
    package static let decline = Permission("cases.decline")
    package static let review = Permission("cases.review")
    /// 准予 and 不予.
    package static let approve = Permission("cases.approve")
    package static let complete = Permission("cases.complete")
    /// 转交 of others' tasks.
    package static let assign = Permission("cases.assign")
    /// 作废.
    package static let void = Permission("cases.void")
    package static let export = Permission("cases.export")
    /// A department's opinion on another's case.
    package static let opinion = Permission("cases.opinion")
    /// What the organ's head decides: 延期, 撤销, 撤回, 注销.
    package static let head = Permission("cases.head")
    package static let all = [
        view, search, note, accept, correct, decline, review, approve, complete, assign, void, export, opinion, head,
    ]
}
