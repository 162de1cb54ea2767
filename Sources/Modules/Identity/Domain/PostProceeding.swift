import Foundation
import Kernel
import Workflow

/// Which role whom, where, until when.
struct PostPlace: Sendable, Hashable, Codable {
    let staff: String
    let role: Role
    /// Department's slug; empty for a role of the whole area.
    let department: String
    let window: String?
    let street: String?
    let until: CivilDate?
}

/// Giving somebody a post takes two administrators: one proposes, another confirms; neither for himself. Ending one takes one.
enum PostProceeding: Proceeding {
    struct State: Sendable, Hashable, Codable {
        enum Status: String, Sendable, Hashable, Codable {
            case proposed, held, refused, ended
        }

        var place: PostPlace
        var status: Status
        /// `staff:id`, `os:user`: who proposed it.
        var proposedBy: String
    }

    enum Command: ProceedingCommand {
        case propose(PostPlace)
        /// What an appointed authority outside the desk gives at once: the command line, and demonstration data.
        case appoint(PostPlace)
        case confirm
        case refuse
        case end

        enum Name: String, CaseIterable, Sendable { case propose, appoint, confirm, refuse, end }

        var name: Name {
            switch self {
            case .propose: .propose
            case .appoint: .appoint
            case .confirm: .confirm
            case .refuse: .refuse
            case .end: .end
            }
        }
    }

    struct Context: Sendable {
        /// `staff:id`, `os:user`, `system:seed`.
        let actor: String
        /// The roles the person holds or is proposed for, this post left out.
        let others: [Role]
        /// The only holder of a role that looks after accounts would lose it.
        let isLastAdministrator: Bool
    }

    enum Event: JournalEvent {
        case proposed(Proposed)
        case confirmed(Acted)
        case refused(Acted)
        case ended(Acted)

        struct Proposed: Sendable, Hashable, Codable {
            let place: PostPlace
            let by: String
        }

        struct Acted: Sendable, Hashable, Codable {
            let by: String
        }
    }

    static let kind = "post"
    static let format = 1

    static func decide(_ command: Command, _ state: State?, _ context: Context) throws(DomainError) -> [Event] {
        switch (command, state) {
        case (.propose(let place), nil):
            try check(place, context)
            guard context.actor != "staff:\(place.staff)" else { throw .refused(Message("identity.post.own")) }
            return [.proposed(.init(place: place, by: context.actor))]
        case (.appoint(let place), nil):
            try check(place, context)
            return [.proposed(.init(place: place, by: context.actor)), .confirmed(.init(by: context.actor))]
        case (.confirm, let state?) where state.status == .proposed:
            try check(state.place, context)
            guard context.actor != state.proposedBy else { throw .refused(Message("identity.post.second")) }
            guard context.actor != "staff:\(state.place.staff)" else { throw .refused(Message("identity.post.own")) }
            return [.confirmed(.init(by: context.actor))]
        case (.refuse, let state?) where state.status == .proposed: return [.refused(.init(by: context.actor))]
        case (.end, let state?) where state.status == .held:
            if context.isLastAdministrator { throw .refused(Message("identity.post.last")) }
            return [.ended(.init(by: context.actor))]
        default: throw .conflict(Message("identity.post.moved"))
        }
    }

    private static func check(_ place: PostPlace, _ context: Context) throws(DomainError) {
        if place.role.conflict(with: context.others) != nil { throw .refused(Message("identity.post.exclusive")) }
        if place.role.hasQueue && place.department.isEmpty {
            throw .invalid("department", "identity.post.department")
        }
    }

    static func evolve(_ state: State?, _ event: Event) throws(JournalError) -> State {
        switch (event, state) {
        case (.proposed(let proposed), nil):
            return State(place: proposed.place, status: .proposed, proposedBy: proposed.by)
        case (.confirmed, var state?) where state.status == .proposed:
            state.status = .held
            return state
        case (.refused, var state?) where state.status == .proposed:
            state.status = .refused
            return state
        case (.ended, var state?) where state.status == .held:
            state.status = .ended
            return state
        default: throw .impossible("\(event.name) after \(state?.status.rawValue ?? "nothing")")
        }
    }

    static func effects(_ event: Event, _ state: State) -> [Effect] { [] }
    static func command(onDue timer: String, _ state: State) -> Command? { nil }
}

extension PostProceeding.Event {
    var name: String {
        switch self {
        case .proposed: "proposed"
        case .confirmed: "confirmed"
        case .refused: "refused"
        case .ended: "ended"
        }
    }

    func encoded() throws -> String {
        switch self {
        case .proposed(let data): try canonical(data)
        case .confirmed(let data), .refused(let data), .ended(let data): try canonical(data)
        }
    }

    init(name: String, data: String) throws {
        func read<Content: Decodable>(_ type: Content.Type) throws(JournalError) -> Content {
            do { return try JSONDecoder().decode(type, from: Data(data.utf8)) } catch { throw .malformed("\(error)") }
        }
        switch name {
        case "proposed": self = .proposed(try read(Proposed.self))
        case "confirmed": self = .confirmed(try read(Acted.self))
        case "refused": self = .refused(try read(Acted.self))
        case "ended": self = .ended(try read(Acted.self))
        default: throw JournalError.unknown(name)
        }
    }
}
