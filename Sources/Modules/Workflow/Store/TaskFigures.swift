package import Kernel
package import Storage

// What the desk counts besides its list.

extension TaskStore {
    /// How many tasks came to a person's desk after a moment: to the queues served, or to the person.
    package static func arrivals(
        area: AreaCode, queues: [String], person: String, since: Moment, _ tx: Transaction
    ) throws -> Int {
        try tx.value(
            """
            SELECT COUNT(*) FROM task WHERE area = \(area) AND opened_at > \(since)
            AND (assignee = \(person) OR (assignee IS NULL AND queue IN (\(list: queues))))
            """, as: Int.self) ?? 0
    }

    /// The items among a person's tasks, for the filter of the list.
    package static func items(area: AreaCode, queues: [String], person: String, _ tx: Transaction) throws -> [String] {
        try tx.values(
            """
            SELECT DISTINCT item FROM task WHERE area = \(area)
            AND (assignee = \(person) OR (assignee IS NULL AND queue IN (\(list: queues)))) ORDER BY item
            """, as: String.self)
    }
}

extension JournalStore {
    /// In how many proceedings a person acted since a moment; taking and handing over do not count.
    package static func actedOn(by actor: Actor, since: Moment, area: AreaCode, _ tx: Transaction) throws -> Int {
        try tx.value(
            """
            SELECT COUNT(DISTINCT stream) FROM journal
            WHERE area = \(area) AND at >= \(since) AND actor = \(try canonical(actor)) AND name <> 'assigned'
            """, as: Int.self) ?? 0
    }
}
