import Kernel
import Testing
import Workflow

@testable import Cases

/// A case without an office: the pure functions, the timers and tasks their effects ask for, and a hand on the clock.
struct CaseTrial {
    let rules: CaseRules
    var calendar = CaseSamples.calendar
    var now = morning("2026-03-12")
    private(set) var state: CaseState?
    private(set) var events: [CaseEvent] = []
    private(set) var timers: [String: TimerSpec] = [:]
    /// Timers that stand, and since when.
    private(set) var paused: [String: Moment] = [:]
    private(set) var tasks: [OpenTask] = []
    private(set) var messages: [String] = []
    /// By which calendar the timers were last said to be counted.
    private(set) var calendarVersion: Int?

    struct OpenTask: Equatable {
        var step: String
        var queue: String
        var assignee: String?
        let openedAt: Moment
        var warnAt: Moment
        var dueAt: Moment

        var counted: CountedTask {
            CountedTask(step: step, queue: queue, openedAt: openedAt, warnAt: warnAt, dueAt: dueAt)
        }
    }

    init(_ rules: CaseRules = CaseSamples.rules()) { self.rules = rules }

    /// A case brought to a stage along the plain road, in March 2026.
    init(at stage: CaseStage, _ rules: CaseRules = CaseSamples.rules()) throws {
        self.init(rules)
        for (command, officer) in Self.road(to: stage) { try perform(command, by: officer) }
        try #require(state?.stage == stage)
    }

    /// What a person does; `nil` is the applicant or a timer.
    @discardableResult
    mutating func perform(_ command: CaseCommand, by officer: String? = nil) throws -> [CaseEvent] {
        let context = CaseContext(at: now, rules: rules, calendar: calendar, officer: officer)
        let new = try CaseProcedure.decide(command, state, context)
        for event in new {
            let next = try CaseProcedure.evolve(state, event)
            state = next
            events.append(event)
            for effect in CaseProcedure.effects(event, next) { carryOut(effect) }
        }
        return new
    }

    /// Moves the clock to a timer's end and lets it fall due.
    mutating func letFallDue(_ timer: String) throws {
        let running = try #require(timers[timer], "\(timer) runs")
        now = running.dueAt
        let command = try #require(CaseProcedure.command(onDue: timer, try current))
        try perform(command)
    }

    /// What the office does once the area's calendar has changed.
    @discardableResult
    mutating func recount() throws -> [CaseEvent] { try perform(.recountLimits(tasks.map(\.counted))) }

    var current: CaseState {
        get throws { try #require(state) }
    }

    private mutating func carryOut(_ effect: Effect) {
        switch effect {
        case .openTask(let spec):
            tasks.append(
                OpenTask(
                    step: spec.step, queue: spec.queue, assignee: spec.assignee, openedAt: now, warnAt: spec.warnAt,
                    dueAt: spec.dueAt))
        case .closeTasks(let step): tasks.removeAll { step == nil || $0.step == step }
        case .closeTask(let step, let queue): tasks.removeAll { $0.step == step && $0.queue == queue }
        case .assignTasks(let person, _, let queue):
            for index in tasks.indices where queue == nil || tasks[index].queue == queue {
                tasks[index].assignee = person
            }
        case .startTimer(let spec):
            timers[spec.name] = spec
            paused[spec.name] = nil
        case .stopTimer(let name):
            timers[name] = nil
            paused[name] = nil
        case .moveTasks(let step, let warnAt, let dueAt):
            for index in tasks.indices where tasks[index].step == step {
                tasks[index].warnAt = warnAt
                tasks[index].dueAt = dueAt
            }
        case .pauseTimer(let name, let moment): if timers[name] != nil { paused[name] = paused[name] ?? moment }
        case .resumeTimer(let name, _, let dueAt, let warnAt):
            paused[name] = nil
            carryOut(.extendTimer(name: name, dueAt: dueAt, warnAt: warnAt))
        case .extendTimer(let name, let dueAt, let warnAt):
            timers[name] = timers[name].map { spec in
                TimerSpec(
                    name: name, startedAt: spec.startedAt, limit: spec.limit, calendarVersion: spec.calendarVersion,
                    warnAt: warnAt, dueAt: dueAt)
            }
        case .countTimers(let version): calendarVersion = version
        case .notify(let spec): messages.append(spec.kind)
        }
    }

    private static func road(to stage: CaseStage) -> [(CaseCommand, String?)] {
        let at = morning("2026-03-12")
        let words = CaseSamples.sealed("words/1")
        let received: [(CaseCommand, String?)] = [(.submit(CaseSamples.submission()), nil)]
        let accepted = received + [(.accept(notice: CaseSamples.notice("acceptance", at: at)), "clerk")]
        let approving = accepted + [(.passReview(words: words), "reviewer")]
        let approved = approving + [(.approve(notice: CaseSamples.notice("approval", at: at)), "approver")]
        switch stage {
        case .submitted: return [(.submit(CaseSamples.submission(onPaper: true)), nil)]
        case .received: return received
        case .correcting: return received + [(CaseSamples.correction(["m.lease"]), "clerk")]
        case .accepted: return accepted
        case .approving: return approving
        case .approved: return approved
        case .refused:
            return approving + [(.refuse(words: words, notice: CaseSamples.notice("refusal", at: at)), "approver")]
        case .completed: return approved + [(.complete(CaseSamples.result(), notice: nil), "clerk")]
        case .declined:
            return received + [(.decline(words: words, notice: CaseSamples.notice("decline", at: at)), "clerk")]
        case .notNeeded:
            return received + [(.notNeeded(words: words, notice: CaseSamples.notice("not-needed", at: at)), "clerk")]
        case .withdrawn: return received + [(.withdraw(reason: nil), nil)]
        case .lapsed: return received + [(CaseSamples.correction(["m.lease"]), "clerk"), (.correctionFellDue, nil)]
        case .voided: return received + [(.void(words: words), "second")]
        case .terminated:
            return accepted + [
                (
                    .further(
                        Terminate(
                            ground: .organisation, words: words, notice: CaseSamples.notice("termination", at: at))),
                    "approver"
                )
            ]
        }
    }
}

/// The message of the refusal or conflict that `body` ends in.
func refusal(_ body: () throws -> Void) throws -> DomainError {
    let error = #expect(throws: DomainError.self) { try body() }
    return try #require(error)
}
