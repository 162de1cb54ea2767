import Foundation
import Kernel
import Storage
import Web

/// What `/readyz` looks at: database, disk and clock. The sentences are for the operator (docs/operations.md).
enum Watch {
    /// Below this many bytes the server asks for room.
    static let leastSpace = 64 << 20
    /// A database that takes longer is treated as not there.
    static let patience = Duration.seconds(3)

    static func readiness(database: any Database, data: URL, clock: SteadyTime?) -> Readiness {
        Readiness([
            { await self.database(database) },
            { space(data) },
            { clock.flatMap { self.clock(lag: $0.lag) } },
        ])
    }

    private static func database(_ database: any Database) async -> String? {
        do {
            return try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask { try await database.read { tx in try tx.value("SELECT 1", as: Int.self) } == 1 }
                group.addTask {
                    try await Task.sleep(for: patience)
                    return false
                }
                defer { group.cancelAll() }
                return try await group.next() == true
                    ? nil : "database: no answer within \(patience.components.seconds) s; look at its load and its log"
            }
        } catch {
            return
                "database: cannot be reached; start it, or look at --database and the network. Serving goes on by itself"
        }
    }

    static func space(_ data: URL) -> String? {
        let system = try? FileManager.default.attributesOfFileSystem(forPath: data.path)
        guard let free = (system?[.systemFreeSize] as? NSNumber)?.intValue else {
            return "disk: \(data.path) cannot be read; mount it"
        }
        return free < leastSpace
            ? "disk: \(free >> 20) MiB left in \(data.path); make room. Serving goes on by itself" : nil
    }

    static func clock(lag: Int64) -> String? {
        lag > 60_000
            ? "clock: it stands \(lag / 1000) s behind what it was; set it right (the office's time waits for it), or restart"
            : nil
    }
}
