package import Kernel
package import Storage

/// One row of the staff desk.
package struct TaskRow: Sendable, Hashable {
    package let id: String
    package let stream: String
    package let queue: String
    package let assignee: String?
    package let number: String
    package let item: String
    package let step: String
    package let openedAt: Moment
    package let warnAt: Moment
    package let dueAt: Moment
}

/// Pending work of all modules.
package enum TaskStore {
    static func open(
        _ spec: TaskSpec, area: AreaCode, stream: String, labels: (number: String, item: String), at now: Moment,
        _ tx: Transaction
    ) throws {
        let id = ID<TaskRow>(at: now)
        try tx.put(
            """
            INSERT INTO task (area, id, stream, queue, assignee, number, item, step, opened_at, warn_at, due_at)
            VALUES (\(area), \(id), \(stream), \(spec.queue), \(spec.assignee), \(labels.number), \(labels.item), \(spec.step),
                    \(now), \(spec.warnAt), \(spec.dueAt))
            """)
    }

    static func close(area: AreaCode, stream: String, step: String?, _ tx: Transaction) throws {
        if let step {
            try tx.put("DELETE FROM task WHERE area = \(area) AND stream = \(stream) AND step = \(step)")
        } else {
            try tx.put("DELETE FROM task WHERE area = \(area) AND stream = \(stream)")
        }
    }

    /// One queue's task of a step.
    static func close(area: AreaCode, stream: String, step: String, queue: String, _ tx: Transaction) throws {
        try tx.put(
            """
            DELETE FROM task WHERE area = \(area) AND stream = \(stream) AND step = \(step) AND queue = \(queue)
            """)
    }

    /// Gives a proceeding's tasks to a person, or back to their queue; who handed them on finds them among those handed on,
    /// until the task is taken back or done.
    package static func assign(
        area: AreaCode, stream: String, to person: String?, by giver: String? = nil, queue: String? = nil,
        _ tx: Transaction
    ) throws {
        let handed: SQL =
            giver == person ? "CASE WHEN handed_by = \(person) THEN NULL ELSE handed_by END" : "\(giver)"
        try tx.put(
            """
            UPDATE task SET assignee = \(person), handed_by = \(handed)
            WHERE area = \(area) AND stream = \(stream)\(queue.map { " AND queue = \($0)" as SQL } ?? "")
            """)
    }

    /// Moves the ends of a proceeding's tasks, as after a change of the calendar.
    static func move(area: AreaCode, stream: String, step: String, warnAt: Moment, dueAt: Moment, _ tx: Transaction)
        throws
    {
        try tx.put(
            """
            UPDATE task SET warn_at = \(warnAt), due_at = \(dueAt)
            WHERE area = \(area) AND stream = \(stream) AND step = \(step)
            """)
    }

    /// The open tasks of a proceeding.
    package static func tasks(of stream: String, area: AreaCode, _ tx: Transaction) throws -> [TaskRow] {
        try read(
            "SELECT \(columns) FROM task WHERE area = \(area) AND stream = \(stream) ORDER BY opened_at, id", tx)
    }

    /// Which tasks a list shows.
    package enum View: String, Sendable, CaseIterable {
        /// Those given to me.
        case mine
        /// Those of my queues that nobody has.
        case waiting
        /// Both.
        case all
        /// Of both, those near their end.
        case warned
        /// Of both, those past it.
        case overdue
        /// Those that I gave to somebody else, or back to the queue, and that are still open.
        case handed
    }

    /// The tasks of a person, by their end; at most `limit` after a place in the list.
    ///
    /// One index scan a queue, merged: never a scan over what others have to do.
    package static func inbox(
        area: AreaCode, queues: [String], person: String, view: View, item: String? = nil, step: String? = nil,
        now: Moment,
        after: (dueAt: Moment, id: String)? = nil, limit: Int, _ tx: Transaction
    ) throws -> [TaskRow] {
        let filter = conditions(view, item: item, step: step, now: now, after: after)
        let end = Self.end(of: view)
        if view == .handed {
            return try read(
                """
                SELECT \(columns) FROM task WHERE area = \(area) AND handed_by = \(person)\(filter)
                ORDER BY due_at, id LIMIT \(limit)
                """, tx)
        }
        var places: [SQL] = []
        if view != .waiting { places.append("assignee = \(person)\(filter)") }
        if view != .mine {
            places += queues.map { "queue = \($0) AND \(Self.unassigned(in: view))\(filter)" }
        }
        guard places.count > 1 else {
            guard let place = places.first else { return [] }
            return try read(
                "SELECT \(columns) FROM task WHERE area = \(area) AND \(place) ORDER BY \(end), id LIMIT \(limit)", tx)
        }
        // The first of each are found and merged within their indexes; only then are rows read.
        let parts = try places.enumerated().map { index, place -> SQL in
            """
            SELECT * FROM (SELECT due_at AS ending, id AS chosen FROM task WHERE area = \(area) AND \(place)
            ORDER BY \(end), id LIMIT \(limit)) AS \(try SQL.name("part\(index)"))
            """
        }
        return try read(
            """
            SELECT \(columns) FROM (\(parts.joined(" UNION ALL ")) ORDER BY ending, chosen LIMIT \(limit)) AS merged
            CROSS JOIN task WHERE area = \(area) AND id = chosen ORDER BY due_at, id
            """, tx)
    }

    /// Few are near their end, and all of them lie at the beginning of an index of its own: so written, both databases leave the
    /// indexes that go by the end alone.
    private static func end(of view: View) -> SQL { view == .warned ? "+due_at" : "due_at" }

    private static func unassigned(in view: View) -> SQL {
        view == .warned ? "COALESCE(assignee, '') = ''" : "assignee IS NULL"
    }

    private static func conditions(
        _ view: View, item: String?, step: String?, now: Moment, after: (dueAt: Moment, id: String)?
    ) -> SQL {
        var filter: SQL = ""
        switch view {
        case .warned:
            filter +=
                " AND warn_at <= \(now) AND \(end(of: view)) > \(now) AND \(end(of: view)) < \(Light.paused)"
        case .overdue: filter += " AND due_at <= \(now)"
        case .mine, .waiting, .all, .handed: break
        }
        if let item { filter += " AND item = \(item)" }
        if let step { filter += " AND step = \(step)" }
        if let after { filter += " AND (\(end(of: view)), id) > (\(after.dueAt), \(after.id))" }
        return filter
    }

    /// How many tasks a view has; counting stops at 100.
    package static func count(
        area: AreaCode, queues: [String], person: String, view: View, now: Moment, _ tx: Transaction
    ) throws -> Int {
        let filter = conditions(view, item: nil, step: nil, now: now, after: nil)
        // No end lies before 1970: the condition leads SQLite to the indexes that hold all that is asked for.
        let any: SQL = view == .warned ? "1 = 1\(filter)" : "due_at > \(Moment(milliseconds: 0))\(filter)"
        var parts: [SQL] = []
        if view == .handed {
            parts.append("SELECT 1 AS one FROM task WHERE area = \(area) AND handed_by = \(person)\(filter)")
        } else if view != .waiting {
            parts.append("SELECT 1 AS one FROM task WHERE area = \(area) AND assignee = \(person) AND \(any)")
        }
        if view != .mine, view != .handed, !queues.isEmpty {
            parts.append(
                """
                SELECT 1 AS one FROM task
                WHERE area = \(area) AND queue IN (\(list: queues)) AND \(unassigned(in: view)) AND \(any)
                """)
        }
        guard !parts.isEmpty else { return 0 }
        return try tx.value(
            "SELECT COUNT(*) FROM (\(parts.joined(" UNION ALL ")) LIMIT 100) AS found", as: Int.self) ?? 0
    }

    /// Every open task of the area by department and step with its light: the supervisor's board.
    ///
    /// Those with a light other than green are few and found where they begin; of the others only the number is counted.
    package static func board(area: AreaCode, now: Moment, _ tx: Transaction) throws -> [(
        queue: String, step: String, red: Int, yellow: Int, grey: Int, all: Int
    )] {
        struct Place: Hashable {
            let queue, step: String
        }
        let all = try tx.rows(
            "SELECT queue, step, COUNT(*) FROM task WHERE area = \(area) GROUP BY queue, step", as: String.self,
            String.self, Int.self)
        let queues = Set(all.map(\.0)).sorted()
        guard !queues.isEmpty else { return [] }
        func marked(_ filter: SQL) throws -> [Place: (red: Int, all: Int)] {
            let rows = try tx.rows(
                """
                SELECT queue, step, CAST(SUM(CASE WHEN due_at <= \(now) THEN 1 ELSE 0 END) AS BIGINT), COUNT(*)
                FROM task WHERE area = \(area) AND queue IN (\(list: queues)) AND \(filter) GROUP BY queue, step
                """, as: String.self, String.self, Int.self, Int.self)
            return Dictionary(
                rows.map { (Place(queue: $0.0, step: $0.1), (red: $0.2, all: $0.3)) },
                uniquingKeysWith: { first, _ in first })
        }
        let lit = try marked("warn_at <= \(now) AND due_at < \(Light.paused)")
        // Found by their end: the added text keeps SQLite from going through all of them in the order of the groups.
        let still = try tx.rows(
            """
            SELECT queue || '', step || '', COUNT(*) FROM task WHERE area = \(area) AND due_at >= \(Light.paused)
            GROUP BY queue || '', step || ''
            """, as: String.self, String.self, Int.self)
        let grey = Dictionary(
            still.map { (Place(queue: $0.0, step: $0.1), $0.2) }, uniquingKeysWith: { first, _ in first })
        return all.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { queue, step, count in
            let place = Place(queue: queue, step: step)
            let (red, warned) = lit[place] ?? (0, 0)
            return (queue, step, red, warned - red, grey[place] ?? 0, count)
        }
    }

    /// The tasks a person has, the oldest end first.
    package static func assigned(to person: String, area: AreaCode, _ tx: Transaction) throws -> [TaskRow] {
        try read(
            "SELECT \(columns) FROM task WHERE area = \(area) AND assignee = \(person) ORDER BY due_at, id", tx)
    }

    /// Moves all tasks of one person to another, rows only; answers how many.
    @discardableResult
    package static func handOver(area: AreaCode, from person: String, to deputy: String?, _ tx: Transaction) throws
        -> Int
    {
        try tx.execute(
            """
            UPDATE task SET assignee = \(deputy), handed_by = \(person) WHERE area = \(area) AND assignee = \(person)
            """)
    }

    static let columns: SQL = "id, stream, queue, assignee, number, item, step, opened_at, warn_at, due_at"

    static func read(_ sql: SQL, _ tx: Transaction) throws -> [TaskRow] {
        var rows: [TaskRow] = []
        try tx.forEach(sql) { row in
            rows.append(
                TaskRow(
                    id: try row.value(0), stream: try row.value(1), queue: try row.value(2), assignee: try row.value(3),
                    number: try row.value(4), item: try row.value(5), step: try row.value(6),
                    openedAt: try row.value(7),
                    warnAt: try row.value(8), dueAt: try row.value(9)))
        }
        return rows
    }
}
