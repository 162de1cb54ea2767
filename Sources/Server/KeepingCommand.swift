import ArgumentParser
import Composition
import Foundation
import Kernel
import Storage
import Synchronization
import Workflow

/// `tongban verify`
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Checks every journal, stored state, sealed part and file; with --anchors also that nothing was cut off.",
        discussion: """
            Hash chains are followed, journals replayed and compared with the stored state byte by byte, sealed parts and \
            files hashed. Works while the program serves. Ends with 1 and names the first bad entry of each proceeding where \
            something does not fit.
            """)
    @OptionGroup var options: Options
    @Option(help: "Anchors kept outside: a file or a folder of .jsonl.") var anchors: String?

    func run() async throws {
        let house = try options.house()
        let pulse = Pulse()
        let started = ContinuousClock.now
        let report = try await explained(house) {
            let lines = try anchors.map { try KeptLine.read(URL(fileURLWithPath: $0), keys: house.keys) } ?? []
            let kept = lines.compactMap { line in if case .anchor(let anchor) = line { anchor } else { nil } }
            return try await house.verify(anchors: kept) { report in
                pulse.note(
                    "\(report.proceedings) proceedings, \(report.events) events, \(report.parts) sealed parts, \(report.files) files"
                )
            }
        }
        await house.database.close()
        for fault in report.faults.prefix(100) { print(fault.description) }
        if report.faults.count > 100 { print("… and \(report.faults.count - 100) more.") }
        let seconds = started.duration(to: .now).components.seconds
        print(
            """
            \(report.proceedings) proceedings, \(report.events) events, \(report.parts) sealed parts, \(report.files) files, \
            \(report.anchors) anchors, \(report.faults.count) faults; \(seconds) s.
            """)
        if !report.faults.isEmpty { throw ExitCode(1) }
    }
}

/// `tongban anchors`
struct PrintAnchors: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchors",
        abstract: "Prints the signed anchors of all areas, for a place the database's administrator cannot write to.")
    @OptionGroup var options: Options
    @Option(help: "Only those that end after this moment (milliseconds since 1970).") var after: Int64 = 0

    func run() async throws {
        let house = try options.house()
        try await explained(house) { try await house.anchors(after: Moment(milliseconds: after)) { print($0) } }
        await house.database.close()
    }
}

/// `tongban backup`
struct MakeBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies database and files into a new folder while the program serves.",
        discussion: """
            The copy is of one moment. Its manifest names every part with its SHA-256 and is signed. The master keys (the \
            data folder's `keys`) are never copied: keep them apart. With --check an existing backup is compared with its \
            manifest instead.
            """)
    @OptionGroup var options: Options
    @Argument(help: "A folder that does not exist yet.") var folder: String
    @Flag(help: "Compare the backup in this folder with its manifest; write nothing.") var check = false

    func run() async throws {
        let house = try options.house()
        let place = URL(fileURLWithPath: folder)
        let pulse = Pulse()
        if check {
            let faults = try await explained(house) { try house.checkBackup(in: place) { pulse.note($0) } }
            await house.database.close()
            for fault in faults.prefix(100) { print(fault) }
            print(faults.isEmpty ? "The backup is whole." : "\(faults.count) faults.")
            if !faults.isEmpty { throw ExitCode(1) }
            return
        }
        let manifest = try await explained(house) { try await Backup(house).run(to: place) { pulse.note($0) } }
        await house.database.close()
        let rows = manifest.parts.reduce(0) { $0 + $1.rows }
        print("\(folder): \(rows) rows and \(manifest.files) files of \(manifest.at).")
        guard !manifest.damaged.isEmpty else { return }
        for address in manifest.damaged.prefix(20) { print("damaged or missing: \(address)") }
        print(
            "\(manifest.damaged.count) files are not what they should be; the backup holds the rest. See: tongban verify"
        )
        throw ExitCode(1)
    }
}

/// `tongban restore`
struct RestoreBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Brings a backup into an empty data folder (and an empty database), and verifies it.",
        discussion: """
            The office's key file must lie in the data folder as `keys`. --forgotten names the list kept outside the backup \
            (the data folder's anchors/forgotten.jsonl, or the folder anchors): whom the office has forgotten since stays \
            forgotten.
            """)
    @OptionGroup var options: Options
    @Argument(help: "The backup's folder.") var folder: String
    @Option(help: "The list of the forgotten kept outside: a file or a folder of .jsonl.") var forgotten: String?
    @Flag(help: "Nobody was forgotten since the backup was made.") var nobodyForgotten = false
    @Flag(help: "Do not verify afterwards.") var noVerify = false

    func run() async throws {
        guard (forgotten != nil) != nobodyForgotten else {
            throw ValidationError(
                """
                say whom the office has forgotten since the backup was made: --forgotten LIST (the data folder's \
                anchors/forgotten.jsonl as it was kept outside), or --nobody-forgotten
                """)
        }
        let pulse = Pulse()
        try await explained { try Restore.checkPlace(options.configuration) }
        let house = try options.house()
        try await explained(house) {
            let lines = try forgotten.map { try KeptLine.read(URL(fileURLWithPath: $0), keys: house.keys) } ?? []
            let gone = lines.compactMap { line in if case .forgotten(let one) = line { one } else { nil } }
            let report = try await Restore(house, from: URL(fileURLWithPath: folder)).run(forgotten: gone) {
                pulse.note($0)
            }
            print("\(report.rows) rows and \(report.files) files restored; \(report.forgotten) vaults forgotten again.")
            for address in report.damaged.prefix(20) { print("damaged already in the backup: \(address)") }
            guard !noVerify else { return }
            let found = try await house.verify { pulse.note("\($0.proceedings) proceedings, \($0.events) events") }
            for fault in found.faults.prefix(100) { print(fault.description) }
            print("\(found.proceedings) proceedings, \(found.events) events verified, \(found.faults.count) faults.")
            if !found.faults.isEmpty { throw ExitCode(1) }
            print("Everybody signs in anew. Start with: tongban serve")
        }
        await house.database.close()
    }
}

/// Says how far the work is, once a second at most.
final class Pulse: Sendable {
    private let last = Mutex(ContinuousClock.now)

    func note(_ text: String) {
        let due = last.withLock { last in
            guard last.duration(to: .now) > .seconds(1) else { return false }
            last = .now
            return true
        }
        if due { Server.note(text) }
    }
}
