import Catalogue
import Directory
import Identity
import Kernel
import Storage
import Workflow

/// Keeps the case's row and gives timers their context.
struct CaseProjection: Projection {
    typealias P = CaseProcedure

    let catalogue: CatalogueAPI
    let packages: (any PackageOffice)?
    let calendars: @Sendable (AreaCode, Transaction) throws -> WorkCalendar

    init(catalogue: CatalogueAPI, packages: (any PackageOffice)?) {
        self.catalogue = catalogue
        self.packages = packages
        calendars = { area, tx in try DirectoryStore.calendar(of: area, tx) }
    }

    func project(_ outcome: Workflow.Outcome<CaseProcedure>, from occasion: Occasion, _ tx: Transaction) throws {
        let ended = try ending(outcome.state, area: occasion.area, tx)
        try CasesStore.put(
            outcome.state, id: outcome.id, area: occasion.area, forget: ended.forget, granted: ended.granted,
            at: occasion.at, tx)
        try LatePaper.post(outcome, area: occasion.area, at: occasion.at, tx)
        // A case that opens is written down by the package itself, in the same transaction.
        if let part = outcome.state.part, outcome.version > outcome.events.count {
            try packages?.moved(outcome.state, part, id: outcome.id, occasion, tx)
        }
    }

    /// Of a case that ended, by the version of the item it was applied for under: when its personal part is destroyed, and
    /// the day of a licence that everybody may read of (行政许可法 art. 40).
    private func ending(_ state: CaseState, area: AreaCode, _ tx: Transaction) throws -> (
        forget: Moment?, granted: CivilDate?
    ) {
        guard state.stage.isEnded, let ended = state.endedAt else { return (nil, nil) }
        let item = try catalogue.item(state.item, version: state.itemVersion, area: area, tx).definition
        let open = state.stage == .completed && item.type == .licence && state.withheld == nil
        return (
            item.forgetsAt(ended: ended, decided: [.completed, .refused].contains(state.stage)),
            open ? state.decidedAt?.date ?? state.result?.on : nil
        )
    }

    func labels(_ state: CaseState) -> (number: String, item: String) { (state.number, state.item) }

    func recipient(_ state: CaseState) -> (account: String, bucket: String)? {
        // After a succession nobody may sign in for it.
        state.owner.isEmpty ? nil : (state.owner, state.bucket)
    }

    func timerContext(_ state: CaseState, id: String, _ occasion: Occasion, _ tx: Transaction) throws -> CaseContext {
        try context(state, occasion, officer: nil, tx)
    }

    func context(_ state: CaseState, _ occasion: Occasion, officer: String?, _ tx: Transaction) throws -> CaseContext {
        let item = try catalogue.item(state.item, version: state.itemVersion, area: occasion.area, tx)
        return CaseContext(
            at: occasion.at,
            rules: CaseRules(item.definition, version: item.version).handled(by: state.department),
            calendar: try calendars(occasion.area, tx), officer: officer,
            away: try Self.away(state, area: occasion.area, on: occasion.at.date, tx))
    }

    /// Which of those to whom a case may come back are away.
    static func away(_ state: CaseState?, area: AreaCode, on day: CivilDate, _ tx: Transaction) throws
        -> [String: String?]
    {
        guard let state, state.stage == .correcting || state.stage == .approving else { return [:] }
        var away: [String: String?] = [:]
        for person in Set([state.assignee, state.reviewedBy].compactMap { $0 }) {
            let present = try IdentityAPI.onDuty(for: person, area: area, on: day, tx)
            if present != person { away.updateValue(present, forKey: person) }
        }
        return away
    }
}
