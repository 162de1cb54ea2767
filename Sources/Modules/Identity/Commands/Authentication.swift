import Cryptography
package import Kernel
import Storage
package import Web

extension IdentityAPI: Authenticator {
    /// One indexed query; the time of the last request is written at most once a minute.
    package func resident(cookie: String, at moment: Moment) async throws -> ResidentViewer? {
        guard let (bucket, token) = Self.parse(cookie), bucket.isBucket else { return nil }
        let idle = settings.residentIdle
        let found = try await database.read { tx in
            try SessionStore.resolve(hash: token.storageHash, bucket: bucket, at: moment, idle: idle, tx)
        }
        guard let found else { return nil }
        if Self.isStale(found.seenAt, at: moment) {
            let id = found.viewer.session
            // Not worth failing a request for.
            _ = try? await database.write { tx in try SessionStore.touch(id: id, bucket: bucket, at: moment, tx) }
        }
        return found.viewer
    }

    /// One indexed query with posts and deputies; the time of the last request is written at most once a minute.
    package func staff(cookie: String, area: AreaCode, at moment: Moment) async throws -> StaffViewer? {
        guard let (home, token) = Self.parse(cookie), home == area, !home.isBucket else { return nil }
        let idle = settings.staffIdle
        let found = try await database.read { tx in
            try StaffSessionStore.resolve(hash: token.storageHash, area: area, at: moment, idle: idle, tx)
        }
        guard let found else { return nil }
        if Self.isStale(found.seenAt, at: moment) {
            _ = try? await database.write { tx in
                try StaffSessionStore.touch(id: found.session, area: area, at: moment, tx)
            }
        }
        return viewer(found, area)
    }

    /// One indexed query; the address is looked at with each request, so that a stolen token is good for nothing elsewhere.
    package func client(bearer: String, area: AreaCode?, address: String, at moment: Moment) async throws
        -> ClientViewer?
    {
        guard let (home, token) = Self.parse(bearer), !home.isBucket else { return nil }
        let found = try await database.read { tx in
            try ClientStore.resolve(hash: token.storageHash, area: home, at: moment, tx)
        }
        guard let found, found.client.isGood(at: moment), area.map({ found.client.areas.contains($0) }) ?? true else {
            return nil
        }
        guard found.client.admits(address) else {
            await recordElsewhere(found.client.id, area: home, at: moment)
            return nil
        }
        let id = "\(home.text).\(found.client.id)"
        var resident: ResidentViewer?
        if let account = found.resident {
            let mask = try await database.read { tx in try AccountStore.grantedMask(account, client: id, tx) }
            // What the resident took back ends the token.
            guard let mask else { return nil }
            resident = ResidentViewer(
                account: account.id, bucket: account.bucket, session: "", displayName: mask, subject: account.id,
                organisation: nil, isOrganisation: false)
        }
        return ClientViewer(
            id: id, areas: found.client.areas, permissions: found.client.scopes, resident: resident)
    }

    /// What the person may do today. Before password and second factor are set: nothing but setting them.
    func viewer(_ found: StaffSessionStore.Resolved, _ area: AreaCode) -> StaffViewer {
        let isHeldBack = !settings.demo && (found.mustChange || !found.hasTOTP)
        let isAdministrator = found.own.contains { $0.role.isAdministrator }
        var posts = isHeldBack ? [] : found.own
        // Administrators stand in for nobody, and nobody for them.
        if !isHeldBack, !isAdministrator { posts += found.deputised.filter { !$0.role.isAdministrator } }
        var queues: Set<String> = []
        var departments: Set<String> = []
        var permissions: Set<Permission> = []
        for role in Set(posts.map(\.role)) { permissions.formUnion(role.permissions) }
        for post in posts {
            if post.role.hasQueue { queues.insert("\(post.department)/\(post.role.rawValue)") }
            if !post.department.isEmpty { departments.insert(post.department) }
        }
        return StaffViewer(
            id: found.id, area: area, session: found.session, displayName: found.name, permissions: permissions,
            queues: queues.sorted(), departments: departments.sorted())
    }

    /// `area.token`: what cookies and bearer tokens hold.
    static func parse(_ text: String) -> (AreaCode, Token)? {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let area = AreaCode(parts[0]), let token = Token(parts[1]) else { return nil }
        return (area, token)
    }

    private static func isStale(_ seen: Moment, at now: Moment) -> Bool {
        now.milliseconds - seen.milliseconds >= 60_000
    }
}
