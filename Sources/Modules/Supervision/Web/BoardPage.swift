import Cases
import Catalogue
import Directory
import Hummingbird
import Kernel
import Storage
import Web
import Workflow

/// 督办: ■ ▲ ● ‖ by department and step; every figure opens its rows. Breaches of statutory limits stand apart.
struct BoardPage: Sendable {
    let cases: CasesAPI

    /// In the order in which figures stand.
    static let lights: [Light] = [.red, .yellow, .green, .grey]

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let seen = cases.supervisedDepartments(of: viewer)
        let now = exchange.now
        let (figures, breaches) = try await cases.database.read { tx in
            (
                try TaskStore.board(area: area, now: now, tx),
                try CasesStore.breaches(area: area, departments: seen, at: now, limit: 100, tx)
            )
        }
        let board = Board(figures, seen: seen)
        let queues = board.departments.flatMap { $0.lines.map(\.queue) }
        let oldest = try await cases.database.read { tx in
            try TaskStore.supervised(area: area, queues: seen == nil ? nil : queues, now: now, limit: 20, tx)
        }
        let profile = try await cases.directory.profile(of: area)
        let rows = SupervisionRoutes.rows.url(area)
        let language = exchange.language
        let names = try await cases.catalogue.names(of: Set(breaches.map(\.item)), area: area)
        return try await exchange.page(
            "supervision.board", title: exchange.text("supervision.title"),
            View([
                "cards": Self.lights.map { light in
                    View([
                        "href": "\(rows)?light=\(light.word)", "count": board.figures[light].grouped,
                        "label": exchange.text("supervision.light.\(light.word)"),
                        "isOver": light == .red && board.figures.red > 0,
                        "isWarn": light == .yellow && board.figures.yellow > 0, "shape": light.shape,
                    ])
                },
                "breachCount": breaches.count >= 100 ? "99+" : breaches.count.grouped, "hasBreaches": !breaches.isEmpty,
                "breaches": breaches.map { line in
                    View([
                        "grouped": CaseNumber.grouped(line.number), "href": "/\(area.text)/desk/cases/\(line.number)",
                        "item": names[line.item]?[language] ?? line.item,
                        "department": profile.departmentName(line.department, in: language),
                        "ended": line.statutoryAt.map {
                            $0.adding(milliseconds: -1).date.words(in: language, near: now.date)
                        },
                    ])
                },
                "departments": board.departments.map { department in
                    let name = profile.departmentName(department.id, in: language)
                    return View([
                        "name": name,
                        "cells": cells(
                            department.figures, "\(rows)?department=\(encodeSegment(department.id))", name, exchange),
                        "steps": department.lines.map { line in
                            let step = exchange.text("supervision.step.\(line.step)")
                            return View([
                                "name": step,
                                "cells": cells(
                                    line.figures, "\(rows)?queue=\(encodeSegment(line.queue))&step=\(line.step)",
                                    "\(name) \(step)", exchange),
                            ])
                        },
                    ])
                },
                "lights": Self.lights.map {
                    View(["shape": $0.shape, "label": exchange.text("supervision.light.\($0.word)")])
                },
                "hasDepartments": !board.departments.isEmpty, "hasOldest": !oldest.isEmpty,
                "oldest": try await TaskViews(cases: cases, exchange: exchange, area: area).views(oldest),
                "ratings": "/\(area.text)/desk/ratings", "limits": LimitPages.desk.url(area),
                "detector": DetectorPage.list.url(area), "at": now.clock,
            ]))
    }

    private func cells(_ figures: Figures, _ base: String, _ name: String, _ exchange: Exchange) -> [View] {
        Self.lights.map { light in
            let count = figures[light]
            return View([
                "count": count.grouped, "href": count == 0 ? nil : "\(base)&light=\(light.word)",
                "label": "\(name) \(exchange.text("supervision.light.\(light.word)"))",
                "isOver": light == .red && count > 0,
            ])
        }
    }
}

extension Light {
    var shape: String {
        switch self {
        case .green: "●"
        case .yellow: "▲"
        case .red: "■"
        case .grey: "‖"
        }
    }
}
