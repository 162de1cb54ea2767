import Kernel
import Web

/// Addresses of the desk.
enum DeskPaths {
    static let tasks = Path("/:area/desk/tasks", AreaCode.self)
    static let arrivals = Path("/:area/desk/tasks/new", AreaCode.self)
    static let claimTasks = Path("/:area/desk/tasks/claim", AreaCode.self)
    static let assignTasks = Path("/:area/desk/tasks/assign", AreaCode.self)
    static let documents = Path("/:area/desk/tasks/documents", AreaCode.self)
    static let caseFile = Path("/:area/desk/cases/:number", AreaCode.self, String.self)
    static let file = Path("/:area/desk/cases/:number/files/:id", AreaCode.self, String.self, String.self)
    static let notice = Path("/:area/desk/cases/:number/notices/:id", AreaCode.self, String.self, String.self)
    static let recording = Path("/:area/desk/cases/:number/remote-check/:id", AreaCode.self, String.self, String.self)
    static let search = Path("/:area/desk/search", AreaCode.self)
    static let exports = Path("/:area/desk/exports", AreaCode.self)
    static let exportCSV = Path("/:area/desk/exports/cases.csv", AreaCode.self)
    static let exportProgress = Path("/:area/desk/exports/progress", AreaCode.self)
    static let exportXLSX = Path("/:area/desk/exports/cases.xlsx", AreaCode.self)

    /// Something done to a case, or a page in which it is written: `accept`, `correction`, `decision/refuse`.
    static func act(_ name: String) -> Path<AreaCode, String> {
        Path("/:area/desk/cases/:number/\(name)", AreaCode.self, String.self)
    }

    /// An act beside the plain road: `acts/review/start-procedure`.
    static func further(_ group: ActGroup) -> Path<AreaCode, String, String> {
        Path("/:area/desk/cases/:number/acts/\(group.rawValue)/:act", AreaCode.self, String.self, String.self)
    }
}

/// The list from which an officer came: kept in the address, so that the next task is one of the same list.
struct DeskList: Sendable, Hashable {
    /// The views in the order of their keys 1–6; the names stand in addresses.
    enum View: String, Sendable, CaseIterable {
        case all, mine, waiting, warn, over, handed
    }

    var view: View
    var item: String?
    var step: String?

    init(_ value: (String) -> String?) {
        view = value("view").flatMap(View.init) ?? .all
        item = value("item").flatMap { $0.isEmpty ? nil : $0 }
        step = value("step").flatMap {
            ["accept", "review", "opinion", "approve", "complete", "check", "acknowledge", "identity"].contains($0)
                ? $0 : nil
        }
    }

    init(_ exchange: Exchange) {
        let form = exchange.form
        self.init { name in form[name] ?? exchange.query(name) }
    }

    /// `?view=waiting&item=…`, or nothing for the plain list.
    func query(_ more: KeyValuePairs<String, String> = [:]) -> String {
        var parts: [String] = []
        if view != .all { parts.append("view=\(view.rawValue)") }
        if let item { parts.append("item=\(encodeSegment(item))") }
        if let step { parts.append("step=\(step)") }
        for (name, value) in more { parts.append("\(name)=\(encodeSegment(value))") }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }

    /// The same as hidden fields of a form.
    var fields: [(name: String, value: String)] {
        [("view", view == .all ? nil : view.rawValue), ("item", item), ("step", step)]
            .compactMap { name, value in value.map { (name, $0) } }
    }
}
