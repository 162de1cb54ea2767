import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// 权力清单 and 责任清单: what each department may do, on what basis, and what it must do (中办发〔2015〕21号).
struct PowerLists: Sendable {
    let catalogue: CatalogueAPI
    let overviews: OverviewCache
    let directory: DirectoryAPI
    private let size = 50
    private let downloadSize = 200

    /// One of the two lists.
    private enum Kind: String {
        case powers, responsibilities

        var columns: [String] {
            switch self {
            case .powers: ["code", "name", "type", "department", "basis"]
            case .responsibilities: ["code", "name", "department", "duties", "limit", "phone"]
            }
        }
    }

    @Sendable func powers(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await show(exchange, area, .powers)
    }

    @Sendable func responsibilities(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        try await show(exchange, area, .responsibilities)
    }

    private func show(_ exchange: Exchange, _ area: AreaCode, _ kind: Kind) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let type = exchange.query("type").flatMap(ItemType.init(rawValue:))
        let filter = ItemFilter(department: exchange.query("department"), type: type, powersOnly: true)
        if exchange.query("format") == "csv" { return download(exchange, profile, filter, kind) }
        let turn = exchange.turn
        let size = size
        let (leaf, count) = try await catalogue.database.read { tx in
            (
                try CatalogueStore.list(filter, area: area, turn, size: size, tx),
                try CatalogueStore.count(filter, area: area, tx)
            )
        }
        let rows = try await rows(leaf.lines, exchange, profile, kind)
        let path = kind == .powers ? CataloguePaths.powers.url(area) : CataloguePaths.responsibilities.url(area)
        let asked = [("type", type?.rawValue), ("department", filter.department)]
        let title = exchange.text("catalogue.powers.\(kind.rawValue)")
        let total = exchange.text("catalogue.powers.count", ["count": count.grouped])
        return try await exchange.page(
            "catalogue.powers", title: title,
            View([
                "heading": title, "lead": exchange.text("catalogue.powers.\(kind.rawValue)Lead"), "path": path,
                "caption": total,
                "isPowers": kind == .powers,
                "tabs": [Kind.powers, .responsibilities].map { other in
                    View([
                        "text": exchange.text("catalogue.powers.\(other.rawValue)"), "current": other == kind,
                        "href": other == .powers
                            ? CataloguePaths.powers.url(area) : CataloguePaths.responsibilities.url(area),
                    ])
                },
                "types": ItemType.allCases.filter { $0 != .publicService }.map { candidate in
                    View(["id": candidate.rawValue, "name": candidate.words(exchange), "selected": candidate == type])
                },
                "departments": try await departments(exchange, profile, chosen: filter.department),
                "heads": kind.columns.map { View(["text": exchange.text("catalogue.powers.column.\($0)")]) },
                "rows": zip(leaf.lines, rows).map { line, cells in
                    View([
                        "href": CataloguePaths.item.url(area, line.slug), "name": exchange.label(line.name),
                        "code": Self.shown(cells[0]),
                        "cells": zip(kind.columns, cells).dropFirst(2).map { column, cell in
                            View([
                                "label": exchange.text("catalogue.powers.column.\(column)"), "text": Self.shown(cell),
                            ])
                        },
                    ])
                },
                "hasRows": !rows.isEmpty,
                "empty": rows.isEmpty
                    ? View([
                        "title": exchange.text("catalogue.powers.none"), "text": nil, "href": path,
                        "label": exchange.text("catalogue.powers.all"),
                    ]) : nil,
                "csv": rows.isEmpty ? nil : exchange.address(path, asked + [("format", "csv")]),
                "filtered": type != nil || filter.department != nil ? path : nil,
                "pager": exchange.pager(leaf, path: path, asked),
            ]))
    }

    private func departments(_ exchange: Exchange, _ profile: AreaProfile, chosen: String?) async throws -> [View] {
        let overview = try await overviews.overview(of: profile.area)
        return profile.departments.filter { overview.departments[$0.id] != nil }.map { department in
            View([
                "id": department.id, "name": profile.departmentName(department.id, in: exchange.language),
                "selected": department.id == chosen,
            ])
        }
    }

    /// The cells of each line, in the order of the list's columns.
    private func rows(_ lines: [ItemSummary], _ exchange: Exchange, _ profile: AreaProfile, _ kind: Kind) async throws
        -> [[String]]
    {
        let language = exchange.language
        switch kind {
        case .powers:
            return lines.map { line in
                [
                    line.code ?? "", line.name[language], line.type.words(exchange),
                    profile.departmentName(line.department, in: language), line.basis ?? "",
                ]
            }
        case .responsibilities:
            let definitions = try await catalogue.definitions(of: lines, area: profile.area)
            return lines.map { line in
                let item = definitions[line.slug]
                return [
                    line.code ?? "", line.name[language], profile.departmentName(line.department, in: language),
                    item.map { Self.duties($0, language) } ?? "", exchange.words(line.promised),
                    item?.contacts.complaint ?? profile.complaintPhone ?? "",
                ]
            }
        }
    }

    /// A page shows a dash where a table for a spreadsheet has an empty cell.
    private static func shown(_ cell: String) -> String { cell.isEmpty ? "—" : cell }

    /// `受理(5 个工作日):核对材料……;审核……`
    private static func duties(_ item: ItemDefinition, _ language: Language) -> String {
        let stages = item.stages.map { stage in
            let title = Flowchart.title(of: stage.kind, language)
            let within = Flowchart.spoken(stage.within, language)
            let head = language == .en ? "\(title) (\(within))" : "\(title)（\(within)）"
            return stage.task.map { head + (language == .en ? ": " : "：") + $0[language] } ?? head
        }
        let care = item.after.filter { !$0.verify }.map { $0.text[language] }
        let all = (stages + care).map { $0.hasSuffix("。") || $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
        return all.joined(separator: language == .en ? "; " : "；")
    }

    private func download(_ exchange: Exchange, _ profile: AreaProfile, _ filter: ItemFilter, _ kind: Kind) -> Response
    {
        let area = profile.area
        let size = downloadSize
        return CSVText.download(
            name: "\(exchange.text("catalogue.powers.\(kind.rawValue)"))-\(area.text)-\(exchange.now.date).csv",
            head: kind.columns.map { exchange.text("catalogue.powers.column.\($0)") }
        ) { slug in
            let turn = slug.map(Turn.after) ?? .start
            let leaf = try await catalogue.database.read { tx in
                try CatalogueStore.list(filter, area: area, turn, size: size, tx)
            }
            return (try await rows(leaf.lines, exchange, profile, kind), leaf.next)
        }
    }
}
