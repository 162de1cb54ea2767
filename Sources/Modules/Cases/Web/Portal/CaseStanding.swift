import Catalogue
import Directory
import Kernel
import Web

/// 现在怎样、谁来办、最迟哪天: the three answers at the head of every view of a case.
struct CaseStanding {
    let opened: OpenCase
    let words: LimitWords
    let text: (Message) -> String

    /// The limit that runs now.
    var limit: RunningLimit? {
        let state = opened.state
        if state.stage.isEnded { return nil }
        return state.acceptance ?? state.correction ?? state.promised
    }

    /// The view of `dl.state-panel`.
    var panel: View {
        let state = opened.state
        let over = limit.map(words.isOver) ?? false
        let warned = limit.map { $0.pausedAt == nil && words.now >= $0.warnAt } ?? false
        return View([
            "ended": state.stage.isEnded, "now": text(state.standing(of: state.number)), "who": who,
            "until": until, "untilNote": note,
            "whoNote": opened.item.definition.contacts.advice.map {
                text(Message("cases.shared.phone", ["phone": $0]))
            },
            "over": over, "warn": warned && !over, "light": limit.map { words.light($0) },
        ])
    }

    private var who: String {
        switch opened.state.stage {
        case .correcting: text(Message("cases.shared.you"))
        default: opened.profile.departmentName(opened.state.department, in: words.language)
        }
    }

    private var until: String {
        guard let limit else {
            return opened.state.endedAt.map { words.date($0.date) } ?? ""
        }
        if limit.pausedAt != nil { return pausedUntil }
        let key = opened.state.stage == .correcting ? "cases.portal.case.beforeDay" : "cases.portal.case.byDay"
        return text(Message(key, ["date": words.date(limit.dueOn, provisional: limit.provisional)]))
    }

    /// Until when what is not counted takes, by what the applicant was told.
    private var pausedUntil: String {
        let expected = (opened.state.procedures ?? []).filter(\.pauses).map(\.expected).max()
        return expected.map { text(Message("cases.portal.case.pausedUntil", ["date": words.date($0)])) }
            ?? text(Message("cases.portal.case.paused"))
    }

    private var note: String? {
        guard let limit, limit.pausedAt == nil else { return nil }
        let left = words.left(limit.dueOn, dueAt: limit.dueAt)
        let key: String? =
            switch opened.state.stage {
            case .submitted, .received: "cases.portal.case.leftAcceptance"
            case .accepted, .approving: "cases.portal.case.leftDecision"
            case .approved: "cases.portal.case.leftResult"
            default: nil
            }
        guard let key, !words.isOver(limit) else { return left }
        return text(Message(key, ["left": left]))
    }

    /// Said plainly where the office is late, with whom to turn to.
    var overdue: View? {
        guard opened.state.stage != .correcting, let limit, words.isOver(limit) else { return nil }
        let days = opened.calendar.workingDaysOverdue(due: limit.dueOn, today: words.now.date)
        return View([
            "kind": "danger",
            "title": text(
                days == 0
                    ? Message("cases.portal.case.overdueToday")
                    : Message("cases.portal.case.overdue", ["days": days.grouped])),
            "text": complaint.map { text(Message("cases.portal.case.complain", ["phone": $0])) },
        ])
    }

    var complaint: String? { opened.item.definition.contacts.complaint ?? opened.profile.complaintPhone }
    var advice: String? { opened.item.definition.contacts.advice ?? opened.profile.advicePhone }
}
