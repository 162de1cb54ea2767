import Catalogue
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Web

/// 在线申请: from the guide with its answers into the form. The guide was the overview, so the first unfinished section
/// opens at once.
struct BeginPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        // Open to all, so that somebody who is not signed in comes back to the guide with the answers and not to the
        // home page.
        routes.post(PortalPaths.apply, requires: .open, begin)
        routes.get(PortalPaths.apply, requires: .applicant, comeBack)
    }

    @Sendable func begin(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let pairs = exchange.form.pairs.filter { $0.name.hasPrefix("s.") && !$0.value.isEmpty }
        guard let viewer = exchange.viewer.resident else {
            return exchange.redirect(Self.address(PortalPaths.apply.url(area, slug), pairs))
        }
        let item = try await cases.catalogue.current(slug, area: area).definition
        if item.misfit(viewer) != nil {
            return exchange.redirect(Self.address(PortalPaths.apply.url(area, slug), pairs))
        }
        let answers = Situations.answers(from: pairs.map { (String($0.name.dropFirst(2)), $0.value) }, of: item)
        do {
            let draft = try await cases.startDraft(
                slug, answers: answers, viewer, area: area, language: exchange.language, at: exchange.now)
            let check = cases.check(draft, viewer, language: exchange.language, on: exchange.now.date)
            let steps = DraftSteps(draft: draft, check: check, language: exchange.language)
            let parts = CasesAPI.fillings(draft, check.situations, check.rules).map(\.step.item)
            let twin = try await cases.underWay(Set([slug] + parts), of: viewer, area: area)
            return exchange.redirect(
                steps.url(steps.next),
                flash: twin.map { Message("cases.portal.begin.twin", ["number": CaseNumber.grouped($0)]) }, kind: "info"
            )
        } catch DomainError.invalid(let faults) {
            let problem = faults.first?.message ?? Message("cases.portal.begin.answers")
            return exchange.redirect(Self.guide(area, slug, pairs), flash: problem, kind: "danger")
        } catch DomainError.refused(let message) {
            return exchange.redirect(Self.guide(area, slug, pairs), flash: message, kind: "danger")
        }
    }

    /// After signing in on the way: the guide with the answers given before; who cannot apply in this name is told what to do.
    @Sendable func comeBack(_ exchange: Exchange, _ area: AreaCode, _ slug: String) async throws -> Response {
        let item = try await cases.catalogue.current(slug, area: area).definition
        let pairs = item.situations.flatMap { situation in
            exchange.queryAll("s." + situation.id).map { (name: "s." + situation.id, value: $0) }
        }
        if let misfit = item.misfit(try exchange.resident()) {
            return try await otherName(misfit, item, Self.guide(area, slug, pairs), exchange)
        }
        return exchange.redirect(
            Self.guide(area, slug, pairs), flash: Message("cases.portal.begin.signedIn"), kind: "info")
    }

    /// Switch to the company, or register it; or apply in one's own name.
    private func otherName(_ misfit: Message, _ item: ItemDefinition, _ guide: String, _ exchange: Exchange)
        async throws
        -> Response
    {
        let viewer = try exchange.resident()
        let organisations = viewer.isOrganisation ? [] : try await cases.identity.organisations(of: viewer)
        let choices =
            viewer.isOrganisation
            ? [(viewer.account, exchange.text("cases.portal.name.self"))]
            : organisations.map {
                ($0.subject, exchange.text("cases.portal.name.organisation", ["name": $0.name]))
            }
        let kind = viewer.isOrganisation ? "persons" : "organisations"
        let view = View([
            "item": item.name[exchange.language], "heading": exchange.text("cases.portal.name.\(kind)"),
            "text": exchange.text(
                choices.isEmpty ? "cases.portal.name.none" : "cases.portal.name.now.\(kind)",
                ["who": viewer.organisation ?? viewer.displayName]),
            "reason": exchange.text(misfit),
            "choices": choices.map { View(["subject": $0.0, "label": $0.1]) },
            "register": viewer.isOrganisation
                ? nil : "\(exchange.areaPath)/my/acting-for?back=\(encodeSegment(guide))",
            "canRegisterOnly": choices.isEmpty, "guide": guide,
        ])
        return try await exchange.page(
            "cases.portal-name", title: exchange.text("cases.portal.name.\(kind)"), view,
            status: .unprocessableContent)
    }

    private static func guide(_ area: AreaCode, _ slug: String, _ pairs: [(name: String, value: String)]) -> String {
        address(PortalPaths.guide.url(area, slug), pairs)
    }

    private static func address(_ path: String, _ pairs: [(name: String, value: String)]) -> String {
        guard !pairs.isEmpty else { return path }
        return path + "?" + pairs.map { encodeSegment($0.name) + "=" + encodeSegment($0.value) }.joined(separator: "&")
    }
}
