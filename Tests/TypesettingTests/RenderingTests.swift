import Foundation
import Kernel
import Testing

@testable import Typesetting

@Suite("Rendering")
struct RenderingTests {
    @Test("The same document of the same moment gives the same bytes, another moment others")
    func deterministic() throws {
        let document = Samples.notice(watermark: "演示")
        let first = try renderPDF(document)
        #expect(try renderPDF(document) == first)
        var later = document
        later.createdAt = document.createdAt.adding(seconds: 1)
        #expect(try renderPDF(later) != first)
    }

    @Test("Threads that render at the same time give what one gives")
    func concurrent() async throws {
        let documents = (1...6).map { Samples.notice(body: [.paragraph("第\($0)件")], watermark: "演示") }
        let expected = try documents.map { try renderPDF($0) }
        try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for round in 0..<24 {
                let index = round % documents.count
                let document = documents[index]
                group.addTask { (index, try renderPDF(document)) }
            }
            for try await (index, bytes) in group { #expect(bytes == expected[index]) }
        }
    }

    @Test("A layout is freed when its lines are no longer held")
    func layoutsAreFreed() throws {
        let foundry = try Foundry()
        weak var freed: TextLayout?
        try {
            let layout = try TextLayout("受理", TypeStyle(size: 16, pitch: 29), language: .zh, foundry: foundry)
            #expect(layout.lines.count == 1)
            freed = layout
        }()
        #expect(freed == nil)
    }

    @Test("Full Chinese lines end at the margin, the last one does not")
    func justified() throws {
        let foundry = try Foundry()
        let text = "您于 2026 年 3 月 10 日提交的“食品经营许可（新办）”申请收悉。经审查，申请材料不齐全、不符合法定形式。"
        let layout = try TextLayout(
            text, TypeStyle(size: 16, pitch: 29), language: .zh, foundry: foundry, width: 300, indent: 32,
            justified: true)
        #expect(layout.lines.count > 2)
        for line in layout.lines.dropLast() { #expect(abs(line.x + line.width - 300) < 0.1) }
        let last = try #require(layout.lines.last)
        #expect(last.x + last.width < 290)
    }

    @Test("A document of more than 300 pages is refused")
    func tooLong() {
        let document = Samples.notice(body: (0..<8000).map { .paragraph("第\($0)段") })
        #expect(throws: TypesettingError.tooLong(pages: 300)) { try renderPDF(document) }
    }

    @Test("More text than 300 pages hold is refused before it is set")
    func tooMuchText() {
        let document = Samples.notice(body: [.paragraph(String(repeating: "长", count: 600_000))])
        #expect(throws: TypesettingError.tooLong(pages: 300)) { try renderPDF(document) }
    }

    @Test("An address too long for a small code is refused")
    func longAddress() {
        var document = Samples.notice()
        document.verification?.url = "https://example.gov.cn/" + String(repeating: "a", count: 118)
        #expect(throws: TypesettingError.unencodable(bytes: 141)) { try renderPDF(document) }
    }

    @Test("A quote in an address cannot break the link")
    func quotedAddress() throws {
        var document = Samples.notice()
        document.verification?.url = "https://example.gov.cn/'] dest='x"
        let bytes = try renderPDF(document)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("/URI"))
        #expect(try String(decoding: renderPDF(Samples.notice()), as: UTF8.self).contains("/URI (\(Samples.url))"))
    }

    @Test("An empty document is still a page")
    func empty() throws {
        let document = NoticeDocument(organ: [], title: [], body: [], createdAt: Samples.moment)
        #expect(try typeset(document).pages == 1)
    }

    @Test("A character no font has is counted")
    func unknownCharacter() throws {
        #expect(try typeset(Samples.notice(body: [.paragraph("\u{10FFFD}")])).unknownCharacters == 1)
        #expect(try typeset(Samples.notice()).unknownCharacters == 0)
    }

    @Test("The cross-reference table is where the file says, and so is the first object")
    func crossReference() throws {
        let bytes = try renderPDF(Samples.notice())
        let text = String(decoding: bytes, as: Unicode.ASCII.self)
        let start = try #require(text.range(of: "startxref\n", options: .backwards))
        let offset = try #require(Int(text[start.upperBound...].prefix { $0.isNumber }))
        // xref, the range, the free entry, then the entry of object 1.
        let table = String(decoding: bytes[offset...].prefix(80), as: UTF8.self).split(separator: "\n")
        #expect(table.first == "xref")
        try #require(table.count > 3)
        let first = try #require(Int(table[3].prefix(10)))
        #expect(String(decoding: bytes[first...].prefix(7), as: UTF8.self) == "1 0 obj")
    }

    @Test("A file that is not as cairo writes it is left alone")
    func foreignCatalog() {
        let foreign = Array("%PDF-1.5\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstartxref\n9\n%%EOF\n".utf8)
        #expect(PDFCatalog.adding(language: "en", to: foreign) == foreign)
        #expect(PDFCatalog.adding(language: "en", to: []) == [])
    }
}
