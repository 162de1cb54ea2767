package import Kernel

/// One page of the form; matches a block of the printed 申请表 and is the unit of saving.
package struct FormSection: Sendable, Hashable, Codable {
    package var id: String
    package var title: LocalizedText
    package var hint: LocalizedText?
    package var show: Rule?
    package var fields: [FormField]
}

/// What a field holds.
package enum FieldKind: String, Sendable, Hashable, Codable, CaseIterable {
    case text, number, money, date, select, multi, phone, idcard, uscc, address, person, organisation, table, file
}

/// One question.
package struct FormField: Sendable, Hashable, Codable {
    /// Whether an answer is needed.
    package enum Requirement: Sendable, Hashable, Codable {
        case always, never
        case when(Rule)
    }

    /// One choice; its id is what is stored, never the label.
    package struct Option: Sendable, Hashable, Codable {
        package var id: String
        package var label: LocalizedText
        package var hint: LocalizedText?
    }

    /// A condition of the item's own; its message is shown where the rule is false.
    package struct Check: Sendable, Hashable, Codable {
        package var rule: Rule
        package var message: LocalizedText
    }

    package var id: String
    package var label: LocalizedText
    package var kind: FieldKind
    package var hint: LocalizedText?
    package var require: Requirement
    package var show: Rule?
    package var checks: [Check]
    /// Bounds; their meaning depends on the kind (see docs/pack-format.md).
    package var min: Bound?
    package var max: Bound?
    /// Places after the point of a number, 0…6.
    package var decimals: Int
    package var unit: LocalizedText?
    /// Lines of a text field; more than one is a text area.
    package var lines: Int
    package var options: [Option]
    /// Columns of a table.
    package var columns: [FormField]
    /// Which parts of a person or an organisation are asked.
    package var parts: [PartyPart]
    /// Where an answer may already be known, tried in order.
    package var prefill: [Prefill]
    package var sensitivity: Sensitivity
    /// HTML autofill token.
    package var autocomplete: String?
    /// How a good answer looks, for the sample (示范文本): a value as answers are stored; an address as one text, a date also as
    /// `today+30`.
    package var example: JSON?
}

/// A part of a person or organisation field.
package enum PartyPart: String, Sendable, Hashable, Codable, CaseIterable {
    case name, idcard, phone, uscc, representative

    static let ofPerson: [PartyPart] = [.name, .idcard, .phone]
    static let ofOrganisation: [PartyPart] = [.name, .uscc, .representative]
}

/// A bound of a field.
package enum Bound: Sendable, Hashable, Codable {
    /// Characters, choices, rows, files.
    case count(Int)
    /// Value of a number field, in units of 10^-6, so that it is exact.
    case millionths(Int64)
    /// Fen.
    case money(Money)
    case date(CivilDate)
    /// Days from today.
    case today(Int)
}

/// A source of an answer that is already known.
package enum Prefill: Sendable, Hashable, Codable {
    /// What is known of a resident from signing in.
    package enum IdentityPart: String, Sendable, Hashable, Codable, CaseIterable {
        case name, idcard, phone, address
    }

    /// What is known of the organisation the resident acts for.
    package enum OrganisationPart: String, Sendable, Hashable, Codable, CaseIterable {
        case name, uscc, representative, address
    }

    case identity(IdentityPart)
    case organisation(OrganisationPart)
    case certificate(type: String, key: String)
    /// Another field of the same form.
    case answer(String)
    case situation(String)
}
