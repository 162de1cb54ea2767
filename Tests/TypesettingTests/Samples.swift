import Kernel
import Typesetting

/// Documents the tests speak about; all names and numbers are made up.
enum Samples {
    static let moment = Moment(milliseconds: 1_773_297_125_000)
    static let url = "https://zwfw.example.gov.cn/510199/verify/7Q2M4K8XW9RT5ZB3C6HJ1VNPAE"
    static let verification = NoticeDocument.Verification(url: url, code: "7Q2M 4K8X W9RT 5ZB3")
    static let remedies =
        "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，也可以自收到本决定书之日起六个月内提起行政诉讼。"

    static func notice(body: [NoticeBlock]? = nil, watermark: String? = nil) -> NoticeDocument {
        NoticeDocument(
            organ: ["示例区行政审批局"], title: ["行政许可申请受理通知书"], number: "示审受字〔2026〕12号", addressee: "王某某",
            body: body ?? [
                .paragraph("您于 2026 年 3 月 10 日提出的食品经营许可申请，材料齐全，符合法定形式，现予受理。"),
                .list(["营业执照", "经营场所平面图"]),
                .facts([.init("办件编号", "510199-20260310-X-000123-7"), .init("承诺时限", "5 个工作日")]),
            ],
            remedies: [.paragraph(remedies)],
            signature: .init(organ: ["示例区行政审批局"], date: moment.date), appendix: [.note("联系人：12 号窗口")],
            verification: verification, watermark: watermark, createdAt: moment)
    }
}
