import Cryptography
package import Kernel
import Storage
import Synchronization

/// Answers already given to calls that carried an idempotency key; kept a day.
enum IdempotencyStore {
    struct Stored: Sendable {
        let bodyHash: String
        /// 0 while the first call is still under way.
        let status: Int
        let answer: String
        let at: Moment
    }

    /// Takes the key for a call; nil where it is free now, else what stands under it.
    ///
    /// - Parameters:
    ///   - holder: this program while it runs; kept in place of the answer until there is one.
    ///   - mayTakeOver: no call with this key is under way in this program, so one that it began has broken off.
    static func begin(
        _ key: String, client: String, bodyHash: String, holder: [UInt8], mayTakeOver: Bool, area: AreaCode,
        at now: Moment, _ tx: Transaction
    ) throws -> Stored? {
        let taken = try tx.execute(
            """
            INSERT INTO idempotency (area, client, key, body_hash, status, answer, at)
            VALUES (\(area), \(client), \(key), \(bodyHash), 0, \(holder), \(now)) ON CONFLICT (area, client, key) DO NOTHING
            """)
        if taken == 1 { return nil }
        let row = try tx.row(
            "SELECT body_hash, status, answer, at FROM idempotency WHERE area = \(area) AND client = \(client) AND key = \(key)",
            as: String.self, Int.self, [UInt8].self, Moment.self)
        guard let row else { return nil }
        // A call that broke off because the database was gone lets its key go at once; one of a server that went down holds
        // it for a minute.
        let brokeOff = mayTakeOver && row.2 == holder && row.0 == bodyHash
        if row.1 == 0, brokeOff || row.3.adding(seconds: 60) < now {
            let again = try tx.execute(
                """
                UPDATE idempotency SET body_hash = \(bodyHash), answer = \(holder), at = \(now)
                WHERE area = \(area) AND client = \(client) AND key = \(key) AND status = 0 AND at = \(row.3)
                """)
            if again == 1 { return nil }
        }
        return Stored(bodyHash: row.0, status: row.1, answer: String(decoding: row.2, as: UTF8.self), at: row.3)
    }

    static func finish(
        _ key: String, client: String, status: Int, answer: String, area: AreaCode, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE idempotency SET status = \(status), answer = \(Array(answer.utf8))
            WHERE area = \(area) AND client = \(client) AND key = \(key)
            """)
    }

    /// The call failed: nothing happened, the key is free again.
    static func release(_ key: String, client: String, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            "DELETE FROM idempotency WHERE area = \(area) AND client = \(client) AND key = \(key) AND status = 0")
    }

    /// Areas with answers older than `before`.
    static func stale(before: Moment, limit: Int, _ tx: Transaction) throws -> [AreaCode] {
        try tx.values(
            "SELECT DISTINCT area FROM idempotency WHERE at < \(before) ORDER BY area LIMIT \(limit)", as: AreaCode.self
        )
    }

    static func sweep(before: Moment, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute("DELETE FROM idempotency WHERE area = \(area) AND at < \(before)")
    }
}

/// The calls with an idempotency key that this program is carrying out.
final class CallsUnderWay: Sendable {
    /// Names this program while it runs.
    let holder = Randomness.bytes(16)
    private let keys = Mutex<Set<String>>([])

    /// False where the same call is under way already.
    func enter(_ key: String) -> Bool { keys.withLock { $0.insert(key).inserted } }
    func leave(_ key: String) { keys.withLock { _ = $0.remove(key) } }
}

extension CasesAPI {
    /// Forgets answers to idempotent calls after a day.
    package func forgetAnswers(at now: Moment) async throws {
        let before = now.adding(seconds: -86_400)
        for area in try await database.read({ tx in try IdempotencyStore.stale(before: before, limit: 500, tx) }) {
            try await database.write { tx in try IdempotencyStore.sweep(before: before, area: area, tx) }
        }
    }
}
