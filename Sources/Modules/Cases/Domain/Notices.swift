import Catalogue
import Directory
import Documents
import Kernel

/// What each document of a case says. The texts follow the provisions they carry out; a document is always in Chinese.
package enum Notices {
    /// 收件凭证: what was received, when, and until when the office must answer (行政许可法 art. 32).
    static func receipt(
        number: String, code: String, item: ItemDefinition, profile: AreaProfile, applicant: String,
        handler: HandlerContent? = nil, files: [DraftContent.File],
        at now: Moment, due: CivilDate
    ) -> NoticeDraft {
        let names = Dictionary(grouping: files, by: \.material)
        let rows = item.materials.compactMap { material -> [String]? in
            guard let own = names[material.id] else { return nil }
            return [material.name.zh, "电子", String(own.count)]
        }
        return NoticeDraft(
            kind: "receipt", series: "收", plain: true, organ: profile.departmentTitle(item.department), title: "收件凭证",
            addressee: nil,
            body: [
                .facts(
                    [
                        ["办件编号", CaseNumber.grouped(number)], ["查询码", code], ["申请事项", item.name.zh],
                        ["申请人", applicant],
                        ["收件时间", "\(now.date.printed) \(now.clock)"],
                    ] + self.handler(handler)),
                .table(columns: ["材料名称", "形式", "份数"], rows: rows),
                .paragraph("我们最迟在\(due.printed)告诉您是否受理。逾期没有告知的，自收到申请之日起即为受理（《中华人民共和国行政许可法》第三十二条）。"),
                .note("凭办件编号和查询码，不登录也可以查询进度。查询码请妥善保管。"),
            ], date: now.date, createdAt: now, link: progress(number: number, code: code))
    }

    /// 经办人 on a receipt: name, what for and until when; the number stands in the application only.
    package static func handler(_ handler: HandlerContent?) -> [[String]] {
        guard let handler else { return [] }
        let scope = handler.scope.map { $0 == .handIn ? "提交和补正" : "领取文书和结果" }.joined(separator: "、")
        return [["经办人", handler.name], ["委托事项和期限", "\(scope)，至\(handler.until?.printed ?? "")"]]
    }

    /// Where the code on a receipt leads: the form that asks for number and query code, filled in.
    package static func progress(number: String, code: String) -> String {
        "progress?number=\(number)&code=\(code.filter { $0.isLetter || $0.isNumber })"
    }

    /// 受理通知书 (art. 32).
    static func acceptance(_ opened: OpenCase, applicant: String, promised: CivilDate, at now: Moment) -> NoticeDraft {
        let item = opened.item.definition
        let limits =
            "承诺办结时限为\(item.limits.promised.printed)，最迟\(promised.printed)作出决定"
            + (item.limits.statutory.map { "（法定时限\($0.printed)）" } ?? "")
        return official(
            "acceptance", "受", "行政审批申请受理通知书", opened, applicant,
            [
                .paragraph(
                    "您提出的“\(item.name.zh)”申请（办件编号：\(CaseNumber.grouped(opened.state.number))），材料齐全、符合法定形式，现予受理。"),
                .paragraph(limits + "。依法不计入时限的期间，另行书面告知。"), contact(opened),
            ], at: now)
    }

    /// 一次性补正告知书: everything at once (art. 32).
    static func correction(
        _ opened: OpenCase, applicant: String, words: CorrectionWords, due: CivilDate, at now: Moment
    ) -> NoticeDraft {
        let item = opened.item.definition
        return official(
            "correction", "补", "申请材料补正告知书", opened, applicant,
            [
                .paragraph(
                    "您提出的“\(item.name.zh)”申请（办件编号：\(CaseNumber.grouped(opened.state.number))）需要补正。现将需要补正的全部内容一次告知："),
                .table(
                    columns: ["序号", "内容", "问题", "怎样补正"],
                    rows: words.points.enumerated().map { [String($0 + 1), $1.subject, $1.problem, $1.fix] }),
                .paragraph("请在\(due.printed)24:00前补交。除上面列出的以外，不会再要求补正新的内容。"), contact(opened),
            ], at: now)
    }

    /// 不予受理决定书: outside the organ's competence (art. 32).
    static func decline(_ opened: OpenCase, applicant: String, words: DecisionWords, at now: Moment) -> NoticeDraft {
        official(
            "decline", "不受", "不予受理决定书", opened, applicant,
            [
                .paragraph(
                    "您提出的“\(opened.item.definition.name.zh)”申请（办件编号：\(CaseNumber.grouped(opened.state.number))），不属于本机关职权范围，决定不予受理。"
                ),
                .paragraph("理由：\(filled(words.reason))"), basis(words), .paragraph("请向\(filled(words.referTo))申请。"),
            ].filter { $0 != .paragraph("") }, remedies: remedies(opened), at: now)
    }

    /// 不受理告知书: no licence is needed (art. 32).
    static func notNeeded(_ opened: OpenCase, applicant: String, words: DecisionWords, at now: Moment) -> NoticeDraft {
        official(
            "not-needed", "告", "不受理告知书", opened, applicant,
            [
                .paragraph(
                    "您提出的“\(opened.item.definition.name.zh)”申请（办件编号：\(CaseNumber.grouped(opened.state.number))），依法不需要\(opened.item.definition.type == .licence ? "取得许可" : "办理")，不予受理。"
                ),
                .paragraph("理由：\(filled(words.reason))"), basis(words),
            ].filter { $0 != .paragraph("") }, remedies: remedies(opened), at: now)
    }

    /// 准予决定书 (art. 38).
    static func approval(_ opened: OpenCase, applicant: String, at now: Moment) -> NoticeDraft {
        let item = opened.item.definition
        let subject = Refusal(item.type).subject
        return official(
            "approval", item.type == .licence ? "许" : "准", "准予\(subject)决定书", opened, applicant,
            [
                .paragraph(
                    "您于\(opened.state.submittedAt.date.printed)提出“\(item.name.zh)”申请（办件编号：\(CaseNumber.grouped(opened.state.number))）。经审查，符合法定条件、标准，决定准予\(subject)。"
                ),
                .paragraph("结果：" + item.outcome.map(\.name.zh).joined(separator: "、") + "，自本决定作出之日起十日（工作日）内向您颁发、送达。"),
                provisions(item),
            ].filter { $0 != .paragraph("") }, at: now)
    }

    /// 不予决定书 with reasons and remedies (art. 38).
    static func refusal(_ opened: OpenCase, applicant: String, words: DecisionWords, at now: Moment) -> NoticeDraft {
        let item = opened.item.definition
        let subject = Refusal(item.type).subject
        return official(
            "refusal", item.type == .licence ? "不许" : "不准", "不予\(subject)决定书", opened, applicant,
            [
                .paragraph(
                    "您于\(opened.state.submittedAt.date.printed)提出“\(item.name.zh)”申请（办件编号：\(CaseNumber.grouped(opened.state.number))）。"
                ),
                .paragraph("经审查查明：\(filled(words.facts))"), .paragraph("理由：\(filled(words.reason))"), basis(words),
                .paragraph("决定不予\(subject)。"),
            ].filter { $0 != .paragraph("") }, remedies: remedies(opened), at: now)
    }

    /// 送达回证 with the result.
    ///
    /// - Parameter numbered: its number is given when the document is issued, and stands in it then.
    static func delivery(
        _ opened: OpenCase, applicant: String, result: CaseResult, numbered: Bool, at now: Moment
    ) -> NoticeDraft {
        let item = opened.item.definition
        var facts = [
            ["办件编号", CaseNumber.grouped(opened.state.number)], ["申请事项", item.name.zh], ["申请人", applicant],
            ["结果", item.outcome.map(\.name.zh).joined(separator: "、")],
        ]
        if numbered { facts.append(["证照编号", NoticeDraft.resultNumber]) }
        facts.append(["决定日期", result.on.printed])
        facts.append(["有效期至", result.until.map { $0.printed } ?? "长期"])
        return NoticeDraft(
            kind: "delivery", series: "送", plain: true, organ: opened.profile.departmentTitle(opened.state.department),
            title: "办理结果送达回证", addressee: nil,
            body: [
                .facts(facts), .paragraph("上述结果已于\(now.date.printed)\(now.clock)向申请人送达。"),
                .blanks(["受送达人", "日期"]),
            ],
            date: now.date, createdAt: now)
    }

    // MARK: Parts

    static func official(
        _ kind: String, _ series: String, _ title: String, _ opened: OpenCase, _ applicant: String,
        _ body: [NoticeDraft.Block],
        remedies: [String] = [], at now: Moment
    ) -> NoticeDraft {
        NoticeDraft(
            kind: kind, series: series, organ: opened.profile.departmentTitle(opened.state.department), title: title,
            addressee: applicant, body: body, remedies: remedies, date: now.date, createdAt: now)
    }

    /// Stands open in a preview; nothing is issued without it.
    static func filled(_ words: String) -> String { words.isEmpty ? "……" : words }

    static func contact(_ opened: OpenCase) -> NoticeDraft.Block {
        let phone = opened.item.definition.contacts.advice ?? opened.profile.advicePhone ?? "12345"
        return .paragraph("经办部门：\(opened.profile.departmentTitle(opened.state.department))。咨询电话：\(phone)。")
    }

    static func basis(_ words: DecisionWords) -> NoticeDraft.Block {
        .paragraph(words.basis.isEmpty ? "" : "依据：\(words.basis)" + (words.basis.hasSuffix("。") ? "" : "。"))
    }

    private static func provisions(_ item: ItemDefinition) -> NoticeDraft.Block {
        let provisions = item.printedBasis.map { "《\($0.law.zh)》\($0.article ?? "")" }
        return .paragraph(provisions.isEmpty ? "" : "依据：" + provisions.joined(separator: "、") + "。")
    }

    /// 60 days to the review organ, six months to the court (行政复议法 art. 20, 行政诉讼法 art. 46).
    static func remedies(_ opened: OpenCase) -> [String] {
        guard let organ = opened.profile.reviewOrgan?.zh, let court = opened.profile.court?.zh else { return [] }
        return ["如不服本决定，可以自收到本决定之日起60日内向\(organ)申请行政复议，也可以自收到本决定之日起6个月内向\(court)提起行政诉讼。"]
    }
}

extension AreaProfile {
    /// The department's full name as it stands on documents.
    package func departmentTitle(_ id: String) -> String { department(id)?.name.zh ?? name.zh }
}

// Documents set figures close, as GB/T 9704-2012 prints them; pages leave room around them.

extension CivilDate {
    /// `2026年3月12日`
    package var printed: String { words(in: .zh).filter { $0 != " " } }
}

extension Limit {
    /// `20个工作日`
    package var printed: String { words(in: .zh).filter { $0 != " " } }
}
