import Directory
import Hummingbird
import Kernel
import Storage
import Web

/// Items with their versions, what was found in them, how many cases are under way, where each part comes from, and what changed between two versions; items come in by packs and lists.
struct AdminItems: Sendable {
    let catalogue: CatalogueAPI
    let search: SearchItems
    let directory: DirectoryAPI
    let cases: (any HomePanel)?
    private let size = 50

    @Sendable func list(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let size = size
        let words = exchange.query("q")
        var slugs: [String]?
        if let words {
            slugs = try await search.run(SearchItems.Query(text: words), area: area, limit: size).map(\.line.slug)
        }
        let wanted = slugs
        let turn: Turn = words == nil ? exchange.turn : .start
        let (leaf, findings) = try await catalogue.database.read { tx in
            let leaf = try CatalogueStore.stored(area: area, slugs: wanted, turn, size: size, tx)
            return (leaf, try FindingStore.findings(of: leaf.lines.map(\.slug), area: area, tx))
        }
        let open = try await cases?.openCases(of: leaf.lines.map(\.slug), in: area)
        let path = CataloguePaths.adminItems.url(area)
        return try await exchange.page(
            "catalogue.admin-items", title: exchange.text("catalogue.admin.title"),
            View([
                "path": path, "words": words, "import": CataloguePaths.adminImport.url(area),
                "rows": leaf.lines.map { item in
                    View([
                        "href": CataloguePaths.adminItem.url(area, item.slug), "name": item.name[exchange.language],
                        "slug": item.slug,
                        "code": item.code, "department": profile.departmentName(item.department, in: exchange.language),
                        "version": item.version, "source": Self.source(item.source, exchange),
                        "loaded": item.loadedAt.words(in: exchange.language, near: exchange.now.date),
                        "found": findings[item.slug].map { found in
                            exchange.text("catalogue.admin.findingCount", ["count": found.count.grouped])
                        },
                        "open": (open?[item.slug] ?? 0).grouped,
                        "withdrawn": item.withdrawnAt.map { at in
                            exchange.text(
                                "catalogue.admin.withdrawn",
                                ["date": at.date.words(in: exchange.language, near: exchange.now.date)])
                        },
                    ])
                },
                "hasRows": !leaf.lines.isEmpty,
                "empty": leaf.lines.isEmpty
                    ? View([
                        "title": exchange.text("catalogue.admin.none"), "text": nil, "href": path,
                        "label": exchange.text("catalogue.admin.all"),
                    ])
                    : nil,
                "pager": words == nil ? exchange.pager(leaf, path: path, []) : nil,
            ]))
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let profile = try await directory.profile(of: area)
        let versions = try await catalogue.database.read { tx in
            try CatalogueStore.versions(of: slug, area: area, tx)
        }
        guard let newest = versions.first else { throw DomainError.notFound }
        let known = Set(versions.map(\.version))
        let to = exchange.query("to").flatMap { Int($0) }.flatMap { known.contains($0) ? $0 : nil } ?? newest.version
        let before = versions.first { $0.version < to }?.version
        let from = exchange.query("from").flatMap { Int($0) }.flatMap { known.contains($0) ? $0 : nil } ?? before
        let wanted = [to, from].compactMap { $0 }
        let (stored, findings) = try await catalogue.database.read { tx in
            (
                try CatalogueStore.stored(slug, versions: wanted, area: area, tx),
                try FindingStore.findings(of: [slug], area: area, tx)[slug] ?? []
            )
        }
        let open = try await cases?.openCases(of: [slug], in: area)
        guard let shown = stored.first(where: { $0.version == to }) else { throw DomainError.notFound }
        let definition = try ItemDefinition(canonicalJSON: shown.definition)
        let older = stored.first { $0.version == from && $0.version != to }
        let name = definition.name[exchange.language]
        return try await exchange.page(
            "catalogue.admin-item", title: name,
            View([
                "name": name, "slug": slug, "path": CataloguePaths.adminItem.url(area, slug),
                "listHref": CataloguePaths.adminItems.url(area), "guideHref": CataloguePaths.item.url(area, slug),
                "versions": versions.map { version in
                    View([
                        "number": version.version, "source": Self.source(version.source, exchange),
                        "loaded": version.at.words(in: exchange.language, near: exchange.now.date),
                        "isTo": version.version == to, "isFrom": version.version == from,
                    ])
                },
                "open": open.map { open in
                    exchange.text("catalogue.admin.openCases", ["count": (open[slug] ?? 0).grouped])
                },
                "findings": findings.map { finding in
                    View([
                        "severity": exchange.text("catalogue.admin.severity.\(finding.severity.rawValue)"),
                        "text": finding.message[exchange.language], "advice": finding.advice?[exchange.language],
                        "place": finding.line > 0 ? "\(finding.file):\(finding.line)" : finding.file,
                    ])
                },
                "hasFindings": !findings.isEmpty, "several": versions.count > 1,
                "provenance": try await provenance(shown, exchange, profile),
                "provenanceTitle": exchange.text("catalogue.admin.provenance", ["version": "\(to)"]),
                "diff": try older.map { try diff($0, shown, exchange) },
            ]))
    }

    /// Key by key, which area's pack it comes from.
    private func provenance(_ version: StoredVersion, _ exchange: Exchange, _ profile: AreaProfile) async throws
        -> [View]
    {
        let areas = Dictionary(
            try await directory.areas().map { ($0.area.text, $0.name) }, uniquingKeysWith: { first, _ in first })
        return version.provenance.sorted { $0.key < $1.key }.map { key, area in
            let name = area == "000000" ? exchange.text("catalogue.admin.nation") : areas[area]
            return View(["key": key, "area": area, "areaName": name, "own": area == profile.area.text])
        }
    }

    private func diff(_ old: StoredVersion, _ new: StoredVersion, _ exchange: Exchange) throws -> View {
        let diff = LineDiff(
            from: try JSON(parsing: old.definition).prettyLines, to: try JSON(parsing: new.definition).prettyLines)
        return View([
            "title": exchange.text("catalogue.admin.diff", ["from": "\(old.version)", "to": "\(new.version)"]),
            "same": diff.hunks.isEmpty,
            "hunks": diff.hunks.enumerated().map { index, lines in
                View([
                    "last": index == diff.hunks.count - 1,
                    "lines": lines.map { line in
                        View([
                            "old": line.old, "new": line.new, "added": line.kind == .added,
                            "removed": line.kind == .removed,
                            "text": Self.indented(line.text),
                        ])
                    },
                ])
            },
        ])
    }

    /// Spaces at the beginning of a line are kept by browsers only where they do not break.
    private static func indented(_ line: String) -> String {
        let spaces = line.prefix { $0 == " " }.count
        return String(repeating: "\u{A0}", count: spaces) + line.dropFirst(spaces)
    }

    private static func source(_ source: String, _ exchange: Exchange) -> String {
        switch source {
        case "pack": exchange.text("catalogue.admin.pack")
        case "list": exchange.text("catalogue.admin.list")
        default: source
        }
    }
}
