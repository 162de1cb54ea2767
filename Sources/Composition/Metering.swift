import CoreMetrics
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Synchronization
import Web

/// The program's figures for Prometheus.
package enum Metering {
    private static let registry = PrometheusMetrics()
    private static let started = Mutex(false)

    /// Sets the collector up, once in a process.
    package static func bootstrap() {
        let first = started.withLock { started in
            defer { started = true }
            return !started
        }
        if first { MetricsSystem.bootstrap(registry) }
    }

    /// `/metrics`, to callers on the machine itself only.
    static func response(_ exchange: Exchange) throws -> Response {
        guard exchange.address == "127.0.0.1" || exchange.address == "::1" || exchange.address == "local" else {
            throw Kernel.DomainError.notFound
        }
        return Response(
            status: .ok, headers: [.contentType: PrometheusMetrics.contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: registry.render())))
    }
}
