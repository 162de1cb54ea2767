package import Kernel

/// A register that a department keeps (户籍, 参保, 不动产, 经营主体), as a pack declares it: by what it is asked and which facts it holds.
///
/// Basis: 《政务数据共享条例》（国务院令第 809 号）: what one organ holds, another need not ask of the applicant.
package struct RegisterType: Sendable, Hashable, Codable {
    /// By which number an entry is found.
    package enum Key: String, Sendable, Hashable, Codable, CaseIterable {
        /// Citizen's identity number, GB 11643.
        case idcard
        /// Unified social credit code, GB 32100.
        case uscc
        /// Any other number or code, 1…100 characters.
        case text
    }

    /// One fact of an entry.
    package struct Field: Sendable, Hashable, Codable {
        /// What a value may be; a rule reads numbers as numbers, flags as true or false, dates and texts as text.
        package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
            case text, number, date, flag
        }

        package var id: String
        package var name: LocalizedText
        package var kind: Kind
    }

    package var id: String
    package var name: LocalizedText
    /// Who keeps it: a department or a symbolic role of the area.
    package var department: String
    package var key: Key
    package var fields: [Field]

    /// The field of that id.
    package func field(_ id: String) -> Field? { fields.first { $0.id == id } }
}

/// What an item asks a register, for its decision without a person.
package struct RegisterUse: Sendable, Hashable, Codable {
    /// What follows where the register knows nobody by the key.
    package enum Absent: String, Sendable, Hashable, Codable, CaseIterable {
        /// Unclear: people decide.
        case people
        /// An answer as any other: the rule reads `register.ID.found` as false.
        case decides
    }

    /// What follows where the register does not answer, is too old or ambiguous: there is nothing else than this.
    package enum Unavailable: String, Sendable, Hashable, Codable, CaseIterable {
        case people
    }

    /// By this name rules read it: `register.ID.found`, `register.ID.FIELD`.
    package var id: String
    /// Which register of the pack.
    package var source: String
    /// JsonLogic over the form and the applicant that gives the number the register is asked by.
    package var key: Rule
    /// The facts that the rule needs; no other leaves the register (个人信息保护法 art. 6).
    package var fields: [String]
    /// How old what the register says may be.
    package var maxAge: Limit
    package var absent: Absent
    package var unavailable: Unavailable
    /// Ids of the item's legal bases.
    package var basis: [String]
}

extension RegisterUse {
    /// Variables that only a key may read: the number of the applicant himself.
    package static let applicantNumbers: Set<String> = ["applicant.idcard", "applicant.uscc"]

    /// The number to ask by; nil where what was filled in gives none.
    ///
    /// - Parameters:
    ///   - idcard: the applicant's own identity number.
    ///   - uscc: the credit code of the organisation applied for.
    package func key(in context: RuleContext, idcard: String?, uscc: String?) -> String? {
        guard case .object(var members) = context.data() else { return nil }
        members["applicant"] = [
            "kind": .string(context.applicant.rawValue), "idcard": idcard.map { .string($0) } ?? .null,
            "uscc": uscc.map { .string($0) } ?? .null,
        ]
        guard
            let value = try? JsonLogic(key.json).evaluate(
                .object(members), on: context.today, calendar: context.calendar)
        else { return nil }
        let text = value.text ?? value.integer.map(String.init) ?? ""
        let trimmed = text.filter { !$0.isWhitespace }
        return trimmed.isEmpty || trimmed.count > 100 ? nil : trimmed
    }

    /// The last day on which what a register said on `day` may still be used.
    package func lastDay(from day: CivilDate, calendar: WorkCalendar) -> CivilDate {
        calendar.deadline(after: day.start, limit: maxAge).date
    }
}
