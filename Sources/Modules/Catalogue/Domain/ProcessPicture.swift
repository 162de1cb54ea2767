import Kernel

// MARK: SVG

extension ProcessChart {
    /// Rows of boxes from above; what runs side by side stands side by side. Classes are those of the design system, as in
    /// `Flowchart.svg`: no style, no script. Scales with its width.
    ///
    /// - Parameter id: makes the ids of title and description unique in the page.
    package func svg(id: String = "chart") -> String {
        let ranks = ranks
        let rows = Dictionary(grouping: steps) { ranks[$0.id] ?? 0 }.sorted { $0.key < $1.key }.map(\.value)
        let widest = max(1, rows.map(\.count).max() ?? 1)
        // Many side by side are narrow, with the time on a line of its own.
        let isNarrow = widest > 3
        let column = widest == 1 ? 360 : isNarrow ? 200 : 280
        let width = column * widest
        var places: [String: (x: Int, top: Int, bottom: Int)] = [:]
        var (y, boxes, arrows) = (52, "", "")
        boxes += pill(begins, width / 2, 4)
        for row in rows {
            let texts = row.map { step in
                (isNarrow && !step.within.isEmpty ? [step.within] : [])
                    + lines(of: step, columns: widest == 1 ? 44 : isNarrow ? 22 : 34)
            }
            let tallest = texts.map { 48 + $0.count * 20 }.max() ?? 48
            let left = (width - column * row.count) / 2
            for (index, step) in row.enumerated() {
                let x = left + index * column
                places[step.id] = (x + column / 2, y, y + tallest)
                boxes +=
                    "<rect class=\"flow-box\" x=\"\(x + 8)\" y=\"\(y)\" width=\"\(column - 16)\" height=\"\(tallest)\" rx=\"4\"/>"
                    + text(
                        "flow-text", x + column / 2, y + 24,
                        step.within.isEmpty || isNarrow ? step.title : "\(step.title) · \(step.within)")
                for (line, note) in texts[index].enumerated() {
                    boxes += text("flow-note", x + column / 2, y + 50 + line * 20, note)
                }
            }
            y += tallest + 28
        }
        for step in steps {
            guard let to = places[step.id] else { continue }
            let from = step.after.compactMap { places[$0] }
            for start in from.isEmpty ? [(x: width / 2, top: 4, bottom: 36)] : from {
                arrows += arrow(start.x, start.bottom, to.x, to.top)
            }
        }
        for step in last { if let from = places[step.id] { arrows += arrow(from.x, from.bottom, width / 2, y) } }
        boxes += pill(ends, width / 2, y)
        let name = Flowchart.escaped(id)
        return
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flow\(widest > 1 ? " flow-wide" : "")\" role=\"img\" viewBox=\"0 0 \(width) \(y + 40)\" "
            + "aria-labelledby=\"\(name)-title \(name)-desc\" lang=\"\(language.tag)\">"
            + "<title id=\"\(name)-title\">\(Flowchart.escaped(title))</title>"
            + "<desc id=\"\(name)-desc\">\(Flowchart.escaped(summary))</desc>\(arrows)\(boxes)</svg>"
    }

    /// Who, what, and the law, each on lines that fit.
    private func lines(of step: Step, columns: Int) -> [String] {
        ([step.who] + step.notes + [step.law].compactMap(\.self)
            + (step.refusal.map { [zhOr("或者：", "or: ") + $0] } ?? []))
            .flatMap { Flowchart.wrapped($0, columns: columns) }
    }

    private func zhOr(_ zh: String, _ en: String) -> String { language == .en ? en : zh }

    private func pill(_ words: String, _ x: Int, _ y: Int) -> String {
        "<rect class=\"flow-box\" x=\"\(x - 90)\" y=\"\(y)\" width=\"180\" height=\"32\" rx=\"16\"/>"
            + text("flow-text", x, y + 16, words)
    }

    /// Down, across in the gap between two rows, down.
    private func arrow(_ fromX: Int, _ fromY: Int, _ toX: Int, _ toY: Int) -> String {
        let bend = toY - 14
        let path = fromX == toX ? "M\(fromX) \(fromY)V\(toY - 8)" : "M\(fromX) \(fromY)V\(bend)H\(toX)V\(toY - 8)"
        return "<path class=\"flow-line\" d=\"\(path)\"/>"
            + "<path class=\"flow-arrow\" d=\"M\(toX - 6) \(toY - 9)h12l-6 9z\"/>"
    }

    private func text(_ style: String, _ x: Int, _ y: Int, _ words: String) -> String {
        "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(Flowchart.escaped(words))</text>"
    }
}
