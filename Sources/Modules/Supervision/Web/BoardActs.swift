import Cases
import Hummingbird
import Kernel
import Web
import Workflow

/// 督办 and 改派 of the chosen rows.
struct BoardActs: Sendable {
    let cases: CasesAPI

    /// A note on the case, shown on the task of whoever has it.
    @Sendable func urge(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let text = exchange.form.text("text")
        guard !text.isEmpty else { return back(exchange, area, Message("supervision.fault.text"), kind: "danger") }
        let numbers = numbers(exchange)
        return try await each(exchange, area, numbers, done: "supervision.urged") { number, occasion in
            // One click, one note a case: the page's key holds for a single case only.
            try await cases.addNote(
                number, text, key: numbers.count == 1 ? exchange.form["key"] : nil, urges: true, viewer, occasion)
        }
    }

    @Sendable func assign(_ exchange: Exchange, _ area: AreaCode) async throws -> Response {
        let viewer = try exchange.staff()
        let person = exchange.form.text("person")
        guard !person.isEmpty else { return back(exchange, area, Message("supervision.fault.person"), kind: "danger") }
        return try await each(exchange, area, numbers(exchange), done: "supervision.assigned") { number, occasion in
            try await cases.assign(number, to: person == "queue" ? nil : person, viewer, occasion)
        }
    }

    private func numbers(_ exchange: Exchange) -> [String] {
        var seen: Set<String> = []
        return exchange.form.all("number").filter { seen.insert($0).inserted }.prefix(BoardRows.pageSize).map { $0 }
    }

    private func back(_ exchange: Exchange, _ area: AreaCode, _ message: Message, kind: String = "done") -> Response {
        let selection = BoardRows.Selection { exchange.form[$0] }
        return exchange.redirect(SupervisionRoutes.rows.url(area) + selection.query, flash: message, kind: kind)
    }

    private func each(
        _ exchange: Exchange, _ area: AreaCode, _ numbers: [String], done key: String,
        _ act: (String, Occasion) async throws -> Void
    ) async throws -> Response {
        guard !numbers.isEmpty else { return back(exchange, area, Message("supervision.fault.rows"), kind: "danger") }
        let occasion = Occasion(area: area, at: exchange.now, actor: exchange.actor, request: exchange.requestID)
        var done = 0
        var refused: [String] = []
        for number in numbers {
            do {
                try await act(number, occasion)
                done += 1
            } catch let error as DomainError {
                refused.append("\(CaseNumber.grouped(number)) \(Self.reason(error, exchange))")
            }
        }
        guard !refused.isEmpty else { return back(exchange, area, Message(key, ["count": String(done)])) }
        return back(
            exchange, area,
            Message(
                "supervision.partly",
                [
                    "done": String(done), "count": String(refused.count),
                    "reasons": refused.prefix(3).joined(separator: " "),
                ]),
            kind: "danger")
    }

    private static func reason(_ error: DomainError, _ exchange: Exchange) -> String {
        switch error {
        case .conflict(let message), .refused(let message), .tooLarge(let message): exchange.text(message)
        case .invalid(let faults): faults.first.map { exchange.text($0.message) } ?? ""
        default: exchange.text("supervision.notYours")
        }
    }
}
