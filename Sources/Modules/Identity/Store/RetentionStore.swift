import Kernel
import Storage

/// How long an area keeps its security log.
struct Retention: Sendable, Equatable {
    /// Whole months; 网络安全法 art. 21 asks for six at least.
    var months: Int
    /// Who set it, and when; nil while nobody did.
    var changedBy: String?
    var changedAt: Moment?

    static let least = 6
    static let usual = 12
    static let most = 120

    /// What is older may go.
    func end(at now: Moment) -> Moment { now.date.adding(months: -months).start }
}

/// The rule on keeping the log, and its carrying out.
enum RetentionStore {
    static func rule(area: AreaCode, _ tx: Transaction) throws -> Retention {
        try tx.row(
            "SELECT months, changed_by, changed_at FROM log_retention WHERE area = \(area)", as: Int.self, String.self,
            Moment.self
        ).map { Retention(months: max(Retention.least, $0.0), changedBy: $0.1, changedAt: $0.2) }
            ?? Retention(months: Retention.usual)
    }

    static func set(_ months: Int, area: AreaCode, by actor: String, at now: Moment, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO log_retention (area, months, changed_by, changed_at)
            VALUES (\(area), \(months), \(actor), \(now))
            ON CONFLICT (area) DO UPDATE SET months = excluded.months, changed_by = excluded.changed_by,
                changed_at = excluded.changed_at
            """)
    }

    /// The areas whose staff have a log; the buckets are known.
    static func areas(_ tx: Transaction) throws -> [AreaCode] {
        try tx.values("SELECT DISTINCT area FROM staff ORDER BY area", as: AreaCode.self)
    }

    /// Takes away at most so many of the oldest entries before `end`; answers how many went.
    static func sweep(area: AreaCode, before end: Moment, limit: Int, _ tx: Transaction) throws -> Int {
        let bound = try tx.value(
            """
            SELECT at FROM security_event WHERE area = \(area) AND at < \(end) ORDER BY at LIMIT 1 OFFSET \(limit)
            """, as: Moment.self)
        return try tx.execute(
            "DELETE FROM security_event WHERE area = \(area) AND at <= \(bound ?? end.adding(milliseconds: -1))")
    }
}
