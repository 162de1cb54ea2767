import Hummingbird
import Kernel
import Logging
import Storage
import Web
import Workflow

/// What waits, what is late, what could not be sent, what was slow, and how much is stored. Who: the operator, in the
/// morning or when somebody complains that nothing arrives.
struct OperationsRoutes: Sendable {
    let meter: StorageMeter
    let slow: SlowStatements?
    let jobs: JobBoard?

    private static let operations = Path("/:area/desk/operations", AreaCode.self)
    private static let revive = Path("/:area/desk/operations/revive", AreaCode.self)
    private static let lateShown = 1_000
    private static let deadShown = 50
    private static let slowShown = 20
    /// Where accounts live: codes by SMS come from there, whatever area they were asked for in.
    private static let buckets = (0..<64).map { AreaCode(bucket: $0) }

    func add(to routes: Routes) {
        routes.get(Self.operations, requires: .permission(NotifyPermissions.operations), show)
        routes.post(Self.revive, requires: .permission(NotifyPermissions.operations), sendAgain)
    }

    /// What the database says at one moment.
    private struct Standing: Sendable {
        var tasks = 0
        var overdue = 0
        var late = 0
        var lateSince: Moment?
        var channels: [(channel: String, waiting: Int, dead: Int)] = []
        var dead: [Outbox.DeadLetter] = []

        init(area: AreaCode, now: Moment, _ tx: Transaction) throws {
            for line in try TaskStore.board(area: area, now: now, tx) {
                tasks += line.all
                overdue += line.red
            }
            late = try TimerStore.due(at: now, limit: OperationsRoutes.lateShown, tx).count
            lateSince = try TimerStore.lateSince(at: now, tx)
            let areas = [area] + OperationsRoutes.buckets
            channels = try Outbox.state(areas: areas, tx)
            dead = try Outbox.dead(areas: areas, limit: OperationsRoutes.deadShown, tx)
        }
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let now = exchange.now
        let standing = try await exchange.app.database.read { tx in try Standing(area: area, now: now, tx) }
        let storage = try await meter.figures(at: now)
        let dead = standing.channels.reduce(0) { $0 + $1.dead }
        let late = standing.late
        let lines = jobs?.lines ?? []
        let failing = lines.filter(\.failed).count
        let sizes: [(String, String?)] = [
            ("database", Self.size(storage.database)), ("files", Self.size(storage.files)),
            ("fileCount", storage.fileCount.grouped), ("free", storage.free.map(Self.size)),
        ]
        return try await exchange.page(
            "notify.operations", title: exchange.text("notify.operations.title"),
            View([
                "tasks": standing.tasks.grouped, "overdue": standing.overdue.grouped,
                "anyOverdue": standing.overdue > 0, "late": late.grouped + (late == Self.lateShown ? "+" : ""),
                "anyLate": late > 0,
                "lateSince": standing.lateSince.map {
                    exchange.text("notify.operations.lateSince", ["minutes": Self.minutes(from: $0, to: now)])
                },
                "dead": dead.grouped, "anyDead": dead > 0, "revive": dead > 0 ? Self.revive.url(area) : nil,
                "waiting": standing.channels.reduce(0) { $0 + $1.waiting }.grouped,
                "channels": standing.channels.map { channel in
                    View([
                        "name": Self.name(of: channel.channel, exchange), "waiting": channel.waiting.grouped,
                        "dead": channel.dead.grouped, "anyDead": channel.dead > 0,
                    ])
                },
                "anyChannels": !standing.channels.isEmpty,
                "letters": standing.dead.map { row($0, area, exchange) },
                "moreDead": dead > standing.dead.count
                    ? exchange.text("notify.operations.moreDead", ["count": standing.dead.count.grouped]) : nil,
                "statements": (slow?.slowest ?? []).prefix(Self.slowShown).map { line in
                    View([
                        "text": line.text, "count": line.count.grouped, "longest": Self.milliseconds(line.longest),
                        "last": line.lastAt.words(in: exchange.language, near: now.date),
                    ])
                },
                "anySlow": slow?.slowest.isEmpty == false,
                "slowNote": exchange.text(
                    "notify.operations.slowNote", ["ms": slow.map { Self.milliseconds($0.threshold) } ?? ""]),
                "jobs": (lines.filter(\.failed) + lines.filter { !$0.failed }).map { row($0, exchange) },
                "anyJobs": !lines.isEmpty, "anyFailed": failing > 0,
                "jobsTold": exchange.text(
                    failing > 0 ? "notify.operations.jobsFailing" : "notify.operations.jobsFine",
                    ["count": lines.count.grouped, "failing": failing.grouped]),
                "sizes": sizes.compactMap { key, value in
                    value.map { View(["name": exchange.text("notify.operations.\(key)"), "value": $0]) }
                },
                "asOf": exchange.text("notify.operations.asOf", ["time": now.clock]),
                "measured": exchange.text(
                    "notify.operations.measured",
                    ["time": storage.at.clock, "minutes": Self.minutes(from: storage.at, to: now)]),
            ]))
    }

    private func row(_ job: JobBoard.Line, _ exchange: Exchange) -> View {
        let locales = exchange.app.pages.locales
        return View([
            "name": locales.text("notify.operations.job.\(job.name)", in: exchange.language) ?? job.name,
            "every": exchange.text("notify.operations.seconds", ["count": job.every.grouped]),
            "last": job.lastAt.map { $0.words(in: exchange.language, near: exchange.now.date) }
                ?? exchange.text("notify.operations.notYet"),
            "took": job.lastAt == nil ? "" : Self.milliseconds(job.lastTook), "runs": job.runs.grouped,
            "failures": job.failures.grouped, "failed": job.failed,
        ])
    }

    private func row(_ letter: Outbox.DeadLetter, _ area: AreaCode, _ exchange: Exchange) -> View {
        View([
            "id": letter.id, "area": letter.area.text, "channel": Self.name(of: letter.channel, exchange),
            "kind": kind(letter.kind, exchange),
            "when": letter.deadAt.words(in: exchange.language, near: exchange.now.date),
            "fault": letter.fault ?? "",
        ])
    }

    /// What a letter is about, in words: a code, a message, or nothing that can be read.
    private func kind(_ kind: String?, _ exchange: Exchange) -> String {
        let locales = exchange.app.pages.locales
        if let kind, let words = locales.text("notify.operations.kind.\(kind)", in: exchange.language) { return words }
        let isMessage = kind.flatMap { locales.text("notify.\($0).title", in: exchange.language) } != nil
        return exchange.text(isMessage ? "notify.operations.kind.message" : "notify.operations.kindless")
    }

    /// Sends again what was given up: one letter, or all.
    @Sendable func sendAgain(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let now = exchange.now
        let areas = [area] + Self.buckets
        let one = exchange.form["letter"].flatMap { $0.isEmpty ? nil : $0 }
        var count = 0
        if let one {
            // A letter of another area looks like one that has been sent in the meantime.
            guard let home = exchange.form["of"].flatMap({ AreaCode($0) }), areas.contains(home) else {
                throw DomainError.notFound
            }
            count = try await exchange.app.database.write { tx in try Outbox.revive(one, area: home, at: now, tx) }
        } else {
            let dead = try await exchange.app.database.read { tx in try Outbox.deadAreas(areas, tx) }
            for home in dead {
                count += try await exchange.app.database.write { tx in try Outbox.revive(area: home, at: now, tx) }
            }
        }
        exchange.logger.notice("dead letters sent again", metadata: ["area": "\(area)", "count": "\(count)"])
        return exchange.redirect(
            Self.operations.url(area), flash: Message("notify.operations.revived", ["count": count.grouped]))
    }

    private static func name(of channel: String, _ exchange: Exchange) -> String {
        exchange.app.pages.locales.text("notify.channel.\(channel)", in: exchange.language) ?? channel
    }

    private static func minutes(from start: Moment, to end: Moment) -> String {
        Int(max(0, end.milliseconds - start.milliseconds) / 60_000).grouped
    }

    private static func milliseconds(_ duration: Duration) -> String {
        (Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000))
            .grouped
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
