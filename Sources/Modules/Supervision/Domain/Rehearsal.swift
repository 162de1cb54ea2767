import Cases
import Catalogue
import Kernel
import Workflow

/// What an administrator would change of an item.
struct ItemEdit: Sendable, Hashable {
    var promised: Limit?
    /// Links with another time of their own.
    var links: [Stage.Kind: Limit] = [:]
    /// 审核 left out: from acceptance straight to the approver.
    var dropsReview = false
    /// Materials asked for no more.
    var materials: Set<String> = []
    /// Rules put in the place of others.
    var rules: [RulePlace: JSON] = [:]

    var isEmpty: Bool { promised == nil && links.isEmpty && !dropsReview && materials.isEmpty && rules.isEmpty }

    func applied(to item: ItemDefinition) -> ItemDefinition {
        var copy = rules.reduce(item) { $0.with($1.value, at: $1.key) }
        if let promised { copy.limits.promised = promised }
        copy.stages = item.stages.filter { $0.kind != .review || !dropsReview }.map { stage in
            var link = stage
            if let within = links[stage.kind] { link.within = within }
            return link
        }
        copy.materials = copy.materials.filter { !materials.contains($0.id) }
        return copy
    }
}

/// 规则演练: cases that were decided, played through an edited item before it is published.
///
/// Nothing is invented: a day is saved only where the journal shows what it was spent on and the edit takes that away, and an
/// end changes only where all that led to it is gone. How people would have acted otherwise is not guessed.
enum Rehearsal {
    /// One case as it was and as it would have been.
    struct Line: Sendable, Hashable {
        let number: String
        /// Working days from receipt to the end.
        let daysBefore: Int
        let daysAfter: Int
        /// Corrections that the edit makes needless.
        let correctionsSpared: Int
        let wasLate: Bool
        let wouldBeLate: Bool
        /// Ended because papers were lacking that are no longer asked for.
        let endChanges: Bool

        var saved: Int { daysBefore - daysAfter }
    }

    /// - Returns: nil for a case that has not ended and was not decided.
    /// - Throws: `JournalError` for a journal that is none of a case.
    static func line(
        _ number: String, _ journal: [JournalEntry], edit: ItemEdit, item: ItemDefinition, calendar: WorkCalendar
    ) throws -> Line? {
        guard let facts = try CaseFacts(journal, limits: item.limits, calendar: calendar) else { return nil }
        let received = journal.first { $0.name == "received" }?.at ?? journal.first?.at ?? facts.at
        let before = calendar.consumed(from: received.date, to: facts.at.date)
        var (spared, savedBefore, savedAfter) = (0, 0, 0)
        var endChanges = false
        for (index, entry) in journal.enumerated() where entry.name == "correction-requested" {
            guard try isNeedless(entry, edit) else { continue }
            let answer = journal[(index + 1)...].first { ["supplemented", "lapsed", "withdrawn"].contains($0.name) }
            guard let answer else { continue }
            spared += 1
            if answer.name == "supplemented" {
                savedBefore += calendar.consumed(from: entry.at.date, to: answer.at.date)
            } else {
                endChanges = true
            }
        }
        let accepted = journal.first { $0.name == "accepted" }
        if edit.dropsReview, item.stage(.review) != nil, let accepted,
            let passed = journal.last(where: { $0.name == "review-passed" && $0.at <= facts.at })
        {
            savedAfter = calendar.consumed(from: accepted.at.date, to: passed.at.date)
        }
        guard let decision = facts.decision, let accepted else {
            return Line(
                number: number, daysBefore: before, daysAfter: endChanges ? before : max(0, before - savedBefore),
                correctionsSpared: spared, wasLate: false, wouldBeLate: false, endChanges: endChanges)
        }
        let promised = edit.promised ?? decision.promised
        let start = try Bill(journal, calendar: calendar, at: facts.at).accounts.first { $0.name == "promised" }
        let due = calendar.deadline(after: start?.startedAt ?? accepted.at, limit: promised)
        // What stood, stood: the stops move the end as they did.
        let end = calendar.adding(workingDays: start?.stoppedDays ?? 0, to: due.date)
        let decided = calendar.adding(workingDays: -savedAfter, to: decision.at.date)
        return Line(
            number: number, daysBefore: before, daysAfter: max(0, before - savedBefore - savedAfter),
            correctionsSpared: spared, wasLate: decision.isLate, wouldBeLate: decided > end, endChanges: endChanges)
    }

    /// Every point of the notice is about a material that is no longer asked for.
    private static func isNeedless(_ entry: JournalEntry, _ edit: ItemEdit) throws -> Bool {
        let points = try JSON(parsing: entry.data)["points"].elements ?? []
        guard !points.isEmpty else { return false }
        return points.allSatisfy { $0["target"].text == "material" && edit.materials.contains($0["ref"].text ?? "") }
    }

    /// All cases together.
    struct Summary: Sendable, Hashable {
        let cases: Int
        let daysBefore: Int
        let daysAfter: Int
        let correctionsSpared: Int
        let lateBefore: Int
        let lateAfter: Int
        let endsChanged: Int

        init(_ lines: [Line]) {
            cases = lines.count
            daysBefore = lines.reduce(0) { $0 + $1.daysBefore }
            daysAfter = lines.reduce(0) { $0 + $1.daysAfter }
            correctionsSpared = lines.reduce(0) { $0 + $1.correctionsSpared }
            lateBefore = lines.count { $0.wasLate }
            lateAfter = lines.count { $0.wouldBeLate }
            endsChanged = lines.count { $0.endChanges }
        }

        var saved: Int { daysBefore - daysAfter }
        /// Per case, with two digits.
        func mean(_ days: Int) -> String {
            guard cases > 0 else { return "0" }
            let hundredths = (days * 100 + cases / 2) / cases
            return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
        }
    }
}
