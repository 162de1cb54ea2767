import Foundation
import Testing
import Typesetting

@Suite("Tables across pages", .enabled(if: Tool.present(.pdfinfo, .pdftotext), "poppler-utils is missing"))
struct TableTests {
    private static let columns: [NoticeBlock.Column] = [
        .init("序号", share: 2, alignment: .center), .init("材料名称", share: 4), .init("要求", share: 5),
    ]

    @Test("Every row stands once and in order, and every page repeats the head")
    func longTable() throws {
        let rows = (1...120).map { ["甲\($0)乙", "材料", "原件"] }
        let document = try typeset(Samples.notice(body: [.table(Self.columns, rows: rows)]))
        let pdf = ReadPDF(bytes: document.pdf)
        #expect(try pdf.info()["Pages"] == "\(document.pages)")
        // 13 rows under the heading, then 21 of 28 points a page.
        #expect(document.pages == 7)
        let structure = try pdf.structure()
        let firstCells = structure.filter { $0.element == "TD" && $0.text.hasPrefix("甲") }.map(\.text)
        #expect(firstCells == rows.map { $0[0] })
        for page in 1...document.pages {
            let text = try pdf.text(page: page)
            #expect(text.contains("第\(page)页共\(document.pages)页"))
            #expect(text.contains("材料名称") == text.contains("甲"))
        }
    }

    @Test("A cell longer than a page is cut between lines and loses nothing")
    func longCell() throws {
        let long = (1...260).map { "第\($0)句要写完整。" }.joined()
        let document = try typeset(Samples.notice(body: [.table(Self.columns, rows: [["1", "长", long]])]))
        #expect(document.pages >= 3)
        let cells = try ReadPDF(bytes: document.pdf).structure().filter { $0.element == "TD" }.map(\.text)
        #expect(cells.joined().hasSuffix(long))
    }

    @Test("A row shorter than the head, and a row longer, are set with the head's columns")
    func unevenRows() throws {
        let rows = [["1"], ["2", "二", "两份", "多余"]]
        let document = try typeset(Samples.notice(body: [.table(Self.columns, rows: rows)]))
        let cells = try ReadPDF(bytes: document.pdf).structure().filter { $0.element == "TD" }.map(\.text)
        #expect(cells == ["1", "", "", "2", "二", "两份"])
    }

    @Test("Pairs stand side by side, wide ones alone")
    func facts() throws {
        let facts: [NoticeBlock.Fact] = [
            .init("姓名", "王某某"), .init("电话", "138****5678"), .init("住所", "示例路 1 号", wide: true), .init("邮编", "610000"),
        ]
        let document = try typeset(Samples.notice(body: [.facts(facts, columns: 2)]))
        let text = try withFile(document.pdf, "pdf") { try Tool.pdftotext.run(["-layout", $0, "-"]) }
        let lines = text.split(separator: "\n").map { $0.filter { !$0.isWhitespace } }
        #expect(lines.contains("姓名王某某电话138****5678"))
        #expect(lines.contains("住所示例路1号"))
        #expect(lines.contains("邮编610000"))
    }
}
