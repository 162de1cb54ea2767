import Dispatch
import Foundation
import Synchronization

/// A program started by this one: its own process group, next to no environment, no file of ours, and a limit of time.
///
/// Foundation's `Process` waits for every descendant that is still there and cannot end them; here the whole group ends.
struct ChildProcess: Sendable {
    /// How a program ended.
    enum End: Sendable, Hashable {
        case exit(Int32)
        case signal(Int32)
        case tooSlow
    }

    let executable: String
    /// Seconds.
    let limit: Int

    /// Runs the program with `input` on its standard input; what it writes is thrown away. Waits on the calling thread.
    ///
    /// - Parameter input: at most 4 KiB: as much as a pipe holds without a reader.
    /// - Throws: `POSIXError` where it cannot be started.
    func run(_ input: [UInt8]) throws -> End {
        // One at a time: no program gets an end of another's pipe.
        let child = try Self.starting.withLock { _ in
            let end = try Self.pipe(holding: input)
            defer { close(end) }
            return try spawn(reading: end)
        }
        let started = DispatchTime.now()
        if let end = wait(child, until: started + .seconds(limit)) { return end }
        kill(-child, SIGTERM)
        if wait(child, until: .now() + .seconds(1)) == nil {
            kill(-child, SIGKILL)
            _ = wait(child, until: .distantFuture)
        }
        // What the program itself had started goes with it.
        kill(-child, SIGKILL)
        return .tooSlow
    }

    private static let starting = Mutex(())

    private func spawn(reading input: Int32) throws -> pid_t {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_adddup2(&files, input, 0)
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0)
        // Closing what has been closed in the meantime is no fault.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let file = Int32(name), file > 2 { posix_spawn_file_actions_addclose(&files, file) }
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that this program ignores or blocks are not ignored there.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup(executable), nil]
        let environment: [UnsafeMutablePointer<CChar>?] = [
            strdup("PATH=/usr/local/bin:/usr/bin:/bin"), strdup("LANG=C.UTF-8"), nil,
        ]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, executable, &files, &attributes, arguments, environment)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return child
    }

    /// How the program ended, or nil where it still runs at that time.
    private func wait(_ child: pid_t, until end: DispatchTime) -> End? {
        while true {
            var status: Int32 = 0
            let found = waitpid(child, &status, WNOHANG)
            if found == child {
                let signal = status & 0x7F
                return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
            }
            // Nobody else waits for it; were it so, its end is not known and counts as none.
            if found < 0, errno != EINTR { return .signal(0) }
            if DispatchTime.now() >= end { return nil }
            usleep(10_000)
        }
    }

    /// The end of a pipe from which all there is can be read.
    private static func pipe(holding bytes: [UInt8]) throws -> Int32 {
        var ends: [Int32] = [0, 0]
        guard bytes.count <= 4096 else { throw POSIXError(.EMSGSIZE) }
        guard Foundation.pipe(&ends) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let written = write(ends[1], bytes, bytes.count)
        close(ends[1])
        guard written == bytes.count else {
            close(ends[0])
            throw POSIXError(.EIO)
        }
        return ends[0]
    }
}
