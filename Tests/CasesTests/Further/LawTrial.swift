import Kernel
import Testing
import Workflow

@testable import Cases
@testable import Catalogue

/// An item in which everything beside the plain road can happen.
enum LawSamples {
    static func procedure(_ id: String, _ kind: Procedure.Kind, pauses: Bool, basis: [String] = []) -> Procedure {
        Procedure(
            id: id, kind: kind, name: LocalizedText(zh: id), during: .review, within: Limit(15, .workingDays),
            officers: nil, when: nil, department: nil, pauses: pauses, basis: basis)
    }

    static func item(objection: JointHandling.Objection? = nil, overdue: JointHandling.Overdue = .waits)
        -> ItemDefinition
    {
        var item = CaseSamples.item(.reviewed)
        item.procedures = [
            procedure("experts", .expertReview, pauses: true), procedure("lab", .test, pauses: true),
            procedure("visit", .inspection, pauses: false),
            // Declared, but neither listed in art. 45 nor by a special law: it consumes the limit.
            procedure("bold", .inspection, pauses: true),
            procedure("lawful", .inspection, pauses: true, basis: ["special_law"]),
        ]
        if let objection {
            item.joint = ["health", "fire"]
            item.jointHandling = JointHandling(
                within: Limit(3, .workingDays), objection: objection, overdue: overdue)
        }
        for index in item.materials.indices {
            item.materials[index].lackingWithin = Limit(5, .workingDays)
            item.materials[index].promiseCheckedWithin = Limit(30, .days)
        }
        return item
    }

    static func rules(objection: JointHandling.Objection? = nil, overdue: JointHandling.Overdue = .waits) -> CaseRules {
        CaseRules(item(objection: objection, overdue: overdue), version: 3)
    }

    static let words = CaseSamples.sealed("words/9")
    static func notice(_ kind: String) -> IssuedNotice { CaseSamples.notice(kind, at: morning("2026-03-12")) }

    static func start(_ procedure: String, until expected: String = "2026-05-29") -> StartProcedure {
        StartProcedure(
            procedure: procedure, expected: day(expected), words: words, notice: notice("special-procedure"))
    }

    static func end(_ procedure: String) -> EndProcedure { EndProcedure(procedure: procedure, words: words) }
    static func extend(_ days: Int) -> Extend { Extend(days: days, words: words, notice: notice("extension")) }

    static func opinion(_ department: String, _ opinion: Opinion) -> GiveOpinion {
        GiveOpinion(department: department, opinion: opinion, words: words)
    }
}

extension CaseTrial {
    /// A command beside the plain road.
    @discardableResult
    mutating func go(_ command: some FurtherCommand, by officer: String? = "reviewer") throws -> [CaseEvent] {
        try perform(.further(command), by: officer)
    }

    /// The key of what is in the way of a command.
    mutating func refused(_ command: some FurtherCommand, by officer: String? = "reviewer") throws -> String {
        var copy = self
        switch try refusal({ try copy.go(command, by: officer) }) {
        case .refused(let message), .conflict(let message): return message.key
        case .invalid(let faults): return faults.first?.message.key ?? ""
        case .forbidden: return "forbidden"
        default: return "other"
        }
    }

    mutating func refusedPlain(_ command: CaseCommand, by officer: String) throws -> String {
        var copy = self
        switch try refusal({ try copy.perform(command, by: officer) }) {
        case .refused(let message), .conflict(let message): return message.key
        default: return "other"
        }
    }
}
