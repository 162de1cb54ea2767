package import Foundation
package import Kernel
package import Logging
package import Storage
package import Web
import Workflow

/// Messages to residents in the program itself and through adapters for SMS and WeChat, and the operator's page over queues.
///
/// Basis: 行政许可法 arts. 32, 38, 44 (what an applicant has to be told). Neighbours: Workflow's outbox holds what is to be
/// sent; Cases posts it; Identity's sessions say whose messages they are. It keeps no text and no name: kinds and
/// parameters only.
package struct NotifyModule: Module {
    package let name = "notify"
    package var migrations: [Migration] { [M001.migration] }
    package var permissions: [Permission] { [NotifyPermissions.operations] }
    package var resources: URL { Self.folder }
    let notify: NotifyAPI
    let items: any ItemNames
    let adapters: [any MessageAdapter]
    let meter: StorageMeter
    let slow: SlowStatements?
    let jobs: JobBoard?
    let logger: Logger

    private static var folder: URL { Bundle.module.bundleURL.appendingPathComponent("Resources") }
    /// Where the texts of messages and SMS stand.
    static var texts: URL { folder.appendingPathComponent("Locales") }

    /// - Parameters:
    ///   - adapters: one for each way besides the page of messages; each gets the letters of its channel.
    ///   - files: the folder of uploads and documents, whose size the operator sees.
    ///   - slow: the record of slow statements, where one is kept.
    ///   - jobs: how the jobs of this server go.
    package init(
        notify: NotifyAPI, items: any ItemNames, adapters: [any MessageAdapter], files: URL,
        slow: SlowStatements? = nil, jobs: JobBoard? = nil, logger: Logger
    ) {
        self.notify = notify
        self.items = items
        self.adapters = adapters
        self.slow = slow
        self.jobs = jobs
        self.logger = logger
        meter = StorageMeter(database: notify.database, files: files)
    }

    package func addRoutes(to routes: Routes) {
        MessageRoutes(notify: notify, items: items).add(to: routes)
        StaffMessageRoutes(notify: notify, items: items).add(to: routes)
        OperationsRoutes(meter: meter, slow: slow, jobs: jobs).add(to: routes)
    }

    package func addQueues(to queues: Queues) {
        for channel in ["message"] + adapters.map(\.channel) {
            queues.add("outbox.\(channel)") { _, tx in try Outbox.queue(channel, tx) }
        }
    }

    package func addJobs(to jobs: Jobs) {
        let channels = adapters.filter(\.carriesMessages).map(\.channel)
        let delivery = MessageDelivery(database: notify.database, channels: channels, logger: logger)
        jobs.add("notify.deliver", every: 1) { now in try await delivery.run(at: now) }
        for adapter in adapters {
            let dispatch = AdapterDispatch(database: notify.database, adapter: adapter, logger: logger)
            jobs.add("notify.\(adapter.channel)", every: 2) { now in try await dispatch.run(at: now) }
        }
        let meter = meter
        jobs.add("notify.storage", every: 300) { now in try await meter.measure(at: now) }
    }
}

/// What the operator's page asks for.
package enum NotifyPermissions {
    /// Queues, late timers, dead letters, storage.
    package static let operations = Permission("operations.view")
}
