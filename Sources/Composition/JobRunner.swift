package import Kernel
package import Logging
import ServiceLifecycle
package import Web

/// Runs the modules' jobs until the program is asked to stop; a run under way is finished first.
package struct JobRunner: Service {
    private let jobs: [Jobs.Job]
    private let board: JobBoard
    private let time: TimeSource
    private let logger: Logger

    package init(jobs: [Jobs.Job], board: JobBoard, time: TimeSource, logger: Logger) {
        self.jobs = jobs
        self.board = board
        self.time = time
        self.logger = logger
    }

    /// Runs every job again and again until the task is cancelled; one job never waits for another.
    package func run() async throws {
        for job in jobs { board.expect(job) }
        await withTaskGroup(of: Void.self) { group in
            for job in jobs {
                group.addTask { await loop(job) }
            }
        }
    }

    private func loop(_ job: Jobs.Job) async {
        // Jitter keeps several servers from doing the same thing in the same instant.
        var pause = Duration.milliseconds(Int.random(in: 50...max(51, min(1000, job.every * 200))))
        while true {
            do {
                let wait = pause
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
            } catch {
                return
            }
            let start = ContinuousClock.now
            var failed = false
            do {
                try await job.run(time.now())
            } catch {
                failed = true
                logger.error("job failed", metadata: ["job": "\(job.name)", "error": "\(error)"])
            }
            board.ran(job, took: ContinuousClock.now - start, failed: failed, at: time.now())
            pause = .seconds(job.every)
        }
    }
}
