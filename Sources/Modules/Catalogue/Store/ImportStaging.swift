import Kernel
import Storage
import Web

/// A list that was uploaded, without its bytes. It lies in the open: what an office does is public.
struct StagedList: Sendable {
    let id: String
    /// The file's name, as its author's machine has it.
    let name: String
    /// When the import last said that it goes on; nil where none runs.
    let runningAt: Moment?
    let done: Int
    let total: Int
    /// The counts of an import that is done.
    let report: JSON?
}

/// All SQL of lists between upload and import. Each is seen by its author only.
enum ImportStaging {
    /// Seconds after which an import that says nothing is held to be dead, and may be begun again.
    private static let patience: Int64 = 60

    static func put(
        _ id: String, name: String, bytes: [UInt8], author: String, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO import_staging (area, id, author, at, name, bytes, running_at, done, total, report)
            VALUES (\(area), \(id), \(author), \(now), \(name), \(bytes), \(Moment?.none), 0, 0, \(JSON?.none))
            """)
    }

    static func list(_ id: String, author: String, area: AreaCode, _ tx: Transaction) throws -> StagedList? {
        try tx.row(
            """
            SELECT name, running_at, done, total, report FROM import_staging
            WHERE area = \(area) AND id = \(id) AND author = \(author)
            """, as: String.self, Moment?.self, Int.self, Int.self, JSON?.self
        ).map { StagedList(id: id, name: $0.0, runningAt: $0.1, done: $0.2, total: $0.3, report: $0.4) }
    }

    /// Imports of all areas that run.
    static func queue(_ tx: Transaction) throws -> QueueState {
        let row = try tx.row(
            "SELECT COUNT(*), MIN(at) FROM import_staging WHERE running_at IS NOT NULL", as: Int.self, Moment?.self)
        return QueueState("imports", depth: row?.0 ?? 0, oldest: row?.1)
    }

    static func bytes(_ id: String, author: String, area: AreaCode, _ tx: Transaction) throws -> [UInt8]? {
        try tx.value(
            "SELECT bytes FROM import_staging WHERE area = \(area) AND id = \(id) AND author = \(author)",
            as: [UInt8].self)
    }

    /// Whether the import may begin now: false where it runs or is done.
    static func claim(_ id: String, author: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE import_staging SET running_at = \(now), done = 0, total = 0
            WHERE area = \(area) AND id = \(id) AND author = \(author) AND report IS NULL
              AND (running_at IS NULL OR running_at < \(now.adding(seconds: -patience)))
            """) == 1
    }

    static func progress(
        _ id: String, done: Int, total: Int, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE import_staging SET running_at = \(now), done = \(done), total = \(total)
            WHERE area = \(area) AND id = \(id)
            """)
    }

    /// Nothing came of it: the list may be corrected or tried again.
    static func release(_ id: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("UPDATE import_staging SET running_at = \(Moment?.none) WHERE area = \(area) AND id = \(id)")
    }

    /// The import is done; the list itself is no longer kept.
    static func finish(_ id: String, report: JSON, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE import_staging SET running_at = \(Moment?.none), report = \(report), bytes = \([UInt8]())
            WHERE area = \(area) AND id = \(id)
            """)
    }

    static func sweep(before: Moment, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM import_staging WHERE area = \(area) AND at < \(before)")
    }
}
