package import Kernel
package import Storage
import Web

/// The limits that run. A timer warns and falls due exactly once: its `attempt` is the fence.
package enum TimerStore {
    /// A timer that has something to do.
    package struct Due: Sendable, Hashable {
        package let area: AreaCode
        package let id: String
        package let stream: String
        package let kind: String
        let attempt: Int
    }

    /// A timer as pages show it.
    package struct Running: Sendable, Hashable {
        package let name: String
        package let startedAt: Moment
        package let limit: Limit
        package let warnAt: Moment
        package let dueAt: Moment
        package let pausedAt: Moment?
    }

    static func start(
        _ spec: TimerSpec, area: AreaCode, stream: String, kind: String, at now: Moment, _ tx: Transaction
    ) throws {
        let id = ID<Due>(at: now)
        try tx.put(
            """
            INSERT INTO timer (area, id, stream, kind, name, started_at, amount, used, calendar_version, warn_at, due_at,
                               paused_at, next_at, attempt)
            VALUES (\(area), \(id), \(stream), \(kind), \(spec.name), \(spec.startedAt), \(spec.limit), 0,
                    \(spec.calendarVersion), \(spec.warnAt), \(spec.dueAt), \(Moment?.none), \(spec.dueAt), 0)
            ON CONFLICT (area, stream, name) DO UPDATE SET started_at = excluded.started_at, amount = excluded.amount,
                calendar_version = excluded.calendar_version, warn_at = excluded.warn_at, due_at = excluded.due_at,
                paused_at = NULL, next_at = excluded.next_at, attempt = timer.attempt + 1
            """)
    }

    static func stop(_ area: AreaCode, stream: String, name: String, _ tx: Transaction) throws {
        try tx.put("DELETE FROM timer WHERE area = \(area) AND stream = \(stream) AND name = \(name)")
    }

    static func pause(_ area: AreaCode, stream: String, name: String, at: Moment, _ tx: Transaction) throws {
        try tx.put(
            """
            UPDATE timer SET paused_at = \(at), next_at = \(Light.paused), attempt = attempt + 1
            WHERE area = \(area) AND stream = \(stream) AND name = \(name) AND paused_at IS NULL
            """)
    }

    static func resume(
        _ area: AreaCode, stream: String, name: String, warnAt: Moment, dueAt: Moment, _ tx: Transaction
    ) throws {
        try tx.put(
            """
            UPDATE timer SET paused_at = NULL, warn_at = \(warnAt), due_at = \(dueAt), next_at = \(dueAt), attempt = attempt + 1
            WHERE area = \(area) AND stream = \(stream) AND name = \(name)
            """)
    }

    /// Moves the end; where the clock stands, it goes on standing.
    static func move(
        _ area: AreaCode, stream: String, name: String, warnAt: Moment, dueAt: Moment, _ tx: Transaction
    ) throws {
        try tx.put(
            """
            UPDATE timer SET warn_at = \(warnAt), due_at = \(dueAt),
                next_at = CASE WHEN paused_at IS NULL THEN \(dueAt) ELSE next_at END, attempt = attempt + 1
            WHERE area = \(area) AND stream = \(stream) AND name = \(name)
            """)
    }

    /// Nothing more happens by itself with a timer that fell due; its light stays.
    static func silence(_ area: AreaCode, stream: String, name: String, _ tx: Transaction) throws {
        try tx.put(
            """
            UPDATE timer SET next_at = \(Light.paused), attempt = attempt + 1
            WHERE area = \(area) AND stream = \(stream) AND name = \(name)
            """)
    }

    /// The timer of one proceeding that fell due first and was not applied yet.
    static func fallenDue(_ area: AreaCode, stream: String, at now: Moment, _ tx: Transaction) throws -> (
        name: String, dueAt: Moment
    )? {
        try tx.row(
            """
            SELECT name, due_at FROM timer
            WHERE area = \(area) AND stream = \(stream) AND next_at <= \(now) ORDER BY due_at, name LIMIT 1
            """, as: String.self, Moment.self
        ).map { (name: $0.0, dueAt: $0.1) }
    }

    /// Proceedings of a kind with timers counted by an older calendar of their area: at most `limit`, in order, after one.
    package static func countedBefore(
        _ version: Int, kind: String, area: AreaCode, after stream: String = "", limit: Int, _ tx: Transaction
    ) throws -> [String] {
        try tx.values(
            """
            SELECT DISTINCT stream FROM timer
            WHERE area = \(area) AND kind = \(kind) AND calendar_version < \(version) AND stream > \(stream)
            ORDER BY stream LIMIT \(limit)
            """, as: String.self)
    }

    /// The timers of a proceeding are counted by that calendar, or come out the same by it.
    package static func counted(by version: Int, stream: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            """
            UPDATE timer SET calendar_version = \(version)
            WHERE area = \(area) AND stream = \(stream) AND calendar_version < \(version)
            """)
    }

    /// Timers of all areas that have something to do now, for the worker.
    package static func due(at now: Moment, limit: Int, _ tx: Transaction) throws -> [Due] {
        try tx.rows(
            "SELECT area, id, stream, kind, attempt FROM timer WHERE next_at <= \(now) ORDER BY next_at, area, id LIMIT \(limit)",
            as: AreaCode.self, String.self, String.self, String.self, Int.self
        ).map { Due(area: $0.0, id: $0.1, stream: $0.2, kind: $0.3, attempt: $0.4) }
    }

    /// Since when the timer has waited that waits longest of all areas; nil where none is late.
    package static func lateSince(at now: Moment, _ tx: Transaction) throws -> Moment? {
        try tx.value("SELECT MIN(next_at) FROM timer WHERE next_at <= \(now)", as: Moment?.self) ?? nil
    }

    /// Timers of all areas that fell due and were not acted on yet.
    static func queue(at now: Moment, _ tx: Transaction) throws -> QueueState {
        let row = try tx.row(
            "SELECT COUNT(*), MIN(next_at) FROM timer WHERE next_at <= \(now)", as: Int.self, Moment?.self)
        return QueueState("timers", depth: row?.0 ?? 0, oldest: row?.1)
    }

    /// Takes a timer for this transaction; false where another server was faster.
    static func claim(_ timer: Due, at now: Moment, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE timer SET attempt = attempt + 1
            WHERE area = \(timer.area) AND id = \(timer.id) AND attempt = \(timer.attempt) AND next_at <= \(now)
            """) == 1
    }

    /// The timers of a proceeding.
    package static func timers(of stream: String, area: AreaCode, _ tx: Transaction) throws -> [Running] {
        try tx.rows(
            """
            SELECT name, started_at, amount, warn_at, due_at, paused_at FROM timer
            WHERE area = \(area) AND stream = \(stream) ORDER BY due_at, name
            """, as: String.self, Moment.self, Limit.self, Moment.self, Moment.self, Moment?.self
        ).map { Running(name: $0.0, startedAt: $0.1, limit: $0.2, warnAt: $0.3, dueAt: $0.4, pausedAt: $0.5) }
    }
}
