import Dispatch
import Foundation
import Kernel
import Web

/// Hands each SMS to a program of the district, as JSON on its standard input.
///
/// The program gets no argument and next to no environment, so nothing of a message can become a command. It says by its exit
/// code whether the SMS was taken: 0 yes, anything else no. What it writes is thrown away.
package struct CommandGateway: SMSGateway {
    private let program: ChildProcess
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
        program = ChildProcess(executable: path, limit: limit)
    }

    package func send(_ message: ShortMessage) async throws {
        let input = Array((message.json.canonical + "\n").utf8)
        let program = program
        let end = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<ChildProcess.End, any Error>) in
            Self.queue.async { continuation.resume(with: Result { try program.run(input) }) }
        }
        switch end {
        case .exit(0): break
        case .exit(let code): throw GatewayFault(description: "the program ended with \(code)")
        case .signal(let signal): throw GatewayFault(description: "the program was ended by signal \(signal)")
        case .tooSlow: throw GatewayFault(description: "the program did not end within \(program.limit) s")
        }
    }
}

/// Why a gateway did not take an SMS; names nobody.
struct GatewayFault: Error, CustomStringConvertible, Equatable {
    let description: String
}
