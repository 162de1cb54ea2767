import Kernel
import Testing
import Typesetting

@Suite("Forms and receipts", .enabled(if: Tool.present(.pdfinfo, .pdftotext), "poppler-utils is missing"))
struct FormTests {
    @Test("A filled-in form shows its sections, materials, statement and lines to sign")
    func form() throws {
        let form = ApplicationForm(
            organ: ["示例区行政审批局"], title: "食品经营许可申请表", caseNumber: "510199-20260310-X-000123-7",
            sections: [
                .init("一、申请人", [.init("经营者", "王某某"), .init("电话", "138****5678")]),
                .init("二、经营情况", [.init("主体业态", "餐饮服务经营者", wide: true)]),
            ],
            materials: [Material("营业执照", kind: "免提交"), Material("平面图", kind: "电子件", copies: 2)],
            statement: "本人承诺所填内容真实。", verification: Samples.verification, createdAt: Samples.moment)
        let document = try typeset(form.document)
        #expect(document.pages == 1)
        #expect(document.sealPlace == nil)
        let text = try ReadPDF(bytes: document.pdf).text()
        for part in [
            "食品经营许可申请表", "办件编号：510199-20260310-X-000123-7", "一、申请人", "经营者王某某电话138****5678", "主体业态餐饮服务经营者",
            "2平面图电子件2", "本人承诺所填内容真实。", "申请人（签字或盖章）：", "日期：",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("A receipt names what was received and does not pass for an acceptance", arguments: [NoticeLanguage.zh, .en])
    func receipt(language: NoticeLanguage) throws {
        let receipt = Receipt(
            language: language, organ: ["示例区行政审批局"], caseNumber: "510199-20260310-X-000123-7", queryCode: "7Q2M4K",
            applicant: "王某某", item: "食品经营许可", receivedAt: Samples.moment, receivedBy: "12 号窗口",
            materials: [Material("平面图", kind: "原件", copies: 2)], verification: Samples.verification)
        let pdf = ReadPDF(bytes: try renderPDF(receipt.document))
        let texts = try pdf.structure().map(\.text)
        let title = language == .zh ? "收件凭证" : "Receipt"
        let caution = language == .zh ? "不表示申请已受理" : "not that the application was accepted"
        #expect(try pdf.info()["Title"] == title)
        for part in [title, "510199-20260310-X-000123-7", "7Q2M4K", "王某某", "食品经营许可", "平面图", "原件", "2"] {
            #expect(texts.contains(part), "\(part)")
        }
        #expect(texts.contains { $0.contains(caution) })
        #expect(texts.contains { $0.hasSuffix("14:32") })
    }
}
