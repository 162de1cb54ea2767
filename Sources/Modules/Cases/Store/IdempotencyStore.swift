package import Kernel
import Storage

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
    static func begin(
        _ key: String, client: String, bodyHash: String, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws -> Stored? {
        let taken = try tx.execute(
            """
            INSERT INTO idempotency (area, client, key, body_hash, status, answer, at)
            VALUES (\(area), \(client), \(key), \(bodyHash), 0, \([UInt8]()), \(now)) ON CONFLICT (area, client, key) DO NOTHING
            """)
        if taken == 1 { return nil }
        let row = try tx.row(
            "SELECT body_hash, status, answer, at FROM idempotency WHERE area = \(area) AND client = \(client) AND key = \(key)",
            as: String.self, Int.self, [UInt8].self, Moment.self)
        guard let row else { return nil }
        // A call that never came to its end (a server went down) holds its key for a minute.
        if row.1 == 0, row.3.adding(seconds: 60) < now {
            let again = try tx.execute(
                """
                UPDATE idempotency SET body_hash = \(bodyHash), at = \(now)
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

extension CasesAPI {
    /// Forgets answers to idempotent calls after a day.
    package func forgetAnswers(at now: Moment) async throws {
        let before = now.adding(seconds: -86_400)
        for area in try await database.read({ tx in try IdempotencyStore.stale(before: before, limit: 500, tx) }) {
            try await database.write { tx in try IdempotencyStore.sweep(before: before, area: area, tx) }
        }
    }
}
