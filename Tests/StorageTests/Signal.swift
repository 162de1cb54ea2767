import Dispatch

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
