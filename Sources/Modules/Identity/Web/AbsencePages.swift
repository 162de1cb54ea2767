import Directory
import Hummingbird
import Kernel
import Storage
import Web
import Workflow

/// Who: an officer who will be away, or a head for him. Why: so that nothing stands still.
struct AbsencePages: Sendable {
    let identity: IdentityAPI
    let directory: DirectoryAPI
    /// Who gives out work may also say that somebody is away.
    private static let assign = Permission("cases.assign")

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await page(exchange, area, [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let form = exchange.form
        let viewer = try exchange.staff()
        let staff = try person(form.text("staff"), viewer)
        let here = IdentityPaths.absence.url(area) + (staff == viewer.id ? "" : "?staff=\(encodeSegment(staff))")
        if form.text("action") == "end" {
            try await identity.endAbsence(form.text("id"), area, staff: staff, exchange.doing)
            return exchange.redirect(here, flash: Message("identity.absence.ended"))
        }
        do {
            let moved = try await identity.announceAbsence(
                area, staff: staff, deputy: form.text("deputy"), from: form.date("from"), to: form.date("to"),
                exchange.doing)
            return exchange.redirect(here, flash: Message("identity.absence.done", ["count": String(moved)]))
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, faults)
        }
    }

    /// Oneself, or another where one gives out work.
    private func person(_ named: String?, _ viewer: StaffViewer) throws(DomainError) -> String {
        guard let named, !named.isEmpty, named != viewer.id else { return viewer.id }
        guard viewer.permissions.contains(Self.assign) else { throw .forbidden }
        return named
    }

    private func page(_ exchange: Exchange, _ area: AreaCode, _ faults: [FieldFault]) async throws -> Response {
        let viewer = try exchange.staff()
        let staff = try person(exchange.form["staff"] ?? exchange.query("staff"), viewer)
        let (today, now) = (exchange.now.date, exchange.now)
        let (absences, tasks, own) = try await identity.database.read { tx in
            (
                try AbsenceStore.list(area: area, staff: staff, from: today, tx),
                try TaskStore.count(area: area, queues: [], person: staff, view: .mine, now: now, tx),
                try PostStore.open(area: area, staff: [staff], on: today, tx).filter { $0.status == .held }.map(\.post)
            )
        }
        let members = try await identity.staffMembers(area)
        let fit = members.filter { $0.id != staff && !$0.posts.contains { $0.role.isAdministrator } }
        let queues = Set(own.compactMap(\.queue))
        // Those who serve the same queues come first.
        let near = fit.filter { member in member.posts.contains { queues.contains($0.queue ?? "") } }
        let ordered = near + fit.filter { !near.contains($0) }
        let profile = try await directory.profile(of: area)
        let fields = FormFields(exchange: exchange, faults: faults)
        let names = try await identity.staffNames(area, absences.map(\.deputy) + [staff])
        var inputs: [View] = []
        if viewer.permissions.contains(Self.assign) {
            inputs.append(
                fields.select(
                    "staff", "identity.absence.who", members.map { (value: $0.id, label: $0.name) }, chosen: staff))
        }
        inputs += [
            fields.select(
                "deputy", "identity.absence.deputyLabel",
                ordered.map { member in
                    (
                        value: member.id,
                        label: "\(member.name) · " + (member.posts.first.map { exchange.words($0, profile) } ?? "")
                    )
                }, chosen: exchange.form["deputy"], empty: exchange.text("identity.choose")),
            fields.date("from", "identity.absence.from", form: exchange.form, usual: today),
            fields.date("to", "identity.absence.to", form: exchange.form),
        ]
        return try await exchange.page(
            "identity.desk-absence", title: exchange.text("identity.absence.title"),
            View([
                "fields": inputs, "staff": staff,
                "tasks": exchange.text(
                    tasks == 0 ? "identity.absence.noTasks" : "identity.absence.tasks",
                    ["name": names[staff] ?? staff, "count": tasks >= 100 ? "99+" : String(tasks)]),
                "hasAbsences": !absences.isEmpty,
                "absences": absences.map { absence in
                    View([
                        "id": absence.id, "from": exchange.words(absence.from), "to": exchange.words(absence.to),
                        "deputy": names[absence.deputy] ?? absence.deputy,
                    ])
                },
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }
}
