import Kernel
import Synchronization
import Web

/// How far exports are that are being sent right now: kept in memory, gone ten minutes after the last row.
final class ExportProgress: Sendable {
    struct Entry: Sendable {
        var rows = 0
        let total: Int
        var ended = false
        var failed = false
        let begunAt: Moment
        var touched: Moment
    }

    private static let life: Int64 = 600
    private let entries = Mutex<[String: Entry]>([:])

    /// Begins to count for a member of staff; whatever was not touched for ten minutes goes.
    func begin(_ key: String, total: Int, at now: Moment) {
        entries.withLock { entries in
            entries = entries.filter { $0.value.touched.adding(seconds: Self.life) > now }
            entries[key] = Entry(total: total, begunAt: now, touched: now)
        }
    }

    func add(_ rows: Int, to key: String, at now: Moment) {
        entries.withLock { entries in
            entries[key]?.rows += rows
            entries[key]?.touched = now
        }
    }

    /// The last row was sent, or the connection broke off before.
    func end(_ key: String, failed: Bool) {
        entries.withLock { entries in
            entries[key]?.ended = true
            entries[key]?.failed = failed
        }
    }

    /// Exports under way; those that broke off without a word end after ten minutes.
    var queue: QueueState {
        let running = entries.withLock { $0.values.filter { !$0.ended } }
        return QueueState("exports", depth: running.count, oldest: running.map(\.begunAt).min())
    }

    /// Nil for an export that another server sends, or that ended long ago.
    func entry(_ key: String) -> Entry? { entries.withLock { $0[key] } }
}
