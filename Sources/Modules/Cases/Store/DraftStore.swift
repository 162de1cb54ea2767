package import Kernel
package import Storage

/// A draft's open columns; what was typed lies sealed in its vault.
package struct DraftRow: Sendable, Hashable {
    package let id: String
    package let owner: String
    package let subject: String
    package let item: String
    package let itemVersion: Int
    /// Grows with every save.
    package let version: Int
    /// The number it got when it was submitted; then it is a case.
    package let number: String?
    package let createdAt: Moment
    package let changedAt: Moment
    package let expiresAt: Moment

    /// The row as a save leaves it.
    func changed(at now: Moment, expiresAt: Moment) -> DraftRow {
        DraftRow(
            id: id, owner: owner, subject: subject, item: item, itemVersion: itemVersion, version: version + 1,
            number: number, createdAt: createdAt, changedAt: now, expiresAt: expiresAt)
    }
}

/// Drafts: rows without a journal, kept for some days after the last change, as their items say.
package enum DraftStore {
    static func insert(_ draft: DraftRow, bucket: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO draft (area, id, owner, bucket, subject, item, item_version, version, number, created_at, changed_at,
                               expires_at, warned)
            VALUES (\(area), \(draft.id), \(draft.owner), \(bucket), \(draft.subject), \(draft.item), \(draft.itemVersion), 1,
                    \(String?.none), \(draft.createdAt), \(draft.changedAt), \(draft.expiresAt), 0)
            """)
    }

    /// The draft's row, whoever owns it; nil where it ran out or was discarded.
    package static func draft(_ id: String, area: AreaCode, _ tx: Transaction) throws -> DraftRow? {
        try read("\(columns) WHERE area = \(area) AND id = \(id)", tx).first
    }

    /// A resident's open drafts, the last changed first.
    package static func owned(by owner: String, area: AreaCode, limit: Int, _ tx: Transaction) throws -> [DraftRow] {
        try read(
            "\(columns) WHERE area = \(area) AND owner = \(owner) AND number IS NULL ORDER BY changed_at DESC, id DESC LIMIT \(limit)",
            tx)
    }

    /// Raises the version; false where somebody else saved in between.
    static func touch(
        _ id: String, area: AreaCode, version: Int, at now: Moment, expiresAt: Moment, _ tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE draft SET version = version + 1, changed_at = \(now), expires_at = \(expiresAt), warned = 0
            WHERE area = \(area) AND id = \(id) AND version = \(version) AND number IS NULL
            """) == 1
    }

    /// The draft became a case; false where it was saved, submitted or discarded in between.
    static func submitted(
        _ id: String, number: String, version: Int, by subject: String, area: AreaCode, at now: Moment,
        _ tx: Transaction
    ) throws -> Bool {
        // Who got such a licence by deceit, or applied for it falsely, may not apply for it again yet (行政许可法 arts. 78, 79): asked
        // in the same statement.
        try tx.execute(
            """
            UPDATE draft SET number = \(number), changed_at = \(now)
            WHERE area = \(area) AND id = \(id) AND version = \(version) AND number IS NULL
              AND NOT EXISTS (SELECT 1 FROM conduct WHERE conduct.area = \(area) AND conduct.subject = \(subject)
                              AND conduct.kind IN (\(Conduct.fraud), \(Conduct.concealment)) AND conduct.item = draft.item
                              AND conduct.until > \(now))
            """) == 1
    }

    /// Takes a draft away; false where there is none any more, or it became a case.
    ///
    /// - Parameter until: only if it ended by then: its owner may have saved it in between.
    static func remove(_ id: String, area: AreaCode, endedBy until: Moment? = nil, _ tx: Transaction) throws -> Bool {
        var filter: SQL = ""
        if let until { filter += " AND expires_at <= \(until)" }
        return try tx.execute("DELETE FROM draft WHERE area = \(area) AND id = \(id) AND number IS NULL\(filter)") == 1
    }

    /// Takes away what is left of the draft that became a case.
    static func removeOfCase(_ id: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM draft WHERE area = \(area) AND id = \(id) AND number IS NOT NULL")
    }

    /// Drafts of all areas whose time is over.
    static func expired(at now: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, id: String)] {
        try tx.rows(
            "SELECT area, id FROM draft WHERE expires_at <= \(now) AND number IS NULL ORDER BY expires_at, area, id LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, id: $0.1) }
    }

    /// Drafts that end within seven days and whose owners were not told yet.
    static func ending(before: Moment, limit: Int, _ tx: Transaction) throws -> [(
        area: AreaCode, id: String, owner: String, bucket: String, item: String, expiresAt: Moment
    )] {
        try tx.rows(
            """
            SELECT area, id, owner, bucket, item, expires_at FROM draft
            WHERE expires_at <= \(before) AND warned = 0 AND number IS NULL ORDER BY expires_at, area, id LIMIT \(limit)
            """, as: AreaCode.self, String.self, String.self, String.self, String.self, Moment.self
        ).map { (area: $0.0, id: $0.1, owner: $0.2, bucket: $0.3, item: $0.4, expiresAt: $0.5) }
    }

    /// Notes that its owner was told of this end; false where it was saved meanwhile and ends later.
    static func warned(_ id: String, of end: Moment, area: AreaCode, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE draft SET warned = 1
            WHERE area = \(area) AND id = \(id) AND expires_at = \(end) AND warned = 0 AND number IS NULL
            """) == 1
    }

    private static let columns: SQL =
        "SELECT id, owner, subject, item, item_version, version, number, created_at, changed_at, expires_at FROM draft"

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [DraftRow] {
        var rows: [DraftRow] = []
        try tx.forEach(sql) { row in
            rows.append(
                DraftRow(
                    id: try row.value(0), owner: try row.value(1), subject: try row.value(2), item: try row.value(3),
                    itemVersion: try row.value(4), version: try row.value(5), number: try row.value(6),
                    createdAt: try row.value(7), changedAt: try row.value(8), expiresAt: try row.value(9)))
        }
        return rows
    }
}
