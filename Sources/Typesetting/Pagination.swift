/// Puts strips onto pages: breaks only where a strip allows it, repeats the head of a table, closes and opens its rules.
struct Pagination {
    /// More is a mistake, not a notice.
    static let mostPages = 300

    let measures: Measures
    private(set) var pages: [Page] = [Page()]
    private var y: Double

    init(_ strips: [Strip], _ measures: Measures) throws(TypesettingError) {
        self.measures = measures
        y = measures.firstTop
        var index = 0
        while index < strips.count {
            var end = index + 1
            while end < strips.count, strips[end - 1].keepsWithNext { end += 1 }
            var group = index..<end
            if height(of: strips[group]) > measures.bottom - measures.top { group = index..<index + 1 }
            if !atTop, y + strips[index].space + height(of: strips[group]) > measures.bottom + 0.01 {
                try breakPage(before: strips[index], after: index > 0 ? strips[index - 1] : nil)
            }
            for strip in strips[group] { place(strip) }
            index = group.upperBound
        }
    }

    private var atTop: Bool { pages[pages.count - 1].placed.isEmpty }

    /// Without the space above the first strip.
    private func height(of strips: ArraySlice<Strip>) -> Double {
        strips.reduce(-(strips.first?.space ?? 0)) { $0 + $1.space + $1.height }
    }

    private mutating func place(_ strip: Strip) {
        if !atTop { y += strip.space }
        append(strip.marks, strip.elements)
        y += strip.height
    }

    private mutating func append(_ marks: [Mark], _ elements: [Element]) {
        pages[pages.count - 1].placed.append(Page.Placed(y: y, marks: marks, elements: elements))
    }

    private mutating func breakPage(before next: Strip, after previous: Strip?) throws(TypesettingError) {
        let cut = next.frame.flatMap { $0.id == previous?.frame?.id ? $0 : nil }
        let rule = cut.map { frame in
            Mark.rule(fromX: frame.left, fromY: 0, toX: frame.right, toY: 0, width: measures.hairline, ink: .black)
        }
        if let rule { append([rule], []) }
        guard pages.count < Pagination.mostPages else { throw .tooLong(pages: Pagination.mostPages) }
        pages.append(Page())
        y = measures.top
        guard let cut, let rule else { return }
        for head in cut.head {
            append(head.marks, head.elements)
            y += head.height
        }
        append([rule], [])
    }
}
