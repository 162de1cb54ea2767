package import Cases
package import Foundation
package import Kernel
package import Storage
package import Web

/// The supervisor's board 督办: lights by department and step, breaches of statutory limits, reminders and reassignment
/// (行政许可法 arts. 10, 60: supervision inside the administration).
///
/// A walk over the journals counts decided cases into months and looks for signs of handling outside the system; what it keeps
/// can be made again from the journals at any time.
///
/// Neighbours: reads tasks and journals of Workflow and rows of Cases, acts through Cases; nobody stands on it.
package struct SupervisionModule: Module {
    package let name = "supervision"
    package var migrations: [Migration] { [M001.migration] }
    package var permissions: [Permission] { SupervisionPermissions.all }
    package var resources: URL { Self.folder }
    private static var folder: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let cases: CasesAPI
    private let walk: JournalWalk

    /// - Throws: where the detector's rules cannot be read.
    package init(cases: CasesAPI) throws {
        self.cases = cases
        walk = try JournalWalk(cases: cases, resources: Self.folder)
    }

    package func addRoutes(to routes: Routes) {
        SupervisionRoutes(cases: cases).add(to: routes)
        LimitPages(api: cases).add(to: routes)
        DetectorPage(cases: cases, all: walk.rules).add(to: routes)
        RehearsalPage(cases: cases).add(to: routes)
    }

    package func addJobs(to jobs: Jobs) {
        let walk = walk
        jobs.add("supervision.facts", every: 30) { now in try await walk.run(at: now) }
    }
}
