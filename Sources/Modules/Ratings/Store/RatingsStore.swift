import Kernel
import Storage

/// All SQL of the ratings.
enum RatingsStore {
    /// False where this round was rated already.
    static func insert(_ rating: Rating, of rated: Rateable, _ tx: Transaction) throws -> Bool {
        let tags = rating.tags.map(String.init).joined(separator: ",")
        return try tx.execute(
            """
            INSERT INTO rating (area, stream, round, number, department, item, grade, tags, slot, anonymous, channel, at)
            VALUES (\(rated.area), \(rated.id), \(rating.round), \(rated.number), \(rated.department),
                    \(rated.item), \(rating.grade), \(tags), \(rating.slot), \(rating.anonymous), \(rating.channel), \(rating.at))
            ON CONFLICT (area, stream, round) DO NOTHING
            """) == 1
    }

    /// The ratings of a case, in order.
    static func ratings(of stream: String, area: AreaCode, _ tx: Transaction) throws -> [Rating] {
        try tx.rows(
            """
            SELECT round, grade, tags, slot, anonymous, channel, at FROM rating
            WHERE area = \(area) AND stream = \(stream) ORDER BY round
            """, as: Int.self, Grade.self, String.self, String?.self, Bool.self, Channel.self, Moment.self
        ).map { row in
            Rating(
                round: row.0, grade: row.1, tags: row.2.split(separator: ",").compactMap { Int($0) }, anonymous: row.4,
                channel: row.5, at: row.6, slot: row.3)
        }
    }

    /// How many first ratings of each grade a department got since a moment.
    static func figures(
        area: AreaCode, departments: [String]?, since: Moment, _ tx: Transaction
    ) throws -> [(department: String, grade: Grade, count: Int)] {
        let own: SQL = departments.map { " AND department IN (\(list: $0))" } ?? ""
        return try tx.rows(
            """
            SELECT department, grade, COUNT(*) FROM rating WHERE area = \(area) AND at >= \(since) AND round = 1\(own)
            GROUP BY department, grade ORDER BY department, grade
            """, as: String.self, Grade.self, Int.self
        ).map { (department: $0.0, grade: $0.1, count: $0.2) }
    }

    /// A bad rating that was given by name.
    struct Bad: Sendable, Hashable {
        let number: String
        let department: String
        let item: String
        let grade: Grade
        let tags: [Int]
        let at: Moment
    }

    /// Bad ratings given by name, the newest first; of anonymous ones only the figures are shown.
    static func bad(area: AreaCode, departments: [String]?, since: Moment, limit: Int, _ tx: Transaction) throws
        -> [Bad]
    {
        let own: SQL = departments.map { " AND department IN (\(list: $0))" } ?? ""
        let grades = Grade.allCases.filter(\.isBad)
        return try tx.rows(
            """
            SELECT number, department, item, grade, tags, at FROM rating
            WHERE area = \(area) AND at >= \(since) AND anonymous = 0 AND grade IN (\(list: grades))\(own)
            ORDER BY at DESC, stream LIMIT \(limit)
            """, as: String.self, String.self, String.self, Grade.self, String.self, Moment.self
        ).map { row in
            Bad(
                number: row.0, department: row.1, item: row.2, grade: row.3,
                tags: row.4.split(separator: ",").compactMap { Int($0) }, at: row.5)
        }
    }
}
