package import Kernel
package import Storage
package import Web

/// What is to be sent once its transaction is durable: at least once, with a key by which the receiver knows a repetition.
package enum Outbox {
    /// A letter that is due.
    package struct Letter: Sendable, Hashable {
        package let area: AreaCode
        package let id: String
        package let channel: String
        package let dedup: String
        package let payload: JSON
        package let attempt: Int
    }

    /// Puts a letter in; the same `dedup` in the same channel only once.
    package static func post(
        channel: String, area: AreaCode, dedup: String, payload: JSON, at now: Moment, _ tx: Transaction
    ) throws {
        let id = ID<Letter>(at: now)
        try tx.put(
            """
            INSERT INTO outbox (area, id, channel, dedup, payload, attempt, next_at, dead_at, fault)
            VALUES (\(area), \(id), \(channel), \(dedup), \(payload), 0, \(now), \(Moment?.none), \(String?.none))
            ON CONFLICT (area, channel, dedup) DO NOTHING
            """)
    }

    static func message(
        _ spec: NotificationSpec, stream: String, recipient: (account: String, bucket: String), area: AreaCode
    ) -> JSON {
        [
            "kind": .string(spec.kind), "stream": .string(stream), "area": .string(area.text),
            "account": .string(recipient.account), "bucket": .string(recipient.bucket),
            "arguments": .object(spec.arguments.mapValues(JSON.string)),
        ]
    }

    /// Letters of a channel that are due, of all areas.
    package static func due(channel: String, at now: Moment, limit: Int, _ tx: Transaction) throws -> [Letter] {
        try tx.rows(
            """
            SELECT area, id, channel, dedup, payload, attempt FROM outbox
            WHERE channel = \(channel) AND next_at <= \(now) ORDER BY next_at, area, id LIMIT \(limit)
            """, as: AreaCode.self, String.self, String.self, String.self, JSON.self, Int.self
        ).map { Letter(area: $0.0, id: $0.1, channel: $0.2, dedup: $0.3, payload: $0.4, attempt: $0.5) }
    }

    /// Takes a letter for `lease` seconds; false where another server has it.
    package static func claim(_ letter: Letter, lease: Int64 = 60, at now: Moment, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            """
            UPDATE outbox SET attempt = attempt + 1, next_at = \(now.adding(seconds: lease))
            WHERE area = \(letter.area) AND id = \(letter.id) AND attempt = \(letter.attempt)
            """) == 1
    }

    /// The letter was sent.
    package static func delivered(_ letter: Letter, _ tx: Transaction) throws {
        try tx.put("DELETE FROM outbox WHERE area = \(letter.area) AND id = \(letter.id)")
    }

    /// It could not be sent: again later (30 s, 1 min, 2 min … at most 6 h), or dead after 12 tries.
    package static func failed(_ letter: Letter, fault: String, at now: Moment, _ tx: Transaction) throws {
        let tries = letter.attempt + 1
        let pause = min(21_600, 30 << min(tries - 1, 12))
        let dead: Moment? = tries >= 12 ? now : nil
        let next = dead == nil ? now.adding(seconds: Int64(pause)) : Light.paused
        try tx.put(
            """
            UPDATE outbox SET next_at = \(next), dead_at = \(dead), fault = \(String(fault.prefix(300)))
            WHERE area = \(letter.area) AND id = \(letter.id)
            """)
    }

    /// Sends dead letters of an area again, all of them or one; answers how many.
    @discardableResult
    package static func revive(_ id: String? = nil, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> Int {
        let only: SQL = id.map { " AND id = \($0)" } ?? ""
        return try tx.execute(
            """
            UPDATE outbox SET attempt = 0, next_at = \(now), dead_at = \(Moment?.none)
            WHERE area = \(area) AND dead_at IS NOT NULL\(only)
            """)
    }

    /// A letter that was given up.
    package struct DeadLetter: Sendable, Hashable {
        package let area: AreaCode
        package let id: String
        package let channel: String
        /// What it was about, as its payload says; nil where that is not to be read.
        package let kind: String?
        package let deadAt: Moment
        /// What the last try came to.
        package let fault: String?
    }

    /// Those of these areas in which letters were given up.
    package static func deadAreas(_ areas: [AreaCode], _ tx: Transaction) throws -> [AreaCode] {
        try tx.values(
            """
            SELECT DISTINCT area FROM outbox WHERE area IN (\(list: areas)) AND dead_at IS NOT NULL ORDER BY area
            """, as: AreaCode.self)
    }

    /// Letters of these areas that were given up, the last first.
    package static func dead(areas: [AreaCode], limit: Int, _ tx: Transaction) throws -> [DeadLetter] {
        try tx.rows(
            """
            SELECT area, id, channel, payload, dead_at, fault FROM outbox
            WHERE area IN (\(list: areas)) AND dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC LIMIT \(limit)
            """, as: AreaCode.self, String.self, String.self, JSON.self, Moment.self, String?.self
        ).map {
            DeadLetter(area: $0.0, id: $0.1, channel: $0.2, kind: $0.3["kind"].text, deadAt: $0.4, fault: $0.5)
        }
    }

    /// How a channel stands over all areas, for the operator's figures.
    package static func queue(_ channel: String, _ tx: Transaction) throws -> QueueState {
        let row = try tx.row(
            """
            SELECT CAST(COALESCE(SUM(CASE WHEN dead_at IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
                   COUNT(dead_at), MIN(CASE WHEN dead_at IS NULL THEN id END)
            FROM outbox WHERE channel = \(channel)
            """, as: Int.self, Int.self, String?.self)
        return QueueState(
            "outbox.\(channel)", depth: row?.0 ?? 0, oldest: row?.2.flatMap { ID<Letter>($0)?.moment },
            dead: row?.1 ?? 0)
    }

    /// Waiting and dead letters of these areas by channel.
    package static func state(areas: [AreaCode], _ tx: Transaction) throws -> [(
        channel: String, waiting: Int, dead: Int
    )] {
        try tx.rows(
            """
            SELECT channel, CAST(SUM(CASE WHEN dead_at IS NULL THEN 1 ELSE 0 END) AS BIGINT),
                   CAST(SUM(CASE WHEN dead_at IS NULL THEN 0 ELSE 1 END) AS BIGINT)
            FROM outbox WHERE area IN (\(list: areas)) GROUP BY channel ORDER BY channel
            """, as: String.self, Int.self, Int.self
        ).map { (channel: $0.0, waiting: $0.1, dead: $0.2) }
    }
}
