import Catalogue
import Directory
import Documents
import Kernel

// Letters of the acts beside the plain road. Each says what happens, why, on which provision, until when, and whom to ask.

extension Notices {
    /// A letter of the organ about an application.
    static func letter(
        _ kind: String, _ series: String, _ title: String, _ opened: OpenCase, _ applicant: String,
        _ paragraphs: [String], remedies: Bool = false, at now: Moment
    ) -> NoticeDraft {
        official(
            kind, series, title, opened, applicant,
            paragraphs.filter { !$0.isEmpty }.map { .paragraph($0) } + [contact(opened)],
            remedies: remedies ? self.remedies(opened) : [], at: now)
    }

    /// 容缺受理告知书: what is still to come, and until when.
    static func lackingAcceptance(
        _ opened: OpenCase, applicant: String, materials: [String], due: CivilDate, at now: Moment
    ) -> NoticeDraft {
        let item = opened.item.definition
        return official(
            "lacking-acceptance", "容", "容缺受理告知书", opened, applicant,
            [
                .paragraph(about(opened) + "，主要材料齐全、符合法定形式，按照您提交申请时的承诺先行受理。下列材料可以后补："),
                .table(
                    columns: ["序号", "材料名称", "最迟补交日期"],
                    rows: materials.enumerated().map {
                        [String($0 + 1), item.material($1)?.name.zh ?? $1, due.printed]
                    }),
                .paragraph("请在\(due.printed)24:00前补交。逾期没有补交的，本次申请终止，您可以重新申请。收齐材料前不作出决定。"),
                contact(opened),
            ], at: now)
    }

    /// What the review still needs, all departments' queries in one notice.
    static func papers(
        _ opened: OpenCase, kind: Awaited.Kind, applicant: String, words: CorrectionWords, due: CivilDate,
        at now: Moment
    ) -> NoticeDraft {
        let repair = kind == .rectification
        return official(
            repair ? "rectification" : "missing-papers", repair ? "改" : "缺",
            repair ? "限期整改告知书" : "补充材料告知书", opened, applicant,
            [
                .paragraph(about(opened) + (repair ? "，审查中发现下列问题，请整改后提交证明：" : "，审查中还需要下列内容：")),
                .table(
                    columns: ["序号", "内容", "说明"],
                    rows: words.points.enumerated().map { [String($0 + 1), $1.subject, $1.fix] }),
                .paragraph("请在\(due.printed)24:00前提交。这段时间计入办理期限；逾期没有提交的，按已有材料继续审查。"),
                contact(opened),
            ], at: now)
    }

    /// 告知承诺书: what the applicant puts his name to (国办发〔2020〕42号).
    static func promise(
        _ opened: OpenCase, applicant: String, materials: [String], signer: String, at now: Moment
    ) -> NoticeDraft {
        let item = opened.item.definition
        return NoticeDraft(
            kind: "promise", series: "诺", plain: true,
            organ: opened.profile.departmentTitle(opened.state.department), title: "证明事项告知承诺书", addressee: nil,
            body: [
                .facts([
                    ["办件编号", CaseNumber.grouped(opened.state.number)], ["申请事项", item.name.zh],
                    ["申请人", applicant], ["签署人", signer],
                    ["签署时间", "\(now.date.printed)\(now.clock)"],
                ]),
                .paragraph("以承诺代替的证明材料："),
                .list(materials.map { item.material($0)?.name.zh ?? $0 }), .paragraph("申请人承诺："),
                .list([
                    "已经知晓办理机关告知的全部内容；", "已经符合告知的条件、标准和要求；",
                    "能够在约定期限内接受核查；", "愿意承担虚假承诺的法律责任；", "上述承诺是申请人真实的意思表示。",
                ]),
                .note("办理机关将在事后核查。承诺不实的，责令限期整改；逾期不整改或者整改后仍不符合条件的，依法撤销行政决定，并记入信用记录。"),
            ], date: now.date, createdAt: now)
    }

    /// 送达回证 of a decision: how, when, and until when it can be contested.
    static func service(
        _ opened: OpenCase, applicant: String, served: Served, method: String, fetchedBy: String? = nil, at now: Moment
    ) -> NoticeDraft {
        NoticeDraft(
            kind: "service", series: "送", plain: true,
            organ: opened.profile.departmentTitle(opened.state.department), title: "送达回证", addressee: nil,
            body: [
                .facts(
                    [
                        ["办件编号", CaseNumber.grouped(opened.state.number)],
                        ["申请事项", opened.item.definition.name.zh], ["受送达人", applicant], ["送达方式", method],
                        ["送达日期", served.on.printed], ["申请行政复议最迟", served.reviewUntil.printed],
                        ["提起行政诉讼最迟", served.courtUntil.printed],
                    ] + (fetchedBy.map { [["领取人", $0], ["领取时间", "\(now.date.printed) \(now.clock)"]] } ?? [])),
                .blanks(["受送达人", "送达人", "日期"]),
            ], date: now.date, createdAt: now)
    }

    /// 卷内目录: every paper of the volume.
    static func archive(
        _ opened: OpenCase, applicant: String, papers: [String], keptUntil: CivilDate?, at now: Moment
    ) -> NoticeDraft {
        NoticeDraft(
            kind: "archive", series: "卷", plain: true,
            organ: opened.profile.departmentTitle(opened.state.department), title: "行政许可案卷卷内目录", addressee: nil,
            body: [
                .facts([
                    ["案卷编号", CaseNumber.grouped(opened.state.number)],
                    ["事项", opened.item.definition.name.zh], ["申请人", applicant], ["归档日期", now.date.printed],
                    ["保管期限", keptUntil.map { "至\($0.printed)" } ?? "永久"],
                ]),
                .table(
                    columns: ["序号", "名称"],
                    rows: papers.enumerated().map { [String($0 + 1), $1] }),
            ], date: now.date, createdAt: now)
    }
}
