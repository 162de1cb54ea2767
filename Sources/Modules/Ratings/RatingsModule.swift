package import Cases
package import Foundation
package import Packages
package import Storage
package import Web

/// Ratings of ended cases 好差评 (GB/T 39735-2020; 国办发〔2019〕51号): five grades, tags, words, once again later.
///
/// Neighbours: stands on Cases and on Packages, which are rated once as a whole; supervisors see its figures on the desk.
package struct RatingsModule: Module {
    package let name = "ratings"
    package var migrations: [Migration] { [M001.migration] }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let cases: CasesAPI
    let packages: PackagesAPI
    let database: any Database

    package init(cases: CasesAPI, packages: PackagesAPI, database: any Database) {
        self.cases = cases
        self.packages = packages
        self.database = database
    }

    package func addRoutes(to routes: Routes) {
        RatingRoutes(cases: cases, packages: packages, database: database).add(to: routes)
    }
}
