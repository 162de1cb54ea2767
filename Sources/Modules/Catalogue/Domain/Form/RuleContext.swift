package import Kernel

/// What an item's rules may read while someone applies: the answers so far, who applies, and the day.
package struct RuleContext: Sendable, Hashable {
    /// 自然人 or 法人: who the case is for, not who types.
    package enum Applicant: String, Sendable, Hashable, Codable {
        case person, organisation
    }

    /// Answers to the guiding questions: an id, or a list of ids.
    package var situations: [String: JSON]
    /// Values of the form by field id, as docs/pack-format.md lists them per kind.
    package var form: [String: JSON]
    package var applicant: Applicant
    /// Types of valid e-certificates the applicant holds.
    package var certificates: Set<String>
    /// What registers said, by the name the item gives them: `found` and the facts asked for. Only a decision without a person
    /// has them; a page never does.
    package var registers: [String: JSON]
    package var today: CivilDate
    package var calendar: WorkCalendar

    package init(
        situations: [String: JSON] = [:], form: [String: JSON] = [:], applicant: Applicant = .person,
        certificates: Set<String> = [], registers: [String: JSON] = [:], today: CivilDate,
        calendar: WorkCalendar = .weekendsOnly
    ) {
        self.situations = situations
        self.form = form
        self.applicant = applicant
        self.certificates = certificates
        self.registers = registers
        self.today = today
        self.calendar = calendar
    }

    /// The data a rule reads; `row` and `value` only inside tables and checks.
    func data(row: [String: JSON]? = nil, value: JSON? = nil) -> JSON {
        var members: [String: JSON] = [
            "situation": .object(situations), "form": .object(form), "applicant": ["kind": .string(applicant.rawValue)],
            "certificate": .object(
                Dictionary(certificates.map { ($0, JSON.bool(true)) }, uniquingKeysWith: { first, _ in first })),
        ]
        if !registers.isEmpty { members["register"] = .object(registers) }
        if let row { members["row"] = .object(row) }
        if let value { members["value"] = value }
        return .object(members)
    }
}

extension Rule {
    /// Whether the rule holds; `fallback` where it cannot be evaluated (the linter keeps such rules out of published
    /// packs).
    func holds(in context: RuleContext, row: [String: JSON]? = nil, value: JSON? = nil, otherwise fallback: Bool)
        -> Bool
    {
        do {
            return try JsonLogic(json).holds(
                context.data(row: row, value: value), on: context.today, calendar: context.calendar)
        } catch {
            return fallback
        }
    }
}

extension Optional where Wrapped == Rule {
    /// Whether something is shown: always where there is no rule.
    func shows(in context: RuleContext, row: [String: JSON]? = nil) -> Bool {
        switch self {
        case nil: true
        case let rule?: rule.holds(in: context, row: row, otherwise: true)
        }
    }
}

extension ItemDefinition {
    /// Whether registers need to be asked at all: false where what is known already settles that people decide, so that nothing
    /// is asked in vain.
    package func mayDecideInstantly(in context: RuleContext) -> Bool {
        guard let rule = instantWhen else { return false }
        let parts = rule.json["and"].elements ?? [rule.json]
        return parts.allSatisfy { part in
            guard let logic = try? JsonLogic(part) else { return false }
            let asks = logic.readsComputedPaths || logic.variables.contains { $0.hasPrefix("register.") }
            return asks || Rule(part).holds(in: context, otherwise: false)
        }
    }

    /// Whether it is decided without a person; what cannot be evaluated is not clear, and goes to people.
    package func decidesInstantly(in context: RuleContext) -> Bool {
        instantWhen?.holds(in: context, otherwise: false) ?? false
    }
}
