import Directory
package import Kernel
import Storage
import Workflow

extension CasesAPI {
    /// Counts the running limits of all areas anew where their calendar has changed: case by case, each in a transaction of
    /// its own, so that an edit of the calendar holds nobody up. Done twice, or by two servers, it changes nothing twice.
    ///
    /// - Returns: how many cases were looked at.
    /// - Throws: `RecountFault` for the first case that could not be counted; the others were.
    @discardableResult
    package func recountLimits(at now: Moment) async throws -> Int {
        var looked = 0
        var fault: RecountFault?
        for (area, _) in try await directory.areas() {
            var last = ""
            while true {
                let after = last
                let streams = try await database.read { tx in
                    try TimerStore.countedBefore(
                        DirectoryStore.calendar(of: area, tx).version, kind: CaseProcedure.kind, area: area,
                        after: after, limit: 100, tx)
                }
                for stream in streams {
                    do {
                        try await recount(stream, area: area, at: now)
                    } catch {
                        fault = fault ?? RecountFault(area: area, stream: stream, error: error)
                    }
                }
                looked += streams.count
                guard let end = streams.last, streams.count == 100 else { break }
                last = end
            }
        }
        if let fault { throw fault }
        return looked
    }

    private func recount(_ id: String, area: AreaCode, at now: Moment) async throws {
        let occasion = Occasion(area: area, at: now, actor: .system("calendar"), request: "calendar-\(id)")
        try await database.write { [office, projection] tx in
            // Read before the tasks: where another server counts between the two, this one gives way.
            guard let known = try office.state(of: id, area: area, tx)?.version else { throw DomainError.notFound }
            let tasks = try TaskStore.tasks(of: id, area: area, tx).map { CountedTask($0) }
            var version: Int?
            let outcome = try office.perform(.recountLimits(tasks), on: id, occasion, tx, expecting: known) { state in
                guard let state else { throw DomainError.notFound }
                let context = try projection.timerContext(state, id: id, occasion, tx)
                version = context.calendar.version
                return context
            }
            guard outcome.events.isEmpty, let version else { return }
            try TimerStore.counted(by: version, stream: id, area: area, tx)
        }
    }
}

/// A case whose limits could not be counted anew; it is tried again with the next run.
package struct RecountFault: Error, CustomStringConvertible {
    let area: AreaCode
    let stream: String
    let error: any Error

    package var description: String { "limits of \(area) \(stream) not recounted: \(error)" }
}
