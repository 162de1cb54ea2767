import Catalogue
package import Kernel
package import Workflow

/// 延续 under way: the holder asked for it in time, and the organ decides before the expiry (行政许可法 art. 50).
package struct Renewal: Sendable, Hashable, Codable {
    package let requestedAt: Moment
    /// Until the last day on which what was granted holds.
    package let limit: RunningLimit
}

/// When a renewal may be asked for.
package struct RenewalWindow: Sendable, Hashable {
    package let from: CivilDate
    package let last: CivilDate

    /// As the item says it, counted back from the expiry; otherwise thirty days before it at the latest, as art. 50 of the
    /// 行政许可法 has it, and ninety at the earliest.
    init(expiry: CivilDate, _ renewal: Catalogue.Outcome.Renewal?, _ calendar: WorkCalendar) {
        from = Self.back(renewal?.from ?? Limit(90, .days), expiry, calendar)
        last = Self.back(renewal?.until ?? Limit(30, .days), expiry, calendar)
    }

    private static func back(_ limit: Limit, _ expiry: CivilDate, _ calendar: WorkCalendar) -> CivilDate {
        switch limit.unit {
        case .workingDays: calendar.adding(workingDays: -limit.amount, to: expiry)
        case .days: expiry.adding(days: -limit.amount)
        case .months: expiry.adding(months: -limit.amount)
        case .years: expiry.adding(months: -limit.amount * 12)
        case .hours, .workingHours: expiry
        }
    }
}

extension CaseProcedure {
    /// Nil where what was granted never expires, or holds no longer.
    static func renewalWindow(_ state: CaseState, _ rules: CaseRules, _ calendar: WorkCalendar) -> RenewalWindow? {
        guard state.stage == .completed, state.afterwards == nil, let until = state.result?.until else { return nil }
        return RenewalWindow(expiry: until, rules.renewal, calendar)
    }
}

/// The holder asks for the renewal of what was granted, within the item's time before it expires.
package struct RequestRenewal: FurtherCommand {
    package static let name = CaseCommand.Name.requestRenewal

    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let window = CaseProcedure.renewalWindow(state, context.rules, context.calendar),
            let until = state.result?.until
        else { throw CaseProcedure.moved(state) }
        guard context.officer == nil else { throw .forbidden }
        guard state.renewal == nil else { throw .refused(Message("cases.refused.renewalAsked")) }
        let today = context.at.date
        guard today >= window.from else { throw .refused(Message("cases.refused.renewalEarly")) }
        guard today <= window.last else { throw .refused(Message("cases.refused.renewalLate")) }
        let limit = RunningLimit(
            limit: Limit(max(1, until.dayNumber - today.dayNumber), .days), startedAt: context.at, dueAt: until.end,
            warnAt: max(context.at, context.calendar.adding(workingDays: -5, to: until).start), dueOn: until,
            provisional: false)
        return [
            CaseProcedure.fact(
                RenewalRequested(
                    at: context.at, renewal: Renewal(requestedAt: context.at, limit: limit),
                    queue: "\(state.department)/approver", words: words, calendar: context.calendar.version))
        ]
    }
}

/// A renewal was asked for.
package struct RenewalRequested: CaseFact {
    package static let name = "renewal-requested"

    let at: Moment
    let renewal: Renewal
    let queue: String
    let words: Sealed
    let calendar: Int

    package func mayFollow(_ state: CaseState) -> Bool {
        state.stage == .completed && state.result?.until != nil && state.renewal == nil && state.afterwards == nil
    }

    package func evolve(_ state: inout CaseState) { state.renewal = renewal }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            CaseProcedure.start(TimerName.renewal, renewal.limit, calendar),
            .openTask(
                TaskSpec(step: "renew", queue: queue, warnAt: renewal.limit.warnAt, dueAt: renewal.limit.dueAt)),
            CaseProcedure.notify("renewalRequested", state, at, ["due": renewal.limit.dueOn.description]),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("renewalRequested", at: at, by: doer, due: renewal.limit.dueOn, words: words)
    }
}

/// Grants or refuses a renewal, in writing; a refusal has its reasons and remedies (行政许可法 arts. 38, 50).
package struct DecideRenewal: FurtherCommand {
    package static let name = CaseCommand.Name.decideRenewal

    let granted: Bool
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .completed, let renewal = state.renewal else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        return [
            CaseProcedure.fact(
                RenewalDecided(
                    at: context.at, by: officer, granted: granted,
                    until: granted ? CaseProcedure.renewed(state, renewal, context.rules) : renewal.limit.dueOn,
                    words: words, notice: notice))
        ]
    }
}

/// Nothing was decided before the expiry: it counts as renewed (行政许可法 art. 50 (2)).
package struct RenewalFellDue: FurtherCommand {
    package static let name = CaseCommand.Name.renewalFellDue

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .completed, let renewal = state.renewal else { return [] }
        return [
            CaseProcedure.fact(
                RenewalDecided(
                    at: context.at, by: nil, granted: true,
                    until: CaseProcedure.renewed(state, renewal, context.rules), words: nil, notice: nil))
        ]
    }
}

/// A renewal was granted, by the organ or by its silence, or refused.
package struct RenewalDecided: CaseFact {
    package static let name = "renewal-decided"

    let at: Moment
    /// Nil where the organ kept silent.
    let by: String?
    let granted: Bool
    /// The last day on which it holds now.
    let until: CivilDate
    let words: Sealed?
    let notice: IssuedNotice?

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .completed && state.renewal != nil }

    package func evolve(_ state: inout CaseState) {
        state.renewal = nil
        if granted { state.result = state.result?.lasting(until: until) }
        // What the organ's silence granted has no paper yet.
        if granted { state.uncertified = by == nil ? until : nil }
        if let notice { state.notices.append(notice) }
    }

    private var kind: String { by == nil ? "renewalDeemed" : granted ? "renewalGranted" : "renewalRefused" }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            .closeTasks(step: "renew"), .stopTimer(name: TimerName.renewal),
            CaseProcedure.notify(kind, state, at, ["due": until.description]),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            kind, at: at, by: by.map { .officer($0) } ?? .system, due: until, words: words, notice: notice)
    }
}

/// The paper of a renewal by silence: drawn by the office's own work after the day passed, issued like any other.
package struct CertifyRenewal: FurtherCommand {
    package static let name = CaseCommand.Name.certifyRenewal

    let notice: IssuedNotice

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let until = state.uncertified else { return [] }
        return [CaseProcedure.fact(RenewalCertified(at: context.at, until: until, notice: notice))]
    }
}

/// The renewal by silence has its paper.
package struct RenewalCertified: CaseFact {
    package static let name = "renewal-certified"

    let at: Moment
    let until: CivilDate
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool { state.uncertified != nil }

    package func evolve(_ state: inout CaseState) {
        state.uncertified = nil
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("renewalCertified", at: at, by: .system, due: until, notice: notice)
    }
}

extension CaseProcedure {
    /// The period begins again on the day after the old one's last.
    static func renewed(_ state: CaseState, _ renewal: Renewal, _ rules: CaseRules) -> CivilDate {
        let first = renewal.limit.dueOn.adding(days: 1)
        guard let validity = rules.validity else {
            let days = state.result.map { renewal.limit.dueOn.dayNumber - $0.on.dayNumber } ?? 0
            return first.adding(days: days)
        }
        return switch validity.unit {
        case .years: first.adding(months: validity.amount * 12).adding(days: -1)
        case .months: first.adding(months: validity.amount).adding(days: -1)
        default: first.adding(days: validity.amount - 1)
        }
    }
}

extension CaseResult {
    func lasting(until: CivilDate?) -> CaseResult {
        CaseResult(number: number, on: on, until: until, delivery: delivery)
    }
}

extension TimerName {
    /// The time to decide on a renewal: until the expiry.
    static let renewal = "renewal"
}
