import ArgumentParser
import Composition
import Foundation
import Kernel
import Logging
import Storage
import Web

/// What every subcommand takes.
struct Options: ParsableArguments {
    @Option(help: "Folder for database, keys and files.", completion: .directory)
    var data = ProcessInfo.processInfo.environment["TONGBAN_DATA"] ?? "data"

    @Option(help: "postgres://… ; without it the embedded database in the data folder.")
    var database: String?

    @Flag(help: "Demonstration: example accounts work, documents carry the watermark 演示.")
    var demo = false

    @Option(
        help:
            "Where SMS go: log (a file, masked), command:/path/to/program (JSON on its standard input), or https://… (POST)."
    )
    var sms = ProcessInfo.processInfo.environment["TONGBAN_SMS"].flatMap { $0.isEmpty ? nil : $0 } ?? "log"

    @Option(help: "File with the token that the SMS gateway wants.", completion: .file())
    var smsTokenFile: String?

    @Option(help: "trace, debug, info, notice, warning, error.")
    var log = "info"

    var configuration: Configuration {
        // An empty variable is none: the embedded database.
        let named = ProcessInfo.processInfo.environment["TONGBAN_DATABASE"].flatMap { $0.isEmpty ? nil : $0 }
        let token = ProcessInfo.processInfo.environment["TONGBAN_SMS_TOKEN_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        return Configuration(
            data: URL(fileURLWithPath: data),
            database: database ?? named, demo: demo, sms: .init(sms, tokenFile: smsTokenFile ?? token) ?? .log)
    }

    func validate() throws {
        guard Configuration.SMSRoute(sms) != nil else {
            throw ValidationError("--sms is log, command:/path/to/program, or an address https://…")
        }
    }

    var logger: Logger {
        var logger = Logger(label: "tongban") { JSONLogHandler(label: $0) }
        logger.logLevel = Logger.Level(rawValue: log) ?? .info
        return logger
    }

    /// Puts the program together; what is wrong is said in words, with what to do.
    func house(_ change: (inout Configuration) -> Void = { _ in }) throws -> House {
        var configuration = configuration
        change(&configuration)
        do {
            return try House(configuration, logger: logger)
        } catch {
            throw Complaint.about(error)
        }
    }
}

/// An error as an operator reads it.
struct Complaint: Error, CustomStringConvertible {
    let description: String

    /// - Parameter texts: of the pages, whose words tell what was wrong with an input.
    static func about(_ error: any Error, _ texts: Locales? = nil) -> any Error {
        func words(_ message: Message) -> String { texts?.text(message, in: .en) ?? message.key }
        return switch error {
        case StorageError.unavailable(let what):
            Complaint(
                description:
                    "The database cannot be reached: \(what)\nCheck --database, --data and that the server runs.")
        case StorageError.refused(let what): Complaint(description: "The database refuses: \(what)")
        case let boot as BootError: Complaint(description: "The program cannot start: \(boot.description)")
        case DomainError.invalid(let faults):
            Complaint(description: faults.map { "\($0.field): \(words($0.message))" }.joined(separator: "\n"))
        case DomainError.conflict(let message), DomainError.refused(let message):
            Complaint(description: words(message))
        default: error
        }
    }
}

/// Runs `body`; errors come out in words.
@discardableResult
func explained<Result>(_ house: House? = nil, _ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch {
        throw Complaint.about(error, house?.context.pages.locales)
    }
}

/// Progress goes to standard error, so that output can be piped.
func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
