import Kernel
import Storage

// The security log is kept so long as its rule says, and six months at the least (网络安全法 art. 21).

extension IdentityAPI {
    private static let sweepSize = 500

    /// The audit administrator sets how long the log is kept; that is in the log too.
    func setRetention(_ months: Int?, _ area: AreaCode, _ doing: Doing) async throws {
        guard let months, (Retention.least...Retention.most).contains(months) else {
            throw DomainError.invalid(
                "months", "identity.retention.form",
                ["least": String(Retention.least), "most": String(Retention.most)])
        }
        try await database.write { tx in
            let before = try RetentionStore.rule(area: area, tx).months
            guard before != months else { return }
            try RetentionStore.set(months, area: area, by: doing.reference, at: doing.at, tx)
            try SecurityLog.record(
                months < before ? "retention.shortened" : "retention.lengthened", subject: "\(before) → \(months)",
                area: area, doing, tx)
        }
    }

    /// Takes away what has been kept long enough, piece by piece.
    func sweepLog(at now: Moment) async throws {
        let counties = try await database.read { tx in try RetentionStore.areas(tx) }
        for area in counties + (0..<64).map({ AreaCode(bucket: $0) }) {
            let end = try await database.read { tx in try RetentionStore.rule(area: area, tx) }.end(at: now)
            while try await database.write({ tx in
                try RetentionStore.sweep(area: area, before: end, limit: Self.sweepSize, tx)
            }) >= Self.sweepSize {}
        }
    }
}
