import Catalogue
package import Kernel
package import Workflow

/// A hearing: told of, asked for, announced, held (行政许可法 arts. 46–48).
package struct Hearing: Sendable, Hashable, Codable {
    /// Until when it may be asked for: five working days after being told (art. 47).
    package var requestBy: RunningLimit?
    package var requestedAt: Moment?
    /// To be held by then: twenty working days after it was asked for (art. 47).
    package var holdBy: RunningLimit?
    package var on: Moment?
    package var chair: String?
    package var heldAt: Moment?
}

/// Tells applicant and interested parties that they may be heard (arts. 36, 47): the decision waits for five working days.
package struct TellInterested: FurtherCommand {
    package static let name = CaseCommand.Name.tellInterested

    /// Whom it concerns, and how.
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard state.hearing?.requestedAt == nil, state.hearing?.on == nil else {
            throw .refused(Message("cases.refused.hearingRuns"))
        }
        return [
            CaseProcedure.fact(
                InterestedTold(
                    at: context.at, by: try CaseProcedure.officer(context), words: words,
                    requestBy: CaseProcedure.running(CaseRules.hearingRequest, from: context.at, context),
                    calendar: context.calendar.version, notice: notice))
        ]
    }
}

/// Those concerned were told that they may be heard.
package struct InterestedTold: CaseFact {
    package static let name = "interested-told"

    let at: Moment
    let by: String
    let words: Sealed
    let requestBy: RunningLimit
    let calendar: Int
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .accepted || state.stage == .approving) && state.hearing?.on == nil
    }

    package func evolve(_ state: inout CaseState) {
        state.hearing = Hearing(requestBy: requestBy)
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            CaseProcedure.start(TimerName.hearing, requestBy, calendar),
            CaseProcedure.notify("interestedTold", state, at, ["due": requestBy.dueOn.description]),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "interestedTold", at: at, by: .officer(by), due: requestBy.dueOn, words: words, notice: notice)
    }
}

/// Asks to be heard, within five working days of being told (art. 47).
package struct RequestHearing: FurtherCommand {
    package static let name = CaseCommand.Name.requestHearing

    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let hearing = state.hearing, let requestBy = hearing.requestBy else {
            throw .refused(Message("cases.refused.hearingUntold"))
        }
        guard hearing.requestedAt == nil, hearing.on == nil else {
            throw .refused(Message("cases.refused.hearingRuns"))
        }
        guard context.at < requestBy.dueAt else { throw .refused(Message("cases.refused.hearingLate")) }
        return [
            CaseProcedure.fact(
                HearingRequested(
                    at: context.at, by: context.officer, words: words,
                    holdBy: CaseProcedure.running(CaseRules.hearing, from: context.at, context),
                    calendar: context.calendar.version))
        ]
    }
}

/// A hearing was asked for; the organ holds it within twenty working days, at its own cost (art. 47).
package struct HearingRequested: CaseFact {
    package static let name = "hearing-requested"

    let at: Moment
    /// The officer who recorded an interested party's request; nil for the applicant's own.
    let by: String?
    let words: Sealed
    let holdBy: RunningLimit
    let calendar: Int

    package func mayFollow(_ state: CaseState) -> Bool {
        state.hearing != nil && state.hearing?.requestedAt == nil && !state.stage.isEnded
    }

    package func evolve(_ state: inout CaseState) {
        state.hearing?.requestedAt = at
        state.hearing?.holdBy = holdBy
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [CaseProcedure.start(TimerName.hearing, holdBy, calendar)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("hearingRequested", at: at, by: by.map { .officer($0) } ?? doer, due: holdBy.dueOn, words: words)
    }
}

/// Announces a hearing, of the organ's own motion (art. 46) or because it was asked for: at least seven days before, with a
/// chair who does not review the application (art. 48). Its time is not counted (art. 45).
package struct AnnounceHearing: FurtherCommand {
    package static let name = CaseCommand.Name.announceHearing

    let on: Moment
    /// The member of staff who presides.
    let chair: String
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        let officer = try CaseProcedure.officer(context)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard state.hearing?.on == nil else { throw .refused(Message("cases.refused.hearingRuns")) }
        guard on.date >= context.at.date.adding(days: CaseRules.hearingNoticeDays) else {
            throw .invalid("on", "cases.fault.hearingSoon")
        }
        if let holdBy = state.hearing?.holdBy, on >= holdBy.dueAt {
            throw .invalid("on", "cases.fault.hearingLate")
        }
        guard ![state.reviewedBy, state.assignee, officer].contains(chair) else {
            throw .invalid("chair", "cases.fault.hearingChair")
        }
        let id = "hearing"
        guard !(state.procedures ?? []).contains(where: { $0.id == id }) else {
            throw .refused(Message("cases.refused.procedureRuns"))
        }
        let procedure = RunningProcedure(
            id: id, kind: .hearing, startedAt: context.at, expected: on.date, pauses: true)
        return [
            CaseProcedure.fact(
                HearingAnnounced(at: context.at, by: officer, on: on, chair: chair, words: words, notice: notice)),
            CaseProcedure.fact(
                ProcedureStarted(
                    at: context.at, by: officer, procedure: procedure, words: words, stops: !state.isPaused,
                    calendar: context.calendar.version, notice: nil)),
        ]
    }
}

/// A hearing was announced.
package struct HearingAnnounced: CaseFact {
    package static let name = "hearing-announced"

    let at: Moment
    let by: String
    let on: Moment
    let chair: String
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .accepted || state.stage == .approving) && state.hearing?.on == nil
    }

    package func evolve(_ state: inout CaseState) {
        var hearing = state.hearing ?? Hearing()
        hearing.on = on
        hearing.chair = chair
        state.hearing = hearing
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            .stopTimer(name: TimerName.hearing),
            CaseProcedure.notify("hearingAnnounced", state, at, ["due": on.date.description]),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "hearingAnnounced", at: at, by: .officer(by), due: on.date, words: words, notice: notice)
    }
}

/// The hearing was held; the decision is made on its record (art. 48). The clock goes on.
package struct HoldHearing: FurtherCommand {
    package static let name = CaseCommand.Name.holdHearing

    /// 听证笔录.
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        let officer = try CaseProcedure.officer(context)
        guard let on = state.hearing?.on, state.hearing?.heldAt == nil else {
            throw .refused(Message("cases.refused.noHearing"))
        }
        guard context.at.date >= on.date else { throw .refused(Message("cases.refused.hearingNotYet")) }
        let held = CaseProcedure.fact(HearingHeld(at: context.at, by: officer, words: words))
        guard state.procedures?.contains(where: { $0.id == "hearing" }) == true else { return [held] }
        return [held] + (try EndProcedure(procedure: "hearing", words: words).decide(state, context))
    }
}

/// A hearing was held.
package struct HearingHeld: CaseFact {
    package static let name = "hearing-held"

    let at: Moment
    let by: String
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool {
        state.hearing?.on != nil && state.hearing?.heldAt == nil && !state.stage.isEnded
    }

    package func evolve(_ state: inout CaseState) { state.hearing?.heldAt = at }
    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("hearingHeld", at: at, by: .officer(by), words: words, wordsAreInternal: true)
    }
}

extension CaseProcedure {
    /// While a hearing can still be asked for, or was asked for and not held, nothing is decided (arts. 46–48).
    static func heard(_ state: CaseState, _ context: CaseContext) throws(DomainError) {
        guard let hearing = state.hearing, hearing.heldAt == nil else { return }
        if hearing.requestedAt != nil || hearing.on != nil { throw .refused(Message("cases.refused.hearingOpen")) }
        if let requestBy = hearing.requestBy, context.at < requestBy.dueAt {
            throw .refused(Message("cases.refused.hearingWaits"))
        }
    }
}

extension TimerName {
    /// The time to ask for a hearing, then to hold it.
    static let hearing = "hearing"
}

extension CaseRules {
    /// Five days to ask for a hearing (art. 47; working days by art. 82).
    static let hearingRequest = Limit(5, .workingDays)
    /// A hearing is announced seven days before (art. 48 (1)).
    static let hearingNoticeDays = 7
}
