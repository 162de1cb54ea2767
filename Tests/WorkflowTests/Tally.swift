import Foundation
import Kernel
import Storage
import Workflow

/// The smallest proceeding there is: it counts, and limits can fall due on it.
enum Tally: Proceeding {
    static let kind = "tally"
    static let format = 1

    struct State: Codable, Sendable, Equatable {
        var count = 0
        var fell: [String] = []
        var closed = false
    }

    /// A limit by its name and its end.
    struct Clock: Codable, Sendable, Hashable {
        let name: String
        let dueAt: Moment
    }

    enum Command: ProceedingCommand {
        case open([Clock])
        case add(Int)
        /// An event of which an effect fails.
        case spoil
        case close
        case fellDue(String)

        enum Name: String, CaseIterable, Sendable { case open, add, spoil, close, fellDue }

        var name: Name {
            switch self {
            case .open: .open
            case .add: .add
            case .spoil: .spoil
            case .close: .close
            case .fellDue: .fellDue
            }
        }
    }

    struct Context: Sendable {
        let at: Moment
    }

    enum Event: Sendable, Equatable {
        case opened([Clock])
        case added(Int)
        case spoiled
        case closed
        case fellDue(String, Moment)
    }

    static func decide(_ command: Command, _ state: State?, _ context: Context) throws(DomainError) -> [Event] {
        switch (command, state) {
        case (.open(let clocks), nil): return [.opened(clocks)]
        case (_, nil): throw .notFound
        case (.open, _): throw .conflict(Message("tally.open"))
        case (.add(0), _): return []
        case (.add(let more), let state?):
            if state.closed { throw .conflict(Message("tally.closed")) }
            return [.added(more)]
        case (.spoil, _): return [.added(1), .spoiled]
        case (.close, _): return [.closed]
        case (.fellDue(let name), _): return [.fellDue(name, context.at)]
        }
    }

    static func evolve(_ old: State?, _ event: Event) throws(JournalError) -> State {
        guard var state = old else {
            guard case .opened = event else { throw .impossible("\(event.name) before opened") }
            return State()
        }
        switch event {
        case .opened: throw .impossible("opened twice")
        case .added(let more): state.count += more
        case .spoiled: break
        case .closed: state.closed = true
        case .fellDue(let name, _): state.fell.append(name)
        }
        return state
    }

    static func effects(_ event: Event, _ state: State) -> [Effect] {
        switch event {
        case .opened(let clocks):
            [.openTask(TaskSpec(step: "count", queue: "tallies/clerk", warnAt: far, dueAt: far))] + clocks.map(start)
        case .added:
            [
                .notify(
                    NotificationSpec(
                        kind: "tally.added", arguments: ["count": "\(state.count)"], dedup: "added/\(state.count)"))
            ]
        // No engine stores a NUL: the task cannot be opened.
        case .spoiled: [.openTask(TaskSpec(step: "a\0b", queue: "tallies/clerk", warnAt: far, dueAt: far))]
        case .closed: [.closeTasks(step: nil)] + ["first", "second", "light"].map { .stopTimer(name: $0) }
        case .fellDue("chain", let at): [start(Clock(name: "link", dueAt: at.adding(seconds: 86_400)))]
        case .fellDue: []
        }
    }

    static func command(onDue timer: String, _ state: State) -> Command? {
        timer == "light" || state.closed ? nil : .fellDue(timer)
    }

    static let far = Moment(milliseconds: 4_000_000_000_000)

    static func start(_ clock: Clock) -> Effect {
        .startTimer(
            TimerSpec(
                name: clock.name, startedAt: clock.dueAt.adding(seconds: -3600), limit: Limit(1, .hours),
                calendarVersion: 1,
                warnAt: clock.dueAt.adding(seconds: -600), dueAt: clock.dueAt))
    }
}

extension Tally.Event: JournalEvent {
    private struct Fall: Codable {
        let name: String
        let at: Moment
    }

    var name: String {
        switch self {
        case .opened: "opened"
        case .added: "added"
        case .spoiled: "spoiled"
        case .closed: "closed"
        case .fellDue: "fell-due"
        }
    }

    func encoded() throws -> String {
        switch self {
        case .opened(let clocks): try canonical(clocks)
        case .added(let more): try canonical([more])
        case .spoiled, .closed: "{}"
        case .fellDue(let name, let at): try canonical(Fall(name: name, at: at))
        }
    }

    init(name: String, data: String) throws {
        func read<T: Decodable>(_ type: T.Type = T.self) throws -> T {
            try JSONDecoder().decode(T.self, from: Data(data.utf8))
        }
        switch name {
        case "opened": self = .opened(try read())
        case "added": self = .added(try read([Int].self).first ?? 0)
        case "spoiled": self = .spoiled
        case "closed": self = .closed
        case "fell-due":
            let fall = try read(Fall.self)
            self = .fellDue(fall.name, fall.at)
        default: throw JournalError.unknown(name)
        }
    }
}

/// A projection that keeps no rows, and refuses the unlucky number.
struct TallyProjection: Projection {
    typealias P = Tally

    func project(_ outcome: Outcome<Tally>, from occasion: Occasion, _ tx: Transaction) throws {
        if outcome.state.count == 13 { throw DomainError.refused(Message("tally.unlucky")) }
    }

    func labels(_ state: Tally.State) -> (number: String, item: String) { ("N-\(state.count)", "tally") }
    func timerContext(_ state: Tally.State, id: String, _ occasion: Occasion, _ tx: Transaction) throws -> Tally.Context
    {
        Tally.Context(at: occasion.at)
    }
    func recipient(_ state: Tally.State) -> (account: String, bucket: String)? { ("account-1", "@01") }
}

/// What the timer worker calls.
struct TallyTimers: TimerHandler {
    let kind = Tally.kind
    func fire(_ timer: TimerStore.Due, at now: Moment, request: String, _ tx: Transaction) throws -> Bool {
        try tallies.fire(timer, at: now, request: request, tx)
    }
}

let tallies = Office<Tally>(projection: TallyProjection())
