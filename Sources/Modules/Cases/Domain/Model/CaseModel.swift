package import Catalogue
import Kernel
import Workflow

/// The procedure of one item, explored state by state.
package struct CaseModel: Sendable {
    /// What exploring showed.
    package struct Finding: Sendable, Hashable {
        /// Where no item of this shape has a fault, this is empty.
        package let faults: [String]
        /// Kinds of the documents that are issued on some way.
        package let notices: Set<String>
        /// Stages that can be reached.
        package let stages: Set<CaseStage>
        /// Names of commands that lead somewhere, and of events that happen.
        package let commands: Set<String>
        package let events: Set<String>
        package let states: Int
    }

    private struct Key: Hashable {
        let subject: CaseMoves.Subject
        let rules: CaseRules
    }

    private var known: [Key: Finding] = [:]
    private let subjects: [CaseMoves.Subject]

    /// - Parameter everything: beside the plain road each other subject too; takes some times as long.
    package init(everything: Bool) { subjects = everything ? CaseMoves.Subject.allCases : [.plain] }

    /// Explores an item's procedure; items that the procedure treats alike are explored once.
    package mutating func explore(_ item: ItemDefinition) throws -> Finding {
        var (faults, notices, stages): ([String], Set<String>, Set<CaseStage>) = ([], [], [])
        var (commands, events, states): (Set<String>, Set<String>, Int) = ([], [], 0)
        let whole = CaseRules(item, version: 1)
        for subject in subjects where Self.concerns(subject, whole) {
            let found = try explore(item.bare(subject), subject)
            faults += found.faults
            notices.formUnion(found.notices)
            stages.formUnion(found.stages)
            commands.formUnion(found.commands)
            events.formUnion(found.events)
            states += found.states
        }
        return Finding(
            faults: faults, notices: notices, stages: stages, commands: commands, events: events, states: states)
    }

    private mutating func explore(_ item: ItemDefinition, _ subject: CaseMoves.Subject) throws -> Finding {
        let rules = CaseRules(item, version: 1)
        let key = Key(subject: subject, rules: rules)
        if let found = known[key] { return found }
        let report = try Self.model(rules, subject).explore()
        let found = Finding(
            faults: report.faults.map { "\($0.description) [\(subject.rawValue)]" },
            notices: Set(report.reached.flatMap { $0.notices.map(\.kind) }), stages: Set(report.reached.map(\.stage)),
            commands: report.effective, events: report.events, states: report.reached.count)
        known[key] = found
        return found
    }

    /// Whether the item knows the subject at all.
    private static func concerns(_ subject: CaseMoves.Subject, _ rules: CaseRules) -> Bool {
        switch subject {
        case .promise: !rules.promises.isEmpty
        case .fee: rules.charges
        case .reporting: rules.reportUp != nil
        case .identity: rules.remoteCheck != nil
        default: true
        }
    }

    static func model(_ rules: CaseRules, _ subject: CaseMoves.Subject = .plain) -> ProcedureModel<CaseProcedure> {
        @Sendable func context(_ officer: String?, _ day: Int = 0) -> CaseContext {
            CaseContext(at: CaseMoves.moment(day), rules: rules, calendar: .weekendsOnly, officer: officer)
        }
        let names = CaseCommand.Name.allCases.filter { CaseMoves.isTried($0, in: subject) }
        return ProcedureModel<CaseProcedure>(
            timerContext: context(nil),
            name: { state in
                state.stage.rawValue + (state.queue.map { " (\($0))" } ?? "") + (state.corrections > 0 ? " again" : "")
            },
            isEnded: \.stage.isEnded,
            // Papers sent by courier, agent or bank are on their way.
            waitsOutside: { $0.stage == .submitted }
        ) { state in
            guard let state else {
                let all = CaseMoves.beginnings(rules, lacking: subject == .papers, absent: subject == .identity)
                return all.prefix(subject == .plain ? 2 : 1).map { .init($0, context(nil)) }
            }
            return names.flatMap { CaseMoves.tries($0, in: subject, state, rules) }.flatMap { one in
                subject.days.map { .init(one.command, context(one.by, one.day + $0)) }
            }
        }
    }
}

extension ItemDefinition {
    /// The item without what makes no difference to the states of its cases in a subject: its name, whose it is, how long its
    /// limits are, of the form and the materials all that is only listed, and what belongs to other subjects.
    fileprivate func bare(_ subject: CaseMoves.Subject) -> ItemDefinition {
        var copy = self
        copy.slug = "item"
        copy.department = "office"
        copy.yellowPercent = 20
        copy.limits.promised = Limit(10, .workingDays)
        copy.limits.statutory = limits.statutory.map { _ in Limit(20, .workingDays) }
        copy.stages = stages.map { stage in
            var same = stage
            same.within = Limit(1, .workingDays)
            return same
        }
        copy.form = form.prefix(1).map { section in
            var first = section
            first.fields = Array(section.fields.prefix(1))
            return first
        }
        copy.materials = materials.prefix(1).map { material in
            var one = material
            one.id = "material"
            let later = subject == .papers && materials.contains { $0.lackingWithin != nil }
            one.lackingWithin = later ? Limit(5, .workingDays) : nil
            let promised = subject == .promise && materials.contains { $0.promiseCheckedWithin != nil }
            one.promiseCheckedWithin = promised ? Limit(20, .workingDays) : nil
            return one
        }
        // A third department does what the second one does.
        copy.joint = subject == .joint ? Array(joint.prefix(2)) : []
        if subject != .joint { copy.jointHandling = nil }
        if subject != .procedures { copy.procedures = [] }
        copy.procedures = copy.procedures.map { procedure in
            var same = procedure
            same.within = Limit(1, .workingDays)
            return same
        }
        if subject != .fee { copy.fees = [] }
        if subject != .identity { copy.remoteCheck = nil }
        copy.remoteCheck?.within = Limit(1, .workingDays)
        if subject == .reporting { copy.reportUp?.to = "above" } else { copy.reportUp = nil }
        if subject != .plain {
            copy.limits.statutory = Limit(20, .workingDays)
            copy.onLapse = .withdrawn
            copy.fourEyes = false
            copy.stages = copy.stages.map { stage in
                var same = stage
                same.department = nil
                return same
            }
        }
        return copy
    }
}
