package import Catalogue
package import Kernel

/// Who answers for a register: the lists kept here, or a department's own system. Filled by the composition root.
package protocol RegisterSource: Sendable {
    /// What the register says of a number.
    ///
    /// - Parameters:
    ///   - key: as the register writes it: capitals, no blanks.
    ///   - fields: the facts asked for; others that are answered are thrown away.
    /// - Throws: anything: the register then counts as unavailable.
    func entries(of register: RegisterType, key: String, fields: [String], area: AreaCode) async throws
        -> RegisterReply
}

/// What a register says of a number.
package struct RegisterReply: Sendable, Hashable {
    /// The day of which it speaks.
    package let asOf: CivilDate
    /// Which of its lists; 0 where it knows no lists.
    package let edition: Int
    /// The facts of each entry found; two are enough to say that it is ambiguous.
    package let entries: [[String: JSON]]

    package init(asOf: CivilDate, edition: Int, entries: [[String: JSON]]) {
        self.asOf = asOf
        self.edition = edition
        self.entries = entries
    }
}

/// Why a register does not answer.
package enum RegisterFault: Error, Sendable, Hashable {
    /// Nothing was brought into it yet.
    case empty
    /// What it holds cannot be read.
    case unreadable
}
