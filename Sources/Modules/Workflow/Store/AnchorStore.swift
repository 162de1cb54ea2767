import Cryptography
package import Kernel
package import Storage
import Web

/// Anchors, and entries that came after their hour was closed.
package enum AnchorStore {
    /// The last anchor of an area: when it ends and its digest.
    static func latest(_ area: AreaCode, _ tx: Transaction) throws -> Anchor? {
        try read(area, "ORDER BY until_at DESC LIMIT 1", tx).first
    }

    /// Anchors of an area that end after a moment, in order.
    package static func anchors(of area: AreaCode, after moment: Moment, limit: Int, _ tx: Transaction) throws
        -> [Anchor]
    {
        try read(area, "AND until_at > \(moment) ORDER BY until_at LIMIT \(limit)", tx)
    }

    static func insert(_ anchor: Anchor, _ tx: Transaction) throws {
        let line = try JSON(parsing: anchor.line)
        try tx.execute(
            """
            INSERT INTO anchor (area, until_at, since_at, streams, entries, leaves, late, root, previous, key_version,
                                signature)
            VALUES (\(anchor.area), \(anchor.until), \(anchor.since), \(anchor.leaves.count), \(anchor.entries),
                    \(line["leaves"]), \(line["late"]), \(anchor.root), \(anchor.previous),
                    \(Int(anchor.signature.keyVersion)), \(line["signature"].text ?? ""))
            """)
        for late in anchor.late {
            try tx.execute(
                "DELETE FROM late_entry WHERE area = \(anchor.area) AND stream = \(late.leaf.stream) AND seq = \(late.leaf.seq)"
            )
        }
        try tx.execute(
            "DELETE FROM late_entry WHERE area = \(anchor.area) AND at >= \(anchor.since) AND at < \(anchor.until)")
    }

    private static func read(_ area: AreaCode, _ filter: SQL, _ tx: Transaction) throws -> [Anchor] {
        let rows = try tx.rows(
            """
            SELECT area, since_at, until_at, entries, leaves, late, root, previous, key_version, signature
            FROM anchor WHERE area = \(area) \(filter)
            """, as: String.self, Int64.self, Int64.self, Int.self, JSON.self, JSON.self, String.self, String.self,
            Int.self, String.self)
        return rows.compactMap { row in
            Anchor([
                "kind": "anchor", "area": .string(row.0), "since": .int(row.1), "until": .int(row.2),
                "entries": .int(Int64(row.3)), "leaves": row.4, "late": row.5, "root": .string(row.6),
                "previous": .string(row.7), "key": .int(Int64(row.8)), "signature": .string(row.9),
            ])
        }
    }

    /// Areas with a journal, for closing their hours.
    static func areas(_ tx: Transaction) throws -> [AreaCode] { try Distinct.areas("journal", tx) }

    /// Areas with anchors.
    package static func anchored(_ tx: Transaction) throws -> [AreaCode] { try Distinct.areas("anchor", tx) }

    /// The first moment of an area's journal from a moment on; nil where nothing stands there.
    static func first(_ area: AreaCode, from moment: Moment, _ tx: Transaction) throws -> Moment? {
        try tx.value("SELECT MIN(at) FROM journal WHERE area = \(area) AND at >= \(moment)", as: Moment?.self) ?? nil
    }

    /// The newest moment in any journal; nil where there is none.
    package static func newest(_ tx: Transaction) throws -> Moment? {
        try areas(tx).compactMap { area in
            try tx.value("SELECT MAX(at) FROM journal WHERE area = \(area)", as: Moment?.self) ?? nil
        }.max()
    }

    /// The entries of a stretch of time: how many, and all of them by journal in order.
    static func entries(of area: AreaCode, since: Moment, until: Moment, _ tx: Transaction) throws -> [String: [(
        seq: Int, hash: String
    )]] {
        var found: [String: [(seq: Int, hash: String)]] = [:]
        try tx.forEach(
            """
            SELECT stream, seq, hash FROM journal WHERE area = \(area) AND at >= \(since) AND at < \(until)
            ORDER BY stream, seq
            """
        ) { row in
            let stream: String = try row.value(0)
            found[stream, default: []].append((seq: try row.value(1), hash: try row.value(2)))
        }
        return found
    }

    /// The hash of one entry; nil where it is not there.
    static func hash(of stream: String, _ seq: Int, area: AreaCode, _ tx: Transaction) throws -> String? {
        for cohort in try Distinct.cohorts(of: area, tx) {
            let hash = try tx.value(
                """
                SELECT hash FROM journal
                WHERE area = \(area) AND cohort = \(cohort) AND stream = \(stream) AND seq = \(seq)
                """, as: String.self)
            if let hash { return hash }
        }
        return nil
    }

    /// Remembers entries whose moment lies in an hour before the present one.
    static func addLate(_ stream: String, _ seqs: ClosedRange<Int>, at: Moment, area: AreaCode, _ tx: Transaction)
        throws
    {
        for seq in seqs {
            try tx.execute(
                "INSERT INTO late_entry (area, stream, seq, at) VALUES (\(area), \(stream), \(seq), \(at)) ON CONFLICT DO NOTHING"
            )
        }
    }

    /// What came late and is not anchored yet.
    static func late(of area: AreaCode, _ tx: Transaction) throws -> [(stream: String, seq: Int, at: Moment)] {
        try tx.rows(
            "SELECT stream, seq, at FROM late_entry WHERE area = \(area) ORDER BY stream, seq",
            as: String.self, Int.self, Moment.self
        ).map { (stream: $0.0, seq: $0.1, at: $0.2) }
    }
}

/// Vaults that were destroyed for good, so that a restored backup forgets them again.
package enum ForgottenStore {
    static func add(_ vault: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            "INSERT INTO forgotten (area, vault, told) VALUES (\(area), \(vault), 0) ON CONFLICT DO NOTHING")
    }

    /// Whether what lay in the vault was destroyed on purpose.
    package static func contains(_ vault: String, area: AreaCode, _ tx: Transaction) throws -> Bool {
        try tx.value("SELECT 1 FROM forgotten WHERE area = \(area) AND vault = \(vault)", as: Int.self) != nil
    }

    /// Forgotten and not yet told to the outside.
    package static func untold(limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, vault: String)] {
        try tx.rows(
            "SELECT area, vault FROM forgotten WHERE told = 0 ORDER BY area, vault LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, vault: $0.1) }
    }

    /// How many the outside does not know of yet.
    static func queue(_ tx: Transaction) throws -> QueueState {
        let count = try tx.value("SELECT COUNT(*) FROM forgotten WHERE told = 0", as: Int.self) ?? 0
        return QueueState("forgotten", depth: count)
    }

    /// It stands outside now.
    package static func told(_ vault: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("UPDATE forgotten SET told = 1 WHERE area = \(area) AND vault = \(vault)")
    }
}
