package import Cases
import Catalogue
import Directory
package import Foundation
package import Kernel
import Storage
import Workflow

/// Walks through what was written into the journals since it last came by: counts each decided case into its month, and lets
/// the detector's rules look at it. Done twice, or by two servers, nothing is counted twice.
package struct JournalWalk: Sendable {
    let cases: CasesAPI
    let rules: [DetectorRule]

    /// - Throws: where the rules that come with the program cannot be read.
    package init(cases: CasesAPI, resources: URL) throws {
        self.cases = cases
        rules = try DetectorRule.all(in: resources)
    }

    init(cases: CasesAPI, rules: [DetectorRule]) {
        self.cases = cases
        self.rules = rules
    }

    private static let name = "facts"
    /// Entries looked at in one go.
    private static let page = 500
    /// A unit of work may become durable a little after one that began later.
    private static let overlap: Int64 = 600
    /// Cases decided by one officer within so many minutes before and after count as decided together.
    static let together = 10

    /// - Returns: how many cases were noted anew.
    /// - Throws: `WalkFault` for the first case that could not be read; the others were.
    @discardableResult
    package func run(at now: Moment) async throws -> Int {
        var noted = 0
        var fault: WalkFault?
        for (area, _) in try await cases.directory.areas() { noted += try await run(area, at: now, &fault) }
        if let fault { throw fault }
        return noted
    }

    private func run(_ area: AreaCode, at now: Moment, _ fault: inout WalkFault?) async throws -> Int {
        let walked = try await cases.database.read { tx in try LimitStore.walked(Self.name, area: area, tx) }
        var from = walked?.adding(seconds: -Self.overlap) ?? Moment(milliseconds: 0)
        var page = Self.page
        var noted = 0
        while true {
            let (since, size) = (from, page)
            let entries = try await cases.database.read { tx in
                try JournalStore.told(CaseFacts.telling, from: since, limit: size, area: area, tx)
            }
            let streams = Array(Set(entries.map(\.stream)))
            let known = try await cases.database.read { tx in try LimitStore.known(streams, area: area, tx) }
            for stream in streams.sorted() {
                do {
                    if try await look(at: stream, isKnown: known.contains(stream), area: area) { noted += 1 }
                } catch let error as StorageError {
                    // The database is gone, not this case: the next run begins here again.
                    throw error
                } catch {
                    fault = fault ?? WalkFault(area: area, stream: stream, error: error)
                }
            }
            let last = entries.last?.at ?? now
            let reached = entries.count < size ? max(last, from) : last
            if reached > (walked ?? Moment(milliseconds: 0)) {
                try await cases.database.write { tx in try LimitStore.walk(Self.name, to: reached, area: area, tx) }
            }
            guard entries.count == size else { return noted }
            // More entries of one moment than fit: a larger page goes past it.
            if last == from { page *= 2 } else { (from, page) = (last, Self.page) }
        }
    }

    /// One case: its facts, its month, its findings. A case known already is not looked at again: what came after its decision
    /// changes no figure.
    private func look(at stream: String, isKnown: Bool, area: AreaCode) async throws -> Bool {
        guard !isKnown else { return false }
        let calendar = try await cases.directory.calendar(of: area)
        let read = try await cases.database.read { tx -> (line: CaseLine, journal: [JournalEntry])? in
            guard let line = try CasesStore.line(stream, area: area, tx) else { return nil }
            return (line, try JournalStore.entries(of: stream, area: area, tx))
        }
        guard let (line, journal) = read, let first = journal.first,
            let version = try JSON(parsing: first.data)["itemVersion"].integer
        else { return false }
        // Of the version the case began with: the item may be on offer no more.
        let limits = try await cases.catalogue.item(line.item, version: Int(version), area: area).definition.limits
        guard let facts = try CaseFacts(journal, limits: limits, calendar: calendar) else { return false }
        let rules = rules
        return try await cases.database.write { tx in
            guard
                try LimitStore.note(
                    facts, id: stream, number: line.number, item: line.item, department: line.department, area: area, tx
                )
            else { return false }
            if let decision = facts.decision {
                try LimitStore.count(decision, item: line.item, department: line.department, area: area, tx)
            }
            let whole = try Self.surroundings(facts, line, area, tx)
            let set = try FindingStore.thresholds(area: area, tx)
            for rule in rules {
                let (threshold, active) = set[rule.id] ?? (rule.threshold, true)
                guard active, try rule.finds(whole, threshold: threshold, on: facts.at.date, calendar: calendar) else {
                    continue
                }
                var told = whole.members ?? [:]
                told["threshold"] = .int(Int64(threshold))
                try FindingStore.insert(
                    rule: rule.id, stream: stream, number: line.number, item: line.item, department: line.department,
                    facts: .object(told), at: facts.at, area: area, tx)
            }
            return true
        }
    }

    /// What shows only beside other cases.
    private static func surroundings(_ facts: CaseFacts, _ line: CaseLine, _ area: AreaCode, _ tx: Transaction) throws
        -> JSON
    {
        var members = facts.json.members ?? [:]
        if facts.lastDayCorrections > 0 {
            let since = facts.at.adding(seconds: -90 * 86_400)
            let (all, lastDay) = try LimitStore.corrections(of: line.department, since: since, area: area, tx)
            members["departmentCorrections"] = .int(Int64(all))
            members["departmentLastDayPercent"] = .int(all == 0 ? 0 : Int64(lastDay * 100 / all))
        }
        if let decision = facts.decision, let officer = decision.officer {
            let count = try LimitStore.decided(by: officer, around: decision.at, minutes: together, area: area, tx)
            members["decidedTogether"] = .int(Int64(count))
        }
        return .object(members)
    }
}

/// A case whose journal could not be read; it is left out of the figures.
package struct WalkFault: Error, CustomStringConvertible {
    let area: AreaCode
    let stream: String
    let error: any Error

    package var description: String { "journal of \(area) \(stream) not counted: \(error)" }
}
