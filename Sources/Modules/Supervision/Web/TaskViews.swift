import Cases
import Catalogue
import Directory
import Identity
import Kernel
import Storage
import Web
import Workflow

/// Rows of the board: whose task, with whom, until when.
struct TaskViews: Sendable {
    let cases: CasesAPI
    let exchange: Exchange
    let area: AreaCode

    func views(_ rows: [TaskRow]) async throws -> [View] {
        let streams = rows.map(\.stream)
        let area = area
        let (masks, urged) = try await cases.database.read { tx in
            (try PartyStore.masks(of: streams, area: area, tx), try NotesStore.urged(streams, area: area, tx))
        }
        let profile = try await cases.directory.profile(of: area)
        let calendar = try await cases.directory.calendar(of: area)
        let items = try await cases.catalogue.names(of: Set(rows.map(\.item)), area: area)
        let people = try await cases.identity.staffNames(area, Array(Set(rows.compactMap(\.assignee))))
        let language = exchange.language
        return rows.map { row in
            View([
                "number": row.number, "grouped": CaseNumber.grouped(row.number),
                "href": "/\(area.text)/desk/cases/\(row.number)", "light": light(row, calendar),
                "item": items[row.item]?[language] ?? row.item, "applicant": masks[row.stream],
                "department": profile.departmentName(Board.department(of: row.queue), in: language),
                "step": exchange.text("supervision.step.\(row.step)"),
                "who": row.assignee.map { people[$0] ?? $0 } ?? exchange.text("supervision.nobody"),
                "urged": urged[row.stream].map { $0.words(in: language, near: exchange.now.date) },
                "act": SupervisionRoutes.rows.url(area) + "?number=\(row.number)",
            ])
        }
    }

    private func light(_ row: TaskRow, _ calendar: WorkCalendar) -> View {
        let light = Light(warnAt: row.warnAt, dueAt: row.dueAt, now: exchange.now)
        let last = row.dueAt.adding(milliseconds: -1).date
        let today = exchange.now.date
        let text: String?
        switch light {
        case .grey: text = nil
        case .red:
            let days = calendar.workingDaysOverdue(due: last, today: today)
            text = days == 0 ? nil : exchange.text("supervision.over", ["days": days.grouped])
        case .yellow, .green:
            let days = calendar.workingDays(from: today, to: last)
            text =
                days <= 0
                ? exchange.text("supervision.dueToday") : exchange.text("supervision.left", ["days": days.grouped])
        }
        return View([
            "kind": light.word, "isOk": light == .green, "isWarn": light == .yellow, "isOver": light == .red,
            "isPaused": light == .grey, "text": text,
        ])
    }
}

extension Light {
    /// In addresses, classes and texts.
    var word: String {
        switch self {
        case .green: "ok"
        case .yellow: "warn"
        case .red: "over"
        case .grey: "paused"
        }
    }

    init?(word: String) {
        guard let light = Light.allCases.first(where: { $0.word == word }) else { return nil }
        self = light
    }
}
