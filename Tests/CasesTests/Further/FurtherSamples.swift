import Kernel
import Registers
import Workflow

@testable import Cases
@testable import Catalogue

/// One fact of every kind beside the plain road, every optional part filled.
enum FurtherSamples {
    static let at = morning("2026-03-12")
    static let words = CaseSamples.sealed("words/1")
    static func notice(_ kind: String) -> IssuedNotice { CaseSamples.notice(kind, at: at) }

    private static let limit = RunningLimit(
        limit: Limit(10, .workingDays), startedAt: at, dueAt: day("2026-03-26").end, warnAt: day("2026-03-25").start,
        dueOn: day("2026-03-26"), provisional: false, used: 3, since: morning("2026-03-17"), extra: 10,
        pausedAt: morning("2026-03-18"))
    private static let goingOn = GoingOn(
        promised: limit, statutory: limit, calendar: 7, task: CaseEventSamples.next("review"))
    private static let branch = Branch(
        department: "health", limit: limit, round: 2, opinion: .conditions, by: "staff-5", answeredAt: at,
        words: words, query: words)

    /// A case that was received.
    private static let before = CaseState(
        number: "5101062026031201000012", item: "shop-licence", itemVersion: 3, department: "market", stage: .received,
        owner: "account-1", bucket: "@07", subject: "subject-1", channel: .web, submittedAt: at, receivedAt: at,
        form: CaseSamples.sealed("form/1"), files: [CaseSamples.file("lease")], points: [], corrections: 0,
        changedMaterials: [], changedFields: [], deemed: false, notices: [notice("receipt")])

    static let facts: [any CaseFact] = [
        ProcedureStarted(
            at: at, by: "staff-2",
            procedure: RunningProcedure(
                id: "experts", kind: .expertReview, startedAt: at, expected: day("2026-04-02"), pauses: true),
            words: words, stops: true, calendar: 7, notice: notice("special-procedure")),
        ProcedureEnded(
            at: at, by: "staff-2", procedure: "experts", kind: .expertReview, words: words, goingOn: goingOn),
        Extended(
            at: at, by: "staff-4", days: 10, words: words, promised: limit, statutory: limit,
            task: CaseEventSamples.next("review"), notice: notice("extension")),
        OpinionsAsked(at: at, by: "staff-2", branches: [branch], calendar: 7, words: words),
        OpinionGiven(
            at: at, by: "staff-5", department: "health", queue: "health/reviewer", opinion: .object, words: words),
        BranchQueried(at: at, by: "staff-5", department: "health", words: words),
        MeetingConvened(at: at, by: "staff-2", on: morning("2026-03-20"), departments: ["health"], words: words),
        MeetingConcluded(at: at, by: "staff-2", conclusion: .goOn, words: words),
        PapersAwaited(
            at: at, by: "staff-1",
            awaited: Awaited(kind: .lacking, points: [CaseSamples.point("m.lease")], limit: limit), words: words,
            calendar: 7, notice: notice("missing-papers")),
        PapersDelivered(
            at: at, form: CaseSamples.sealed("form/2"), changedFields: ["area"], files: [CaseSamples.file("lease")],
            answered: ["o.1"]),
        PapersMissed(at: at, kind: .missing),
        InterestedTold(
            at: at, by: "staff-2", words: words, requestBy: limit, calendar: 7, notice: notice("hearing-right")),
        HearingRequested(at: at, by: "staff-2", words: words, holdBy: limit, calendar: 7),
        HearingAnnounced(
            at: at, by: "staff-2", on: morning("2026-03-24"), chair: "staff-6", words: words,
            notice: notice("hearing")),
        HearingHeld(at: at, by: "staff-2", words: words),
        Publicised(at: at, by: "staff-2", until: day("2026-03-19"), words: words),
        ObjectionRecorded(at: at, by: "staff-2", words: words),
        ObjectionResolved(at: at, by: "staff-2", upheld: true, words: words),
        Stayed(at: at, by: "staff-3", ground: .forceMajeure, words: words, stops: true, notice: notice("stay")),
        StayLifted(at: at, by: "staff-3", words: words, goingOn: goingOn),
        Terminated(at: at, by: "staff-3", ground: .organisation, words: words, notice: notice("termination")),
        Transferred(
            at: at, by: "staff-2", to: "health", words: words, next: CaseEventSamples.next("review"),
            notice: notice("transfer")),
        HandlerChanged(at: at, by: "staff-4", from: "staff-2", to: "staff-6", recused: "staff-2", words: words),
        PromiseSigned(at: at, materials: ["lease"], words: words, notice: notice("promise")),
        FollowUpOpened(
            at: at, followUp: FollowUp(kind: .promise, limit: limit, rectifying: false), queue: "market/reviewer",
            calendar: 7),
        FollowUpChecked(
            at: at, by: "staff-2", kind: .promise, finding: .rectify, words: words,
            next: FollowUp(kind: .promise, limit: limit, rectifying: true), notice: notice("promise-rectification")),
        WasServed(
            at: at, by: "staff-1",
            served: Served(
                method: .direct, on: day("2026-03-12"), reviewUntil: day("2026-05-11"), courtUntil: day("2026-09-14")),
            words: words, notice: notice("service")),
        Archived(
            at: at, by: "staff-1", keptUntil: day("2036-03-12"), papers: 4, files: 2, words: words,
            notice: notice("archive")),
        Pushed(at: at, by: "staff-1", to: "health", task: CaseEventSamples.next("acknowledge"), words: words),
        Acknowledged(at: at, by: "staff-5", of: "health", words: words),
        TakenBack(at: at, by: "staff-4", ground: .fraud, words: words, notice: notice("revocation")),
        ResultCorrected(
            at: at, by: "staff-1", until: day("2031-03-11"), words: words, notice: notice("correction-of-result")),
        Reopened(
            at: at, by: "staff-4", cause: .review, words: words, promised: limit, statutory: limit, calendar: 7,
            next: CaseEventSamples.next("review"), notice: notice("redecision")),
        FeeAssessed(at: at, by: "staff-1", amount: 1_250, words: words, notice: notice("fee")),
        FeeSettled(at: at, by: "staff-1", standing: .waived, words: words),
        RemoteCheckAsked(at: at, words: words, until: morning("2026-03-15")),
        RemoteCheckRecorded(at: at, file: "file-9", digest: "00ff", task: CaseEventSamples.next("identity")),
        RemoteCheckConfirmed(at: at, by: "staff-1", means: .video, words: words),
        RemoteCheckDeclined(at: at, by: "staff-1", means: .video, words: words),
        DecidedInstantly(
            at: at,
            result: CaseResult(
                number: "JY15101062600001", on: day("2026-03-12"), until: day("2031-03-11"), delivery: "electronic"),
            notices: [notice("approval"), notice("delivery")]),
        LeftToPeople(
            at: at,
            basis: InstantBasis(
                reason: .register,
                registers: [
                    AskedRegister(
                        register: "household", standing: .stale, asOf: day("2026-01-12"), edition: 3, isOwn: true)
                ],
                certificates: [
                    HeldCertificate(
                        type: "shop-licence", area: AreaCode("510106") ?? AreaCode(bucket: 0),
                        number: "5101062026031201")
                ],
                facts: CaseSamples.sealed("instant/1"))),
        PreReviewed(at: at, by: "staff-1", words: words),
        Simulated(
            review: SimulatedReview(at: at, by: "staff-2", favourable: true, words: words),
            notice: notice("simulated")),
        ReportedUp(
            at: at, by: "staff-2", to: "city-health", words: words, limit: limit, calendar: 7,
            next: CaseEventSamples.next("answer"), notice: notice("report-up")),
        SuperiorAnswered(
            at: at, by: "staff-2", from: "city-health", answer: .returned, words: words, limit: limit, calendar: 7,
            next: CaseEventSamples.next("review"), notice: notice("passed-on")),
        CorrectedOnSpot(
            at: at, by: "staff-1", form: CaseSamples.sealed("form/2"), fields: ["area"], words: words),
        ChangeRequested(
            at: at, change: PendingChange(requestedAt: at, limit: limit), queue: "market/approver", words: words,
            calendar: 7),
        Amended(at: at, by: "staff-3", granted: true, words: words, notice: notice("change")),
        Succeeded(
            at: at, by: "staff-3", ground: .merger, form: CaseSamples.sealed("form/2"),
            to: CaseOwner(account: "account-2", bucket: "@08", subject: "subject-2"), words: words,
            notice: notice("succession")),
        EarlyOpinionsEnded(at: at, departments: ["health"]),
        DisclosureSet(at: at, by: "staff-3", withheld: .tradeSecret, words: words),
        RenewalCertified(at: at, until: day("2031-03-26"), notice: notice("renewal")),
        ApplicationAmended(
            at: at, form: CaseSamples.sealed("form/2"), changedFields: ["area"], files: [CaseSamples.file("lease")],
            next: CaseEventSamples.next("review"), reviewer: "staff-2", notice: notice("amendment")),
        FalsityRecorded(
            at: at, by: "staff-4", until: day("2027-03-12"), words: words, notice: notice("falsity")),
        RenewalRequested(
            at: at, renewal: Renewal(requestedAt: at, limit: limit), queue: "market/approver", words: words, calendar: 7
        ),
        RenewalDecided(
            at: at, by: "staff-3", granted: true, until: day("2031-03-26"), words: words, notice: notice("renewal")),
        PapersChased(
            at: at, by: "staff-1", due: day("2026-03-19"), count: 2, words: words, left: [morning("2026-03-19")],
            calendar: 7),
        Undone(
            at: at, by: "staff-2", event: "accepted", actor: "staff-1", words: words, before: before,
            tasks: [
                TaskBack(
                    step: "accept", queue: "market/clerk", assignee: "staff-1", warnAt: day("2026-03-18").start,
                    dueAt: day("2026-03-19").end)
            ],
            limits: [
                LimitBack(
                    name: "acceptance", startedAt: at, limit: Limit(5, .workingDays), calendar: 7,
                    warnAt: day("2026-03-18").start, dueAt: day("2026-03-19").end, pausedAt: at, goesOn: true)
            ],
            stopped: ["promised"]),
    ]

    static let names = facts.map { type(of: $0).name }
}
