package import Foundation
package import Kernel
package import Storage

/// Blank forms and samples of packs, by the hash of their content; never changed, and kept as long as a version may name them.
package enum PaperStore {
    /// Keeps a file; one that is there already stays as it is.
    package static func put(
        _ bytes: Data, digest: String, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO item_paper (area, digest, size, bytes, loaded_at)
            VALUES (\(area), \(digest), \(bytes.count), \(Array(bytes)), \(now)) ON CONFLICT DO NOTHING
            """)
    }

    /// Which of these are there.
    static func known(_ digests: [String], area: AreaCode, _ tx: Transaction) throws -> Set<String> {
        guard !digests.isEmpty else { return [] }
        return Set(
            try tx.values(
                "SELECT digest FROM item_paper WHERE area = \(area) AND digest IN (\(list: digests))", as: String.self))
    }

    static func bytes(_ digest: String, area: AreaCode, _ tx: Transaction) throws -> [UInt8]? {
        try tx.value("SELECT bytes FROM item_paper WHERE area = \(area) AND digest = \(digest)", as: [UInt8].self)
    }

    /// When a version was loaded: the day its papers bear.
    static func loadedAt(_ slug: String, version: Int, area: AreaCode, _ tx: Transaction) throws -> Moment? {
        try tx.value(
            "SELECT loaded_at FROM item_version WHERE area = \(area) AND slug = \(slug) AND version = \(version)",
            as: Moment.self)
    }
}
