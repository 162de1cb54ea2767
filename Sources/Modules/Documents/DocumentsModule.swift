package import Foundation
import Kernel
package import Storage
package import Web

/// Files of applications, sealed and content-addressed, and the office's documents as PDF with a code by which anyone checks them.
///
/// Neighbours: Cases issues notices through it; Typesetting draws them. Basis: GB/T 9704-2012 (form of documents), 行政许可法
/// arts. 32, 38, 39 (what must be given in writing).
package struct DocumentsModule: Module {
    package let name = "documents"
    package var migrations: [Migration] { [M001.migration] }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let desk: NoticeDesk

    package init(desk: NoticeDesk) { self.desk = desk }

    package func addRoutes(to routes: Routes) {
        VerifyRoutes(desk: desk).add(to: routes)
        UploadRoutes(uploads: desk.uploads).add(to: routes)
    }

    package func addJobs(to jobs: Jobs) {
        let desk = desk
        jobs.add("documents.sweep", every: 3600) { now in try await desk.sweep(at: now) }
        jobs.add("documents.unreferenced", every: 3600) { now in try await desk.sweepUnreferenced(at: now) }
    }
}
