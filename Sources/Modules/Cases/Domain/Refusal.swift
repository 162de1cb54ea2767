import Catalogue
import Kernel

/// How a decision against the applicant is called: 不予许可 for licences (行政许可法 art. 38), by its own verb for the others.
package enum Refusal: String, Sendable, Hashable, CaseIterable {
    case licence, confirmation, benefit, reward, other

    init(_ type: ItemType) {
        self =
            switch type {
            case .licence: .licence
            case .confirmation: .confirmation
            case .benefit: .benefit
            case .reward: .reward
            case .penalty, .coercion, .levy, .inspection, .ruling, .other, .publicService: .other
            }
    }

    /// By the item's type in a case's number: lists know no more of the item.
    init(number: String) {
        let code = number.dropFirst(14).prefix(2)
        self.init(ItemType.allCases.first { $0.standardCode == code } ?? .other)
    }

    /// What came of the case: `不予许可`.
    var text: String { "cases.refusal.\(rawValue)" }
    /// What the officer does.
    var act: String { "cases.refuse.\(rawValue)" }
    /// The kind of message that tells it.
    var messageKind: String { self == .licence ? "refused" : "refused.\(rawValue)" }
    /// What is granted or not, as documents write it after 准予 and 不予.
    var subject: String {
        switch self {
        case .licence: "行政许可"
        case .confirmation: "确认"
        case .benefit: "给付"
        case .reward: "奖励"
        case .other: "办理"
        }
    }
}

extension CaseStage {
    /// The stage in the applicant's words.
    func message(of number: String) -> Message {
        Message(self == .refused ? Refusal(number: number).text : "cases.stage.\(rawValue)")
    }

    /// The stage in the office's words.
    func deskMessage(of number: String) -> Message {
        Message(self == .refused ? Refusal(number: number).text : "cases.desk.stage.\(rawValue)")
    }
}

extension CaseState {
    /// Where the case stands, in the applicant's words; what stopped its clock goes before its stage.
    func standing(of number: String) -> Message {
        guard isPaused, !stage.isEnded else { return stage.message(of: number) }
        guard let running = procedures?.last(where: \.pauses) else { return Message("cases.stage.paused") }
        return Message(
            "cases.stage.inProcedure", texts: ["procedure": "cases.procedure.\(running.kind.rawValue)"])
    }
}
