package import Cases
package import Foundation
package import Kernel
package import Web

/// The supervisor's board 督办: lights by department and step, breaches of statutory limits, reminders and reassignment
/// (行政许可法 arts. 10, 60: supervision inside the administration).
///
/// Neighbours: reads tasks of Workflow and rows of Cases, acts through Cases; nobody stands on it.
package struct SupervisionModule: Module {
    package let name = "supervision"
    package var permissions: [Permission] { SupervisionPermissions.all }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let cases: CasesAPI

    package init(cases: CasesAPI) { self.cases = cases }

    package func addRoutes(to routes: Routes) { SupervisionRoutes(cases: cases).add(to: routes) }
}
