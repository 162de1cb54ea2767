import Cases
import Catalogue
import Kernel

/// What an item's rules say of one application: the same answers, read by one definition.
struct RuleReading: Sendable, Hashable {
    /// What becomes of it without a person.
    enum Decision: String, Sendable, Hashable {
        /// 秒批.
        case atOnce
        case people
        /// A gate is shut: it could not be handed in.
        case barred
    }

    let decision: Decision
    /// The gate that is shut.
    let gate: String?
    /// Materials the applicant has to hand in.
    let materials: Set<String>
    /// Fields that are empty though they must be answered, or against a check.
    let faults: Set<String>

    /// - Parameters:
    ///   - registers, certificates: as they were known when it was handed in; what was not asked then is not known now.
    init(
        _ content: FormContent, by item: ItemDefinition, registers: [String: JSON], certificates: Set<String>,
        on day: CivilDate, calendar: WorkCalendar
    ) {
        var context = RuleContext(
            situations: content.situations, form: content.form,
            applicant: content.applicant.organisation == nil ? .person : .organisation, certificates: certificates,
            registers: registers, today: day, calendar: calendar)
        let situations = Situations(of: item, in: context)
        let form = FormRules(item: item, context: context)
        materials = Set(situations.materials.filter { $0.required && $0.toUpload }.map(\.material.id))
        faults = Set(form.faults(language: .zh).map { String($0.field.prefix { $0 != "." }) })
        switch situations.obstacle {
        case .blocked(let id, _), .diverted(let id, _, _): gate = id
        case nil: gate = nil
        }
        context.situations = situations.answers
        context.form = form.visibleValues
        // A register of which nothing is known is unclear: people.
        let known = (item.registers ?? []).allSatisfy { use in
            guard let facts = registers[use.id]?.members else { return !Self.reads(item, "register.\(use.id).") }
            return use.fields.allSatisfy { facts[$0] != nil || !Self.reads(item, "register.\(use.id).\($0)") }
        }
        decision = gate != nil ? .barred : known && item.decidesInstantly(in: context) ? .atOnce : .people
    }

    private static func reads(_ item: ItemDefinition, _ path: String) -> Bool {
        guard let rule = item.instantWhen, let logic = try? JsonLogic(rule.json) else { return true }
        return logic.variables.contains { $0 == path || (path.hasSuffix(".") && $0.hasPrefix(path)) }
    }
}

/// One application read by the item as it is and as it is edited.
struct RuleLine: Sendable, Hashable {
    let number: String
    let before: RuleReading
    let after: RuleReading
    /// What the edited rules read of it: the variable and its value; nil where that is nobody's business here.
    let facts: [Fact]

    struct Fact: Sendable, Hashable {
        let variable: String
        let value: String?
    }

    var decisionChanges: Bool { before.decision != after.decision || before.gate != after.gate }
    var more: [String] { after.materials.subtracting(before.materials).sorted() }
    var less: [String] { before.materials.subtracting(after.materials).sorted() }
    /// Answers that would now be wrong or missing, and such that no longer are.
    var newFaults: [String] { after.faults.subtracting(before.faults).sorted() }
    var goneFaults: [String] { before.faults.subtracting(after.faults).sorted() }
    var isTouched: Bool { before != after }
}

enum RuleRehearsal {
    /// The first variable by which an edited rule would let its editor find out somebody's personal answers, case by case: one that
    /// is personal, and that the rule in that place does not read already. Nil where there is none.
    static func personal(_ edited: JSON, instead rule: JSON, _ item: ItemDefinition) -> String? {
        let known = (try? JsonLogic(rule))?.variables ?? []
        return (try? JsonLogic(edited))?.variables.subtracting(known).sorted().first { variable in
            let parts = variable.split(separator: ".").map(String.init)
            switch parts.first {
            case "situation", "applicant", "certificate", "value", "row": return false
            case "form": return !(parts.count > 1 && item.field(parts[1]).map(isPlain) ?? false)
            default: return true
            }
        }
    }

    /// Numbers, days and choices that are nobody's personal data.
    private static func isPlain(_ field: FormField) -> Bool {
        field.sensitivity == .ordinary && [.number, .money, .date, .select, .multi].contains(field.kind)
    }

    /// What the edited rules read of an application, to explain what they came to. Personal answers are only named.
    static func facts(
        _ rules: [JSON], _ content: FormContent, _ item: ItemDefinition, registers: [String: JSON],
        certificates: Set<String>
    ) -> [RuleLine.Fact] {
        let variables = Set(rules.flatMap { rule in (try? JsonLogic(rule))?.variables ?? [] })
        return variables.sorted().map { variable in
            RuleLine.Fact(
                variable: variable,
                value: value(variable, content, item, registers: registers, certificates: certificates))
        }
    }

    private static func value(
        _ variable: String, _ content: FormContent, _ item: ItemDefinition, registers: [String: JSON],
        certificates: Set<String>
    ) -> String? {
        let parts = variable.split(separator: ".").map(String.init)
        guard parts.count > 1 else { return nil }
        switch parts[0] {
        case "situation": return text(content.situations[parts[1]])
        case "applicant": return content.applicant.organisation == nil ? "person" : "organisation"
        case "certificate": return certificates.contains(parts[1]) ? "true" : "false"
        case "register" where parts.count == 3 && registers[parts[1]] == nil: return "?"
        case "register" where parts.count == 3:
            // A yes or no explains; a date of birth is nobody's business here.
            if case .bool(let flag)? = registers[parts[1]]?.members?[parts[2]] { return flag ? "true" : "false" }
            return nil
        case "form":
            guard let field = item.field(parts[1]), isPlain(field) else { return nil }
            return text(content.form[parts[1]])
        default: return nil
        }
    }

    private static func text(_ value: JSON?) -> String {
        switch value {
        case .string(let text)?: text
        case .array(let all)?: all.compactMap(\.text).joined(separator: "+")
        case nil, .null?: "–"
        case let other?: other.canonical
        }
    }
}
