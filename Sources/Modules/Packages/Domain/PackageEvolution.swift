import Cases
import Kernel
package import Workflow

extension PackageProcedure {
    package static func evolve(_ old: PackageState?, _ event: PackageEvent) throws(JournalError) -> PackageState {
        guard var state = old else {
            guard case .submitted(let data) = event else { throw .impossible("\(event.name) before submitted") }
            return begin(data)
        }
        if state.stage.isEnded { throw .impossible("\(event.name) after the end") }
        switch event {
        case .submitted: throw .impossible("submitted twice")
        case .stepsReleased(let data): try set(data.steps, .due, from: [.waiting], &state, event)
        case .stepOpened(let data):
            let index = try index(of: data.step, in: [.due], state, event)
            state.steps[index].stage = .open
            state.steps[index].caseID = data.caseID
            state.steps[index].number = data.number
            state.steps[index].openedAt = data.at
        case .stepWaits(let data):
            state.steps[try index(of: data.step, in: [.open], state, event)].waitsForApplicant = true
        case .stepGoesOn(let data):
            state.steps[try index(of: data.step, in: [.open], state, event)].waitsForApplicant = false
        case .stepEnded(let data):
            guard let stage = StepState.stage(of: data.outcome) else {
                throw .impossible("step ended in \(data.outcome.rawValue)")
            }
            let index = try index(of: data.step, in: [.open], state, event)
            state.steps[index].stage = stage
            state.steps[index].outcome = data.outcome
            state.steps[index].result = data.result
            state.steps[index].endedAt = data.at
            state.steps[index].waitsForApplicant = false
        case .stepsCancelled(let data): try set(data.steps, .cancelled, from: [.waiting, .due], &state, event)
        case .stepLeftOut(let data):
            try set([data.step], .leftOut, from: [.waiting, .due], &state, event)
            for index in state.steps.indices where state.steps[index].stage == .waiting {
                state.steps[index].plan.goOn(without: data.step)
            }
        case .limitStarted(let data):
            guard state.limit == nil else { throw .impossible("the limit runs already") }
            state.limit = PackageLimit(running: data.running, used: data.used, startedAgainAt: data.at)
        case .limitStopped(let data):
            guard state.limit?.stoppedAt == nil, state.limit != nil else { throw .impossible("no limit to stop") }
            state.limit?.used = data.used
            state.limit?.stoppedAt = data.at
        case .limitResumed(let data):
            guard state.limit?.stoppedAt != nil else { throw .impossible("the limit does not stand") }
            state.limit = PackageLimit(running: data.running, used: data.used, startedAgainAt: data.at)
        case .limitRecounted(let data):
            guard state.limit != nil else { throw .impossible("no limit to count") }
            state.limit?.running = data.running
        case .withdrawn(let data):
            guard state.withdrawnAt == nil else { throw .impossible("withdrawn twice") }
            try set(data.cancelled, .cancelled, from: [.waiting, .due], &state, event)
            state.withdrawnAt = data.at
        case .ended(let data):
            guard data.stage.isEnded, state.steps.allSatisfy(\.stage.isEnded) else {
                throw .impossible("ended with open steps")
            }
            state.stage = data.stage
            state.endedAt = data.at
        }
        return state
    }

    private static func begin(_ data: PackageEvent.Submitted) -> PackageState {
        PackageState(
            number: data.number, package: data.package, version: data.version, department: data.department,
            stage: .running, owner: data.owner, bucket: data.bucket, subject: data.subject, channel: data.channel,
            submittedAt: data.at, form: data.form, files: data.files,
            steps: data.steps.map {
                StepState(
                    plan: $0, stage: .waiting, caseID: nil, number: nil, openedAt: nil, endedAt: nil, outcome: nil,
                    result: nil, waitsForApplicant: false)
            }, receipt: data.receipt?.id, limit: nil, withdrawnAt: nil, endedAt: nil)
    }

    private static func set(
        _ ids: [String], _ stage: StepStage, from stages: Set<StepStage>, _ state: inout PackageState,
        _ event: PackageEvent
    ) throws(JournalError) {
        for id in ids {
            let index = try index(of: id, in: stages, state, event)
            state.steps[index].stage = stage
        }
    }

    private static func index(
        of id: String, in stages: Set<StepStage>, _ state: PackageState, _ event: PackageEvent
    ) throws(JournalError) -> Int {
        guard let index = state.steps.firstIndex(where: { $0.plan.id == id }),
            stages.contains(state.steps[index].stage)
        else { throw .impossible("\(event.name) of \(id)") }
        return index
    }

    /// The clock and the messages that follow from an event. Letters that open cases are posted with the row (`PackageProjection`).
    package static func effects(_ event: PackageEvent, _ state: PackageState) -> [Effect] {
        switch event {
        case .submitted, .stepsReleased, .stepOpened, .stepWaits, .stepGoesOn, .stepEnded, .stepsCancelled,
            .stepLeftOut, .withdrawn:
            []
        case .limitStarted(let data):
            [
                .startTimer(
                    TimerSpec(
                        name: timer, startedAt: data.running.startedAt, limit: data.running.limit,
                        calendarVersion: data.calendar, warnAt: data.running.warnAt, dueAt: data.running.dueAt))
            ]
        case .limitStopped(let data): [.pauseTimer(name: timer, at: data.at)]
        case .limitResumed(let data):
            [
                .resumeTimer(
                    name: timer, at: data.at, dueAt: data.running.dueAt, warnAt: data.running.warnAt),
                .countTimers(calendarVersion: data.calendar),
            ]
        case .limitRecounted(let data):
            [
                .extendTimer(name: timer, dueAt: data.running.dueAt, warnAt: data.running.warnAt),
                .countTimers(calendarVersion: data.calendar),
            ]
        case .ended(let data):
            [
                .stopTimer(name: timer),
                .notify(
                    NotificationSpec(
                        kind: "packages.\(data.stage.rawValue)",
                        arguments: ["number": state.number, "item": state.package], dedup: "ended")),
            ]
        }
    }
}
