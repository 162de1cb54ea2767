import Hummingbird
import Kernel
import Web

/// The resident's messages. Who: somebody who was told by SMS that something happened, or who follows the count in the header.
struct MessageRoutes: Sendable {
    let notify: NotifyAPI
    let items: any ItemNames

    private static let messages = Path("/:area/my/messages", AreaCode.self)
    private static let message = Path("/:area/my/messages/:id", AreaCode.self, ID<ReceivedMessage>.self)
    private static let allRead = Path("/:area/my/messages/read", AreaCode.self)
    private static let pageSize = 50

    func add(to routes: Routes) {
        routes.get(Self.messages, requires: .resident, list)
        routes.get(Self.message, requires: .resident, open)
        routes.post(Self.allRead, requires: .resident, readAll)
    }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.resident()
        let found = try await notify.list(
            account: viewer.account, bucket: viewer.bucket,
            after: exchange.query("after").flatMap(MessagePlace.init(text:)),
            limit: Self.pageSize + 1)
        let shown = found.prefix(Self.pageSize)
        let names = try await names(of: shown)
        let rows = shown.map { row($0, names, area, exchange) }
        let next =
            found.count > shown.count ? shown.last.map { "\(Self.messages.url(area))?after=\($0.place.text)" } : nil
        let nothing = View([
            "title": exchange.text("notify.messages.empty"), "text": exchange.text("notify.messages.emptyText"),
            "href": "\(exchange.areaPath)/my/cases", "label": exchange.text("notify.messages.cases"),
        ])
        return try await exchange.page(
            "notify.messages", title: exchange.text("notify.messages.title"),
            View([
                "messages": rows, "readAll": shown.contains { $0.readAt == nil } ? Self.allRead.url(area) : nil,
                "empty": rows.isEmpty ? nothing : nil,
                "pager": exchange.query("after") == nil && next == nil
                    ? nil
                    : View(["previous": exchange.query("after") == nil ? nil : Self.messages.url(area), "next": next]),
            ]))
    }

    /// Opens what the message is about; from now on it counts as read.
    @Sendable func open(_ exchange: Exchange, _ area: AreaCode, _ id: ID<ReceivedMessage>) async throws -> Response {
        let viewer = try exchange.resident()
        let message = try await notify.markRead(id.description, account: viewer.account, bucket: viewer.bucket)
        return exchange.redirect(message.href)
    }

    @Sendable func readAll(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.resident()
        try await notify.markAllRead(account: viewer.account, bucket: viewer.bucket)
        return exchange.redirect(Self.messages.url(area), flash: Message("notify.messages.allRead"))
    }

    /// Names by area and slug: an account has messages of several areas.
    private func names(of messages: ArraySlice<ReceivedMessage>) async throws -> [AreaCode: [String: LocalizedText]] {
        var names: [AreaCode: [String: LocalizedText]] = [:]
        for (area, group) in Dictionary(grouping: messages, by: \.area) {
            names[area] = try await items.names(of: Set(group.compactMap { $0.arguments["item"] }), area: area)
        }
        return names
    }

    private func row(
        _ message: ReceivedMessage, _ names: [AreaCode: [String: LocalizedText]], _ area: AreaCode, _ exchange: Exchange
    ) -> View {
        let item = message.arguments["item"].flatMap { names[message.area]?[$0]?[exchange.language] }
        func words(_ part: String) -> String {
            message.words(
                part, item: item, in: exchange.language, locales: exchange.app.pages.locales, near: exchange.now.date)
        }
        let id = ID<ReceivedMessage>(message.id)
        return View([
            "title": words("title"), "text": words("text"), "unread": message.readAt == nil,
            "href": id.map { Self.message.url(area, $0) } ?? message.href,
            "number": message.arguments["number"].map(ReceivedMessage.grouped),
            "when": message.at.words(in: exchange.language, near: exchange.now.date), "machine": message.at.description,
        ])
    }
}

extension MessagePlace {
    /// `u.<id>` or `r.<id>`, as it stands in the address of a page.
    init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, parts[0] == "u" || parts[0] == "r", let id = ID<ReceivedMessage>(parts[1]) else {
            return nil
        }
        self.init(isRead: parts[0] == "r", id: id.description)
    }

    var text: String { (isRead ? "r." : "u.") + id }
}
