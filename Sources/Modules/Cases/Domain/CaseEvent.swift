import Foundation
import Kernel
import Workflow

/// What happened to a case. Names and fields are frozen: a golden file stands for each.
package enum CaseEvent: Sendable, Equatable {
    case submitted(Submitted)
    case received(Received)
    case correctionRequested(CorrectionRequested)
    case supplemented(Supplemented)
    case lapsed(Ended)
    case accepted(Accepted)
    case declined(Ended)
    case notNeeded(Ended)
    case withdrawn(Ended)
    case voided(Ended)
    case reviewPassed(Moved)
    case sentBack(Moved)
    case approved(Decided)
    case refused(Decided)
    case completed(Completed)
    case assigned(Assigned)
    case limitsRecounted(Recounted)
    /// What stands in a file of its own, by subject.
    case further(Further)

    /// The application came in; what it says stands sealed in the vault.
    package struct Submitted: Sendable, Hashable, Codable {
        let number: String
        let item: String
        let itemVersion: Int
        let department: String
        let owner: String
        let bucket: String
        let subject: String
        let channel: Channel
        let form: Sealed
        let files: [CaseFile]
        let receipt: IssuedNotice
        let at: Moment
        /// Materials that the applicant signed to bring later (容缺); nil where there are none.
        var lacking: [String]?
        /// Of a case that is a step of a package.
        var part: PackagePart?
        /// Whom the office has still to see; nil where nobody.
        var remote: RemoteCheck?
    }

    /// The office has it: the five working days for accepting run (行政许可法 art. 32).
    package struct Received: Sendable, Hashable, Codable {
        let at: Moment
        let acceptance: RunningLimit
        let calendar: Int
        let queue: String
    }

    /// 一次性告知: everything that is lacking, told at once (行政许可法 art. 32 (4)).
    package struct CorrectionRequested: Sendable, Hashable, Codable {
        let by: String
        let points: [CorrectionPoint]
        let words: Sealed
        let limit: RunningLimit
        let calendar: Int
        let notice: IssuedNotice
        /// When the applicant is reminded of it; nil where the time is too short for that.
        var reminders: [Moment]?
    }

    /// The applicant repaired the listed points; the time for accepting starts again.
    package struct Supplemented: Sendable, Hashable, Codable {
        let at: Moment
        let form: Sealed
        let changedFields: [String]
        let files: [CaseFile]
        let answered: [String]
        let acceptance: RunningLimit
        let calendar: Int
        let queue: String
        /// The officer who sent the notice gets the answer.
        let assignee: String?
    }

    /// 受理, by an officer or, where nobody answered in time, by the law itself (行政许可法 art. 32 (4)).
    package struct Accepted: Sendable, Hashable, Codable {
        let at: Moment
        /// Nil where the law accepts (deemed).
        let by: String?
        let deemed: Bool
        let promised: RunningLimit
        let statutory: RunningLimit?
        let calendar: Int
        let next: NextTask
        let notice: IssuedNotice?
    }

    /// One step was finished, or sent back; the next one opens.
    package struct Moved: Sendable, Hashable, Codable {
        let at: Moment
        let by: String
        let words: Sealed?
        let next: NextTask
    }

    /// 准予 or 不予, in writing (行政许可法 arts. 37, 38).
    package struct Decided: Sendable, Hashable, Codable {
        let at: Moment
        let by: String
        let words: Sealed?
        let notice: IssuedNotice
        let next: NextTask?
    }

    /// 办结: the result exists and is delivered (行政许可法 art. 44: within 10 days).
    package struct Completed: Sendable, Hashable, Codable {
        let at: Moment
        let by: String
        let result: CaseResult
        let notice: IssuedNotice?
    }

    /// An end without a decision on the merits; `by` is nil where a limit ran out.
    package struct Ended: Sendable, Hashable, Codable {
        let at: Moment
        let by: String?
        let words: Sealed?
        let notice: IssuedNotice?
    }

    /// Whose task it is from now on; `to` nil: back in the queue.
    package struct Assigned: Sendable, Hashable, Codable {
        let to: String?
        let by: String
    }

    /// The area's calendar was changed: those of the limits that come out otherwise, and the ends of open tasks.
    package struct Recounted: Sendable, Hashable, Codable {
        let at: Moment
        let calendar: Int
        let acceptance: RunningLimit?
        let correction: RunningLimit?
        let promised: RunningLimit?
        let statutory: RunningLimit?
        let tasks: [NextTask]
        /// The day that the applicant was told is another one now.
        let dayMoved: Bool
    }

    /// The task that opens next.
    package struct NextTask: Sendable, Hashable, Codable {
        let step: String
        let queue: String
        let warnAt: Moment
        let dueAt: Moment
    }
}

extension CaseEvent: JournalEvent {
    package var name: String {
        switch self {
        case .submitted: "submitted"
        case .received: "received"
        case .correctionRequested: "correction-requested"
        case .supplemented: "supplemented"
        case .lapsed: "lapsed"
        case .accepted: "accepted"
        case .declined: "declined"
        case .notNeeded: "not-needed"
        case .withdrawn: "withdrawn"
        case .voided: "voided"
        case .reviewPassed: "review-passed"
        case .sentBack: "sent-back"
        case .approved: "approved"
        case .refused: "refused"
        case .completed: "completed"
        case .assigned: "assigned"
        case .limitsRecounted: "limits-recounted"
        case .further(let further): type(of: further.fact).name
        }
    }

    package func encoded() throws -> String {
        switch self {
        case .submitted(let data): try canonical(data)
        case .received(let data): try canonical(data)
        case .correctionRequested(let data): try canonical(data)
        case .supplemented(let data): try canonical(data)
        case .accepted(let data): try canonical(data)
        case .reviewPassed(let data), .sentBack(let data): try canonical(data)
        case .approved(let data), .refused(let data): try canonical(data)
        case .completed(let data): try canonical(data)
        case .assigned(let data): try canonical(data)
        case .limitsRecounted(let data): try canonical(data)
        case .further(let further): try canonical(further.fact)
        case .lapsed(let data), .declined(let data), .notNeeded(let data), .withdrawn(let data), .voided(let data):
            try canonical(data)
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
        case "received": self = .received(try read())
        case "correction-requested": self = .correctionRequested(try read())
        case "supplemented": self = .supplemented(try read())
        case "lapsed": self = .lapsed(try read())
        case "accepted": self = .accepted(try read())
        case "declined": self = .declined(try read())
        case "not-needed": self = .notNeeded(try read())
        case "withdrawn": self = .withdrawn(try read())
        case "voided": self = .voided(try read())
        case "review-passed": self = .reviewPassed(try read())
        case "sent-back": self = .sentBack(try read())
        case "approved": self = .approved(try read())
        case "refused": self = .refused(try read())
        case "completed": self = .completed(try read())
        case "assigned": self = .assigned(try read())
        case "limits-recounted": self = .limitsRecounted(try read())
        default:
            guard let kind = Further.kinds[name] else { throw JournalError.unknown(name) }
            self = .further(Further(try read(kind)))
        }
    }
}
