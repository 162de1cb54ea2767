package import Kernel

/// Turns what a page sends into values and back. Nothing typed is lost: what cannot be read stays as text (a half date
/// as its three boxes) and
/// is reported by `FormRules.faults`.
///
/// Names of the page's controls: a field's id; `ID.year`, `ID.month`, `ID.day` of a date; `ID.division` and `ID.line`
/// of an address;
/// `ID.name`, `ID.idcard`, `ID.phone`, `ID.uscc`, `ID.representative` of a person or organisation; `ID.ROW.COLUMN`
/// (rows from 0) of a table.
package struct FormInput: Sendable {
    private let pairs: [String: [String]]

    /// - Parameter pairs: names and values in the order in which the page sent them.
    package init(_ pairs: [(name: String, value: String)]) {
        self.pairs = Dictionary(grouping: pairs, by: \.name).mapValues { $0.map(\.value) }
    }

    /// Values of a section's fields. A field that the page did not send is left out (its value stays as it was); an
    /// emptied one is null.
    ///
    /// Files are not read here: they are attached one by one.
    package func values(of section: FormSection) -> [String: JSON] {
        var values: [String: JSON] = [:]
        for field in section.fields where field.kind != .file && sent(field, field.id) {
            values[field.id] = value(of: field, field.id)
        }
        return values
    }

    private func sent(_ field: FormField, _ name: String) -> Bool {
        pairs[name] != nil || pairs.keys.contains { $0.hasPrefix(name + ".") }
    }

    private func value(of field: FormField, _ name: String) -> JSON {
        switch field.kind {
        case .text: text(name, keepLines: field.lines > 1)
        case .phone: digits(name)
        case .idcard, .uscc: compact(name).map { .string($0.uppercased()) } ?? .null
        case .select: text(name)
        case .number: compact(name).map { raw in Millionths(raw)?.json ?? .string(raw) } ?? .null
        case .money: compact(name).map { raw in Money(yuan: raw).map { .int($0.fen) } ?? .string(raw) } ?? .null
        case .date: date(name)
        case .multi:
            choices(name, of: field)
        case .address: object(name, ["division", "line"])
        case .person, .organisation: object(name, field.parts.map(\.rawValue))
        case .table: table(field, name)
        case .file: .null
        }
    }

    private func first(_ name: String) -> String? { pairs[name]?.first }

    private func text(_ name: String, keepLines: Bool = false) -> JSON {
        guard let raw = first(name) else { return .null }
        let trimmed = FormInput.trimmed(raw, keepLines: keepLines)
        return trimmed.isEmpty ? .null : .string(trimmed)
    }

    /// Without any space; full-width digits and letters as usual ones.
    private func compact(_ name: String) -> String? {
        guard let raw = first(name) else { return nil }
        let kept = FormInput.halfWidth(raw).filter { !$0.isWhitespace }
        return kept.isEmpty ? nil : kept
    }

    private func digits(_ name: String) -> JSON {
        guard let raw = compact(name) else { return .null }
        return .string(raw)
    }

    private func date(_ name: String) -> JSON {
        if let whole = compact(name) { return .string(whole) }
        let year = compact(name + ".year") ?? ""
        let month = compact(name + ".month") ?? ""
        let day = compact(name + ".day") ?? ""
        if year.isEmpty, month.isEmpty, day.isEmpty { return .null }
        if let y = Int(year), let m = Int(month), let d = Int(day), let date = CivilDate(year: y, month: m, day: d),
            y > 999
        {
            return .string(date.description)
        }
        return .object(["year": .string(year), "month": .string(month), "day": .string(day)])
    }

    private func choices(_ name: String, of field: FormField) -> JSON {
        let given = Set(pairs[name] ?? [])
        let chosen = field.options.map(\.id).filter(given.contains)
        return chosen.isEmpty ? .null : .array(chosen.map { .string($0) })
    }

    private func object(_ name: String, _ parts: [String]) -> JSON {
        var members: [String: JSON] = [:]
        for part in parts {
            let full = name + "." + part
            let value: JSON
            switch part {
            case "idcard", "uscc": value = compact(full).map { .string($0.uppercased()) } ?? .null
            case "phone": value = digits(full)
            default: value = text(full)
            }
            if !value.isNull { members[part] = value }
        }
        return members.isEmpty ? .null : .object(members)
    }

    /// Rows in the order of their numbers; empty ones are left out.
    private func table(_ field: FormField, _ name: String) -> JSON {
        let prefix = name + "."
        let numbers = Set(
            pairs.keys.compactMap { key -> Int? in
                guard key.hasPrefix(prefix) else { return nil }
                return Int(key.dropFirst(prefix.count).prefix { $0 != "." })
            })
        let rows: [JSON] = numbers.sorted().prefix(200).compactMap { number in
            var row: [String: JSON] = [:]
            for column in field.columns {
                let value = value(of: column, "\(name).\(number).\(column.id)")
                if !value.isNull { row[column.id] = value }
            }
            return row.isEmpty ? nil : .object(row)
        }
        return rows.isEmpty ? .null : .array(rows)
    }

    // MARK: Back to the page

    /// What stands in a page's controls for a value: name and text. A list of choices gives one pair each.
    package static func controls(of field: FormField, value: JSON, name: String? = nil) -> [(
        name: String, value: String
    )] {
        let name = name ?? field.id
        switch (field.kind, value) {
        case (_, .null): return []
        case (.money, .int(let fen)):
            return [(name, Money(fen: fen).description)]
        case (.number, _): return Millionths(value).map { [(name, $0.description)] } ?? plain(name, value)
        case (.date, .string(let text)):
            guard let date = CivilDate(text) else { return [(name, text)] }
            return [
                (name + ".year", String(date.year)), (name + ".month", String(date.month)),
                (name + ".day", String(date.day)),
            ]
        case (.multi, .array(let elements)): return elements.compactMap { element in element.text.map { (name, $0) } }
        case (.table, .array(let rows)):
            return rows.enumerated().flatMap { index, row in
                field.columns.flatMap { column in
                    controls(of: column, value: row[column.id], name: "\(name).\(index).\(column.id)")
                }
            }
        case (_, .object(let members)):
            return members.sorted { $0.key < $1.key }.compactMap { key, value in
                value.text.map { (name + "." + key, $0) }
            }
        default: return plain(name, value)
        }
    }

    private static func plain(_ name: String, _ value: JSON) -> [(name: String, value: String)] {
        value.text.map { [(name, $0)] } ?? []
    }

    // MARK: Characters

    /// Without control characters and space around; inner line breaks only where wanted.
    private static func trimmed(_ raw: String, keepLines: Bool) -> String {
        var out = ""
        for scalar in raw.unicodeScalars {
            if scalar == "\r" { continue }
            if scalar == "\n" || scalar == "\t" {
                out.unicodeScalars.append(keepLines && scalar == "\n" ? "\n" : " ")
            } else if scalar.properties.generalCategory != .control {
                out.unicodeScalars.append(scalar)
            }
        }
        let start = out.drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    private static func halfWidth(_ raw: String) -> String {
        var out = ""
        for scalar in raw.unicodeScalars {
            if (0xFF01...0xFF5E).contains(scalar.value), let half = Unicode.Scalar(scalar.value - 0xFEE0) {
                out.unicodeScalars.append(half)
            } else {
                out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
