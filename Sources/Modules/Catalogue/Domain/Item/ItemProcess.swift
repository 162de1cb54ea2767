package import Kernel

/// One of the at most four links: accept 受理, review 审核, approve 批准, complete 办结.
package struct Stage: Sendable, Hashable, Codable {
    /// 受理, 审核, 批准, 办结, ordered as they follow each other.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        case accept, review, approve, complete

        /// 0…3, in the order of work.
        package var order: Int {
            switch self {
            case .accept: 0
            case .review: 1
            case .approve: 2
            case .complete: 3
            }
        }

        package static func < (a: Kind, b: Kind) -> Bool { a.order < b.order }
    }

    package var kind: Kind
    package var role: StaffRole
    /// The department, where it is not the item's.
    package var department: String?
    package var within: Limit
    /// What is done here, in words.
    package var task: LocalizedText?
}

/// A procedure inside a stage. Only those of 行政许可法 art. 45 (or of a law named in `basis`) stop the clock.
package struct Procedure: Sendable, Hashable, Codable {
    /// 现场核查 to 专家评审; which of them may stop the clock is the law's to say.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case inspection
        case jointOpinion = "joint-opinion"
        case publicity, rectification
        case hearing, tender, auction, test, measurement, quarantine, appraisal
        case expertReview = "expert-review"

        /// Listed in 行政许可法 art. 45: 听证 招标 拍卖 检验 检测 检疫 鉴定 专家评审.
        package var mayPause: Bool {
            switch self {
            case .inspection, .jointOpinion, .publicity, .rectification: false
            case .hearing, .tender, .auction, .test, .measurement, .quarantine, .appraisal, .expertReview: true
            }
        }
    }

    package var id: String
    package var kind: Kind
    package var name: LocalizedText
    package var during: Stage.Kind
    package var within: Limit
    /// How many officers go to an inspection, at least 2 (art. 34).
    package var officers: Int?
    /// Nil: always.
    package var when: Rule?
    package var department: String?
    package var pauses: Bool
    package var basis: [String]
}

/// How the departments of `joint` decide with the item's own: each says its opinion, side by side with the review.
package struct JointHandling: Sendable, Hashable, Codable {
    /// What follows an objection.
    package enum Objection: String, Sendable, Hashable, Codable, CaseIterable {
        /// Back to the department that objected, which is asked again.
        case back
        /// To a joint meeting 联席会议.
        case meeting
        /// To refusal.
        case refusal
    }

    /// What silence counts as.
    package enum Overdue: String, Sendable, Hashable, Codable, CaseIterable {
        /// 逾期视为同意.
        case agreed
        /// The case waits.
        case waits
    }

    package var within: Limit
    package var objection: Objection
    package var overdue: Overdue
}

/// 上报件: decided by the superior department; the result is brought back.
package struct ReportUp: Sendable, Hashable, Codable {
    package var to: String
    package var preliminary: Limit
}

/// What comes out.
package struct Outcome: Sendable, Hashable, Codable {
    /// 证照, 批文 or an entry in a register.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case certificate, notice, register
    }

    /// How long the result holds, counted from its day.
    package enum Validity: Sendable, Hashable, Codable {
        case permanent
        case period(Limit)
    }

    /// The day a result bears.
    package enum Dated: String, Sendable, Hashable, Codable, CaseIterable {
        case decision, issue
    }

    /// When a renewal may be applied for, counted back from the expiry.
    package struct Renewal: Sendable, Hashable, Codable {
        package var from: Limit
        package var until: Limit
    }

    package var id: String
    package var kind: Kind
    package var name: LocalizedText
    /// The certificate's type, for kind `certificate`.
    package var certificate: String?
    /// `JY{14}`: `{n}` for n digits, `{area}`, `{year}`.
    package var number: String?
    package var validity: Validity?
    package var dated: Dated
    package var renew: Renewal?
    package var verify: Bool
}

/// What follows the decision.
package struct AfterCare: Sendable, Hashable, Codable {
    /// 事后核查, a word to the regulator, or a report the holder owes.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case inspection, regulator, report
    }

    package var id: String
    package var kind: Kind
    package var text: LocalizedText
    package var within: Limit?
    package var department: String?
    package var verify: Bool
}
