/// What stands on every page besides the text: foot with QR code and page number, watermark.
struct Furniture {
    private let document: NoticeDocument
    private let measures: Measures
    private let words: NoticeWords
    private let foundry: Foundry
    private let code: Picture?
    /// From the code's edge to its first dark module.
    private let quiet: Double
    let watermark: Picture?

    /// Bytes of an address whose code can still be scanned from paper and whose text fits under the page.
    private static let longestAddress = 140
    private static let codeSide = millimetres(25)

    init(_ document: NoticeDocument, _ measures: Measures, _ foundry: Foundry) throws(TypesettingError) {
        self.document = document
        self.measures = measures
        self.foundry = foundry
        words = NoticeWords(language: document.language)
        if let url = document.verification?.url {
            guard url.utf8.count <= Furniture.longestAddress else { throw .unencodable(bytes: url.utf8.count) }
            let matrix = try QRCode(url)
            code = try Picture(matrix, side: Furniture.codeSide)
            quiet = Furniture.codeSide * Double(QRCode.quietZone) / Double(matrix.size + 2 * QRCode.quietZone)
        } else {
            code = nil
            quiet = 0
        }
        if let text = document.watermark, !text.isEmpty {
            let longest = String(text.prefix(60)).replacing("\n", with: " ")
            let style = TypeStyle(size: longest.count > 8 ? 26 : 40, pitch: 0, ink: .watermark)
            let layout = try TextLayout(longest.printable, style, language: document.language, foundry: foundry)
            watermark = if let line = layout.lines.first { try Picture(watermark: line, measures) } else { nil }
        } else {
            watermark = nil
        }
    }

    /// The foot's marks, from the sheet's top left corner.
    func foot(page: Int, of pages: Int) throws(TypesettingError) -> [Mark] {
        let top = measures.bottom + millimetres(4)
        let right = measures.width - measures.right
        let number = try text(words.page(page, of: pages))
        var marks: [Mark] = []
        guard let verification = document.verification, let code else {
            if let line = number.lines.first {
                marks.append(.text(line, x: (measures.width - line.width) / 2, y: top + 12))
            }
            return marks
        }
        let (from, to) = document.style == .notice ? measures.longRule : (measures.left, right)
        let ink = document.style == .notice ? Ink.official : .grey
        marks.append(.rule(fromX: from, fromY: top, toX: to, toY: top, width: 0.7, ink: ink))
        let side = Furniture.codeSide
        let x = measures.left - quiet
        marks.append(.picture(code, x: x, y: top + 3))
        var y = top + 9
        let textX = x + side + 6
        let lines =
            verification.code.map {
                [
                    verification.isProgress ? words.progress : words.verify, verification.url,
                    "\(words.code)\(words.colon)\($0)",
                ]
            }
            ?? [words.guide, verification.url]
        var texts: [Mark] = []
        for (index, string) in lines.enumerated() {
            let layout = try text(string, width: right - textX)
            if index == 1, let address = linkable(verification.url) {
                // Beside the text, not around it: cairo loses a paragraph's text after an element inside of it.
                marks.append(.link(address, x: textX, y: y, width: layout.width, height: layout.height))
            }
            for line in layout.lines {
                texts.append(.text(line, x: textX, y: y))
                y += line.height
            }
        }
        // Read aloud once, at the end of the document.
        marks += page == pages ? [.open("P")] + texts + [.close("P")] : texts
        if let line = number.lines.first {
            marks.append(.text(line, x: right - line.width, y: top + side - line.height))
        }
        return marks
    }

    private func text(_ string: String, width: Double? = nil) throws(TypesettingError) -> TextLayout {
        try TextLayout(
            string.printable, measures.footer, language: document.language, foundry: foundry, width: width)
    }

    /// The address if it may stand in a link's attributes as it is.
    private func linkable(_ url: String) -> String? {
        let quotes = Array("'\\".utf8)
        let isPlain = url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !quotes.contains($0) }
        return isPlain && (url.hasPrefix("https://") || url.hasPrefix("http://")) ? url : nil
    }
}
