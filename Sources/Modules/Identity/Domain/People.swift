package import Kernel
import Storage

/// Who applies: what the portal prefills and what a case seals. In plain only as long as a request lasts.
package struct ApplicantProfile: Sendable, Hashable {
    /// Who is applied for.
    package enum Kind: String, Sendable, Hashable, Codable {
        case person, organisation
    }

    /// An organisation applied for.
    package struct Organisation: Sendable, Hashable {
        package let name: String
        /// Unified social credit code, 18 characters.
        package let uscc: String
        /// The legal representative's name.
        package let representative: String

        package init(name: String, uscc: String, representative: String) {
            self.name = name
            self.uscc = uscc
            self.representative = representative
        }
    }

    package let kind: Kind
    /// The person who is signed in, whoever is applied for.
    package let name: String
    /// Citizen's identity number, 18 characters.
    package let idNumber: String
    /// Mobile number, 11 digits.
    package let phone: String
    /// Nil where the person applies for himself.
    package let organisation: Organisation?

    package init(kind: Kind, name: String, idNumber: String, phone: String, organisation: Organisation?) {
        self.kind = kind
        self.name = name
        self.idNumber = idNumber
        self.phone = phone
        self.organisation = organisation
    }
}

/// A resident's account and the bucket it lives in.
package struct AccountReference: Sendable, Hashable {
    package let id: String
    package let bucket: AreaCode

    package init(id: String, bucket: AreaCode) {
        self.id = id
        self.bucket = bucket
    }
}

/// A role that a person holds at a place, once it is confirmed.
package struct Post: Sendable, Hashable {
    package let id: String
    package let role: Role
    /// Department's slug; empty for a role of the whole area.
    package let department: String
    /// A window of the hall, where the post is tied to one.
    package let window: String?
    /// A street (9 digits) or community (12).
    package let street: String?
    /// The last day it is held.
    package let until: CivilDate?

    package init(id: String, role: Role, department: String, window: String?, street: String?, until: CivilDate?) {
        self.id = id
        self.role = role
        self.department = department
        self.window = window
        self.street = street
        self.until = until
    }

    /// `department/role`, or nil where no tasks queue for it.
    package var queue: String? { role.hasQueue ? "\(department)/\(role.rawValue)" : nil }
}

/// A member of an area's staff with the posts held today.
package struct StaffMember: Sendable, Hashable {
    package let id: String
    package let name: String
    package let posts: [Post]

    package init(id: String, name: String, posts: [Post]) {
        self.id = id
        self.name = name
        self.posts = posts
    }
}

/// On what ground a resident acts for an organisation.
package enum MandateRole: String, Sendable, Hashable, Codable, CaseIterable, SQLConvertible {
    /// 法定代表人.
    case representative
    /// 授权经办人.
    case agent
}
