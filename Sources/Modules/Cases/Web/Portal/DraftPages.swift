import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 申请目录: what is filled in, what is not, and where to go on; and throwing a draft away.
struct DraftPages: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.draft, requires: .applicant, overview)
        routes.get(PortalPaths.discard, requires: .applicant, confirmDiscard)
        routes.post(PortalPaths.discard, requires: .applicant, discard)
    }

    @Sendable func overview(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.one.url(area, number))
        }
        let draft = try await cases.openDraft(id, area: area, viewer)
        let check = cases.check(draft, viewer, language: exchange.language, on: exchange.now.date)
        let steps = DraftSteps(draft: draft, check: check, language: exchange.language)
        let text: (Message) -> String = { exchange.text($0) }
        var rows: [View] = []
        if !check.situations.questions.isEmpty {
            rows.append(
                Self.row(
                    text(Message("cases.portal.questions.title")), PortalPaths.questions.url(area, id),
                    check.situations.isClear ? "done" : "fault", exchange))
        }
        for section in check.rules.sections {
            rows.append(
                Self.row(
                    section.title[exchange.language], steps.url(.section(section.id)), steps.status(section), exchange,
                    hint: section.hint?[exchange.language]))
        }
        if steps.steps.contains(.materials) {
            let required = check.situations.materials.filter {
                $0.required && $0.toUpload && $0.material.form != .paper
            }
            let ready = required.count - check.missing.count
            let status = check.missing.isEmpty ? "done" : draft.content.files.isEmpty ? "todo" : "partial"
            rows.append(
                Self.row(
                    text(Message("cases.portal.materials.title")), steps.url(.materials), status, exchange,
                    hint: text(
                        Message(
                            "cases.portal.materials.ready", ["ready": String(ready), "count": String(required.count)])))
            )
        }
        rows.append(
            Self.row(
                text(Message("cases.portal.check.title")), steps.url(.check), check.isReady ? "ready" : "later",
                exchange))
        let until = draft.row.expiresAt.date.words(in: exchange.language, near: exchange.now.date)
        return try await exchange.page(
            "cases.portal-draft", title: draft.item.definition.name[exchange.language],
            View([
                "item": draft.item.definition.name[exchange.language], "rows": rows, "continue": steps.url(steps.next),
                "ready": check.isReady && steps.next == .check,
                "saved": text(
                    Message(
                        "cases.portal.draft.saved",
                        [
                            "time": draft.row.changedAt.words(in: exchange.language, near: exchange.now.date),
                            "until": until,
                        ])),
                "discard": PortalPaths.discard.url(area, id),
                "department": try await cases.directory.profile(of: area)
                    .departmentName(draft.item.definition.department, in: exchange.language),
                "promised": draft.item.definition.limits.promised.words(in: exchange.language),
                "guide": PortalPaths.guide.url(area, draft.row.item),
            ]))
    }

    private static func row(
        _ name: String, _ href: String, _ status: String, _ exchange: Exchange, hint: String? = nil
    ) -> View {
        let tag =
            switch status {
            case "ready": "todo"
            case "later": "todo"
            default: status
            }
        return View([
            "name": name, "href": status == "later" ? nil : href, "hint": hint, "tag": tag,
            "status": exchange.text("cases.portal.status.\(status)"),
        ])
    }

    @Sendable func confirmDiscard(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let draft = try await cases.openDraft(id, area: area, try exchange.resident())
        return try await exchange.page(
            "cases.portal-discard", title: exchange.text("cases.portal.discard.title"),
            View([
                "item": draft.item.definition.name[exchange.language], "action": PortalPaths.discard.url(area, id),
                "back": PortalPaths.draft.url(area, id), "files": draft.content.files.count,
                "saved": draft.row.changedAt.words(in: exchange.language, near: exchange.now.date),
            ]))
    }

    @Sendable func discard(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        do {
            try await cases.discardDraft(id, area: area, try exchange.resident())
        } catch DomainError.notFound {
            // Pressed twice: it is gone either way.
        }
        return exchange.redirect(PortalPaths.cases.url(area), flash: Message("cases.portal.discard.done"))
    }
}
