import Kernel
import Storage

/// What bars an applicant: a broken promise (国办发〔2020〕42号), or a licence got by deceit (行政许可法 art. 79).
enum Conduct: String, Sendable, Hashable, CaseIterable, SQLConvertible {
    /// No further promise instead of proofs.
    case falsePromise = "false-promise"
    /// No application for the same licence for three years.
    case fraud
    /// False application (art. 78): none for the same licence for a year.
    case concealment
}

/// Records of conduct, by applicant; they name nobody.
enum ConductStore {
    static func put(
        _ kind: Conduct, subject: String, item: String, stream: String, until: Moment?, area: AreaCode, at now: Moment,
        _ tx: Transaction
    ) throws {
        try tx.put(
            """
            INSERT INTO conduct (area, subject, kind, stream, item, at, until)
            VALUES (\(area), \(subject), \(kind), \(stream), \(item), \(now), \(until))
            ON CONFLICT (area, subject, kind, stream) DO NOTHING
            """)
    }

    /// - Parameter item: the licence that is applied for, where the record bars from one only.
    static func has(
        _ kind: Conduct, subject: String, item: String? = nil, area: AreaCode, at now: Moment, _ tx: Transaction
    ) throws -> Bool {
        try tx.value(
            """
            SELECT COUNT(*) FROM conduct
            WHERE area = \(area) AND subject = \(subject) AND kind = \(kind) AND (until IS NULL OR until > \(now))
            \(item.map { "AND item = \($0)" as SQL } ?? "")
            """, as: Int.self) ?? 0 > 0
    }
}
