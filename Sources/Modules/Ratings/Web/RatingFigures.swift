import Cases
import Catalogue
import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// What was said about departments: figures of the last twelve months, and bad ratings given by name.
struct RatingFigures: Sendable {
    let cases: CasesAPI
    let database: any Database

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let departments = cases.supervisedDepartments(of: viewer)
        let since = exchange.now.date.adding(months: -12).start
        let (figures, bad) = try await database.read { tx in
            (
                try RatingsStore.figures(area: area, departments: departments, since: since, tx),
                try RatingsStore.bad(area: area, departments: departments, since: since, limit: 50, tx)
            )
        }
        let profile = try await cases.directory.profile(of: area)
        let names = try await cases.catalogue.names(of: Set(bad.map(\.item)), area: area)
        let language = exchange.language
        let rows = Dictionary(grouping: figures, by: \.department).sorted { $0.key < $1.key }.map {
            department, counts in
            row(profile.departmentName(department, in: language), counts.map { ($0.grade, $0.count) })
        }
        let all = row(exchange.text("ratings.desk.all"), figures.map { ($0.grade, $0.count) })
        return try await exchange.page(
            "ratings.desk", title: exchange.text("ratings.desk.title"),
            View([
                "grades": Grade.allCases.map { View(["label": exchange.text("ratings.grade.\($0.rawValue)")]) },
                "rows": rows.isEmpty ? nil : rows + [all], "hasRows": !rows.isEmpty, "hasBad": !bad.isEmpty,
                "bad": bad.map { rating in
                    View([
                        "grouped": CaseNumber.grouped(rating.number),
                        "href": "/\(area.text)/desk/cases/\(rating.number)",
                        "item": names[rating.item]?[language] ?? rating.item,
                        "department": profile.departmentName(rating.department, in: language),
                        "grade": exchange.text("ratings.grade.\(rating.grade.rawValue)"),
                        "tags": rating.tags.map { exchange.text("ratings.tag.\($0)") }.joined(separator: "、"),
                        "when": rating.at.words(in: language, near: exchange.now.date),
                    ])
                },
            ]))
    }

    /// 好评率: grades 非常满意, 满意 and 基本满意 among all first ratings.
    private func row(_ name: String, _ counts: [(Grade, Int)]) -> View {
        let by = Dictionary(counts, uniquingKeysWith: +)
        let all = by.values.reduce(0, +)
        let good = by.filter { !$0.key.isBad }.values.reduce(0, +)
        let tenths = all == 0 ? 0 : (good * 1_000 + all / 2) / all
        return View([
            "name": name, "counts": Grade.allCases.map { View(["count": (by[$0] ?? 0).grouped]) }, "all": all.grouped,
            "share": all == 0 ? "" : "\(tenths / 10).\(tenths % 10)%",
        ])
    }
}
