import Catalogue
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// The guiding questions, answered again inside a draft: materials and fields follow the new answers, what was typed
/// stays.
struct QuestionsPage: Sendable {
    let cases: CasesAPI
    private static let prefix = "situation."

    func add(to routes: Routes) {
        routes.get(PortalPaths.questions, requires: .applicant, show)
        routes.post(PortalPaths.questions, requires: .applicant, save)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.one.url(area, number))
        }
        let draft = try await cases.openDraft(id, area: area, viewer)
        return try await page(exchange, draft, viewer, answers: draft.content.situations)
    }

    @Sendable func save(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        let draft = try await cases.openDraft(id, area: area, viewer)
        let pairs = exchange.form.pairs.filter { $0.name.hasPrefix(Self.prefix) }
            .map { (name: String($0.name.dropFirst(Self.prefix.count)), value: $0.value) }
        let answers = Situations.answers(from: pairs, of: draft.item.definition)
        do {
            let saved = try await cases.saveAnswers(
                answers, of: id, area: area, viewer, language: exchange.language, at: exchange.now)
            let check = cases.check(saved, viewer, language: exchange.language, on: exchange.now.date)
            let steps = DraftSteps(draft: saved, check: check, language: exchange.language)
            return exchange.redirect(exchange.form.text("from") == "check" ? steps.url(.check) : steps.url(steps.next))
        } catch DomainError.invalid(let faults) {
            let seen = Set(exchange.form.text("seen").split(separator: ",").map { "s." + $0 })
            let answerable = faults.filter { seen.contains($0.field) }
            // Questions that these answers have only just brought up are asked, not complained about.
            return try await page(
                exchange, draft, viewer, answers: answers, faults: answerable, news: answerable.isEmpty)
        } catch DomainError.refused(let message) {
            return try await page(exchange, draft, viewer, answers: answers, refusal: exchange.text(message))
        }
    }

    private func page(
        _ exchange: Exchange, _ draft: OpenDraft, _ viewer: ResidentViewer, answers: [String: JSON],
        faults: [FieldFault] = [],
        news: Bool = false, refusal: String? = nil
    ) async throws -> Response {
        let language = exchange.language
        let item = draft.item.definition
        var context = draft.context(viewer.isOrganisation ? .organisation : .person, on: exchange.now.date)
        context.situations = answers
        let asked = Situations(of: item, in: context).questions.map(\.situation.id)
        let fields = item.situations.map { situation in
            let id = "s." + situation.id
            let chosen: [String] =
                switch answers[situation.id] {
                case .string(let text)?: [text]
                case .array(let elements)?: elements.compactMap(\.text)
                default: []
                }
            var view = View([
                "id": id, "name": Self.prefix + situation.id, "label": situation.ask[language],
                "hint": situation.hint?[language],
                "error": faults.first { $0.field == id }.map { exchange.text($0.message) },
                "optional": !situation.required,
                "show": situation.show?.json.canonical, "hidden": !asked.contains(situation.id),
                "options": situation.answers.map { answer in
                    View([
                        "value": answer.id, "label": answer.label[language], "hint": answer.hint?[language],
                        "checked": chosen.contains(answer.id),
                    ])
                },
            ])
            view.set(situation.multiple ? "isCheckboxes" : "isRadio", true)
            return view
        }
        let view = View([
            "item": item.name[language], "fields": fields,
            "action": PortalPaths.questions.url(draft.area, draft.row.id),
            "answers": JSON.object([
                "situation": .object([:]), "applicant": ["kind": .string(context.applicant.rawValue)],
            ]).canonical,
            "today": exchange.now.date.description, "seen": asked.joined(separator: ","),
            "from": exchange.query("from") ?? exchange.form["from"],
            "back": PortalPaths.draft.url(draft.area, draft.row.id),
            "news": news ? View(["kind": "info", "title": exchange.text("cases.portal.questions.more")]) : nil,
            "refusal": refusal.map { View(["kind": "danger", "title": $0]) },
        ])
        return try await exchange.page(
            "cases.portal-questions", title: exchange.text("cases.portal.questions.title"), view, faults: faults,
            status: faults.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }
}
