package import Foundation
package import Storage
package import Web

/// The office's machinery: journals, tasks, timers, lights, vaults, outbox, numbers.
///
/// Neighbours: every module with proceedings stands on it; it knows none of them. Legal basis of what it records: 行政许可法
/// arts. 30, 39, 42–45 (time limits), GB/T 39046-2020 (step states, timer states).
package struct WorkflowModule: Module {
    package let name = "workflow"
    package var migrations: [Migration] { [M001.migration] }
    package var resources: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }

    package init() {}

    package func addQueues(to queues: Queues) {
        queues.add("timers") { now, tx in try TimerStore.queue(at: now, tx) }
        queues.add("forgotten") { _, tx in try ForgottenStore.queue(tx) }
    }
}
