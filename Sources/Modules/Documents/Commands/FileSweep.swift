import Foundation
package import Kernel
import Storage

// Bytes without a row: what a crash left between the file and its row, or between a row's end and the file's.

extension NoticeDesk {
    /// How many folders of bytes there are: by the first two digits of the address.
    static let folders = 256

    /// Removes bytes whose rows are gone, unless another row refers to them. Where this never comes to its end, the sweep
    /// does it a day later.
    package func discard(_ addresses: [String]) async throws {
        guard !addresses.isEmpty else { return }
        let known = try await database.read { tx in try DocumentsStore.known(addresses, tx) }
        for address in addresses where !known.contains(address) { files.remove(address) }
    }

    /// Which of some addresses no row refers to.
    package func unknown(_ addresses: [String]) async throws -> [String] {
        let known = try await database.read { tx in try DocumentsStore.known(addresses, tx) }
        return addresses.filter { !known.contains($0) }
    }

    /// Sweeps files that nobody attached within 48 hours, and uploads that nobody finished.
    package func sweep(at now: Moment) async throws {
        let before = now.adding(seconds: -48 * 3600)
        let loose = try await database.read { tx in try DocumentsStore.loose(before: before, limit: 200, tx) }
        for file in loose {
            let removed = try await database.write { tx in
                try DocumentsStore.removeLoose(file.id, area: file.area, tx)
            }
            if removed { try await discard([file.address]) }
        }
        try await uploads.sweep(at: now)
        // Parts live as long as their upload.
        files.sweepTemporary(before: Self.date(now.adding(seconds: -2 * Uploads.life)))
    }

    /// Removes bytes older than a day to which no row refers; each hour another part of the folders, each folder once a day.
    package func sweepUnreferenced(at now: Moment) async throws {
        let hour = Int(now.milliseconds / 3_600_000 % 24)
        for folder in 0..<Self.folders where folder % 24 == hour {
            try await sweepUnreferenced(folder: folder, at: now)
        }
    }

    func sweepUnreferenced(folder: Int, at now: Moment) async throws {
        var old = files.addresses(in: folder, changedBefore: Self.date(now.adding(seconds: -86_400)))[...]
        while !old.isEmpty {
            try await discard(Array(old.prefix(200)))
            old = old.dropFirst(200)
        }
    }

    private static func date(_ moment: Moment) -> Date {
        Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)
    }
}
