import Kernel
import Storage

/// Some proceedings of an area with all that belongs to them, read in one snapshot and checked outside of it.
struct VerifierPage: Sendable {
    /// Where a page begins.
    struct Start: Sendable {
        let area: AreaCode
        let after: String
    }

    private struct Head: Sendable {
        let id: String
        let kind: String
        let cohort: Int
        let version: Int
        let head: String
        let format: Int
        let state: String
    }

    private static let size = 500

    private let area: AreaCode
    private let heads: [Head]
    /// Entries by stream; those of a journal nobody knows too, as they stand between the ids of this page.
    private let journals: [String: [JournalEntry]]
    /// Hashes of sealed parts by vault and slot.
    private let parts: [String: [String: String]]
    private let vaults: Set<String>
    private let forgotten: Set<String>
    private let files: [String: Set<String>]

    /// Where the next page begins; nil after an area's last.
    let next: Start?

    init(_ start: Start, _ fileRows: Verifier.FileRows?, _ tx: Transaction) throws {
        let (area, after) = (start.area, start.after)
        self.area = area
        var heads: [Head] = []
        try tx.forEach(
            """
            SELECT id, kind, cohort, version, head, format, state FROM proceeding
            WHERE area = \(area) AND id > \(after) ORDER BY id LIMIT \(Self.size)
            """
        ) { row in
            heads.append(
                Head(
                    id: try row.value(0), kind: try row.value(1), cohort: try row.value(2), version: try row.value(3),
                    head: try row.value(4), format: try row.value(5), state: try row.value(6)))
        }
        self.heads = heads
        var journals: [String: [JournalEntry]] = [:]
        let last = heads.count < Self.size ? nil : heads.last?.id
        next = last.map { Start(area: area, after: $0) }
        func upTo(_ column: SQL) -> SQL { last.map { " AND \(column) <= \($0)" } ?? "" }
        for cohort in try Distinct.cohorts(of: area, tx) {
            try tx.forEach(
                """
                SELECT stream, seq, at, actor, request, name, data, previous, hash FROM journal
                WHERE area = \(area) AND cohort = \(cohort) AND stream > \(after)\(upTo("stream"))
                ORDER BY cohort, stream, seq
                """
            ) { row in
                let stream: String = try row.value(0)
                journals[stream, default: []].append(
                    JournalEntry(
                        area: area, cohort: cohort, stream: stream, seq: try row.value(1), at: try row.value(2),
                        actor: try row.value(3), request: try row.value(4), name: try row.value(5),
                        data: try row.value(6), previous: try row.value(7), hash: try row.value(8)))
            }
        }
        self.journals = journals
        var parts: [String: [String: String]] = [:]
        let known = Set(heads.map(\.id))
        try tx.forEach(
            """
            SELECT vault, slot, hash FROM sealed_part
            WHERE area = \(area) AND vault > \(after)\(upTo("vault")) ORDER BY vault, slot
            """
        ) { row in
            let vault: String = try row.value(0)
            if known.contains(vault) {
                parts[vault, default: [:]][try row.value(1)] = try row.value(2, as: String.self)
            }
        }
        self.parts = parts
        vaults = Set(
            try tx.values("SELECT id FROM vault WHERE area = \(area) AND id > \(after)\(upTo("id"))", as: String.self))
        forgotten = Set(
            try tx.values(
                "SELECT vault FROM forgotten WHERE area = \(area) AND vault > \(after)\(upTo("vault"))",
                as: String.self))
        files = try fileRows?(area, after, last, tx) ?? [:]
    }

    /// The first bad entry of each proceeding, and journals without one.
    func check(_ kinds: [String: any Replayable], knowsFiles: Bool) -> VerifyReport {
        var report = VerifyReport()
        var strangers = Set(journals.keys)
        for head in heads {
            strangers.remove(head.id)
            let entries = journals[head.id] ?? []
            report.proceedings += 1
            report.events += entries.count
            if let fault = fault(head, entries, kinds[head.kind], knowsFiles: knowsFiles) {
                report.faults.append(.init(area: area, stream: head.id, seq: fault.seq, reason: fault.reason))
            }
        }
        for stream in strangers.sorted() {
            let entries = journals[stream] ?? []
            report.events += entries.count
            report.faults.append(
                .init(area: area, stream: stream, seq: entries.first?.seq, reason: "belongs to no proceeding"))
        }
        return report
    }

    private func fault(_ head: Head, _ entries: [JournalEntry], _ replay: (any Replayable)?, knowsFiles: Bool) -> (
        seq: Int?, reason: String
    )? {
        var previous = JournalEntry.zero
        var number = 0
        for entry in entries where entry.cohort == head.cohort {
            number += 1
            if entry.seq != number { return (number, "is missing") }
            if entry.previous != previous { return (number, "does not follow from the entry before it") }
            if !entry.isGenuine { return (number, "was changed") }
            previous = entry.hash
        }
        if number == head.version, let stray = entries.first(where: { $0.cohort != head.cohort }) {
            return (stray.seq, "stands a second time, in the year \(stray.cohort)")
        }
        if number < head.version { return (number + 1, "is missing: the state has version \(head.version)") }
        if number > head.version { return (head.version + 1, "goes beyond the state's version \(head.version)") }
        if previous != head.head { return (number, "the state keeps another head") }
        guard let replay else { return (number, "unknown kind of proceeding \(head.kind)") }
        let replayed: Replayed
        do { replayed = try replay.replay(entries) } catch { return (number, "cannot be replayed: \(error)") }
        // Bytes, not characters: equivalent texts are not the same.
        guard replayed.state.utf8.elementsEqual(head.state.utf8) else {
            return (number, "the stored state is not what the journal gives")
        }
        if replay.format != head.format { return (number, "the state has the format \(head.format)") }
        // Of whom the office has forgotten neither parts nor files are left.
        if forgotten.contains(head.id) { return nil }
        if let fault = sealedFault(head.id, entries) { return fault }
        if knowsFiles, let lost = replayed.files.first(where: { files[head.id]?.contains($0) != true }) {
            return (nil, "its file \(lost) is not known any more")
        }
        return nil
    }

    /// What the entries refer to lies in the vault as it was, unless the person was forgotten.
    private func sealedFault(_ id: String, _ entries: [JournalEntry]) -> (seq: Int?, reason: String)? {
        let parts = parts[id] ?? [:]
        for entry in entries {
            for reference in Sealed.references(in: entry.data) {
                guard vaults.contains(id) else { return (entry.seq, "its vault is gone, and nobody was forgotten") }
                guard let hash = parts[reference.slot] else {
                    return (entry.seq, "its sealed part \(reference.slot) is missing")
                }
                if hash != reference.hash { return (entry.seq, "its sealed part \(reference.slot) is another one") }
            }
        }
        return nil
    }
}

extension Sealed {
    /// The references in an event's canonical JSON, `{"hash":"…","slot":"…"}`, without parsing it whole.
    static func references(in data: String) -> [Sealed] {
        var data = data
        return data.withUTF8 { bytes in
            var found: [Sealed] = []
            var index = 0
            while index + 90 < bytes.count {
                guard bytes[index] == UInt8(ascii: "{"), starts(bytes, index + 1, with: "\"hash\":\""),
                    starts(bytes, index + 73, with: "\",\"slot\":\"")
                else {
                    index += 1
                    continue
                }
                let start = index + 83
                var end = start
                while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += 1 }
                found.append(
                    Sealed(
                        slot: String(decoding: bytes[start..<end], as: UTF8.self),
                        hash: String(decoding: bytes[(index + 9)..<(index + 73)], as: UTF8.self)))
                index = end
            }
            return found
        }
    }

    private static func starts(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, with text: StaticString) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[place + offset] != text.utf8Start[offset] { return false }
        return true
    }
}
