package import Foundation
package import Kernel
package import Storage

/// A part of the office: the same inner shape for all (docs/architecture.md, "A module").
package protocol Module: Sendable {
    /// In lower case: prefix of its migrations, templates, texts and permissions.
    var name: String { get }
    var migrations: [Migration] { get }
    var permissions: [Permission] { get }
    /// The folder with `Views`, `Locales` and `openapi.json`.
    var resources: URL { get }
    func addRoutes(to routes: Routes)
    func addJobs(to jobs: Jobs)
}

extension Module {
    package var migrations: [Migration] { [] }
    package var permissions: [Permission] { [] }
    package func addRoutes(to routes: Routes) {}
    package func addJobs(to jobs: Jobs) {}
}

/// Work that a server does by itself, again and again.
package final class Jobs {
    /// One piece of such work.
    package struct Job: Sendable {
        package let name: String
        /// Seconds between two runs.
        package let every: Int
        package let run: @Sendable (Moment) async throws -> Void
    }

    package private(set) var all: [Job] = []

    package init() {}

    /// Runs `run` every so many seconds; a run that throws is logged and tried again.
    package func add(_ name: String, every seconds: Int, _ run: @escaping @Sendable (Moment) async throws -> Void) {
        all.append(Job(name: name, every: seconds, run: run))
    }
}
