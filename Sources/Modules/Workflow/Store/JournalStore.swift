package import Kernel
package import Storage

/// The journal's table: entries go in and are read, nothing else.
package enum JournalStore {
    static func append(_ entries: [JournalEntry], _ tx: Transaction) throws {
        let rows = entries.map { entry -> SQL in
            """
            (\(entry.area), \(entry.cohort), \(entry.stream), \(entry.seq), \(entry.at), \(entry.actor), \(entry.request),
             \(entry.name), \(entry.data), \(entry.previous), \(entry.hash))
            """
        }
        try tx.put(
            """
            INSERT INTO journal (area, cohort, stream, seq, at, actor, request, name, data, previous, hash)
            VALUES \(rows.joined(", "))
            """)
    }

    /// The journal of one proceeding, from its beginning.
    package static func entries(of stream: String, area: AreaCode, cohort: Int, _ tx: Transaction) throws
        -> [JournalEntry]
    {
        var entries: [JournalEntry] = []
        try tx.forEach(
            """
            SELECT seq, at, actor, request, name, data, previous, hash FROM journal
            WHERE area = \(area) AND cohort = \(cohort) AND stream = \(stream) ORDER BY seq
            """
        ) { row in
            entries.append(
                JournalEntry(
                    area: area, cohort: cohort, stream: stream, seq: try row.value(0), at: try row.value(1),
                    actor: try row.value(2), request: try row.value(3), name: try row.value(4), data: try row.value(5),
                    previous: try row.value(6), hash: try row.value(7)))
        }
        return entries
    }

    /// The journal of one proceeding, whose opening year the proceeding itself knows.
    package static func entries(of stream: String, area: AreaCode, _ tx: Transaction) throws -> [JournalEntry] {
        guard
            let cohort = try tx.value(
                "SELECT cohort FROM proceeding WHERE area = \(area) AND id = \(stream)", as: Int.self)
        else { return [] }
        return try entries(of: stream, area: area, cohort: cohort, tx)
    }

    /// Where something of these names was written down since a moment, in the order of time: at most `limit`.
    ///
    /// What is written for a moment past (a limit that fell due) may stand before what was read already.
    package static func told(
        _ names: [String], from: Moment, limit: Int, area: AreaCode, _ tx: Transaction
    ) throws -> [(stream: String, at: Moment)] {
        try tx.rows(
            """
            SELECT stream, at FROM journal WHERE area = \(area) AND at >= \(from) AND name IN (\(list: names))
            ORDER BY at LIMIT \(limit)
            """, as: String.self, Moment.self
        ).map { (stream: $0.0, at: $0.1) }
    }
}
