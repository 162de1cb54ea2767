package import Cryptography
package import Kernel
package import Storage

/// Closes each area's hours: signs what its journals had come to. Runs on every server; one of them is first.
package struct Anchors: Sendable {
    private let database: any Database
    private let keys: any KeyService

    package init(database: any Database, keys: any KeyService) {
        self.database = database
        self.keys = keys
    }

    /// The longest stretch of one anchor; a quiet area gets one a day.
    static let longest: Int64 = 86_400

    /// Closes what can be closed now; answers how many anchors were made.
    @discardableResult
    package func close(at now: Moment) async throws -> Int {
        let end = Anchor.hour(of: now.adding(seconds: -Anchor.grace))
        var made = 0
        for area in try await database.read({ tx in try AnchorStore.areas(tx) }) {
            while let anchor = try await next(area, end: end) {
                do {
                    try await database.write { tx in try AnchorStore.insert(anchor, tx) }
                    made += 1
                } catch StorageError.uniqueViolation {
                    // Another server was first.
                    break
                }
            }
        }
        return made
    }

    private func next(_ area: AreaCode, end: Moment) async throws -> Anchor? {
        let latest = try await database.read { tx in try AnchorStore.latest(area, tx) }
        let drawn = try await database.read { tx -> (Moment, Moment, Int, [Anchor.Leaf], [Anchor.Late])? in
            let first = try AnchorStore.first(area, from: latest?.until ?? Moment(milliseconds: 0), tx)
            guard let since = latest?.until ?? first.map(Anchor.hour) else { return nil }
            let until = min(end, since.adding(seconds: Self.longest))
            guard until > since else { return nil }
            let entries = try AnchorStore.entries(of: area, since: since, until: until, tx)
            let late = try AnchorStore.late(of: area, tx).filter { $0.at < since }.compactMap { late in
                try AnchorStore.hash(of: late.stream, late.seq, area: area, tx).map {
                    Anchor.Late(leaf: .init(stream: late.stream, seq: late.seq, head: $0), at: late.at)
                }
            }
            // An hour in which nothing happened needs no anchor, a day does.
            if entries.isEmpty, late.isEmpty, until < since.adding(seconds: Self.longest) { return nil }
            let leaves = entries.compactMap { stream, entries in
                entries.last.map { Anchor.Leaf(stream: stream, seq: $0.seq, head: $0.hash) }
            }
            return (
                since, until, entries.values.reduce(0) { $0 + $1.count }, leaves.sorted { $0.stream < $1.stream }, late
            )
        }
        guard let (since, until, count, leaves, late) = drawn else { return nil }
        let root = Anchor.root(of: leaves, late: late)
        let previous = latest?.digest ?? JournalEntry.zero
        let text = Anchor.text(
            area: area, since: since, until: until, streams: leaves.count, entries: count, root: root,
            previous: previous)
        return Anchor(
            area: area, since: since, until: until, entries: count, leaves: leaves, late: late, root: root,
            previous: previous, signature: try keys.sign(text))
    }
}
