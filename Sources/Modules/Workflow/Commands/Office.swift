import Foundation
package import Kernel
package import Storage
import Web

/// Under what circumstances a command comes.
package struct Occasion: Sendable {
    package let area: AreaCode
    package let at: Moment
    package let actor: Actor
    /// The request's id: ties the journal to the logs.
    package let request: String

    package init(area: AreaCode, at: Moment, actor: Actor, request: String) {
        self.area = area
        self.at = at
        self.actor = actor
        self.request = request
    }
}

/// What a command did.
package struct Outcome<P: Proceeding>: Sendable {
    package let id: String
    package let state: P.State
    /// The journal's length after the command.
    package let version: Int
    package let events: [P.Event]
}

/// Keeps the columns that lists need, beside the state; called in the same transaction.
package protocol Projection<P>: Sendable {
    associatedtype P: Proceeding
    /// Brings the module's rows to the new state.
    func project(_ outcome: Outcome<P>, from occasion: Occasion, _ tx: Transaction) throws
    /// What stands on task rows so that an inbox needs no join: number and item.
    func labels(_ state: P.State) -> (number: String, item: String)
    /// The context of a command that a timer gives.
    func timerContext(_ state: P.State, id: String, _ occasion: Occasion, _ tx: Transaction) throws -> P.Context
    /// Where messages to the applicant go.
    func recipient(_ state: P.State) -> (account: String, bucket: String)?
}

/// The one shell around all procedures: it loads the state, asks the pure functions, and writes state, journal and effects
/// in one transaction. What it acknowledges is durable, chained and replayable.
package struct Office<P: Proceeding>: Sendable {
    private let projection: any Projection<P>
    private let known = KnownStates<P.State>()

    package init(projection: any Projection<P>) { self.projection = projection }

    /// The state of a proceeding, or nil where there is none of this kind.
    package func state(of id: String, area: AreaCode, _ tx: Transaction) throws -> (state: P.State, version: Int)? {
        try load(id, area, tx).map { ($0.state, $0.version) }
    }

    /// Carries out a command on a proceeding (a new one where `id` is unknown). Timers that fell due before are applied first.
    ///
    /// - Parameters:
    ///   - expecting: the version the caller decided on; another one is a conflict, told by `conflict`.
    ///   - context: made from the state, inside the transaction.
    /// - Throws: `DomainError` from `decide`, `.conflict` after a lost race.
    @discardableResult
    package func perform(
        _ command: P.Command, on id: String, _ occasion: Occasion, _ tx: Transaction, expecting version: Int? = nil,
        context: (P.State?) throws -> P.Context
    ) throws -> Outcome<P> {
        try measured(command, tx) { try carryOut(command, on: id, occasion, tx, expecting: version, context: context) }
    }

    /// Fires one timer, at most once however many servers try. Answers false where another was faster or nothing was due.
    package func fire(_ timer: TimerStore.Due, at now: Moment, request: String, _ tx: Transaction) throws -> Bool {
        guard try TimerStore.claim(timer, at: now, tx) else { return false }
        guard let loaded = try load(timer.stream, timer.area, tx) else { return true }
        let occasion = Occasion(area: timer.area, at: now, actor: .system("timer"), request: request)
        _ = try applyDueTimers(loaded, timer.stream, occasion, tx)
        return true
    }

    // MARK: Inside

    /// Counts a command once it is durable, or with the error it came to.
    private func measured<Result>(_ command: P.Command, _ tx: Transaction, _ body: () throws -> Result) throws -> Result
    {
        let (name, start) = (command.name.rawValue, ContinuousClock.now)
        do {
            let result = try body()
            tx.onCommit { Measured.command(name, of: P.kind, took: ContinuousClock.now - start) }
            return result
        } catch {
            Measured.failed(name, of: P.kind, error)
            throw error
        }
    }

    private func carryOut(
        _ command: P.Command, on id: String, _ occasion: Occasion, _ tx: Transaction, expecting version: Int?,
        context: (P.State?) throws -> P.Context
    ) throws -> Outcome<P> {
        var loaded = try load(id, occasion.area, tx)
        if let current = loaded, let nextAt = current.nextAt, nextAt <= occasion.at,
            let due = try applyDueTimers(current, id, occasion, tx)
        {
            loaded = due
        }
        if let version, let loaded, loaded.version != version {
            throw DomainError.conflict(Message("workflow.conflict.moved"))
        }
        let events = try P.decide(command, loaded?.state, try context(loaded?.state))
        return try record(events, loaded, id, occasion, tx)
    }

    /// A proceeding whose timers start each other without end leaves the rest to the worker's next run.
    private static var mostTimersAtOnce: Int { 100 }

    private struct Loaded {
        var state: P.State
        var version: Int
        var head: String
        var cohort: Int
        /// When a timer of it falls due next; nil where none runs.
        var nextAt: Moment?
    }

    private func load(_ id: String, _ area: AreaCode, _ tx: Transaction) throws -> Loaded? {
        guard
            let (version, head, cohort, text, nextAt) = try tx.row(
                """
                SELECT version, head, cohort, state,
                       (SELECT MIN(next_at + 0) FROM timer WHERE area = \(area) AND stream = \(id))
                FROM proceeding WHERE area = \(area) AND id = \(id) AND kind = \(P.kind)
                """, as: Int.self, String.self, Int.self, String.self, Moment?.self)
        else { return nil }
        return Loaded(
            state: try known.state(of: id, text), version: version, head: head, cohort: cohort, nextAt: nextAt)
    }

    /// What fell due takes effect at its own moment, before anything else happens.
    private func applyDueTimers(_ loaded: Loaded, _ id: String, _ occasion: Occasion, _ tx: Transaction) throws
        -> Loaded?
    {
        var current = loaded
        var changed = false
        // One after the other, the earliest first: what one of them starts or stops counts for the next.
        for _ in 0..<Self.mostTimersAtOnce {
            guard let (name, dueAt) = try TimerStore.fallenDue(occasion.area, stream: id, at: occasion.at, tx) else {
                break
            }
            guard let command = P.command(onDue: name, current.state) else {
                try TimerStore.silence(occasion.area, stream: id, name: name, tx)
                continue
            }
            let then = Occasion(area: occasion.area, at: dueAt, actor: .system("timer"), request: occasion.request)
            let was = current
            let outcome = try measured(command, tx) {
                let context = try projection.timerContext(was.state, id: id, then, tx)
                let events = try P.decide(command, was.state, context)
                try TimerStore.silence(occasion.area, stream: id, name: name, tx)
                return try record(events, was, id, then, tx)
            }
            if outcome.version > current.version, Anchor.hour(of: dueAt) < Anchor.hour(of: occasion.at) {
                try AnchorStore.addLate(
                    id, (current.version + 1)...outcome.version, at: dueAt, area: occasion.area, tx)
            }
            guard let again = try load(id, occasion.area, tx) else { break }
            current = again
            changed = true
        }
        return changed ? current : nil
    }

    private func record(
        _ events: [P.Event], _ loaded: Loaded?, _ id: String, _ occasion: Occasion, _ tx: Transaction
    ) throws -> Outcome<P> {
        var state = loaded?.state
        var version = loaded?.version ?? 0
        var head = loaded?.head ?? JournalEntry.zero
        let cohort = loaded?.cohort ?? occasion.at.date.year
        var entries: [JournalEntry] = []
        var effects: [Effect] = []
        let actor = try canonical(occasion.actor)
        for event in events {
            let next = try P.evolve(state, event)
            version += 1
            let entry = JournalEntry(
                area: occasion.area, cohort: cohort, stream: id, seq: version, at: occasion.at, actor: actor,
                request: occasion.request, name: event.name, data: try event.encoded(), previous: head)
            entries.append(entry)
            head = entry.hash
            effects += P.effects(event, next)
            state = next
        }
        guard let state else { throw DomainError.notFound }
        if !events.isEmpty {
            // The guarded row goes first, so that a lost race is a conflict and not a broken key of the journal.
            try write(state, version, head, cohort, id, occasion.area, replacing: loaded?.version, tx)
            try JournalStore.append(entries, tx)
            try EffectRunner(
                area: occasion.area, stream: id, kind: P.kind, at: occasion.at, labels: projection.labels(state),
                recipient: projection.recipient(state)
            ).run(effects, tx)
        }
        let outcome = Outcome<P>(id: id, state: state, version: version, events: events)
        if !events.isEmpty { try projection.project(outcome, from: occasion, tx) }
        return outcome
    }

    private func write(
        _ state: P.State, _ version: Int, _ head: String, _ cohort: Int, _ id: String, _ area: AreaCode,
        replacing old: Int?,
        _ tx: Transaction
    ) throws {
        let text = try canonical(state)
        known.keep(state, of: id, text)
        if let old {
            let changed = try tx.execute(
                """
                UPDATE proceeding SET version = \(version), head = \(head), format = \(P.format), state = \(text)
                WHERE area = \(area) AND id = \(id) AND version = \(old)
                """)
            if changed == 0 { throw DomainError.conflict(Message("workflow.conflict.moved")) }
        } else {
            do {
                try tx.execute(
                    """
                    INSERT INTO proceeding (area, id, kind, cohort, version, head, format, state)
                    VALUES (\(area), \(id), \(P.kind), \(cohort), \(version), \(head), \(P.format), \(text))
                    """)
            } catch StorageError.uniqueViolation {
                throw DomainError.conflict(Message("workflow.conflict.moved"))
            }
        }
    }
}

/// Canonical JSON of a state or an actor: sorted keys, slashes as they are.
package func canonical(_ value: some Encodable) throws -> String { try CanonicalJSON.text(of: value) }
