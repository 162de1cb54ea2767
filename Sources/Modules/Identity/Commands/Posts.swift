import Kernel
import Storage
import Workflow

// Who holds which post: proceedings of two administrators (docs/data.md, "Accounts, roles, tokens").

extension IdentityAPI {
    private static let office = Office<PostProceeding>(projection: PostProjection())

    /// Gives a post at once, from outside the desk.
    func appoint(_ area: AreaCode, _ place: PostPlace, by actor: Actor) async throws -> String {
        if actor.kind == .os, !place.role.isAdministrator, !settings.demo {
            throw DomainError.refused(Message("identity.post.commandLine"))
        }
        guard actor.kind == .os || actor.kind == .system else { throw DomainError.forbidden }
        return try await perform(
            .appoint(place), on: nil, staff: place.staff, area, Doing(actor: actor, request: "-", at: time.now()))
    }

    /// An administrator proposes a post for somebody else.
    func propose(_ area: AreaCode, _ place: PostPlace, _ doing: Doing) async throws -> String {
        try await perform(.propose(place), on: nil, staff: place.staff, area, doing)
    }

    /// Another administrator confirms or refuses it; or one ends a post that is held.
    func decide(_ command: PostProceeding.Command, on post: String, _ area: AreaCode, _ doing: Doing) async throws {
        let state = try await database.read { tx in try Self.office.state(of: post, area: area, tx) }
        guard let state else { throw DomainError.notFound }
        _ = try await perform(command, on: post, staff: state.state.place.staff, area, doing)
    }

    private func perform(
        _ command: PostProceeding.Command, on post: String?, staff: String, _ area: AreaCode, _ doing: Doing
    ) async throws -> String {
        let id = post ?? ID<Post>(at: doing.at).description
        try await database.write { tx in
            // The row is locked on both engines, so that two posts given at once see each other.
            guard try tx.execute("UPDATE staff SET epoch = epoch WHERE area = \(area) AND id = \(staff)") == 1 else {
                throw DomainError.notFound
            }
            let others = try PostStore.open(area: area, staff: [staff], on: doing.at.date, tx).filter {
                $0.post.id != id
            }
            let outcome = try Self.office.perform(
                command, on: id, Occasion(area: area, at: doing.at, actor: doing.actor, request: doing.request), tx
            ) { state in
                var isLast = false
                if let role = state?.place.role, role.permissions.contains(IdentityPermissions.admin) {
                    isLast = try PostStore.others(holding: role, than: staff, area: area, on: doing.at.date, tx) == 0
                }
                return PostProceeding.Context(
                    actor: "\(doing.actor.kind.rawValue):\(doing.actor.id)", others: others.map(\.post.role),
                    isLastAdministrator: isLast)
            }
            for event in outcome.events {
                try SecurityLog.record("post.\(event.name)", subject: staff, area: area, doing, tx)
            }
        }
        return id
    }
}
