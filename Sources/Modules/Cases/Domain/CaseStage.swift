import Storage

/// Where a case stands.
package enum CaseStage: String, Sendable, Hashable, Codable, CaseIterable, SQLConvertible {
    /// Handed in by courier, agent or bank and not yet at the office.
    case submitted
    /// Received; accepted, corrected or declined within five working days.
    case received
    /// The applicant has a correction notice.
    case correcting
    /// Accepted; under review.
    case accepted
    /// Reviewed; waits for the approver.
    case approving
    /// Approved; the result is being made.
    case approved
    /// Refused: ended.
    case refused
    /// The result was made and served: ended.
    case completed
    /// Outside the organ's competence (不予受理): ended.
    case declined
    /// No licence needed (不受理): ended.
    case notNeeded
    /// Withdrawn by the applicant: ended.
    case withdrawn
    /// No answer to the correction notice: ended without prejudice.
    case lapsed
    /// Ended as an error of the office.
    case voided
    /// Ended without a decision on one of the closed grounds (终止).
    case terminated

    /// Nothing more happens on the plain road.
    package var isEnded: Bool {
        switch self {
        case .submitted, .received, .correcting, .accepted, .approving, .approved: false
        case .refused, .completed, .declined, .notNeeded, .withdrawn, .lapsed, .voided, .terminated: true
        }
    }

    /// What a resident's list groups it under.
    package var group: Group {
        switch self {
        case .correcting: .yours
        case .submitted, .received, .accepted, .approving, .approved: .running
        case .refused, .completed, .declined, .notNeeded, .withdrawn, .lapsed, .voided, .terminated: .ended
        }
    }

    /// 待您处理, 办理中, 已办结: in this order on the page.
    package enum Group: String, Sendable, Hashable, CaseIterable {
        case yours, running, ended
    }
}
