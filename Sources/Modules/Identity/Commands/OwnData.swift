import Directory
package import Kernel
import Storage

/// What another module keeps of a resident, for himself (个人信息保护法 art. 45); filled by the composition root.
package protocol OwnData: Sendable {
    /// Under which key it stands in the file, such as `messages`.
    var key: String { get }
    /// Everything kept of the account, readable without this program.
    func data(of account: AccountReference, at now: Moment) async throws -> JSON
}

/// Claims looked at at windows, in every area.
struct OwnChecks: OwnData {
    let identity: IdentityAPI
    let directory: DirectoryAPI
    let key = "checks"

    func data(of account: AccountReference, at now: Moment) async throws -> JSON {
        var found: [JSON] = []
        for (area, _) in try await directory.areas() {
            found += try await identity.database.read { tx in
                try CheckStore.all(account: account.id, area: area, tx)
            }.map { check in
                [
                    "area": .string(area.text), "openedAt": .string(check.openedAt.description),
                    "name": .string(check.mask), "idNumber": .string(check.numberMask),
                    "organisation": check.organisation.map { .string($0) } ?? .null,
                    "status": .string(check.status), "changedAt": .string(check.changedAt.description),
                ]
            }
        }
        return .array(found)
    }
}

/// What the security log says of the account: sign-ins, changes, looks at a window.
struct OwnSecurityLog: OwnData {
    let identity: IdentityAPI
    let key = "security"
    private static let pageSize = 500

    func data(of account: AccountReference, at now: Moment) async throws -> JSON {
        var filter = SecurityLog.Filter()
        filter.subjects = [account.id]
        let wanted = filter
        var found: [JSON] = []
        var place: SecurityLog.Place?
        while true {
            let before = place
            let page = try await identity.database.read { tx in
                try SecurityLog.list(wanted, area: account.bucket, before: before, limit: Self.pageSize, tx)
            }
            found += page.map { ["kind": .string($0.kind), "at": .string($0.at.description)] }
            guard page.count == Self.pageSize, let last = page.last else { return .array(found) }
            place = SecurityLog.Place(at: last.at, id: last.id)
        }
    }
}
