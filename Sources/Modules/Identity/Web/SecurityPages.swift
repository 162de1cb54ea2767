import Hummingbird
import Kernel
import Storage
import Web

/// Who: the audit administrator. Why: who came in, who failed, who changed rights, who looked.
struct SecurityPages: Sendable {
    let identity: IdentityAPI
    private let size = 50
    /// Rows a page of the file; memory holds no more.
    private static let fileSize = 500

    init(identity: IdentityAPI) { self.identity = identity }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await page(exchange, area, [])
    }

    @Sendable func setRetention(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        do {
            try await identity.setRetention(Int(exchange.form.text("months")), area, exchange.doing)
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, faults)
        }
        return exchange.redirect(IdentityPaths.security.url(area), flash: Message("identity.retention.done"))
    }

    private func page(_ exchange: Exchange, _ area: AreaCode, _ more: [FieldFault]) async throws -> Response {
        let size = size
        let asked = try await SecurityQuestion(exchange, area, identity)
        let faults = asked.faults + more
        let start = Self.place(exchange.query("before"))
        let rule = try await identity.database.read { tx in try RetentionStore.rule(area: area, tx) }
        let events =
            asked.faults.isEmpty
            ? try await identity.database.read { tx in
                try SecurityLog.list(asked.filter, area: asked.where, before: start, limit: size + 1, tx)
            } : []
        let shown = events.prefix(size)
        let names = try await names(of: shown, area)
        let here = IdentityPaths.security.url(area)
        let setter = rule.changedBy.map { $0.split(separator: ":").last.map(String.init) ?? $0 }
        let setterName = try await identity.staffNames(area, [setter].compactMap { $0 })
        return try await exchange.page(
            "identity.desk-security", title: exchange.text("identity.security.title"),
            View([
                "action": here, "filters": asked.fields(faults), "isAsked": asked.isAsked,
                "allHref": here, "fileHref": IdentityPaths.securityFile.url(area) + asked.query(),
                "events": shown.map { event in
                    View([
                        "when": exchange.words(event.at), "machine": event.at.description,
                        "what": exchange.eventName(event.kind), "actor": Self.word(event.actor, names),
                        "subject": Self.word(event.subject, names), "request": event.request,
                    ])
                },
                "kept": exchange.text("identity.retention.now", ["months": String(rule.months)]),
                "keptBy": rule.changedAt.map { at in
                    exchange.text(
                        "identity.retention.by",
                        ["name": setter.flatMap { setterName[$0] } ?? setter ?? "", "time": exchange.words(at)])
                },
                "retentionAction": IdentityPaths.retention.url(area),
                "months": FormFields(exchange: exchange, faults: faults).field(
                    "months", .text, "identity.retention.months",
                    value: exchange.form["months"] ?? String(rule.months), hint: "identity.retention.hint", width: "w4"),
                "pager": start == nil && events.count <= size
                    ? nil
                    : View([
                        "previous": start == nil ? nil : here + asked.query(), "shown": nil,
                        "next": events.count <= size
                            ? nil
                            : shown.last.map { here + asked.query(adding: "before=\($0.at.milliseconds)_\($0.id)") },
                    ]),
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    /// The same as a file, made while it is sent; that it was taken is in the log.
    @Sendable func file(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let asked = try await SecurityQuestion(exchange, area, identity)
        guard asked.faults.isEmpty else { throw DomainError.invalid(asked.faults) }
        let doing = exchange.doing
        try await identity.database.write { tx in
            try SecurityLog.record("log.exported", subject: doing.actor.id, area: area, doing, tx)
        }
        let columns = ["when", "what", "kind", "actor", "actorId", "subject", "subjectId", "request"]
        let (identity, filter, place) = (identity, asked.filter, asked.where)
        return TableStream.csv(
            name: exchange.text("identity.security.file", ["date": exchange.now.date.description]),
            columns: columns.map { exchange.text("identity.security.\($0)") }
        ) { send in
            var last: SecurityLog.Place?
            while true {
                let from = last
                let events = try await identity.database.read { tx in
                    try SecurityLog.list(filter, area: place, before: from, limit: Self.fileSize, tx)
                }
                let names = try await self.names(of: events[...], area)
                try await send(
                    events.map { event in
                        [
                            .moment(event.at), .text(exchange.eventName(event.kind)), .text(event.kind),
                            .text(Self.word(event.actor, names)), .text(event.actor),
                            .text(Self.word(event.subject, names)), .text(event.subject), .text(event.request),
                        ]
                    })
                guard events.count == Self.fileSize, let end = events.last else { return }
                last = SecurityLog.Place(at: end.at, id: end.id)
            }
        }
    }

    /// Names of staff and systems by their ids.
    private func names(of events: ArraySlice<SecurityEvent>, _ area: AreaCode) async throws -> [String: String] {
        let ids = Set(events.flatMap { [$0.subject, Self.id(in: $0.actor)] }).sorted()
        var names = try await identity.staffNames(area, ids)
        let systems = ids.filter { ID<ClientRow>($0) != nil && names[$0] == nil }
        if !systems.isEmpty {
            let found = try await identity.database.read { tx in try ClientStore.names(of: systems, area: area, tx) }
            names.merge(found) { first, _ in first }
        }
        return names
    }

    private static func id(in reference: String) -> String {
        let last = reference.split(separator: ":").last.map(String.init) ?? reference
        return last.split(separator: ".").last.map(String.init) ?? last
    }

    private static func word(_ reference: String, _ names: [String: String]) -> String {
        names[reference] ?? names[id(in: reference)] ?? reference
    }

    private static func place(_ text: String?) -> SecurityLog.Place? {
        guard let parts = text?.split(separator: "_"), parts.count == 2, let at = Int64(parts[0]) else { return nil }
        return SecurityLog.Place(at: Moment(milliseconds: at), id: String(parts[1]))
    }
}

extension Exchange {
    /// A kind in words; one that has none shows itself.
    func eventName(_ kind: String) -> String {
        let key = "identity.event.\(kind)"
        return app.pages.locales.text(key, in: language) ?? kind
    }
}
