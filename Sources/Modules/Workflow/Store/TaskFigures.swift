package import Kernel
package import Storage

// What the desk counts besides its list.

extension TaskStore {
    /// How many tasks came to a person's desk after a moment: to the queues served, or to the person.
    package static func arrivals(
        area: AreaCode, queues: [String], person: String, since: Moment, _ tx: Transaction
    ) throws -> Int {
        // Ids begin with their moment, so that one look at the end of the primary key shows the few that are new.
        let last = ID<TaskRow>(at: since, random: (.max, .max))
        let waiting: SQL = queues.isEmpty ? "" : " OR (assignee IS NULL AND queue IN (\(list: queues)))"
        return try tx.value(
            """
            SELECT COUNT(*) FROM task WHERE area = \(area) AND id > \(last) AND (assignee = \(person)\(waiting))
            """, as: Int.self) ?? 0
    }

    /// Tasks of these queues (nil for all) with a light, by their end: what a figure of the board stands for.
    package static func supervised(
        area: AreaCode, queues: [String]?, step: String? = nil, light: Light? = nil, now: Moment,
        after: (dueAt: Moment, id: String)? = nil, limit: Int, _ tx: Transaction
    ) throws -> [TaskRow] {
        var filter: SQL = ""
        // One queue's step is a short list of its own. Of several, or of all, the first are found by their end within an
        // index that holds what is asked for; the text added keeps SQLite from collecting all tasks of many queues.
        if let queues, queues.count == 1, step != nil {
            filter += " AND queue = \(queues[0])"
        } else if let queues {
            filter += " AND queue || '' IN (\(list: queues))"
        }
        if let step { filter += " AND step = \(step)" }
        switch light {
        case .red: filter += " AND due_at <= \(now)"
        case .yellow: filter += " AND due_at > \(now) AND warn_at <= \(now) AND due_at < \(Light.paused)"
        case .green: filter += " AND due_at > \(now) AND warn_at > \(now) AND due_at < \(Light.paused)"
        case .grey: filter += " AND due_at >= \(Light.paused)"
        case nil: break
        }
        if let after { filter += " AND (due_at, id) > (\(after.dueAt), \(after.id))" }
        return try read(
            "SELECT \(columns) FROM task WHERE area = \(area)\(filter) ORDER BY due_at, id LIMIT \(limit)", tx)
    }

    /// The items among a person's tasks, for the filter of the list: of what waits, one look into an index for each item of a
    /// queue, however many tasks there are.
    package static func items(area: AreaCode, queues: [String], person: String, _ tx: Transaction) throws -> [String] {
        let own: SQL = "SELECT item FROM task WHERE area = \(area) AND assignee = \(person)"
        guard !queues.isEmpty else { return try tx.values("\(own) GROUP BY item ORDER BY item", as: String.self) }
        let served = queues.map { "SELECT \($0) AS queue" as SQL }.joined(" UNION ALL ")
        return try tx.values(
            """
            WITH RECURSIVE place(queue, item) AS (
                SELECT served.queue,
                       (SELECT MIN(item) FROM task WHERE area = \(area) AND queue || '' = served.queue AND assignee IS NULL)
                FROM (\(served)) AS served
                UNION ALL
                SELECT place.queue,
                       (SELECT MIN(item) FROM task
                        WHERE area = \(area) AND queue || '' = place.queue AND assignee IS NULL AND item > place.item)
                FROM place WHERE place.item IS NOT NULL
            )
            SELECT item FROM (SELECT item FROM place WHERE item IS NOT NULL UNION \(own)) AS found ORDER BY item
            """, as: String.self)
    }

    /// The queues of an area in which there are tasks: one look into an index for each.
    package static func queues(area: AreaCode, _ tx: Transaction) throws -> [String] {
        var found: [String] = []
        var last = ""
        while let queue = try tx.value(
            "SELECT MIN(queue) FROM task WHERE area = \(area) AND queue > \(last)", as: String?.self) ?? nil
        {
            found.append(queue)
            last = queue
        }
        return found
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
