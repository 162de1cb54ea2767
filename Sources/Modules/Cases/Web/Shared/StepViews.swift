import Catalogue
import Directory
package import Kernel
import Storage
package import Web

/// A case as the page of its package shows it.
package struct StepView {
    /// The applicant's page of the case.
    package let href: String
    /// `办理中`, in the applicant's words.
    package let state: String
    /// Until when the office or the applicant has to act; nil once it ended.
    package let until: String?
    package let isOver: Bool
    /// Where a correction is answered; nil where none is asked for.
    package let correction: String?
    /// What came out: name, number, day, way of delivery.
    package let result: String?
    /// Its lines of the one timeline, as `web.timeline` takes them.
    package let lines: [(at: Moment, view: View)]
}

extension CasesAPI {
    /// A case in its applicant's words; the lines of its history name the step.
    package func stepView(of opened: OpenCase, named step: String, _ exchange: Exchange) async throws -> StepView {
        let (area, number, state) = (opened.area, opened.state.number, opened.state)
        let words = LimitWords(exchange, calendar: opened.calendar)
        let standing = CaseStanding(opened: opened, words: words) { exchange.text($0) }
        let entries = try await history(of: opened).filter { !$0.isInternal }
        let views = try TimelineViews(
            opened: opened, words: words, audience: .applicant,
            noticeLink: { PortalPaths.notice.url(area, number, $0) }, text: { exchange.text($0) }
        ).views(entries)
        let lines = zip(entries, views).map { entry, view -> (at: Moment, view: View) in
            var named = view
            named.set("kind", "done")
            named.set("who", step)
            return (entry.at, named)
        }
        let until = standing.limit.map { limit in
            exchange.text(
                state.stage == .correcting ? "cases.portal.cases.correctBy" : "cases.portal.cases.until",
                [
                    "date": words.date(limit.dueOn, provisional: limit.provisional),
                    "left": words.left(limit.dueOn, dueAt: limit.dueAt),
                ])
        }
        return StepView(
            href: PortalPaths.one.url(area, number), state: exchange.text(state.stage.message(of: number)),
            until: until, isOver: standing.limit.map(words.isOver) ?? false,
            correction: state.stage == .correcting ? PortalPaths.correction.url(area, number) : nil,
            result: result(of: opened, exchange), lines: lines)
    }

    private func result(of opened: OpenCase, _ exchange: Exchange) -> String? {
        guard let result = opened.state.result else { return nil }
        let separator = exchange.language == .en ? ", " : "，"
        let name = opened.item.definition.outcome.map { $0.name[exchange.language] }.joined(separator: separator)
        return [
            name, result.number, result.on.words(in: exchange.language),
            exchange.text("cases.delivery.\(result.delivery)"),
        ].compactMap { $0 }.joined(separator: separator)
    }

    /// The overall limit of a package as pages show it: its end in words, and its light.
    package func limitView(
        _ limit: RunningLimit, area: AreaCode, _ exchange: Exchange
    ) async throws -> (date: String, left: String, isOver: Bool, isWarned: Bool, light: View) {
        let words = LimitWords(exchange, calendar: try await directory.calendar(of: area))
        return (
            words.date(limit.dueOn, provisional: limit.provisional), words.left(limit.dueOn, dueAt: limit.dueAt),
            words.isOver(limit), words.now >= limit.warnAt, words.light(limit)
        )
    }

    /// How a package stands, for the page of one of its cases; nil where the case is none of a package.
    func package(of opened: OpenCase) async throws -> PackageStanding? {
        guard let part = opened.state.part, let packages else { return nil }
        let area = opened.area
        return try await database.read { tx in try packages.standing(of: part, area: area, tx) }
    }

    /// A resident's packages in an area, newest first.
    package func ownedPackages(by viewer: ResidentViewer, area: AreaCode) async throws -> [PackageStanding] {
        guard let packages else { return [] }
        let account = viewer.account
        return try await database.read { tx in try packages.owned(by: account, area: area, limit: 100, tx) }
    }
}

/// The steps of a package in words, on the pages of Cases.
struct PackageViews {
    let standing: PackageStanding
    let names: [String: LocalizedText]
    let profile: AreaProfile
    let exchange: Exchange

    /// Names that the views need.
    static func slugs(_ standing: PackageStanding) -> Set<String> { Set(standing.steps.map(\.item) + [standing.slug]) }

    var name: String { names[standing.slug]?[exchange.language] ?? standing.slug }

    /// `name, department, state, number, own`: whether it is the step of this case.
    func steps(own: String) -> [View] {
        standing.steps.map { step in
            View([
                "name": names[step.item]?[exchange.language] ?? step.item,
                "department": profile.departmentName(step.department, in: exchange.language),
                "state": exchange.text("cases.package.step.\(step.state)"), "tag": Self.tag(step.state),
                "own": step.id == own,
            ])
        }
    }

    static func tag(_ state: String) -> String {
        switch state {
        case "done": "done"
        case "failed", "withdrawn", "cancelled": "fault"
        case "open", "due": "partial"
        default: "todo"
        }
    }
}
