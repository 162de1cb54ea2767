import Foundation
import Kernel
import Testing
import Typesetting

@Suite("Notices", .enabled(if: Tool.present(.pdfinfo, .pdftotext, .pdffonts, .pdftoppm), "poppler-utils is missing"))
struct NoticeTests {
    @Test("A notice is one A4 page with title, author, number, date and language")
    func metadata() throws {
        let document = try typeset(Samples.notice())
        let info = try ReadPDF(bytes: document.pdf).info()
        #expect(info["Pages"] == "1")
        #expect(document.pages == 1)
        #expect(info["Page size"]?.contains("A4") == true)
        #expect(info["Title"] == "行政许可申请受理通知书")
        #expect(info["Author"] == "示例区行政审批局")
        #expect(info["Subject"] == "示审受字〔2026〕12号")
        #expect(info["CreationDate"]?.hasPrefix("Thu Mar 12") == true)
        #expect(String(decoding: document.pdf, as: UTF8.self).contains("/Lang (zh-CN)"))
    }

    @Test("The text can be searched and copied, in the order it is read")
    func text() throws {
        let text = try ReadPDF(bytes: renderPDF(Samples.notice())).text()
        var rest = text[...]
        for part in [
            "示例区行政审批局", "示审受字〔2026〕12号", "行政许可申请受理通知书", "王某某：", "现予受理。", "营业执照", "经营场所平面图", "办件编号",
            "510199-20260310-X-000123-7", "六十日内", "六个月内", "示例区行政审批局2026年3月12日", "联系人", "7Q2M4K8XW9RT5ZB3", "第1页共1页",
        ] {
            let range = try #require(rest.range(of: part), "\(part) is missing or out of order in \(text)")
            rest = rest[range.upperBound...]
        }
    }

    @Test("All fonts are embedded as subsets, in four scripts")
    func fonts() throws {
        let document = Samples.notice(body: [
            .paragraph("现予受理。"), .paragraph("བོད་ཡིག", in: .bo), .paragraph("ꆈꌠꁱꂷ", in: .ii),
            .paragraph("Accepted today.", in: .en),
        ])
        let pdf = try typeset(document)
        #expect(pdf.unknownCharacters == 0)
        let rows = try withFile(pdf.pdf, "pdf") { try Tool.pdffonts.run([$0]) }.split(separator: "\n").dropFirst(2)
        #expect(rows.contains { $0.contains("NotoSerifCJKsc") })
        #expect(rows.contains { $0.contains("Tibetan") })
        #expect(rows.contains { $0.contains("NotoSansYi") })
        for row in rows { #expect(row.contains(" yes yes yes "), "\(row)") }
        let text = try ReadPDF(bytes: pdf.pdf).structure().map(\.text).joined()
        for part in ["བོད་ཡིག", "ꆈꌠꁱꂷ", "Accepted today."] { #expect(text.contains(part)) }
    }

    @Test("A screen reader finds heading, paragraphs, list items and table cells")
    func structure() throws {
        let pdf = ReadPDF(bytes: try renderPDF(Samples.notice(watermark: "演示")))
        #expect(try pdf.info()["Tagged"] == "yes")
        let structure = try pdf.structure()
        func texts(_ element: String) -> [String] { structure.filter { $0.element == element }.map(\.text) }
        #expect(texts("H1") == ["行政许可申请受理通知书"])
        #expect(texts("LI") == ["1.营业执照", "2.经营场所平面图"])
        #expect(texts("TH") == ["办件编号", "承诺时限"])
        #expect(texts("TD") == ["510199-20260310-X-000123-7", "5 个工作日"])
        #expect(texts("P").contains(Samples.remedies))
        #expect(texts("P").last?.contains(Samples.url) == true)
    }

    @Test("A seal has its place over the signature, with nothing else in it")
    func seal() throws {
        var notice = Samples.notice()
        notice.remedies = [.paragraph(String(repeating: "上", count: 26))]
        notice.appendix = [.paragraph(String(repeating: "下", count: 26))]
        let document = try typeset(notice)
        let seal = try #require(document.sealPlace)
        #expect(seal.page == 1)
        // 42 mm across; pdftotext counts whole points from the top left.
        let side = 42 * 72 / 25.4
        let text = try ReadPDF(bytes: document.pdf).text([
            "-x", "\(Int(seal.x - side / 2))", "-y", "\(Int(841.89 - seal.y - side / 2) + 1)", "-W", "\(Int(side))",
            "-H",
            "\(Int(side) - 1)", "-r", "72",
        ])
        #expect(text == "示例区行政审批局2026年3月12日")
        var unsigned = Samples.notice()
        unsigned.signature = nil
        #expect(try typeset(unsigned).sealPlace == nil)
    }

    @Test("No page carries the signature alone", arguments: 1...24)
    func signatureKeepsText(paragraphs: Int) throws {
        var document = Samples.notice(body: (1...paragraphs).map { _ in .paragraph("正文") })
        document.remedies = []
        document.appendix = []
        let typeset = try typeset(document)
        let last = try ReadPDF(bytes: typeset.pdf).text(page: typeset.pages)
        #expect(last.contains("正文"))
        #expect(last.contains("2026年3月12日"))
    }

    @Test("A watermark marks every page, is told in the keywords and stays out of the text")
    func watermark() throws {
        let body = (1...40).map { NoticeBlock.paragraph("第\($0)段") }
        let plain = ReadPDF(bytes: try renderPDF(Samples.notice(body: body)))
        let marked = ReadPDF(bytes: try renderPDF(Samples.notice(body: body, watermark: "仅供办理食品经营许可使用")))
        #expect(try marked.text() == plain.text())
        #expect(try marked.info()["Keywords"] == "仅供办理食品经营许可使用")
        let pages = try #require(Int(try marked.info()["Pages"] ?? ""))
        #expect(pages > 1)
        for page in 1...pages {
            func pale(_ pdf: ReadPDF) throws -> Int {
                try pdf.raster(page: page, dotsPerInch: 40).pixels.count { (225...235).contains($0) }
            }
            #expect(try pale(marked) > pale(plain) + 2000)
        }
    }

    @Test("Marks that turn the direction of writing and control characters do not reach the paper")
    func hostileText() throws {
        let pdf = ReadPDF(bytes: try renderPDF(Samples.notice(body: [.paragraph("金额\u{202E}100\u{0}元\u{7}整")])))
        let text = try pdf.structure().map(\.text).joined()
        #expect(text.contains("金额100 元 整"))
    }

    @Test("An English notice has English words and says so")
    func english() throws {
        let document = NoticeDocument(
            language: .en, organ: [NoticeText("Example Bureau", in: .en)], title: [NoticeText("Notice", in: .en)],
            body: [.paragraph("Accepted.", in: .en)],
            signature: .init(organ: [NoticeText("Example Bureau", in: .en)], date: Samples.moment.date),
            verification: Samples.verification, createdAt: Samples.moment)
        let bytes = try renderPDF(document)
        let text = try ReadPDF(bytes: bytes).text()
        #expect(text.contains("12March2026"))
        #expect(text.contains("Page1of1"))
        #expect(String(decoding: bytes, as: UTF8.self).contains("/Lang (en)"))
    }
}
