import Dispatch
import Foundation
import Kernel
import Web

/// Hands each SMS to a program of the district, as JSON on its standard input.
///
/// The program gets no argument and next to no environment, so nothing of a message can become a command. It says by its exit
/// code whether the SMS was taken: 0 yes, anything else no. What it writes is thrown away.
package struct CommandGateway: SMSGateway {
    private let executable: URL
    /// Seconds.
    private let limit: Int
    private static let queue = DispatchQueue(label: "notify.sms-command", attributes: .concurrent)

    /// - Parameters:
    ///   - executable: the program's path, from the root.
    ///   - limit: seconds after which it is stopped and the SMS tried again later.
    /// - Throws: `BootError` where there is no such program.
    package init(executable path: String, limit: Int = 10) throws {
        var isFolder: ObjCBool = false
        guard path.hasPrefix("/"), FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: path)
        else { throw BootError("\(path) is no program that SMS could be handed to: give its whole path") }
        executable = URL(fileURLWithPath: path)
        self.limit = limit
    }

    package func send(_ message: ShortMessage) async throws {
        let input = Data((message.json.canonical + "\n").utf8)
        let (executable, limit) = (executable, limit)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Self.queue.async {
                continuation.resume(with: Result { try Self.run(executable, input, limit: limit) })
            }
        }
    }

    private static func run(_ executable: URL, _ input: Data, limit: Int) throws {
        // A few hundred bytes fit into the pipe: written before the program starts, nobody waits for a reader, and a
        // program that never reads breaks nothing.
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: input)
        try pipe.fileHandleForWriting.close()
        let process = Process()
        process.executableURL = executable
        process.arguments = []
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = pipe.fileHandleForReading
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        if ended.wait(timeout: .now() + .seconds(limit)) == .timedOut {
            process.terminate()
            if ended.wait(timeout: .now() + .seconds(2)) == .timedOut {
                kill(process.processIdentifier, SIGKILL)
                ended.wait()
            }
            throw GatewayFault(description: "the program did not end within \(limit) s")
        }
        guard process.terminationReason == .exit else {
            throw GatewayFault(description: "the program was ended by signal \(process.terminationStatus)")
        }
        guard process.terminationStatus == 0 else {
            throw GatewayFault(description: "the program ended with \(process.terminationStatus)")
        }
    }
}

/// Why a gateway did not take an SMS; names nobody.
struct GatewayFault: Error, CustomStringConvertible, Equatable {
    let description: String
}
