import Kernel
import Storage

// What ends by itself: codes, sessions, tokens, unused accounts.

extension IdentityAPI {
    /// Staff accounts nobody used for so long are closed.
    private static let dormancy: Int64 = 90 * 86_400

    /// Takes away what has ended; each row in a transaction of its own area.
    func sweep(at now: Moment) async throws {
        let limit = 500
        let codes = try await database.read { tx in try CodeStore.ended(before: now, limit: limit, tx) }
        for code in codes {
            try await database.write { tx in
                try CodeStore.remove(id: code.id, mac: code.mac, purpose: code.purpose, area: code.area, tx)
            }
        }
        let sessions = try await database.read { tx in try SessionStore.ended(before: now, limit: limit, tx) }
        for (area, rows) in Dictionary(grouping: sessions, by: \.area) {
            try await database.write { tx in for row in rows { try SessionStore.remove(id: row.id, bucket: area, tx) } }
        }
        let desk = try await database.read { tx in try StaffSessionStore.ended(before: now, limit: limit, tx) }
        for (area, rows) in Dictionary(grouping: desk, by: \.area) {
            try await database.write { tx in
                for row in rows { try StaffSessionStore.remove(id: row.id, area: area, tx) }
            }
        }
        let tokens = try await database.read { tx in try ClientStore.ended(before: now, limit: limit, tx) }
        for (area, rows) in Dictionary(grouping: tokens, by: \.area) {
            try await database.write { tx in
                for row in rows { try ClientStore.removeToken(hash: row.hash, area: area, tx) }
            }
        }
        let sittings = try await database.read { tx in
            try SittingStore.old(before: now.adding(seconds: -86_400), limit: limit, tx)
        }
        for (area, rows) in Dictionary(grouping: sittings, by: \.area) {
            try await database.write { tx in for row in rows { try SittingStore.remove(id: row.id, area: area, tx) } }
        }
        try await sweepLog(at: now)
        if !settings.demo { try await closeDormant(at: now) }
    }

    private func closeDormant(at now: Moment) async throws {
        let since = now.adding(seconds: -Self.dormancy)
        let dormant = try await database.read { tx in try StaffStore.dormant(since: since, limit: 200, tx) }
        let doing = Doing(actor: .system("identity.sweep"), request: "-", at: now)
        for (area, id) in dormant {
            try await database.write { tx in
                // The last administrator stays, or nobody could open an account again.
                if try Self.isLastAdministrator(id, area: area, on: now.date, tx) { return }
                try StaffStore.setDisabled(id: id, area: area, at: now, why: "dormant", tx)
                try SecurityLog.record("staff.dormant", subject: id, area: area, doing, tx)
            }
        }
    }
}
