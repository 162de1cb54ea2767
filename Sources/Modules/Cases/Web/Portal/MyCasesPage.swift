import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 我的办件: what waits for the reader first, then what is under way, drafts, and what is done.
struct MyCasesPage: Sendable {
    let cases: CasesAPI
    private let pageLength = 50

    func add(to routes: Routes) {
        routes.get(PortalPaths.cases, requires: .resident, show)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.resident()
        let language = exchange.language
        let (lines, drafts) = try await cases.owned(
            by: viewer, area: area, before: Self.cursor(exchange.query("before")), limit: pageLength + 1)
        let shown = lines.prefix(pageLength)
        // On the first page only: packages are few.
        let packages = exchange.query("before") == nil ? try await cases.ownedPackages(by: viewer, area: area) : []
        let names = try await cases.catalogue.names(
            of: Set(shown.map(\.item) + drafts.map(\.item) + packages.map(\.slug)), area: area)
        func name(_ slug: String) -> String { names[slug]?[language] ?? slug }
        let words = LimitWords(exchange, calendar: try await cases.directory.calendar(of: area))
        var groups: [View] = []
        groups += group(.yours, shown, area, exchange, words, name)
        groups += self.packages(packages, area, exchange, words, name)
        groups += group(.running, shown, area, exchange, words, name)
        if !drafts.isEmpty {
            let rows = drafts.map { draft in
                View([
                    "title": name(draft.item), "href": PortalPaths.draft.url(area, draft.id),
                    "state": exchange.text("cases.portal.cases.draft"),
                    "next": exchange.text(
                        "cases.portal.cases.draftUntil", ["date": words.date(draft.expiresAt.date)]),
                ])
            }
            groups.append(View(["title": exchange.text("cases.portal.cases.drafts"), "rows": rows]))
        }
        groups += self.group(.ended, shown, area, exchange, words, name)
        let view = View([
            "groups": groups, "hasGroups": !groups.isEmpty,
            "empty": groups.isEmpty
                ? View([
                    "title": exchange.text("cases.portal.cases.none"),
                    "text": exchange.text("cases.portal.cases.noneText"),
                    "href": "\(exchange.areaPath)/search", "label": exchange.text("web.search.label"),
                ]) : nil,
            "pager": lines.count > pageLength
                ? shown.last.map { last in
                    View([
                        "previous": nil, "shown": nil,
                        "next": PortalPaths.cases.url(area) + "?before=\(last.openedAt.milliseconds).\(last.id)",
                    ])
                } : nil,
            "elsewhere": try await elsewhere(viewer, area, exchange),
        ])
        return try await exchange.page("cases.portal-cases", title: exchange.text("cases.portal.cases.title"), view)
    }

    /// 一件事: each with how far it is; its cases stand among the others.
    private func packages(
        _ packages: [PackageStanding], _ area: AreaCode, _ exchange: Exchange, _ words: LimitWords,
        _ name: (String) -> String
    ) -> [View] {
        guard !packages.isEmpty else { return [] }
        let rows = packages.map { package in
            let done = package.steps.count { $0.state == "done" }
            return View([
                "title": name(package.slug), "href": PortalPaths.package.url(area, package.number),
                "number": CaseNumber.grouped(package.number),
                "state": exchange.text("cases.package.stage.\(package.stage)"),
                "next": exchange.text(
                    "cases.package.progress", ["done": done.grouped, "count": package.steps.count.grouped]),
                "over": package.limit.map(words.isOver) ?? false,
            ])
        }
        return [View(["title": exchange.text("cases.package.title"), "rows": rows])]
    }

    private func group(
        _ group: CaseStage.Group, _ lines: ArraySlice<CaseLine>, _ area: AreaCode, _ exchange: Exchange,
        _ words: LimitWords,
        _ name: (String) -> String
    ) -> [View] {
        let own = lines.filter { $0.stage.group == group }
        guard !own.isEmpty else { return [] }
        let rows = own.map { line in
            View([
                "title": name(line.item), "href": PortalPaths.one.url(area, line.number),
                "number": CaseNumber.grouped(line.number), "state": exchange.text(line.stage.message(of: line.number)),
                "next": next(line, exchange, words), "over": line.dueAt.map { exchange.now >= $0 } ?? false,
                "act": line.stage == .correcting ? PortalPaths.correction.url(area, line.number) : nil,
            ])
        }
        return [
            View([
                "title": exchange.text("cases.portal.cases.\(group.rawValue)"), "rows": rows, "yours": group == .yours,
            ])
        ]
    }

    /// The next date that counts for the reader.
    private func next(_ line: CaseLine, _ exchange: Exchange, _ words: LimitWords) -> String {
        if let ended = line.endedAt {
            return exchange.text("cases.portal.cases.endedOn", ["date": words.date(ended.date)])
        }
        guard let due = line.dueAt else { return "" }
        let day = due.adding(milliseconds: -1).date
        let key = line.stage == .correcting ? "cases.portal.cases.correctBy" : "cases.portal.cases.until"
        return exchange.text(key, ["date": words.date(day), "left": words.left(day, dueAt: due)])
    }

    /// Cases in other areas, from the account's own pointers.
    private func elsewhere(_ viewer: ResidentViewer, _ area: AreaCode, _ exchange: Exchange) async throws -> View? {
        let pointers = try await cases.ownedElsewhere(by: viewer, than: area)
        guard !pointers.isEmpty else { return nil }
        var rows: [View] = []
        for (other, own) in Dictionary(grouping: pointers, by: \.area).sorted(by: { $0.key < $1.key }) {
            guard let profile = try? await cases.directory.profile(of: other) else { continue }
            rows.append(
                View([
                    "href": PortalPaths.cases.url(other), "name": profile.name[exchange.language],
                    "count": exchange.text("cases.portal.cases.count", ["count": own.count.grouped]),
                ]))
        }
        return rows.isEmpty ? nil : View(["rows": rows])
    }

    private static func cursor(_ text: String?) -> (openedAt: Moment, id: String)? {
        guard let parts = text?.split(separator: ".", maxSplits: 1), parts.count == 2, let at = Int64(parts[0]) else {
            return nil
        }
        return (Moment(milliseconds: at), String(parts[1]))
    }
}
