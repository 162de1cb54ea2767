import Kernel

/// Checks one field's value, as typed or as read, and says in exact words what to change.
struct FieldValidation {
    let field: FormField
    /// The control's name in the page.
    let name: String
    let rules: FormRules
    /// The table row the field stands in.
    let row: [String: JSON]?
    let language: Language

    private var label: String { field.label[language] }

    func faults(of value: JSON) -> [FieldFault] {
        if isEmpty(value) {
            guard rules.isRequired(field, row: row) else { return [] }
            return missing()
        }
        let faults = shapeFaults(of: value)
        guard faults.isEmpty else { return faults }
        return field.checks.compactMap { check in
            check.rule.holds(in: rules.context, row: row, value: value, otherwise: true)
                ? nil : FieldFault(name, Message("catalogue.form.check", ["text": check.message[language]]))
        }
    }

    private func isEmpty(_ value: JSON) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.values.allSatisfy(isEmpty)
        case .bool, .int, .double: false
        }
    }

    /// A missing answer: at the control where typing begins.
    private func missing() -> [FieldFault] {
        switch field.kind {
        case .select, .multi: [fault("catalogue.form.missing.choice")]
        case .file: [fault("catalogue.form.missing.file")]
        case .table: [fault("catalogue.form.missing.table")]
        case .date: [fault("catalogue.form.missing.text", at: ".year")]
        case .address: addressFaults([:])
        case .person, .organisation: partyFaults([:])
        case .text, .number, .money, .phone, .idcard, .uscc: [fault("catalogue.form.missing.text")]
        }
    }

    private func shapeFaults(of value: JSON) -> [FieldFault] {
        switch field.kind {
        case .text: textFaults(value)
        case .number: numberFaults(value)
        case .money: moneyFaults(value)
        case .date: dateFaults(value)
        case .select: choiceFaults([value])
        case .multi: multiFaults(value)
        case .phone: FieldFormats.phone(value.text ?? "").map { [format($0)] } ?? []
        case .idcard: FieldFormats.idcard(value.text ?? "", on: rules.context.today).map { [format($0)] } ?? []
        case .uscc: FieldFormats.uscc(value.text ?? "").map { [format($0)] } ?? []
        case .address: addressFaults(value.members ?? [:])
        case .person, .organisation: partyFaults(value.members ?? [:])
        case .table: tableFaults(value)
        case .file:
            countFaults(value.elements?.count ?? 0, least: "catalogue.form.file.min", most: "catalogue.form.file.max")
        }
    }

    // MARK: Kinds

    private func textFaults(_ value: JSON) -> [FieldFault] {
        guard let text = value.text else { return [fault("catalogue.form.missing.text")] }
        let count = text.count
        let most = field.max?.count ?? 200
        if count > most {
            return [fault("catalogue.form.text.max", ["max": String(most), "count": String(count)])]
        }
        if let least = field.min?.count, count < least {
            return [fault("catalogue.form.text.min", ["min": String(least), "count": String(count)])]
        }
        return []
    }

    private func numberFaults(_ value: JSON) -> [FieldFault] {
        guard let number = Millionths(value) else { return [fault("catalogue.form.number.kind")] }
        if number.places > field.decimals {
            return [
                field.decimals == 0
                    ? fault("catalogue.form.number.whole")
                    : fault("catalogue.form.number.decimals", ["places": String(field.decimals)])
            ]
        }
        let unit = field.unit.map { " " + $0[language] } ?? ""
        if case .millionths(let least)? = field.min, number.value < least {
            return [fault("catalogue.form.number.min", ["min": Millionths(value: least).description + unit])]
        }
        if case .millionths(let most)? = field.max, number.value > most {
            return [fault("catalogue.form.number.max", ["max": Millionths(value: most).description + unit])]
        }
        return []
    }

    private func moneyFaults(_ value: JSON) -> [FieldFault] {
        guard case .int(let fen) = value else { return [fault("catalogue.form.money.kind")] }
        if case .money(let least)? = field.min, fen < least.fen {
            return [fault("catalogue.form.money.min", ["min": least.description])]
        }
        if case .money(let most)? = field.max, fen > most.fen {
            return [fault("catalogue.form.money.max", ["max": most.description])]
        }
        if field.min == nil, fen < 0 { return [fault("catalogue.form.money.min", ["min": Money(fen: 0).description])] }
        return []
    }

    private func dateFaults(_ value: JSON) -> [FieldFault] {
        if let boxes = value.members {
            for box in ["year", "month", "day"] where boxes[box]?.text?.isEmpty ?? true {
                return [fault("catalogue.form.date.\(box)", at: "." + box)]
            }
            return [fault("catalogue.form.date.none", at: ".year")]
        }
        guard let date = value.text.flatMap({ CivilDate($0) }) else {
            return [fault("catalogue.form.date.none", at: ".year")]
        }
        if let least = field.min?.date(from: rules.context.today), date < least {
            return [fault("catalogue.form.date.min", ["date": spoken(least)], at: ".year")]
        }
        if let most = field.max?.date(from: rules.context.today), date > most {
            return [fault("catalogue.form.date.max", ["date": spoken(most)], at: ".year")]
        }
        return []
    }

    private func spoken(_ date: CivilDate) -> String {
        language == .zh ? "\(date.year) 年 \(date.month) 月 \(date.day) 日" : date.description
    }

    private func choiceFaults(_ values: [JSON]) -> [FieldFault] {
        let known = Set(field.options.map(\.id))
        return values.allSatisfy { $0.text.map(known.contains) ?? false }
            ? [] : [fault("catalogue.form.choice.unknown")]
    }

    private func multiFaults(_ value: JSON) -> [FieldFault] {
        let chosen = value.elements ?? []
        let unknown = choiceFaults(chosen)
        guard unknown.isEmpty else { return unknown }
        return countFaults(chosen.count, least: "catalogue.form.multi.min", most: "catalogue.form.multi.max")
    }

    private func countFaults(_ count: Int, least: String, most: String) -> [FieldFault] {
        if let bound = field.min?.count, count < bound { return [fault(least, ["min": String(bound)])] }
        if let bound = field.max?.count, count > bound { return [fault(most, ["max": String(bound)])] }
        return []
    }

    private func addressFaults(_ members: [String: JSON]) -> [FieldFault] {
        var faults: [FieldFault] = []
        if !FieldFormats.isDivision(members["division"]?.text ?? "") {
            faults.append(fault("catalogue.form.address.division", at: ".division"))
        }
        let line = members["line"]?.text ?? ""
        if line.isEmpty {
            faults.append(fault("catalogue.form.address.line", at: ".line"))
        } else if line.count > 200 {
            faults.append(fault("catalogue.form.text.max", ["max": "200", "count": String(line.count)], at: ".line"))
        }
        return faults
    }

    private func partyFaults(_ members: [String: JSON]) -> [FieldFault] {
        field.parts.compactMap { part in
            let text = members[part.rawValue]?.text ?? ""
            let at = "." + part.rawValue
            if text.isEmpty { return fault("catalogue.form.party.\(part.rawValue)", at: at) }
            switch part {
            case .name, .representative:
                return text.count > 100
                    ? fault("catalogue.form.text.max", ["max": "100", "count": String(text.count)], at: at) : nil
            case .phone: return FieldFormats.phone(text).map { format($0, at: at) }
            case .idcard: return FieldFormats.idcard(text, on: rules.context.today).map { format($0, at: at) }
            case .uscc: return FieldFormats.uscc(text).map { format($0, at: at) }
            }
        }
    }

    private func tableFaults(_ value: JSON) -> [FieldFault] {
        let rows = value.elements ?? []
        let count = countFaults(rows.count, least: "catalogue.form.table.min", most: "catalogue.form.table.max")
        return count
            + rows.enumerated().flatMap { index, row in
                let cells = row.members ?? [:]
                return field.columns.filter { $0.show.shows(in: rules.context, row: cells) }.flatMap { column in
                    FieldValidation(
                        field: column, name: "\(name).\(index).\(column.id)", rules: rules, row: cells,
                        language: language
                    ).faults(of: cells[column.id] ?? .null)
                }
            }
    }

    // MARK: Words

    private func fault(_ key: String, _ arguments: [String: String] = [:], at part: String = "") -> FieldFault {
        FieldFault(name + part, Message(key, arguments.merging(["label": label]) { given, _ in given }))
    }

    private func format(_ fault: FieldFormats.Fault, at part: String = "") -> FieldFault {
        self.fault(fault.key, fault.arguments, at: part)
    }
}

extension Bound {
    var count: Int? { if case .count(let count) = self { count } else { nil } }

    func date(from today: CivilDate) -> CivilDate? {
        switch self {
        case .date(let date): date
        case .today(let days): today.adding(days: days)
        case .count, .millionths, .money: nil
        }
    }
}

extension FormRules {
    /// Faults a clerk may override with a reason: some genuine early codes fail their check digit (GB 32100).
    package static let overridable: Set<String> = ["catalogue.form.uscc.check"]
}
