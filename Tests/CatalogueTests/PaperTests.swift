import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Typesetting

@testable import Catalogue

@Suite("Blank forms and samples")
struct PaperTests {
    private static let pdf = Data("%PDF-1.7 sample".utf8)

    private func paper(
        _ item: ItemDefinition, situations: [String: JSON] = [:], filled: Bool = false
    ) throws -> NoticeDocument {
        let today = try #require(CivilDate("2026-03-02"))
        return FormPaper(
            item: item, version: 3, organ: "金牛区市场监管局", guide: "https://example.org/510106/items/shop-licence",
            context: RuleContext(situations: situations, today: today), filled: filled, createdAt: FixedTime.start,
            language: .zh, words: { key, arguments in arguments.values.sorted().joined(separator: " ") + "<\(key)>" }
        ).document
    }

    /// Everything that stands on the paper, in order.
    private func texts(_ document: NoticeDocument) -> String {
        document.body.map { block in
            switch block.content {
            case .heading(let text), .paragraph(let text), .note(let text): text
            case .list(let points): points.joined(separator: " ")
            case .facts(let facts, _): facts.map { "\($0.label)=\($0.value)" }.joined(separator: " ")
            case .table(let columns, let rows):
                (columns.map(\.title) + rows.joined()).joined(separator: " ")
            case .blanks(let labels): labels.joined(separator: " ")
            }
        }.joined(separator: "\n")
    }

    @Test("A blank form has every question, marks what may not apply, and names item, version and guide")
    func blank() throws {
        let document = try paper(try PackSamples.shopLicence())
        let text = texts(document)
        for wanted in ["卖什么", "□\u{A0}食品", "店名", "面积", "厨房面积\n<ifApplicable>", "备注\n<optional>", "卫生平面图<ifApplicable>"]
        {
            #expect(text.contains(wanted), "\(wanted)")
        }
        #expect(document.title.map(\.string) == ["申请书"])
        #expect(document.number == "3 shop-licence<numberWithout>")
        #expect(document.verification?.url == "https://example.org/510106/items/shop-licence")
        #expect(document.verification?.code == nil)
        #expect(document.watermark == nil)
    }

    @Test("Answers given leave out what does not apply")
    func answered() throws {
        let text = texts(try paper(try PackSamples.shopLicence(), situations: ["kind": "tools"]))
        #expect(text.contains("☑\u{A0}工具"))
        #expect(!text.contains("厨房面积"))
        #expect(!text.contains("卫生平面图"))
        #expect(!text.contains("还有什么"))
    }

    @Test("A sample shows the examples, and nothing of what they leave open")
    func sample() throws {
        let item = PackSamples.item
            .replacingOccurrences(of: "kind: text, max: 10}", with: "kind: text, max: 10, example: 小满面馆}")
            .replacingOccurrences(
                of: "    ask: {zh: 卖什么, en: What do you sell}", with: "    ask: {zh: 卖什么}\n    example: food"
            )
            .replacingOccurrences(of: "        kind: number\n", with: "        kind: number\n        example: 12\n")
        let resolved = try PackSamples.resolve(item: item)
        let definition = try #require(resolved.items.first).definition
        #expect(definition.hasExample)
        let document = try paper(definition, filled: true)
        let text = texts(document)
        #expect(text.contains("小满面馆"))
        #expect(text.contains("☑\u{A0}食品"))
        #expect(text.contains("12"))
        #expect(!text.contains("备注"))
        #expect(document.watermark == "<sampleMark>")
        #expect(try ItemDefinition(canonicalJSON: definition.canonicalJSON()) == definition)
    }

    @Test("Every item of the project's packs can be printed, blank and as a sample")
    func printable() throws {
        let library = try PackLibrary.load(directory: PackSamples.packsFolder.path)
        for area in library.areas {
            let resolved = try #require(library.resolve(area))
            for item in resolved.items where item.definition.hasPaperForm {
                let blank = try typeset(try paper(item.definition))
                #expect(blank.unknownCharacters == 0, "\(area) \(item.definition.slug)")
                guard item.definition.hasExample else { continue }
                #expect(try typeset(try paper(item.definition, filled: true)).unknownCharacters == 0)
            }
        }
    }

    @Test("A text of the pack becomes title, paragraphs, points and lines to sign on")
    func text() {
        let text = PaperText(
            "授权委托书\r\n我委托____办理“{item}”。\n1. 递交材料\n2. 领取{organ}的证照\n签名：____  日期：____\n", item: "开店许可",
            organ: "市场监管局")
        #expect(text.title == "授权委托书")
        #expect(
            text.blocks == [
                .paragraph("我委托____办理“开店许可”。"), .list(["递交材料", "领取市场监管局的证照"]), .blanks(["签名", "日期"]),
            ])
    }

    @Test("A material's files are told by content and kept with the version that names them", arguments: Backend.all)
    func files(_ backend: Backend) async throws {
        let item = PackSamples.item.replacingOccurrences(
            of: "    standard: {zh: 标出洗手池}",
            with: "    standard: {zh: 标出洗手池}\n    blank: plan.pdf\n    samples: [one.txt]")
        let resolved = try PackSamples.resolve(
            item: item,
            more: [
                PackFile(path: "510106-jinniu/files/plan.pdf", text: nil, data: Self.pdf),
                PackFile(path: "510106-jinniu/files/one.txt", text: nil, data: Data("样例\n内容".utf8)),
            ])
        #expect(resolved.findings.filter { $0.severity > .note }.map { $0.line(in: .zh) } == [])
        let papers = try #require(resolved.items.first?.definition.material("hygiene")?.papers)
        #expect(papers.map(\.use) == [.blank, .sample])
        #expect(papers.map(\.kind) == [.pdf, .txt])
        let area = try PackSamples.area("510106")
        let file = try #require(resolved.papers[papers[0].digest])
        try await withDatabase(backend, migrations: [M001.migration]) { database in
            for _ in 0..<2 {
                try await database.write { tx in
                    try PaperStore.put(file.bytes, digest: file.digest, area: area, at: FixedTime.start, tx)
                }
            }
            let back = try await database.read { tx in try PaperStore.bytes(file.digest, area: area, tx) }
            #expect(back == Array(Self.pdf))
            let none = try await database.read { tx in try PaperStore.known([papers[1].digest], area: area, tx) }
            #expect(none.isEmpty)
        }
    }

    @Test(
        "A file of the wrong kind, a false name, a file too large and one nobody names are found at their lines",
        arguments: [
            ("plan.pdf", Data("MZ not a picture".utf8), nil, "material.fileKind"),
            ("plan.jpg", pdf, nil, "material.fileKind"), ("plan.pdf", Data(), 6 << 20, "material.fileSize"),
            ("other.pdf", pdf, nil, "file.unused"),
        ] as [(String, Data, Int?, String)])
    func wrong(name: String, bytes: Data, size: Int?, rule: String) throws {
        let named = rule == "file.unused" ? "plan.pdf" : name
        let item = PackSamples.item.replacingOccurrences(
            of: "    standard: {zh: 标出洗手池}", with: "    standard: {zh: 标出洗手池}\n    blank: \(named)")
        let resolved = try PackSamples.resolve(
            item: item,
            more: [
                PackFile(path: "510106-jinniu/files/\(name)", text: nil, data: bytes, size: size),
                PackFile(path: "510106-jinniu/files/plan.pdf", text: nil, data: Self.pdf),
            ].prefix(name == "plan.pdf" ? 1 : 2).map { $0 })
        let finding = try #require(resolved.findings.first { $0.rule == rule })
        #expect(finding.line == (rule == "file.unused" ? 0 : PackSamples.line(of: "blank: \(named)", in: item)))
    }

    @Test("A blank named above is found in the pack above, and in none of the others")
    func inherited() throws {
        let resolved = try PackLibrary.load(directory: PackSamples.packsFolder.path)
            .resolve(try PackSamples.area("510106"))
        let food = try #require(resolved?.items.first { $0.definition.slug == "food-business-licence" }).definition
        #expect(food.material("mandate")?.papers?.map(\.use) == [.blank, .sample])
    }
}
