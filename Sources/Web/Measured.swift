import HTTPTypes
package import Kernel
import Metrics
import Storage
import Synchronization

/// What the program counts of itself, under the names that docs/operations.md lists. No label ever names a person.
package enum Measured {
    private static let commands = "tongban_commands_total"
    private static let commandSeconds = "tongban_command_duration_seconds"
    private static let jobs = "tongban_job_runs_total"
    private static let jobFailures = "tongban_job_failures_total"
    private static let jobSeconds = "tongban_job_duration_seconds"
    private static let jobSuccess = "tongban_job_last_success_timestamp_seconds"

    /// What each name means, for `# HELP` and docs/operations.md.
    package static let help: [String: String] = [
        commands: "Commands of proceedings that are durable.",
        "tongban_command_errors_total": "Commands that were not carried out, by the kind of the error.",
        commandSeconds: "From a command's first statement to the end of its transaction.",
        "tongban_statement_duration_seconds": "Statements, by verb and first table, with the reading of their rows.",
        "tongban_queue_depth": "How many wait in a queue.",
        "tongban_queue_oldest_seconds": "For how long the one waits that waits longest.",
        "tongban_queue_dead": "How many of a queue were given up.",
        jobs: "Runs of a background job on this server.", jobFailures: "Runs of a background job that came to nothing.",
        jobSeconds: "How long a run of a background job took.",
        jobSuccess: "When a background job last came to its end.",
        "tongban_storage_bytes": "Bytes of database and files, and what is left on the disk.",
        "http_requests_total": "Answered requests.", routeSeconds: "From a request's arrival to its answer.",
    ]

    /// The series of a command, before it was ever given.
    package static func declare(command: String, of proceeding: String) {
        let labels = [("proceeding", proceeding), ("command", command)]
        Counter(label: commands, dimensions: labels).increment(by: 0)
        _ = Timer(label: commandSeconds, dimensions: labels)
    }

    /// The series of a route, before it was ever called.
    package static func declare(_ route: RouteEntry) { _ = Timer(label: Self.routeSeconds, dimensions: labels(route)) }

    /// The series of a job, before its first run.
    package static func declare(job: String) {
        for name in [jobs, jobFailures] { Counter(label: name, dimensions: [("name", job)]).increment(by: 0) }
        _ = Timer(label: jobSeconds, dimensions: [("name", job)])
    }

    /// A command that is durable; `took` from its first statement to the end of its transaction.
    package static func command(_ command: String, of proceeding: String, took: Duration) {
        let labels = [("proceeding", proceeding), ("command", command)]
        Counter(label: commands, dimensions: labels).increment()
        Timer(label: commandSeconds, dimensions: labels).recordNanoseconds(took.nanoseconds)
    }

    /// A command that was not carried out, by the kind of the error.
    package static func failed(_ command: String, of proceeding: String, _ error: any Error) {
        let labels = [("proceeding", proceeding), ("command", command), ("kind", kind(of: error))]
        Counter(label: "tongban_command_errors_total", dimensions: labels).increment()
    }

    /// A run of a job that came to its end at `now`, or failed.
    package static func job(_ name: String, took: Duration, failed: Bool, at now: Moment) {
        let labels = [("name", name)]
        Counter(label: jobs, dimensions: labels).increment()
        if failed { Counter(label: jobFailures, dimensions: labels).increment() }
        Timer(label: jobSeconds, dimensions: labels).recordNanoseconds(took.nanoseconds)
        if !failed { Meter(label: jobSuccess, dimensions: labels).set(now.milliseconds / 1000) }
    }

    /// How a queue stands.
    package static func queue(_ state: QueueState, at now: Moment) {
        let labels = [("queue", state.name)]
        let age = state.oldest.map { max(0, now.milliseconds - $0.milliseconds) / 1000 } ?? 0
        Meter(label: "tongban_queue_depth", dimensions: labels).set(Int64(state.depth))
        Meter(label: "tongban_queue_oldest_seconds", dimensions: labels).set(age)
        Meter(label: "tongban_queue_dead", dimensions: labels).set(Int64(state.dead))
    }

    /// Bytes of database and files, and what is left on the disk.
    package static func storage(_ what: String, bytes: Int) {
        Meter(label: "tongban_storage_bytes", dimensions: [("what", what)]).set(Int64(bytes))
    }

    private static let routeSeconds = "http_request_duration_seconds"

    fileprivate static func meters(_ route: RouteEntry, status: Int) -> (count: Counter, time: Timer) {
        (
            Counter(label: "http_requests_total", dimensions: labels(route) + [("status", String(status))]),
            Timer(label: Self.routeSeconds, dimensions: labels(route))
        )
    }

    private static func labels(_ route: RouteEntry) -> [(String, String)] {
        [("method", route.method.rawValue), ("route", route.pattern)]
    }

    /// `conflict`, `invalid` …: the kind of an error and nothing it says.
    static func kind(of error: any Error) -> String {
        switch error {
        case let error as DomainError:
            switch error {
            case .notFound: "not_found"
            case .forbidden: "forbidden"
            case .signInRequired: "sign_in_required"
            case .conflict: "conflict"
            case .invalid: "invalid"
            case .refused: "refused"
            case .tooMany: "too_many"
            case .tooLarge: "too_large"
            case .unavailable: "unavailable"
            }
        case let error as StorageError:
            switch error {
            case .uniqueViolation, .foreignKeyViolation, .constraintViolation: "constraint"
            case .refused: "database_refused"
            case .serialization: "lost_race"
            case .unavailable: "database_unavailable"
            case .unknownOutcome: "unknown_outcome"
            case .timedOut: "timed_out"
            case .decoding, .statement: "fault"
            }
        default: "fault"
        }
    }
}

/// Counts answered requests; what is found by its labels once is kept.
final class RequestMeters: Sendable {
    private struct Key: Hashable {
        let method: String
        let pattern: String
        let status: Int
    }

    private let known = Mutex<[Key: (count: Counter, time: Timer)]>([:])

    /// - Parameter took: nanoseconds.
    func answered(_ route: RouteEntry, status: Int, took: Int64) {
        let key = Key(method: route.method.rawValue, pattern: route.pattern, status: status)
        let meters = known.withLock { known in
            if let found = known[key] { return found }
            let made = Measured.meters(route, status: status)
            known[key] = made
            return made
        }
        meters.count.increment()
        meters.time.recordNanoseconds(took)
    }
}

/// How many wait in a queue, since when, and how many were given up.
package struct QueueState: Sendable, Hashable {
    /// Such as `outbox.sms`.
    package let name: String
    package let depth: Int
    /// Since when the one waits that waits longest; nil where nothing does.
    package let oldest: Moment?
    package let dead: Int

    package init(_ name: String, depth: Int, oldest: Moment? = nil, dead: Int = 0) {
        self.name = name
        self.depth = depth
        self.oldest = oldest
        self.dead = dead
    }
}

extension Duration {
    /// Whole nanoseconds.
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
