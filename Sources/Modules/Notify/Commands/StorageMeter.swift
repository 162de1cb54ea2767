import Dispatch
import Foundation
import Kernel
import Storage
import Synchronization
import Web

/// How much is stored; measured now and then, because walking through a folder takes its time.
final class StorageMeter: Sendable {
    /// What was found, in bytes.
    struct Figures: Sendable, Hashable {
        let database: Int
        let files: Int
        let fileCount: Int
        /// Left on the disk of the files; nil where the system does not say.
        let free: Int?
        let at: Moment
    }

    private let database: any Database
    private let folder: URL
    private let last = Mutex<Figures?>(nil)

    init(database: any Database, files: URL) {
        self.database = database
        folder = files
    }

    /// The last figures, or the first ones.
    func figures(at now: Moment) async throws -> Figures {
        if let known = last.withLock({ $0 }) { return known }
        return try await measure(at: now)
    }

    @discardableResult
    func measure(at now: Moment) async throws -> Figures {
        let size = try await database.read { tx in try StorageStore.size(tx) }
        let folder = folder
        let (bytes, count, free) = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(returning: Self.walk(folder)) }
        }
        let figures = Figures(database: size, files: bytes, fileCount: count, free: free, at: now)
        last.withLock { $0 = figures }
        for (what, bytes) in [("database", size), ("files", bytes), ("free", free)] {
            if let bytes { Measured.storage(what, bytes: bytes) }
        }
        return figures
    }

    private static func walk(_ folder: URL) -> (bytes: Int, count: Int, free: Int?) {
        var bytes = 0
        var count = 0
        let files = FileManager.default.enumerator(
            at: folder, includingPropertiesForKeys: [.fileSizeKey, .isRegularFileKey])
        while let file = files?.nextObject() as? URL {
            guard let values = try? file.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey]),
                values.isRegularFile == true
            else { continue }
            bytes += values.fileSize ?? 0
            count += 1
        }
        let system = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
        return (bytes, count, (system?[.systemFreeSize] as? NSNumber)?.intValue)
    }
}
