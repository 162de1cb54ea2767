import Catalogue
package import Kernel
package import Workflow

/// 模拟审批: the review's opinion on an application whose last papers do not exist yet, and those of other departments asked with
/// it. It has no effect of its own; once the papers are there it becomes the review, and they the joint opinions.
package struct SimulatedReview: Sendable, Hashable, Codable {
    package let at: Moment
    package let by: String
    /// What it would come to; one that would be refused is never turned.
    package let favourable: Bool
    package let words: Sealed
}

/// Gives the opinion of the review before the last papers exist.
package struct Simulate: FurtherCommand {
    package static let name = CaseCommand.Name.simulate

    let favourable: Bool
    let words: Sealed
    /// 模拟审批意见书.
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .received || state.stage == .correcting else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard context.rules.maySimulate else { throw .refused(Message("cases.refused.notSimulated")) }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        return [
            CaseProcedure.fact(
                Simulated(
                    review: SimulatedReview(at: context.at, by: officer, favourable: favourable, words: words),
                    notice: notice))
        ]
    }
}

/// The review said what it would come to.
package struct Simulated: CaseFact {
    package static let name = "simulated"

    let review: SimulatedReview
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .received || state.stage == .correcting }

    package func evolve(_ state: inout CaseState) {
        state.simulated = review
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [CaseProcedure.notify("simulated", state, review.at)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "simulated", at: review.at, by: .officer(review.by), words: review.words, notice: notice,
            about: review.favourable ? "cases.simulated.favourable" : "cases.simulated.unfavourable")
    }
}

/// The papers are complete: accepts, and the simulated opinion is the review. The limits run from here; the decision is next.
package struct AcceptSimulated: FurtherCommand {
    package static let name = CaseCommand.Name.acceptSimulated

    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .received else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard let simulated = state.simulated, simulated.favourable else {
            throw .refused(Message("cases.refused.notFavourable"))
        }
        guard state.lacking == nil else { throw .refused(Message("cases.refused.lackingFirst")) }
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        let accepted = CaseProcedure.acceptance(
            by: officer, from: context.at, deemed: false, notice: notice, context)
        let branches = state.branches ?? []
        guard !branches.contains(where: { $0.opinion == .object }) else {
            throw .refused(Message("cases.refused.simulatedObjection"))
        }
        let events = CaseProcedure.accepting(.accepted(accepted), state, keeping: true, context)
        // Departments that decide together and have not said anything yet are asked first.
        guard !events.contains(where: { $0.name == OpinionsAsked.name }) else { return events }
        return events + [
            .reviewPassed(
                .init(
                    at: context.at, by: simulated.by, words: simulated.words,
                    next: CaseProcedure.task(after: .review, within: accepted.promised, context)))
        ]
    }
}

/// What other departments said, or were asked, before the acceptance holds no longer.
package struct EarlyOpinionsEnded: CaseFact {
    package static let name = "early-opinions-ended"

    let at: Moment
    let departments: [String]

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .received && state.branches != nil }

    package func evolve(_ state: inout CaseState) {
        let left = (state.branches ?? []).filter { !departments.contains($0.department) }
        state.branches = left.isEmpty ? nil : left
    }

    package func effects(_ state: CaseState) -> [Effect] {
        departments.flatMap { department -> [Effect] in
            [
                .closeTask(step: "opinion", queue: "\(department)/reviewer"),
                .stopTimer(name: TimerName.opinion(department)),
            ]
        }
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("earlyOpinionsEnded", at: at, by: .system, count: departments.count, isInternal: true)
    }
}

extension CaseRules {
    /// There is a review that can be simulated, and it decides here.
    var maySimulate: Bool { link(.review) != nil && reportUp == nil }
}
