package import Kernel
package import Workflow

/// 期限账单: where every day of a case went. Who held it, which limit ran, why one stood, and what is left.
///
/// Nothing is kept for it: the journal is played through the same functions that set the tasks and the limits, so that the
/// bill is what the lights were. The day of an act does not count (行政许可法 art. 82); lines that follow each other share no
/// day, and what they count adds up.
package struct Bill: Sendable, Hashable {
    /// Who had to act.
    package enum Holder: Sendable, Hashable {
        case applicant
        /// A queue, `department/role`, and the officer who took the task from it.
        case office(queue: String, step: String, officer: String?)
        /// The office, where none of its people has a task: a procedure outside runs.
        case outside
    }

    /// A stretch of time in which the same people had the case and the same limits ran.
    package struct Line: Sendable, Hashable {
        package let from: Moment
        /// Nil: until now.
        package let until: Moment?
        package let holders: [Holder]
        /// Names of the limits that ran, and of those that stood.
        package let running: [String]
        package let stopped: [String]
        /// What began it.
        package let cause: TimelineEntry
        /// Working days after the first day up to and with the last.
        package let workingDays: Int
        package let calendarDays: Int
    }

    /// One limit, from its start to its end.
    package struct Account: Sendable, Hashable {
        package let name: String
        package let limit: Limit
        package let startedAt: Moment
        /// When it was fulfilled or dropped; nil while it runs or stands.
        package let endedAt: Moment?
        package let dueOn: CivilDate
        package let dueAt: Moment
        package let warnAt: Moment
        package let isStopped: Bool
        /// In the limit's own unit (`WorkCalendar.used`).
        package let used: Int
        /// Working days in which it stood.
        package let stoppedDays: Int
        package let stops: [Stop]
    }

    /// A time that does not count, and what it began with.
    package struct Stop: Sendable, Hashable {
        package let from: Moment
        package let until: Moment?
        package let cause: TimelineEntry
    }

    /// In the order in which they happened.
    package let lines: [Line]
    package let accounts: [Account]
    /// Entries of the journal it stands on, and the hash of the last: another bill of the same journal says the same.
    package let entries: Int
    package let head: String
    package let at: Moment

    /// - Throws: `JournalError` for a journal that is none of a case.
    package init(_ journal: [JournalEntry], calendar: WorkCalendar, at now: Moment) throws {
        var book = Book(calendar: calendar, now: now)
        var state: CaseState?
        for entry in journal {
            let event = try CaseEvent(name: entry.name, data: entry.data)
            let next = try CaseProcedure.evolve(state, event)
            guard let cause = try Timeline.entries([entry]).first else { continue }
            book.enter(CaseProcedure.effects(event, next), next, cause, at: entry.at)
            state = next
        }
        book.close(state?.endedAt)
        lines = book.lines
        accounts = book.accounts.map { $0.account(calendar, now) }.sorted { $0.startedAt < $1.startedAt }
        entries = journal.count
        head = journal.last?.hash ?? JournalEntry.zero
        at = now
    }

    /// What of a limit is left in its own unit; never negative.
    package static func left(_ account: Account) -> Int {
        switch account.limit.unit {
        case .workingDays, .days: max(0, account.limit.amount - account.used)
        case .hours, .workingHours: max(0, account.limit.amount * 3600 - account.used)
        case .months, .years: 0
        }
    }
}

/// Tasks and limits as they come and go.
private struct Book {
    struct OpenAccount {
        let spec: TimerSpec
        var dueAt: Moment
        var warnAt: Moment
        /// Each run with its end; nil while it runs.
        var runs: [(from: Moment, until: Moment?)]
        var stops: [Bill.Stop] = []
        var endedAt: Moment?

        var isRunning: Bool { endedAt == nil && runs.last?.until == nil }

        func account(_ calendar: WorkCalendar, _ now: Moment) -> Bill.Account {
            let used = runs.reduce(0) { $0 + calendar.used(from: $1.from, to: $1.until ?? now, of: spec.limit) }
            let stood = stops.reduce(0) { sum, stop in
                sum + calendar.consumed(from: stop.from.date, to: (stop.until ?? now).date)
            }
            return Bill.Account(
                name: spec.name, limit: spec.limit, startedAt: spec.startedAt, endedAt: endedAt,
                dueOn: dueAt.adding(milliseconds: -1).date, dueAt: dueAt, warnAt: warnAt,
                isStopped: endedAt == nil && !isRunning, used: used, stoppedDays: stood, stops: stops)
        }
    }

    let calendar: WorkCalendar
    let now: Moment
    var lines: [Bill.Line] = []
    var accounts: [OpenAccount] = []
    private var tasks: [(step: String, queue: String, officer: String?)] = []
    private var open:
        (from: Moment, holders: [Bill.Holder], running: [String], stopped: [String], cause: TimelineEntry)?

    init(calendar: WorkCalendar, now: Moment) {
        self.calendar = calendar
        self.now = now
    }

    mutating func enter(_ effects: [Effect], _ state: CaseState, _ cause: TimelineEntry, at moment: Moment) {
        for effect in effects { carryOut(effect, cause, at: moment) }
        let live = accounts.filter { $0.endedAt == nil }
        let running = live.filter(\.isRunning).map(\.spec.name).sorted()
        let stopped = live.filter { !$0.isRunning }.map(\.spec.name).sorted()
        let holders = holders(state)
        if let open, open.holders == holders, open.running == running, open.stopped == stopped { return }
        // What the office does within itself at the same instant does not hide what happened.
        let cause = open.flatMap { $0.from == moment && cause.isInternal ? $0.cause : nil } ?? cause
        finish(at: moment)
        open = state.stage.isEnded ? nil : (moment, holders, running, stopped, cause)
    }

    mutating func close(_ ended: Moment?) {
        finish(at: ended)
        open = nil
    }

    private func holders(_ state: CaseState) -> [Bill.Holder] {
        if !tasks.isEmpty { return tasks.map { .office(queue: $0.queue, step: $0.step, officer: $0.officer) } }
        return state.stage == .correcting || state.stage == .submitted ? [.applicant] : [.outside]
    }

    /// A line that took no time is left out: what is received in the instant of its submission.
    private mutating func finish(at end: Moment?) {
        guard let line = open, end.map({ $0 > line.from }) ?? true else { return }
        let last = (end ?? now).date
        lines.append(
            Bill.Line(
                from: line.from, until: end, holders: line.holders, running: line.running, stopped: line.stopped,
                cause: line.cause, workingDays: calendar.consumed(from: line.from.date, to: last),
                calendarDays: max(0, last.dayNumber - line.from.date.dayNumber)))
    }

    private mutating func carryOut(_ effect: Effect, _ cause: TimelineEntry, at moment: Moment) {
        switch effect {
        case .openTask(let spec): tasks.append((spec.step, spec.queue, spec.assignee))
        case .closeTasks(let step): tasks.removeAll { step == nil || $0.step == step }
        case .closeTask(let step, let queue): tasks.removeAll { $0.step == step && $0.queue == queue }
        case .assignTasks(let person, _, let queue):
            for index in tasks.indices where queue == nil || tasks[index].queue == queue {
                tasks[index].officer = person
            }
        // A reminder is no limit of anybody's.
        case .startTimer(let spec) where spec.name == TimerName.reminder: break
        case .startTimer(let spec):
            end(spec.name, at: moment)
            accounts.append(
                OpenAccount(spec: spec, dueAt: spec.dueAt, warnAt: spec.warnAt, runs: [(spec.startedAt, nil)]))
        case .stopTimer(let name): end(name, at: moment)
        case .pauseTimer(let name, let at):
            change(name) { account in
                guard account.isRunning else { return }
                account.runs[account.runs.count - 1].until = at
                account.stops.append(Bill.Stop(from: at, until: nil, cause: cause))
            }
        case .resumeTimer(let name, let at, let dueAt, let warnAt):
            change(name) { account in
                (account.dueAt, account.warnAt) = (dueAt, warnAt)
                guard !account.isRunning, let stop = account.stops.popLast() else { return }
                account.stops.append(Bill.Stop(from: stop.from, until: at, cause: stop.cause))
                account.runs.append((at, nil))
            }
        case .extendTimer(let name, let dueAt, let warnAt):
            change(name) { ($0.dueAt, $0.warnAt) = (dueAt, warnAt) }
        case .moveTasks, .countTimers, .notify: break
        }
    }

    private mutating func change(_ name: String, _ body: (inout OpenAccount) -> Void) {
        guard let index = accounts.lastIndex(where: { $0.spec.name == name && $0.endedAt == nil }) else { return }
        body(&accounts[index])
    }

    private mutating func end(_ name: String, at moment: Moment) {
        change(name) { account in
            if account.isRunning { account.runs[account.runs.count - 1].until = moment }
            if let stop = account.stops.last, stop.until == nil {
                account.stops[account.stops.count - 1] = Bill.Stop(from: stop.from, until: moment, cause: stop.cause)
            }
            account.endedAt = moment
        }
    }
}

extension Bill {
    /// The same without who of the office it was: what changes hands inside a post is one line.
    package var withoutOfficers: Bill {
        var merged: [Line] = []
        for line in lines {
            let holders = line.holders.map { holder -> Holder in
                guard case .office(let queue, let step, _) = holder else { return holder }
                return .office(queue: queue, step: step, officer: nil)
            }
            if let last = merged.last, last.holders == holders, last.running == line.running,
                last.stopped == line.stopped, line.cause.isInternal
            {
                merged[merged.count - 1] = Line(
                    from: last.from, until: line.until, holders: holders, running: last.running, stopped: last.stopped,
                    cause: last.cause, workingDays: last.workingDays + line.workingDays,
                    calendarDays: last.calendarDays + line.calendarDays)
            } else {
                merged.append(
                    Line(
                        from: line.from, until: line.until, holders: holders, running: line.running,
                        stopped: line.stopped, cause: line.cause, workingDays: line.workingDays,
                        calendarDays: line.calendarDays))
            }
        }
        return Bill(merged, self)
    }

    private init(_ lines: [Line], _ bill: Bill) {
        self.lines = lines
        accounts = bill.accounts
        entries = bill.entries
        head = bill.head
        at = bill.at
    }

    /// Officers who had the case, by id.
    var officers: Set<String> {
        Set(
            lines.flatMap(\.holders).compactMap { holder in
                if case .office(_, _, let officer) = holder { officer } else { nil }
            })
    }

    /// The provision a line stands on, as a key of `cases.bill.law.…`.
    func law(of line: Line) -> String {
        if !line.stopped.isEmpty {
            let causes = accounts.filter { line.stopped.contains($0.name) }.flatMap(\.stops).filter { stop in
                stop.from <= line.from && stop.until.map { $0 > line.from } ?? true
            }
            return causes.contains { $0.cause.kind.hasPrefix("stay") } ? "stayed" : "stopped"
        }
        if line.running.contains(TimerName.acceptance) { return "acceptance" }
        if line.running.contains(TimerName.correction) { return "correction" }
        let completes = line.holders.contains { holder in
            if case .office(_, let step, _) = holder { step == "complete" } else { false }
        }
        if completes { return "complete" }
        return line.running.isEmpty ? "none" : "promised"
    }
}
