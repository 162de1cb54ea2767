package import Foundation
package import Storage
package import Web
import Workflow

/// 一件事 under way: several items applied for at once, each a case of its department, with one timeline, one overall limit and one
/// rating.
///
/// Basis: 国办发〔2022〕32号, 国发〔2024〕3号; 行政许可法 art. 26 (one window, joint handling). Neighbours: Catalogue says what a package is made of,
/// Cases keeps drafts and handles the steps, Ratings asks once at the end.
package struct PackagesModule: Module {
    package let name = "packages"
    package var migrations: [Migration] { [M001.migration] }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let packages: PackagesAPI

    package init(packages: PackagesAPI) { self.packages = packages }

    package func addRoutes(to routes: Routes) {
        PackagePages(packages: packages).add(to: routes)
        LeaveOutPage(packages: packages).add(to: routes)
        PackageListPage(packages: packages).add(to: routes)
        PackagesJSON(packages: packages).add(to: routes)
    }

    package func addQueues(to queues: Queues) {
        queues.add("outbox.\(PackageProjection.channel)") { _, tx in try Outbox.queue(PackageProjection.channel, tx) }
    }

    package func addJobs(to jobs: Jobs) {
        let packages = packages
        jobs.add("packages.steps", every: 1) { now in try await packages.openSteps(at: now) }
        jobs.add("packages.calendar", every: 20) { now in try await packages.recountLimits(at: now) }
        jobs.add("packages.retention", every: 3600) { now in try await packages.forgetEnded(at: now) }
    }
}
