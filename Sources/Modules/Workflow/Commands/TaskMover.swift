import Kernel
package import Storage

/// Gives the tasks of somebody who is away to another. Filled where the proceedings are known: who has a case stands in its
/// journal as well as on the task's row.
package protocol TaskMover: Sendable {
    /// Moves every task of `person`; answers how many.
    ///
    /// - Parameter deputy: nil puts them back into their queues.
    func move(from person: String, to deputy: String?, _ occasion: Occasion, _ tx: Transaction) throws -> Int
}

/// Moves the rows of tasks that have no proceeding behind them.
package struct RowMover: TaskMover {
    package init() {}

    package func move(from person: String, to deputy: String?, _ occasion: Occasion, _ tx: Transaction) throws -> Int {
        try TaskStore.handOver(area: occasion.area, from: person, to: deputy, tx)
    }
}
