import Catalogue
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
    /// - Throws: `.notFound` where nothing is shown under that number, `.invalid` with every gap, `.refused`.
    func object(_ number: String, _ input: ActInput, _ occasion: Occasion) async throws {
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
        let part = try opened.seal(
            DecisionWords(reason: lines.compactMap(\.self).joined(separator: "\n")), kind: "words", at: occasion.at)
        let (id, area, at, state) = (opened.id, opened.area, occasion.at, opened.state)
        let message = ID<CaseState>(at: at).description
        let also: @Sendable (Transaction) throws -> Void = { tx in
            let holders = Set(try TaskStore.tasks(of: id, area: area, tx).compactMap(\.assignee))
            try StaffMessages.put(
                message, kind: "cases.objected", stream: id,
                arguments: ["number": state.number, "item": state.item], to: holders, area: area, at: at, tx)
        }
        try await perform(
            .further(RecordObjection(words: part.reference, isPublic: true)), opened, occasion,
            with: Enclosures(parts: [part], also: also))
    }
}
