import Cases
import Catalogue
import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// Statutory, promised and actual time by item, department or month: for everybody, for supervisors, as CSV and over the API.
struct LimitPages: Sendable {
    static let open = Path("/:area/limits", AreaCode.self)
    static let openCSV = Path("/:area/limits.csv", AreaCode.self)
    static let desk = Path("/:area/desk/limits", AreaCode.self)
    static let deskCSV = Path("/:area/desk/limits.csv", AreaCode.self)
    static let cases = Path("/:area/desk/limits/cases", AreaCode.self)
    static let data = Path("/api/v1/areas/:area/limits", AreaCode.self)

    let api: CasesAPI

    func add(to routes: Routes) {
        let board = Access.permission(SupervisionPermissions.board)
        routes.get(Self.open, requires: .open, openPage)
        routes.get(Self.openCSV, requires: .open, openDownload)
        routes.get(Self.desk, requires: board, deskPage)
        routes.get(Self.deskCSV, requires: board, deskDownload)
        routes.get(Self.cases, requires: board, casesPage)
        routes.get(Self.data, requires: .open, json)
    }

    /// What is asked for: grouped how, which of the last twelve months.
    private struct Query {
        let by: LimitGrouping
        /// `2026-11`; nil for twelve months.
        let month: String?
        let months: [String]

        init(_ exchange: Exchange) {
            by = exchange.query("by").flatMap(LimitGrouping.init) ?? .item
            let today = exchange.now.date
            let first = CivilDate(year: today.year, month: today.month, day: 1) ?? today
            let months = (0..<12).map { String(first.adding(months: -$0).description.prefix(7)) }
            month = exchange.query("month").flatMap { months.contains($0) ? $0 : nil }
            self.months = months
        }

        var from: String { month ?? months.last ?? "" }
        var until: String { month ?? months.first ?? "" }
        func address(_ path: String, by other: LimitGrouping? = nil) -> String {
            let parts = ["by=\((other ?? by).rawValue)"] + (month.map { ["month=\($0)"] } ?? [])
            return path + "?" + parts.joined(separator: "&")
        }
    }

    private struct Row {
        let key: String
        let name: String
        let summary: LimitSummary
    }

    @Sendable private func openPage(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await page(
            "supervision.limits-open", Self.open.url(area), Self.openCSV.url(area), nil, false, exchange, area)
    }

    @Sendable private func deskPage(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let seen = api.supervisedDepartments(of: try exchange.staff())
        return try await page(
            "supervision.limits-desk", Self.desk.url(area), Self.deskCSV.url(area), seen, true, exchange, area)
    }

    private func page(
        _ template: String, _ path: String, _ csv: String, _ seen: [String]?, _ atDesk: Bool, _ exchange: Exchange,
        _ area: AreaCode
    ) async throws -> Response {
        let query = Query(exchange)
        let rows = try await rows(query, seen, exchange, area)
        let all = try await whole(query, seen, area)
        let language = exchange.language
        return try await exchange.page(
            template, title: exchange.text("supervision.limits.title"),
            View([
                "path": path, "csv": rows.isEmpty ? nil : query.address(csv), "hasRows": !rows.isEmpty,
                "by": query.by.rawValue, "head": exchange.text("supervision.limits.by.\(query.by.rawValue)"),
                "tabs": LimitGrouping.allCases.map { other in
                    View([
                        "text": exchange.text("supervision.limits.by.\(other.rawValue)"), "current": other == query.by,
                        "href": query.address(path, by: other),
                    ])
                },
                "months": query.months.map {
                    View(["value": $0, "label": Self.month($0, language), "selected": $0 == query.month])
                },
                "figures": all.cases == 0
                    ? nil
                    : View([
                        "cases": all.cases.grouped, "mean": all.mean, "median": all.median,
                        "receipt": all.receiptShare, "late": all.lateShare,
                    ]),
                "rows": rows.map { row in
                    View([
                        "name": row.name,
                        "href": atDesk && query.by == .item
                            ? Self.cases.url(area) + "?item=\(encodeSegment(row.key))"
                            : !atDesk && query.by == .item ? "/\(area.text)/items/\(encodeSegment(row.key))" : nil,
                        "statutory": row.summary.statutory?.words(in: language) ?? "—",
                        "promised": row.summary.promised?.words(in: language) ?? "—",
                        "mean": row.summary.mean, "median": row.summary.median,
                        "cases": row.summary.cases.grouped, "receipt": row.summary.receiptShare,
                        "late": row.summary.late.grouped, "breached": row.summary.breached.grouped,
                    ])
                },
                "board": SupervisionRoutes.board.url(area),
            ]))
    }

    /// The decided cases behind an item's figures, the newest first.
    @Sendable private func casesPage(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let seen = api.supervisedDepartments(of: try exchange.staff())
        guard let item = exchange.query("item") else { return exchange.redirect(Self.desk.url(area)) }
        let place = BoardRows.place(exchange.query("after")).map { (at: $0.dueAt, id: $0.id) }
        var lines = try await api.database.read { tx in
            try LimitStore.cases(of: item, departments: seen, before: place, limit: 51, area: area, tx)
        }
        let more = lines.count > 50
        if more { lines.removeLast() }
        let name = try await api.catalogue.names(of: [item], area: area)[item]?[exchange.language] ?? item
        return try await exchange.page(
            "supervision.limits-cases", title: name,
            View([
                "item": name, "back": Self.desk.url(area), "hasRows": !lines.isEmpty,
                "rows": lines.map { line in
                    View([
                        "grouped": CaseNumber.grouped(line.number),
                        "href": "/\(area.text)/desk/cases/\(line.number)/bill",
                        "at": line.at.words(in: exchange.language, near: exchange.now.date),
                        "used": Limit(line.used, .workingDays).words(in: exchange.language), "late": line.isLate,
                    ])
                },
                "next": more
                    ? lines.last.map {
                        Self.cases.url(area) + "?item=\(encodeSegment(item))&after=\($0.at.milliseconds).\($0.id)"
                    } : nil,
            ]))
    }

    // MARK: CSV and API

    @Sendable private func openDownload(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await download(nil, exchange, area)
    }

    @Sendable private func deskDownload(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await download(api.supervisedDepartments(of: try exchange.staff()), exchange, area)
    }

    private func download(_ seen: [String]?, _ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let query = Query(exchange)
        let rows = try await rows(query, seen, exchange, area)
        let heads =
            [exchange.text("supervision.limits.by.\(query.by.rawValue)")]
            + ["statutory", "promised", "mean", "median", "cases", "receipt", "late", "breached"].map {
                exchange.text("supervision.limits.\($0)")
            }
        let cells = rows.map { row -> [TableCell] in
            [
                TableCell(row.name), TableCell(row.summary.statutory?.words(in: exchange.language)),
                TableCell(row.summary.promised?.words(in: exchange.language)), TableCell(row.summary.mean),
                TableCell(row.summary.median), TableCell(row.summary.cases), TableCell(row.summary.receiptShare),
                TableCell(row.summary.late), TableCell(row.summary.breached),
            ]
        }
        return TableStream.csv(
            name: "\(exchange.text("supervision.limits.title"))-\(area.text)-\(exchange.now.date)", columns: heads
        ) { send in try await send(cells) }
    }

    @Sendable private func json(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let query = Query(exchange)
        let rows = try await rows(query, nil, exchange, area)
        return exchange.json([
            "by": .string(query.by.rawValue), "from": .string(query.from), "until": .string(query.until),
            "groups": .array(
                rows.map { row in
                    [
                        "key": .string(row.key), "name": .string(row.name),
                        "statutory": row.summary.statutory.map { .string($0.description) } ?? .null,
                        "promised": row.summary.promised.map { .string($0.description) } ?? .null,
                        "meanWorkingDays": .double(Double(row.summary.meanHundredths) / 100),
                        "medianWorkingDays": .double(Double(row.summary.medianHalves) / 2),
                        "cases": .int(Int64(row.summary.cases)), "onReceipt": .int(Int64(row.summary.onReceipt)),
                        "late": .int(Int64(row.summary.late)), "breached": .int(Int64(row.summary.breached)),
                    ]
                }),
        ])
    }

    // MARK: Reading

    private func bars(_ query: Query, _ seen: [String]?, _ area: AreaCode) async throws -> [LimitBar] {
        let (from, until) = (query.from, query.until)
        return try await api.database.read { tx in
            try LimitStore.bars(area: area, from: from, until: until, departments: seen, tx)
        }
    }

    private func whole(_ query: Query, _ seen: [String]?, _ area: AreaCode) async throws -> LimitSummary {
        LimitSummary(try await bars(query, seen, area))
    }

    private func rows(_ query: Query, _ seen: [String]?, _ exchange: Exchange, _ area: AreaCode) async throws -> [Row] {
        let groups = query.by.groups(try await bars(query, seen, area))
        let language = exchange.language
        switch query.by {
        case .item:
            let names = try await api.catalogue.names(of: Set(groups.map(\.key)), area: area)
            return groups.map { Row(key: $0.key, name: names[$0.key]?[language] ?? $0.key, summary: $0.summary) }
        case .department:
            let profile = try await api.directory.profile(of: area)
            return groups.map {
                Row(key: $0.key, name: profile.departmentName($0.key, in: language), summary: $0.summary)
            }
        case .month:
            return groups.map { Row(key: $0.key, name: Self.month($0.key, language), summary: $0.summary) }
        }
    }

    /// `2026 年 11 月`, `November 2026`.
    private static func month(_ text: String, _ language: Language) -> String {
        guard let first = CivilDate(text + "-01") else { return text }
        let words = first.words(in: language)
        switch language {
        case .en: return words.split(separator: " ").dropFirst().joined(separator: " ")
        case .zh, .bo, .ii: return words.replacing(" 1 日", with: "")
        }
    }
}
