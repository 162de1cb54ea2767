package import Kernel

/// What one step's department gets of the merged form: its own questions, fields and materials, filled from what was asked once.
package struct StepFilling: Sendable {
    package let step: PackagePlan.Step
    package let item: ItemDefinition
    /// The item's answers and visible values, as if they had been given to it alone.
    package let situations: Situations
    package let rules: FormRules
    /// The item's materials that are filled, with the package's material each comes from.
    package let materials: [String: String]
    /// The item's fields that take the number of a result that is not there yet.
    private let later: Set<String>

    /// - Parameters:
    ///   - context: answers and visible values of the package.
    ///   - chosen: the steps the applicant asks for.
    ///   - results: numbers of the results of steps that are done, by step.
    package init(
        _ step: PackagePlan.Step, _ item: ItemDefinition, of plan: PackagePlan, from context: RuleContext,
        chosen: Set<String>, results: [String: String] = [:]
    ) {
        self.step = step
        self.item = item
        later = Set(step.results.filter { chosen.contains($0.value) }.keys)
        var own = context
        // What an earlier step issues is in the registers by then.
        for earlier in plan.before(step) where chosen.contains(earlier.id) {
            own.certificates.formUnion(earlier.certificates)
        }
        own.situations = step.answers
        for (question, source) in step.situations { own.situations[question] = context.situations[source] }
        own.form = step.values
        for (field, source) in step.fields { own.form[field] = context.form[source] }
        for (field, source) in step.results {
            if let number = results[source] { own.form[field] = .string(number) }
        }
        situations = Situations(of: item, in: own)
        own.situations = situations.answers
        rules = FormRules(item: item, context: own)
        materials = step.materials
    }

    /// What the department would have to ask for again, told at the field or material of the package; empty where its form is complete.
    ///
    /// - Parameter uploaded: materials of the package that were handed in.
    package func faults(uploaded: Set<String>, language: Language) -> [FieldFault] {
        let name = step.name[language]
        var faults: [FieldFault] = []
        switch situations.obstacle {
        case .blocked(_, let reason)?, .diverted(_, _, let reason)?:
            faults.append(
                FieldFault(
                    "steps", Message("catalogue.package.fault.gate", ["step": name, "reason": reason[language]])))
        case nil: break
        }
        for question in situations.questions where question.isMissing {
            faults.append(
                fault(
                    step.situations[question.situation.id].map { "s." + $0 }, "catalogue.package.fault.answer",
                    ["step": name, "question": question.situation.ask[language]]))
        }
        for fault in rules.faults(language: language) {
            let field = String(fault.field.prefix { $0 != "." })
            if later.contains(field) { continue }
            let rest = fault.field.dropFirst(field.count)
            faults.append(FieldFault(step.fields[field].map { $0 + rest } ?? "steps", fault.message))
        }
        for needed in situations.materials where needed.required && needed.toUpload && needed.material.form != .paper {
            let source = materials[needed.material.id]
            guard source.map(uploaded.contains) != true else { continue }
            faults.append(
                fault(
                    source.map { "m-" + $0 }, "catalogue.package.fault.material",
                    ["step": name, "name": needed.material.name[language]]))
        }
        return faults
    }

    private func fault(_ place: String?, _ key: String, _ arguments: [String: String]) -> FieldFault {
        FieldFault(place ?? "steps", Message(key, arguments))
    }
}
