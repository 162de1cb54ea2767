package import Catalogue
package import Kernel
import Storage
package import Web

/// What the catalogue's pages show of cases.
package struct CasesPanel: HomePanel {
    let cases: CasesAPI

    package init(cases: CasesAPI) { self.cases = cases }

    /// Corrections first, by their last day; then drafts, the last changed first.
    package func waiting(
        for resident: ResidentViewer, area: AreaCode, in language: Language, at now: Moment
    ) async throws -> [HomeEntry] {
        let (lines, drafts) = try await cases.owned(by: resident, area: area, stage: .correcting, limit: 50)
        let due = lines.sorted { ($0.dueAt ?? now) < ($1.dueAt ?? now) }
        let names = try await cases.catalogue.names(of: Set(due.map(\.item) + drafts.map(\.item)), area: area)
        func name(_ item: String) -> String { names[item]?[language] ?? item }
        let root = "/\(area.text)/my"
        return due.map { line in
            let day = line.dueAt.map { $0.adding(milliseconds: -1).date.words(in: language, near: now.date) } ?? ""
            return HomeEntry(
                title: name(line.item), text: Message("cases.panel.correct", ["day": day]),
                href: "\(root)/cases/\(line.number)/correction")
        }
            + drafts.map { draft in
                let day = draft.changedAt.date.words(in: language, near: now.date)
                return HomeEntry(
                    title: name(draft.item), text: Message("cases.panel.draft", ["day": day]),
                    href: "\(root)/drafts/\(draft.id)")
            }
    }

    package func mostUsed(in area: AreaCode, limit: Int) async throws -> [String] {
        let since = cases.time.now().adding(seconds: -90 * 86_400)
        return try await cases.database.read { tx in try CasesStore.mostUsed(area: area, since: since, limit: limit, tx)
        }
    }

    package func openCases(of items: [String], in area: AreaCode) async throws -> [String: Int] {
        try await cases.database.read { tx in try CasesStore.open(of: items, area: area, tx) }
    }
}
