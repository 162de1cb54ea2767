import Catalogue
package import Kernel
package import Workflow

/// 当场更正: a slip that can be put right at once is put right at once, by the applicant before the officer; no notice, no time
/// lost (行政许可法 art. 32 (1) item 3).
package struct CorrectOnSpot: FurtherCommand {
    package static let name = CaseCommand.Name.correctOnSpot

    /// The application with the answer corrected.
    let form: Sealed
    let fields: [String]
    let words: Sealed

    package func decide(_ state: CaseState, _ context: CaseContext) throws(DomainError) -> [CaseEvent] {
        guard state.stage == .received else { throw CaseProcedure.moved(state) }
        let officer = try CaseProcedure.officer(context)
        guard !fields.isEmpty, Set(fields).isSubset(of: context.rules.fields) else {
            throw .refused(Message("cases.refused.unknownPoint"))
        }
        return [
            CaseProcedure.fact(
                CorrectedOnSpot(at: context.at, by: officer, form: form, fields: fields, words: words))
        ]
    }
}

/// A slip was put right at once.
package struct CorrectedOnSpot: CaseFact {
    package static let name = "corrected-on-spot"

    let at: Moment
    let by: String
    let form: Sealed
    let fields: [String]
    let words: Sealed

    package func mayFollow(_ state: CaseState) -> Bool { state.stage == .received }

    package func evolve(_ state: inout CaseState) {
        state.form = form
        state.changedFields = fields
        state.namesAnother(fields)
    }

    package func effects(_ state: CaseState) -> [Effect] { [] }

    package func line(_ doer: TimelineEntry.Doer, at moment: Moment) -> TimelineEntry {
        TimelineEntry("correctedOnSpot", at: at, by: .officer(by), count: fields.count, words: words)
    }
}
