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
        let lines = all.filter { !$0.stage.isEnded } + all.filter(\.stage.isEnded)
        let own = drafts.filter { $0.subject == viewer.subject }
        let names = try await cases.catalogue.names(of: Set(lines.map(\.item) + own.map(\.item)), area: area)
        let (language, today) = (exchange.language, exchange.now.date)
        return own.map { draft in
            CounterLine(
                name: names[draft.item]?[language] ?? draft.item, number: "",
                state: exchange.text("cases.counter.draft"), day: draft.changedAt.date.words(in: language, near: today),
                isOpen: false, href: PortalPaths.draft.url(area, draft.id))
        }
            + lines.map { line in
                CounterLine(
                    name: names[line.item]?[language] ?? line.item, number: CaseNumber.grouped(line.number),
                    state: exchange.text("cases.stage.\(line.stage.rawValue)"),
                    day: line.openedAt.date.words(in: language, near: today), isOpen: !line.stage.isEnded,
                    href: PortalPaths.one.url(area, line.number))
            }
    }

    /// The draft that was worked on last, as it reads now, with numbers of people in part only: others may look over a shoulder.
    package func screen(
        of viewer: ResidentViewer, area: AreaCode, since: Moment, _ exchange: Exchange
    ) async throws -> CounterScreen? {
        let (all, drafts) = try await cases.owned(by: viewer, area: area, limit: 1)
        let language = exchange.language
        let handedIn = all.first.flatMap { $0.openedAt >= since ? $0 : nil }
        let draft = drafts.first { $0.subject == viewer.subject && $0.changedAt >= since }
        if let handedIn, draft.map({ $0.changedAt <= handedIn.openedAt }) ?? true {
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
        return CounterScreen(item: open.item.definition.name[language], number: nil, rows: rows)
    }
}
