import Directory
import Kernel
import Web

/// The history as `web.timeline` shows it: to the applicant in plain words without names of officers, to officers
/// with both.
struct TimelineViews {
    enum Audience {
        /// The applicant himself: sees the reasons given to him, not what officers wrote to each other.
        case applicant
        /// Somebody with the number and the code: steps and dates only.
        case visitor
        /// The office; names of officers by id.
        case staff([String: String])
    }

    let opened: OpenCase
    let words: LimitWords
    let audience: Audience
    /// Where a document is looked at; nil where it is not.
    let noticeLink: (String) -> String?
    let text: (Message) -> String

    func views(_ entries: [TimelineEntry]) throws -> [View] {
        let shown = entries.filter { !$0.isInternal || isStaff }
        return try shown.enumerated().map { index, entry in
            let link = entry.notice.flatMap { notice in noticeLink(notice.id).map { (notice, $0) } }
            return View([
                "kind": index == 0 && !opened.state.stage.isEnded ? "now" : "done", "when": words.moment(entry.at),
                "machine": entry.at.description, "who": who(entry), "text": text(message(entry)),
                "detail": try detail(entry),
                "files": link.map { notice, href in
                    [View(["href": href, "name": text(Message("cases.notice.\(notice.kind)"))])]
                } ?? [],
            ])
        }
    }

    private var isStaff: Bool { if case .staff = audience { true } else { false } }

    private func who(_ entry: TimelineEntry) -> String? {
        let department = opened.profile.departmentName(opened.state.department, in: words.language)
        switch (entry.doer, audience) {
        case (.applicant, .applicant): return text(Message("cases.shared.you"))
        case (.applicant, _): return text(Message("cases.shared.applicant"))
        case (.officer(let id), .staff(let names)): return names[id] ?? id
        case (.officer, _): return department
        case (.system, _): return text(Message("cases.shared.system"))
        }
    }

    private func message(_ entry: TimelineEntry) -> Message {
        var arguments: [String: String] = [:]
        if let due = entry.due { arguments["due"] = words.date(due) }
        if let count = entry.count { arguments["count"] = count.grouped }
        if let department = entry.department {
            arguments["department"] = opened.profile.departmentName(department, in: words.language)
        }
        return entry.message(arguments, of: opened.state.number)
    }

    /// The words that belong to the line, for those they are meant for.
    private func detail(_ entry: TimelineEntry) throws -> String? {
        if case .visitor = audience { return nil }
        guard isStaff || !entry.wordsAreInternal else { return nil }
        if TimelineEntry.listing.contains(entry.kind) {
            let points = try opened.words(entry.words, as: CorrectionWords.self)?.points ?? []
            let (colon, semicolon) = (text(Message("cases.shared.colon")), text(Message("cases.shared.semicolon")))
            return points.isEmpty
                ? nil
                : points.map { opened.subject(of: $0, in: words.language) + colon + $0.problem }.joined(
                    separator: semicolon)
        }
        guard let decision = try opened.words(entry.words, as: DecisionWords.self), !decision.reason.isEmpty else {
            return nil
        }
        if !decision.referTo.isEmpty {
            return text(Message("cases.shared.reasonAndOrgan", ["reason": decision.reason, "organ": decision.referTo]))
        }
        return text(Message("cases.shared.reason", ["reason": decision.reason]))
    }
}
