import Catalogue
import Directory
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web
import Workflow

/// The page of an act beside the plain road: what is asked, beside it the document that is issued.
struct ActComposer: Sendable {
    let cases: CasesAPI
    let group: ActGroup

    @Sendable func page(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ name: String) async throws
        -> Response
    {
        guard let act = OfficerAct.named(name, group) else { throw DomainError.notFound }
        let folder = try await cases.folder(number, try exchange.staff(), exchange.occasion(area))
        return try await render(act, folder, ActInput([:]), exchange)
    }

    @Sendable func post(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ name: String) async throws
        -> Response
    {
        guard let act = OfficerAct.named(name, group) else { throw DomainError.notFound }
        let viewer = try exchange.staff()
        let occasion = exchange.occasion(area)
        let folder = try await cases.folder(number, viewer, occasion)
        let form = exchange.form
        let input = ActInput(form)
        if form.text("fragment") == "preview" {
            let paper = draft(act, try await scene(act, folder, exchange), input)?.paper
            return try exchange.fragment("cases.desk-preview", View(["paper": paper]))
        }
        if form.text("action") == "preview" { return try await render(act, folder, input, exchange) }
        let list = DeskList(exchange)
        let done = exchange.redirect(
            DeskPaths.caseFile.url(area, number) + list.query(),
            flash: Message("cases.act.done", texts: ["act": "cases.act.\(act.name)"]))
        do {
            try await cases.act(name, group, number, input, viewer, occasion)
        } catch let error as DomainError {
            let after = NextTask(cases: cases, exchange: exchange, number: number)
            if try await after.isRepeated(act.events, error) { return done }
            switch error {
            case .invalid, .refused, .conflict: break
            default: throw error
            }
            var current = folder
            if case .conflict = error { current = try await cases.folder(number, viewer, occasion) }
            return try await render(act, current, input, exchange, problem: error)
        }
        return done
    }

    private func scene(_ act: OfficerAct, _ folder: DeskFolder, _ exchange: Exchange) async throws -> ActScene {
        try await cases.scene(act, folder.opened, try exchange.staff(), at: exchange.now)
    }

    /// The document as far as it is written.
    private func draft(_ act: OfficerAct, _ scene: ActScene, _ input: ActInput) -> NoticeDraft? {
        var copy = input
        return act.compose(scene, &copy)?.notice
    }

    private func render(
        _ act: OfficerAct, _ folder: DeskFolder, _ input: ActInput, _ exchange: Exchange,
        problem: DomainError? = nil
    ) async throws -> Response {
        let opened = folder.opened
        let state = opened.state
        let list = DeskList(exchange)
        let viewer = try exchange.staff()
        let standing = Standing(folder, viewer, in: exchange.language)
        var faults: [FieldFault] = []
        if case .invalid(let found)? = problem { faults = found }
        let base = DeskPaths.caseFile.url(opened.area, state.number)
        let isOpen = cases.acts(folder, viewer, at: exchange.now).contains { $0.name == act.name }
        let scene = try await scene(act, folder, exchange)
        let paper = draft(act, scene, input)
        // What is compared stands beside what is said of it.
        let compares = act.events.contains { $0.hasPrefix("remote-check") }
        let view = View([
            "remote": compares ? try RemoteCheckViews.desk(opened, viewer, masked: false, exchange) : nil,
            "wide": true, "action": "\(base)/acts/\(group.rawValue)/\(act.name)", "back": base + list.query(),
            "grouped": CaseNumber.grouped(state.number), "item": opened.item.definition.name[exchange.language],
            "heading": exchange.text("cases.act.\(act.name)"),
            "intro": exchange.text("cases.act.\(act.name).intro"),
            "fields": (list.fields + [("version", exchange.form["version"] ?? String(opened.version))])
                .map { View(["name": $0.name, "value": $0.value]) },
            "inputs": ActFields(input: input, exchange: exchange, faults: faults).views(act.fields(scene)),
            "paper": paper?.paper, "previews": act.issues, "isOpen": isOpen,
            "problem": CorrectionComposer.banner(problem, isOpen: isOpen, standing, exchange),
        ])
        return try await exchange.page(
            "cases.desk-act", title: exchange.text("cases.act.\(act.name)"), view, faults: faults,
            status: CorrectionComposer.status(problem))
    }
}
