import Dispatch
import Storage
import Synchronization

/// One unit of work, from the queue to its answer; whoever ends it first answers it, and only once.
final class PostgresUnit: Sendable {
    private enum Phase {
        case waiting
        case connecting
        /// Statements may be cancelled through this.
        case running(PostgresCanceller)
        /// Once COMMIT is on its way, cancelling could only blur the outcome.
        case committing
        case ended
    }

    /// Runs the unit; answers what tells its caller.
    let run: @Sendable (Transaction) throws -> @Sendable () -> Void
    let isWrite: Bool
    private let added = DispatchTime.now()
    private let fail: @Sendable (any Error) -> Void
    private let state = Mutex<(phase: Phase, cancelled: Bool)>((.waiting, false))

    init(
        isWrite: Bool, run: @escaping @Sendable (Transaction) throws -> @Sendable () -> Void,
        fail: @escaping @Sendable (any Error) -> Void
    ) {
        self.isWrite = isWrite
        self.run = run
        self.fail = fail
    }

    /// Seconds since it was put in the queue.
    var age: Double { Double(DispatchTime.now().uptimeNanoseconds - added.uptimeNanoseconds) / 1e9 }

    var isCancelled: Bool { state.withLock { $0.cancelled } }

    /// Takes the unit from the queue; false where it has ended, as by cancellation.
    func begin() -> Bool {
        state.withLock { state in
            guard case .waiting = state.phase else { return false }
            state.phase = .connecting
            return true
        }
    }

    /// From now on statements may be cancelled; false where the unit was cancelled already.
    func willRun(on session: PostgresSession) -> Bool {
        state.withLock { state in
            state.phase = .running(session.canceller)
            return !state.cancelled
        }
    }

    /// No statement of this unit is to be cancelled any more; waits for a cancellation under way.
    func willEnd() { state.withLock { state in state.phase = .committing } }

    /// Answers with an error, or with the cancellation that caused it; an unknown outcome stays one.
    func end(throwing error: any Error) {
        let (first, cancelled) = finish()
        guard first else { return }
        if case .unknownOutcome? = error as? StorageError {
            fail(error)
        } else {
            fail(cancelled ? CancellationError() : error)
        }
    }

    func end(_ answer: @Sendable () -> Void) { if finish().first { answer() } }

    private func finish() -> (first: Bool, cancelled: Bool) {
        state.withLock { state in
            if case .ended = state.phase { return (false, state.cancelled) }
            state.phase = .ended
            return (true, state.cancelled)
        }
    }

    /// The task waiting for this unit was cancelled: it leaves the queue, or its statement is stopped.
    func cancel() {
        let wasWaiting = state.withLock { state in
            state.cancelled = true
            guard case .waiting = state.phase else { return false }
            state.phase = .ended
            return true
        }
        if wasWaiting {
            fail(CancellationError())
        }
        // Asking the server opens a connection: not on the cancelling task's thread.
        else {
            DispatchQueue.global().async { self.stopStatement() }
        }
    }

    /// Under the lock, so that it cannot hit the next unit of the connection.
    private func stopStatement() {
        state.withLock { state in if case .running(let canceller) = state.phase { canceller.cancel() } }
    }
}
