import Dispatch
import Synchronization

/// Lets a unit on a database thread and the test wait for each other.
struct Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func give() { semaphore.signal() }

    /// Waits on a database thread; at most ten seconds, so that a failing test ends.
    func wait() { _ = semaphore.wait(timeout: .now() + 10) }

    /// Waits in a task.
    func received() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                wait()
                continuation.resume()
            }
        }
    }
}

/// Counts what happens on database threads.
final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}
