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
    func addQueues(to queues: Queues)
}

extension Module {
    package var migrations: [Migration] { [] }
    package var permissions: [Permission] { [] }
    package func addRoutes(to routes: Routes) {}
    package func addJobs(to jobs: Jobs) {}
    package func addQueues(to queues: Queues) {}
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

/// What waits in a server or its database, and is counted for the operator.
package final class Queues {
    /// One queue, or several of a kind.
    package struct Queue: Sendable {
        package let name: String
        package let look: @Sendable (Moment, Transaction) throws -> QueueState
    }

    package private(set) var all: [Queue] = []

    package init() {}

    /// Shows how the queue of that name stands.
    package func add(_ name: String, _ look: @escaping @Sendable (Moment, Transaction) throws -> QueueState) {
        all.append(Queue(name: name, look: look))
    }
}
