package import Kernel
import Storage
import Workflow

/// One list of a register, without what stands in it.
package struct RegisterEdition: Sendable, Hashable {
    /// Where it is on its way.
    package enum State: String, Sendable, Hashable, CaseIterable, SQLConvertible {
        case loading, current, replaced, failed
    }

    package let register: String
    package let edition: Int
    package let state: State
    /// The day of which it speaks.
    package let datedOn: CivilDate
    package let entries: Int
    /// Of whom it is: `staff:ID`, `os:USER`.
    package let actor: String
    package let importedAt: Moment
    /// Where its entries lie; nil once they are destroyed.
    let vault: String?
}

/// All SQL of registers.
enum RegisterStore {
    /// The number of the next list; two imports at once take two.
    static func begin(_ edition: RegisterEdition, digest: String, area: AreaCode, _ tx: Transaction) throws -> Int {
        let number = try NumberSeries.gapless("register/\(edition.register)", area: area, year: 2000, tx)
        try tx.execute(
            """
            INSERT INTO register_edition (area, register, edition, state, dated_on, entries, digest, vault, actor, imported_at)
            VALUES (\(area), \(edition.register), \(number), \(RegisterEdition.State.loading), \(edition.datedOn),
                    \(edition.entries), \(digest), \(edition.vault), \(edition.actor), \(edition.importedAt))
            """)
        return number
    }

    static func editions(of register: String, limit: Int, area: AreaCode, _ tx: Transaction) throws
        -> [RegisterEdition]
    {
        try read(" AND register = \(register) ORDER BY edition DESC LIMIT \(limit)", area, tx)
    }

    static func current(_ register: String, area: AreaCode, _ tx: Transaction) throws -> RegisterEdition? {
        let state = RegisterEdition.State.current
        return try read(
            " AND register = \(register) AND state = \(state) ORDER BY edition DESC LIMIT 1", area, tx
        ).first
    }

    /// The list takes the place of the one before it; false where that is of a later day.
    static func flip(_ register: String, edition: Int, area: AreaCode, _ tx: Transaction) throws -> Bool {
        // Two that end at once come one after the other.
        try tx.execute("UPDATE register_edition SET state = state WHERE area = \(area) AND register = \(register)")
        let all = try editions(of: register, limit: 100, area: area, tx)
        guard let own = all.first(where: { $0.edition == edition && $0.state == .loading }) else { return false }
        let before = all.filter { $0.state == .current }
        guard before.allSatisfy({ $0.datedOn <= own.datedOn }) else { return false }
        for old in before { try set(.replaced, old, area: area, tx) }
        try set(.current, own, area: area, tx)
        return true
    }

    static func set(_ state: RegisterEdition.State, _ edition: RegisterEdition, area: AreaCode, _ tx: Transaction)
        throws
    {
        try tx.execute(
            """
            UPDATE register_edition SET state = \(state)
            WHERE area = \(area) AND register = \(edition.register) AND edition = \(edition.edition)
            """)
    }

    /// Its entries are gone.
    static func emptied(_ edition: RegisterEdition, area: AreaCode, _ tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE register_edition SET vault = \(String?.none)
            WHERE area = \(area) AND register = \(edition.register) AND edition = \(edition.edition)
            """)
    }

    /// Lists whose entries are no longer wanted: of the past, not taken, or left behind before a moment.
    static func leftOver(before: Moment, area: AreaCode, _ tx: Transaction) throws -> [RegisterEdition] {
        let states = [RegisterEdition.State.replaced, .failed].map(\.rawValue)
        return try read(" AND state IN (\(list: states)) AND vault IS NOT NULL LIMIT 50", area, tx)
            + read(
                " AND state = \(RegisterEdition.State.loading) AND imported_at < \(before) AND vault IS NOT NULL LIMIT 50",
                area, tx)
    }

    /// Takes some of a list's entries away; answers how many there were.
    static func remove(_ count: Int, of vault: String, area: AreaCode, _ tx: Transaction) throws -> Int {
        try tx.execute(
            """
            DELETE FROM sealed_part WHERE area = \(area) AND vault = \(vault) AND slot IN (
                SELECT slot FROM sealed_part WHERE area = \(area) AND vault = \(vault) ORDER BY slot LIMIT \(count))
            """)
    }

    private static func read(_ filter: SQL, _ area: AreaCode, _ tx: Transaction) throws -> [RegisterEdition] {
        var found: [RegisterEdition] = []
        try tx.forEach(
            """
            SELECT register, edition, state, dated_on, entries, actor, imported_at, vault FROM register_edition
            WHERE area = \(area)\(filter)
            """
        ) { row in
            found.append(
                RegisterEdition(
                    register: try row.value(0), edition: try row.value(1), state: try row.value(2),
                    datedOn: try row.value(3), entries: try row.value(4), actor: try row.value(5),
                    importedAt: try row.value(6), vault: try row.value(7)))
        }
        return found
    }
}
