package import Kernel

/// The guiding questions as a pure function: answers in; what is asked, what is needed and what stands in the way out.
package struct Situations: Sendable, Hashable {
    /// A question as it stands now.
    package struct Question: Sendable, Hashable {
        package let situation: Situation
        /// Ids of the chosen answers, only such as exist.
        package let chosen: [String]
        package var isMissing: Bool { situation.required && chosen.isEmpty }
    }

    /// A material for these answers.
    package struct Needed: Sendable, Hashable {
        package let material: MaterialDefinition
        package let required: Bool
        /// The applicant holds the certificate: nothing to hand in.
        package let exempt: Bool
        /// To be uploaded by the applicant: neither made by the system nor replaced by a certificate.
        package var toUpload: Bool { !material.generated && !exempt }
    }

    /// Why it stops here.
    package enum Obstacle: Sendable, Hashable {
        case blocked(gate: String, reason: LocalizedText)
        case diverted(gate: String, to: String, reason: LocalizedText)
    }

    /// Questions that are asked with these answers, in order.
    package let questions: [Question]
    package let materials: [Needed]
    package let sections: [FormSection]
    package let procedures: [Procedure]
    /// Prerequisites that the applicant's certificates do not meet; those on other items are for the caller to look up.
    package let unmet: [Requirement]
    /// The first gate that is shut.
    package let obstacle: Obstacle?
    /// Only answers to questions that are asked: what is stored and what rules read.
    package let answers: [String: JSON]

    /// Every question that must be answered is, and no gate is shut.
    package var isClear: Bool { obstacle == nil && !questions.contains(where: \.isMissing) }
    /// How many materials the applicant has to hand in.
    package var toHandIn: Int { materials.filter { $0.required && $0.toUpload }.count }

    package init(of item: ItemDefinition, in given: RuleContext) {
        var context = given
        context.situations = [:]
        var questions: [Question] = []
        for situation in item.situations where situation.show.shows(in: context) {
            let chosen = Situations.chosen(given.situations[situation.id], of: situation)
            if !chosen.isEmpty {
                context.situations[situation.id] =
                    situation.multiple ? .array(chosen.map { .string($0) }) : .string(chosen[0])
            }
            questions.append(Question(situation: situation, chosen: chosen))
        }
        let form = FormRules(item: item, context: context)
        self.questions = questions
        answers = context.situations
        context.form = form.visibleValues
        sections = form.sections
        materials = item.materials.compactMap { material in
            let required: Bool
            switch material.need {
            case .always: required = true
            case .optional: required = false
            case .when(let rule):
                guard rule.holds(in: context, otherwise: true) else { return nil }
                required = true
            }
            let exempt = material.certificate.map { context.certificates.contains($0) } ?? false
            return Needed(material: material, required: required, exempt: exempt)
        }
        procedures = item.procedures.filter { $0.when.shows(in: context) }
        unmet = item.requires.filter { requirement in
            if case .certificate(let type) = requirement.need { !context.certificates.contains(type) } else { false }
        }
        obstacle = item.gates.first { $0.when.holds(in: context, otherwise: false) }.map { gate in
            switch gate.effect {
            case .block(let reason): .blocked(gate: gate.id, reason: reason)
            case .redirect(let slug, let reason): .diverted(gate: gate.id, to: slug, reason: reason)
            }
        }
    }

    /// The answers' ids in the order of the question, at most one unless several are allowed.
    private static func chosen(_ value: JSON?, of situation: Situation) -> [String] {
        let given: Set<String>
        switch value {
        case .string(let text)?: given = [text]
        case .array(let elements)?: given = Set(elements.compactMap(\.text))
        default: given = []
        }
        let chosen = situation.answers.map(\.id).filter(given.contains)
        return situation.multiple ? chosen : Array(chosen.prefix(1))
    }

    /// Answers as a page's query or form sends them: `s.business=sale&s.projects=hot&s.projects=cold`, the prefix
    /// already taken off.
    package static func answers(from pairs: [(name: String, value: String)], of item: ItemDefinition) -> [String: JSON]
    {
        var found: [String: JSON] = [:]
        for situation in item.situations {
            let given = pairs.filter { $0.name == situation.id }.map(\.value)
            let chosen = chosen(.array(given.map { .string($0) }), of: situation)
            guard !chosen.isEmpty else { continue }
            found[situation.id] = situation.multiple ? .array(chosen.map { .string($0) }) : .string(chosen[0])
        }
        return found
    }
}
