package import Kernel
package import Logging
package import Storage

/// Fires the timers of one kind of proceeding; filled by the module that owns the kind.
package protocol TimerHandler: Sendable {
    var kind: String { get }
    /// Applies what fell due; false where another server was faster.
    func fire(_ timer: TimerStore.Due, at now: Moment, request: String, _ tx: Transaction) throws -> Bool
}

/// Looks for timers that fell due and lets their proceedings act; each in a transaction of its own.
package struct TimerWorker: Sendable {
    private let database: any Database
    private let handlers: [String: any TimerHandler]
    private let logger: Logger

    package init(database: any Database, handlers: [any TimerHandler], logger: Logger) {
        self.database = database
        self.handlers = Dictionary(handlers.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.logger = logger
    }

    /// Fires what is due now; answers how many timers this server fired.
    @discardableResult
    package func run(at now: Moment) async throws -> Int {
        var fired = 0
        while true {
            let due = try await database.read { tx in try TimerStore.due(at: now, limit: 100, tx) }
            var progress = false
            for timer in due {
                guard let handler = handlers[timer.kind] else { continue }
                do {
                    let did = try await database.write { tx in
                        try handler.fire(timer, at: now, request: "timer-\(timer.id)", tx)
                    }
                    if did {
                        fired += 1
                        progress = true
                    }
                } catch {
                    logger.error("timer failed", metadata: ["timer": "\(timer.id)", "error": "\(error)"])
                }
            }
            if due.count < 100 || !progress { return fired }
        }
    }
}
