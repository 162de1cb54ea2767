/// Turns a document's blocks into strips.
struct Setter {
    /// Characters on one document beyond which it is refused: more than `Pagination.mostPages` pages can hold.
    static let mostBytes = 1_500_000

    let document: NoticeDocument
    let measures: Measures
    let words: NoticeWords
    let foundry: Foundry
    var strips: [Strip] = []
    private var elements = 0
    private var bytes = 0
    /// Characters no installed font has.
    private(set) var unknownGlyphs = 0

    init(_ document: NoticeDocument, _ measures: Measures, _ foundry: Foundry) {
        self.document = document
        self.measures = measures
        self.foundry = foundry
        words = NoticeWords(language: document.language)
    }

    /// Sets the whole document in order.
    mutating func setAll() throws(TypesettingError) {
        try setHead()
        for block in document.body { try set(block) }
        let closing = strips.count
        for block in document.remedies { try set(block) }
        if let signature = document.signature {
            keepTogether(from: closing)
            try set(signature)
        }
        for block in document.appendix { try set(block) }
    }

    mutating func append(_ strip: Strip) { strips.append(strip) }

    mutating func element(_ name: String) -> Element {
        elements += 1
        return Element(name: name, id: elements)
    }

    /// Lays a text out, counting its size.
    mutating func layout(
        _ text: String, _ style: TypeStyle, in language: NoticeLanguage, width: Double? = nil, indent: Double = 0,
        alignment: TextLayout.Alignment = .leading, justified: Bool = false
    ) throws(TypesettingError) -> TextLayout {
        bytes += text.utf8.count
        guard bytes <= Setter.mostBytes else { throw .tooLong(pages: Pagination.mostPages) }
        let layout = try TextLayout(
            text.printable, style, language: language, foundry: foundry, width: width, indent: indent,
            alignment: alignment, justified: justified)
        if width != nil { unknownGlyphs += layout.unknownGlyphs }
        return layout
    }

    /// One strip a line; a paragraph's first two and last two lines stay together.
    mutating func appendLines(
        of layout: TextLayout, at x: Double = 0, space: Double = 0, elements: [Element], keepsWithNext: Bool = false
    ) {
        let count = layout.lines.count
        for (index, line) in layout.lines.enumerated() {
            let isLast = index == count - 1
            append(
                Strip(
                    height: line.height, space: index == 0 ? space : 0, marks: [.text(line, x: x, y: 0)],
                    keepsWithNext: isLast ? keepsWithNext : index == 0 || index == count - 2 || keepsWithNext,
                    elements: elements))
        }
    }

    /// The remedies, or the last lines of the text, go to the signature's page: no page with a signature alone.
    private mutating func keepTogether(from closing: Int) {
        let start = closing < strips.count ? closing : max(0, strips.count - 2)
        for index in start..<strips.count { strips[index].keepsWithNext = true }
    }
}
