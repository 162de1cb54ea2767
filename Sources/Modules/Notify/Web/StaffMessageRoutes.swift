import Hummingbird
import Kernel
import Web

/// The messages of a member of staff. Who: an officer whom the bar tells that a supervisor wants something.
struct StaffMessageRoutes: Sendable {
    let notify: NotifyAPI
    let items: any ItemNames

    private static let messages = Path("/:area/desk/messages", AreaCode.self)
    private static let message = Path("/:area/desk/messages/:id", AreaCode.self, ID<ReceivedMessage>.self)
    private static let allRead = Path("/:area/desk/messages/read", AreaCode.self)
    private static let pageSize = 50

    func add(to routes: Routes) {
        routes.get(Self.messages, requires: .staff, list)
        routes.get(Self.message, requires: .staff, open)
        routes.post(Self.allRead, requires: .staff, readAll)
    }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let after = exchange.query("after").flatMap(MessagePlace.init(text:))
        let found = try await notify.list(
            account: viewer.id, bucket: viewer.area, after: after, limit: Self.pageSize + 1)
        let shown = found.prefix(Self.pageSize)
        let names = try await items.names(of: Set(shown.compactMap { $0.arguments["item"] }), area: area)
        let rows = shown.map { message in
            let item = message.arguments["item"].flatMap { names[$0]?[exchange.language] }
            func words(_ part: String) -> String {
                message.words(
                    part, item: item, in: exchange.language, locales: exchange.app.pages.locales,
                    near: exchange.now.date)
            }
            return View([
                "title": words("title"), "text": words("text"), "unread": message.readAt == nil,
                "href": ID<ReceivedMessage>(message.id).map { Self.message.url(area, $0) } ?? message.deskHref,
                "number": message.arguments["number"].map(ReceivedMessage.grouped),
                "when": message.at.words(in: exchange.language, near: exchange.now.date),
                "machine": message.at.description,
            ])
        }
        let next =
            found.count > shown.count ? shown.last.map { "\(Self.messages.url(area))?after=\($0.place.text)" } : nil
        return try await exchange.page(
            "notify.desk-messages", title: exchange.text("notify.messages.title"),
            View([
                "messages": rows, "readAll": shown.contains { $0.readAt == nil } ? Self.allRead.url(area) : nil,
                "empty": rows.isEmpty
                    ? View([
                        "title": exchange.text("notify.messages.empty"),
                        "text": exchange.text("notify.messages.staffEmpty"), "href": nil, "label": nil,
                    ]) : nil,
                "pager": after == nil && next == nil
                    ? nil : View(["previous": after == nil ? nil : Self.messages.url(area), "next": next]),
            ]))
    }

    /// Opens what the message is about; from now on it counts as read.
    @Sendable func open(_ exchange: Exchange, _ area: AreaCode, _ id: ID<ReceivedMessage>) async throws -> Response {
        let viewer = try exchange.staff()
        let message = try await notify.markRead(id.description, account: viewer.id, bucket: viewer.area)
        return exchange.redirect(message.deskHref)
    }

    @Sendable func readAll(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        try await notify.markAllRead(account: viewer.id, bucket: viewer.area)
        return exchange.redirect(Self.messages.url(area), flash: Message("notify.messages.allRead"))
    }
}

extension ReceivedMessage {
    /// Where a member of staff goes to act.
    var deskHref: String {
        guard let number = arguments["number"] else { return Path("/:area/desk/tasks", AreaCode.self).url(area) }
        return Path("/:area/desk/cases/:number", AreaCode.self, String.self).url(area, number)
    }
}
