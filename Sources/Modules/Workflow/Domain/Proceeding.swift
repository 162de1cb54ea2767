package import Kernel

/// A kind of proceeding: a case, an appeal, an inspection. Three synchronous functions without I/O; the law lives here.
package protocol Proceeding: Sendable {
    associatedtype State: Codable & Sendable & Equatable
    associatedtype Command: ProceedingCommand
    associatedtype Event: JournalEvent
    /// What a decision may consult besides the state: the moment, the item, the calendar, who acts.
    associatedtype Context: Sendable

    /// `case`: kept with every proceeding and journal.
    static var kind: String { get }
    /// The number of the state's form; a new one is derived by replay.
    static var format: Int { get }

    /// What happens on a command, or why nothing does.
    static func decide(_ command: Command, _ state: State?, _ context: Context) throws(DomainError) -> [Event]
    /// The state after an event; consults nothing else. Throws on a sequence that cannot be.
    static func evolve(_ state: State?, _ event: Event) throws(JournalError) -> State
    /// What follows in the office: tasks to open or close, timers to set or stop, messages to send.
    static func effects(_ event: Event, _ state: State) -> [Effect]
    /// What the office does when a timer falls due, or nil where only the light changes.
    static func command(onDue timer: String, _ state: State) -> Command?
    /// Ids of the files the state refers to: `verify` looks for each.
    static func files(_ state: State) -> [String]
}

extension Proceeding {
    /// A proceeding without files.
    package static func files(_ state: State) -> [String] { [] }
}

/// An event as it stands in the journal: explicit frozen names, data without free text or names of people.
package protocol JournalEvent: Sendable, Equatable {
    /// The frozen name, such as `submitted`.
    var name: String { get }
    /// The data as JSON.
    func encoded() throws -> String
    /// Reads an event back; throws `JournalError.unknown` for another name.
    init(name: String, data: String) throws
}

/// A journal that cannot be what happened.
package enum JournalError: Error, Sendable, Equatable {
    /// The event does not fit the state before it.
    case impossible(String)
    /// There is no event of this name.
    case unknown(String)
    /// The data is not what the event needs.
    case malformed(String)
}

/// What follows from an event in the office, carried out in the same transaction.
package enum Effect: Sendable, Equatable {
    case openTask(TaskSpec)
    /// Closes the proceeding's open tasks, or only those of one step.
    case closeTasks(step: String?)
    /// Closes one queue's task of a step, where several queues have one.
    case closeTask(step: String, queue: String)
    /// Gives the open tasks, or those of one queue, to a person (or back to the queue), and who did so.
    case assignTasks(String?, by: String? = nil, queue: String? = nil)
    /// Moves the ends of the open tasks of a step; `Light.paused` for both while the clock stands.
    case moveTasks(step: String, warnAt: Moment, dueAt: Moment)
    case startTimer(TimerSpec)
    /// Stops the clock for a lawful reason; the light turns grey.
    case pauseTimer(name: String, at: Moment)
    /// Goes on with what was left.
    case resumeTimer(name: String, at: Moment, dueAt: Moment, warnAt: Moment)
    /// Moves the end of a running timer.
    case extendTimer(name: String, dueAt: Moment, warnAt: Moment)
    /// Says by which calendar the running timers of the proceeding are counted now.
    case countTimers(calendarVersion: Int)
    case stopTimer(name: String)
    case notify(NotificationSpec)
}

/// One piece of pending work.
package struct TaskSpec: Sendable, Equatable {
    /// What is to be done: `accept`, `review`, `approve`, `complete`.
    package let step: String
    /// `department/role`.
    package let queue: String
    /// A member of staff who has it already.
    package let assignee: String?
    package let warnAt: Moment
    package let dueAt: Moment

    package init(step: String, queue: String, assignee: String? = nil, warnAt: Moment, dueAt: Moment) {
        self.step = step
        self.queue = queue
        self.assignee = assignee
        self.warnAt = warnAt
        self.dueAt = dueAt
    }
}

/// A limit that runs.
package struct TimerSpec: Sendable, Equatable {
    /// `promised`, `statutory`, `acceptance`, `correction`: one of each name a proceeding.
    package let name: String
    package let startedAt: Moment
    package let limit: Limit
    package let calendarVersion: Int
    package let warnAt: Moment
    package let dueAt: Moment

    package init(name: String, startedAt: Moment, limit: Limit, calendarVersion: Int, warnAt: Moment, dueAt: Moment) {
        self.name = name
        self.startedAt = startedAt
        self.limit = limit
        self.calendarVersion = calendarVersion
        self.warnAt = warnAt
        self.dueAt = dueAt
    }
}

/// A message to the applicant: an in-app message, and what the adapters make of it.
package struct NotificationSpec: Sendable, Equatable {
    /// `cases.accepted`: names the texts.
    package let kind: String
    /// Parameters without personal data: number, dates, item slug.
    package let arguments: [String: String]
    /// Of one proceeding and event only one message is sent.
    package let dedup: String

    package init(kind: String, arguments: [String: String], dedup: String) {
        self.kind = kind
        self.arguments = arguments
        self.dedup = dedup
    }
}

/// A reference to a part sealed in the proceeding's vault: free text and answers stand there, never in journal or state.
package struct Sealed: Sendable, Hashable, Codable {
    /// The place in the vault.
    package let slot: String
    /// SHA-256 of the whole ciphertext, hexadecimal: `verify` needs no key.
    package let hash: String

    package init(slot: String, hash: String) {
        self.slot = slot
        self.hash = hash
    }
}
