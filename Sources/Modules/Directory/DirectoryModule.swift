package import Foundation
import Kernel
package import Storage
package import Web

/// Areas with their streets and communities, departments, halls, windows, and the calendars by which limits run
/// (国务院办公厅 holiday notices; 行政许可法 art. 82).
///
/// Neighbours: packs fill it through Catalogue; everybody reads it.
package struct DirectoryModule: Module {
    package let name = "directory"
    package var migrations: [Migration] { [M001.migration] }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let directory: DirectoryAPI

    package init(directory: DirectoryAPI) { self.directory = directory }

    package func addRoutes(to routes: Routes) { DirectoryRoutes(directory: directory).add(to: routes) }
}
