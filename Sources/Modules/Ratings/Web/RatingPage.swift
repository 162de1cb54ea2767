import Cases
import Catalogue
import Hummingbird
import Kernel
import Web
import Workflow

/// 好差评: five grades, the chosen grade's tags, words. Without scripts the tags come on a second page.
struct RatingPage: Sendable {
    let command: RateCase
    let kind: RateCase.Kind

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let rated = try await command.open(kind, number, area: area, try exchange.resident())
        return try await render(rated, RatingInput(grade: nil), step: .grades, exchange)
    }

    @Sendable func post(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.resident()
        let form = exchange.form
        let input = RatingInput(
            grade: form["grade"].flatMap(Grade.init), tags: form.all("tag").compactMap { Int($0) },
            text: form.text("text"),
            anonymous: form["anonymous"] == "1")
        // Only the chosen grade's tags were in sight: by script, or on the second page.
        let sawTags = input.grade.map { form.all("tags-of") == [$0.rawValue] } ?? false
        do {
            if input.grade != nil, !sawTags {
                let rated = try await command.open(kind, number, area: area, viewer)
                return try await render(rated, input, step: .tags, exchange)
            }
            let round = form["round"].flatMap { Int($0) } ?? 1
            _ = try await command.rate(kind, number, round: round, input, viewer, occasion(exchange, area))
        } catch DomainError.invalid(let faults) {
            let rated = try await command.open(kind, number, area: area, viewer)
            return try await render(
                rated, input, step: sawTags && form["step"] == "tags" ? .tags : .grades, exchange, faults: faults)
        }
        let path = kind == .package ? RatingRoutes.package : RatingRoutes.page
        return exchange.redirect(path.url(area, number), flash: Message("ratings.done"))
    }

    /// `{"grade": "satisfied", "tags": [409], "text": "…", "anonymous": false, "round": 1}`.
    @Sendable func postJSON(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        let viewer = try exchange.resident()
        let body = try await exchange.describedJSON(absent: .null)
        let input = RatingInput(
            grade: body["grade"].text.flatMap(Grade.init),
            tags: (body["tags"].elements ?? []).compactMap { $0.integer.map(Int.init) },
            text: body["text"].text ?? "", anonymous: body["anonymous"] == true)
        let round = body["round"].integer.map(Int.init) ?? 1
        guard try await command.rate(kind, number, round: round, input, viewer, occasion(exchange, area)) else {
            throw DomainError.conflict(Message("ratings.conflict.rated"))
        }
        return exchange.json(
            ["round": .int(Int64(round)), "grade": .string(input.grade?.rawValue ?? "")], status: .created)
    }

    private func occasion(_ exchange: Exchange, _ area: AreaCode) -> Occasion {
        Occasion(area: area, at: exchange.now, actor: exchange.actor, request: exchange.requestID)
    }

    private enum Step { case grades, tags }

    private func render(
        _ rated: RateCase.Rated, _ input: RatingInput, step: Step, _ exchange: Exchange, faults: [FieldFault] = []
    ) async throws -> Response {
        let subject = rated.subject
        let path = subject.isPackage ? RatingRoutes.package : RatingRoutes.page
        let grades = Grade.allCases.map { grade in
            View([
                "value": grade.rawValue, "label": exchange.text("ratings.grade.\(grade.rawValue)"),
                "checked": input.grade == grade,
                "tags": grade.tags.map { tag in
                    View([
                        "value": String(tag), "label": exchange.text("ratings.tag.\(tag)"),
                        "checked": input.tags.contains(tag),
                    ])
                },
                "show": #"{"==":[{"var":"grade"},"\#(grade.rawValue)"]}"#,
                "legend": exchange.text(grade.isBad ? "ratings.tags.bad" : "ratings.tags.good"),
            ])
        }
        let view = View([
            "item": subject.name[exchange.language], "number": CaseNumber.grouped(subject.number),
            "action": path.url(subject.area, subject.number),
            "back": "/\(subject.area.text)/my/\(subject.isPackage ? "packages" : "cases")/\(subject.number)",
            "given": try rated.ratings.map { try given($0, subject, exchange) },
            "round": rated.nextRound.map(String.init), "again": rated.nextRound == 2,
            "grades": step == .grades ? View(["options": grades]) : nil,
            "chosen": step == .tags
                ? grades.first { grade in
                    grade.child(named: "value") as? String == input.grade?.rawValue
                } : nil,
            "text": input.text, "anonymous": input.anonymous,
            "gradeError": faults.first { $0.field == "grade" }.map { exchange.text($0.message) },
            "textError": faults.first { $0.field == "text" }.map { exchange.text($0.message) },
        ])
        return try await exchange.page(
            "ratings.rating", title: exchange.text("ratings.title"), view, faults: faults,
            status: faults.isEmpty ? .ok : .unprocessableContent)
    }

    private func given(_ rating: Rating, _ subject: Rateable, _ exchange: Exchange) throws -> View {
        View([
            "label": exchange.text(rating.round == 1 ? "ratings.first" : "ratings.second"),
            "grade": exchange.text("ratings.grade.\(rating.grade.rawValue)"),
            "when": rating.at.words(in: exchange.language, near: exchange.now.date),
            "tags": rating.tags.map { View(["label": exchange.text("ratings.tag.\($0)")]) },
            "words": try rating.slot.flatMap { try subject.text($0) }, "anonymous": rating.anonymous,
        ])
    }
}
