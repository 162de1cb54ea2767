import Catalogue
import Documents
import Kernel

// 特别程序告知书 and 延期告知书.

extension Notices {
    /// What a letter begins with: which application it is about.
    static func about(_ opened: OpenCase) -> String {
        "您提出的“\(opened.item.definition.name.zh)”申请（办件编号：\(CaseNumber.grouped(opened.state.number))）"
    }

    /// 特别程序告知书: how long what is not counted takes (行政许可法 art. 45).
    static func specialProcedure(
        _ opened: OpenCase, applicant: String, procedure: String, reason: String, expected: CivilDate,
        at now: Moment
    ) -> NoticeDraft {
        official(
            "special-procedure", "特", "特别程序告知书", opened, applicant,
            [
                .paragraph(about(opened) + "，在审查中需要进行“\(procedure)”。理由：\(reason)"),
                .paragraph(
                    "该程序自\(now.date.printed)开始，预计于\(expected.printed)结束。根据《中华人民共和国行政许可法》第四十五条，所需时间不计算在办理期限内。程序结束后，办理期限继续计算，剩余的期限不变。"
                ),
                contact(opened),
            ], at: now)
    }

    /// 延期告知书: that and why the decision takes longer (行政许可法 art. 42).
    static func longer(
        _ opened: OpenCase, applicant: String, days: Int, reason: String, due: CivilDate, at now: Moment
    ) -> NoticeDraft {
        let approver = opened.rules.joint.isEmpty ? "本行政机关负责人" : "本级人民政府负责人"
        return official(
            "extension", "延", "延长办理期限告知书", opened, applicant,
            [
                .paragraph(about(opened) + "，不能在规定的期限内作出决定。经\(approver)批准，办理期限延长\(days)个工作日，最迟\(due.printed)作出决定。"),
                .paragraph("延长期限的理由：\(reason)"),
                .paragraph("依据：《中华人民共和国行政许可法》第四十二条。"), contact(opened),
            ], at: now)
    }
}
