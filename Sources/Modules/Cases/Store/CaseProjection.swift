import Catalogue
import Directory
import Kernel
import Storage
import Workflow

/// Keeps the case's row and gives timers their context.
struct CaseProjection: Projection {
    typealias P = CaseProcedure

    let catalogue: CatalogueAPI
    let calendars: @Sendable (AreaCode, Transaction) throws -> WorkCalendar

    func project(_ outcome: Workflow.Outcome<CaseProcedure>, from occasion: Occasion, _ tx: Transaction) throws {
        try CasesStore.put(outcome.state, id: outcome.id, area: occasion.area, at: occasion.at, tx)
    }

    func labels(_ state: CaseState) -> (number: String, item: String) { (state.number, state.item) }

    func recipient(_ state: CaseState) -> (account: String, bucket: String)? { (state.owner, state.bucket) }

    func timerContext(_ state: CaseState, id: String, _ occasion: Occasion, _ tx: Transaction) throws -> CaseContext {
        let item = try catalogue.item(state.item, version: state.itemVersion, area: occasion.area, tx)
        return CaseContext(
            at: occasion.at, rules: CaseRules(item.definition, version: item.version),
            calendar: try calendars(occasion.area, tx), officer: nil)
    }
}
