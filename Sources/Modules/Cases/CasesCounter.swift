import Catalogue
import Directory
package import Identity
package import Kernel
package import Web

/// What the counter shows of the cases of the one who sits there.
package struct CasesCounter: CounterHistory {
    let cases: CasesAPI
    private static let shown = 20

    package init(cases: CasesAPI) { self.cases = cases }

    /// Drafts that can be taken up again, then cases under way, then those that ended.
    package func lines(of viewer: ResidentViewer, area: AreaCode, _ exchange: Exchange) async throws -> [CounterLine] {
        let (all, drafts) = try await cases.owned(by: viewer, area: area, limit: Self.shown)
        let packages = try await cases.ownedPackages(by: viewer, area: area).prefix(Self.shown)
        // The steps of a package stand on its page.
        let steps = Set(packages.flatMap(\.steps).compactMap(\.number))
        let single = all.filter { !steps.contains($0.number) }
        let lines = single.filter { !$0.stage.isEnded } + single.filter(\.stage.isEnded)
        let own = drafts.filter { $0.subject == viewer.subject }
        let names = try await cases.catalogue.names(
            of: Set(lines.map(\.item) + own.map(\.item) + packages.map(\.slug)), area: area)
        let (language, today) = (exchange.language, exchange.now.date)
        func line(
            _ item: String, _ number: String, _ state: String, _ at: Moment, _ isOpen: Bool, _ href: String,
            scans: String? = nil
        ) -> CounterLine {
            CounterLine(
                name: names[item]?[language] ?? item, number: number, state: state,
                day: at.date.words(in: language, near: today), isOpen: isOpen, href: href, scans: scans)
        }
        return own.map {
            line(
                $0.item, "", exchange.text("cases.counter.draft"), $0.changedAt, false,
                PortalPaths.draft.url(area, $0.id), scans: PortalPaths.scans.url(area, $0.id))
        }
            + packages.map { package in
                let done = package.steps.count { $0.state == "done" }
                let state =
                    package.endedAt == nil
                    ? exchange.text(
                        "cases.package.progress", ["done": done.grouped, "count": package.steps.count.grouped])
                    : exchange.text("cases.package.stage.\(package.stage)")
                return line(
                    package.slug, CaseNumber.grouped(package.number), state, package.submittedAt,
                    package.endedAt == nil, PortalPaths.package.url(area, package.number))
            }
            + lines.map {
                line(
                    $0.item, CaseNumber.grouped($0.number), exchange.text("cases.stage.\($0.stage.rawValue)"),
                    $0.openedAt, !$0.stage.isEnded, PortalPaths.one.url(area, $0.number))
            }
    }

    /// The draft that was worked on last, as it reads now, with numbers of people in part only: others may look over a shoulder.
    package func screen(
        of viewer: ResidentViewer, area: AreaCode, since: Moment, code: String, _ exchange: Exchange
    ) async throws -> CounterScreen? {
        let (all, drafts) = try await cases.owned(by: viewer, area: area, limit: 1)
        let language = exchange.language
        // A package's own number stands for those of the cases that began with it.
        let handedIn =
            try await cases.ownedPackages(by: viewer, area: area).first.flatMap { package in
                package.submittedAt >= since && (all.first?.openedAt ?? since) <= package.submittedAt
                    ? (item: package.slug, number: package.number, at: package.submittedAt) : nil
            } ?? all.first.flatMap { $0.openedAt >= since ? (item: $0.item, number: $0.number, at: $0.openedAt) : nil }
        let draft = drafts.first { $0.subject == viewer.subject && $0.changedAt >= since }
        if let handedIn, draft.map({ $0.changedAt <= handedIn.at }) ?? true {
            let names = try await cases.catalogue.names(of: [handedIn.item], area: area)
            return CounterScreen(
                item: names[handedIn.item]?[language] ?? handedIn.item, number: CaseNumber.grouped(handedIn.number),
                rows: [])
        }
        guard let draft else { return nil }
        let open = try await cases.openDraft(draft.id, area: area, viewer)
        let check = cases.check(open, viewer, language: language, on: exchange.now.date)
        let words = ValueWords(
            profile: try await cases.directory.profile(of: area), language: language, masked: true,
            yuan: exchange.text("web.field.yuan"))
        let rows = check.rules.sections.flatMap(\.fields).compactMap { field -> (label: String, value: String)? in
            let lines = words.lines(field, check.rules.visibleValues[field.id] ?? .null)
            return lines.isEmpty ? nil : (field.label[language], lines.joined(separator: "\n"))
        }
        return CounterScreen(
            item: open.item.definition.name[language], number: nil, rows: rows,
            scan: try await cases.scanAddress(draft.id, screen: code, area: area, at: exchange.now))
    }
}
