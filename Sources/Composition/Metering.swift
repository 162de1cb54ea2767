import CoreMetrics
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Storage
import Synchronization
import Web
import Workflow

/// The program's figures for Prometheus.
package enum Metering {
    private static let registry = PrometheusMetrics(help: Measured.help)
    private static let started = Mutex(false)

    /// Sets the collector up, once in a process.
    package static func bootstrap() {
        let first = started.withLock { started in
            defer { started = true }
            return !started
        }
        if first { MetricsSystem.bootstrap(registry) }
    }

    static var text: String { registry.render() }

    /// `/metrics`, to callers on the machine itself only.
    static func response(_ exchange: Exchange) throws -> Response {
        guard exchange.address == "127.0.0.1" || exchange.address == "::1" || exchange.address == "local" else {
            throw Kernel.DomainError.notFound
        }
        return Response(
            status: .ok, headers: [.contentType: PrometheusMetrics.contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

/// Looks at every queue and shows how it stands.
final class QueueGauges: Sendable {
    private let database: any Database
    private let queues: [Queues.Queue]

    init(database: any Database, modules: [any Module]) {
        self.database = database
        let queues = Queues()
        for module in modules { module.addQueues(to: queues) }
        self.queues = queues.all
    }

    var names: [String] { queues.map(\.name) }

    /// One unit a queue: what one of them comes to keeps none of the others from being seen.
    func measure(at now: Moment) async throws {
        var failed: (any Error)?
        for queue in queues {
            do {
                Measured.queue(try await database.read { tx in try queue.look(now, tx) }, at: now)
            } catch { failed = error }
        }
        if let failed { throw failed }
    }
}

extension House {
    /// The commands of every kind of proceeding.
    package var commands: [(proceeding: String, names: [String])] {
        replays.map { (proceeding: $0.kind, names: $0.commands) }
    }

    /// Every queue by name.
    package var queues: [String] { gauges.names }

    /// Shows every command, route and queue from the start, before the first of each: what never happened is a zero, not a gap.
    package func declareMetrics() {
        for (proceeding, names) in commands {
            for name in names { Measured.declare(command: name, of: proceeding) }
        }
        for route in routes.entries { Measured.declare(route) }
        let now = time.now()
        for name in queues { Measured.queue(QueueState(name, depth: 0), at: now) }
    }

    /// What `/metrics` shows now.
    package var metrics: String { Metering.text }
}
