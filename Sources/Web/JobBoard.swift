package import Kernel
import Synchronization

/// How the jobs of this server went: kept in memory for the operator's page, and counted.
package final class JobBoard: Sendable {
    /// One job since the program started.
    package struct Line: Sendable, Hashable {
        package let name: String
        /// Seconds between two runs.
        package let every: Int
        package var runs = 0
        package var failures = 0
        package var lastAt: Moment?
        package var lastTook = Duration.zero
        /// Whether the last run came to nothing.
        package var failed = false
    }

    private let kept = Mutex<[String: Line]>([:])

    package init() {}

    /// Every job by name; those that never ran too.
    package var lines: [Line] { kept.withLock { $0.values.sorted { $0.name < $1.name } } }

    /// A job that is going to run.
    package func expect(_ job: Jobs.Job) {
        Measured.declare(job: job.name)
        kept.withLock { lines in
            if lines[job.name] == nil { lines[job.name] = Line(name: job.name, every: job.every) }
        }
    }

    /// A run that came to its end, or failed.
    package func ran(_ job: Jobs.Job, took: Duration, failed: Bool, at now: Moment) {
        Measured.job(job.name, took: took, failed: failed, at: now)
        kept.withLock { lines in
            var line = lines[job.name] ?? Line(name: job.name, every: job.every)
            line.runs += 1
            line.failures += failed ? 1 : 0
            line.lastAt = now
            line.lastTook = took
            line.failed = failed
            lines[job.name] = line
        }
    }
}
