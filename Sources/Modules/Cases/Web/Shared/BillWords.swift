import Catalogue
import Directory
import Documents
import Kernel
import Web
import Workflow

/// The bill of days in words: for pages, for paper and for the API.
struct BillWords {
    let opened: OpenCase
    let bill: Bill
    /// Names of officers by id; empty for the applicant, who is told posts only.
    let names: [String: String]
    let language: Language
    /// Limits in words, for which the reader's day counts.
    let words: LimitWords
    let text: (Message) -> String

    /// Clocks and posts that have a word of their own; what others add is named as what it is.
    private static let clocks: Set<String> = [
        "acceptance", "correction", "promised", "statutory", "papers", "hearing", "opinion", "procedure",
        "renewal", "change",
    ]
    private static let steps: Set<String> = ["accept", "review", "approve", "complete", "opinion"]
    private static let roles: Set<String> = ["clerk", "reviewer", "approver", "head"]

    private func say(_ key: String, _ arguments: [String: String] = [:]) -> String { text(Message(key, arguments)) }

    /// `opinion/DEPARTMENT` and its like are named by their kind.
    func clock(_ name: String) -> String {
        let kind = name.split(separator: "/").first.map(String.init) ?? name
        return say("cases.bill.clock.\(Self.clocks.contains(kind) ? kind : "other")")
    }

    private func days(_ count: Int, _ unit: Limit.Unit = .workingDays) -> String {
        Limit(count, unit).words(in: language)
    }

    /// `区市场监管局 审核人员 张某`, and what for.
    func holder(_ holder: Bill.Holder) -> String {
        switch holder {
        case .applicant: return names.isEmpty ? say("cases.shared.you") : say("cases.shared.applicant")
        case .outside: return say("cases.bill.outside")
        case .office(let queue, let step, let officer):
            let parts = queue.split(separator: "/").map(String.init)
            let department = opened.profile.departmentName(parts.first ?? queue, in: language)
            let role = parts.last.flatMap { Self.roles.contains($0) ? say("cases.bill.role.\($0)") : nil }
            let who = officer.flatMap { names[$0] } ?? (names.isEmpty ? nil : say("cases.bill.unclaimed"))
            let post = [department, role, who].compactMap(\.self).joined(separator: " ")
            return say(
                "cases.bill.post",
                ["post": post, "step": say("cases.bill.step.\(Self.steps.contains(step) ? step : "other")")])
        }
    }

    /// `承诺时限、法定时限 计时`; what stands is told first.
    func clocks(_ line: Bill.Line) -> String {
        let comma = say("cases.bill.comma")
        let stopped = line.stopped.map(clock).joined(separator: comma)
        let running = line.running.map(clock).joined(separator: comma)
        let parts = [
            stopped.isEmpty ? nil : say("cases.bill.stands", ["clocks": stopped]),
            running.isEmpty ? nil : say("cases.bill.runs", ["clocks": running]),
        ].compactMap(\.self)
        return parts.isEmpty ? say("cases.bill.noClock") : parts.joined(separator: say("cases.shared.semicolon"))
    }

    func span(_ line: Bill.Line) -> String {
        say(
            "cases.bill.span",
            [
                "from": words.moment(line.from), "until": line.until.map(words.moment) ?? say("cases.bill.now"),
            ])
    }

    func cause(_ entry: TimelineEntry) -> String {
        var arguments: [String: String] = [:]
        if let due = entry.due { arguments["due"] = words.date(due) }
        if let count = entry.count { arguments["count"] = count.grouped }
        return text(entry.message(arguments, of: opened.state.number))
    }

    func law(_ line: Bill.Line) -> String { say("cases.bill.law.\(bill.law(of: line))") }

    func used(_ account: Bill.Account) -> String {
        switch account.limit.unit {
        case .workingDays: days(account.used)
        case .days, .months, .years: days(account.used, .days)
        case .hours, .workingHours: Limit((account.used + 3599) / 3600, account.limit.unit).words(in: language)
        }
    }

    /// What is left, or how much it is over; of one that ended, how it ended.
    func left(_ account: Bill.Account) -> String {
        if let ended = account.endedAt {
            return say(
                ended < account.dueAt ? "cases.bill.inTime" : "cases.bill.late", ["date": words.date(ended.date)])
        }
        return words.left(account.dueOn, dueAt: account.dueAt)
    }

    // MARK: Page

    var view: View {
        View([
            "accounts": bill.accounts.map { account in
                View([
                    "name": clock(account.name), "limit": account.limit.words(in: language),
                    "start": words.date(account.startedAt.date), "due": words.date(account.dueOn),
                    "used": used(account), "stood": days(account.stoppedDays), "left": left(account),
                    "light": account.endedAt == nil && !account.isStopped
                        ? words.light(warnAt: account.warnAt, dueAt: account.dueAt, dueOn: account.dueOn) : nil,
                ])
            },
            "lines": bill.lines.map { line in
                View([
                    "span": span(line), "holders": line.holders.map { View(["text": holder($0)]) },
                    "clocks": clocks(line), "days": days(line.workingDays), "cause": cause(line.cause),
                    "law": law(line),
                ])
            },
            "hasLines": !bill.lines.isEmpty, "hasAccounts": !bill.accounts.isEmpty,
            "entries": bill.entries.grouped, "head": String(bill.head.prefix(16)),
        ])
    }

    // MARK: Paper

    /// The bill on paper, always in Chinese; nobody issues it, it has no number and no seal.
    func paper(applicant: String, at now: Moment) -> NoticeDraft {
        let state = opened.state
        return NoticeDraft(
            kind: "bill", series: "账", plain: true, organ: opened.profile.departmentTitle(state.department),
            title: "办件期限账单", addressee: nil,
            body: [
                .facts([
                    ["办件编号", CaseNumber.grouped(state.number)], ["申请事项", opened.item.definition.name.zh],
                    ["申请人", applicant], ["制表时间", "\(now.date.printed) \(now.clock)"],
                ]),
                .heading("一、各项时限"),
                .table(
                    columns: ["时限", "期限", "起算日", "到期日", "已用", "停计", "结果或剩余"],
                    rows: bill.accounts.map { account in
                        [
                            clock(account.name), account.limit.printed, account.startedAt.date.description,
                            account.dueOn.description, used(account), days(account.stoppedDays), left(account),
                        ]
                    }),
                .heading("二、每一天在哪里"),
                .table(
                    columns: ["起止时间和天数", "谁在办", "计时", "缘由和依据"],
                    rows: bill.lines.map { line in
                        [
                            "\(Self.printed(line.from))至\(line.until.map(Self.printed) ?? "现在")，\(days(line.workingDays))",
                            line.holders.map(holder).joined(separator: "；"), clocks(line),
                            "\(cause(line.cause))。\(law(line))",
                        ]
                    }),
                .note("起算当日不计入；工作日按国务院公布的节假日和调休安排计算（《中华人民共和国行政许可法》第八十二条）。"),
                .note("依据本办件流转记录共\(bill.entries)条编制，末条校验值 \(bill.head.prefix(32))。"),
            ], date: now.date, createdAt: now)
    }

    /// `2026年3月12日14:30`: paper outlives the year.
    private static func printed(_ moment: Moment) -> String { moment.date.printed + moment.clock }

    // MARK: API

    var json: JSON {
        [
            "number": .string(opened.state.number), "at": .string(bill.at.description),
            "entries": .int(Int64(bill.entries)), "head": .string(bill.head),
            "limits": .array(
                bill.accounts.map { account in
                    [
                        "name": .string(account.name), "limit": .string(account.limit.description),
                        "startedAt": .string(account.startedAt.description),
                        "endedAt": account.endedAt.map { .string($0.description) } ?? .null,
                        "dueOn": .string(account.dueOn.description), "dueAt": .string(account.dueAt.description),
                        "used": .int(Int64(account.used)), "left": .int(Int64(Bill.left(account))),
                        "stopped": .bool(account.isStopped), "stoppedDays": .int(Int64(account.stoppedDays)),
                    ]
                }),
            "lines": .array(
                bill.lines.map { line in
                    [
                        "from": .string(line.from.description),
                        "until": line.until.map { .string($0.description) } ?? .null,
                        "holders": .array(line.holders.map { .string(holder($0)) }),
                        "running": .array(line.running.map { .string($0) }),
                        "stopped": .array(line.stopped.map { .string($0) }),
                        "workingDays": .int(Int64(line.workingDays)), "calendarDays": .int(Int64(line.calendarDays)),
                        "kind": .string(line.cause.kind), "cause": .string(cause(line.cause)),
                        "law": .string(law(line)),
                    ]
                }),
        ]
    }
}
