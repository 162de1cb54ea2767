import Cases
import Foundation
import Kernel
import Workflow

/// What happened to a package. Names and fields are frozen: a golden file stands for each.
package enum PackageEvent: Sendable, Equatable {
    case submitted(Submitted)
    case stepsReleased(Steps)
    case stepOpened(Opened)
    case stepWaits(Step)
    case stepGoesOn(Step)
    case stepEnded(Ended)
    case stepsCancelled(Steps)
    case stepLeftOut(Step)
    case limitStarted(Limited)
    case limitStopped(Stopped)
    case limitResumed(Limited)
    case limitRecounted(Limited)
    case withdrawn(Withdrawn)
    case ended(Finished)

    /// The application came in; what it says stands sealed in the vault.
    package struct Submitted: Sendable, Hashable, Codable {
        let number: String
        let package: String
        let version: Int
        let department: String
        let owner: String
        let bucket: String
        let subject: String
        let channel: Channel
        let form: Sealed
        let files: [CaseFile]
        let steps: [PlannedStep]
        /// The receipt of the whole.
        let receipt: IssuedNotice?
        let at: Moment
    }

    /// Steps whose turn has come, or never will.
    package struct Steps: Sendable, Hashable, Codable {
        let steps: [String]
        let at: Moment
    }

    /// A step became a case of its department.
    package struct Opened: Sendable, Hashable, Codable {
        let step: String
        let caseID: String
        let number: String
        let at: Moment
    }

    /// A correction notice went out in a step's case, or was answered; or the applicant does not want the step any more.
    package struct Step: Sendable, Hashable, Codable {
        let step: String
        let at: Moment
    }

    /// A step's case ended.
    package struct Ended: Sendable, Hashable, Codable {
        let step: String
        let outcome: CaseStage
        /// Number of the certificate or entry that came out.
        let result: String?
        let at: Moment
    }

    /// The overall limit with all its dates: `evolve` never counts days.
    package struct Limited: Sendable, Hashable, Codable {
        let running: RunningLimit
        let used: Int
        let calendar: Int
        let at: Moment
    }

    /// Everything that is open waits for the applicant: the office's time stands.
    package struct Stopped: Sendable, Hashable, Codable {
        let used: Int
        let at: Moment
    }

    /// The applicant takes the whole back; steps not begun are left out.
    package struct Withdrawn: Sendable, Hashable, Codable {
        let cancelled: [String]
        let at: Moment
    }

    /// Nothing more happens.
    package struct Finished: Sendable, Hashable, Codable {
        let stage: PackageStage
        let at: Moment
    }
}

extension PackageEvent: JournalEvent {
    package var name: String {
        switch self {
        case .submitted: "submitted"
        case .stepsReleased: "steps-released"
        case .stepOpened: "step-opened"
        case .stepWaits: "step-waits"
        case .stepGoesOn: "step-goes-on"
        case .stepEnded: "step-ended"
        case .stepsCancelled: "steps-cancelled"
        case .stepLeftOut: "step-left-out"
        case .limitStarted: "limit-started"
        case .limitStopped: "limit-stopped"
        case .limitResumed: "limit-resumed"
        case .limitRecounted: "limit-recounted"
        case .withdrawn: "withdrawn"
        case .ended: "ended"
        }
    }

    package func encoded() throws -> String {
        switch self {
        case .submitted(let data): try canonical(data)
        case .stepsReleased(let data), .stepsCancelled(let data): try canonical(data)
        case .stepOpened(let data): try canonical(data)
        case .stepWaits(let data), .stepGoesOn(let data), .stepLeftOut(let data): try canonical(data)
        case .stepEnded(let data): try canonical(data)
        case .limitStarted(let data), .limitResumed(let data), .limitRecounted(let data): try canonical(data)
        case .limitStopped(let data): try canonical(data)
        case .withdrawn(let data): try canonical(data)
        case .ended(let data): try canonical(data)
        }
    }

    package init(name: String, data: String) throws {
        func read<T: Decodable>(_ type: T.Type = T.self) throws -> T {
            do {
                return try JSONDecoder().decode(T.self, from: Data(data.utf8))
            } catch {
                throw JournalError.malformed("\(name): \(error)")
            }
        }
        switch name {
        case "submitted": self = .submitted(try read())
        case "steps-released": self = .stepsReleased(try read())
        case "step-opened": self = .stepOpened(try read())
        case "step-waits": self = .stepWaits(try read())
        case "step-goes-on": self = .stepGoesOn(try read())
        case "step-ended": self = .stepEnded(try read())
        case "steps-cancelled": self = .stepsCancelled(try read())
        case "step-left-out": self = .stepLeftOut(try read())
        case "limit-started": self = .limitStarted(try read())
        case "limit-stopped": self = .limitStopped(try read())
        case "limit-resumed": self = .limitResumed(try read())
        case "limit-recounted": self = .limitRecounted(try read())
        case "withdrawn": self = .withdrawn(try read())
        case "ended": self = .ended(try read())
        default: throw JournalError.unknown(name)
        }
    }
}
