package import Kernel
package import Workflow

/// 公示: what is to be decided is shown until a day; who objects is answered before anything is decided.
package struct Publicity: Sendable, Hashable, Codable {
    /// Somebody's objection and its answer.
    package struct Objection: Sendable, Hashable, Codable {
        package let at: Moment
        package let words: Sealed
        package var resolvedAt: Moment?
        package var upheld: Bool?
        package var answer: Sealed?
    }

    package let from: Moment
    package let until: CivilDate
    package var objections: [Objection]
    /// What is shown; nil in journals older than the public page.
    package var shown: Sealed?

    /// Objections nobody has answered yet.
    package var open: Int { objections.count { $0.resolvedAt == nil } }
}

/// Shows publicly what is to be decided, until a day; consumes the limit.
package struct Publicise: FurtherCommand {
    package static let name = CaseCommand.Name.publicise

    let until: CivilDate
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard until > context.at.date else { throw .invalid("until", "cases.fault.dayPast") }
        if let shown = state.publicity, shown.until >= context.at.date || shown.open > 0 {
            throw .refused(Message("cases.refused.publicityRuns"))
        }
        return [
            CaseProcedure.fact(
                Publicised(at: context.at, by: try CaseProcedure.officer(context), until: until, words: words))
        ]
    }
}

/// It is shown publicly.
package struct Publicised: CaseFact {
    package static let name = "publicised"

    let at: Moment
    let by: String
    let until: CivilDate
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .accepted || state.stage == .approving }

    package func evolve(_ state: inout CaseState) {
        // Objections to what was shown before keep their numbers.
        let earlier = state.publicity?.objections ?? []
        state.publicity = Publicity(from: at, until: until, objections: earlier, shown: words)
    }

    package func effects(_ state: CaseState) -> [Effect] {
        [CaseProcedure.notify("publicised", state, at, ["due": until.description])]
    }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("publicised", at: at, by: .officer(by), due: until, words: words)
    }
}

/// Somebody objects to what is shown: on the public page, or to the office, which records it.
package struct RecordObjection: FurtherCommand {
    package static let name = CaseCommand.Name.recordObjection

    let words: Sealed
    /// It came by the public page.
    var isPublic = false

    /// More than anybody reads are recorded by officers.
    static let mostPublic = 200

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let publicity = state.publicity, context.at.date <= publicity.until else {
            throw .refused(Message("cases.refused.publicityOver"))
        }
        guard !isPublic || publicity.objections.count < Self.mostPublic else {
            throw .refused(Message("cases.refused.objectionsFull"))
        }
        let officer = isPublic ? nil : try CaseProcedure.officer(context)
        return [CaseProcedure.fact(ObjectionRecorded(at: context.at, by: officer, words: words))]
    }
}

/// An objection came in.
package struct ObjectionRecorded: CaseFact {
    package static let name = "objection-recorded"

    let at: Moment
    /// Nil where it came by the public page.
    let by: String?
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { state.publicity != nil && !state.stage.isEnded }

    package func evolve(_ state: inout CaseState) {
        state.publicity?.objections.append(.init(at: at, words: words))
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            by == nil ? "objectionMade" : "objectionRecorded", at: at, by: by.map { .officer($0) } ?? .system,
            words: words, wordsAreInternal: true)
    }
}

/// Answers the oldest open objection: upheld or not, with reasons.
package struct ResolveObjection: FurtherCommand {
    package static let name = CaseCommand.Name.resolveObjection

    let upheld: Bool
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        try CaseProcedure.inReview(state)
        guard let publicity = state.publicity, publicity.open > 0 else {
            throw .refused(Message("cases.refused.noObjection"))
        }
        return [
            CaseProcedure.fact(
                ObjectionResolved(
                    at: context.at, by: try CaseProcedure.officer(context), upheld: upheld, words: words))
        ]
    }
}

/// An objection was answered.
package struct ObjectionResolved: CaseFact {
    package static let name = "objection-resolved"

    let at: Moment
    let by: String
    let upheld: Bool
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { (state.publicity?.open ?? 0) > 0 && !state.stage.isEnded }

    package func evolve(_ state: inout CaseState) {
        guard let first = state.publicity?.objections.firstIndex(where: { $0.resolvedAt == nil }) else { return }
        state.publicity?.objections[first].resolvedAt = at
        state.publicity?.objections[first].upheld = upheld
        state.publicity?.objections[first].answer = words
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            "objectionResolved", at: at, by: .officer(by), words: words, wordsAreInternal: true,
            about: upheld ? "cases.objection.upheld" : "cases.objection.rejected")
    }
}

extension CaseState {
    /// The last day on which the public page shows the case; nil where it does not.
    var shownUntil: CivilDate? {
        stage == .accepted || stage == .approving ? publicity?.until : nil
    }
}

extension CaseProcedure {
    /// Nothing is decided while it is shown, or while an objection is open.
    static func shown(_ state: CaseState, _ context: CaseContext) throws(DomainError) {
        guard let publicity = state.publicity else { return }
        guard context.at.date > publicity.until else { throw .refused(Message("cases.refused.publicityRuns")) }
        guard publicity.open == 0 else { throw .refused(Message("cases.refused.objectionOpen")) }
    }
}
