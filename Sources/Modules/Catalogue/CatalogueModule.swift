package import Directory
package import Foundation
package import Kernel
package import Storage
package import Web

/// Items that can be applied for: the portal's home, search, guides 办事指南, 权力清单 and 责任清单, and what an administrator sees of
/// their versions.
///
/// Basis: 行政许可法 art. 30 (what must be made public about a licence), 政府信息公开条例 arts. 19, 20, GB/T 39046-2020 (item data). Neighbours:
/// Directory says where things are handled; Cases takes the application that a guide begins.
package struct CatalogueModule: Module {
    package let name = "catalogue"
    package var migrations: [Migration] { [M001.migration, M002.migration] }
    package var permissions: [Permission] { [.catalogueAdmin] }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let catalogue: CatalogueAPI
    let directory: DirectoryAPI
    let panel: (any HomePanel)?

    package init(catalogue: CatalogueAPI, directory: DirectoryAPI, panel: (any HomePanel)? = nil) {
        self.catalogue = catalogue
        self.directory = directory
        self.panel = panel
    }

    package func addRoutes(to routes: Routes) {
        CatalogueRoutes(catalogue: catalogue, directory: directory, home: panel).add(to: routes)
    }

    package func addQueues(to queues: Queues) {
        queues.add("imports") { _, tx in try ImportStaging.queue(tx) }
    }

    package func addJobs(to jobs: Jobs) {
        let imports = StagedImports(catalogue: catalogue, directory: directory)
        jobs.add("catalogue.imports", every: 3600) { now in try await imports.sweep(at: now) }
    }
}

extension Permission {
    /// Look at items with their versions and where each part comes from; import lists of items.
    package static let catalogueAdmin = Permission("catalogue.admin")
}
