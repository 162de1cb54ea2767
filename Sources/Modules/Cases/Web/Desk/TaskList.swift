import Kernel
import Storage
import Web
import Workflow

/// The tasks of one who is signed in.
struct TaskList: Sendable {
    let cases: CasesAPI
    let viewer: StaffViewer
    let list: DeskList
    let now: Moment

    /// Rows of a page.
    static let pageSize = 50

    /// A place in the list.
    struct Place: Sendable {
        let dueAt: Moment
        let id: String

        init(_ row: TaskRow) { (dueAt, id) = (row.dueAt, row.id) }

        init?(_ text: String?) {
            let parts = (text ?? "").split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2, let milliseconds = Int64(parts[0]) else { return nil }
            (dueAt, id) = (Moment(milliseconds: milliseconds), parts[1])
        }

        var text: String { "\(dueAt.milliseconds).\(id)" }
    }

    func rows(after place: Place? = nil, limit: Int) async throws -> [TaskRow] {
        try await cases.database.read { tx in try rows(after: place, limit: limit, tx) }
    }

    func rows(after place: Place?, limit: Int, _ tx: Transaction) throws -> [TaskRow] {
        try TaskStore.inbox(
            area: viewer.area, queues: viewer.queues, person: viewer.id, view: list.view.store, item: list.item,
            step: list.step,
            now: now, after: place.map { ($0.dueAt, $0.id) }, limit: limit, tx)
    }

    /// The task before and the one after a place, as far as the first hundred rows show it.
    func neighbours(of task: TaskRow) async throws -> (before: TaskRow?, after: TaskRow?) {
        try await cases.database.read { tx in
            let first = try rows(after: nil, limit: 100, tx)
            let after = try rows(after: Place(task), limit: 1, tx).first
            guard let index = first.firstIndex(where: { $0.id == task.id }) else { return (nil, after) }
            return (index > 0 ? first[index - 1] : nil, after)
        }
    }

    /// What to open once a task is done: the one after it, or the first that is left.
    func next(after task: TaskRow?) async throws -> TaskRow? {
        try await cases.database.read { tx in
            if let task, let row = try rows(after: Place(task), limit: 1, tx).first { return row }
            return try rows(after: nil, limit: 2, tx).first { $0.stream != task?.stream }
        }
    }

    func counts() async throws -> [DeskList.View: Int] {
        try await cases.database.read { tx in
            var counts: [DeskList.View: Int] = [:]
            for view in DeskList.View.allCases {
                counts[view] = try TaskStore.count(
                    area: viewer.area, queues: viewer.queues, person: viewer.id, view: view.store, now: now, tx)
            }
            return counts
        }
    }
}

extension DeskList.View {
    var store: TaskStore.View {
        switch self {
        case .all: .all
        case .mine: .mine
        case .waiting: .waiting
        case .warn: .warned
        case .over: .overdue
        case .handed: .handed
        }
    }
}

extension Int {
    /// Counting stops at a hundred: `99+`.
    var capped: String { self > 99 ? "99+" : String(self) }
}

extension Moment {
    /// The day on which something due at this moment is still in time: midnight belongs to the day before.
    var lastDay: CivilDate { adding(milliseconds: -1).date }
}
