import Workflow

/// Open tasks by light.
struct Figures: Sendable, Hashable {
    var red = 0
    var yellow = 0
    var green = 0
    var grey = 0

    static func + (a: Figures, b: Figures) -> Figures {
        Figures(red: a.red + b.red, yellow: a.yellow + b.yellow, green: a.green + b.green, grey: a.grey + b.grey)
    }

    subscript(light: Light) -> Int {
        switch light {
        case .red: red
        case .yellow: yellow
        case .green: green
        case .grey: grey
        }
    }
}

/// Departments, and in each its steps.
struct Board: Sendable {
    struct Line: Sendable {
        let queue: String
        let step: String
        let figures: Figures

        /// Steps in the order of work.
        var order: Int {
            ["accept", "review", "opinion", "approve", "complete", "check", "acknowledge", "identity"].firstIndex(
                of: step) ?? 9
        }
    }

    struct Department: Sendable {
        let id: String
        let lines: [Line]
        var figures: Figures { lines.reduce(Figures()) { $0 + $1.figures } }
    }

    /// Those with most overdue first.
    let departments: [Department]
    var figures: Figures { departments.reduce(Figures()) { $0 + $1.figures } }

    /// - Parameter seen: departments the reader may see; nil for all.
    init(_ rows: [(queue: String, step: String, red: Int, yellow: Int, grey: Int, all: Int)], seen: [String]?) {
        let lines = rows.map { row in
            // A paused task is beyond every end: it counts as grey only.
            Line(
                queue: row.queue, step: row.step,
                figures: Figures(
                    red: row.red, yellow: max(0, row.yellow), green: max(0, row.all - row.red - row.yellow - row.grey),
                    grey: row.grey))
        }
        departments = Dictionary(grouping: lines) { Self.department(of: $0.queue) }
            .filter { department, _ in seen.map { $0.contains(department) } ?? true }
            .map { Department(id: $0, lines: $1.sorted { ($0.order, $0.queue) < ($1.order, $1.queue) }) }
            .sorted { a, b in
                let (one, two) = (a.figures, b.figures)
                return (two.red, two.yellow, a.id) < (one.red, one.yellow, b.id)
            }
    }

    static func department(of queue: String) -> String { queue.split(separator: "/").first.map(String.init) ?? queue }
}
