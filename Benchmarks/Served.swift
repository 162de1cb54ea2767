import Foundation

/// The program under measurement, as it is run: a process of its own on a free port.
final class Served {
    let port: Int
    private let process: Process

    /// - Parameter database: nil for the embedded one in `data`.
    init(program: String, data: URL, database: String?) throws {
        port = try Self.freePort()
        process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments =
            ["serve", "--demo", "--data", data.path, "--port", String(port), "--log", "error"]
            + (database.map { ["--database", $0] } ?? [])
        let started = ContinuousClock.now
        try process.run()
        while true {
            if (try? Caller(port: port).call("GET", "/readyz").status) == 200 { break }
            guard process.isRunning, ContinuousClock.now - started < .seconds(60) else {
                throw Trouble("the server does not start")
            }
            usleep(20_000)
        }
        startUp = (ContinuousClock.now - started).seconds
    }

    /// Seconds from the start of the process to the first good answer.
    let startUp: Double

    /// The most memory it has held so far, in MiB.
    var peakMemory: Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }

    /// Processor seconds used so far.
    var processorSeconds: Double {
        let stat = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)) ?? ""
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 13, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Asks it to stop; after ten seconds it is stopped.
    func stop() {
        process.terminate()
        for _ in 0..<500 where process.isRunning { usleep(20_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func freePort() throws -> Int {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(probe, $0, size) == 0 && getsockname(probe, $0, &size) == 0
            }
        }
        guard bound else { throw Trouble("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
