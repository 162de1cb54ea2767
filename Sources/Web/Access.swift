package import Kernel

/// What a route asks of the one who calls it. Every route names one; a route without does not compile.
package enum Access: Sendable, Hashable, CustomStringConvertible {
    /// Everybody.
    case open
    /// A signed-in resident, in person or for an organisation.
    case resident
    /// A signed-in resident, or one who sits at a counter while an officer fills in the form for him (窗口代填).
    case applicant
    /// Any signed-in member of the area's staff.
    case staff
    /// A member of the area's staff, or an API client, who holds the permission.
    case permission(Permission)
    /// A resident or anyone who holds the permission: the handler checks whose object it is.
    case residentOr(Permission)

    package var description: String {
        switch self {
        case .open: "open"
        case .resident: "resident"
        case .applicant: "applicant"
        case .staff: "staff"
        case .permission(let permission): permission.name
        case .residentOr(let permission): "resident|\(permission.name)"
        }
    }

    /// Whether `viewer` may come in.
    package func admits(_ viewer: Viewer) -> Bool {
        switch self {
        case .open: true
        case .resident: viewer.resident?.attendant == nil && viewer.resident != nil
        case .applicant: viewer.resident != nil
        case .staff: viewer.staff != nil
        case .permission(let permission): viewer.permissions.contains(permission)
        case .residentOr(let permission):
            Access.resident.admits(viewer) || viewer.permissions.contains(permission)
        }
    }
}

/// A resident who is signed in.
package struct ResidentViewer: Sendable {
    /// The account's id.
    package let account: String
    /// The bucket area in which account and session live.
    package let bucket: AreaCode
    /// The session's id, for the list of devices.
    package let session: String
    /// Shown in the header; masked where it is a name of a person.
    package let displayName: String
    /// The person or organisation applied for: an id of Identity.
    package let subject: String
    /// The organisation's name while acting for one, else nil.
    package let organisation: String?
    /// 1 natural person, 2 legal person: decides which items fit.
    package let isOrganisation: Bool
    /// The officer at whose counter the resident sits, and who types for him; nil where he does so himself.
    package let attendant: String?
    /// A handler sits at that counter in his stead: nothing is handed in without a power of attorney.
    package let byHandler: Bool

    package init(
        account: String, bucket: AreaCode, session: String, displayName: String, subject: String, organisation: String?,
        isOrganisation: Bool, attendant: String? = nil, byHandler: Bool = false
    ) {
        self.byHandler = byHandler
        self.attendant = attendant
        self.account = account
        self.bucket = bucket
        self.session = session
        self.displayName = displayName
        self.subject = subject
        self.organisation = organisation
        self.isOrganisation = isOrganisation
    }
}

/// A member of an area's staff who is signed in.
package struct StaffViewer: Sendable {
    package let id: String
    package let area: AreaCode
    package let session: String
    package let displayName: String
    package let permissions: Set<Permission>
    /// The task queues this person serves: `department/role`, one string each.
    package let queues: [String]
    /// Departments (slugs) the person holds a post in.
    package let departments: [String]

    package init(
        id: String, area: AreaCode, session: String, displayName: String, permissions: Set<Permission>,
        queues: [String],
        departments: [String]
    ) {
        self.id = id
        self.area = area
        self.session = session
        self.displayName = displayName
        self.permissions = permissions
        self.queues = queues
        self.departments = departments
    }
}

/// Another system that calls the API with a token of its own.
package struct ClientViewer: Sendable {
    package let id: String
    package let areas: Set<AreaCode>
    package let permissions: Set<Permission>
    /// The resident it acts for, where that resident granted it.
    package let resident: ResidentViewer?

    package init(id: String, areas: Set<AreaCode>, permissions: Set<Permission>, resident: ResidentViewer?) {
        self.id = id
        self.areas = areas
        self.permissions = permissions
        self.resident = resident
    }
}

/// The one who calls.
package enum Viewer: Sendable {
    case nobody
    case resident(ResidentViewer)
    case staff(StaffViewer)
    case client(ClientViewer)

    package var resident: ResidentViewer? {
        switch self {
        case .resident(let viewer): viewer
        case .client(let client): client.resident
        default: nil
        }
    }

    package var staff: StaffViewer? { if case .staff(let viewer) = self { viewer } else { nil } }

    package var permissions: Set<Permission> {
        switch self {
        case .staff(let viewer): viewer.permissions
        case .client(let client): client.permissions
        default: []
        }
    }

    /// How the act is journaled.
    package func actor(via channel: Channel) -> Actor {
        switch self {
        case .nobody: return Actor(.system, id: "anonymous", channel: channel)
        case .resident(let viewer):
            if let attendant = viewer.attendant {
                return Actor(.staff, id: attendant, onBehalfOf: viewer.subject, channel: .window)
            }
            return Actor(
                .resident, id: viewer.account, onBehalfOf: viewer.subject == viewer.account ? nil : viewer.subject,
                channel: channel)
        case .staff(let viewer): return Actor(.staff, id: viewer.id, channel: channel)
        case .client(let client):
            return Actor(.client, id: client.id, onBehalfOf: client.resident?.subject, channel: .api)
        }
    }
}

/// Finds out who calls; filled by Identity.
package protocol Authenticator: Sendable {
    /// The resident of a session cookie, or nil where the session is unknown, ended or revoked.
    func resident(cookie: String, at moment: Moment) async throws -> ResidentViewer?
    /// The member of staff of a session cookie of this area.
    func staff(cookie: String, area: AreaCode, at moment: Moment) async throws -> StaffViewer?
    /// The resident who sits at the counter of this member of staff, by the cookie of the sitting.
    func attended(cookie: String, by staff: StaffViewer, at moment: Moment) async throws -> ResidentViewer?
    /// The client of a bearer token that is good for this area and for calls from `address`.
    func client(bearer: String, area: AreaCode?, address: String, at moment: Moment) async throws -> ClientViewer?
}
