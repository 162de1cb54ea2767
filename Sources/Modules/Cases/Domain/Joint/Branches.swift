import Catalogue
package import Kernel
package import Workflow

/// What a department says of another's case.
package enum Opinion: String, Sendable, Hashable, Codable, CaseIterable {
    case agree, conditions, object
    case notApplicable = "not-applicable"
    /// Not said in time; counts as the item says.
    case overdue
}

/// One department's part in a case that several decide on; the parts run side by side.
package struct Branch: Sendable, Hashable, Codable {
    package let department: String
    package let limit: RunningLimit
    /// 1 the first time; asked again after an objection it is another round.
    package let round: Int
    package var opinion: Opinion?
    package var by: String?
    package var answeredAt: Moment?
    /// What the department said.
    package var words: Sealed?
    /// What it wants the applicant to be asked; gone once the lead's one notice was sent.
    package var query: Sealed?

    /// Whose task it is.
    var queue: String { "\(department)/reviewer" }
}

/// Asks departments for their opinions, all at once: 联合办理 (行政许可法 art. 26). Each has a limit and a task of its own; asking
/// one again leaves the others' answers as they are. Before the acceptance they are asked what they would say (模拟审批).
package struct AskOpinions: FurtherCommand {
    package static let name = CaseCommand.Name.askOpinions

    let departments: [String]
    let words: Sealed?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        if CaseProcedure.isEarly(state) {
            guard context.rules.maySimulate else { throw .refused(Message("cases.refused.notSimulated")) }
        } else {
            try CaseProcedure.inReview(state)
        }
        let open = Set((state.branches ?? []).filter { $0.opinion == nil }.map(\.department))
        guard !departments.isEmpty, !departments.contains(state.department) else {
            throw .invalid("departments", "cases.fault.departments")
        }
        guard open.isDisjoint(with: departments) else { throw .refused(Message("cases.refused.opinionAsked")) }
        return [
            CaseProcedure.fact(
                CaseProcedure.asked(departments, state, context, by: try CaseProcedure.officer(context), words))
        ]
    }
}

extension CaseProcedure {
    /// The branches that open, each with its own end: by the item's limit for opinions, never after the promise.
    static func asked(
        _ departments: [String], _ state: CaseState?, _ context: CaseContext, by officer: String?, _ words: Sealed?
    ) -> OpinionsAsked {
        let own = running(context.rules.jointHandling?.within ?? CaseRules.opinion, from: context.at, context)
        let limit = state?.promised.map { $0.pausedAt == nil && $0.dueAt < own.dueAt ? $0 : own } ?? own
        let rounds = Dictionary(
            (state?.branches ?? []).map { ($0.department, $0.round) }, uniquingKeysWith: { $1 })
        return OpinionsAsked(
            at: context.at, by: officer,
            branches: departments.map {
                Branch(department: $0, limit: limit, round: (rounds[$0] ?? 0) + 1)
            }, calendar: context.calendar.version, words: words)
    }

    /// An item whose departments always decide together asks them with the acceptance. What departments said of papers that
    /// were not complete holds no longer, unless the simulated review is turned into the review.
    static func accepting(
        _ event: CaseEvent, _ state: CaseState, keeping: Bool = false, _ context: CaseContext
    ) -> [CaseEvent] {
        let early = state.branches ?? []
        let kept = early.filter { keeping && $0.opinion != nil && $0.opinion != .overdue }.map(\.department)
        let dropped = early.map(\.department).filter { !kept.contains($0) }
        let accepted =
            dropped.isEmpty ? [event] : [fact(EarlyOpinionsEnded(at: context.at, departments: dropped)), event]
        guard context.rules.jointHandling != nil, case .accepted(let data) = event,
            data.next.step != Stage.Kind.complete.rawValue
        else { return accepted }
        let wanted = context.rules.joint.filter { !kept.contains($0) }
        return wanted.isEmpty ? accepted : accepted + [fact(asked(wanted, nil, context, by: data.by, nil))]
    }

    /// Received, and not yet accepted.
    static func isEarly(_ state: CaseState) -> Bool { state.stage == .received || state.stage == .correcting }

    /// Whether the opinions let the case go on: nobody is still asked, and an objection was dealt with as the item says.
    static func mayGoOn(_ state: CaseState, _ context: CaseContext, toApprove: Bool) throws(DomainError) {
        try mayGoOn(state)
        if toApprove {
            try heard(state, context)
            try shown(state, context)
            try identified(state)
            guard state.awaited?.kind != .lacking else { throw .refused(Message("cases.refused.lackingOpen")) }
            guard state.unbrought == nil else { throw .refused(Message("cases.refused.lackingUnbrought")) }
        }
        guard let branches = state.branches else { return }
        guard branches.allSatisfy({ $0.opinion != nil }) else {
            throw .refused(Message("cases.refused.opinionsOpen"))
        }
        guard let objected = branches.filter({ $0.opinion == .object }).compactMap(\.answeredAt).max() else { return }
        // A joint meeting held since then has concluded on it.
        if let concluded = state.meeting?.concludedAt, concluded >= objected {
            if toApprove, state.meeting?.conclusion == .refuse {
                throw .refused(Message("cases.refused.meetingRefused"))
            }
            return
        }
        switch context.rules.jointHandling?.objection ?? .meeting {
        case .back: throw .refused(Message("cases.refused.objectionBack"))
        case .meeting: throw .refused(Message("cases.refused.objectionMeeting"))
        case .refusal: if toApprove { throw .refused(Message("cases.refused.objectionRefusal")) }
        }
    }
}

/// Departments were asked.
package struct OpinionsAsked: CaseFact {
    package static let name = "opinions-asked"

    let at: Moment
    /// Nil where the law accepted and the item asks by itself.
    let by: String?
    let branches: [Branch]
    let calendar: Int
    let words: Sealed?

    package func mayFollow(_ state: CaseState) -> Bool {
        let open = Set((state.branches ?? []).filter { $0.opinion == nil }.map(\.department))
        return (state.stage == .accepted || state.stage == .approving || CaseProcedure.isEarly(state))
            && open.isDisjoint(with: branches.map(\.department))
    }

    package func evolve(_ state: inout CaseState) {
        let again = Set(branches.map(\.department))
        state.branches = (state.branches ?? []).filter { !again.contains($0.department) } + branches
    }

    package func effects(_ state: CaseState) -> [Effect] {
        branches.flatMap { branch -> [Effect] in
            [
                .openTask(
                    TaskSpec(
                        step: "opinion", queue: branch.queue, warnAt: branch.limit.warnAt,
                        dueAt: branch.limit.dueAt)),
                CaseProcedure.start(TimerName.opinion(branch.department), branch.limit, calendar),
            ]
        }
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "opinionsAsked", at: at, by: by.map { .officer($0) } ?? .system, due: branches.map(\.limit.dueOn).max(),
            count: branches.count, words: words, wordsAreInternal: true)
    }
}

/// A department gives its opinion: agrees, agrees with conditions, objects, or has nothing to do with it.
package struct GiveOpinion: FurtherCommand {
    package static let name = CaseCommand.Name.giveOpinion

    let department: String
    let opinion: Opinion
    let words: Sealed?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let branch = state.branches?.first(where: { $0.department == department }), branch.opinion == nil,
            !state.stage.isEnded
        else { throw .refused(Message("cases.refused.opinionOver")) }
        guard opinion != .overdue else { throw .invalid("opinion", "cases.fault.opinion") }
        return [
            CaseProcedure.fact(
                OpinionGiven(
                    at: context.at, by: try CaseProcedure.officer(context), department: department, queue: branch.queue,
                    opinion: opinion, words: words))
        ]
    }
}

/// The department's time ran out: it counts as agreed where the item says so; otherwise the case waits.
package struct OpinionFellDue: FurtherCommand {
    package static let name = CaseCommand.Name.opinionFellDue

    let department: String

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let branch = state.branches?.first(where: { $0.department == department }), branch.opinion == nil,
            !state.stage.isEnded, context.rules.jointHandling?.overdue == .agreed
        else { return [] }
        return [
            CaseProcedure.fact(
                OpinionGiven(
                    at: context.at, by: nil, department: department, queue: branch.queue, opinion: .overdue,
                    words: nil))
        ]
    }
}

/// A department said what it thinks, or its time ran out.
package struct OpinionGiven: CaseFact {
    package static let name = "opinion-given"

    let at: Moment
    /// Nil where the time ran out.
    let by: String?
    let department: String
    let queue: String
    let opinion: Opinion
    let words: Sealed?

    package func mayFollow(_ state: CaseState) -> Bool {
        !state.stage.isEnded && (state.branches ?? []).contains { $0.department == department && $0.opinion == nil }
    }

    package func evolve(_ state: inout CaseState) {
        state.branches = state.branches?.map { branch in
            guard branch.department == department else { return branch }
            var branch = branch
            branch.opinion = opinion
            branch.by = by
            branch.answeredAt = at
            branch.words = words
            return branch
        }
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [.closeTask(step: "opinion", queue: queue), .stopTimer(name: TimerName.opinion(department))]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "opinionGiven", at: at, by: by.map { .officer($0) } ?? .system, words: words, wordsAreInternal: true,
            about: "cases.opinion.\(opinion.rawValue)", department: department)
    }
}

/// A department wants something of the applicant. It does not write to him itself: what all of them want goes into the
/// lead's one notice.
package struct QueryBranch: FurtherCommand {
    package static let name = CaseCommand.Name.queryBranch

    let department: String
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard let branch = state.branches?.first(where: { $0.department == department }), branch.opinion == nil,
            !state.stage.isEnded
        else { throw .refused(Message("cases.refused.opinionOver")) }
        guard branch.query == nil else { throw .refused(Message("cases.refused.queryOpen")) }
        return [
            CaseProcedure.fact(
                BranchQueried(
                    at: context.at, by: try CaseProcedure.officer(context), department: department, words: words))
        ]
    }
}

/// A department wants something of the applicant.
package struct BranchQueried: CaseFact {
    package static let name = "branch-queried"

    let at: Moment
    let by: String
    let department: String
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool {
        !state.stage.isEnded && (state.branches ?? []).contains { $0.department == department && $0.opinion == nil }
    }

    package func evolve(_ state: inout CaseState) {
        state.branches = state.branches?.map { branch in
            var branch = branch
            if branch.department == department { branch.query = words }
            return branch
        }
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "branchQueried", at: at, by: .officer(by), words: words, isInternal: true, department: department)
    }
}

extension TimerName {
    /// The time of one department's opinion.
    static func opinion(_ department: String) -> String { "opinion/\(department)" }
}

extension CaseRules {
    /// Five working days for an opinion where the item says nothing else.
    static let opinion = Limit(5, .workingDays)
}
