package import Kernel

/// The pack's examples as answers of a form.
enum FormExample {
    /// Examples by field id; `today+30` stands for its day.
    static func values(of item: ItemDefinition, on today: CivilDate) -> [String: JSON] {
        var found: [String: JSON] = [:]
        for field in item.fields { found[field.id] = field.example.map { value($0, of: field, on: today) } }
        return found
    }

    private static func value(_ example: JSON, of field: FormField, on today: CivilDate) -> JSON {
        switch (field.kind, example) {
        case (.date, .string(let text)):
            .string(FormReader.daysFromToday(text).map { today.adding(days: $0).description } ?? text)
        case (.table, .array(let rows)):
            .array(
                rows.map { row in
                    var cells = row.members ?? [:]
                    for column in field.columns {
                        cells[column.id] = cells[column.id].map { value($0, of: column, on: today) }
                    }
                    return .object(cells)
                })
        default: example
        }
    }
}

extension FormExample {
    /// Answers to the guiding questions for which the sample is filled in.
    static func situations(of item: ItemDefinition) -> [String: JSON] {
        var found: [String: JSON] = [:]
        for situation in item.situations {
            guard let example = situation.example, let first = example.first else { continue }
            found[situation.id] = situation.multiple ? .array(example.map(JSON.string)) : .string(first)
        }
        return found
    }
}

extension ItemDefinition {
    /// The pack's examples by field id; an address is one text, without a division.
    package func examples(on today: CivilDate) -> [String: JSON] { FormExample.values(of: self, on: today) }

    /// Whether the pack shows how the form is filled in.
    var hasExample: Bool { fields.contains { $0.example != nil } }
}
