import Cases
import Directory
import Foundation
package import Identity
package import Kernel
import Storage
import Workflow

/// A resident's packages for himself: what was handed in at once, and how the steps went; the cases are among his applications.
package struct OwnPackages: OwnData {
    package let key = "packages"
    private let packages: PackagesAPI
    private static let most = 1_000

    package init(packages: PackagesAPI) { self.packages = packages }

    /// Packages of every area, newest first.
    package func data(of account: AccountReference, at now: Moment) async throws -> JSON {
        var found: [JSON] = []
        for (area, _) in try await packages.cases.directory.areas() {
            let lines = try await packages.cases.database.read { tx in
                try PackagesStore.owned(by: account.id, area: area, limit: Self.most, tx)
            }
            for line in lines {
                let opened: OpenPackage
                do { opened = try await packages.open(line.number, area: area) } catch DomainError.notFound { continue }
                found.append([
                    "number": .string(line.number), "area": .string(area.text), "package": .string(line.package),
                    "stage": .string(line.stage.rawValue), "submittedAt": .string(line.openedAt.description),
                    "handedIn": try opened.text(opened.state.form.slot).map { try JSON(parsing: $0) } ?? .null,
                    "cases": .array(opened.state.steps.compactMap(\.number).map { .string($0) }),
                ])
            }
        }
        return .array(found)
    }
}
