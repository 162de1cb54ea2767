package import Kernel
import Synchronization

/// A clock that stands still until a test moves it.
package final class FixedTime: Sendable {
    /// Thursday, 12 March 2026, 09:30 in Shanghai: a working day within office hours.
    package static let start = Moment(milliseconds: 1_773_279_000_000)

    private let moment: Mutex<Moment>

    package init(_ moment: Moment = FixedTime.start) { self.moment = Mutex(moment) }

    package var now: Moment { moment.withLock { $0 } }

    /// What the program under test reads the time from.
    package var source: TimeSource { TimeSource { self.now } }

    /// Puts the clock to a moment, forward or back.
    package func set(_ moment: Moment) { self.moment.withLock { $0 = moment } }

    /// Moves the clock on by so many seconds.
    package func advance(seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }

    /// Moves the clock on by whole days of 24 hours.
    package func advance(days: Int64) { advance(seconds: days * 86_400) }
}
