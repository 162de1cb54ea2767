package import Foundation
package import Kernel
package import Storage
package import Web

/// Areas with their streets and communities, departments, halls, windows, and the calendars by which limits run
/// (国务院办公厅 holiday notices; 行政许可法 art. 82).
///
/// Neighbours: packs fill it through Catalogue, administrators edit it over the packs; everybody reads it.
package struct DirectoryModule: Module {
    package let name = "directory"
    package var migrations: [Migration] { [M001.migration, M002.migration] }
    package var permissions: [Permission] { [DirectoryRoutes.admin] }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let directory: DirectoryAPI
    let staff: any StaffNames

    package init(directory: DirectoryAPI, staff: any StaffNames) {
        self.directory = directory
        self.staff = staff
    }

    package func addRoutes(to routes: Routes) { DirectoryRoutes(directory: directory, staff: staff).add(to: routes) }
}

/// Who is meant by an id in the journal of edits; filled by Identity.
package protocol StaffNames: Sendable {
    /// Names by id; ids of nobody are left out.
    func names(of staff: Set<String>, area: AreaCode) async throws -> [String: String]
}
