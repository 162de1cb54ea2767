package import Kernel
package import Registers
package import Workflow

/// On what a decision without a person rests: which registers were asked and of which day they spoke, which certificates counted.
/// What they said lies sealed with the case.
package struct InstantBasis: Sendable, Hashable, Codable {
    /// Why people decide.
    package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// The rule does not hold for what was handed in.
        case rule
        /// A register was not clear.
        case register
        /// Nobody has looked at the applicant's papers yet: the numbers are only what he typed.
        case unconfirmed
        /// Papers come later, or the result cannot be handed over at once.
        case papers
    }

    /// Nil: it was decided.
    package var reason: Reason?
    package var registers: [AskedRegister]?
    package var certificates: [HeldCertificate]?
    /// `InstantFacts`.
    package var facts: Sealed?

    init(
        reason: Reason?, registers: [AskedRegister] = [], certificates: [HeldCertificate] = [], facts: Sealed? = nil
    ) {
        self.reason = reason
        self.registers = registers.isEmpty ? nil : registers
        self.certificates = certificates.isEmpty ? nil : certificates
        self.facts = facts
    }
}

/// A register that was asked, without what it said.
package struct AskedRegister: Sendable, Hashable, Codable {
    /// Its slug.
    package let register: String
    package let standing: RegisterAnswer.Standing
    /// The day of which it spoke, and which of its lists.
    package let asOf: CivilDate?
    package let edition: Int?
    /// It was asked by the applicant's own number: what it said may be told to him.
    package let isOwn: Bool
}

/// A certificate that the applicant holds by an earlier case, in whichever area.
package struct HeldCertificate: Sendable, Hashable, Codable {
    package let type: String
    package let area: AreaCode
    /// The number of the case it came of.
    package let number: String
}

/// What registers said, sealed with the case that was decided upon it.
package struct InstantFacts: Sendable, Hashable, Codable {
    /// One fact of a register.
    package struct Fact: Sendable, Hashable, Codable {
        package let register: String
        package let field: String
        package let value: JSON
        package let isOwn: Bool
    }

    package let facts: [Fact]
}
