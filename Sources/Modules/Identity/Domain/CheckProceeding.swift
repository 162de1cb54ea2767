import Foundation
import Kernel
import Workflow

/// Whose claim is looked at: a person's own name and number, or that a person may act for an organisation.
struct CheckClaim: Sendable, Hashable, Codable {
    let account: String
    /// The mandate; nil where the person's own identity is checked.
    let mandate: String?
}

/// Why a claim was not confirmed. An enumeration and no text: it stands in the journal, and the resident reads it.
enum CheckReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// The name on the paper is another one.
    case name
    /// The number on the paper is another one.
    case number
    /// The person is not the one on the paper.
    case person
    /// The paper has expired, is damaged or is not the original.
    case paper
    /// The register names another legal representative.
    case representative
    /// The letter of authorisation is missing, lacks signature or seal, or has run out.
    case authorisation

    /// The reasons that fit a claim.
    static func fitting(mandate: Bool) -> [CheckReason] {
        mandate ? [.name, .number, .representative, .authorisation, .paper] : [.name, .number, .person, .paper]
    }
}

/// 窗口核验: a clerk compares a claim with the papers shown at the window (GB/T 36902-2018; 网络安全法 art. 24).
enum CheckProceeding: Proceeding {
    struct State: Sendable, Hashable, Codable {
        enum Status: String, Sendable, Hashable, Codable {
            case waiting, confirmed, refused, withdrawn
        }

        var claim: CheckClaim
        var status: Status
        var reason: CheckReason?
    }

    enum Command: ProceedingCommand {
        case open(CheckClaim)
        case confirm
        case refuse(CheckReason)
        /// The resident took the claim back, or it was looked at elsewhere.
        case withdraw

        enum Name: String, CaseIterable, Sendable { case open, confirm, refuse, withdraw }

        var name: Name {
            switch self {
            case .open: .open
            case .confirm: .confirm
            case .refuse: .refuse
            case .withdraw: .withdraw
            }
        }
    }

    struct Context: Sendable {
        /// `staff:id`, `resident:id`, `system:job`.
        let actor: String
    }

    enum Event: JournalEvent {
        case opened(Opened)
        case confirmed(Acted)
        case refused(Refused)
        case withdrawn(Acted)

        struct Opened: Sendable, Hashable, Codable {
            let claim: CheckClaim
        }

        struct Acted: Sendable, Hashable, Codable {
            let by: String
        }

        struct Refused: Sendable, Hashable, Codable {
            let by: String
            let reason: CheckReason
        }
    }

    static let kind = "identity.check"
    static let format = 1

    static func decide(_ command: Command, _ state: State?, _ context: Context) throws(DomainError) -> [Event] {
        switch (command, state) {
        case (.open(let claim), nil): return [.opened(.init(claim: claim))]
        case (.confirm, let state?) where state.status == .waiting: return [.confirmed(.init(by: context.actor))]
        case (.refuse(let reason), let state?) where state.status == .waiting:
            guard CheckReason.fitting(mandate: state.claim.mandate != nil).contains(reason) else {
                throw .invalid("reason", "identity.check.reasonEmpty")
            }
            return [.refused(.init(by: context.actor, reason: reason))]
        case (.withdraw, let state?) where state.status == .waiting: return [.withdrawn(.init(by: context.actor))]
        default: throw .conflict(Message("identity.check.moved"))
        }
    }

    static func evolve(_ state: State?, _ event: Event) throws(JournalError) -> State {
        switch (event, state) {
        case (.opened(let opened), nil): return State(claim: opened.claim, status: .waiting, reason: nil)
        case (.confirmed, var state?) where state.status == .waiting:
            state.status = .confirmed
            return state
        case (.refused(let refused), var state?) where state.status == .waiting:
            state.status = .refused
            state.reason = refused.reason
            return state
        case (.withdrawn, var state?) where state.status == .waiting:
            state.status = .withdrawn
            return state
        default: throw .impossible("\(event.name) after \(state?.status.rawValue ?? "nothing")")
        }
    }

    static func effects(_ event: Event, _ state: State) -> [Effect] { [] }
    static func command(onDue timer: String, _ state: State) -> Command? { nil }
}

extension CheckProceeding.Event {
    var name: String {
        switch self {
        case .opened: "opened"
        case .confirmed: "confirmed"
        case .refused: "refused"
        case .withdrawn: "withdrawn"
        }
    }

    func encoded() throws -> String {
        switch self {
        case .opened(let data): try canonical(data)
        case .confirmed(let data), .withdrawn(let data): try canonical(data)
        case .refused(let data): try canonical(data)
        }
    }

    init(name: String, data: String) throws {
        func read<Content: Decodable>(_ type: Content.Type) throws(JournalError) -> Content {
            do { return try JSONDecoder().decode(type, from: Data(data.utf8)) } catch { throw .malformed("\(error)") }
        }
        switch name {
        case "opened": self = .opened(try read(Opened.self))
        case "confirmed": self = .confirmed(try read(Acted.self))
        case "refused": self = .refused(try read(Refused.self))
        case "withdrawn": self = .withdrawn(try read(Acted.self))
        default: throw JournalError.unknown(name)
        }
    }
}
