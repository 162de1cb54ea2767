import Kernel

/// Explores every state that a procedure can reach and looks for traps: a state without a way out, a clock that nothing
/// ends, work left open after the end, a command of a timer that fails.
///
/// States are told apart by their shape: what they hold, with moments, numbers and ids left out. So a field added to the
/// state is looked at without a word here.
package struct ProcedureModel<P: Proceeding>: Sendable {
    /// One thing somebody may try.
    package struct Move: Sendable {
        let command: P.Command
        let context: P.Context

        package init(_ command: P.Command, _ context: P.Context) {
            self.command = command
            self.context = context
        }
    }

    /// A command that led somewhere, for one who may take it back.
    package struct Step: Sendable {
        package let before: P.State
        package let after: P.State
        package let context: P.Context
        /// Names of what happened.
        package let events: [String]
        /// All that followed in the office on the way here, the step's own last.
        package let effects: [Effect]
        /// How many of them came before the step.
        package let earlier: Int
    }

    /// What is wrong with the procedure.
    package enum Fault: Sendable, Hashable, CustomStringConvertible {
        /// No end can be reached from here.
        case noWayOut(String)
        /// Nobody has a task, no clock acts, and it is not the applicant's turn.
        case nobodysTurn(String)
        /// A clock that runs, or stands, in every state that can follow.
        case endlessTimer(String, String)
        /// A task or a clock left over in a state that is an end.
        case leftOver(String, String)
        /// What the office does by itself at a clock's end is refused, or gives an impossible event.
        case timerFails(String, String)
        /// An event that cannot follow on the state it was decided in.
        case impossible(String)
        /// An act was taken back, and what was open before it is not open again, or something else is.
        case notRestored(String, String)
        /// More states than are looked at: the shapes do not come to an end.
        case endless(Int)

        package var description: String {
            switch self {
            case .noWayOut(let state): "no end can be reached from \(state)"
            case .nobodysTurn(let state): "nobody has to do anything in \(state)"
            case .endlessTimer(let timer, let state): "the limit “\(timer)” never ends after \(state)"
            case .leftOver(let what, let state): "\(what) is left over in \(state)"
            case .timerFails(let timer, let state): "the end of “\(timer)” cannot be carried out in \(state)"
            case .impossible(let event): "an event that cannot be: \(event)"
            case .notRestored(let event, let state): "taking back “\(event)” does not bring back \(state) as it stood"
            case .endless(let count): "more than \(count) states"
            }
        }
    }

    /// What was found.
    package struct Report: Sendable {
        /// One state of each shape, in the order in which they were reached.
        package fileprivate(set) var reached: [P.State] = []
        /// Names of the commands that led anywhere.
        package fileprivate(set) var effective: Set<String> = []
        /// Names of the events that happened.
        package fileprivate(set) var events: Set<String> = []
        package fileprivate(set) var steps = 0
        package fileprivate(set) var faults: [Fault] = []
    }

    private let moves: @Sendable (P.State?) -> [Move]
    private let timerContext: P.Context
    private let name: @Sendable (P.State) -> String
    private let isEnded: @Sendable (P.State) -> Bool
    private let waitsOutside: @Sendable (P.State) -> Bool
    private let undo: @Sendable (Step) -> Move?

    /// - Parameters:
    ///   - moves: everything anybody may try in a state; refused ones are no fault. Nil: before there is a proceeding.
    ///   - timerContext: under which the office acts at a clock's end.
    ///   - name: how a state is named in a finding.
    ///   - waitsOutside: states in which the office rightly waits for somebody outside, without a clock.
    ///   - undo: takes a step back; nil where it cannot be. It is no way out, and must restore what stood before.
    package init(
        timerContext: P.Context, name: @escaping @Sendable (P.State) -> String,
        isEnded: @escaping @Sendable (P.State) -> Bool,
        waitsOutside: @escaping @Sendable (P.State) -> Bool = { _ in false },
        undo: @escaping @Sendable (Step) -> Move? = { _ in nil },
        moves: @escaping @Sendable (P.State?) -> [Move]
    ) {
        self.moves = moves
        self.timerContext = timerContext
        self.name = name
        self.isEnded = isEnded
        self.waitsOutside = waitsOutside
        self.undo = undo
    }

    /// Every reachable state once; at most `most`.
    package func explore(most: Int = 20_000) throws -> Report {
        var report = Report()
        var nodes: [Node] = []
        var places: [String: Int] = [:]
        // The very same state needs no second look at its shape.
        var met: [AnyHashable: Int] = [:]
        var faults: [Fault] = []
        func place(_ office: Desk<P>) throws -> Int {
            guard let same = office.same else { return try placed(office) }
            if let known = met[same] { return known }
            let there = try placed(office)
            met[same] = there
            return there
        }
        func placed(_ office: Desk<P>) throws -> Int {
            let shape = try office.shape()
            if let known = places[shape] { return known }
            places[shape] = nodes.count
            nodes.append(Node(office: office))
            return nodes.count - 1
        }
        let start = nodes.count
        nodes.append(Node(office: Desk()))
        var next = start
        while next < nodes.count {
            guard nodes.count <= most else {
                report.faults = [.endless(most)]
                return report
            }
            let office = nodes[next].office
            for move in moves(office.state) + office.automatic(timerContext) {
                report.steps += 1
                do {
                    let (after, events) = try office.after(move.command, move.context)
                    guard !events.isEmpty else { continue }
                    report.effective.insert(move.command.name.rawValue)
                    report.events.formUnion(events)
                    let there = try place(after)
                    nodes[next].leadsTo.insert(there)
                    guard let step = office.step(to: after, events, move.context), let back = undo(step) else {
                        continue
                    }
                    report.steps += 1
                    let (restored, undone) = try after.after(back.command, back.context)
                    guard !undone.isEmpty else { continue }
                    report.effective.insert(back.command.name.rawValue)
                    report.events.formUnion(undone)
                    if try place(restored) != next {
                        faults.append(.notRestored(events.first ?? "", name(step.before)))
                    }
                } catch is DomainError {
                    continue
                } catch let error as JournalError {
                    faults.append(.impossible("\(error)"))
                }
            }
            if let state = office.state {
                for (timer, command) in office.due where (try? office.after(command, timerContext)) == nil {
                    faults.append(.timerFails(timer, name(state)))
                }
            }
            next += 1
        }
        faults += traps(nodes)
        report.reached = nodes.compactMap(\.office.state)
        var seen: Set<Fault> = []
        report.faults = faults.filter { seen.insert($0).inserted }
        return report
    }

    // MARK: What is wrong with the whole

    private struct Node {
        let office: Desk<P>
        var leadsTo: Set<Int> = []
    }

    private func traps(_ nodes: [Node]) -> [Fault] {
        var faults: [Fault] = []
        let leaving = ways(to: { $0.office.state.map(isEnded) ?? false }, in: nodes)
        var timers: Set<String> = []
        for (index, node) in nodes.enumerated() {
            guard let state = node.office.state else { continue }
            timers.formUnion(node.office.clocks.keys)
            // After the end work may remain (a check, an acknowledgement), but not for ever.
            if isEnded(state) { continue }
            if !leaving.contains(index) { faults.append(.noWayOut(name(state))) }
            if node.office.tasks.isEmpty, node.office.due.isEmpty, !waitsOutside(state) {
                faults.append(.nobodysTurn(name(state)))
            }
        }
        for timer in timers.sorted() {
            let gone = ways(to: { $0.office.clocks[timer] == nil }, in: nodes)
            let goesOn = ways(to: { $0.office.clocks[timer] != false }, in: nodes)
            for (index, node) in nodes.enumerated() {
                guard let state = node.office.state, let runs = node.office.clocks[timer] else { continue }
                if isEnded(state), !gone.contains(index) {
                    faults.append(.leftOver("limit \(timer)", name(state)))
                } else if !gone.contains(index) || (!runs && !goesOn.contains(index)) {
                    faults.append(.endlessTimer(timer, name(state)))
                }
            }
        }
        for task in Set(nodes.flatMap(\.office.tasks)).sorted() {
            let done = ways(to: { !$0.office.tasks.contains(task) }, in: nodes)
            for (index, node) in nodes.enumerated() where node.office.tasks.contains(task) && !done.contains(index) {
                guard let state = node.office.state else { continue }
                faults.append(.leftOver("task \(task)", name(state)))
            }
        }
        return faults
    }

    /// The nodes from which one that fits can be reached, those that fit with them.
    private func ways(to fits: (Node) -> Bool, in nodes: [Node]) -> Set<Int> {
        var from: [Int: [Int]] = [:]
        for (index, node) in nodes.enumerated() { for there in node.leadsTo { from[there, default: []].append(index) } }
        var found = Set(nodes.indices.filter { fits(nodes[$0]) })
        var open = Array(found)
        while let index = open.popLast() {
            for before in from[index] ?? [] where found.insert(before).inserted { open.append(before) }
        }
        return found
    }
}

/// A proceeding with the tasks and clocks that its effects ask for.
private struct Desk<P: Proceeding>: Sendable {
    var state: P.State?
    /// `step queue` of what is open.
    var tasks: [String] = []
    /// By name: whether it runs; false where it stands.
    var clocks: [String: Bool] = [:]
    /// All that was asked for on the way here.
    var effects: [Effect] = []

    func step(to after: Desk, _ events: [String], _ context: P.Context) -> ProcedureModel<P>.Step? {
        guard let state, let then = after.state else { return nil }
        return .init(
            before: state, after: then, context: context, events: events, effects: after.effects,
            earlier: effects.count)
    }

    /// What clocks that run do at their end.
    var due: [(timer: String, command: P.Command)] {
        guard let state else { return [] }
        return clocks.filter(\.value).keys.sorted().compactMap { timer in
            P.command(onDue: timer, state).map { (timer, $0) }
        }
    }

    func automatic(_ context: P.Context) -> [ProcedureModel<P>.Move] { due.map { .init($0.command, context) } }

    func after(_ command: P.Command, _ context: P.Context) throws -> (Desk, events: [String]) {
        var copy = self
        var names: [String] = []
        for event in try P.decide(command, state, context) {
            let next = try P.evolve(copy.state, event)
            copy.state = next
            names.append(event.name)
            for effect in P.effects(event, next) {
                copy.carryOut(effect)
                copy.effects.append(effect)
            }
        }
        return (copy, names)
    }

    private mutating func carryOut(_ effect: Effect) {
        switch effect {
        case .openTask(let spec): tasks.append("\(spec.step) \(spec.queue)")
        case .closeTask(let step, let queue): tasks.removeAll { $0 == "\(step) \(queue)" }
        case .closeTasks(let step):
            tasks.removeAll { step == nil || $0.split(separator: " ").first.map(String.init) == step }
        case .startTimer(let spec): clocks[spec.name] = true
        case .stopTimer(let name): clocks[name] = nil
        case .pauseTimer(let name, _): if clocks[name] != nil { clocks[name] = false }
        case .resumeTimer(let name, _, _, _): if clocks[name] != nil { clocks[name] = true }
        case .assignTasks, .moveTasks, .extendTimer, .countTimers, .notify: break
        }
    }

    /// Equal only for desks that are the same in everything; nil where states cannot be told apart so.
    var same: AnyHashable? {
        guard let state = state as? any Hashable else { return nil }
        return AnyHashable([AnyHashable(state), AnyHashable(tasks.sorted()), AnyHashable(clocks)])
    }

    func shape() throws -> String {
        let kept = try state.map { Shape.text(try CanonicalJSON.value(of: $0)) } ?? ""
        let running = clocks.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value ? "" : "‖")" }
        return [kept, tasks.sorted().joined(separator: ","), running.joined(separator: ",")].joined(separator: "|")
    }
}

/// JSON without what differs between two proceedings that stand alike.
private enum Shape {
    static func text(_ value: JSON) -> String {
        switch value {
        case .null: ""
        case .bool(let value): value ? "yes" : "no"
        case .int, .double: "#"
        // Moments, dates, ids and hashes hold digits; names of stages, queues and people in a model do not.
        case .string(let text): text.utf8.contains { (48...57).contains($0) } ? "$" : text
        case .array(let elements): "[" + Set(elements.map(text)).sorted().joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.filter { $0.value != .null }.sorted { $0.key < $1.key }
                .map { "\($0.key):\(text($0.value))" }.joined(separator: ",") + "}"
        }
    }
}
