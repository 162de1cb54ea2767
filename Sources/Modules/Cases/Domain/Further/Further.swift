package import Kernel
package import Workflow

/// A command beside the plain road. Its payload, its rules and the event it ends in stand together, in the file of their
/// subject.
package protocol FurtherCommand: Sendable {
    static var name: CaseCommand.Name { get }

    /// What happens, or why nothing does.
    ///
    /// - Throws: `.refused` with the rule that is in the way, `.conflict` where the case has moved on.
    func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent]
}

/// Something that happened beside the plain road: its name and its encoding are frozen as every event's are.
package protocol CaseFact: Codable, Hashable, Sendable {
    /// The frozen name in the journal.
    static var name: String { get }

    /// Whether it can have happened to a case that stands so.
    func mayFollow(_ state: CaseState) -> Bool
    /// The state afterwards; never counts days and reads no clock.
    func evolve(_ state: inout CaseState)
    /// What follows in the office.
    func effects(_ state: CaseState) -> [Effect]
    /// Its line in the case's history.
    func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry
}

/// A fact of any subject, as an event of the case.
package struct Further: Sendable, Equatable {
    package let fact: any CaseFact

    package init(_ fact: any CaseFact) { self.fact = fact }

    package static func == (a: Further, b: Further) -> Bool { AnyHashable(a.fact) == AnyHashable(b.fact) }

    /// Every kind of fact by its frozen name.
    static let kinds: [String: any CaseFact.Type] = Dictionary(
        all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private static let all: [any CaseFact.Type] = [
        ProcedureStarted.self, ProcedureEnded.self, Extended.self, OpinionsAsked.self, OpinionGiven.self,
        BranchQueried.self,
        MeetingConvened.self, MeetingConcluded.self, PapersAwaited.self, PapersDelivered.self, PapersMissed.self,
        InterestedTold.self, HearingRequested.self, HearingAnnounced.self, HearingHeld.self, Publicised.self,
        ObjectionRecorded.self, ObjectionResolved.self, Stayed.self, StayLifted.self, Terminated.self,
        Transferred.self, HandlerChanged.self, PromiseSigned.self, FollowUpOpened.self, FollowUpChecked.self,
        WasServed.self, Archived.self, Pushed.self, Acknowledged.self, TakenBack.self, ResultCorrected.self,
        Reopened.self, FeeAssessed.self, FeeSettled.self, DecidedInstantly.self, PreReviewed.self,
        PapersChased.self, Undone.self, RenewalRequested.self, RenewalDecided.self,
        ReportedUp.self, SuperiorAnswered.self, CorrectedOnSpot.self, ChangeRequested.self, Amended.self,
        Succeeded.self, FalsityRecorded.self, Simulated.self, LeftToPeople.self,
        RemoteCheckAsked.self, RemoteCheckRecorded.self, RemoteCheckConfirmed.self, RemoteCheckDeclined.self,
        ApplicationAmended.self, RenewalCertified.self, DisclosureSet.self, EarlyOpinionsEnded.self,
    ]
}

extension CaseProcedure {
    /// An event of a subject's own.
    static func fact(_ fact: some CaseFact) -> CaseEvent { .further(Further(fact)) }

    /// The clocks that a case beside the plain road may have; whatever ends it stops them.
    static func furtherTimers(_ state: CaseState) -> [String] {
        (state.procedures ?? []).map { TimerName.procedure($0.id) }
            + (state.branches ?? []).filter { $0.opinion == nil }.map { TimerName.opinion($0.department) }
            + (state.awaited == nil ? [] : [TimerName.papers])
            + (state.awaited == nil && state.chasing == nil ? [] : [TimerName.reminder])
            + (state.hearing == nil ? [] : [TimerName.hearing])
    }

    /// What a clock of a subject's own does when it runs out; nil where only the light changes.
    static func furtherCommand(onDue timer: String, _ state: CaseState) -> (any FurtherCommand)? {
        if timer == TimerName.papers { return PapersFellDue() }
        if timer == TimerName.renewal { return RenewalFellDue() }
        if timer == TimerName.reminder { return ChasePapers(words: nil) }
        if timer.hasPrefix("opinion/") { return OpinionFellDue(department: String(timer.dropFirst(8))) }
        return nil
    }

    /// Nothing is decided while the clock stands.
    static func mayGoOn(_ state: CaseState) throws(DomainError) {
        guard !state.isPaused else { throw .refused(Message("cases.refused.paused")) }
    }

    /// Before the decision: where review and approval work on an accepted case.
    static func inReview(_ state: CaseState) throws(DomainError) {
        guard state.stage == .accepted || state.stage == .approving else { throw moved(state) }
    }
}

extension CaseState {
    /// The clock stands for a lawful cause.
    package var isPaused: Bool { promised?.pausedAt != nil }

    /// The step whose task the office has now.
    var step: String {
        switch stage {
        case .approving: "approve"
        case .approved: "complete"
        case .accepted: "review"
        default: "accept"
        }
    }
}
