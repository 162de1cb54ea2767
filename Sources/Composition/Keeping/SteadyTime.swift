package import Kernel
import Synchronization

/// The office's time: the system's, but it never runs backwards while the program runs.
///
/// Where the system's clock is set back, the office's time stands still until the clock has caught up, so that no entry of a
/// journal comes before the one it follows and none falls into an hour that is closed. After a restart the system's clock counts.
package final class SteadyTime: Sendable {
    private let latest = Mutex(Moment(milliseconds: 0))
    private let system: @Sendable () -> Moment

    package init(_ system: @escaping @Sendable () -> Moment = { Moment.now() }) { self.system = system }

    /// As an argument for everything that asks for the time.
    package var source: TimeSource { TimeSource { self.now() } }

    func now() -> Moment {
        let read = system()
        return latest.withLock { latest in
            latest = max(latest, read)
            return latest
        }
    }

    /// Milliseconds by which the system's clock stands behind the office's time.
    package var lag: Int64 {
        let read = system()
        return latest.withLock { max(0, $0.milliseconds - read.milliseconds) }
    }
}
