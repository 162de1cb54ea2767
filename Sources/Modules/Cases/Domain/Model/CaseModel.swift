package import Catalogue
import Dispatch
import Kernel
import Synchronization
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
        /// Tries of commands, refused ones too.
        package let tries: Int
    }

    /// How much was looked at.
    package struct Extent: Sendable, Hashable {
        /// Procedures that differ: each was explored once, for however many items.
        package let shapes: Int
        package let states: Int
        package let tries: Int
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
        var (commands, events, states, tries): (Set<String>, Set<String>, Int, Int) = ([], [], 0, 0)
        let whole = CaseRules(item, version: 1)
        for subject in subjects where Self.concerns(subject, whole) {
            let found = try explore(item.bare(subject), subject)
            faults += found.faults
            notices.formUnion(found.notices)
            stages.formUnion(found.stages)
            commands.formUnion(found.commands)
            events.formUnion(found.events)
            states += found.states
            tries += found.tries
        }
        return Finding(
            faults: faults, notices: notices, stages: stages, commands: commands, events: events, states: states,
            tries: tries)
    }

    /// Explores what these items have that is not known yet, on every processor at once.
    package mutating func explore(all items: some Sequence<ItemDefinition>) throws {
        var missing: [Key] = []
        var seen: Set<Key> = []
        for item in items {
            let whole = CaseRules(item, version: 1)
            for subject in subjects where Self.concerns(subject, whole) {
                let key = Key(subject: subject, rules: CaseRules(item.bare(subject), version: 1))
                if known[key] == nil, seen.insert(key).inserted { missing.append(key) }
            }
        }
        let keys = missing
        let found = Mutex<[(Int, Result<Finding, any Error>)]>([])
        DispatchQueue.concurrentPerform(iterations: keys.count) { index in
            let finding = Result { try Self.explore(keys[index]) }
            found.withLock { $0.append((index, finding)) }
        }
        for (index, finding) in found.withLock({ $0 }) { known[keys[index]] = try finding.get() }
    }

    /// What was looked at so far.
    package var extent: Extent {
        Extent(
            shapes: known.count, states: known.values.reduce(0) { $0 + $1.states },
            tries: known.values.reduce(0) { $0 + $1.tries })
    }

    private mutating func explore(_ item: ItemDefinition, _ subject: CaseMoves.Subject) throws -> Finding {
        let key = Key(subject: subject, rules: CaseRules(item, version: 1))
        if let found = known[key] { return found }
        let found = try Self.explore(key)
        known[key] = found
        return found
    }

    private static func explore(_ key: Key) throws -> Finding {
        let report = try model(key.rules, key.subject).explore()
        return Finding(
            faults: report.faults.map { "\($0.description) [\(key.subject.rawValue)]" },
            notices: Set(report.reached.flatMap { $0.notices.map(\.kind) }), stages: Set(report.reached.map(\.stage)),
            commands: report.effective, events: report.events, states: report.reached.count, tries: report.steps)
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

    /// - Parameter lost: commands that nobody can give: what a fault in the procedure would come to.
    static func model(
        _ rules: CaseRules, _ subject: CaseMoves.Subject = .plain, without lost: Set<CaseCommand.Name> = []
    ) -> ProcedureModel<CaseProcedure> {
        @Sendable func context(_ officer: String?, _ day: Int = 0) -> CaseContext {
            CaseContext(at: CaseMoves.moment(day), rules: rules, calendar: .weekendsOnly, officer: officer)
        }
        let names = CaseCommand.Name.allCases.filter { CaseMoves.isTried($0, in: subject) && !lost.contains($0) }
        return ProcedureModel<CaseProcedure>(
            timerContext: context(nil),
            name: { state in
                state.stage.rawValue + (state.queue.map { " (\($0))" } ?? "") + (state.corrections > 0 ? " again" : "")
            },
            isEnded: \.stage.isEnded,
            // Papers sent by courier, agent or bank are on their way.
            waitsOutside: { $0.stage == .submitted },
            undo: { step in
                // Where a document was issued, a second officer does it.
                // The same words twice have two places in a vault, and one in the model: nothing happened.
                guard !lost.contains(.undo), step.before != step.after, let last = LastAct(step) else { return nil }
                let other = last.by == CaseMoves.second ? CaseMoves.clerk : CaseMoves.second
                let officer = last.notices.isEmpty ? last.by : other
                let undo = Undo(last: last, words: CaseMoves.words)
                guard Undo.hindrance(last, officer, step.context) == nil else { return nil }
                let same = CaseContext(
                    at: step.context.at, rules: rules, calendar: .weekendsOnly, officer: officer)
                return .init(.further(undo), same)
            }
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
    /// A name without digits, which would not tell states apart.
    private static func letters(_ number: Int) -> String { "elsewhere" + String(repeating: "-on", count: number) }

    /// The item without what makes no difference to the states of its cases in a subject: its name, whose it is, how long its
    /// limits are, of the form and the materials all that is only listed, and what belongs to other subjects.
    fileprivate func bare(_ subject: CaseMoves.Subject) -> ItemDefinition {
        var copy = self
        copy.slug = "item"
        copy.department = "office"
        copy.yellowPercent = 20
        copy.limits.promised = Limit(10, .workingDays)
        copy.limits.statutory = limits.statutory.map { _ in Limit(20, .workingDays) }
        // What another department is called makes no difference; which links are with the same one does.
        var names: [String: String] = [department: copy.department]
        for stage in stages {
            if let other = stage.department, names[other] == nil { names[other] = Self.letters(names.count) }
        }
        copy.stages = stages.map { stage in
            var same = stage
            same.within = Limit(1, .workingDays)
            same.department = stage.department.flatMap { $0 == department ? nil : names[$0] }
            return same
        }
        copy.form = form.prefix(1).map { section in
            var first = section
            first.fields = section.fields.prefix(1).map { field in
                var one = field
                one.id = "field"
                return one
            }
            return first
        }
        copy.undoMinutes = 10
        // When a renewal may be asked for is a matter of days, which states do not tell apart: it may be asked for in the model.
        copy.outcome = outcome.prefix(1).map { outcome in
            var one = outcome
            one.renew = nil
            one.validity = .permanent
            return one
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
        copy.joint = subject == .joint ? joint.prefix(2).indices.map { Self.letters($0) } : []
        if subject != .joint { copy.jointHandling = nil }
        copy.jointHandling?.within = Limit(1, .workingDays)
        if subject != .procedures { copy.procedures = [] }
        copy.procedures = copy.procedures.alike
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

extension [Procedure] {
    /// Without names and lengths, in an order of their own; a third of a kind does what the second one does.
    fileprivate var alike: [Procedure] {
        func key(_ one: Procedure) -> String {
            let special = CaseRules.Special(one)
            // A hearing by its own name is the one that any item may hold.
            let name = one.id == Procedure.Kind.hearing.rawValue ? one.id : ""
            return "\(special.kind.rawValue) \(special.pauses) \(name)"
        }
        var counts: [String: Int] = [:]
        return sorted { key($0) < key($1) }.compactMap { procedure in
            let count = counts[key(procedure), default: 0]
            guard count < 2 else { return nil }
            counts[key(procedure)] = count + 1
            var same = procedure
            same.within = Limit(1, .workingDays)
            if procedure.id != Procedure.Kind.hearing.rawValue {
                same.id = "\(procedure.kind.rawValue)-\(procedure.pauses)-\(count == 0 ? "one" : "other")"
            }
            return same
        }
    }
}
