import Foundation
package import Kernel
package import Workflow

/// 委托: a power of attorney as it was given with an application, used, and taken back. Ends with its last day or when the principal takes it
/// back (民法典 art. 173). Who the handler is stands sealed with the application.
package enum AttorneyProceeding: Proceeding {
    /// How the power of attorney stands.
    package struct State: Sendable, Hashable, Codable {
        /// Id of the case or the package it was given with.
        package var application: String
        /// Its number.
        package var number: String
        package var scope: [HandlerContent.Scope]
        /// The last day.
        package var until: CivilDate
        /// Ids of the files of the paper.
        package var papers: [String]
        package var givenAt: Moment
        /// How often it was used at a counter.
        package var uses: Int
        package var withdrawnAt: Moment?

        /// Whether the handler may do this on that day.
        package func allows(_ act: HandlerContent.Scope, on day: CivilDate) -> Bool {
            withdrawnAt == nil && day <= until && scope.contains(act)
        }
    }

    /// What is asked for.
    package enum Command: ProceedingCommand {
        case give(Given)
        /// The handler came to a counter with it; the number of the case it was about.
        case use(HandlerContent.Scope, number: String)
        case withdraw

        /// The commands without what they carry.
        package enum Name: String, CaseIterable, Sendable { case give, use, withdraw }

        package var name: Name {
            switch self {
            case .give: .give
            case .use: .use
            case .withdraw: .withdraw
            }
        }
    }

    /// The moment of the act.
    package struct Context: Sendable {
        let at: Moment
    }

    /// What happened.
    package enum Event: JournalEvent {
        case given(Given)
        case used(Used)
        case withdrawn(Withdrawn)
    }

    /// With which application, for what, until when, on which paper.
    package struct Given: Sendable, Hashable, Codable {
        let application: String
        let number: String
        let scope: [HandlerContent.Scope]
        let until: CivilDate
        let papers: [String]
        let at: Moment
    }

    /// What the handler did by it.
    package struct Used: Sendable, Hashable, Codable {
        let scope: HandlerContent.Scope
        let number: String
        let at: Moment
    }

    /// The principal took it back.
    package struct Withdrawn: Sendable, Hashable, Codable {
        let at: Moment
    }

    package static let kind = "cases.attorney"
    package static let format = 1

    package static func decide(_ command: Command, _ state: State?, _ context: Context) throws(DomainError) -> [Event] {
        switch (command, state) {
        case (.give(let given), nil): return [.given(given)]
        case (.use(let act, let number), let state?):
            guard state.withdrawnAt == nil else { throw .refused(Message("cases.handler.refused.withdrawn")) }
            guard context.at.date <= state.until else { throw .refused(Message("cases.handler.refused.over")) }
            guard state.scope.contains(act) else { throw .refused(Message("cases.handler.refused.scope")) }
            return [.used(.init(scope: act, number: number, at: context.at))]
        case (.withdraw, let state?):
            // Pressed twice.
            return state.withdrawnAt == nil ? [.withdrawn(.init(at: context.at))] : []
        default: throw .notFound
        }
    }

    package static func evolve(_ state: State?, _ event: Event) throws(JournalError) -> State {
        switch (event, state) {
        case (.given(let given), nil):
            return State(
                application: given.application, number: given.number, scope: given.scope, until: given.until,
                papers: given.papers, givenAt: given.at, uses: 0, withdrawnAt: nil)
        case (.used, var state?) where state.withdrawnAt == nil:
            state.uses += 1
            return state
        case (.withdrawn(let data), var state?) where state.withdrawnAt == nil:
            state.withdrawnAt = data.at
            return state
        default: throw .impossible("\(event.name) after \(state == nil ? "nothing" : "its end")")
        }
    }

    package static func effects(_ event: Event, _ state: State) -> [Effect] { [] }
    package static func command(onDue timer: String, _ state: State) -> Command? { nil }
}

extension AttorneyProceeding.Event {
    package var name: String {
        switch self {
        case .given: "given"
        case .used: "used"
        case .withdrawn: "withdrawn"
        }
    }

    package func encoded() throws -> String {
        switch self {
        case .given(let data): try canonical(data)
        case .used(let data): try canonical(data)
        case .withdrawn(let data): try canonical(data)
        }
    }

    package init(name: String, data: String) throws {
        func read<Content: Decodable>(_ type: Content.Type = Content.self) throws(JournalError) -> Content {
            do { return try JSONDecoder().decode(type, from: Data(data.utf8)) } catch { throw .malformed("\(error)") }
        }
        switch name {
        case "given": self = .given(try read())
        case "used": self = .used(try read())
        case "withdrawn": self = .withdrawn(try read())
        default: throw JournalError.unknown(name)
        }
    }
}
