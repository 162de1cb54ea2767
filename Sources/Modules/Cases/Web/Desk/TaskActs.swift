import Catalogue
import Documents
import Hummingbird
import Kernel
import Storage
import Web
import Workflow

/// What is done with several tasks at once; each for itself, and what could not be done is told.
struct TaskActs: Sendable {
    let cases: CasesAPI

    /// At most as many as a page shows.
    private func numbers(_ exchange: Exchange) -> [String] {
        var seen: Set<String> = []
        return exchange.form.all("number").filter { seen.insert($0).inserted }.prefix(TaskList.pageSize).map { $0 }
    }

    @Sendable func claim(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let occasion = exchange.occasion(area)
        return try await each(exchange, area, done: "cases.desk.tasks.claimed") { number in
            try await cases.claim(number, viewer, occasion)
        }
    }

    @Sendable func assign(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let occasion = exchange.occasion(area)
        let person = exchange.form.text("person")
        guard !person.isEmpty else {
            return exchange.redirect(
                back(exchange, area), flash: Message("cases.desk.tasks.choosePerson"), kind: "danger")
        }
        return try await each(exchange, area, done: "cases.desk.tasks.assigned") { number in
            try await cases.assign(number, to: person == "queue" ? nil : person, viewer, occasion)
        }
    }

    private func back(_ exchange: Exchange, _ area: AreaCode) -> String {
        DeskPaths.tasks.url(area) + DeskList(exchange).query()
    }

    private func each(
        _ exchange: Exchange, _ area: AreaCode, done key: String, _ act: (String) async throws -> Void
    ) async throws -> Response {
        let numbers = numbers(exchange)
        guard !numbers.isEmpty else {
            return exchange.redirect(
                back(exchange, area), flash: Message("cases.desk.tasks.chooseTask"), kind: "danger")
        }
        var done = 0
        var refused: [String] = []
        for number in numbers {
            do {
                try await act(number)
                done += 1
            } catch let error as DomainError {
                refused.append(CaseNumber.grouped(number) + exchange.text("cases.desk.colon") + exchange.reason(error))
            }
        }
        let text = exchange.text(key, ["count": String(done)])
        guard !refused.isEmpty else {
            return exchange.redirect(back(exchange, area), flash: Message(key, ["count": String(done)]))
        }
        let told = refused.prefix(3).joined(separator: exchange.text("cases.desk.semicolon"))
        return exchange.redirect(
            back(exchange, area),
            flash: Message(
                "cases.desk.tasks.partly", ["done": text, "count": String(refused.count), "reasons": told]),
            kind: "danger")
    }

    /// 打开文书: the documents of all selected cases on one page.
    @Sendable func documents(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        var views: [View] = []
        for number in numbers(exchange) {
            guard let opened = try? await cases.openForStaff(number, viewer, exchange.occasion(area)) else { continue }
            let notices = try await cases.notices(of: opened)
            views.append(
                View([
                    "grouped": CaseNumber.grouped(number), "item": opened.item.definition.name[exchange.language],
                    "href": DeskPaths.caseFile.url(area, number),
                    "notices": notices.reversed().map { notice in
                        View([
                            "title": notice.title, "docNumber": notice.number,
                            "when": notice.issuedAt.words(in: exchange.language, near: exchange.now.date),
                            "href": DeskPaths.notice.url(area, number, notice.id),
                        ])
                    },
                ]))
        }
        let title = exchange.text("cases.desk.documents.title")
        return try await exchange.page(
            "cases.desk-documents", title: title, View(["cases": views, "back": back(exchange, area)]))
    }
}

extension Exchange {
    /// Why something was not done, in one sentence.
    func reason(_ error: DomainError) -> String {
        switch error {
        case .conflict(let message), .refused(let message), .tooLarge(let message): text(message)
        case .invalid(let faults): faults.first.map { text($0.message) } ?? text("web.error.invalid.title")
        case .notFound, .forbidden: text("cases.desk.notYours")
        case .signInRequired: text("web.error.signIn.title")
        case .tooMany: text("web.error.tooMany.title")
        case .unavailable: text("web.error.unavailable.title")
        }
    }
}
