package import Catalogue
package import Kernel

/// What asking a register for a decision came to.
package struct RegisterAnswer: Sendable, Hashable {
    /// How clear it is. Whatever is not `found`, people decide, but for an absence that the item lets decide.
    package enum Standing: String, Sendable, Hashable, Codable, CaseIterable {
        case found
        /// It knows nobody by the number.
        case absent
        /// What it says is older than the item allows.
        case stale
        /// It did not answer in time, or not in a form that can be read.
        case unavailable
        /// It knows several by the number.
        case ambiguous
        /// What was filled in gives no number to ask by.
        case numberless
    }

    /// The name by which the item's rule reads it, and the register's slug.
    package let use: String
    package let source: String
    package let standing: Standing
    package let asOf: CivilDate?
    package let edition: Int?
    /// It was asked by the applicant's own number: what it said may be told to him.
    package let isOwn: Bool
    /// The facts asked for, where it was found.
    package let facts: [String: JSON]
    /// People decide.
    package let isUnclear: Bool

    /// What the rule reads.
    package var value: JSON {
        var members = facts
        members["found"] = .bool(standing == .found)
        return .object(members)
    }

    /// - Parameter reply: nil where the register did not answer.
    init(
        _ use: RegisterUse, of register: RegisterType?, key: String?, isOwn: Bool, _ reply: RegisterReply?,
        on today: CivilDate, calendar: WorkCalendar
    ) {
        self.use = use.id
        source = use.source
        self.isOwn = isOwn
        var facts: [String: JSON] = [:]
        if key == nil {
            standing = .numberless
        } else if let reply, let register {
            if reply.asOf > today || use.lastDay(from: reply.asOf, calendar: calendar) < today {
                standing = .stale
            } else if reply.entries.count > 1 {
                standing = .ambiguous
            } else if let entry = reply.entries.first {
                let read = use.fields.compactMap { id in register.field(id).flatMap { $0.value(of: entry[id]) } }
                facts = Dictionary(zip(use.fields, read), uniquingKeysWith: { first, _ in first })
                // A fact the register should have and has not, or in another form: nothing to decide upon.
                standing = read.count == use.fields.count ? .found : .unavailable
            } else {
                standing = .absent
            }
        } else {
            standing = .unavailable
        }
        asOf = key == nil ? nil : reply?.asOf
        edition = key == nil ? nil : reply?.edition
        self.facts = standing == .found ? facts : [:]
        isUnclear = standing != .found && !(standing == .absent && use.absent == .decides)
    }
}

extension RegisterType.Field {
    /// The value where it is one of the field's kind; nothing known is null.
    func value(of value: JSON?) -> JSON? {
        switch (kind, value) {
        case (_, .some(.null)): .null
        case (.text, .some(.string)), (.flag, .some(.bool)), (.number, .some(.int)), (.number, .some(.double)): value
        case (.date, .some(.string(let text))): CivilDate(text) == nil ? nil : value
        default: nil
        }
    }
}

extension RegisterType {
    /// The number as the register writes it; nil where it is none of its kind.
    package func normalised(_ number: String) -> String? {
        switch key {
        case .idcard: CitizenID(number)?.text
        case .uscc: CreditCode(unchecked: number)?.text
        case .text:
            number.isEmpty || number.count > 100 ? nil : number.uppercased()
        }
    }
}
