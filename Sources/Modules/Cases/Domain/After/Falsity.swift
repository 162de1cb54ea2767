package import Kernel
package import Workflow

/// The applicant concealed something or handed in what is false: it was declined or refused for it (行政许可法 art. 78). Where the
/// licence directly concerns public safety, health or the safety of life and property, he does not apply for it again within
/// a year.
package struct RecordFalsity: FurtherCommand {
    package static let name = CaseCommand.Name.recordFalsity

    /// The licence is one of those that art. 78 names.
    let bars: Bool
    let words: Sealed
    let notice: IssuedNotice?

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .refused || state.stage == .declined else { throw CaseProcedure.moved(state) }
        guard state.falsity == nil else { throw .refused(Message("cases.refused.falsityRecorded")) }
        let officer = try CaseProcedure.officer(context)
        guard let notice else { throw .refused(Message("cases.refused.untold")) }
        return [
            CaseProcedure.fact(
                FalsityRecorded(
                    at: context.at, by: officer, until: bars ? Self.until(context.at) : nil, words: words,
                    notice: notice))
        ]
    }

    /// The last day of the year.
    static func until(_ now: Moment) -> CivilDate { now.date.adding(months: 12) }
}

/// It is on record that the application was false.
package struct FalsityRecorded: CaseFact {
    package static let name = "falsity-recorded"

    let at: Moment
    let by: String
    /// The last day on which the same is not applied for; nil where nothing bars.
    let until: CivilDate?
    let words: Sealed
    let notice: IssuedNotice

    package func mayFollow(_ state: CaseState) -> Bool {
        (state.stage == .refused || state.stage == .declined) && state.falsity == nil
    }

    package func evolve(_ state: inout CaseState) {
        state.falsity = at
        state.notices.append(notice)
    }

    package func effects(_ state: CaseState) -> [Effect] { [CaseProcedure.notify("falsityRecorded", state, at)] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry(
            until == nil ? "falsityRecorded" : "falsityBars", at: at, by: .officer(by), due: until, words: words,
            notice: notice)
    }
}
