extension Setter {
    mutating func set(_ block: NoticeBlock) throws(TypesettingError) {
        switch block.content {
        case .heading(let text): try setHeading(text, in: block.language)
        case .paragraph(let text): try setParagraph(text, in: block.language)
        case .list(let points): try setList(points, in: block.language)
        case .facts(let facts, let columns): try setFacts(facts, pairs: columns, in: block.language)
        case .table(let columns, let rows): try setTable(columns, rows, in: block.language)
        case .note(let text): try setNote(text, in: block.language)
        case .blanks(let labels): try setBlanks(labels, in: block.language)
        }
    }

    private func indent(_ style: TypeStyle, in language: NoticeLanguage) -> Double {
        language == .zh || language == .ii ? style.size * 2 : 0
    }

    private mutating func setHeading(_ text: String, in language: NoticeLanguage) throws(TypesettingError) {
        let notice = document.style == .notice
        let layout = try layout(
            text, measures.heading, in: language, width: measures.measure,
            indent: notice ? indent(measures.heading, in: language) : 0)
        let heading = element("H2")
        appendLines(of: layout, space: notice ? 0 : 6, elements: [heading], keepsWithNext: true)
    }

    private mutating func setParagraph(_ text: String, in language: NoticeLanguage) throws(TypesettingError) {
        let style = measures.body
        let layout = try layout(
            text, style, in: language, width: measures.measure, indent: indent(style, in: language), justified: true)
        let paragraph = element("P")
        appendLines(of: layout, space: language == .zh ? 0 : style.size * 0.4, elements: [paragraph])
    }

    private mutating func setList(_ points: [String], in language: NoticeLanguage) throws(TypesettingError) {
        let style = measures.body
        let list = element("L")
        let start = indent(style, in: language)
        let gap = style.size * (points.count > 9 ? 2 : 1.4)
        for (index, point) in points.enumerated() {
            let item = element("LI")
            let label = try layout("\(index + 1).", style, in: language)
            let text = try layout(
                point, style, in: language, width: measures.measure - start - gap, justified: true)
            let first = strips.count
            appendLines(of: text, at: start + gap, elements: [list, item])
            if let line = label.lines.first, first < strips.count {
                let lift = text.lines.first.map { $0.baseline - line.baseline } ?? 0
                strips[first].marks.insert(.text(line, x: start, y: lift), at: 0)
            }
        }
    }

    private mutating func setNote(_ text: String, in language: NoticeLanguage) throws(TypesettingError) {
        let layout = try layout(text, measures.note, in: language, width: measures.measure, justified: true)
        let paragraph = element("P")
        appendLines(of: layout, space: 5, elements: [paragraph])
    }

    private mutating func setBlanks(_ labels: [String], in language: NoticeLanguage) throws(TypesettingError) {
        let style = document.style == .notice ? measures.note : measures.body
        let cell = measures.measure / 2
        for start in stride(from: 0, to: labels.count, by: 2) {
            var strip = Strip(height: style.pitch(in: language) * 1.35, space: start == 0 ? 10 : 0)
            strip.elements = [element("P")]
            for (place, label) in labels[start..<min(start + 2, labels.count)].enumerated() {
                let layout = try layout(label + NoticeWords.colon(in: language), style, in: language)
                guard let line = layout.lines.first else { continue }
                let x = Double(place) * cell
                let y = strip.height - line.height - 2
                strip.marks.append(.text(line, x: x, y: y))
                let ruleY = y + line.baseline + 2.5
                strip.marks.append(
                    .rule(
                        fromX: x + line.width + 2, fromY: ruleY, toX: x + cell - 14, toY: ruleY,
                        width: measures.hairline, ink: .black))
            }
            append(strip)
        }
    }

    /// Date four characters from the right, the organ centred over it, room for a seal of 42 mm over both
    /// (GB/T 9704, 7.3.5.1).
    mutating func set(_ signature: NoticeDocument.Signature) throws(TypesettingError) {
        let style = measures.body
        let date = try layout(words.date(signature.date), style, in: document.language)
        var axis = measures.measure - style.size * 4 - date.width / 2
        var organs: [TextLayout] = []
        for organ in signature.organ {
            let layout = try layout(
                organ.string, style, in: organ.language, width: measures.measure * 0.75, alignment: .center)
            axis = min(axis, measures.measure - layout.width / 2)
            organs.append(layout)
        }
        let seal = millimetres(21)
        var y = max(style.pitch, seal - organs.reduce(0) { $0 + $1.height })
        var strip = Strip(height: 0, elements: [element("P")])
        for line in organs.flatMap(\.lines) {
            strip.marks.append(.text(line, x: axis - line.width / 2 - line.x, y: y))
            y += line.height
        }
        strip.marks.append(.seal(x: axis, y: y))
        for line in date.lines {
            strip.marks.append(.text(line, x: axis - line.width / 2 - line.x, y: y))
            y += line.height
        }
        strip.height = max(y, y - date.height + seal)
        append(strip)
    }
}
