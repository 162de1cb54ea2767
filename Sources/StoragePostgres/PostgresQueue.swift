import Dispatch
import Storage
import Synchronization

/// The units waiting for a connection, and the threads that take them.
final class PostgresQueue: Sendable {
    private struct State {
        var units: [PostgresUnit] = []
        /// Units before this index are taken already.
        var head = 0
        var closed = false
        var threads: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    /// Counts the units waiting; once closed, every thread is called once more.
    private let calls = DispatchSemaphore(value: 0)

    init(threads: Int) { state = Mutex(State(threads: threads)) }

    func add(_ unit: PostgresUnit) {
        let closed = state.withLock { state in
            if !state.closed { state.units.append(unit) }
            return state.closed
        }
        if closed { unit.end(throwing: StorageError.unavailable("the database is closed")) } else { calls.signal() }
    }

    /// The next unit, waited for; nil where the queue is closed and empty.
    func next() -> PostgresUnit? {
        calls.wait()
        return state.withLock { state in
            guard state.head < state.units.count else { return nil }
            defer {
                state.head += 1
                if state.head == state.units.count {
                    state.units.removeAll(keepingCapacity: state.head <= 1024)
                    state.head = 0
                }
            }
            return state.units[state.head]
        }
    }

    /// Takes no further unit; those waiting still run.
    func close() {
        let threads = state.withLock { state in
            if state.closed { return 0 }
            state.closed = true
            return state.threads
        }
        for _ in 0..<threads { calls.signal() }
    }

    func threadEnded() {
        let waiting = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when all threads have ended.
    func ended() async {
        await withCheckedContinuation { continuation in
            let over = state.withLock { state in
                if state.threads > 0 { state.waiting.append(continuation) }
                return state.threads == 0
            }
            if over { continuation.resume() }
        }
    }
}
