import Kernel
import Typesetting

/// A blank written as plain text in a pack, set on paper by the program: the first line is the title, every other line a paragraph,
/// `1. …` a point, and a line of labels each followed by `____` a line to sign on. `{item}` and `{organ}` stand for the names.
struct PaperText {
    let title: String
    let blocks: [NoticeBlock]

    init(_ text: String, item: String, organ: String) {
        let filled = text.replacing("\r\n", with: "\n").replacing("{item}", with: item).replacing(
            "{organ}", with: organ)
        var lines = filled.split(separator: "\n").map { PaperText.bare($0) }.filter { !$0.isEmpty }
        title = lines.isEmpty ? item : lines.removeFirst()
        var blocks: [NoticeBlock] = []
        var points: [String] = []
        for line in lines {
            if let point = PaperText.point(line) {
                points.append(point)
                continue
            }
            if !points.isEmpty { blocks.append(.list(points)) }
            points = []
            blocks.append(PaperText.labels(line).map { .blanks($0) } ?? .paragraph(line))
        }
        if !points.isEmpty { blocks.append(.list(points)) }
        self.blocks = blocks
    }

    /// On paper, under the department's name.
    func document(organ: String, guide: String, watermark: String?, createdAt: Moment) -> NoticeDocument {
        NoticeDocument(
            style: .form, organ: [NoticeText(organ)], title: [NoticeText(title)], body: blocks,
            verification: .init(guide: guide), watermark: watermark, createdAt: createdAt)
    }

    private static func bare(_ line: Substring) -> String {
        var line = line
        while line.first?.isWhitespace == true { line = line.dropFirst() }
        while line.last?.isWhitespace == true { line = line.dropLast() }
        return String(line)
    }

    /// The text after `12. `.
    private static func point(_ line: String) -> String? {
        let digits = line.prefix { ("0"..."9").contains($0) }
        guard (1...2).contains(digits.count), line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return String(line.dropFirst(digits.count + 2))
    }

    /// `签名：____ 日期：____`, and nothing else.
    private static func labels(_ line: String) -> [String]? {
        guard line.hasSuffix("____") else { return nil }
        let parts = line.split(separator: "_").map { bare($0) }.filter { !$0.isEmpty }
        guard !parts.isEmpty, parts.allSatisfy({ $0.hasSuffix("：") || $0.hasSuffix(":") }) else { return nil }
        return parts.map { String($0.dropLast()) }
    }
}
