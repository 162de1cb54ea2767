import Kernel
import Storage

/// Days on which a person is away and another stands in.
struct AbsenceRow: Sendable {
    let id: String
    let staff: String
    let deputy: String
    let from: CivilDate
    let to: CivilDate
}

/// Absences of one area.
enum AbsenceStore {
    static func insert(
        _ absence: AbsenceRow, area: AreaCode, by actor: String, moved: Moment?, at now: Moment, _ tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO absence (area, id, staff, deputy, from_on, to_on, moved_at, created_by, created_at)
            VALUES (\(area), \(absence.id), \(absence.staff), \(absence.deputy), \(absence.from), \(absence.to), \(moved),
                    \(actor), \(now))
            """)
    }

    /// Absences of a person that are not over on a day.
    static func list(area: AreaCode, staff: String, from day: CivilDate, _ tx: Transaction) throws -> [AbsenceRow] {
        try read(
            """
            SELECT id, staff, deputy, from_on, to_on FROM absence
            WHERE area = \(area) AND staff = \(staff) AND to_on >= \(day) ORDER BY from_on, id
            """, tx)
    }

    static func end(id: String, area: AreaCode, staff: String, before day: CivilDate, _ tx: Transaction) throws -> Bool
    {
        let removed = try tx.execute(
            "DELETE FROM absence WHERE area = \(area) AND id = \(id) AND staff = \(staff) AND from_on >= \(day)")
        if removed == 1 { return true }
        return try tx.execute(
            """
            UPDATE absence SET to_on = \(day.adding(days: -1))
            WHERE area = \(area) AND id = \(id) AND staff = \(staff) AND to_on >= \(day)
            """) == 1
    }

    /// Absences that have begun and whose tasks still lie with the one who is away, of all areas.
    static func toMove(on day: CivilDate, limit: Int, _ tx: Transaction) throws -> [(
        area: AreaCode, absence: AbsenceRow
    )] {
        try tx.rows(
            """
            SELECT area, id, staff, deputy, from_on, to_on FROM absence
            WHERE moved_at IS NULL AND from_on <= \(day) ORDER BY from_on, area, id LIMIT \(limit)
            """, as: AreaCode.self, String.self, String.self, String.self, CivilDate.self, CivilDate.self
        ).map { ($0.0, AbsenceRow(id: $0.1, staff: $0.2, deputy: $0.3, from: $0.4, to: $0.5)) }
    }

    /// True for the one server that moves the tasks.
    static func markMoved(id: String, area: AreaCode, at now: Moment, _ tx: Transaction) throws -> Bool {
        try tx.execute(
            "UPDATE absence SET moved_at = \(now) WHERE area = \(area) AND id = \(id) AND moved_at IS NULL") == 1
    }

    static func isAway(_ staff: String, area: AreaCode, on day: CivilDate, _ tx: Transaction) throws -> Bool {
        try direct(staff, area, day, tx) != nil
    }

    /// The end of the chain of deputies; nil where the person is present, or everybody of the chain is away.
    static func deputy(of staff: String, area: AreaCode, on day: CivilDate, _ tx: Transaction) throws -> String? {
        var person = staff
        var met: Set<String> = [staff]
        while let next = try direct(person, area, day, tx) {
            guard met.insert(next).inserted else { return nil }
            person = next
        }
        return person == staff ? nil : person
    }

    private static func direct(_ staff: String, _ area: AreaCode, _ day: CivilDate, _ tx: Transaction) throws -> String?
    {
        try tx.value(
            """
            SELECT deputy FROM absence
            WHERE area = \(area) AND staff = \(staff) AND from_on <= \(day) AND to_on >= \(day) ORDER BY from_on, id LIMIT 1
            """)
    }

    private static func read(_ sql: SQL, _ tx: Transaction) throws -> [AbsenceRow] {
        try tx.rows(sql, as: String.self, String.self, String.self, CivilDate.self, CivilDate.self)
            .map { AbsenceRow(id: $0.0, staff: $0.1, deputy: $0.2, from: $0.3, to: $0.4) }
    }
}
