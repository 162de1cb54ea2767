import GRDB
import Storage
import Synchronization

/// The connections that read, each on a snapshot of its own.
///
/// A read takes tens of microseconds and never waits for the writer (WAL), so it runs on the thread that asks for it: handing it to
/// another thread and back costs more than the read. Who finds no connection free waits without holding a thread.
final class ReaderSet: Sendable {
    fileprivate typealias Given = Result<Reader, StorageError>
    fileprivate typealias Waiting = CheckedContinuation<Given, Never>

    fileprivate struct State {
        var idle: [Reader] = []
        /// Connections that were opened.
        var opened = 0
        var waiting: [Waiting] = []
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

    private enum Found {
        case reader(Reader), room, none, closed
    }

    /// A connection for one read, waited for where all are at work.
    ///
    /// - Throws: `StorageError.unavailable` where the database is closed or the file cannot be opened.
    func take() async throws(StorageError) -> Reader {
        switch state.withLock({ look(&$0) }) {
        case .reader(let reader): return reader
        case .closed: throw .unavailable("the database is closed")
        case .room: return try open()
        case .none: break
        }
        let given: Given = await withCheckedContinuation { continuation in
            let found = state.withLock { state in
                let found = look(&state)
                if case .none = found { state.waiting.append(continuation) }
                return found
            }
            switch found {
            case .none: break
            case .reader(let reader): continuation.resume(returning: .success(reader))
            case .closed: continuation.resume(returning: .failure(.unavailable("the database is closed")))
            case .room:
                do throws(StorageError) { continuation.resume(returning: .success(try open())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try given.get()
    }

    /// What there is for one more read; room is taken by whoever is told of it.
    private func look(_ state: inout State) -> Found {
        if state.closed { return .closed }
        if let reader = state.idle.popLast() { return .reader(reader) }
        guard state.opened < count else { return .none }
        state.opened += 1
        return .room
    }

    private func open() throws(StorageError) -> Reader {
        do { return try Reader(path: path) } catch {
            // With no connection left nobody would ever serve those who wait.
            let (waiting, closing) = state.withLock { state -> ([Waiting], CheckedContinuation<Void, Never>?) in
                state.opened -= 1
                var waiting: [Waiting] = []
                while state.opened == 0, let next = state.nextWaiting() { waiting.append(next) }
                return (waiting, state.idle.count == state.opened ? state.closing : nil)
            }
            for one in waiting { one.resume(returning: .failure(error)) }
            closing?.resume()
            throw error
        }
    }

    /// Gives a connection to who has waited longest.
    func giveBack(_ reader: Reader) {
        let (next, closing) = state.withLock {
            state -> (Waiting?, CheckedContinuation<Void, Never>?) in
            if let next = state.nextWaiting() { return (next, nil) }
            state.idle.append(reader)
            return (nil, state.idle.count == state.opened ? state.closing : nil)
        }
        next?.resume(returning: .success(reader))
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
    fileprivate mutating func nextWaiting() -> ReaderSet.Waiting? {
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
            defer { if (try? runner.command("COMMIT")) == nil { try? runner.command("ROLLBACK") } }
            let transaction = Transaction(dialect: .sqlite, runner: runner)
            let result = try body(transaction)
            if let failure = runner.failure { throw failure }
            transaction.runCommitActions()
            return result
        }
    }
}
