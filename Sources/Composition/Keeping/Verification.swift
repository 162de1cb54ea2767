import Cases
import Documents
package import Foundation
import Identity
package import Kernel
import Packages
import Storage
package import Workflow

extension House {
    /// Every kind of proceeding there is.
    var replays: [any Replayable] {
        [Replay<CaseProcedure>(), Replay<PackageProcedure>(), Replay<AttorneyProceeding>()] + IdentityModule.replays
    }

    /// Replays every journal.
    package var verifier: Verifier {
        Verifier(
            replays,
            files: { area, after, last, tx in try DocumentsStore.files(of: area, after: after, upTo: last, tx) },
            database: database)
    }

    /// Everything that can be checked: journals, states, sealed parts, files, and anchors kept outside.
    package func verify(
        anchors: [Anchor] = [], _ progress: @Sendable (VerifyReport) -> Void = { _ in }
    ) async throws -> VerifyReport {
        var report = try await verifier.run(progress)
        try await FileVerifier(database: database, files: files).run(at: time.now(), into: &report, progress)
        try await AnchorCheck(database: database, keys: keys).run(anchors, into: &report)
        return report
    }
}

extension House {
    /// Every anchor that ends after a moment, one line each, area by area.
    package func anchors(after moment: Moment, _ write: @Sendable (String) -> Void) async throws {
        for area in try await database.read({ tx in try AnchorStore.anchored(tx) }) {
            var last = moment
            while true {
                let after = last
                let some = try await database.read { tx in
                    try AnchorStore.anchors(of: area, after: after, limit: 50, tx)
                }
                for anchor in some { write(anchor.line) }
                guard let end = some.last else { break }
                last = end.until
            }
        }
    }

    /// Compares a backup with its manifest; answers what does not fit.
    package func checkBackup(in folder: URL, say: @Sendable (String) -> Void) throws -> [String] {
        try Manifest.read(in: folder, keys: keys).faults(in: folder, say: say)
    }
}

extension House {
    /// Seconds by which this machine's clock stands behind the newest entry of any journal; nil up to a minute.
    package func clockBehindJournal() async throws -> Int64? {
        guard let newest = try await database.read({ tx in try AnchorStore.newest(tx) }) else { return nil }
        let behind = (newest.milliseconds - time.now().milliseconds) / 1000
        return behind > 60 ? behind : nil
    }
}
