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

    private var known: [CaseRules: Finding] = [:]

    package init() {}

    /// Explores an item's procedure; items that the procedure treats alike are explored once.
    package mutating func explore(_ item: ItemDefinition) throws -> Finding {
        let rules = CaseRules(item.bare, version: 1)
        if let found = known[rules] { return found }
        var (faults, notices, stages): ([String], Set<String>, Set<CaseStage>) = ([], [], [])
        var (commands, events, states): (Set<String>, Set<String>, Int) = ([], [], 0)
        for subject in CaseMoves.Subject.allCases where Self.concerns(subject, rules) {
            let report = try Self.model(rules, subject).explore()
            faults += report.faults.map { "\($0.description) [\(subject.rawValue)]" }
            notices.formUnion(report.reached.flatMap { $0.notices.map(\.kind) })
            stages.formUnion(report.reached.map(\.stage))
            commands.formUnion(report.effective)
            events.formUnion(report.events)
            states += report.reached.count
        }
        let found = Finding(
            faults: faults, notices: notices, stages: stages, commands: commands, events: events, states: states)
        known[rules] = found
        return found
    }

    /// Whether the item knows the subject at all.
    private static func concerns(_ subject: CaseMoves.Subject, _ rules: CaseRules) -> Bool {
        switch subject {
        case .promise: !rules.promises.isEmpty
        case .fee: rules.charges
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
                return CaseMoves.beginnings(rules, lacking: subject == .papers).map { .init($0, context(nil)) }
            }
            return names.flatMap { CaseMoves.moves($0, state, rules) }.flatMap { one in
                subject.days.map { .init(one.command, context(one.by, one.day + $0)) }
            }
        }
    }
}

extension ItemDefinition {
    /// The item without what makes no difference to the states of its cases: its name, whose it is, how long its limits are,
    /// and of the form and the materials all that is only listed.
    fileprivate var bare: ItemDefinition {
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
        copy.materials = materials.enumerated().filter {
            $0.offset == 0 || $0.element.lackingWithin != nil || $0.element.promiseCheckedWithin != nil
        }.map(\.element)
        return copy
    }
}
