package import Cryptography
import Kernel
package import Storage

/// Compares anchors kept outside with the journal: finds a cut tail, a missing journal, one rewritten whole, and entries put
/// into hours that were closed.
package struct AnchorCheck: Sendable {
    private let database: any Database
    private let keys: any KeyService

    package init(database: any Database, keys: any KeyService) {
        self.database = database
        self.keys = keys
    }

    /// Checks anchors of any areas, in any order; each counts once.
    package func run(_ anchors: [Anchor], into report: inout VerifyReport) async throws {
        for (area, all) in Dictionary(grouping: Set(anchors), by: \.area).sorted(by: { $0.key < $1.key }) {
            let anchors = all.sorted { $0.until < $1.until }
            report.faults += chain(anchors)
            let pending = try await database.read { tx in try AnchorStore.late(of: area, tx) }
            let late = Set(
                anchors.flatMap(\.late).map { Entry(stream: $0.leaf.stream, seq: $0.leaf.seq) }
                    + pending.map { Entry(stream: $0.stream, seq: $0.seq) })
            for anchor in anchors {
                report.anchors += 1
                report.faults += try await database.read { tx in try Self.faults(anchor, late: late, tx) }
            }
        }
    }

    private struct Entry: Hashable, Sendable {
        let stream: String
        let seq: Int
    }

    /// Signatures, and each anchor naming the one before it.
    private func chain(_ anchors: [Anchor]) -> [VerifyReport.Fault] {
        var faults: [VerifyReport.Fault] = []
        var before: Anchor?
        for anchor in anchors {
            func fault(_ reason: String) {
                faults.append(
                    .init(area: anchor.area, stream: "anchor until \(anchor.until)", seq: nil, reason: reason))
            }
            if !keys.verify(anchor.signature, of: anchor.text) { fault("was not signed by this office") }
            if let before, anchor.since == before.until, anchor.previous != before.digest {
                fault("does not follow from the anchor before it")
            } else if let before, anchor.since != before.until {
                fault("the anchors between \(before.until) and \(anchor.since) are missing")
            }
            before = anchor
        }
        return faults
    }

    private static func faults(_ anchor: Anchor, late: Set<Entry>, _ tx: Transaction) throws -> [VerifyReport.Fault] {
        let hours = "the hours until \(anchor.until)"
        var faults: [VerifyReport.Fault] = []
        func fault(_ stream: String, _ seq: Int, _ reason: String) {
            faults.append(.init(area: anchor.area, stream: stream, seq: seq, reason: reason))
        }
        var entries = try AnchorStore.entries(of: anchor.area, since: anchor.since, until: anchor.until, tx)
        for (stream, all) in entries {
            entries[stream] = all.filter { !late.contains(Entry(stream: stream, seq: $0.seq)) }
        }
        var heads: [Anchor.Leaf] = []
        for leaf in anchor.leaves {
            let own = entries.removeValue(forKey: leaf.stream) ?? []
            guard let last = own.last(where: { $0.seq <= leaf.seq }), last.seq == leaf.seq else {
                let missing = own.isEmpty ? "the whole journal's part of \(hours)" : "its tail"
                fault(leaf.stream, (own.last?.seq).map { $0 + 1 } ?? leaf.seq, "is missing: \(missing) was cut off")
                continue
            }
            if !last.hash.hasPrefix(leaf.head) { fault(leaf.stream, leaf.seq, "is not the entry that was anchored") }
            if let more = own.first(where: { $0.seq > leaf.seq }) {
                fault(leaf.stream, more.seq, "was put into \(hours), which were closed")
            }
            heads.append(.init(stream: leaf.stream, seq: leaf.seq, head: last.hash))
        }
        for (stream, own) in entries.sorted(by: { $0.key < $1.key }) {
            if let first = own.first { fault(stream, first.seq, "was put into \(hours), which were closed") }
        }
        var lateHeads: [Anchor.Late] = []
        for late in anchor.late {
            let hash = try AnchorStore.hash(of: late.leaf.stream, late.leaf.seq, area: anchor.area, tx)
            guard let hash, hash.hasPrefix(late.leaf.head) else {
                fault(late.leaf.stream, late.leaf.seq, "is not the entry that was anchored")
                continue
            }
            lateHeads.append(
                .init(leaf: .init(stream: late.leaf.stream, seq: late.leaf.seq, head: hash), at: late.at))
        }
        if faults.isEmpty, Anchor.root(of: heads, late: lateHeads) != anchor.root {
            faults.append(
                .init(
                    area: anchor.area, stream: "anchor until \(anchor.until)", seq: nil,
                    reason: "its root does not fit the journal"))
        }
        return faults
    }
}
