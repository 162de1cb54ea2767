import Cases
import Catalogue
import Directory
import Kernel
import Storage
import Workflow

/// Keeps a package's row, and posts the letters that open the cases of steps whose turn has come.
struct PackageProjection: Projection {
    typealias P = PackageProcedure

    let catalogue: CatalogueAPI

    /// A letter for each step that is to become a case; the same step is asked for once.
    static let channel = "package-step"

    func project(_ outcome: Workflow.Outcome<PackageProcedure>, from occasion: Occasion, _ tx: Transaction) throws {
        let state = outcome.state
        let limit = state.stage.isEnded ? nil : state.limit
        let paused = limit?.stoppedAt != nil
        var forget: Moment?
        if let ended = state.endedAt {
            let item = try catalogue.item(state.package, version: state.version, area: occasion.area, tx)
            forget = item.definition.forgetsAt(ended: ended, decided: [.completed, .partly].contains(state.stage))
        }
        try PackagesStore.put(
            state, id: outcome.id, area: occasion.area, dueAt: paused ? Light.paused : limit?.running.dueAt,
            warnAt: paused ? Light.paused : limit?.running.warnAt, forget: forget, at: occasion.at, tx)
        // Steps whose cases begin in this same transaction need no letter.
        for step in state.steps where step.stage == .due {
            try Outbox.post(
                channel: Self.channel, area: occasion.area, dedup: "\(outcome.id)/\(step.plan.id)",
                payload: ["package": .string(outcome.id), "step": .string(step.plan.id)], at: occasion.at, tx)
        }
    }

    func labels(_ state: PackageState) -> (number: String, item: String) { (state.number, state.package) }

    func recipient(_ state: PackageState) -> (account: String, bucket: String)? { (state.owner, state.bucket) }

    func timerContext(_ state: PackageState, id: String, _ occasion: Occasion, _ tx: Transaction) throws
        -> PackageContext
    {
        try context(state, occasion, tx)
    }

    func context(_ state: PackageState, _ occasion: Occasion, _ tx: Transaction) throws -> PackageContext {
        let item = try catalogue.item(state.package, version: state.version, area: occasion.area, tx)
        return PackageContext(
            at: occasion.at, calendar: try DirectoryStore.calendar(of: occasion.area, tx), item.definition)
    }
}
