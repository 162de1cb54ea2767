package import Kernel
import Typesetting

/// What an official document says, before it has its number: kept sealed, drawn when somebody wants the paper.
package struct NoticeDraft: Sendable, Hashable, Codable {
    /// A part of the text.
    package enum Block: Sendable, Hashable, Codable {
        case heading(String)
        case paragraph(String)
        case list([String])
        /// Labels with values, pairs of two.
        case facts([[String]])
        case table(columns: [String], rows: [[String]])
        case note(String)
        case blanks([String])
    }

    /// `acceptance`, `correction` …
    package var kind: String
    /// The short word in the document number: 受, 补, 许, 不许.
    package var series: String
    /// A receipt or a form looks plainer than what an organ issues.
    package var plain: Bool
    package var organ: String
    package var title: String
    package var addressee: String?
    package var body: [Block]
    package var remedies: [String]
    package var appendix: [Block]
    package var date: CivilDate
    package var createdAt: Moment
    /// Where the QR code of a receipt leads, below the area's address (`progress?number=…`); nil: to the page that verifies the paper.
    package var link: String?

    package init(
        kind: String, series: String, plain: Bool = false, organ: String, title: String, addressee: String?,
        body: [Block],
        remedies: [String] = [], appendix: [Block] = [], date: CivilDate, createdAt: Moment, link: String? = nil
    ) {
        self.link = link
        self.kind = kind
        self.series = series
        self.plain = plain
        self.organ = organ
        self.title = title
        self.addressee = addressee
        self.body = body
        self.remedies = remedies
        self.appendix = appendix
        self.date = date
        self.createdAt = createdAt
    }

    /// Stands for the result's number among the facts of a document that is sealed before the number is given.
    package static let resultNumber = "{result-number}"

    /// The paper as it would be, with a number of none: for a look, and for papers that nobody issues.
    ///
    /// - Parameters:
    ///   - url: where what stands on it can be looked up.
    ///   - watermark: over each page, such as 演示.
    /// - Throws: `TypesettingError`.
    package func printed(url: String, watermark: String? = nil) throws -> [UInt8] {
        var paper = document(number: nil, result: nil, url: url, code: "", watermark: watermark)
        paper.verification = NoticeDocument.Verification(guide: url)
        return try renderPDF(paper)
    }

    /// The document as it is set.
    func document(
        number: String?, result: String?, url: String, code: String, progress: String? = nil, watermark: String?
    ) -> NoticeDocument {
        NoticeDocument(
            style: plain ? .form : .notice, organ: [NoticeText(organ)], title: [NoticeText(title)], number: number,
            addressee: addressee.map { NoticeText($0) }, body: body.map { $0.naming(result).typeset },
            remedies: remedies.map { .paragraph($0) },
            signature: NoticeDocument.Signature(organ: [NoticeText(organ)], date: date),
            appendix: appendix.map(\.typeset),
            verification: progress.map { NoticeDocument.Verification(progress: $0, code: code) }
                ?? NoticeDocument.Verification(url: url, code: code),
            watermark: watermark, createdAt: createdAt)
    }
}

extension NoticeDraft.Block {
    /// The same with the result's number in its place.
    fileprivate func naming(_ result: String?) -> NoticeDraft.Block {
        guard case .facts(let facts) = self else { return self }
        return .facts(facts.map { $0.map { $0 == NoticeDraft.resultNumber ? result ?? "" : $0 } })
    }

    fileprivate var typeset: NoticeBlock {
        switch self {
        case .heading(let text): .heading(text)
        case .paragraph(let text): .paragraph(text)
        case .list(let points): .list(points)
        case .facts(let facts): .facts(facts.map { NoticeBlock.Fact($0.first ?? "", $0.count > 1 ? $0[1] : "") })
        case .table(let columns, let rows): .table(Self.fitting(columns, rows), rows: rows)
        case .note(let text): .note(text)
        case .blanks(let labels): .blanks(labels)
        }
    }

    /// Columns in proportion to the longest text in each, within bounds: a number needs no third of the page.
    private static func fitting(_ titles: [String], _ rows: [[String]]) -> [NoticeBlock.Column] {
        titles.enumerated().map { index, title in
            let texts = [title] + rows.compactMap { index < $0.count ? $0[index] : nil }
            // Chinese is twice as wide as Latin.
            let longest = texts.map { $0.reduce(0) { $0 + ($1.isASCII ? 1 : 2) } }.max() ?? 0
            return NoticeBlock.Column(title, share: Double(min(max(longest + 2, 8), 40)))
        }
    }
}
