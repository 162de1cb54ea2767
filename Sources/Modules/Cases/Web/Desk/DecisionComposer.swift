import Catalogue
import Directory
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web
import Workflow

/// Decisions that need words: 不予受理, 不受理, 不予许可 with their documents; 退回 and 作废 inside the office.
struct DecisionComposer: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case decline, notNeeded = "not-needed", refuse, sendBack = "return", void

        var adverse: CasesAPI.Adverse? { CasesAPI.Adverse(rawValue: rawValue) }

        var permission: Permission {
            switch self {
            case .decline, .notNeeded: CasesPermissions.decline
            case .refuse, .sendBack: CasesPermissions.approve
            case .void: CasesPermissions.void
            }
        }

        /// `heading`, `issue`, `composer`: what the officer does, in the words of the item's type.
        func words(_ part: String, of opened: OpenCase) -> Message {
            Message(
                "cases.desk.\(part).\(rawValue)",
                texts: self == .refuse ? ["refusal": Refusal(opened.item.definition.type).act] : [:])
        }

        /// What the act is for; the articles of 行政许可法 are cited for licences only.
        func intro(_ type: ItemType) -> Message {
            let other = type != .licence && (self == .refuse || self == .notNeeded)
            return Message("cases.desk.intro.\(rawValue)\(other ? "Other" : "")")
        }

        var events: Set<String> {
            switch self {
            case .decline: ["declined"]
            case .notNeeded: ["not-needed"]
            case .refuse: ["refused"]
            case .sendBack: ["sent-back"]
            case .void: ["voided"]
            }
        }
    }

    let cases: CasesAPI
    let kind: Kind

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let folder = try await cases.folder(number, try exchange.staff(), exchange.occasion(area))
        return try await render(folder, DecisionWords(reason: ""), chosen: [], exchange)
    }

    @Sendable func post(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.staff()
        let occasion = exchange.occasion(area)
        let folder = try await cases.folder(number, viewer, occasion)
        let form = exchange.form
        let chosen = Set(form.all("article"))
        let words = Self.words(form, chosen, folder.opened.item.definition)
        if form.text("fragment") == "preview" {
            return try exchange.fragment(
                "cases.desk-preview", View(["paper": try paper(folder.opened, words, exchange.now)]))
        }
        if form.text("action") == "preview" { return try await render(folder, words, chosen: chosen, exchange) }
        let after = NextTask(cases: cases, exchange: exchange, number: number)
        let task = try await after.current()
        do {
            switch kind {
            case .sendBack: try await cases.sendBack(number, reason: words.reason, viewer, occasion)
            case .void: try await cases.void(number, reason: words.reason, viewer, occasion)
            case .decline, .notNeeded, .refuse:
                guard let adverse = kind.adverse else { throw DomainError.notFound }
                try await cases.decideAgainst(adverse, number, words: words, viewer, occasion)
            }
        } catch let error as DomainError {
            if try await after.isRepeated(kind.events, error) {
                return try await after.redirect(kind.rawValue, from: task)
            }
            var current = folder
            if case .conflict = error { current = try await cases.folder(number, viewer, occasion) }
            return try await render(current, words, chosen: chosen, exchange, problem: error)
        }
        return try await after.redirect(kind.rawValue, from: task)
    }

    /// The chosen articles and what was added to them, as the notice cites them.
    private static func words(_ form: FormData, _ chosen: Set<String>, _ item: ItemDefinition) -> DecisionWords {
        let articles = item.printedBasis.filter { chosen.contains($0.id) }.map(cited)
        let other = form.text("basis")
        return DecisionWords(
            facts: String(form.text("facts").prefix(4_000)),
            basis: (articles + (other.isEmpty ? [] : [other])).joined(separator: "、"),
            reason: String(form.text("reason").prefix(4_000)), referTo: String(form.text("referTo").prefix(200)))
    }

    private static func cited(_ basis: LegalBasis) -> String { "《\(basis.law.zh)》\(basis.article ?? "")" }

    private func paper(_ opened: OpenCase, _ words: DecisionWords, _ now: Moment) throws -> View? {
        guard let adverse = kind.adverse else { return nil }
        return try cases.previewAgainst(adverse, opened, words: words, at: now).paper
    }

    private func render(
        _ folder: DeskFolder, _ words: DecisionWords, chosen: Set<String>, _ exchange: Exchange,
        problem: DomainError? = nil
    ) async throws -> Response {
        let opened = folder.opened
        let state = opened.state
        let list = DeskList(exchange)
        let standing = Standing(folder, try exchange.staff(), in: exchange.language)
        var faults: [FieldFault] = []
        if case .invalid(let found)? = problem { faults = found }
        let base = DeskPaths.caseFile.url(opened.area, state.number)
        let error = { (field: String) in faults.first { $0.field == field }.map { exchange.text($0.message) } }
        let isOpen = standing.composers.contains("decision/\(kind.rawValue)")
        let remedies = kind.adverse == nil ? [] : Notices.remedies(opened)
        let lacksRemedy = kind.adverse != nil && remedies.isEmpty
        let typed = exchange.form
        let view = View([
            "wide": true, "action": "\(base)/decision/\(kind.rawValue)", "back": base + list.query(),
            "grouped": CaseNumber.grouped(state.number), "item": opened.item.definition.name[exchange.language],
            "heading": exchange.text(kind.words("heading", of: opened)),
            "intro": exchange.text(kind.intro(opened.item.definition.type)),
            "label": exchange.text(kind.words("issue", of: opened)),
            "fields": (list.fields + [("version", typed["version"] ?? String(opened.version))])
                .map { View(["name": $0.name, "value": $0.value]) },
            "facts": kind == .refuse ? View(["value": words.facts, "error": error("facts")]) : nil,
            "basis": kind.adverse == nil
                ? nil
                : View([
                    "articles": opened.item.definition.printedBasis.map {
                        View([
                            "value": $0.id, "label": Self.cited($0), "text": $0.text?.zh,
                            "checked": chosen.contains($0.id),
                        ])
                    },
                    "value": typed.text("basis"), "error": error("basis"), "optional": kind != .refuse,
                ]),
            "referTo": kind == .decline ? View(["value": words.referTo, "error": error("referTo")]) : nil,
            "reason": words.reason, "reasonError": error("reason"), "remedies": remedies.map { View(["words": $0]) },
            "hasRemedies": !remedies.isEmpty, "lacksRemedy": lacksRemedy,
            "paper": try paper(opened, words, exchange.now), "isOpen": isOpen && !lacksRemedy,
            "previews": kind.adverse != nil, "destroys": kind == .void,
            "problem": CorrectionComposer.banner(problem, isOpen: isOpen, standing, exchange),
        ])
        return try await exchange.page(
            "cases.desk-decision", title: exchange.text(kind.words("heading", of: opened)), view, faults: faults,
            status: CorrectionComposer.status(problem))
    }
}
