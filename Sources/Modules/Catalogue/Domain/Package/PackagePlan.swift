package import Kernel

/// 一件事: several items that people need together, applied for at once; each step stays a case of its department.
///
/// Basis: 国办发〔2022〕32号 (一件事一次办), 国发〔2024〕3号 (高效办成一件事). Kept inside the definition of the merged item, so that it has
/// versions, a guide, a form and drafts as any item has.
package struct PackagePlan: Sendable, Hashable, Codable {
    /// What becomes of the other steps when one fails (is refused, declined, withdrawn, lapses or is voided).
    package enum FailureRule: String, Sendable, Hashable, Codable, CaseIterable {
        /// Nothing more is begun; what runs goes on.
        case stop
        /// Only what depends on the step is left out.
        case goOn = "continue"
    }

    /// One item of the package.
    package struct Step: Sendable, Hashable, Codable {
        package var id: String
        /// The item's slug.
        package var item: String
        package var name: LocalizedText
        /// The area's department that handles it.
        package var department: String
        /// Of the item, as it was when the package was published.
        package var promised: Limit
        /// Steps that must be done first.
        package var after: [String]
        /// Nil: always; otherwise over the package's answers.
        package var when: Rule?
        package var onFailure: FailureRule
        /// Followed, but not promised: it counts towards no limit (opening a bank account).
        package var tracked: Bool
        /// The item's question → the package's.
        package var situations: [String: String]
        /// Answers of the item that are the same for every applicant.
        package var answers: [String: JSON]
        /// The item's field → the package's.
        package var fields: [String: String]
        package var values: [String: JSON]
        /// The item's material → the package's.
        package var materials: [String: String]
        /// The item's field → the earlier step whose result's number it takes.
        package var results: [String: String]
        /// Types of certificates that the item issues: later steps need no paper of them.
        package var certificates: [String]
    }

    package var steps: [Step]

    /// The step of that id.
    package func step(_ id: String) -> Step? { steps.first { $0.id == id } }
}

extension PackagePlan {
    /// The steps that these answers ask for, in the order of the package.
    package func chosen(in context: RuleContext) -> [Step] { steps.filter { $0.when.shows(in: context) } }

    /// Steps that come before one, directly or not.
    package func before(_ step: Step) -> [Step] {
        var found: Set<String> = []
        var open = step.after
        while let next = open.popLast() {
            guard found.insert(next).inserted, let earlier = self.step(next) else { continue }
            open += earlier.after
        }
        return steps.filter { found.contains($0.id) && $0.id != step.id }
    }

    /// What the promised limits of steps one after the other add up to, in comparable hours; steps that are only followed count
    /// nothing. Nil where dependencies run in a circle.
    package var longestPath: (hours: Double, steps: [Step])? {
        var known: [String: (hours: Double, steps: [Step])] = [:]
        var open: Set<String> = []
        func path(to step: Step) -> (hours: Double, steps: [Step])? {
            if let found = known[step.id] { return found }
            guard open.insert(step.id).inserted else { return nil }
            defer { open.remove(step.id) }
            var longest: (hours: Double, steps: [Step]) = (0, [])
            for before in step.after.compactMap({ self.step($0) }) {
                guard let found = path(to: before) else { return nil }
                if found.hours > longest.hours { longest = found }
            }
            let own = step.tracked ? longest : (longest.hours + step.promised.comparableHours, longest.steps + [step])
            known[step.id] = own
            return own
        }
        var longest: (hours: Double, steps: [Step]) = (0, [])
        for step in steps {
            guard let found = path(to: step) else { return nil }
            if found.hours > longest.hours { longest = found }
        }
        return longest
    }
}
