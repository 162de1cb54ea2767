package import Catalogue
import Kernel
package import Storage
package import Workflow

/// Gives the cases of somebody who is away to the deputy: in the journal of each, as any 转交 is.
package struct CaseTaskMover: TaskMover {
    private let projection: CaseProjection
    private let office: Office<CaseProcedure>

    package init(catalogue: CatalogueAPI, packages: (any PackageOffice)? = nil) {
        projection = CaseProjection(catalogue: catalogue, packages: packages)
        office = Office(projection: projection)
    }

    package func move(from person: String, to deputy: String?, _ occasion: Occasion, _ tx: Transaction) throws -> Int {
        // Who gave out the work; a later absence begins by itself, in the name of the one who announced it.
        let officer = occasion.actor.kind == .staff ? occasion.actor.id : person
        var moved = 0
        for task in try TaskStore.assigned(to: person, area: occasion.area, tx) {
            if try office.state(of: task.stream, area: occasion.area, tx) != nil {
                do {
                    try office.perform(.assign(deputy), on: task.stream, occasion, tx) { state in
                        guard let state else { throw DomainError.notFound }
                        return try projection.context(state, occasion, officer: officer, tx)
                    }
                } catch DomainError.conflict {
                    // A limit fell due at this moment and the task is gone.
                    continue
                }
            } else {
                try TaskStore.assign(area: occasion.area, stream: task.stream, to: deputy, tx)
            }
            moved += 1
        }
        return moved
    }
}
