import Cases
import Catalogue
package import Kernel
import Workflow

/// The procedure of a one-thing package 一件事: steps open as what they wait for is done, results come one by one, and what fails
/// takes with it only what the package's rule says. Each step stays a case of its department, with its own limits and remedies.
package enum PackageProcedure: Proceeding {
    package typealias State = PackageState
    package typealias Command = PackageCommand
    package typealias Event = PackageEvent
    package typealias Context = PackageContext

    package static let kind = "package"
    package static let format = 1
    /// The only limit a package runs.
    package static let timer = "promised"

    package static func files(_ state: PackageState) -> [String] { state.files.map(\.id) }

    package static func decide(
        _ command: PackageCommand, _ state: PackageState?, _ context: PackageContext
    ) throws(DomainError) -> [PackageEvent] {
        guard let state else {
            guard case .submit(let submission) = command else { throw .notFound }
            return try submit(submission, context)
        }
        switch command {
        case .submit(let submission):
            guard submission.form.slot == state.form.slot else { throw moved(state) }
            return []
        case .open(let opened):
            // Another server was faster, or the package was withdrawn meanwhile: then no case begins.
            guard state.step(opened.step)?.stage == .due else { throw moved(state) }
            return [self.opened(opened, context)]
        case .caseMoved(let step, let stage, let result):
            return try caseMoved(step, to: stage, result, state, context)
        case .leaveOut(let step): return try leaveOut(step, state, context)
        case .withdraw:
            if state.withdrawnAt != nil { return [] }
            guard !state.stage.isEnded else { throw moved(state) }
            return try closing(
                [.withdrawn(.init(cancelled: unbegun(state), at: context.at))], after: state, context)
        case .recountLimit:
            guard let limit = state.limit, limit.stoppedAt == nil, !state.stage.isEnded else { return [] }
            let new = running(limit.running.limit, from: limit.startedAgainAt, used: limit.used, context)
                .started(at: limit.running.startedAt)
            // What still runs is not ended by counting.
            if new == limit.running || (new.dueAt <= context.at && limit.running.dueAt > context.at) { return [] }
            return [
                .limitRecounted(
                    .init(running: new, used: limit.used, calendar: context.calendar.version, at: context.at))
            ]
        }
    }

    package static func command(onDue timer: String, _ state: PackageState) -> PackageCommand? { nil }

    private static func moved(_ state: PackageState) -> DomainError {
        .conflict(Message("packages.conflict.\(state.stage.rawValue)"))
    }

    // MARK: Submission

    private static func submit(_ submission: PackageSubmission, _ context: PackageContext) throws(DomainError)
        -> [PackageEvent]
    {
        guard !submission.steps.isEmpty else { throw .refused(Message("packages.refused.noSteps")) }
        let ready = submission.steps.filter(\.after.isEmpty).map(\.id)
        let opened = submission.first.filter { ready.contains($0.step) }
        let late = ready.filter { id in !opened.contains { $0.step == id } }
        let begun = PackageEvent.submitted(
            .init(
                number: submission.number, package: submission.package, version: submission.version,
                department: submission.department, owner: submission.owner, bucket: submission.bucket,
                subject: submission.subject, channel: submission.channel, form: submission.form,
                files: submission.files, steps: submission.steps, receipt: submission.receipt,
                at: context.at))
        return [begun, .stepsReleased(.init(steps: opened.map(\.step) + late, at: context.at))]
            + opened.map { self.opened($0, context) }
    }

    private static func opened(_ step: OpenedStep, _ context: PackageContext) -> PackageEvent {
        .stepOpened(.init(step: step.step, caseID: step.caseID, number: step.number, at: context.at))
    }

    // MARK: What becomes of the cases

    private static func caseMoved(
        _ id: String, to stage: CaseStage, _ result: String?, _ state: PackageState, _ context: PackageContext
    ) throws(DomainError) -> [PackageEvent] {
        guard let step = state.step(id), step.stage == .open else { return [] }
        var events: [PackageEvent] = []
        if stage == .correcting, !step.waitsForApplicant {
            events.append(.stepWaits(.init(step: id, at: context.at)))
        } else if step.waitsForApplicant, stage != .correcting {
            events.append(.stepGoesOn(.init(step: id, at: context.at)))
        }
        if [.accepted, .approving, .approved].contains(stage), state.limit == nil {
            events.append(limited(from: context.at, used: 0, first: true, context))
        }
        guard stage.isEnded else { return try clock(events, after: state, context) }
        events.append(.stepEnded(.init(step: id, outcome: stage, result: result, at: context.at)))
        let failed = StepState.stage(of: stage) != .done && step.plan.onFailure == .stop
        return try following(events, stops: failed, after: state, context)
    }

    /// What a step that ended opens, what it takes with it, and the end of all.
    private static func following(
        _ events: [PackageEvent], stops: Bool, after state: PackageState, _ context: PackageContext
    ) throws(DomainError) -> [PackageEvent] {
        var events = events
        var now = try evolved(state, events)
        if now.withdrawnAt == nil {
            let lost = stops ? unbegun(now) : lost(now)
            if !lost.isEmpty {
                events.append(.stepsCancelled(.init(steps: lost, at: context.at)))
                now = try evolved(state, events)
            }
            let ready = now.steps.filter { step in
                step.stage == .waiting && step.plan.after.allSatisfy { now.step($0)?.stage == .done }
            }
            if !ready.isEmpty {
                events.append(.stepsReleased(.init(steps: ready.map(\.plan.id), at: context.at)))
            }
        }
        return try closing(events, after: state, context)
    }

    // MARK: What the applicant no longer wants

    /// A step that has not begun is left out as though it had not been asked for: only one that the package asks about, and
    /// none whose result a later one takes. The promise for the whole stays; where nothing is left to do the package ends.
    private static func leaveOut(
        _ id: String, _ state: PackageState, _ context: PackageContext
    ) throws(DomainError) -> [PackageEvent] {
        guard let step = state.step(id) else { throw .notFound }
        if step.stage == .leftOut { return [] }
        guard !state.stage.isEnded, state.withdrawnAt == nil else { throw moved(state) }
        if let fault = hindrance(step, state, context) { throw .refused(fault) }
        return try following(
            [.stepLeftOut(.init(step: id, at: context.at))], stops: false, after: state, context)
    }

    /// What is in the way of leaving a step out; nil where it may be.
    static func hindrance(_ step: StepState, _ state: PackageState, _ context: PackageContext) -> Message? {
        guard step.stage == .waiting || step.stage == .due else { return Message("packages.refused.stepBegan") }
        guard context.optional.contains(step.plan.id) else { return Message("packages.refused.stepBelongs") }
        let others = state.steps.filter { $0.plan.id != step.plan.id && $0.stage != .leftOut }
        guard !others.isEmpty else { return Message("packages.refused.lastStep") }
        let taken = others.contains { other in
            [.waiting, .due].contains(other.stage)
                && context.needs[other.plan.id]?.contains(step.plan.id) == true
        }
        return taken ? Message("packages.refused.stepNeeded") : nil
    }

    /// Steps that no case stands for yet.
    private static func unbegun(_ state: PackageState) -> [String] {
        state.steps.filter { $0.stage == .waiting || $0.stage == .due }.map(\.plan.id)
    }

    /// Steps that wait for what will never be done.
    private static func lost(_ state: PackageState) -> [String] {
        var gone = Set(
            state.steps.filter { [.failed, .withdrawn, .cancelled].contains($0.stage) }.map(\.plan.id))
        var lost: [String] = []
        // As often as there are steps: what waits for a lost one is lost too.
        for _ in state.steps {
            for step in state.steps
            where step.stage == .waiting && !gone.contains(step.plan.id)
                && step.plan.after.contains(where: gone.contains)
            {
                gone.insert(step.plan.id)
                lost.append(step.plan.id)
            }
        }
        return lost
    }

    private static func closing(
        _ events: [PackageEvent], after state: PackageState, _ context: PackageContext
    ) throws(DomainError) -> [PackageEvent] {
        let now = try evolved(state, events)
        guard now.steps.allSatisfy(\.stage.isEnded) else { return try clock(events, after: state, context) }
        return events + [.ended(.init(stage: outcome(now), at: context.at))]
    }

    private static func outcome(_ state: PackageState) -> PackageStage {
        if state.withdrawnAt != nil { return .withdrawn }
        let done = state.steps.count { $0.stage == .done }
        if done == state.steps.count(where: { $0.stage != .leftOut }) { return .completed }
        return done == 0 ? .failed : .partly
    }

    // MARK: The overall limit

    /// The clock stands while every open step waits for the applicant, and goes on with the first that no longer does.
    private static func clock(
        _ events: [PackageEvent], after state: PackageState, _ context: PackageContext
    ) throws(DomainError) -> [PackageEvent] {
        let now = try evolved(state, events)
        guard let limit = now.limit else { return events }
        let busy = now.steps.filter { $0.stage == .open || $0.stage == .due }
        let stands = !busy.isEmpty && busy.allSatisfy { $0.stage == .open && $0.waitsForApplicant }
        if stands, limit.stoppedAt == nil {
            let used =
                limit.used
                + context.calendar.used(from: limit.startedAgainAt, to: context.at, of: limit.running.limit)
            return events + [.limitStopped(.init(used: used, at: context.at))]
        }
        if !stands, limit.stoppedAt != nil {
            let new = running(limit.running.limit, from: context.at, used: limit.used, context)
                .started(at: limit.running.startedAt)
            return events + [
                .limitResumed(
                    .init(running: new, used: limit.used, calendar: context.calendar.version, at: context.at))
            ]
        }
        return events
    }

    private static func limited(from start: Moment, used: Int, first: Bool, _ context: PackageContext) -> PackageEvent {
        .limitStarted(
            .init(
                running: running(context.promised, from: start, used: used, context), used: used,
                calendar: context.calendar.version, at: start))
    }

    private static func running(_ limit: Limit, from start: Moment, used: Int, _ context: PackageContext)
        -> RunningLimit
    {
        let deadline = context.calendar.deadline(after: start, limit: limit, used: used)
        let warn = context.calendar.warnMoment(for: deadline, limit: limit, share: context.yellowPercent, of: 100)
        return RunningLimit(
            limit: limit, startedAt: start, dueAt: deadline.moment, warnAt: warn, dueOn: deadline.date,
            provisional: deadline.provisional)
    }

    private static func evolved(_ state: PackageState, _ events: [PackageEvent]) throws(DomainError) -> PackageState {
        var state = state
        for event in events {
            do { state = try evolve(state, event) } catch { throw moved(state) }
        }
        return state
    }
}

extension RunningLimit {
    /// The same end, begun at another moment.
    func started(at moment: Moment) -> RunningLimit {
        RunningLimit(
            limit: limit, startedAt: moment, dueAt: dueAt, warnAt: warnAt, dueOn: dueOn, provisional: provisional)
    }
}

extension StepState {
    /// What the end of a case makes of its step; nil while it runs.
    static func stage(of stage: CaseStage) -> StepStage? {
        guard stage.isEnded else { return nil }
        return switch stage {
        case .completed, .notNeeded: .done
        case .withdrawn: .withdrawn
        default: .failed
        }
    }
}
