import Kernel

/// Who confirms that people are who they say: this office alone, or the province's identity service (统一身份认证平台, OIDC).
package protocol IdentityProvider: Sendable {
    /// `local`, or a short name of the service; kept with what it confirmed.
    var name: String { get }
    /// Whether name and number belong together.
    func confirm(_ person: PersonClaim) async throws -> Confirmation
    /// Whether the person may act for the company.
    func confirm(_ company: CompanyClaim) async throws -> Confirmation
    /// The page of the service on which people sign in; nil where they do so here only.
    ///
    /// - Parameters:
    ///   - returnTo: where the service sends the browser back to, with `code` and `state`.
    ///   - state: opaque, comes back unchanged.
    func signInPage(returnTo: String, state: String) async throws -> String?
    /// The person a `code` of that page stands for. Throws `DomainError.refused` where the service does not know it.
    func person(code: String, returnTo: String) async throws -> PersonClaim
}

/// What a person says of himself, in normal form.
package struct PersonClaim: Sendable, Hashable {
    package let name: String
    /// 18 characters.
    package let idNumber: String
    /// 11 digits.
    package let phone: String

    package init(name: String, idNumber: String, phone: String) {
        self.name = name
        self.idNumber = idNumber
        self.phone = phone
    }
}

/// A person who says to be a company's legal representative.
package struct CompanyClaim: Sendable, Hashable {
    package let company: String
    /// 18 characters.
    package let uscc: String
    package let person: PersonClaim

    package init(company: String, uscc: String, person: PersonClaim) {
        self.company = company
        self.uscc = uscc
        self.person = person
    }
}

/// What became of a claim.
package enum Confirmation: String, Sendable, Hashable, Codable {
    case confirmed, pending, refused
}

/// This office alone: it has no register to ask, so outside a demonstration every claim waits for a clerk who saw the papers.
package struct LocalIdentityProvider: IdentityProvider {
    package let name = "local"
    private let demo: Bool

    /// In a demonstration people and companies are taken at their word.
    package init(demo: Bool) { self.demo = demo }

    package func confirm(_ person: PersonClaim) async throws -> Confirmation { demo ? .confirmed : .pending }
    package func confirm(_ company: CompanyClaim) async throws -> Confirmation { demo ? .confirmed : .pending }
    package func signInPage(returnTo: String, state: String) async throws -> String? { nil }

    package func person(code: String, returnTo: String) async throws -> PersonClaim {
        throw DomainError.notFound
    }
}
