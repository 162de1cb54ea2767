import Catalogue
package import Kernel
package import Workflow

/// 移送: another department of the area is competent; limits run on.
package struct Transfer: FurtherCommand {
    package static let name = CaseCommand.Name.transfer

    let department: String
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard [.received, .accepted].contains(state.stage) else { throw CaseProcedure.moved(state) }
        try CaseProcedure.mayGoOn(state)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        guard department != state.department else { throw .invalid("department", "cases.fault.departments") }
        let rules = context.rules.handled(by: department)
        let kind: Stage.Kind = state.stage == .received ? .accept : .review
        guard let link = rules.link(kind) ?? rules.links.first,
            let limit = state.stage == .received ? state.acceptance : state.promised
        else { throw CaseProcedure.moved(state) }
        return [
            CaseProcedure.fact(
                Transferred(
                    at: context.at, by: try CaseProcedure.officer(context), to: department, words: words,
                    next: .init(step: kind.rawValue, queue: link.queue, warnAt: limit.warnAt, dueAt: limit.dueAt),
                    notice: notice))
        ]
    }
}

/// Another department handles the case.
package struct Transferred: CaseFact {
    package static let name = "transferred"

    let at: Moment
    let by: String
    let to: String
    let words: Sealed
    let next: CaseEvent.NextTask
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .received || state.stage == .accepted }

    package func evolve(_ state: inout CaseState) {
        state.department = to
        state.queue = next.queue
        state.assignee = nil
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [
            .closeTasks(step: next.step), CaseProcedure.open(next, nil),
            CaseProcedure.notify("transferred", state, at),
        ]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("transferred", at: at, by: .officer(by), words: words, notice: notice, department: to)
    }
}

/// 更换经办人: another officer takes the case over; one who stands too near to it withdraws and no longer acts on it (回避).
package struct ChangeHandler: FurtherCommand {
    package static let name = CaseCommand.Name.changeHandler

    let to: String
    /// The one before withdraws for his nearness to the case.
    let recused: Bool
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard !state.stage.isEnded, state.queue != nil else { throw CaseProcedure.moved(state) }
        let from = state.assignee
        guard to != from, !(state.recused ?? []).contains(to) else {
            throw .invalid("person", "cases.fault.colleague")
        }
        guard !recused || from != nil else { throw .refused(Message("cases.refused.nobodyRecused")) }
        return [
            CaseProcedure.fact(
                HandlerChanged(
                    at: context.at, by: try CaseProcedure.officer(context), from: from, to: to,
                    recused: recused ? from : nil, words: words))
        ]
    }
}

/// Another officer has the case.
package struct HandlerChanged: CaseFact {
    package static let name = "handler-changed"

    let at: Moment
    let by: String
    let from: String?
    let to: String
    /// Who withdrew and no longer acts on the case.
    let recused: String?
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { state.queue != nil && !state.stage.isEnded }

    package func evolve(_ state: inout CaseState) {
        state.assignee = to
        if let recused { state.recused = (state.recused ?? []) + [recused] }
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [.assignTasks(to, by: by, queue: state.branches == nil ? nil : state.queue)]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            recused == nil ? "handlerChanged" : "handlerRecused", at: at, by: .officer(by), words: words,
            isInternal: true)
    }
}

extension CaseRules {
    /// The same with another department in the place of the item's own.
    func handled(by other: String) -> CaseRules {
        other == department ? self : CaseRules(self, department: other)
    }

    private init(_ rules: CaseRules, department other: String) {
        let own = "\(rules.department)/"
        item = rules.item
        version = rules.version
        department = other
        links = rules.links.map { link in
            guard link.queue.hasPrefix(own) else { return link }
            return Link(kind: link.kind, queue: "\(other)/\(link.queue.dropFirst(own.count))", within: link.within)
        }
        promised = rules.promised
        statutory = rules.statutory
        fourEyes = rules.fourEyes
        onLapse = rules.onLapse
        yellowPercent = rules.yellowPercent
        materials = rules.materials
        fields = rules.fields
        procedures = rules.procedures
        joint = rules.joint
        jointHandling = rules.jointHandling
        lacking = rules.lacking
        promises = rules.promises
        promiseDecides = rules.promiseDecides
        charges = rules.charges
        reportUp = rules.reportUp
        renewal = rules.renewal
        validity = rules.validity
        undoMinutes = rules.undoMinutes
        remoteCheck = rules.remoteCheck
    }
}
