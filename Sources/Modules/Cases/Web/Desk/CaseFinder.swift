import Catalogue
import Directory
import Kernel
import Web

/// The filter of the search and of exports, as a page's query gives it.
struct CaseFinder: Sendable {
    let cases: CasesAPI
    /// What was typed.
    var text = ""
    var item = ""
    var filter = CaseFilter()
    /// Dates that are none.
    var faults: [FieldFault] = []

    init(_ cases: CasesAPI, _ exchange: Exchange, _ viewer: StaffViewer) async throws {
        self.cases = cases
        text = exchange.query("q") ?? ""
        item = exchange.query("item") ?? ""
        filter.departments = CasesAPI.searchable(viewer)
        filter.department = exchange.query("department")
        filter.stage = exchange.query("stage").flatMap(CaseStage.init)
        filter.from = date("from", exchange)
        filter.until = date("until", exchange)
        if !text.isEmpty { try await cases.narrow(&filter, to: text, area: viewer.area) }
        if !item.isEmpty { filter.items = try await items(area: viewer.area) }
    }

    /// Items whose names have the words in them; where none has, those that sound alike.
    private func items(area: AreaCode) async throws -> [String] {
        let slugs = try await cases.catalogue.slugs(named: item, area: area)
        let names = try await cases.catalogue.names(of: Set(slugs), area: area)
        let exact = slugs.filter { slug in
            names[slug].map { $0.zh.contains(item) || ($0.en ?? "").contains(item) } ?? false
        }
        return exact.isEmpty ? slugs : exact
    }

    private mutating func date(_ name: String, _ exchange: Exchange) -> CivilDate? {
        let boxes = ["year", "month", "day"].map { exchange.query("\(name).\($0)") ?? "" }
        if boxes.allSatisfy(\.isEmpty) { return nil }
        if let year = Int(boxes[0]), let month = Int(boxes[1]), let day = Int(boxes[2]),
            let date = CivilDate(year: year, month: month, day: day), (1990...2100).contains(year)
        {
            return date
        }
        faults.append(FieldFault(name, Message("cases.desk.fault.date")))
        return nil
    }

    /// Anything was asked for.
    func isAsked(_ exchange: Exchange) -> Bool {
        ["q", "item", "department", "stage", "from.year", "until.year"].contains { exchange.query($0) != nil }
    }

    /// The query again, without the place in the list and one of its fields.
    static func query(
        _ exchange: Exchange, without dropped: Set<String> = [], adding: KeyValuePairs<String, String> = [:]
    ) -> String {
        let names = [
            "q", "item", "department", "stage", "from.year", "from.month", "from.day", "until.year", "until.month",
            "until.day",
        ]
        var parts = names.filter { !dropped.contains($0) }.compactMap { name in
            exchange.query(name).map { "\(name)=\(encodeSegment($0))" }
        }
        for (name, value) in adding { parts.append("\(name)=\(encodeSegment(value))") }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }

    /// The form's fields.
    func form(_ exchange: Exchange, _ profile: AreaProfile) -> View {
        let any = exchange.text("cases.desk.any")
        let departments = profile.departments.filter { department in
            filter.departments.map { $0.contains(department.id) } ?? true
        }
        func date(_ name: String) -> View {
            View([
                "id": name, "name": name, "label": exchange.text("cases.desk.find.\(name)"), "isDate": true,
                "year": exchange.query("\(name).year"), "month": exchange.query("\(name).month"),
                "day": exchange.query("\(name).day"),
                "error": faults.first { $0.field == name }.map { exchange.text($0.message) },
            ])
        }
        return View([
            "q": text, "itemText": item,
            "departments": [View(["value": "", "label": any, "selected": filter.department == nil])]
                + departments.map {
                    View([
                        "value": $0.id, "label": ($0.shortName ?? $0.name)[exchange.language],
                        "selected": filter.department == $0.id,
                    ])
                },
            "stages": [View(["value": "", "label": any, "selected": filter.stage == nil])]
                + CaseStage.allCases.map {
                    View([
                        "value": $0.rawValue, "label": exchange.text("cases.desk.stage.\($0.rawValue)"),
                        "selected": filter.stage == $0,
                    ])
                },
            "dates": [date("from"), date("until")],
        ])
    }

    /// What was asked for, each with a link that takes it off again.
    func chips(_ exchange: Exchange, _ profile: AreaProfile, base: String) -> [View] {
        var chips: [(String, String, Set<String>)] = []
        if !text.isEmpty { chips.append(("q", text, ["q"])) }
        if !item.isEmpty { chips.append(("item", item, ["item"])) }
        if let department = filter.department {
            chips.append(("department", profile.departmentName(department, in: exchange.language), ["department"]))
        }
        if let stage = filter.stage {
            chips.append(("stage", exchange.text("cases.desk.stage.\(stage.rawValue)"), ["stage"]))
        }
        for (name, date) in [("from", filter.from), ("until", filter.until)] {
            if let date {
                chips.append(
                    (name, date.words(in: exchange.language), ["\(name).year", "\(name).month", "\(name).day"]))
            }
        }
        return chips.map { name, value, dropped in
            View([
                "label": exchange.text("cases.desk.find.\(name)") + exchange.text("cases.desk.colon") + value,
                "href": base + Self.query(exchange, without: dropped),
            ])
        }
    }
}
