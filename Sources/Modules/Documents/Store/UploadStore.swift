import Kernel
import Storage

/// A large file on its way.
struct UploadRow: Sendable, Hashable {
    let id: String
    /// Bytes it will have.
    let size: Int
    /// Bytes that are here and durable.
    let received: Int
    /// The file it became when it was handed in, else nil.
    let file: String?
}

/// All SQL of uploads in parts.
enum UploadStore {
    /// Begins an upload of `size` bytes.
    static func insert(
        _ id: String, size: Int, owner: String, area: AreaCode, at now: Moment, until end: Moment, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO upload (area, id, owner, size, received, created_at, expires_at)
            VALUES (\(area), \(id), \(owner), \(size), 0, \(now), \(end))
            """)
    }

    /// An upload of this owner; nil where there is none, or it is over.
    static func find(_ id: String, owner: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws
        -> UploadRow?
    {
        try tx.row(
            """
            SELECT size, received, file FROM upload
            WHERE area = \(area) AND id = \(id) AND owner = \(owner) AND expires_at > \(now)
            """, as: Int.self, Int.self, String?.self
        ).map { UploadRow(id: id, size: $0.0, received: $0.1, file: $0.2) }
    }

    /// Adds a part where the upload has exactly `start` bytes; false where it has others.
    static func add(
        _ part: String, of id: String, from start: Int, length: Int, area: AreaCode, _ tx: Transaction
    ) throws -> Bool {
        let end = start + length
        let taken = try tx.execute(
            "UPDATE upload SET received = \(end) WHERE area = \(area) AND id = \(id) AND received = \(start) AND size >= \(end)"
        )
        guard taken == 1 else { return false }
        try tx.execute(
            """
            INSERT INTO upload_part (area, upload, start, length, name)
            VALUES (\(area), \(id), \(start), \(length), \(part))
            """)
        return true
    }

    /// The names of the parts, in order.
    static func parts(of id: String, area: AreaCode, _ tx: Transaction) throws -> [(start: Int, name: String)] {
        try tx.rows(
            "SELECT start, name FROM upload_part WHERE area = \(area) AND upload = \(id) ORDER BY start",
            as: Int.self, String.self
        ).map { (start: $0.0, name: $0.1) }
    }

    /// The upload was handed in and is a file now; its parts are not needed any more.
    static func handedIn(_ id: String, as file: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("UPDATE upload SET file = \(file) WHERE area = \(area) AND id = \(id)")
        try tx.execute("DELETE FROM upload_part WHERE area = \(area) AND upload = \(id)")
    }

    static func remove(_ id: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM upload_part WHERE area = \(area) AND upload = \(id)")
        try tx.execute("DELETE FROM upload WHERE area = \(area) AND id = \(id)")
    }

    /// What an owner has under way, newest first.
    static func open(of owner: String, area: AreaCode, _ tx: Transaction) throws -> [String] {
        try tx.values(
            "SELECT id FROM upload WHERE area = \(area) AND owner = \(owner) AND file IS NULL ORDER BY created_at DESC, id DESC"
        )
    }

    /// Uploads whose time is over.
    static func over(at now: Moment, limit: Int, _ tx: Transaction) throws -> [(area: AreaCode, id: String)] {
        try tx.rows(
            "SELECT area, id FROM upload WHERE expires_at <= \(now) ORDER BY expires_at, area, id LIMIT \(limit)",
            as: AreaCode.self, String.self
        ).map { (area: $0.0, id: $0.1) }
    }
}
