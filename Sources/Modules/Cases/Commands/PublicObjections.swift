import Catalogue
import Cryptography
import Directory
import Kernel
import Notify
import Storage
import Web
import Workflow

/// What is shown publicly before it is decided (公示), and what anybody may say against it.
struct Shown: Sendable {
    let number: String
    let item: LocalizedText
    let department: String
    let from: CivilDate
    let until: CivilDate
    /// What the officer put up; nobody's data but what stands in it.
    let text: String
}

extension CasesAPI {
    /// Everything that is shown on a day, what ends first before the rest; at most a hundred.
    func shown(in area: AreaCode, on day: CivilDate) async throws -> [Shown] {
        let numbers = try await database.read { tx in
            try CasesStore.shown(on: day, area: area, limit: 100, tx)
        }
        var shown: [Shown] = []
        for number in numbers { if let one = try await self.shown(number, in: area, on: day) { shown.append(one) } }
        return shown
    }

    /// One of them; nil where there is none, or no longer.
    func shown(_ number: String, in area: AreaCode, on day: CivilDate) async throws -> Shown? {
        guard let opened = try await openShown(number, in: area, on: day) else { return nil }
        return try Self.shown(opened)
    }

    private static func shown(_ opened: OpenCase) throws -> Shown? {
        guard let publicity = opened.state.publicity,
            let words = try opened.words(publicity.shown, as: DecisionWords.self)
        else { return nil }
        return Shown(
            number: opened.state.number, item: opened.item.definition.name,
            department: opened.profile.departmentTitle(opened.state.department), from: publicity.from.date,
            until: publicity.until, text: words.reason)
    }

    private func openShown(_ number: String, in area: AreaCode, on day: CivilDate) async throws -> OpenCase? {
        do {
            let opened = try await open(number: number, area: area)
            guard let until = opened.state.shownUntil, until >= day else { return nil }
            return opened
        } catch DomainError.notFound {
            return nil
        }
    }

    /// Hands an objection in. Name and contact are sealed with it; only the officers of the case read them.
    ///
    /// - Returns: the objection's number, and the code with which its answer is read.
    /// - Throws: `.notFound` where nothing is shown under that number, `.invalid` with every gap, `.refused`.
    @discardableResult
    func object(_ number: String, _ input: ActInput, _ occasion: Occasion) async throws -> (
        number: String, code: QueryCode
    ) {
        guard let opened = try await openShown(number, in: occasion.area, on: occasion.at.date) else {
            throw DomainError.notFound
        }
        var input = input
        let name = input.words("objector", most: 60)
        let contact = input.words("contact", most: 100)
        let concern = input.words("concern", optional: true, most: 200)
        let objection = input.words("objection", most: 2_000)
        guard input.faults.isEmpty else { throw DomainError.invalid(input.faults) }
        let lines = [
            objection, "异议人：\(name)", "联系方式：\(contact)", concern.isEmpty ? nil : "与申请事项的关系：\(concern)",
        ]
        let code = QueryCode.random()
        let words = ObjectionWords(reason: lines.compactMap(\.self).joined(separator: "\n"), code: code.text)
        let part = try opened.seal(words, kind: "words", at: occasion.at)
        let also = staffMessage("cases.objected", opened, at: occasion.at)
        let head = try await perform(
            .further(RecordObjection(words: part.reference, isPublic: true)), opened, occasion,
            with: Enclosures(parts: [part], also: also))
        let place = head.state.publicity?.objections.firstIndex { $0.words == part.reference } ?? 0
        return (ObjectionNumber(case: head.state.number, place: place + 1).text, code)
    }

    /// What became of an objection, for whoever has its number and code; nil where either is wrong, without saying which.
    /// It can be read until the case's personal part is destroyed.
    func objection(_ number: String, code: String, area: AreaCode) async throws -> AnsweredObjection? {
        guard let number = ObjectionNumber(number), let code = QueryCode(code) else { return nil }
        do {
            let opened = try await open(number: number.case, area: area)
            let objections = opened.state.publicity?.objections ?? []
            guard objections.indices.contains(number.place - 1) else { return nil }
            let objection = objections[number.place - 1]
            // An objection that an officer wrote down has no code.
            guard let words = try? opened.words(objection.words, as: ObjectionWords.self), words.code == code.text
            else { return nil }
            return AnsweredObjection(
                number: number, item: opened.item.definition.name,
                department: opened.profile.departmentTitle(opened.state.department), at: objection.at,
                resolvedAt: objection.resolvedAt, upheld: objection.upheld,
                answer: try opened.words(objection.answer, as: DecisionWords.self)?.reason)
        } catch DomainError.notFound {
            return nil
        }
    }
}

/// An objection of somebody who has no account: what he said, and the code that he alone was given.
struct ObjectionWords: Codable {
    // As `DecisionWords`, so that officers read it like all words.
    var facts = ""
    var basis = ""
    let reason: String
    var referTo = ""
    let code: String
}

/// What became of an objection.
struct AnsweredObjection: Sendable {
    let number: ObjectionNumber
    let item: LocalizedText
    let department: String
    let at: Moment
    let resolvedAt: Moment?
    let upheld: Bool?
    /// What the office answers; nil until it does.
    let answer: String?
}

/// The case's number and the objection's place among all of them: `510106 20261122 01 00001 7-2`.
struct ObjectionNumber: Sendable, Hashable {
    let `case`: String
    /// From 1.
    let place: Int

    init(case number: String, place: Int) {
        `case` = number
        self.place = place
    }

    /// Takes what somebody typed, with spaces in it; nil for what is none.
    init?(_ text: String) {
        let parts = text.split(separator: "-")
        guard parts.count > 1, let last = parts.last, let place = Int(last.filter { !$0.isWhitespace }), place > 0,
            let number = CaseNumber.read(parts.dropLast().joined())
        else { return nil }
        self.init(case: number, place: place)
    }

    var text: String { "\(`case`)-\(place)" }
    var grouped: String { "\(CaseNumber.grouped(`case`))-\(place)" }
}

extension CasesAPI {
    /// Tells the officers who have a task of the case that something came in.
    func staffMessage(_ kind: String, _ opened: OpenCase, at now: Moment) -> @Sendable (Transaction) throws -> Void {
        let (id, area, state) = (opened.id, opened.area, opened.state)
        let message = ID<CaseState>(at: now).description
        return { tx in
            let holders = Set(try TaskStore.tasks(of: id, area: area, tx).compactMap(\.assignee))
            try StaffMessages.put(
                message, kind: kind, stream: id, arguments: ["number": state.number, "item": state.item],
                to: holders, area: area, at: now, tx)
        }
    }
}
