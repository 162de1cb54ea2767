package import Kernel

/// The form as it stands for given answers: which sections and fields show, which are needed, what is wrong. Pure; the
/// browser runs the same
/// rules, the server's answer counts.
package struct FormRules: Sendable {
    package let item: ItemDefinition
    /// Sections and fields that show.
    package let sections: [FormSection]
    /// Values of fields that show: what is sent, and what rules read (a hidden answer reads as null).
    package let visibleValues: [String: JSON]
    let context: RuleContext
    /// The answers and values it stands for; of the values only those that show.
    package var given: RuleContext { context }

    /// - Parameter context: answers to the questions and all values of the form, hidden ones too.
    package init(item: ItemDefinition, context given: RuleContext) {
        self.item = item
        var context = given
        var shown = item.form
        // Rules have no cycles (the linter sees to it), so this settles after at most as many rounds as there are
        // fields.
        for _ in 0...item.fields.count {
            let next = FormRules.shown(item.form, in: context)
            let ids = Set(next.flatMap { $0.fields.map(\.id) })
            let settled = next == shown && context.form.keys.allSatisfy(ids.contains)
            shown = next
            context.form = given.form.filter { ids.contains($0.key) && !$0.value.isNull }
            if settled { break }
        }
        sections = shown
        visibleValues = context.form
        self.context = context
    }

    private static func shown(_ form: [FormSection], in context: RuleContext) -> [FormSection] {
        form.compactMap { section in
            guard section.show.shows(in: context) else { return nil }
            var copy = section
            copy.fields = section.fields.filter { $0.show.shows(in: context) }
            return copy.fields.isEmpty ? nil : copy
        }
    }

    /// A section that applies to these answers; nil where it is hidden now.
    package func section(_ id: String) -> FormSection? { sections.first { $0.id == id } }
    /// Whether a field is asked at all, given these answers.
    package func shows(_ field: String) -> Bool { sections.contains { $0.fields.contains { $0.id == field } } }

    /// Whether a field must be answered now.
    package func isRequired(_ field: FormField, row: [String: JSON]? = nil) -> Bool {
        switch field.require {
        case .always: true
        case .never: false
        case .when(let rule): rule.holds(in: context, row: row, otherwise: true)
        }
    }

    /// All faults of one section, in the order of its fields; the texts in the reader's language.
    ///
    /// Names of faults are those of `FormInput`: `area`, `site.line`, `officers.0.officer.phone`.
    package func faults(in section: String, language: Language) -> [FieldFault] {
        guard let section = self.section(section) else { return [] }
        return section.fields.flatMap { field in
            FieldValidation(field: field, name: field.id, rules: self, row: nil, language: language)
                .faults(of: context.form[field.id] ?? .null)
        }
    }

    /// All faults of the whole form.
    package func faults(language: Language) -> [FieldFault] {
        sections.flatMap { faults(in: $0.id, language: language) }
    }

    /// How far a section is.
    package enum Progress: String, Sendable, Hashable {
        /// 未填写, 未填完, 已完成.
        case untouched, begun, complete
    }

    /// As the 申请目录 shows it: complete only where nothing is at fault.
    package func progress(of section: FormSection) -> Progress {
        if faults(in: section.id, language: .zh).isEmpty {
            let touched = section.fields.contains { context.form[$0.id] != nil }
            return touched || section.fields.allSatisfy({ !isRequired($0) }) ? .complete : .untouched
        }
        return section.fields.contains { context.form[$0.id] != nil } ? .begun : .untouched
    }
}
