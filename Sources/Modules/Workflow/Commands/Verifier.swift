import Foundation
package import Kernel
package import Storage

/// Replays journals of one kind of proceeding.
package protocol Replayable: Sendable {
    var kind: String { get }
    /// The canonical state after all entries.
    func replay(_ entries: [JournalEntry]) throws -> String
}

/// The replay of a procedure's own functions.
package struct Replay<P: Proceeding>: Replayable {
    package init() {}
    package var kind: String { P.kind }

    package func replay(_ entries: [JournalEntry]) throws -> String {
        var state: P.State?
        for entry in entries { state = try P.evolve(state, try P.Event(name: entry.name, data: entry.data)) }
        guard let state else { throw JournalError.impossible("empty journal") }
        return try canonical(state)
    }
}

/// What `tongban verify` found.
package struct VerifyReport: Sendable {
    package var proceedings = 0
    package var events = 0
    /// The first bad entry of each proceeding that does not verify.
    package var faults: [Fault] = []

    /// Where a chain breaks: the entry's number in its journal, from 1, and why.
    package struct Fault: Sendable, CustomStringConvertible {
        package let area: AreaCode
        package let stream: String
        package let seq: Int
        package let reason: String
        package var description: String { "\(area) \(stream) #\(seq): \(reason)" }
    }
}

/// Checks every hash chain and replays every journal against the stored state, byte for byte.
package struct Verifier: Sendable {
    private let kinds: [String: any Replayable]
    private let database: any Database

    package init(_ kinds: [any Replayable], database: any Database) {
        self.kinds = Dictionary(kinds.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        self.database = database
    }

    /// Walks all proceedings; `progress` hears how many were done.
    package func run(_ progress: @Sendable (VerifyReport) -> Void = { _ in }) async throws -> VerifyReport {
        var report = VerifyReport()
        let areas = try await database.read { tx in
            try tx.values("SELECT DISTINCT area FROM proceeding ORDER BY area", as: AreaCode.self)
        }
        for area in areas {
            var last = ""
            while true {
                let after = last
                let kinds = kinds
                let (part, end) = try await database.read { tx in try Self.page(area, after: after, kinds, tx) }
                report.proceedings += part.proceedings
                report.events += part.events
                report.faults += part.faults
                progress(report)
                guard let end else { break }
                last = end
            }
        }
        return report
    }

    private static func page(
        _ area: AreaCode, after: String, _ kinds: [String: any Replayable], _ tx: Transaction
    ) throws -> (VerifyReport, String?) {
        var report = VerifyReport()
        let rows = try tx.rows(
            """
            SELECT id, kind, cohort, version, head, state FROM proceeding
            WHERE area = \(area) AND id > \(after) ORDER BY id LIMIT 500
            """, as: String.self, String.self, Int.self, Int.self, String.self, String.self)
        for (id, kind, cohort, version, head, state) in rows {
            let entries = try JournalStore.entries(of: id, area: area, cohort: cohort, tx)
            report.proceedings += 1
            report.events += entries.count
            if let fault = check(entries, version: version, head: head, state: state, kinds[kind], kind: kind) {
                report.faults.append(VerifyReport.Fault(area: area, stream: id, seq: fault.seq, reason: fault.reason))
            }
        }
        return (report, rows.count < 500 ? nil : rows.last?.0)
    }

    private static func check(
        _ entries: [JournalEntry], version: Int, head: String, state: String, _ replay: (any Replayable)?, kind: String
    ) -> (seq: Int, reason: String)? {
        var previous = JournalEntry.zero
        for (index, entry) in entries.enumerated() {
            if entry.seq != index + 1 { return (index + 1, "entry \(index + 1) is missing") }
            if entry.previous != previous { return (entry.seq, "does not follow from the entry before it") }
            if !entry.isGenuine { return (entry.seq, "was changed") }
            previous = entry.hash
        }
        if entries.count != version {
            // The first that is missing, or the first that the state knows nothing of.
            return (
                min(entries.count, version) + 1,
                "the journal has \(entries.count) entries, the state has version \(version)"
            )
        }
        if previous != head { return (version, "the state keeps another head") }
        guard let replay else { return (version, "unknown kind of proceeding \(kind)") }
        do {
            if try replay.replay(entries) != state {
                return (version, "the stored state is not what the journal gives")
            }
        } catch {
            return (version, "cannot be replayed: \(error)")
        }
        return nil
    }
}
