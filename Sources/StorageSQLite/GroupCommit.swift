import Dispatch
import Foundation
import GRDB
import GRDBSQLite
import Storage
import Synchronization

/// One unit of work on its way to the writer.
struct WriteUnit: Sendable {
    /// Runs the unit; answers what tells its caller that it is durable.
    let run: @Sendable (Transaction) throws -> @Sendable () -> Void
    /// Tells its caller that nothing of it was kept.
    let fail: @Sendable (any Error) -> Void
}

/// The writer: takes all units waiting, runs each in its own savepoint, commits once, and only then answers them.
///
/// One `fsync` so serves many units, and none is answered before it is durable.
final class GroupCommit: Sendable {
    /// The most units of one transaction.
    static let largestBatch = 256
    /// Nanoseconds after which a transaction takes no further unit.
    static let longestBatch: UInt64 = 50_000_000
    /// Microseconds between two looks for company, and how often it is looked for: together the longest a unit waits for others.
    static let patience = (pause: UInt32(150), looks: 8)

    private struct Waiting {
        var units: [WriteUnit] = []
        /// Units before this index are taken already.
        var head = 0
        /// Whether the writer's thread is at work or was called.
        var awake = false
        /// How many units a transaction took of late, in eighths.
        var usual = 8
        var closed = false
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    private let pool: DatabasePool
    private let waiting = Mutex(Waiting())

    init(pool: DatabasePool) { self.pool = pool }

    /// Puts a unit in the queue and calls the writer.
    func add(_ unit: WriteUnit) {
        let (closed, wake) = waiting.withLock { waiting in
            if waiting.closed { return (true, false) }
            waiting.units.append(unit)
            defer { waiting.awake = true }
            return (false, !waiting.awake)
        }
        if closed { unit.fail(StorageError.unavailable("the database is closed")) }
        if wake { pool.asyncWriteWithoutTransaction { connection in self.drain(connection) } }
    }

    /// Takes no further unit and returns when those waiting were answered.
    func close() async {
        await withCheckedContinuation { continuation in
            let idle = waiting.withLock { waiting in
                waiting.closed = true
                if waiting.awake { waiting.closing.append(continuation) }
                return !waiting.awake
            }
            if idle { continuation.resume() }
        }
    }

    private func drain(_ connection: GRDB.Database) {
        let runner: SQLiteRunner
        do { runner = try SQLiteRunner(connection) } catch {
            while let unit = next(orRest: true) { unit.fail(error) }
            return
        }
        while let unit = next(orRest: true) {
            awaitCompany()
            runBatch(beginningWith: unit, on: runner)
        }
    }

    /// Those who were answered together come again one by one: where many were, a moment's patience saves each of them a
    /// transaction, its pages and its `fsync`. Who is alone does not wait.
    private func awaitCompany() {
        for _ in 0..<Self.patience.looks {
            let expected = waiting.withLock { waiting in
                waiting.usual / 16 > max(1, waiting.units.count - waiting.head) && !waiting.closed
            }
            guard expected else { return }
            usleep(Self.patience.pause)
        }
    }

    /// Remembers how many a transaction took.
    private func note(_ count: Int) {
        waiting.withLock { waiting in waiting.usual += count - waiting.usual / 8 }
    }

    /// The next unit; with `orRest` the writer goes to sleep where there is none.
    private func next(orRest: Bool) -> WriteUnit? {
        let (unit, closing): (WriteUnit?, [CheckedContinuation<Void, Never>]) = waiting.withLock { waiting in
            if waiting.head < waiting.units.count {
                defer {
                    waiting.head += 1
                    if waiting.head == waiting.units.count {
                        waiting.units.removeAll(keepingCapacity: waiting.head <= 1024)
                        waiting.head = 0
                    }
                }
                return (waiting.units[waiting.head], [])
            }
            guard orRest else { return (nil, []) }
            waiting.awake = false
            defer { waiting.closing = [] }
            return (nil, waiting.closing)
        }
        for continuation in closing { continuation.resume() }
        return unit
    }

    /// One transaction. Nobody is answered before its end, not even a unit that failed: what it saw and failed for may
    /// have been written by a unit before it.
    private func runBatch(beginningWith first: WriteUnit, on runner: SQLiteRunner) {
        do { try runner.command("BEGIN IMMEDIATE") } catch {
            // Another process holds the file: those waiting now would only wait as long again.
            first.fail(error)
            while let unit = next(orRest: false) { unit.fail(error) }
            return
        }
        let began = DispatchTime.now().uptimeNanoseconds
        var batch = Batch(runner: runner)
        var unit: WriteUnit? = first
        while let current = unit {
            guard batch.run(current) else { return }
            guard batch.count < Self.largestBatch, DispatchTime.now().uptimeNanoseconds - began < Self.longestBatch
            else {
                break
            }
            unit = next(orRest: false)
        }
        note(batch.count)
        batch.commit()
    }
}

/// The units of one open transaction.
private struct Batch {
    private enum Outcome {
        case done(WriteUnit, Transaction, @Sendable () -> Void)
        case failed(WriteUnit, any Error)
    }

    let runner: SQLiteRunner
    private var outcomes: [Outcome] = []

    init(runner: SQLiteRunner) { self.runner = runner }

    var count: Int { outcomes.count }

    /// Runs a unit; false where the transaction has ended and everybody was answered.
    mutating func run(_ unit: WriteUnit) -> Bool {
        // The first unit needs no savepoint: rolling the transaction back harms nobody else.
        let alone = outcomes.isEmpty
        do {
            if !alone { try runner.command("SAVEPOINT unit") }
        } catch {
            abandon(unit, error)
            return false
        }
        let transaction = Transaction(dialect: .sqlite, runner: runner)
        do {
            runner.failure = nil
            let answer = try unit.run(transaction)
            if let failure = runner.failure { throw failure }
            guard runner.isInTransaction else { throw StorageError.unavailable("SQLite ended the transaction") }
            if !alone { try runner.command("RELEASE unit") }
            outcomes.append(.done(unit, transaction, answer))
            return true
        } catch {
            // Disk full and I/O errors make SQLite roll back the whole transaction by itself.
            guard runner.isInTransaction, !alone else {
                abandon(unit, error)
                return false
            }
            do {
                try runner.command("ROLLBACK TO unit")
                try runner.command("RELEASE unit")
            } catch let second {
                abandon(unit, second)
                return false
            }
            outcomes.append(.failed(unit, error))
            return true
        }
    }

    /// Commits and answers everybody.
    mutating func commit() {
        do {
            try runner.command("COMMIT")
        } catch {
            try? runner.command("ROLLBACK")
            failAll(error.atCommit)
            return
        }
        for outcome in outcomes {
            switch outcome {
            case .done(_, let transaction, let answer):
                transaction.runCommitActions()
                answer()
            case .failed(let unit, let error): unit.fail(error)
            }
        }
    }

    /// Ends the transaction because of `unit`, so that nothing of any unit is kept.
    private mutating func abandon(_ unit: WriteUnit, _ error: any Error) {
        if runner.isInTransaction { try? runner.command("ROLLBACK") }
        failAll(.unavailable("the transaction was lost: \(error)"))
        unit.fail(error)
    }

    private func failAll(_ error: StorageError) {
        for outcome in outcomes {
            switch outcome {
            case .done(let unit, _, _), .failed(let unit, _): unit.fail(error)
            }
        }
    }
}
