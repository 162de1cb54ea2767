import Foundation
package import Kernel

/// An item's flowchart: the links with who, how long and what, as a plain list and as SVG (attributes and classes
/// only).
package struct Flowchart: Sendable, Hashable {
    /// One link.
    package struct Step: Sendable, Hashable {
        package let kind: Stage.Kind
        /// 受理, 审核, 批准, 办结.
        package let title: String
        /// Who does it: department and role.
        package let who: String
        /// `5 个工作日`.
        package let within: String
        package let task: String?
        /// Procedures inside, each with its time.
        package let procedures: [String]
    }

    package let title: String
    /// In words, for readers who do not see the picture.
    package let summary: String
    package let steps: [Step]
    private let language: Language

    /// - Parameter department: a department's name in the reader's language, by its id.
    package init(of item: ItemDefinition, language: Language, department: (String) -> String) {
        self.language = language
        let zh = language != .en
        steps = item.stages.map { stage in
            let inside = item.procedures.filter { $0.during == stage.kind }.map { procedure in
                let time = Flowchart.spoken(procedure.within, language)
                return zh ? "\(procedure.name[language])（\(time)）" : "\(procedure.name[language]) (\(time))"
            }
            return Step(
                kind: stage.kind, title: Flowchart.title(of: stage.kind, language),
                who: department(stage.department ?? item.department) + (zh ? "·" : ", ")
                    + Flowchart.role(stage.role, language),
                within: Flowchart.spoken(stage.within, language), task: stage.task?[language], procedures: inside)
        }
        let promised = Flowchart.spoken(item.limits.promised, language)
        title = zh ? "\(item.name[language])流程图" : "Flowchart: \(item.name[language])"
        summary =
            steps.enumerated().map { index, step in
                zh
                    ? "第 \(index + 1) 步\(step.title)，\(step.who)，\(step.within)"
                    : "Step \(index + 1): \(step.title), \(step.who), \(step.within)"
            }.joined(separator: zh ? "；" : "; ")
            + (zh ? "。承诺 \(promised)办结。" : ". Promised: \(promised).")
    }

    // MARK: SVG

    /// A column of boxes with arrows; scales with its width. Classes are those of the design system: `flow`, `flow-box`, `flow-text`,
    /// `flow-note`, `flow-line`, `flow-arrow`; texts are centred by the style sheet.
    ///
    /// - Parameter id: makes the ids of title and description unique in the page.
    package func svg(id: String = "flow") -> String {
        let width = 360
        let middle = width / 2
        var y = 4
        var body = ""
        for (index, step) in steps.enumerated() {
            let notes = ([step.who] + step.procedures).flatMap { Flowchart.wrapped($0, columns: 44) }
            let height = 48 + notes.count * 20
            body +=
                "<rect class=\"flow-box\" x=\"8\" y=\"\(y)\" width=\"\(width - 16)\" height=\"\(height)\" rx=\"4\"/>"
            body += text("flow-text", middle, y + 24, "\(index + 1). \(step.title) · \(step.within)")
            for (line, note) in notes.enumerated() { body += text("flow-note", middle, y + 50 + line * 20, note) }
            y += height
            if index < steps.count - 1 {
                body += "<path class=\"flow-line\" d=\"M\(middle) \(y)v16\"/>"
                body += "<path class=\"flow-arrow\" d=\"M\(middle - 6) \(y + 15)h12l-6 9z\"/>"
                y += 24
            }
        }
        return
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flow\" role=\"img\" viewBox=\"0 0 \(width) \(y + 4)\" "
            + "aria-labelledby=\"\(Flowchart.escaped(id))-title \(Flowchart.escaped(id))-desc\" lang=\"\(language.tag)\">"
            + "<title id=\"\(Flowchart.escaped(id))-title\">\(Flowchart.escaped(title))</title>"
            + "<desc id=\"\(Flowchart.escaped(id))-desc\">\(Flowchart.escaped(summary))</desc>\(body)</svg>"
    }

    private func text(_ style: String, _ x: Int, _ y: Int, _ words: String) -> String {
        "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(Flowchart.escaped(words))</text>"
    }

    /// Lines of at most so many half-width columns; Chinese characters take two. Words of Latin letters stay whole.
    static func wrapped(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for character in text {
            let width = character.unicodeScalars.first.map { $0.value >= 0x1100 ? 2 : 1 } ?? 1
            if used + width > columns, !line.isEmpty {
                // A word of Latin letters goes to the next line whole, where it fits there.
                let word = line.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
                let isWord = character != " " && word.count < line.count && word.allSatisfy(\.isASCII)
                let kept = isWord ? word : ""
                lines.append(String(line.dropLast(kept.count)).trimmingCharacters(in: .whitespaces))
                line = kept
                used = kept.count
                if character == " " { continue }
            }
            line.append(character)
            used += width
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// Byte by byte, so that a quote followed by a combining mark is escaped too.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default:
                // Control characters are not allowed in XML at all.
                if scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }
}

extension Flowchart {
    /// 受理, 审核, 批准, 办结.
    package static func title(of kind: Stage.Kind, _ language: Language) -> String {
        switch kind {
        case .accept: language == .en ? "Accept" : "受理"
        case .review: language == .en ? "Review" : "审核"
        case .approve: language == .en ? "Approve" : "批准"
        case .complete: language == .en ? "Complete" : "办结"
        }
    }

    static func role(_ role: StaffRole, _ language: Language) -> String {
        switch role {
        case .clerk: language == .en ? "clerk" : "窗口人员"
        case .reviewer: language == .en ? "reviewer" : "审核人员"
        case .approver: language == .en ? "approver" : "批准人员"
        case .head: language == .en ? "head" : "负责人"
        }
    }

    /// `5 个工作日`, `2 小时`, `3 个月`; 0 is 当场.
    package static func spoken(_ limit: Limit, _ language: Language) -> String {
        let n = limit.amount
        if n == 0 { return language == .en ? "on the spot" : "当场" }
        if language == .en {
            let unit =
                switch limit.unit {
                case .workingDays: "working day"
                case .workingHours: "working hour"
                case .days: "day"
                case .hours: "hour"
                case .months: "month"
                case .years: "year"
                }
            return "\(n) \(unit)\(n == 1 ? "" : "s")"
        }
        switch limit.unit {
        case .workingDays: return "\(n) 个工作日"
        case .workingHours: return "\(n) 个工作小时"
        case .days: return "\(n) 日"
        case .hours: return "\(n) 小时"
        case .months: return "\(n) 个月"
        case .years: return "\(n) 年"
        }
    }
}
