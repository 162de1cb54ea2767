import Kernel
import Testing
import Web
import Workflow

/// A procedure with one trap at a time; the model must fall into it.
@Suite("Traps of a procedure are found")
struct ProcedureModelTests {
    private func explore(_ trap: Maze.Trap) throws -> ProcedureModel<Maze>.Report {
        try ProcedureModel<Maze>(timerContext: trap, name: { $0.room }, isEnded: { $0.room == "out" }) { _ in
            Maze.Command.Name.allCases.map { .init(Maze.Command(name: $0), trap) }
        }.explore(most: 200)
    }

    @Test("A sound procedure has none, and every state of it is reached once")
    func sound() throws {
        let report = try explore(.none)
        #expect(report.faults == [])
        #expect(report.reached.map(\.room).sorted() == ["hall", "out", "waiting"])
        #expect(report.events == ["hall", "waiting", "out"])
    }

    @Test("What is taken back must stand as before; to be able to is no way out")
    func takenBack() throws {
        func report(_ back: Maze.Command.Name, _ trap: Maze.Trap) throws -> ProcedureModel<Maze>.Report {
            try ProcedureModel<Maze>(
                timerContext: trap, name: { $0.room }, isEnded: { $0.room == "out" },
                undo: { step in
                    step.events == ["waiting"] && step.effects.count >= step.earlier
                        ? .init(Maze.Command(name: back), trap) : nil
                }
            ) { _ in
                Maze.Command.Name.allCases.filter { $0 != .goOn || trap != .noDoor }.map {
                    .init(Maze.Command(name: $0), trap)
                }
            }.explore(most: 200)
        }
        #expect(try report(.goOn, .none).faults == [])
        let wrong = try report(.leave, .neverResumed)
        #expect(wrong.faults.contains(.notRestored("waiting", "hall")), "\(wrong.faults)")
        #expect(try report(.goOn, .noDoor).faults.contains(.noWayOut("hall")))
    }

    @Test(
        "Each trap is told as what it is",
        arguments: [
            (Maze.Trap.noDoor, [ProcedureModel<Maze>.Fault.noWayOut("hall"), .endlessTimer("clock", "hall")]),
            (.noTask, [.nobodysTurn("hall")]),
            (.clockLeft, [.leftOver("limit clock", "out"), .endlessTimer("clock", "hall")]),
            (.taskLeft, [.leftOver("task step office/clerk", "out")]),
            (.neverResumed, [.endlessTimer("clock", "waiting")]), (.timerRefused, [.timerFails("clock", "hall")]),
            (.impossible, [.impossible("impossible(\"waiting\")")]), (.counts, [.endless(200)]),
        ])
    func traps(_ trap: Maze.Trap, _ faults: [ProcedureModel<Maze>.Fault]) throws {
        #expect(Set(try explore(trap).faults).isSuperset(of: faults))
    }
}

/// A hall with a clock, a waiting room in which the clock stands, and a way out.
enum Maze: Proceeding {
    enum Trap: Sendable, CaseIterable {
        case none, noDoor, noTask, clockLeft, taskLeft, neverResumed, timerRefused, impossible, counts
    }

    struct State: Codable, Sendable, Equatable {
        var room: String
        var marks: String
    }

    struct Command: ProceedingCommand {
        enum Name: String, CaseIterable, Sendable { case enter, wait, goOn, leave, due }
        let name: Name
    }

    struct Event: JournalEvent {
        let name: String
        let trap: Trap

        init(_ name: String, _ trap: Trap) {
            self.name = name
            self.trap = trap
        }

        init(name: String, data: String) throws { self.init(name, .none) }
        func encoded() throws -> String { "{}" }
    }

    typealias Context = Trap
    static let kind = "maze"
    static let format = 1

    static func decide(_ command: Command, _ state: State?, _ trap: Trap) throws(DomainError) -> [Event] {
        switch (command.name, state?.room) {
        case (.enter, nil): [Event("hall", trap)]
        case (.wait, "hall"): [Event("waiting", trap)]
        case (.goOn, "waiting") where trap != .neverResumed: [Event("hall", trap)]
        case (.leave, "hall") where trap != .noDoor && trap != .neverResumed: [Event("out", trap)]
        case (.leave, "waiting") where trap == .neverResumed: [Event("waiting", trap)]
        case (.due, "hall") where trap == .timerRefused: throw .forbidden
        case (.due, "hall") where trap != .noDoor && trap != .neverResumed: [Event("out", trap)]
        case (.due, _): []
        default: throw .forbidden
        }
    }

    static func evolve(_ state: State?, _ event: Event) throws(JournalError) -> State {
        if event.trap == .impossible, event.name == "waiting" { throw .impossible(event.name) }
        let marks = event.trap == .counts ? (state?.marks ?? "") + "a" : event.trap == .noTask ? "quiet" : ""
        return State(room: event.name, marks: marks)
    }

    static func effects(_ event: Event, _ state: State) -> [Effect] {
        let at = Moment(milliseconds: 0)
        let task = Effect.openTask(TaskSpec(step: "step", queue: "office/clerk", warnAt: at, dueAt: at))
        let start = Effect.startTimer(
            TimerSpec(name: "clock", startedAt: at, limit: Limit(1, .days), calendarVersion: 1, warnAt: at, dueAt: at))
        switch event.name {
        case "hall":
            return [.closeTasks(step: nil), start] + (event.trap == .noTask ? [] : [task])
        case "waiting": return [.pauseTimer(name: "clock", at: at)]
        default:
            return (event.trap == .taskLeft ? [] : [.closeTasks(step: nil)])
                + (event.trap == .clockLeft ? [] : [.stopTimer(name: "clock")])
        }
    }

    static func command(onDue timer: String, _ state: State) -> Command? {
        state.room == "hall" && state.marks != "quiet" ? Command(name: .due) : nil
    }
}
