import Kernel
import Typesetting

/// One question on paper: its label, and room for the answer or the example.
struct FieldPaper {
    let field: FormField
    let label: String
    let example: JSON?
    let language: Language
    let words: (String, [String: String]) -> String

    /// One cell a question; a person or an organisation has one a part.
    var facts: [NoticeBlock.Fact] {
        switch field.kind {
        case .person, .organisation:
            return field.parts.map { part in
                .init(label + "\n" + words("part.\(part.rawValue)", [:]), example?[part.rawValue].text ?? " ")
            }
        case .file: return []
        default: return [.init(label, cell, wide: isWide)]
        }
    }

    private var isWide: Bool {
        switch field.kind {
        case .address, .select, .multi, .table: true
        case .text: field.lines > 1 || (field.max?.count ?? 200) > 60
        default: false
        }
    }

    /// A column's heading: a person's parts are named in it.
    var heading: String {
        if field.kind == .select {
            return label
                + words(
                    "parts", ["parts": field.options.map { $0.label[language] }.joined(separator: words("or", [:]))])
        }
        guard field.kind == .person || field.kind == .organisation else {
            return field.unit.map { label + words("unit", ["unit": $0[language]]) } ?? label
        }
        let parts = field.parts.map { words("part.\($0.rawValue)", [:]) }.joined(separator: words("and", [:]))
        return label + words("parts", ["parts": parts])
    }

    /// What stands in a table's cell: of a choice only what was chosen.
    var tableCell: String {
        guard field.kind == .select else { return cell }
        return field.options.first { $0.id == example?.text }.map { $0.label[language] } ?? " "
    }

    /// What stands in the answer's place.
    var cell: String {
        switch field.kind {
        case .select, .multi:
            let chosen = Set(example?.elements?.compactMap(\.text) ?? [example?.text].compactMap { $0 })
            return field.options.map { FieldPaper.box(chosen.contains($0.id), $0.label[language]) }
                .joined(separator: "\u{3000}")
        case .date:
            guard let date = example?.text.flatMap({ CivilDate($0) }) else { return words("dateBlank", [:]) }
            return date.words(in: language)
        case .number:
            let unit = field.unit?[language] ?? ""
            return (example.flatMap { Millionths($0)?.description } ?? blank) + (unit.isEmpty ? "" : " " + unit)
        case .money:
            guard case .int(let fen)? = example else { return words("moneyBlank", [:]) }
            return words("money", ["amount": Money(fen: fen).description])
        case .address: return example?.text ?? words("addressBlank", [:])
        case .person, .organisation:
            return field.parts.compactMap { example?[$0.rawValue].text }.joined(separator: "\n")
        case .text, .phone, .idcard, .uscc:
            return example?.text ?? String(repeating: " \n", count: min(field.lines, 6) - 1) + " "
        case .table, .file: return " "
        }
    }

    /// A choice to tick.
    static func box(_ ticked: Bool, _ text: String) -> String { (ticked ? "☑\u{A0}" : "□\u{A0}") + text }

    /// Room before a unit.
    private var blank: String { String(repeating: "\u{3000}", count: 6) }
}
