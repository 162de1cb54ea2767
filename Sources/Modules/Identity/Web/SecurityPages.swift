import Hummingbird
import Kernel
import Storage
import Web

/// Who: the audit administrator. Why: who came in, who failed, who changed rights.
struct SecurityPages: Sendable {
    let identity: IdentityAPI
    private let size = 50

    init(identity: IdentityAPI) { self.identity = identity }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let size = size
        var before: (at: Moment, id: String)?
        if let place = exchange.query("before")?.split(separator: "_"), place.count == 2, let at = Int64(place[0]) {
            before = (Moment(milliseconds: at), String(place[1]))
        }
        let start = before
        let events = try await identity.database.read { tx in
            try SecurityLog.list(area: area, before: start, limit: size + 1, tx)
        }
        let shown = events.prefix(size)
        let actors = shown.map { $0.actor.split(separator: ":").last.map(String.init) ?? $0.actor }
        let names = try await identity.staffNames(area, shown.map(\.subject) + actors)
        let here = IdentityPaths.security.url(area)
        return try await exchange.page(
            "identity.desk-security", title: exchange.text("identity.security.title"),
            View([
                "events": zip(shown, actors).map { event, actor in
                    View([
                        "when": exchange.words(event.at), "what": exchange.text("identity.event.\(event.kind)"),
                        "actor": names[actor] ?? event.actor, "subject": names[event.subject] ?? event.subject,
                        "request": event.request,
                    ])
                },
                "pager": start == nil && events.count <= size
                    ? nil
                    : View([
                        "previous": start == nil ? nil : here, "shown": nil,
                        "next": events.count <= size
                            ? nil : shown.last.map { here + "?before=\($0.at.milliseconds)_\($0.id)" },
                    ]),
            ]))
    }
}
