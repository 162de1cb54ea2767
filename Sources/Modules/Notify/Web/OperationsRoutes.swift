import Hummingbird
import Kernel
import Logging
import Storage
import Web
import Workflow

/// What waits, what is late, what could not be sent, and how much is stored. Who: the operator, in the morning or when
/// somebody complains that nothing arrives.
struct OperationsRoutes: Sendable {
    let meter: StorageMeter

    private static let operations = Path("/:area/desk/operations", AreaCode.self)
    private static let revive = Path("/:area/desk/operations/revive", AreaCode.self)
    private static let lateShown = 1_000

    func add(to routes: Routes) {
        routes.get(Self.operations, requires: .permission(NotifyPermissions.operations), show)
        routes.post(Self.revive, requires: .permission(NotifyPermissions.operations), sendAgain)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let now = exchange.now
        let (tasks, late, channels) = try await exchange.app.database.read { tx in
            (
                try TaskStore.board(area: area, now: now, tx),
                try TimerStore.due(at: now, limit: Self.lateShown, tx).count,
                try Outbox.state(area: area, at: now, tx)
            )
        }
        let storage = try await meter.figures(at: now)
        let dead = channels.reduce(0) { $0 + $1.dead }
        let sizes: [(String, String?)] = [
            ("database", Self.size(storage.database)), ("files", Self.size(storage.files)),
            ("fileCount", storage.fileCount.grouped), ("free", storage.free.map(Self.size)),
        ]
        return try await exchange.page(
            "notify.operations", title: exchange.text("notify.operations.title"),
            View([
                "tasks": tasks.reduce(0) { $0 + $1.all }.grouped, "overdue": tasks.reduce(0) { $0 + $1.red }.grouped,
                "anyOverdue": tasks.contains { $0.red > 0 }, "late": late.grouped + (late == Self.lateShown ? "+" : ""),
                "anyLate": late > 0, "dead": dead.grouped, "anyDead": dead > 0,
                "revive": dead > 0 ? Self.revive.url(area) : nil,
                "waiting": channels.reduce(0) { $0 + $1.waiting }.grouped,
                "channels": channels.map { channel in
                    View([
                        "name": Self.name(of: channel.channel, exchange), "waiting": channel.waiting.grouped,
                        "dead": channel.dead.grouped, "anyDead": channel.dead > 0,
                    ])
                },
                "anyChannels": !channels.isEmpty,
                "sizes": sizes.compactMap { key, value in
                    value.map { View(["name": exchange.text("notify.operations.\(key)"), "value": $0]) }
                },
                "asOf": exchange.text("notify.operations.asOf", ["time": now.clock]),
                "measured": exchange.text(
                    "notify.operations.measured",
                    [
                        "time": storage.at.clock,
                        "minutes": String(max(0, now.milliseconds - storage.at.milliseconds) / 60_000),
                    ]),
            ]))
    }

    /// Sends again what was given up.
    @Sendable func sendAgain(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let now = exchange.now
        let count = try await exchange.app.database.write { tx in try Outbox.revive(area: area, at: now, tx) }
        exchange.logger.notice("dead letters sent again", metadata: ["area": "\(area)", "count": "\(count)"])
        return exchange.redirect(
            Self.operations.url(area), flash: Message("notify.operations.revived", ["count": count.grouped]))
    }

    private static func name(of channel: String, _ exchange: Exchange) -> String {
        exchange.app.pages.locales.text("notify.channel.\(channel)", in: exchange.language) ?? channel
    }

    /// `1.5 GB`, `700 MB`, `12 KB`.
    static func size(_ bytes: Int) -> String {
        for (unit, name) in [(1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB")] where bytes >= unit {
            let tenths = (bytes * 10 + unit / 2) / unit
            return tenths < 100 && tenths % 10 > 0
                ? "\(tenths / 10).\(tenths % 10) \(name)" : "\((tenths / 10).grouped) \(name)"
        }
        return "\((bytes + 1023) / 1024) KB"
    }
}
