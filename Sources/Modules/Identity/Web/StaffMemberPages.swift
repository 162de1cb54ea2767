import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// Who: an administrator. Why: one person's account and posts.
struct StaffMemberPages: Sendable {
    let identity: IdentityAPI
    let directory: DirectoryAPI

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        try await page(exchange, area, id, [])
    }

    @Sendable func act(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let action = exchange.form.text("action")
        do {
            switch action {
            case "rename":
                try await identity.renameStaff(id, area, name: exchange.form.text("name"), exchange.doing)
            case "password":
                let password = try await identity.resetStaffPassword(id, area, exchange.doing)
                return try await page(exchange, area, id, [], password: password)
            default:
                guard let act = IdentityAPI.AccountAct(rawValue: action) else { throw DomainError.notFound }
                try await identity.administer(act, staff: id, area, exchange.doing)
            }
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, id, faults)
        }
        return exchange.redirect(IdentityPaths.member.url(area, id), flash: Message("identity.staff.\(action)Done"))
    }

    /// Proposes a post; another administrator confirms it.
    @Sendable func propose(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let form = exchange.form
        var faults: [FieldFault] = []
        let role = Role(rawValue: form.text("role"))
        if role == nil { faults.append(FieldFault("role", Message("identity.post.role"))) }
        let until = form.date("until")
        if form.hasDate("until"), until.map({ $0 < exchange.now.date }) ?? true {
            faults.append(FieldFault("until", Message("identity.post.until")))
        }
        let profile = try await directory.profile(of: area)
        let department = form.text("department")
        if !department.isEmpty, profile.department(department) == nil {
            faults.append(FieldFault("department", Message("identity.post.department")))
        }
        guard faults.isEmpty, let role else { return try await page(exchange, area, id, faults) }
        do {
            _ = try await identity.propose(
                area,
                PostPlace(
                    staff: id, role: role, department: role.isAdministrator ? "" : department,
                    window: form["window"].flatMap { $0.isEmpty ? nil : $0 },
                    street: form["street"].flatMap { $0.isEmpty ? nil : $0 }, until: until),
                exchange.doing)
        } catch DomainError.invalid(let faults) {
            return try await page(exchange, area, id, faults)
        }
        return exchange.redirect(IdentityPaths.member.url(area, id), flash: Message("identity.post.proposeDone"))
    }

    func page(
        _ exchange: Exchange, _ area: AreaCode, _ id: String, _ faults: [FieldFault], password: String? = nil
    ) async throws -> Response {
        let today = exchange.now.date
        let (row, posts) = try await identity.database.read { tx in
            (try StaffStore.staff(id: id, area: area, tx), try PostStore.open(area: area, staff: [id], on: today, tx))
        }
        guard let row else { throw DomainError.notFound }
        let profile = try await directory.profile(of: area)
        let isOwn = exchange.viewer.staff?.id == id
        return try await exchange.page(
            "identity.desk-staff-member", title: row.name,
            View([
                "name": row.name, "login": row.login, "state": exchange.state(of: row), "own": isOwn,
                "seen": row.signedInAt.map { exchange.words($0) } ?? exchange.text("identity.staff.never"),
                "here": IdentityPaths.member.url(area, id), "proposeAction": IdentityPaths.memberPosts.url(area, id),
                "listHref": IdentityPaths.staff.url(area),
                "password": password.map { text in
                    View([
                        "kind": "info", "title": exchange.text("identity.staff.temporary", ["password": text]),
                        "text": exchange.text("identity.staff.temporaryText"), "action": nil,
                    ])
                },
                "canUnlock": row.lockedUntil.map { $0 > exchange.now } ?? false, "off": row.disabledAt != nil,
                "hasTOTP": row.totpAt != nil, "hasPosts": !posts.isEmpty,
                "posts": posts.map { post in
                    View([
                        "text": exchange.words(post.post, profile), "held": post.status == .held,
                        "action": IdentityPaths.post.url(area, post.post.id),
                        "back": IdentityPaths.member.url(area, id),
                    ])
                },
                "nameField": FormFields(exchange: exchange, faults: faults)
                    .field("name", .text, "identity.staff.name", value: exchange.form["name"] ?? row.name),
                "fields": placeFields(exchange, profile, faults),
            ]), faults: faults, status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func placeFields(_ exchange: Exchange, _ profile: AreaProfile, _ faults: [FieldFault]) -> [View] {
        let fields = FormFields(exchange: exchange, faults: faults)
        let (form, language) = (exchange.form, exchange.language)
        let choose = exchange.text("identity.choose")
        return [
            fields.select(
                "role", "identity.post.roleLabel",
                Role.allCases.map { (value: $0.rawValue, label: exchange.text("identity.role.\($0.rawValue)")) },
                chosen: form["role"], empty: choose),
            fields.select(
                "department", "identity.post.departmentLabel",
                profile.departments.map { (value: $0.id, label: $0.name[language]) }, chosen: form["department"],
                empty: exchange.text("identity.post.wholeArea"), hint: "identity.post.departmentHint"),
            fields.select(
                "window", "identity.post.windowLabel",
                profile.halls.flatMap(\.windows).map {
                    (value: $0.id, label: "\($0.number ?? "") \($0.name[language])")
                },
                chosen: form["window"], empty: exchange.text("identity.post.anyWindow"), optional: true),
            fields.select(
                "street", "identity.post.streetLabel",
                profile.streets.map { (value: $0.code, label: $0.name[language]) },
                chosen: form["street"], empty: exchange.text("identity.post.anyStreet"), optional: true),
            fields.date("until", "identity.post.untilLabel", form: form, optional: true),
        ]
    }
}
