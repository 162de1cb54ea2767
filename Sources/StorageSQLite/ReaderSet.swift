import GRDB
import Storage
import Synchronization

/// The connections that read, each on a snapshot of its own.
///
/// A read takes tens of microseconds and never waits for the writer (WAL), so it runs on the thread that asks for it: handing it to
/// another thread and back costs more than the read. Who finds no connection free waits without holding a thread.
final class ReaderSet: Sendable {
    fileprivate struct State {
        var idle: [Reader] = []
        /// Connections that were opened.
        var opened = 0
        var waiting: [CheckedContinuation<Reader?, Never>] = []
        /// Waiting ones before this index were served.
        var head = 0
        var closed = false
        /// Who closes and waits for the reads under way.
        var closing: CheckedContinuation<Void, Never>?
    }

    private let path: String
    private let count: Int
    private let state = Mutex(State())

    init(path: String, count: Int) {
        self.path = path
        self.count = count
    }

    /// A connection for one read, waited for where all are at work.
    ///
    /// - Throws: `StorageError.unavailable` where the database is closed or the file cannot be opened.
    func take() async throws(StorageError) -> Reader {
        enum Found { case reader(Reader), room, none, closed }
        let found = state.withLock { state -> Found in
            if state.closed { return .closed }
            if let reader = state.idle.popLast() { return .reader(reader) }
            guard state.opened < count else { return .none }
            state.opened += 1
            return .room
        }
        switch found {
        case .reader(let reader): return reader
        case .closed: throw .unavailable("the database is closed")
        case .room: return try open()
        case .none:
            let given = await withCheckedContinuation { continuation in
                let now = state.withLock { state -> Reader?? in
                    if state.closed { return .some(nil) }
                    if let reader = state.idle.popLast() { return reader }
                    state.waiting.append(continuation)
                    return .none
                }
                if let now { continuation.resume(returning: now) }
            }
            guard let given else { throw .unavailable("the database is closed") }
            return given
        }
    }

    private func open() throws(StorageError) -> Reader {
        do { return try Reader(path: path) } catch {
            let (waiting, closing) = state.withLock {
                state -> (CheckedContinuation<Reader?, Never>?, CheckedContinuation<Void, Never>?) in
                state.opened -= 1
                // With no connection left nobody would ever serve those who wait.
                return (
                    state.opened == 0 ? state.nextWaiting() : nil,
                    state.idle.count == state.opened ? state.closing : nil
                )
            }
            waiting?.resume(returning: nil)
            closing?.resume()
            throw error
        }
    }

    /// Gives a connection to who has waited longest.
    func giveBack(_ reader: Reader) {
        let (next, closing) = state.withLock {
            state -> (CheckedContinuation<Reader?, Never>?, CheckedContinuation<Void, Never>?) in
            if let next = state.nextWaiting() { return (next, nil) }
            state.idle.append(reader)
            return (nil, state.idle.count == state.opened ? state.closing : nil)
        }
        next?.resume(returning: reader)
        closing?.resume()
    }

    /// Takes no further read, returns when those under way have ended; false where it was closed before.
    func close() async -> Bool {
        let first = state.withLock { state in
            defer { state.closed = true }
            return !state.closed
        }
        guard first else { return false }
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state in
                if state.idle.count < state.opened { state.closing = continuation }
                return state.idle.count == state.opened
            }
            if ended { continuation.resume() }
        }
        state.withLock { state in state.idle = [] }
        return true
    }
}

extension ReaderSet.State {
    mutating func nextWaiting() -> CheckedContinuation<Reader?, Never>? {
        guard head < waiting.count else { return nil }
        defer {
            head += 1
            if head == waiting.count {
                waiting.removeAll(keepingCapacity: head <= 1024)
                head = 0
            }
        }
        return waiting[head]
    }
}

/// One connection that only reads.
final class Reader: Sendable {
    private let connection: DatabaseQueue

    init(path: String) throws(StorageError) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.label = "tongban.reader"
        do { connection = try DatabaseQueue(path: path, configuration: configuration) } catch {
            throw StorageError(opening: error)
        }
    }

    /// Runs a unit on a snapshot, on the caller's thread.
    func run<Result>(_ body: (Transaction) throws -> Result) throws -> Result {
        try connection.unsafeRead { connection in
            let runner = try SQLiteRunner(connection)
            try runner.command("BEGIN DEFERRED")
            defer { try? runner.command("COMMIT") }
            let transaction = Transaction(dialect: .sqlite, runner: runner)
            let result = try body(transaction)
            if let failure = runner.failure { throw failure }
            transaction.runCommitActions()
            return result
        }
    }
}
