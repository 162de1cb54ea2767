package import Foundation
package import Kernel
package import Storage
package import Web

/// Registers that departments keep (户籍, 参保, 不动产, 经营主体), as far as decisions without a person (秒批) ask them: brought by the
/// department as dated lists, asked by one number at a time, in the request of the decision.
///
/// Basis: 《政务数据共享条例》（国务院令第 809 号）; 个人信息保护法 arts. 6 (no more than needed), 51 (sealed, rights, logged). A list lies
/// sealed under a key of its own and is found by a keyed code of the number; when a newer one takes its place the key is destroyed.
/// Nobody can look into a list: pages show its date and its length.
///
/// Neighbours: Catalogue declares registers (`pack.yaml`) and what items ask them; Cases asks; Identity keeps the log of imports.
package struct RegistersModule: Module {
    package let name = "registers"
    package var migrations: [Migration] { [M001.migration] }
    package var permissions: [Permission] { RegistersPermissions.all }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    let registers: RegistersAPI

    package init(registers: RegistersAPI) { self.registers = registers }

    package func addRoutes(to routes: Routes) { RegisterPages(registers: registers).add(to: routes) }

    package func addJobs(to jobs: Jobs) {
        let registers = registers
        jobs.add("registers.sweep", every: 3600) { now in try await registers.sweep(at: now) }
    }
}

/// What the module's routes ask for.
package enum RegistersPermissions {
    /// Bring lists into the registers of one's own department.
    package static let keep = Permission("registers.keep")
    package static let all = [keep]
}
