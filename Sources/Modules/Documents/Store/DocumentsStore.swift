package import Kernel
package import Storage

/// A file of an application: its bytes lie sealed under `address` in the file folder.
package struct StoredFile: Sendable, Hashable {
    package let id: String
    package let vault: String
    /// SHA-256 of the sealed bytes, hexadecimal.
    package let address: String
    /// Bytes of what was sent.
    package let size: Int
    package let kind: FileKind
}

/// An issued document as lists show it.
package struct NoticeRow: Sendable, Hashable {
    package let id: String
    package let stream: String
    package let kind: String
    /// 文号; nil for receipts.
    package let number: String?
    /// The number of the result it names: a certificate's, an entry's.
    package let result: String?
    /// What the QR code names: 128 random bits.
    package let code: String
    package let organ: String
    package let title: String
    /// `valid`, `replaced`, `revoked`.
    package let state: String
    package let issuedAt: Moment
    let file: String?
    let digest: String?
}

/// All SQL of the documents.
package enum DocumentsStore {
    /// Records a file that was checked and lies sealed; it is swept unless it is attached.
    package static func insert(_ file: StoredFile, area: AreaCode, at now: Moment, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO stored_file (area, id, vault, address, size, type, scanned, attached, created_at)
            VALUES (\(area), \(file.id), \(file.vault), \(file.address), \(file.size), \(file.kind.rawValue), 1, 0, \(now))
            """)
    }

    /// Files that belong to an application now are not swept.
    package static func attach(_ ids: [String], area: AreaCode, _ tx: Transaction) throws {
        guard !ids.isEmpty else { return }
        try tx.put("UPDATE stored_file SET attached = 1 WHERE area = \(area) AND id IN (\(list: ids))")
    }

    /// The file's row; nil where the area has none. `size` in bytes of what was uploaded.
    package static func file(_ id: String, area: AreaCode, _ tx: Transaction) throws -> StoredFile? {
        try tx.row(
            "SELECT vault, address, size, type FROM stored_file WHERE area = \(area) AND id = \(id)",
            as: String.self, String.self, Int.self, String.self
        ).flatMap { row in
            FileKind(rawValue: row.3).map { StoredFile(id: id, vault: row.0, address: row.1, size: row.2, kind: $0) }
        }
    }

    /// A file as verification walks it.
    struct Line: Sendable {
        let area: AreaCode
        let id: String
        let vault: String
        let address: String
        let attached: Bool
        let createdAt: Moment
    }

    /// Files of all areas behind one, in the order of the key.
    static func page(after: (area: String, id: String), limit: Int, _ tx: Transaction) throws -> [Line] {
        try tx.rows(
            """
            SELECT area, id, vault, address, attached, created_at FROM stored_file
            WHERE (area, id) > (\(after.area), \(after.id)) ORDER BY area, id LIMIT \(limit)
            """, as: AreaCode.self, String.self, String.self, String.self, Bool.self, Moment.self
        ).map { Line(area: $0.0, id: $0.1, vault: $0.2, address: $0.3, attached: $0.4, createdAt: $0.5) }
    }

    /// Ids of files by vault, of the vaults behind one and up to another (nil: to the end).
    package static func files(of area: AreaCode, after: String, upTo last: String?, _ tx: Transaction) throws
        -> [String: Set<String>]
    {
        let end: SQL = last.map { " AND vault <= \($0)" } ?? ""
        var found: [String: Set<String>] = [:]
        try tx.forEach("SELECT vault, id FROM stored_file WHERE area = \(area) AND vault > \(after)\(end)") { row in
            found[try row.value(0), default: []].insert(try row.value(1))
        }
        return found
    }

    /// Takes away the row of an upload that nobody attached; false where somebody did meanwhile.
    static func removeLoose(_ id: String, area: AreaCode, _ tx: Transaction) throws -> Bool {
        try tx.execute("DELETE FROM stored_file WHERE area = \(area) AND id = \(id) AND attached = 0") == 1
    }

    /// Takes away files of an application that are no part of it any more. Their bytes go after the commit, with `discard`.
    ///
    /// - Returns: the addresses the bytes lie under.
    package static func remove(_ ids: [String], area: AreaCode, _ tx: Transaction) throws -> [String] {
        guard !ids.isEmpty else { return [] }
        return try tx.values(
            "DELETE FROM stored_file WHERE area = \(area) AND id IN (\(list: ids)) RETURNING address", as: String.self)
    }

    /// Takes away every file of an application that is forgotten. Their bytes go after the commit, with `discard`.
    ///
    /// - Returns: the addresses the bytes lie under.
    package static func removeFiles(of vault: String, area: AreaCode, _ tx: Transaction) throws -> [String] {
        try tx.values(
            "DELETE FROM stored_file WHERE area = \(area) AND vault = \(vault) RETURNING address", as: String.self)
    }

    /// Which of these addresses some row refers to, in whatever area.
    static func known(_ addresses: [String], _ tx: Transaction) throws -> Set<String> {
        guard !addresses.isEmpty else { return [] }
        return Set(
            try tx.values("SELECT address FROM stored_file WHERE address IN (\(list: addresses))", as: String.self))
    }

    /// Files nobody attached since `before`.
    static func loose(before: Moment, limit: Int, _ tx: Transaction) throws -> [(
        area: AreaCode, id: String, address: String
    )] {
        try tx.rows(
            """
            SELECT area, id, address FROM stored_file WHERE attached = 0 AND created_at < \(before)
            ORDER BY created_at, area, id LIMIT \(limit)
            """, as: AreaCode.self, String.self, String.self
        ).map { (area: $0.0, id: $0.1, address: $0.2) }
    }

    static func insert(_ notice: NoticeRow, area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            """
            INSERT INTO notice (area, id, stream, kind, number, result, code, organ, title, state, issued_at, file, digest)
            VALUES (\(area), \(notice.id), \(notice.stream), \(notice.kind), \(notice.number), \(notice.result),
                    \(notice.code), \(notice.organ), \(notice.title), \(notice.state), \(notice.issuedAt), \(notice.file), \(notice.digest))
            """)
    }

    /// What was issued in error holds no longer; the receipt stays, since the papers were handed in.
    package static func revoke(of stream: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            """
            UPDATE notice SET state = 'revoked'
            WHERE area = \(area) AND stream = \(stream) AND kind <> 'receipt' AND state = 'valid'
            """)
    }

    /// Documents of these kinds hold no longer.
    package static func revoke(of stream: String, kinds: [String], area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            """
            UPDATE notice SET state = 'revoked'
            WHERE area = \(area) AND stream = \(stream) AND kind IN (\(list: kinds)) AND state = 'valid'
            """)
    }

    /// These documents hold no longer.
    package static func revoke(_ ids: [String], area: AreaCode, _ tx: Transaction) throws {
        guard !ids.isEmpty else { return }
        try tx.put(
            "UPDATE notice SET state = 'revoked' WHERE area = \(area) AND id IN (\(list: ids)) AND state = 'valid'")
    }

    static func drawn(_ id: String, file: String, digest: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.put(
            "UPDATE notice SET file = \(file), digest = \(digest) WHERE area = \(area) AND id = \(id) AND file IS NULL")
    }

    /// The notice's row by its id; the public finds it by its code instead.
    package static func notice(_ id: String, area: AreaCode, _ tx: Transaction) throws -> NoticeRow? {
        try read("\(columns) WHERE area = \(area) AND id = \(id)", tx).first
    }

    static func notice(code: String, area: AreaCode, _ tx: Transaction) throws -> NoticeRow? {
        try read("\(columns) WHERE area = \(area) AND code = \(code)", tx).first
    }

    /// The documents of a proceeding, oldest first.
    package static func notices(of stream: String, area: AreaCode, _ tx: Transaction) throws -> [NoticeRow] {
        try read("\(columns) WHERE area = \(area) AND stream = \(stream) ORDER BY issued_at, id", tx)
    }

    private static let columns: SQL =
        "SELECT id, stream, kind, number, result, code, organ, title, state, issued_at, file, digest FROM notice"

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [NoticeRow] {
        var rows: [NoticeRow] = []
        try tx.forEach(sql) { row in
            rows.append(
                NoticeRow(
                    id: try row.value(0), stream: try row.value(1), kind: try row.value(2), number: try row.value(3),
                    result: try row.value(4), code: try row.value(5), organ: try row.value(6), title: try row.value(7),
                    state: try row.value(8), issuedAt: try row.value(9), file: try row.value(10),
                    digest: try row.value(11)))
        }
        return rows
    }
}
