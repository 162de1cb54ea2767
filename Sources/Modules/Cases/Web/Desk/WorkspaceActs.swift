import Documents
import Foundation
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Storage
import Web
import Workflow

/// The acts of the workspace. Each may be sent twice: the second time answers as the first.
struct WorkspaceActs: Sendable {
    let cases: CasesAPI
    var workspace: WorkspacePage { WorkspacePage(cases: cases) }

    @Sendable func accept(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        try await act(.accept, exchange, area, number) { viewer, occasion in
            try await cases.accept(number, viewer, occasion)
        }
    }

    @Sendable func review(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let opinion = exchange.form.text("opinion")
        return try await act(.review, exchange, area, number) { viewer, occasion in
            try await cases.passReview(number, opinion: opinion, viewer, occasion)
        }
    }

    @Sendable func approve(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        try await act(.approve, exchange, area, number) { viewer, occasion in
            try await cases.approve(number, viewer, occasion)
        }
    }

    @Sendable func complete(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let delivery = exchange.form.text("delivery")
        return try await act(.complete, exchange, area, number) { viewer, occasion in
            try await cases.complete(number, delivery: delivery, viewer, occasion)
        }
    }

    @Sendable func claim(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        try await here(exchange, area, number, done: Message("cases.desk.claimedOne")) { viewer, occasion in
            try await cases.claim(number, viewer, occasion)
        }
    }

    @Sendable func assign(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let person = exchange.form.text("person")
        let viewer = try exchange.staff()
        let name =
            person == "queue" ? exchange.text("cases.desk.queue") : try await cases.identity.staffName(area, person)
        return try await here(exchange, area, number, done: Message("cases.desk.assignedTo", ["who": name])) {
            _, occasion in
            guard !person.isEmpty else { throw DomainError.invalid("person", "cases.desk.tasks.choosePerson") }
            try await cases.assign(number, to: person == "queue" ? nil : person, viewer, occasion)
        }
    }

    /// A video of somebody who is not there: for those who compare it.
    @Sendable func recording(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws
        -> Response
    {
        let (kind, reader) = try await cases.recording(id, of: number, try exchange.staff(), exchange.occasion(area))
        return FileResponse.make(
            reader, kind: kind, name: "remote-check.\(kind.rawValue)", inline: true, exchange)
    }

    @Sendable func note(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let form = exchange.form
        return try await here(exchange, area, number, done: Message("cases.desk.noted")) { viewer, occasion in
            try await cases.addNote(number, form.text("note"), key: form["key"], viewer, occasion)
        }
    }

    @Sendable func mark(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.staff()
        let form = exchange.form
        guard let good = ["good": true, "bad": false][form.text("mark")] else { throw DomainError.notFound }
        try await cases.mark(form.text("material"), good: good, number, viewer, exchange.occasion(area))
        if exchange.wantsJSON { return exchange.json(["mark": .string(good ? "good" : "bad")]) }
        return exchange.redirect(DeskPaths.caseFile.url(area, number) + DeskList(exchange).query())
    }

    // MARK: Files

    @Sendable func file(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws -> Response
    {
        let opened = try await cases.openPart("file/\(id)", of: number, try exchange.staff(), exchange.occasion(area))
        let (name, kind, reader) = try await cases.file(id, of: opened)
        return FileResponse.make(reader, kind: kind, name: name, inline: true, exchange).framed
    }

    @Sendable func notice(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws
        -> Response
    {
        let opened = try await cases.openPart("notice/\(id)", of: number, try exchange.staff(), exchange.occasion(area))
        let (row, reader) = try await cases.paper(id, of: opened, at: exchange.now)
        return FileResponse.make(reader, kind: .pdf, name: row.title + ".pdf", inline: true, exchange).framed
    }

    // MARK: Inside

    /// A deciding act: afterwards the next task of the list opens.
    private func act(
        _ act: PositiveAct, _ exchange: Exchange, _ area: AreaCode, _ number: String,
        _ body: (StaffViewer, Occasion) async throws -> Void
    ) async throws -> Response {
        let viewer = try exchange.staff()
        let after = NextTask(cases: cases, exchange: exchange, number: number)
        let task = try await after.current()
        do {
            try await body(viewer, exchange.occasion(area))
        } catch let error as DomainError {
            if try await after.isRepeated([act.event], error) {
                return try await after.redirect(act.rawValue, from: task)
            }
            return try await failed(error, exchange, area, number)
        }
        return try await after.redirect(act.rawValue, from: task)
    }

    /// An act after which the case stays open.
    private func here(
        _ exchange: Exchange, _ area: AreaCode, _ number: String, done: Message,
        _ body: (StaffViewer, Occasion) async throws -> Void
    ) async throws -> Response {
        do {
            try await body(try exchange.staff(), exchange.occasion(area))
        } catch let error as DomainError {
            return try await failed(error, exchange, area, number)
        }
        return exchange.redirect(DeskPaths.caseFile.url(area, number) + DeskList(exchange).query(), flash: done)
    }

    /// The workspace again, with what was typed and who was faster.
    private func failed(_ error: DomainError, _ exchange: Exchange, _ area: AreaCode, _ number: String) async throws
        -> Response
    {
        var problem = WorkspacePage.Problem(opinion: exchange.form.text("opinion"), note: exchange.form.text("note"))
        switch error {
        case .conflict: (problem.message, problem.status) = (exchange.reason(error), .conflict)
        case .refused: problem.message = exchange.reason(error)
        case .invalid(let faults): problem.faults = faults
        default: throw error
        }
        return try await workspace.render(exchange, area, number, problem: problem)
    }
}

/// Where an officer goes after an act.
struct NextTask: Sendable {
    let cases: CasesAPI
    let exchange: Exchange
    let number: String

    /// The task as it stands before the act; its place decides which one comes next.
    func current() async throws -> TaskRow? {
        let area = try exchange.place()
        return try await cases.database.read { [number] tx in
            guard let line = try CasesStore.line(number: number, area: area, tx) else { return nil }
            return try TaskStore.tasks(of: line.id, area: area, tx).first
        }
    }

    /// True for the second half of a double click.
    func isRepeated(_ events: Set<String>, _ error: DomainError) async throws -> Bool {
        switch error {
        case .conflict, .forbidden, .refused: break
        default: return false
        }
        guard let version = exchange.form["version"].flatMap({ Int($0) }), let viewer = exchange.viewer.staff else {
            return false
        }
        return try await cases.isRepetition(events, of: number, since: version, by: viewer.id, area: viewer.area)
    }

    /// The next task of the list, or the list where nothing is left; the case itself where the officer prefers to stay.
    func redirect(_ done: String, from task: TaskRow?) async throws -> Response {
        let viewer = try exchange.staff()
        let list = DeskList(exchange)
        let text = exchange.text(
            Message(
                "cases.desk.done.\(done)", ["number": CaseNumber.grouped(number)],
                texts: done == "refuse" ? ["refusal": Refusal(number: number).act] : [:]))
        if exchange.staysOnCase {
            return exchange.redirect(
                DeskPaths.caseFile.url(viewer.area, number) + list.query(),
                flash: Message("cases.desk.doneHere", ["done": text]))
        }
        let tasks = TaskList(cases: cases, viewer: viewer, list: list, now: exchange.now)
        guard let next = try await tasks.next(after: task) else {
            return exchange.redirect(
                DeskPaths.tasks.url(viewer.area) + list.query(), flash: Message("cases.desk.doneHere", ["done": text]))
        }
        return exchange.redirect(
            DeskPaths.caseFile.url(viewer.area, next.number) + list.query(["arrived": "1"]),
            flash: Message("cases.desk.doneNext", ["done": text]))
    }
}

extension Response {
    /// May be shown in a frame of this site's own pages.
    var framed: Response {
        var copy = self
        let policy = copy.headers[.contentSecurityPolicy].map { $0 + "; " } ?? ""
        copy.headers[.contentSecurityPolicy] = policy + "frame-ancestors 'self'"
        if let name = HTTPField.Name("X-Frame-Options") { copy.headers[name] = "SAMEORIGIN" }
        return copy
    }
}
