import Catalogue
package import Kernel
package import Workflow

/// Papers that the applicant still brings after the acceptance: 容缺, missing ones, proof of a repair.
package struct Awaited: Sendable, Hashable, Codable {
    /// Why they are awaited; it decides what happens when they do not come.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// 容缺受理: the applicant signed for them; the case lapses without them.
        case lacking
        /// Asked for in the review; the case goes on with what there is.
        case missing
        /// 整改: what the review found is put right; the case goes on with what there is.
        case rectification
    }

    package let kind: Kind
    package let points: [CorrectionPoint]
    package let limit: RunningLimit
    /// When the applicant is still reminded of them (催办).
    package var reminders: [Moment]?
    /// When he was last reminded.
    package var chasedAt: Moment?

    package init(
        kind: Kind, points: [CorrectionPoint], limit: RunningLimit, reminders: [Moment]? = nil,
        chasedAt: Moment? = nil
    ) {
        self.kind = kind
        self.points = points
        self.limit = limit
        self.reminders = reminders
        self.chasedAt = chasedAt
    }
}

extension CaseState {
    /// The applicant may hand in what a notice lists: a correction before the acceptance, or papers awaited after it.
    package var takesPapers: Bool { stage == .correcting || (awaited != nil && !stage.isEnded) }

    /// The end of the time for them.
    package var papersLimit: RunningLimit? { correction ?? (stage.isEnded ? nil : awaited?.limit) }

    /// The notice that lists them.
    var papersNotice: IssuedNotice? {
        let kinds: Set<String> = ["correction", "lacking-acceptance", "missing-papers", "rectification"]
        return notices.last { kinds.contains($0.kind) }
    }
}

/// 容缺受理: what is missing is not what the decision turns on; the applicant has signed the list and the day when he handed the
/// application in. Without the papers by then the case lapses, without prejudice to another application.
package struct AcceptLacking: FurtherCommand {
    package static let name = CaseCommand.Name.acceptLacking

    /// The materials that may come later.
    let materials: [String]
    let words: Sealed
    /// 容缺受理告知书.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .received else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        let limits = materials.compactMap { context.rules.lacking[$0] }
        guard !materials.isEmpty, limits.count == materials.count else {
            throw .invalid("materials", "cases.fault.lacking")
        }
        guard Set(materials).isSubset(of: state.lacking ?? []) else {
            throw .refused(Message("cases.refused.lackingUnsigned"))
        }
        let running = limits.map { CaseProcedure.running($0, from: context.at, context) }
        guard let limit = running.min(by: { $0.dueAt < $1.dueAt }) else {
            throw .invalid("materials", "cases.fault.lacking")
        }
        let accepted = CaseProcedure.acceptance(
            by: officer, from: context.at, deemed: false, notice: notice, context)
        return CaseProcedure.accepting(.accepted(accepted), state, context) + [
            CaseProcedure.fact(
                PapersAwaited(
                    at: context.at, by: officer,
                    awaited: Awaited(
                        kind: .lacking,
                        points: materials.map { CorrectionPoint(id: "m.\($0)", target: .material, ref: $0) },
                        limit: limit, reminders: CaseProcedure.reminders(limit, context)),
                    words: words, calendar: context.calendar.version, notice: nil))
        ]
    }
}

/// Asks for papers that turned out to be missing, or for proof that what the review found was put right. The time for it
/// consumes the limit: only art. 45 of the 行政许可法 stops it.
package struct RequestPapers: FurtherCommand {
    package static let name = CaseCommand.Name.requestPapers

    let kind: Awaited.Kind
    let points: [CorrectionPoint]
    /// Working days to answer.
    let days: Int
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        let officer = try CaseProcedure.officer(context)
        guard kind != .lacking else { throw CaseProcedure.moved(state) }
        guard state.awaited == nil else { throw .refused(Message("cases.refused.papersAwaited")) }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard !points.isEmpty else { throw .refused(Message("cases.refused.noPoints")) }
        guard points.allSatisfy({ $0.target != .material || context.rules.materials.contains($0.ref) }) else {
            throw .refused(Message("cases.refused.unknownPoint"))
        }
        guard (1...60).contains(days) else { throw .invalid("days", "cases.fault.correctionDays") }
        let limit = CaseProcedure.running(Limit(days, .workingDays), from: context.at, context)
        return [
            CaseProcedure.fact(
                PapersAwaited(
                    at: context.at, by: officer,
                    awaited: Awaited(
                        kind: kind, points: points, limit: limit,
                        reminders: CaseProcedure.reminders(limit, context)),
                    words: words, calendar: context.calendar.version, notice: notice))
        ]
    }
}

/// Papers are awaited until a day.
package struct PapersAwaited: CaseFact {
    package static let name = "papers-awaited"

    let at: Moment
    let by: String
    let awaited: Awaited
    /// The words of the points.
    let words: Sealed
    let calendar: Int
    /// Nil where the acceptance's own notice lists them.
    let notice: IssuedNotice?

    package func mayFollow(_ state: CaseState) -> Bool {
        let open: [CaseStage] = [.accepted, .approving, .approved]
        return open.contains(state.stage) && state.awaited == nil
    }

    package func evolve(_ state: inout CaseState) {
        state.awaited = awaited
        state.points = awaited.points
        if awaited.kind == .lacking { state.lacking = nil }
        if awaited.kind == .missing {
            // The one notice answers every department's query.
            state.branches = state.branches?.map { branch in
                var branch = branch
                branch.query = nil
                return branch
            }
        }
        if let notice { state.notices.append(notice) }
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            CaseProcedure.start(TimerName.papers, awaited.limit, calendar)
        ] + CaseProcedure.reminding(awaited.reminders, at: at, calendar) + [
            CaseProcedure.notify(
                "papersAwaited.\(awaited.kind.rawValue)", state, at, ["due": awaited.limit.dueOn.description])
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "papersAwaited.\(awaited.kind.rawValue)", at: at, by: .officer(by), due: awaited.limit.dueOn,
            count: awaited.points.count, words: words, notice: notice)
    }
}

/// The applicant handed in what was awaited.
package struct PapersDelivered: CaseFact {
    package static let name = "papers-delivered"

    let at: Moment
    let form: Sealed
    let changedFields: [String]
    let files: [CaseFile]
    let answered: [String]

    package func mayFollow(_ state: CaseState) -> Bool { state.awaited != nil && !state.stage.isEnded }

    package func evolve(_ state: inout CaseState) {
        state.awaited = nil
        state.form = form
        let replaced = Set(files.map(\.material))
        let unbrought = (state.unbrought ?? []).filter { !replaced.contains($0) }
        state.unbrought = unbrought.isEmpty ? nil : unbrought
        state.files = state.files.filter { !replaced.contains($0.material) } + files
        state.changedMaterials = replaced.sorted()
        state.changedFields = changedFields
        state.namesAnother(changedFields)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [.stopTimer(name: TimerName.papers), .stopTimer(name: TimerName.reminder)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "papersDelivered", at: at, by: doer,
            count: Set(files.map { "m.\($0.material)" } + changedFields.map { "f.\($0)" } + answered).count)
    }
}

extension PapersDelivered {
    init(_ supplement: Supplement, at moment: Moment) {
        self.init(
            at: moment, form: supplement.form, changedFields: supplement.changedFields, files: supplement.files,
            answered: supplement.answered)
    }
}

/// The time for awaited papers ran out: 容缺 ends the case as the item's rule says, otherwise it goes on with what there is.
package struct PapersFellDue: FurtherCommand {
    package static let name = CaseCommand.Name.papersFellDue

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let awaited = state.awaited, !state.stage.isEnded else { return [] }
        // What was decided is not undone by a clock; where the item decides on what is there, somebody must be there to decide.
        let decides = context.rules.onLapse == .decide && context.rules.link(.approve) != nil
        guard awaited.kind == .lacking, state.decidedAt == nil, !decides else {
            return [CaseProcedure.fact(PapersMissed(at: context.at, kind: awaited.kind))]
        }
        return [.lapsed(.init(at: context.at, by: nil, words: nil, notice: nil))]
    }
}

/// Awaited papers did not come; the case goes on with what there is.
package struct PapersMissed: CaseFact {
    package static let name = "papers-missed"

    let at: Moment
    let kind: Awaited.Kind

    package func mayFollow(_ state: CaseState) -> Bool { state.awaited != nil && !state.stage.isEnded }

    package func evolve(_ state: inout CaseState) {
        // What the decision turns on is not granted without: 容缺 was only for the order in which it came.
        if kind == .lacking {
            state.unbrought = (state.awaited?.points ?? []).filter { $0.target == .material }.map(\.ref)
        }
        state.awaited = nil
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [.stopTimer(name: TimerName.papers), .stopTimer(name: TimerName.reminder)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("papersMissed", at: at, by: .system)
    }
}

extension TimerName {
    /// The applicant's time for awaited papers.
    static let papers = "papers"
}
