import Foundation
import Storage

/// One thread with one connection: takes units from the queue and runs each in a transaction.
final class PostgresWorker {
    /// How often a unit runs before a lost race is its caller's.
    static let attempts = 10
    /// How often a connection is tried before a unit fails as unavailable.
    static let connects = 4

    /// Seconds after which nobody waits for a connection any longer: with a server that is gone or slow, those who came
    /// later would otherwise wait for all who came before.
    static let longestWait = 10.0
    /// Seconds after which no further connection is tried for a unit.
    static let longestConnect = 3.0

    private let options: PostgresOptions
    private var session: PostgresSession?

    init(_ options: PostgresOptions) { self.options = options }

    /// Ends the connection.
    func disconnect() { session = nil }

    /// Runs a unit to its answer.
    func perform(_ unit: PostgresUnit) {
        guard unit.begin() else { return }
        guard unit.age < Self.longestWait else {
            unit.end(throwing: StorageError.unavailable("no connection was free for \(Int(unit.age)) s"))
            return
        }
        var attempt = 1
        while true {
            switch tryOnce(unit) {
            case .done(let transaction, let answer):
                transaction.runCommitActions()
                unit.end(answer)
                return
            case .failed(let error):
                unit.end(throwing: error)
                return
            case .again(let error):
                guard attempt < Self.attempts, !unit.isCancelled else {
                    unit.end(throwing: error)
                    return
                }
                pause(milliseconds: min(200, 4 << attempt))
                attempt += 1
            }
        }
    }

    private enum Outcome {
        case done(Transaction, @Sendable () -> Void)
        case failed(any Error)
        /// Nothing was kept, and running again may succeed.
        case again(any Error)
    }

    private func tryOnce(_ unit: PostgresUnit) -> Outcome {
        let wasIdle = self.session != nil
        let session: PostgresSession
        do throws(StorageError) { session = try begin(unit) } catch { return .failed(error) }
        let runner = PostgresRunner(session)
        let transaction = Transaction(dialect: .postgres, runner: runner)
        guard unit.willRun(on: session) else {
            rollBack(session)
            return .failed(CancellationError())
        }
        let answer: @Sendable () -> Void
        do {
            answer = try unit.run(transaction)
            if let failure = runner.failure { throw failure }
        } catch {
            unit.willEnd()
            return afterFailure(session, runner, error, wasIdle: wasIdle)
        }
        unit.willEnd()
        do throws(PostgresFailure) {
            guard unit.isWrite else {
                // A read has seen its snapshot whole; only what it should not have put may still be refused.
                if session.hasUnanswered { try session.settle() }
                try session.commandUnheard("COMMIT")
                return .done(transaction, answer)
            }
            // A connection that was lost while it was idle is to be noticed before COMMIT is on its way.
            if !session.heard { try session.settle() }
            let tag = try session.command("COMMIT")
            guard tag == "COMMIT" else {
                return .failed(StorageError.unavailable("the server answered \(tag) to COMMIT"))
            }
        } catch {
            if !session.heard || (!error.lost && error.statement != "COMMIT") {
                // One of the last statements failed, and so nothing was committed.
                let failure = runner.noteLate(error)
                return afterFailure(session, runner, failure, wasIdle: wasIdle)
            }
            if error.lost { self.session = nil } else { rollBack(session) }
            if error.isRace { return .again(error.errorAtCommit) }
            // A read has seen its snapshot whole; there is no outcome to be unknown.
            if unit.isWrite { return .failed(error.errorAtCommit) }
        }
        return .done(transaction, answer)
    }

    /// A transaction begun on a connection that lives, made anew where it does not.
    private func begin(_ unit: PostgresUnit) throws(StorageError) -> PostgresSession {
        var lost: PostgresFailure?
        let age = unit.age
        for attempt in 1...Self.connects where unit.age - age < Self.longestConnect {
            do {
                let session = try self.session ?? PostgresSession(options)
                self.session = session
                try session.begin(
                    unit.isWrite
                        ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                        : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                return session
            } catch let failure as PostgresFailure {
                // Nothing of the unit has run: a server that restarted is simply connected to again.
                let wasIdle = session != nil
                session = nil
                lost = failure
                if wasIdle { continue }
            } catch {
                throw .unavailable("\(error)")
            }
            if unit.isCancelled { break }
            pause(milliseconds: 50 << attempt)
        }
        throw .unavailable(lost.map { "no connection to PostgreSQL: \($0.message)" } ?? "no connection to PostgreSQL")
    }

    /// Rolls the transaction back; a connection that cannot even do that is given up.
    private func rollBack(_ session: PostgresSession) {
        do throws(PostgresFailure) { try session.rollBack() } catch { self.session = nil }
    }

    /// What becomes of a unit that threw `error`, by what the server had answered to it.
    private func afterFailure(
        _ session: PostgresSession, _ runner: PostgresRunner, _ error: any Error, wasIdle: Bool
    ) -> Outcome {
        guard let failure = runner.serverFailure else {
            rollBack(session)
            return .failed(error)
        }
        if failure.lost {
            self.session = nil
            // Nothing of the unit has run: a server that restarted is simply connected to again.
            return wasIdle && !session.heard ? .again(error) : .failed(runner.failure ?? error)
        }
        if failure.statement?.hasPrefix("BEGIN ") == true {
            // The server takes no such transaction here, as after a change of its role: another connection may lead elsewhere.
            self.session = nil
            return wasIdle ? .again(error) : .failed(StorageError.unavailable(failure.message))
        }
        rollBack(session)
        if failure.isStale {
            do throws(PostgresFailure) { try session.forgetStatements() } catch { self.session = nil }
            return .again(error)
        }
        return failure.isRace ? .again(error) : .failed(error)
    }

    /// Waits between half the time and all of it, so that those who collided do not meet again.
    private func pause(milliseconds: Int) {
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1000 * Double.random(in: 0.5...1))
    }
}
