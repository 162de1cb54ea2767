import Foundation
package import Kernel
package import Workflow

/// One line of a case's history, read from its journal; whose words it is shown in is for the page to say.
package struct TimelineEntry: Sendable, Hashable {
    /// Who acted, without a name: the page adds it where the reader may see it.
    package enum Doer: Sendable, Hashable {
        case applicant
        /// A member of staff, by id.
        case officer(String)
        /// What the law or a clock does.
        case system
    }

    package let at: Moment
    package let doer: Doer
    /// The text is `cases.timeline.KIND`.
    package let kind: String
    /// A date the text names: the end of the limit that began.
    package let due: CivilDate?
    /// A number the text names: files, points.
    package let count: Int?
    /// Words in the vault that belong to it.
    package let words: Sealed?
    package let notice: IssuedNotice?
    /// Only officers see it: who has the task, opinions inside the office.
    package let isInternal: Bool
    /// The words are an officer's to officers, even where the line itself is for everybody.
    package let wordsAreInternal: Bool
    /// A text the line names: which procedure, which department's opinion.
    package let about: String?
    /// A department the line names.
    package let department: String?

    /// Kinds whose words list points for the applicant.
    static let listing: Set<String> = [
        "correctionRequested", "papersAwaited.lacking", "papersAwaited.missing", "papersAwaited.rectification",
    ]

    /// The line's words for a case of that number.
    func message(_ arguments: [String: String], of number: String) -> Message {
        Message(
            "cases.timeline.\(kind)", arguments,
            texts: kind == "refused"
                ? ["refusal": Refusal(number: number).text] : about.map { ["about": $0] } ?? [:])
    }

    init(
        _ kind: String, at: Moment, by doer: Doer, due: CivilDate? = nil, count: Int? = nil, words: Sealed? = nil,
        notice: IssuedNotice? = nil, isInternal: Bool = false, wordsAreInternal: Bool = false,
        about: String? = nil, department: String? = nil
    ) {
        self.at = at
        self.doer = doer
        self.kind = kind
        self.due = due
        self.count = count
        self.words = words
        self.notice = notice
        self.isInternal = isInternal
        self.wordsAreInternal = wordsAreInternal
        self.about = about
        self.department = department
    }
}

/// What happened to a case, newest first.
package enum Timeline {
    /// - Throws: `JournalError` for an entry that is no event of a case.
    package static func entries(_ journal: [JournalEntry]) throws -> [TimelineEntry] {
        var lines: [TimelineEntry] = []
        for entry in journal {
            let line = self.line(try CaseEvent(name: entry.name, data: entry.data), doer(entry), at: entry.at)
            // What comes by the web is received in the same instant: one line says both.
            if line.kind == "received", let last = lines.last, last.kind == "submitted", last.at == line.at {
                lines.removeLast()
                lines.append(
                    TimelineEntry(
                        "submittedAndReceived", at: last.at, by: last.doer, due: line.due, count: last.count,
                        notice: last.notice))
            } else {
                lines.append(line)
            }
        }
        return lines.reversed()
    }

    private static func doer(_ entry: JournalEntry) -> TimelineEntry.Doer {
        guard let actor = try? JSONDecoder().decode(Kernel.Actor.self, from: Data(entry.actor.utf8)) else {
            return .system
        }
        return switch actor.kind {
        case .resident: .applicant
        case .staff: .officer(actor.id)
        case .client: actor.onBehalfOf == nil ? .officer(actor.id) : .applicant
        case .system, .os: .system
        }
    }

    private static func line(_ event: CaseEvent, _ doer: TimelineEntry.Doer, at: Moment) -> TimelineEntry {
        switch event {
        case .submitted(let data):
            TimelineEntry("submitted", at: at, by: doer, count: data.files.count, notice: data.receipt)
        case .received(let data): TimelineEntry("received", at: at, by: doer, due: data.acceptance.dueOn)
        case .correctionRequested(let data):
            TimelineEntry(
                "correctionRequested", at: at, by: .officer(data.by), due: data.limit.dueOn, count: data.points.count,
                words: data.words, notice: data.notice)
        case .supplemented(let data):
            // A point answered by a file and by words is one point.
            TimelineEntry(
                doer == .system ? "correctionUnanswered" : "supplemented", at: at, by: doer, due: data.acceptance.dueOn,
                count: Set(data.files.map { "m.\($0.material)" } + data.changedFields.map { "f.\($0)" } + data.answered)
                    .count)
        case .lapsed(let data): ended("lapsed", data, at, .system)
        case .accepted(let data):
            TimelineEntry(
                data.deemed ? "deemedAccepted" : "accepted", at: at, by: data.by.map { .officer($0) } ?? .system,
                due: data.promised.dueOn, notice: data.notice)
        case .declined(let data): ended("declined", data, at, doer)
        case .notNeeded(let data): ended("notNeeded", data, at, doer)
        case .withdrawn(let data): ended("withdrawn", data, at, doer)
        case .voided(let data): ended("voided", data, at, doer)
        case .reviewPassed(let data):
            TimelineEntry("reviewPassed", at: at, by: .officer(data.by), words: data.words, wordsAreInternal: true)
        case .sentBack(let data):
            TimelineEntry("sentBack", at: at, by: .officer(data.by), words: data.words, wordsAreInternal: true)
        case .approved(let data):
            TimelineEntry("approved", at: at, by: .officer(data.by), words: data.words, notice: data.notice)
        case .refused(let data):
            TimelineEntry("refused", at: at, by: .officer(data.by), words: data.words, notice: data.notice)
        case .completed(let data): TimelineEntry("completed", at: at, by: .officer(data.by), notice: data.notice)
        case .assigned(let data):
            TimelineEntry(
                data.to == nil ? "returnedToQueue" : data.to == data.by ? "claimed" : "assigned", at: at,
                by: .officer(data.by),
                isInternal: true)
        case .limitsRecounted(let data):
            if let told = told(data) {
                TimelineEntry(told.kind, at: at, by: .system, due: told.due)
            } else {
                TimelineEntry("limitsRecounted", at: at, by: .system, isInternal: true)
            }
        case .further(let further): further.fact.line(doer, at: at)
        }
    }

    /// What of counting anew concerns the applicant, who was told another day before.
    static func told(_ data: CaseEvent.Recounted) -> (kind: String, due: CivilDate)? {
        guard data.dayMoved else { return nil }
        if let limit = data.correction { return ("correctionMoved", limit.dueOn) }
        if let limit = data.acceptance { return ("acceptanceMoved", limit.dueOn) }
        return data.promised.map { ("resultMoved", $0.dueOn) }
    }

    private static func ended(
        _ kind: String, _ data: CaseEvent.Ended, _ at: Moment, _ doer: TimelineEntry.Doer
    ) -> TimelineEntry {
        TimelineEntry(kind, at: at, by: doer, words: data.words, notice: data.notice)
    }
}
