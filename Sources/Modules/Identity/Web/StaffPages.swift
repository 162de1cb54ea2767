import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// Who: an administrator. Why: who works here, with which posts; posts that wait for a second administrator.
struct StaffPages: Sendable {
    let identity: IdentityAPI
    let directory: DirectoryAPI
    private let size = 50

    init(identity: IdentityAPI, directory: DirectoryAPI) {
        self.identity = identity
        self.directory = directory
    }

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let (size, today) = (size, exchange.now.date)
        let after = exchange.query("after") ?? ""
        let (rows, posts, waiting) = try await identity.database.read { tx in
            let rows = try StaffStore.list(area: area, after: after, limit: size + 1, tx)
            return (
                rows, try PostStore.open(area: area, staff: rows.map(\.id), on: today, tx),
                try PostStore.proposed(area: area, limit: 50, tx)
            )
        }
        let profile = try await directory.profile(of: area)
        let proposers = waiting.compactMap { Self.staffID($0.proposedBy) }
        let names = try await identity.staffNames(area, waiting.map(\.staff) + proposers)
        let shown = rows.prefix(size)
        let held = Dictionary(grouping: posts.filter { $0.status == .held }, by: \.staff)
        return try await exchange.page(
            "identity.desk-staff", title: exchange.text("identity.staff.title"),
            View([
                "wide": false, "newHref": IdentityPaths.newStaff.url(area),
                "staff": shown.map { row in
                    View([
                        "href": IdentityPaths.member.url(area, row.id), "login": row.login, "name": row.name,
                        "state": exchange.state(of: row), "off": row.disabledAt != nil,
                        "posts": (held[row.id] ?? []).map { View(["text": exchange.words($0.post, profile)]) },
                        "seen": row.signedInAt.map { exchange.words($0) } ?? exchange.text("identity.staff.never"),
                    ])
                },
                "hasWaiting": !waiting.isEmpty,
                "waiting": waiting.map { row in
                    View([
                        "action": IdentityPaths.post.url(area, row.post.id), "name": names[row.staff] ?? row.staff,
                        "post": exchange.words(row.post, profile),
                        "by": Self.staffID(row.proposedBy).flatMap { names[$0] } ?? row.proposedBy,
                        "when": exchange.words(row.changedAt),
                        "mine": Self.staffID(row.proposedBy) == exchange.viewer.staff?.id,
                        "own": row.staff == exchange.viewer.staff?.id,
                    ])
                },
                "pager": after.isEmpty && rows.count <= size
                    ? nil
                    : View([
                        "previous": after.isEmpty ? nil : IdentityPaths.staff.url(area), "shown": nil,
                        "next": rows.count <= size
                            ? nil
                            : shown.last.map { IdentityPaths.staff.url(area) + "?after=\(encodeSegment($0.login))" },
                    ]),
            ]))
    }

    @Sendable func new(_ exchange: Exchange, _ area: AreaCode) async throws -> Response { try await form(exchange, []) }

    /// A new account with a temporary password that is shown once.
    @Sendable func create(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let password = IdentityAPI.temporaryPassword()
        do {
            let id = try await identity.openStaffAccount(
                area, login: exchange.form.text("login"), name: exchange.form.text("name"), password: password,
                mustChange: true, exchange.doing)
            return try await StaffMemberPages(identity: identity, directory: directory)
                .page(exchange, area, id, [], password: password)
        } catch DomainError.invalid(let faults) {
            return try await form(exchange, faults)
        }
    }

    /// The second administrator's word on a post, or the end of one.
    @Sendable func decide(_ exchange: Exchange, _ area: AreaCode, _ post: String) async throws -> Response {
        let command: PostProceeding.Command
        switch exchange.form.text("action") {
        case "confirm": command = .confirm
        case "refuse": command = .refuse
        case "end": command = .end
        default: throw DomainError.notFound
        }
        try await identity.decide(command, on: post, area, exchange.doing)
        let back = exchange.form.text("back")
        return exchange.redirect(
            back.hasPrefix(IdentityPaths.staff.url(area)) ? back : IdentityPaths.staff.url(area),
            flash: Message("identity.post.\(exchange.form.text("action"))Done"))
    }

    private func form(_ exchange: Exchange, _ faults: [FieldFault]) async throws -> Response {
        let fields = FormFields(exchange: exchange, faults: faults)
        return try await exchange.page(
            "identity.desk-staff-new", title: exchange.text("identity.staff.new"),
            View([
                "fields": [
                    fields.field("name", .text, "identity.staff.name", value: exchange.form["name"]),
                    fields.field(
                        "login", .text, "identity.desk.login", value: exchange.form["login"],
                        hint: "identity.staff.loginHint"),
                ]
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    private static func staffID(_ actor: String) -> String? {
        actor.hasPrefix("staff:") ? String(actor.dropFirst(6)) : nil
    }
}

extension Exchange {
    /// `正常`, `已停用`, `已锁定到 14:45`, `未改初始密码`
    func state(of row: StaffRow) -> String {
        if row.disabledAt != nil {
            return text(row.disabledWhy == "dormant" ? "identity.staff.dormant" : "identity.staff.disabled")
        }
        if let until = row.lockedUntil, until > now { return text("identity.staff.locked", ["time": until.clock]) }
        return text(row.mustChange ? "identity.staff.mustChange" : "identity.staff.active")
    }
}
