package import Kernel
package import Workflow

/// 送达: how and when the decision reached the holder; the remedy periods run from it.
package struct Served: Sendable, Hashable, Codable {
    /// 民事诉讼法 arts. 87–95 by way of 行政许可法 art. 44.
    package enum Method: String, Sendable, Hashable, Codable, CaseIterable {
        case direct
        /// 留置: left where the addressee refuses it.
        case left
        case post
        /// Only with consent.
        case electronic
        /// 公告: served thirty days after the announcement (民事诉讼法 art. 95).
        case announcement
    }

    package let method: Method
    /// The day it counts as served.
    package let on: CivilDate
    /// Sixty days to the review organ (行政复议法 art. 20).
    package let reviewUntil: CivilDate
    /// Six months to the court (行政诉讼法 art. 46).
    package let courtUntil: CivilDate
}

/// Records the service of the decision.
package struct Serve: FurtherCommand {
    package static let name = CaseCommand.Name.serve

    let method: Served.Method
    let on: CivilDate
    /// The holder agreed to electronic service.
    let consented: Bool
    let words: Sealed
    /// 送达回证.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        let decided: Set<CaseStage> = [.approved, .completed, .refused, .declined, .notNeeded, .terminated]
        guard decided.contains(state.stage) else { throw CaseProcedure.moved(state) }
        guard state.served == nil else { throw .refused(Message("cases.refused.servedOnce")) }
        let officer = try CaseProcedure.officer(context)
        let after = (state.decidedAt ?? state.endedAt ?? context.at).date
        guard on >= after, on <= context.at.date else { throw .invalid("on", "cases.fault.servedOn") }
        guard method != .electronic || consented else { throw .invalid("consent", "cases.fault.consent") }
        let counted = method == .announcement ? on.adding(days: 30) : on
        return [
            CaseProcedure.fact(
                WasServed(
                    at: context.at, by: officer,
                    served: Served(
                        method: method, on: counted,
                        reviewUntil: CaseProcedure.lastDay(counted.adding(days: 60), context),
                        courtUntil: CaseProcedure.lastDay(counted.adding(months: 6), context)),
                    words: words, notice: notice))
        ]
    }
}

extension CaseProcedure {
    /// A period whose last day is a day off ends with the first working day after it (民事诉讼法 art. 85, 行政复议法 art. 88).
    static func lastDay(_ day: CivilDate, _ context: CaseContext) -> CivilDate {
        context.calendar.workingDay(onOrAfter: day)
    }
}

/// The decision was served.
package struct WasServed: CaseFact {
    package static let name = "served"

    let at: Moment
    let by: String
    let served: Served
    let words: Sealed
    let notice: IssuedNotice?

    package func mayFollow(_ state: CaseState) -> Bool {
        state.served == nil && (state.stage == .approved || state.stage.isEnded)
    }

    package func evolve(_ state: inout CaseState) {
        state.served = served
        if let notice { state.notices.append(notice) }
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "served", at: at, by: .officer(by), due: served.reviewUntil, notice: notice,
            about: "cases.service.\(served.method.rawValue)")
    }
}

/// 归档: the volume is closed and kept as long as the item says (行政许可案卷).
package struct Archive: FurtherCommand {
    package static let name = CaseCommand.Name.archive

    /// Last day of keeping; nil for ever.
    let keptUntil: CivilDate?
    let words: Sealed
    /// 卷内目录.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage.isEnded else { throw CaseProcedure.moved(state) }
        guard state.archived == nil else { throw .refused(Message("cases.refused.archivedOnce")) }
        let officer = try CaseProcedure.officer(context)
        guard state.followUp == nil else { throw .refused(Message("cases.refused.followUpOpen")) }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        return [
            CaseProcedure.fact(
                Archived(
                    at: context.at, by: officer, keptUntil: keptUntil, papers: state.notices.count,
                    files: state.files.count, words: words, notice: notice))
        ]
    }
}

/// The volume is closed.
package struct Archived: CaseFact {
    package static let name = "archived"

    let at: Moment
    let by: String
    let keptUntil: CivilDate?
    let papers: Int
    let files: Int
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool { state.stage.isEnded && state.archived == nil }

    package func evolve(_ state: inout CaseState) {
        state.archived = at
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "archived", at: at, by: .officer(by), due: keptUntil, count: papers + files, notice: notice,
            isInternal: true)
    }
}

/// 审管联动: tells the department that supervises the holder from now on.
package struct Push: FurtherCommand {
    package static let name = CaseCommand.Name.push

    let department: String
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .completed else { throw CaseProcedure.moved(state) }
        guard state.pushed == nil else { throw .refused(Message("cases.refused.pushedOnce")) }
        let officer = try CaseProcedure.officer(context)
        let limit = CaseProcedure.running(CaseRules.opinion, from: context.at, context)
        return [
            CaseProcedure.fact(
                Pushed(
                    at: context.at, by: officer, to: department,
                    task: .init(
                        step: "acknowledge", queue: "\(department)/reviewer", warnAt: limit.warnAt,
                        dueAt: limit.dueAt),
                    words: words))
        ]
    }
}

/// What became of a push to the regulator.
package struct RegulatorPush: Sendable, Hashable, Codable {
    package let at: Moment
    package let to: String
    package var acknowledgedAt: Moment?
}

/// The regulator was told.
package struct Pushed: CaseFact {
    package static let name = "pushed"

    let at: Moment
    let by: String
    let to: String
    let task: CaseEvent.NextTask
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .completed && state.pushed == nil }
    package func evolve(_ state: inout CaseState) { state.pushed = RegulatorPush(at: at, to: to) }
    package func effects(_ state: CaseState) -> [Effect] { [CaseProcedure.open(task, nil)] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("pushed", at: at, by: .officer(by), words: words, isInternal: true, department: to)
    }
}

/// The regulator says that it knows.
package struct Acknowledge: FurtherCommand {
    package static let name = CaseCommand.Name.acknowledge

    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let pushed = state.pushed, pushed.acknowledgedAt == nil else { throw CaseProcedure.moved(state) }
        return [
            CaseProcedure.fact(
                Acknowledged(at: context.at, by: try CaseProcedure.officer(context), of: pushed.to, words: words))
        ]
    }
}

/// The regulator knows.
package struct Acknowledged: CaseFact {
    package static let name = "acknowledged"

    let at: Moment
    let by: String
    let of: String
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool {
        state.pushed != nil && state.pushed?.acknowledgedAt == nil
    }

    package func evolve(_ state: inout CaseState) { state.pushed?.acknowledgedAt = at }
    package func effects(_ state: CaseState) -> [Effect] { [.closeTasks(step: "acknowledge")] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("acknowledged", at: at, by: .officer(by), words: words, isInternal: true, department: of)
    }
}
