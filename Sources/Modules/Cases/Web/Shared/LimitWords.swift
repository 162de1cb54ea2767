import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Kernel
import Web
import Workflow

/// A limit in words and as a light: until which day, and how many working days are left.
struct LimitWords {
    let language: Language
    let now: Moment
    let calendar: WorkCalendar
    let text: (Message) -> String

    init(_ exchange: Exchange, calendar: WorkCalendar) {
        self.init(language: exchange.language, now: exchange.now, calendar: calendar) { exchange.text($0) }
    }

    /// In another language than the reader's, as documents are.
    init(language: Language, now: Moment, calendar: WorkCalendar, text: @escaping (Message) -> String) {
        self.language = language
        self.now = now
        self.calendar = calendar
        self.text = text
    }

    /// `3 月 12 日`, with the year where it is another; 预计 where the holidays of that year are not published.
    func date(_ date: CivilDate, provisional: Bool = false) -> String {
        let words = date.words(in: language, near: now.date)
        return provisional ? text(Message("cases.shared.provisional", ["date": words])) : words
    }

    func moment(_ moment: Moment) -> String { moment.words(in: language, near: now.date) }

    /// `还有 4 个工作日`, `今天到期`, `已超过 2 个工作日`.
    func left(_ dueOn: CivilDate, dueAt: Moment) -> String {
        if now >= dueAt {
            let days = calendar.workingDaysOverdue(due: dueOn, today: now.date)
            return text(days == 0 ? Message("cases.shared.overToday") : count("cases.shared.over", days))
        }
        let days = calendar.workingDays(from: now.date, to: dueOn)
        return text(days <= 0 ? Message("cases.shared.dueToday") : count("cases.shared.left", days))
    }

    private func count(_ key: String, _ days: Int) -> Message {
        Message(language == .en && days == 1 ? key + "One" : key, ["days": days.grouped])
    }

    /// What stands is not late.
    func isOver(_ limit: RunningLimit) -> Bool { limit.pausedAt == nil && now >= limit.dueAt }

    /// The view of `web.light`.
    func light(_ limit: RunningLimit) -> View {
        limit.pausedAt == nil
            ? light(warnAt: limit.warnAt, dueAt: limit.dueAt, dueOn: limit.dueOn)
            : light(warnAt: Light.paused, dueAt: Light.paused, dueOn: limit.dueOn)
    }

    func light(warnAt: Moment, dueAt: Moment, dueOn: CivilDate) -> View {
        let light = Light(warnAt: warnAt, dueAt: dueAt, now: now)
        let kind =
            switch light {
            case .green: "ok"
            case .yellow: "warn"
            case .red: "over"
            case .grey: "paused"
            }
        return View([
            "kind": kind, "isOk": light == .green, "isWarn": light == .yellow, "isOver": light == .red,
            "isPaused": light == .grey,
            "text": light == .grey ? nil : left(dueOn, dueAt: dueAt),
        ])
    }
}

extension Exchange {
    /// Under what circumstances a command comes from this request.
    func occasion(_ area: AreaCode) -> Occasion { Occasion(area: area, at: now, actor: actor, request: requestID) }

    /// A script asks, not a browser's navigation.
    var wantsJSON: Bool { (request.headers[.accept] ?? "").hasPrefix("application/json") }
}
