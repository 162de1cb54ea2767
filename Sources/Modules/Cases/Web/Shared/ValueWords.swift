import Catalogue
import Directory
import Kernel
import Web

/// Values of a form as people read them.
struct ValueWords {
    let profile: AreaProfile
    let language: Language
    /// Numbers and phones of people show only in part.
    let masked: Bool
    /// 元.
    let yuan: String

    /// One text a line; none where nothing was answered.
    func lines(_ field: FormField, _ value: JSON) -> [String] {
        switch (field.kind, value) {
        case (_, .null): return []
        case (.money, .int(let fen)): return [Money(fen: fen).description + " " + yuan]
        case (.number, _):
            let text = FormInput.controls(of: field, value: value).first?.value ?? ""
            return [[text, field.unit?[language]].compactMap(\.self).joined(separator: " ")]
        case (.date, .string(let text)): return [CivilDate(text)?.words(in: language) ?? text]
        case (.date, .object(let boxes)):
            return [["year", "month", "day"].compactMap { boxes[$0]?.text }.joined(separator: "-")]
        case (.select, .string(let id)): return [option(id, of: field)]
        case (.multi, .array(let ids)):
            return [ids.compactMap(\.text).map { option($0, of: field) }.joined(separator: separator)]
        case (.idcard, .string(let text)): return [masked ? Mask.identity(text) : text]
        case (.phone, .string(let text)): return [masked ? Mask.phone(text) : text]
        case (.address, .object(let parts)):
            let division = parts["division"]?.text.map { Divisions(profile: profile, language: language).name(of: $0) }
            return [[division, parts["line"]?.text].compactMap(\.self).joined(separator: " ")]
        case (.person, .object(let parts)), (.organisation, .object(let parts)):
            return [
                field.parts.compactMap { part in parts[part.rawValue]?.text.map { shown(part, $0) } }.joined(
                    separator: " ")
            ]
        case (.table, .array(let rows)):
            return rows.enumerated().map { index, row in
                "\(index + 1). "
                    + field.columns.flatMap { lines($0, row[$0.id]) }.joined(separator: language == .en ? ", " : ",")
            }
        case (.text, .string(let text)):
            return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        default: return value.text.map { [$0] } ?? []
        }
    }

    private var separator: String { language == .en ? ", " : "、" }

    private func option(_ id: String, of field: FormField) -> String {
        field.options.first { $0.id == id }?.label[language] ?? id
    }

    private func shown(_ part: PartyPart, _ text: String) -> String {
        guard masked else { return text }
        return switch part {
        case .idcard: Mask.identity(text)
        case .phone: Mask.phone(text)
        case .name, .uscc, .representative: text
        }
    }

    /// `dl.summary` of a section: label, lines, and where it is changed (nil where it is not).
    func rows(of section: FormSection, values: [String: JSON], changed: Set<String> = [], edit: (FormField) -> String?)
        -> [View]
    {
        section.fields.map { field in
            let lines = lines(field, values[field.id] ?? .null)
            return View([
                "label": field.label[language], "lines": lines.map { View(["text": $0]) }, "blank": lines.isEmpty,
                "edit": edit(field), "changed": changed.contains(field.id), "field": field.id,
            ])
        }
    }

    /// Answers to the guiding questions.
    func rows(of situations: [Situation], answers: [String: JSON]) -> [View] {
        situations.compactMap { situation in
            let ids: [String] =
                switch answers[situation.id] {
                case .string(let id)?: [id]
                case .array(let ids)?: ids.compactMap(\.text)
                default: []
                }
            guard !ids.isEmpty else { return nil }
            let labels = ids.map { id in situation.answers.first { $0.id == id }?.label[language] ?? id }
            return View([
                "label": situation.ask[language], "lines": [View(["text": labels.joined(separator: separator)])],
                "blank": false,
            ])
        }
    }
}

/// Bytes as people read them.
func sizeWords(_ bytes: Int) -> String {
    if bytes < 1 << 20 { return "\(max(1, (bytes + 512) / 1024)) KB" }
    let tenths = (bytes * 10 + (1 << 19)) / (1 << 20)
    return "\(tenths / 10).\(tenths % 10) MB"
}
