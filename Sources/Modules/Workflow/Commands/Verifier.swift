import Foundation
package import Kernel
package import Storage

/// What the replay of a journal gives.
package struct Replayed: Sendable {
    /// The canonical state after all entries.
    package let state: String
    /// Ids of the files the state refers to.
    package let files: [String]
}

/// Replays journals of one kind of proceeding.
package protocol Replayable: Sendable {
    var kind: String { get }
    /// The number of the state's form.
    var format: Int { get }
    /// The names of the commands that can be given.
    var commands: [String] { get }
    /// What all entries add up to. Throws where they cannot be what happened.
    func replay(_ entries: [JournalEntry]) throws -> Replayed
}

/// The replay of a procedure's own functions.
package struct Replay<P: Proceeding>: Replayable {
    package init() {}
    package var kind: String { P.kind }
    package var format: Int { P.format }
    package var commands: [String] { P.Command.Name.allCases.map(\.rawValue) }

    package func replay(_ entries: [JournalEntry]) throws -> Replayed {
        var state: P.State?
        for entry in entries { state = try P.evolve(state, try P.Event(name: entry.name, data: entry.data)) }
        guard let state else { throw JournalError.impossible("empty journal") }
        return Replayed(state: try canonical(state), files: P.files(state))
    }
}

/// What `tongban verify` found.
package struct VerifyReport: Sendable {
    package var proceedings = 0
    package var events = 0
    /// Sealed parts whose bytes were hashed.
    package var parts = 0
    /// Files whose bytes were hashed.
    package var files = 0
    /// Closed hours compared with the journal.
    package var anchors = 0
    /// The first bad entry of each proceeding that does not verify, and what else does not fit.
    package var faults: [Fault] = []

    package init() {}

    /// Adds what another part of the work found.
    package mutating func add(_ other: VerifyReport) {
        proceedings += other.proceedings
        events += other.events
        parts += other.parts
        files += other.files
        anchors += other.anchors
        faults += other.faults
    }

    /// Where something does not fit, and why.
    package struct Fault: Sendable, CustomStringConvertible {
        package let area: AreaCode
        /// The proceeding, file or vault.
        package let stream: String
        /// The entry's number in its journal, from 1; nil for what is no entry.
        package let seq: Int?
        package let reason: String

        package init(area: AreaCode, stream: String, seq: Int?, reason: String) {
            self.area = area
            self.stream = stream
            self.seq = seq
            self.reason = reason
        }

        package var description: String { "\(area) \(stream)\(seq.map { " #\($0)" } ?? ""): \(reason)" }
    }
}

/// Checks every hash chain, replays every journal against the stored state, byte for byte, and hashes every sealed part.
///
/// Pages are read one after another, each in a snapshot of its own, so it may run while the program serves; they are checked
/// beside the reading, on all processors.
package struct Verifier: Sendable {
    /// Ids of the files the database knows, by vault, of the vaults behind one and up to another (nil: to the end).
    package typealias FileRows = @Sendable (AreaCode, String, String?, Transaction) throws -> [String: Set<String>]

    private let kinds: [String: any Replayable]
    private let database: any Database
    private let files: FileRows?

    package init(_ kinds: [any Replayable], files: FileRows? = nil, database: any Database) {
        self.kinds = Dictionary(kinds.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.database = database
        self.files = files
    }

    /// Walks all proceedings and all sealed parts; `progress` hears how many were done.
    package func run(_ progress: @Sendable (VerifyReport) -> Void = { _ in }) async throws -> VerifyReport {
        var report = VerifyReport()
        var found: [(page: Int, faults: [VerifyReport.Fault])] = []
        let (kinds, knowsFiles) = (kinds, files != nil)
        try await withThrowingTaskGroup(of: (Int, VerifyReport).self) { group in
            var pages = 0
            var running = 0
            func collect() async throws {
                guard let (page, part) = try await group.next() else { return }
                running -= 1
                if !part.faults.isEmpty { found.append((page, part.faults)) }
                report.add(part)
                progress(report)
            }
            for area in try await Self.areas(in: database) {
                var next: VerifierPage.Start? = .init(area: area, after: "")
                while let start = next {
                    let files = files
                    let page = try await database.read { tx in try VerifierPage(start, files, tx) }
                    next = page.next
                    if running > ProcessInfo.processInfo.activeProcessorCount { try await collect() }
                    let number = pages
                    group.addTask { (number, page.check(kinds, knowsFiles: knowsFiles)) }
                    pages += 1
                    running += 1
                }
            }
            while running > 0 { try await collect() }
        }
        report.faults = found.sorted { $0.page < $1.page }.flatMap(\.faults)
        try await SealedParts(database: database).verify(into: &report, progress)
        return report
    }

    /// Every area with a proceeding or a journal, found by one look into the index for each.
    private static func areas(in database: any Database) async throws -> [AreaCode] {
        try await database.read { tx in
            let proceedings = try Distinct.areas("proceeding", tx)
            return Set(proceedings + (try Distinct.areas("journal", tx))).sorted()
        }
    }
}
