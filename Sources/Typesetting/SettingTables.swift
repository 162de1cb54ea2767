/// A cell of a ruled row, `width` wide at `x`.
private struct Cell {
    let text: String
    let x: Double
    let width: Double
    var alignment = TextLayout.Alignment.leading
    /// `TH` or `TD`.
    var tag = "TD"
}

extension Setter {
    private static let padding = 5.0
    /// Rows higher than this are cut between their lines.
    private static let highestRow = 130.0

    mutating func setTable(
        _ columns: [NoticeBlock.Column], _ rows: [[String]], in language: NoticeLanguage
    ) throws(TypesettingError) {
        guard !columns.isEmpty else { return }
        let shares = columns.map { $0.share.isFinite && $0.share > 0 ? $0.share : 1 }
        let total = shares.reduce(0, +)
        var edges = [0.0]
        for share in shares { edges.append((edges.last ?? 0) + measures.measure * share / total) }
        let table = element("Table")
        let headRow = columns.enumerated().map { index, column in
            Cell(
                text: column.title, x: edges[index], width: edges[index + 1] - edges[index], alignment: .center,
                tag: "TH")
        }
        let head = try rowStrips(headRow, in: language, table)
        // A head so high that it is cut itself is not repeated.
        let repeated = head.count == 1 ? head : []
        let frame = Strip.Frame(
            id: table.id, head: repeated.map { Strip.Head(height: $0.height, marks: $0.marks, elements: $0.elements) },
            left: 0, right: measures.measure)
        var strips = framed(head, frame)
        for index in strips.indices { strips[index].keepsWithNext = true }
        for row in rows {
            let cells = columns.indices.map { index in
                Cell(
                    text: index < row.count ? row[index] : "", x: edges[index],
                    width: edges[index + 1] - edges[index], alignment: TextLayout.Alignment(columns[index].alignment))
            }
            strips += framed(try rowStrips(cells, in: language, table), frame)
        }
        appendTable(strips)
    }

    mutating func setFacts(
        _ facts: [NoticeBlock.Fact], pairs: Int, in language: NoticeLanguage
    ) throws(TypesettingError) {
        guard !facts.isEmpty else { return }
        let pairs = min(2, max(1, pairs))
        let table = element("Table")
        let frame = Strip.Frame(id: table.id, head: [], left: 0, right: measures.measure)
        let pairWidth = measures.measure / Double(pairs)
        var labelWidth = measures.cell.size * 4 + Setter.padding * 2
        for fact in facts {
            let width = try layout(fact.label, measures.cell, in: language).width
            labelWidth = max(labelWidth, min(width + Setter.padding * 2 + 1, pairWidth * 0.4))
        }
        var strips: [Strip] = []
        var index = 0
        while index < facts.count {
            var cells = pair(facts[index], at: 0, width: pairWidth, label: labelWidth)
            let next = index + 1
            if pairs == 2, !facts[index].wide, next < facts.count, !facts[next].wide {
                cells += pair(facts[next], at: pairWidth, width: pairWidth, label: labelWidth)
                index = next
            } else {
                cells = pair(facts[index], at: 0, width: measures.measure, label: labelWidth)
            }
            index += 1
            strips += framed(try rowStrips(cells, in: language, table), frame)
        }
        appendTable(strips)
    }

    private func pair(_ fact: NoticeBlock.Fact, at x: Double, width: Double, label: Double) -> [Cell] {
        [
            Cell(text: fact.label, x: x, width: label, alignment: .center, tag: "TH"),
            Cell(text: fact.value, x: x + label, width: width - label),
        ]
    }

    private func framed(_ strips: [Strip], _ frame: Strip.Frame) -> [Strip] {
        strips.map { strip in
            var strip = strip
            strip.frame = frame
            return strip
        }
    }

    private mutating func appendTable(_ rows: [Strip]) {
        guard var last = rows.last else { return }
        last.marks.append(
            .rule(
                fromX: 0, fromY: last.height, toX: measures.measure, toY: last.height, width: measures.hairline,
                ink: .black))
        for (index, row) in (rows.dropLast() + [last]).enumerated() {
            var row = row
            if index == 0 { row.space = 5 }
            append(row)
        }
        append(Strip(height: 7))
    }

    /// A row as one strip, or as one strip a line when it is high.
    private mutating func rowStrips(
        _ cells: [Cell], in language: NoticeLanguage, _ table: Element
    ) throws(TypesettingError) -> [Strip] {
        var layouts: [TextLayout] = []
        for cell in cells {
            layouts.append(
                try layout(
                    cell.text, measures.cell, in: language, width: cell.width - Setter.padding * 2,
                    alignment: cell.alignment))
        }
        let content = layouts.reduce(0) { max($0, $1.height) }
        let height = content + Setter.padding * 2
        if height <= Setter.highestRow {
            let texts = layouts.map { ($0.lines, Setter.padding + (content - $0.height) / 2) }
            return [row(cells, texts, height: height, isFirst: true, table)]
        }
        let count = layouts.reduce(0) { max($0, $1.lines.count) }
        return (0..<count).map { index in
            let lines = layouts.map { index < $0.lines.count ? [$0.lines[index]] : [] }
            let above = index == 0 ? Setter.padding : 0
            let below = index == count - 1 ? Setter.padding : 0
            let tallest = lines.joined().reduce(0) { max($0, $1.height) }
            var strip = row(
                cells, lines.map { ($0, above) }, height: above + tallest + below, isFirst: index == 0, table)
            strip.keepsWithNext = index == 0 || index == count - 2
            return strip
        }
    }

    private func row(
        _ cells: [Cell], _ texts: [(lines: [TextLayout.Line], y: Double)], height: Double, isFirst: Bool,
        _ table: Element
    ) -> Strip {
        var strip = Strip(height: height, elements: [table])
        let right = cells.last.map { $0.x + $0.width } ?? measures.measure
        func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Mark {
            .rule(fromX: x1, fromY: y1, toX: x2, toY: y2, width: measures.hairline, ink: .black)
        }
        if isFirst { strip.marks.append(rule(0, 0, right, 0)) }
        for cell in cells { strip.marks.append(rule(cell.x, 0, cell.x, height)) }
        strip.marks.append(rule(right, 0, right, height))
        strip.marks.append(.open("TR"))
        for (cell, text) in zip(cells, texts) where !text.lines.isEmpty {
            strip.marks.append(.open(cell.tag))
            var y = text.y
            for line in text.lines {
                strip.marks.append(.text(line, x: cell.x + Setter.padding, y: y))
                y += line.height
            }
            strip.marks.append(.close(cell.tag))
        }
        strip.marks.append(.close("TR"))
        return strip
    }
}

extension TextLayout.Alignment {
    fileprivate init(_ alignment: NoticeBlock.Column.Alignment) {
        self =
            switch alignment {
            case .leading: .leading
            case .center: .center
            case .trailing: .trailing
            }
    }
}
