import Kernel
import Storage

/// Whose act it is and which request it came with: for the security log.
struct Doing: Sendable {
    let actor: Actor
    let request: String
    let at: Moment

    /// `staff:id`.
    var reference: String { "\(actor.kind.rawValue):\(actor.id)" }

    /// The same by somebody else: at a door, whoever has just proved who he is.
    func by(_ kind: Actor.Kind, _ id: String) -> Doing {
        Doing(actor: Actor(kind, id: id, channel: actor.channel), request: request, at: at)
    }
}

/// One line of the security log.
struct SecurityEvent: Sendable {
    let at: Moment
    let id: String
    let kind: String
    let actor: String
    let subject: String
    let request: String
}

/// What touched the doors of the house: sign-ins, refusals, passwords, posts, tokens. Ids only, no names, no secrets.
enum SecurityLog {
    static func record(_ kind: String, subject: String, area: AreaCode, _ doing: Doing, _ tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO security_event (area, at, id, kind, actor, subject, request)
            VALUES (\(area), \(doing.at), \(ID<SecurityEvent>(at: doing.at)), \(kind),
                    \(doing.reference), \(subject), \(doing.request))
            """)
    }

    /// Whose events are wanted: of one person or system, in whichever part.
    struct Filter: Sendable {
        var from: Moment?
        var to: Moment?
        var kinds: [String] = []
        /// Ids that stand as subject, and `kind:id` that stand as actor.
        var subjects: [String] = []
        var actors: [String] = []
    }

    /// A place in the list.
    struct Place: Sendable {
        let at: Moment
        let id: String
    }

    /// Newest first, older than a place in the list. Every way in has an index of its own; none is an OR.
    static func list(
        _ filter: Filter, area: AreaCode, before place: Place?, limit: Int, _ tx: Transaction
    ) throws -> [SecurityEvent] {
        var bounds: SQL = ""
        if let from = filter.from { bounds = bounds + " AND at >= \(from)" }
        if let to = filter.to { bounds = bounds + " AND at < \(to)" }
        if let place { bounds = bounds + " AND (at, id) < (\(place.at), \(place.id))" }
        let isOfSomebody = !(filter.subjects.isEmpty && filter.actors.isEmpty)
        var found: [SecurityEvent] = []
        func add(_ column: SQL, _ value: String, _ more: SQL = "") throws {
            found += try read(" AND \(column) = \(value)\(more)\(bounds)", area, limit, tx)
        }
        if isOfSomebody {
            let kinds: SQL = filter.kinds.isEmpty ? "" : " AND kind IN (\(list: filter.kinds))"
            for subject in filter.subjects { try add("subject", subject, kinds) }
            for actor in filter.actors { try add("actor", actor, kinds) }
        } else if filter.kinds.isEmpty {
            found = try read(bounds, area, limit, tx)
        } else {
            for kind in filter.kinds { try add("kind", kind) }
        }
        var seen: Set<String> = []
        return Array(
            found.filter { seen.insert($0.id).inserted }
                .sorted { ($0.at.milliseconds, $0.id) > ($1.at.milliseconds, $1.id) }.prefix(limit))
    }

    private static func read(_ filter: SQL, _ area: AreaCode, _ limit: Int, _ tx: Transaction) throws -> [SecurityEvent]
    {
        var events: [SecurityEvent] = []
        try tx.forEach(
            """
            SELECT at, id, kind, actor, subject, request FROM security_event WHERE area = \(area)\(filter)
            ORDER BY at DESC, id DESC LIMIT \(limit)
            """
        ) { row in
            events.append(
                SecurityEvent(
                    at: try row.value(0), id: try row.value(1), kind: try row.value(2), actor: try row.value(3),
                    subject: try row.value(4), request: try row.value(5)))
        }
        return events
    }
}
