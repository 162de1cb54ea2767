package import Kernel
package import Workflow

/// A task as it is opened again.
package struct TaskBack: Sendable, Hashable, Codable {
    let step: String
    let queue: String
    var assignee: String?
    var warnAt: Moment
    var dueAt: Moment
}

/// A limit as it is set again.
package struct LimitBack: Sendable, Hashable, Codable {
    let name: String
    let startedAt: Moment
    let limit: Limit
    let calendar: Int
    var warnAt: Moment
    var dueAt: Moment
    var pausedAt: Moment?
    /// It runs, or stands, after the act too, only otherwise.
    var goesOn = false

    func effects(at moment: Moment) -> [Effect] {
        guard goesOn else {
            let start = Effect.startTimer(
                TimerSpec(
                    name: name, startedAt: startedAt, limit: limit, calendarVersion: calendar, warnAt: warnAt,
                    dueAt: dueAt))
            return [start] + (pausedAt.map { [.pauseTimer(name: name, at: $0)] } ?? [])
        }
        if let pausedAt {
            return [
                .extendTimer(name: name, dueAt: dueAt, warnAt: warnAt), .pauseTimer(name: name, at: pausedAt),
            ]
        }
        return [.resumeTimer(name: name, at: moment, dueAt: dueAt, warnAt: warnAt)]
    }
}

/// How a case stood before the last act, and what that act was: read from its journal.
package struct LastAct: Sendable, Hashable {
    /// The name of its event.
    let event: String
    let by: String
    let at: Moment
    /// Documents that were issued with it.
    let notices: [String]
    let before: CaseState
    let after: CaseState
    let tasks: [TaskBack]
    /// Limits that the act stopped or changed, as they stood before.
    let limits: [LimitBack]
    /// Names of the limits that it started.
    let started: [String]

    /// Acts that can be taken back, with the officers who may do so. What has effects outside the case (a package's steps, whose it is,
    /// the register, a revocation, an archive) is not among them: it has acts of its own.
    static let groups: [String: ActGroup] = [
        "accepted": .accept, "correction-requested": .accept, "declined": .accept, "not-needed": .accept,
        PreReviewed.name: .accept, FeeAssessed.name: .accept, FeeSettled.name: .accept,
        "review-passed": .review, ProcedureStarted.name: .review, ProcedureEnded.name: .review,
        OpinionsAsked.name: .review, MeetingConvened.name: .review, MeetingConcluded.name: .review,
        PapersAwaited.name: .review, InterestedTold.name: .review, HearingAnnounced.name: .review,
        HearingHeld.name: .review, Publicised.name: .review, ObjectionResolved.name: .review,
        "approved": .approve, "refused": .approve, "sent-back": .approve, Stayed.name: .approve,
        StayLifted.name: .approve, Terminated.name: .approve,
        "completed": .complete, ResultCorrected.name: .complete,
        CorrectedOnSpot.name: .accept, Simulated.name: .review, ReportedUp.name: .review,
        SuperiorAnswered.name: .review, RenewalDecided.name: .approve, Amended.name: .approve,
        Extended.name: .head, RemoteCheckConfirmed.name: .accept, RemoteCheckDeclined.name: .accept,
    ]
}

extension LastAct {
    /// The last act of the journal; nil where it was none of an officer's, or none that can be taken back.
    ///
    /// - Throws: `JournalError` for a journal that is none of a case.
    init?(_ journal: [JournalEntry]) throws {
        guard let last = journal.last, let officer = last.officer else { return nil }
        let start =
            (journal.lastIndex { $0.request != last.request || $0.at != last.at || $0.officer != officer } ?? -1) + 1
        guard start > 0, let first = journal[start...].first(where: { Self.groups[$0.name] != nil }),
            first.seq == journal[start].seq
        else { return nil }
        var desk = Standings()
        var states: [CaseState] = []
        for entry in journal {
            let event = try CaseEvent(name: entry.name, data: entry.data)
            let next = try CaseProcedure.evolve(states.last, event)
            if entry.seq == journal[start].seq { desk.keep() }
            for effect in CaseProcedure.effects(event, next) { desk.carryOut(effect) }
            states.append(next)
        }
        guard let after = states.last else { return nil }
        self.init(first.name, by: officer, at: last.at, before: states[start - 1], after: after, desk)
    }
}

extension LastAct {
    /// What holds of a journal: without the acts that were taken back, and without their taking back.
    package static func holding(_ journal: [JournalEntry]) -> [JournalEntry] {
        var holding: [JournalEntry] = []
        for entry in journal {
            guard entry.name == Undone.name, let undone = holding.last else {
                holding.append(entry)
                continue
            }
            while let last = holding.last, last.request == undone.request, last.at == undone.at {
                holding.removeLast()
            }
        }
        return holding
    }
}

extension LastAct {
    /// The act of which an officer's step of the model consists; nil where it cannot be taken back.
    init?(_ step: ProcedureModel<CaseProcedure>.Step) {
        guard let officer = step.context.officer, let first = step.events.first, Self.groups[first] != nil else {
            return nil
        }
        var desk = Standings()
        for (index, effect) in step.effects.enumerated() {
            if index == step.earlier { desk.keep() }
            desk.carryOut(effect)
        }
        if step.effects.count == step.earlier { desk.keep() }
        self.init(
            first, by: officer, at: step.context.at, before: step.before, after: step.after, desk)
    }

    fileprivate init(
        _ event: String, by officer: String, at moment: Moment, before: CaseState, after: CaseState, _ desk: Standings
    ) {
        self.event = event
        by = officer
        at = moment
        self.before = before
        self.after = after
        let known = Set(before.notices.map(\.id))
        notices = after.notices.map(\.id).filter { !known.contains($0) }
        tasks = desk.kept.tasks
        let (earlier, now) = (desk.kept.limits, desk.limits)
        limits = earlier.filter { !now.contains($0) }.map { limit in
            var limit = limit
            limit.goesOn = now.contains { $0.name == limit.name }
            return limit
        }
        started = now.map(\.name).filter { name in !earlier.contains { $0.name == name } }
    }
}

/// Tasks and limits as effects leave them.
private struct Standings {
    var tasks: [TaskBack] = []
    var limits: [LimitBack] = []
    private(set) var kept: (tasks: [TaskBack], limits: [LimitBack]) = ([], [])

    mutating func keep() { kept = (tasks, limits) }

    mutating func carryOut(_ effect: Effect) {
        switch effect {
        case .openTask(let spec):
            tasks.append(
                TaskBack(
                    step: spec.step, queue: spec.queue, assignee: spec.assignee, warnAt: spec.warnAt,
                    dueAt: spec.dueAt))
        case .closeTasks(let step): tasks.removeAll { step == nil || $0.step == step }
        case .closeTask(let step, let queue): tasks.removeAll { $0.step == step && $0.queue == queue }
        case .assignTasks(let person, _, let queue):
            for index in tasks.indices where queue == nil || tasks[index].queue == queue {
                tasks[index].assignee = person
            }
        case .moveTasks(let step, let warnAt, let dueAt):
            for index in tasks.indices where tasks[index].step == step {
                (tasks[index].warnAt, tasks[index].dueAt) = (warnAt, dueAt)
            }
        case .startTimer(let spec):
            limits.removeAll { $0.name == spec.name }
            limits.append(
                LimitBack(
                    name: spec.name, startedAt: spec.startedAt, limit: spec.limit, calendar: spec.calendarVersion,
                    warnAt: spec.warnAt, dueAt: spec.dueAt))
        case .stopTimer(let name): limits.removeAll { $0.name == name }
        case .pauseTimer(let name, let moment): change(name) { $0.pausedAt = $0.pausedAt ?? moment }
        case .resumeTimer(let name, _, let dueAt, let warnAt):
            change(name) { ($0.pausedAt, $0.warnAt, $0.dueAt) = (nil, warnAt, dueAt) }
        case .extendTimer(let name, let dueAt, let warnAt):
            change(name) { ($0.warnAt, $0.dueAt) = (warnAt, dueAt) }
        case .countTimers, .notify: break
        }
    }

    private mutating func change(_ name: String, _ body: (inout LimitBack) -> Void) {
        for index in limits.indices where limits[index].name == name { body(&limits[index]) }
    }
}

/// 撤回操作: an officer's last act is taken back within the item's minutes, as long as nothing was served and nothing has
/// happened since. Where a document was issued, a second officer does it. Both stay in the journal.
package struct Undo: FurtherCommand {
    package static let name = CaseCommand.Name.undo

    let last: LastAct
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        let officer = try CaseProcedure.officer(context)
        // Something happened since the journal was read.
        guard state == last.after else { throw CaseProcedure.moved(state) }
        if let fault = Self.hindrance(last, officer, context) { throw .refused(fault) }
        return [
            CaseProcedure.fact(
                Undone(
                    at: context.at, by: officer, event: last.event, actor: last.by, words: words, before: last.before,
                    tasks: last.tasks, limits: last.limits, stopped: last.started))
        ]
    }

    /// What is in the way; nil where it may be taken back.
    static func hindrance(_ last: LastAct, _ officer: String, _ context: CaseContext) -> Message? {
        guard last.after.served == nil else { return Message("cases.refused.servedOnce") }
        guard last.after.part == nil || !last.after.stage.isEnded else { return Message("cases.refused.undoPackage") }
        guard context.at < last.at.adding(seconds: Int64(context.rules.undoMinutes) * 60) else {
            return Message("cases.refused.undoLate", ["minutes": String(context.rules.undoMinutes)])
        }
        if last.notices.isEmpty { return last.by == officer ? nil : Message("cases.refused.undoOthers") }
        return last.by == officer ? Message("cases.refused.undoSecond") : nil
    }
}

/// The last act was taken back: the case stands as before it.
package struct Undone: CaseFact {
    package static let name = "undone"

    let at: Moment
    let by: String
    /// The name of the event that holds no longer, and whose it was.
    let event: String
    let actor: String
    let words: Sealed
    let before: CaseState
    let tasks: [TaskBack]
    let limits: [LimitBack]
    /// Limits that the act started.
    let stopped: [String]

    package func mayFollow(_ state: CaseState) -> Bool {
        state.served == nil && state.number == before.number && state != before
    }

    package func evolve(_ state: inout CaseState) { state = before }

    package func effects(_ state: CaseState) -> [Effect] {
        [.closeTasks(step: nil)] + stopped.map { .stopTimer(name: $0) }
            + limits.flatMap { $0.effects(at: at) }
            + tasks.map {
                .openTask(
                    TaskSpec(
                        step: $0.step, queue: $0.queue, assignee: $0.assignee, warnAt: $0.warnAt, dueAt: $0.dueAt))
            } + [CaseProcedure.notify("undone", state, at)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("undone", at: at, by: .officer(by), words: words, about: "cases.undo.\(event)")
    }
}
