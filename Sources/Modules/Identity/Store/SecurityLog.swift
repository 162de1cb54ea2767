import Kernel
import Storage

/// Whose act it is and which request it came with: for the security log.
struct Doing: Sendable {
    let actor: Actor
    let request: String
    let at: Moment

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
                    \(doing.actor.kind.rawValue + ":" + doing.actor.id), \(subject), \(doing.request))
            """)
    }

    /// Newest first, older than a place in the list.
    static func list(
        area: AreaCode, before: (at: Moment, id: String)?, limit: Int, _ tx: Transaction
    ) throws -> [SecurityEvent] {
        var filter: SQL = ""
        if let before { filter = " AND (at, id) < (\(before.at), \(before.id))" }
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
