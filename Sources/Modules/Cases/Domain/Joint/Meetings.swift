package import Kernel
package import Workflow

/// 联席会议: called where a case is stuck between departments.
package struct Meeting: Sendable, Hashable, Codable {
    /// What it came to.
    package enum Conclusion: String, Sendable, Hashable, Codable, CaseIterable {
        case goOn = "go-on"
        case refuse
    }

    package let convenedAt: Moment
    package let on: Moment
    package let departments: [String]
    package var concludedAt: Moment?
    package var conclusion: Conclusion?
    package var minutes: Sealed?
}

/// Calls a joint meeting of the departments concerned.
package struct ConveneMeeting: FurtherCommand {
    package static let name = CaseCommand.Name.conveneMeeting

    let on: Moment
    let departments: [String]
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard state.meeting == nil || state.meeting?.concludedAt != nil else {
            throw .refused(Message("cases.refused.meetingCalled"))
        }
        guard on > context.at else { throw .invalid("on", "cases.fault.dayPast") }
        guard !departments.isEmpty else { throw .invalid("departments", "cases.fault.departments") }
        return [
            CaseProcedure.fact(
                MeetingConvened(
                    at: context.at, by: try CaseProcedure.officer(context), on: on, departments: departments,
                    words: words))
        ]
    }
}

/// A joint meeting was called.
package struct MeetingConvened: CaseFact {
    package static let name = "meeting-convened"

    let at: Moment
    let by: String
    let on: Moment
    let departments: [String]
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .accepted || state.stage == .approving)
            && (state.meeting == nil || state.meeting?.concludedAt != nil)
    }

    package func evolve(_ state: inout CaseState) {
        state.meeting = Meeting(convenedAt: at, on: on, departments: departments)
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "meetingConvened", at: at, by: .officer(by), due: on.date, count: departments.count, words: words,
            wordsAreInternal: true)
    }
}

/// Records what the joint meeting concluded; the decision rests on it.
package struct ConcludeMeeting: FurtherCommand {
    package static let name = CaseCommand.Name.concludeMeeting

    let conclusion: Meeting.Conclusion
    /// 会议纪要.
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let meeting = state.meeting, meeting.concludedAt == nil else {
            throw .refused(Message("cases.refused.noMeeting"))
        }
        return [
            CaseProcedure.fact(
                MeetingConcluded(
                    at: context.at, by: try CaseProcedure.officer(context), conclusion: conclusion, words: words))
        ]
    }
}

/// The joint meeting concluded.
package struct MeetingConcluded: CaseFact {
    package static let name = "meeting-concluded"

    let at: Moment
    let by: String
    let conclusion: Meeting.Conclusion
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool {
        state.meeting != nil && state.meeting?.concludedAt == nil && !state.stage.isEnded
    }

    package func evolve(_ state: inout CaseState) {
        state.meeting?.concludedAt = at
        state.meeting?.conclusion = conclusion
        state.meeting?.minutes = words
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "meetingConcluded", at: at, by: .officer(by), words: words, wordsAreInternal: true,
            about: "cases.meeting.\(conclusion.rawValue)")
    }
}
