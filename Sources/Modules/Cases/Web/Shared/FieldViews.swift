import Catalogue
import Directory
import Foundation
import Kernel
import Web

/// The views of `web.field` for a form as it stands: what is known, what is wrong, what shows only for other answers.
///
/// Ids are those of faults (`area`, `site.line`, `officers.0.officer`); names begin with `form.`, so that the browser
/// puts what is typed
/// where the item's rules read it.
struct FieldViews {
    let item: ItemDefinition
    let rules: FormRules
    /// All values, those of hidden fields too.
    let values: [String: JSON]
    let profile: AreaProfile
    let language: Language
    let text: (Message) -> String
    var faults: [FieldFault] = []
    var prefilled: Set<String> = []
    /// The table to which one more empty row was asked for.
    var growing: String?

    static let prefix = "form."

    /// What the page sent, with the prefix taken off again.
    static func pairs(_ form: FormData) -> [(name: String, value: String)] {
        form.pairs.compactMap { pair in
            pair.name.hasPrefix(prefix) ? (String(pair.name.dropFirst(prefix.count)), pair.value) : nil
        }
    }

    /// The fields of a section: those that show, and those that an answer on the same page may bring up.
    func views(of section: FormSection) -> [View] {
        let own = Set(section.fields.map(\.id))
        return section.fields.compactMap { field in
            let reads = Self.reads(field.show)
            let sameSection = !reads.isDisjoint(with: own)
            let shown = rules.shows(field.id)
            guard shown || sameSection else { return nil }
            var view = view(of: field, value: values[field.id] ?? .null, id: field.id, row: nil)
            if sameSection, let rule = field.show, !readsMoney(reads) { view.set("show", rule.json.canonical) }
            if !shown { view.set("hidden", true) }
            return view
        }
    }

    /// Ids of fields that show now: sent along, so that the server knows which ones an answer brought up.
    func seen(in section: FormSection) -> String {
        section.fields.map(\.id).filter(rules.shows).joined(separator: ",")
    }

    /// Lists of choices that send nothing when nothing is ticked: their names, with the rule under which they show.
    func emptyable(_ fields: [FormField]) -> [View] {
        let own = Set(fields.map(\.id))
        return fields.filter { $0.kind == .multi && (rules.shows($0.id) || !Self.reads($0.show).isDisjoint(with: own)) }
            .map { field in
                View([
                    "name": Self.prefix + field.id, "hidden": !rules.shows(field.id),
                    "show": Self.reads(field.show).isDisjoint(with: own) ? nil : field.show?.json.canonical,
                ])
            }
    }

    /// Ids of the form's fields that a rule reads.
    static func reads(_ rule: Rule?) -> Set<String> {
        guard let rule, let logic = try? JsonLogic(rule.json) else { return [] }
        return Set(
            logic.variables.compactMap { path in
                path.hasPrefix("form.") ? path.dropFirst(5).split(separator: ".").first.map(String.init) : nil
            })
    }

    /// The browser knows yuan, rules read fen: such a rule is left to the server.
    private func readsMoney(_ ids: Set<String>) -> Bool { ids.contains { item.field($0)?.kind == .money } }

    // MARK: One field

    func view(of field: FormField, value: JSON, id: String, row: [String: JSON]?) -> View {
        var view = View([
            "id": id, "name": Self.prefix + id, "label": field.label[language], "hint": field.hint?[language],
            "error": fault(at: id), "optional": !rules.isRequired(field, row: row),
            "prefilled": row == nil && prefilled.contains(id) && !value.isNull,
        ])
        switch field.kind {
        case .text, .phone, .idcard, .uscc: line(&view, field, value)
        case .number: number(&view, field, value, flag: "isNumber")
        case .money: number(&view, field, value, flag: "isMoney")
        case .date: date(&view, field, value, id)
        case .select: choices(&view, field, chosen: [value.text ?? ""], several: false)
        case .multi: choices(&view, field, chosen: Set((value.elements ?? []).compactMap(\.text)), several: true)
        case .address: address(&view, value, id)
        case .person, .organisation: party(&view, field, value, id)
        case .table: table(&view, field, value, id)
        case .file:
            view.set("isStatic", true)
            view.set("value", text(Message("cases.shared.fileLater")))
        }
        return view
    }

    private func fault(at id: String) -> String? {
        faults.first { $0.field == id }.map { text($0.message) }
    }

    private func control(_ field: FormField, _ value: JSON) -> String? {
        FormInput.controls(of: field, value: value, name: "v").first { $0.name == "v" }?.value
    }

    private func line(_ view: inout View, _ field: FormField, _ value: JSON) {
        view.set("value", control(field, value))
        view.set("autocomplete", field.autocomplete)
        switch field.kind {
        case .phone: view.set("isPhone", true)
        case .idcard: view.set("isIdCard", true)
        case .uscc: view.set("isUscc", true)
        default:
            view.set(field.lines > 1 ? "isTextarea" : "isText", true)
            if field.lines > 1 { view.set("rows", min(field.lines, 12)) }
        }
    }

    private func number(_ view: inout View, _ field: FormField, _ value: JSON, flag: String) {
        view.set(flag, true)
        view.set("value", control(field, value))
        view.set("unit", field.unit?[language])
    }

    private func date(_ view: inout View, _ field: FormField, _ value: JSON, _ id: String) {
        view.set("isDate", true)
        for (name, text) in FormInput.controls(of: field, value: value, name: "v") where name.hasPrefix("v.") {
            view.set(String(name.dropFirst(2)), text)
        }
        view.set("autocomplete", field.autocomplete == "bday" ? "bday" : nil)
        let own = ["", ".year", ".month", ".day"].compactMap { fault(at: id + $0) }.first
        view.set("error", own)
    }

    private func choices(_ view: inout View, _ field: FormField, chosen: Set<String>, several: Bool) {
        let optional = !rules.isRequired(field)
        if !several, optional || field.options.count > 7 {
            view.set("isSelect", true)
            let none = View([
                "value": "", "label": text(Message("cases.shared.choose")), "selected": chosen.contains(""),
            ])
            view.set(
                "options",
                [none]
                    + field.options.map {
                        View(["value": $0.id, "label": $0.label[language], "selected": chosen.contains($0.id)])
                    })
            return
        }
        view.set(several ? "isCheckboxes" : "isRadio", true)
        let short =
            field.options.count <= 3 && field.options.allSatisfy { $0.hint == nil && $0.label[language].count <= 6 }
        view.set("inline", short)
        view.set(
            "options",
            field.options.map {
                View([
                    "value": $0.id, "label": $0.label[language], "hint": $0.hint?[language],
                    "checked": chosen.contains($0.id),
                ])
            })
    }

    private func address(_ view: inout View, _ value: JSON, _ id: String) {
        let division = value["division"].text ?? ""
        let none = View(["value": "", "label": text(Message("cases.shared.choose")), "selected": division.isEmpty])
        let options = Divisions(profile: profile, language: language).options.map { code, label in
            View(["value": code, "label": label, "selected": code == division])
        }
        group(
            &view,
            [
                part(id, "division", "isSelect").with(["options": [none] + options]),
                part(id, "line", "isText").with(["value": value["line"].text]),
            ])
    }

    private func party(_ view: inout View, _ field: FormField, _ value: JSON, _ id: String) {
        // Somebody's own data may be filled in by the browser; another person's may not.
        let own = field.kind == .person && field.prefill.contains { if case .identity = $0 { true } else { false } }
        group(
            &view,
            field.parts.map { name in
                let flag =
                    switch name {
                    case .idcard: "isIdCard"
                    case .phone: "isPhone"
                    case .uscc: "isUscc"
                    case .name, .representative: "isText"
                    }
                let token: String? = own ? name == .name ? "name" : name == .phone ? "tel" : nil : nil
                return part(id, name.rawValue, flag).with(["value": value[name.rawValue].text, "autocomplete": token])
            })
    }

    private func group(_ view: inout View, _ fields: [View]) {
        view.set("isGroup", true)
        view.set("fields", fields)
    }

    private func part(_ id: String, _ name: String, _ flag: String) -> View {
        let full = "\(id).\(name)"
        var view = View([
            "id": full, "name": Self.prefix + full, "label": text(Message("cases.shared.part.\(name)")),
            "error": fault(at: full),
        ])
        view.set(flag, true)
        return view
    }

    private func table(_ view: inout View, _ field: FormField, _ value: JSON, _ id: String) {
        var rows = (value.elements ?? []).map { $0.members ?? [:] }
        let most = if case .count(let count)? = field.max { count } else { 50 }
        if growing == id || (rows.isEmpty && rules.isRequired(field)), rows.count < most { rows.append([:]) }
        let label = field.label[language]
        view.set("isTable", true)
        view.set(
            "rows",
            rows.enumerated().map { index, row in
                View([
                    "legend": "\(label) \(index + 1)", "removeValue": "remove:\(id):\(index)",
                    "removable": rows.count > 1 || !row.isEmpty,
                    "fields": field.columns.map { column in
                        self.view(
                            of: column, value: row[column.id] ?? .null, id: "\(id).\(index).\(column.id)", row: row)
                    },
                ])
            })
        view.set("addValue", "add:\(id)")
        view.set("addLabel", text(Message("cases.shared.addRow", ["label": label])))
        view.set("full", rows.count >= most)
        view.set("emptyText", text(Message("cases.shared.noRows")))
    }
}

/// Streets and communities to choose from.
struct Divisions {
    let profile: AreaProfile
    let language: Language

    /// Codes with names: each street, then its communities.
    var options: [(code: String, label: String)] {
        // An area whose pack names no streets: the area itself stands for all of them.
        guard !profile.divisions.isEmpty else { return [(profile.area.text + "000", profile.name[language])] }
        let children = Dictionary(grouping: profile.divisions.filter { $0.code.count == 12 }) { $0.parent ?? "" }
        return profile.streets.flatMap { street in
            let name = street.name[language]
            return [(code: street.code, label: name)]
                + (children[street.code] ?? []).map { (code: $0.code, label: "\(name) · \($0.name[language])") }
        }
    }

    func name(of code: String) -> String {
        options.first { $0.code == code }?.label ?? code
    }
}

extension FieldFault {
    /// The id at which the error summary's link has to end: boxes of a date have a hyphen before their part.
    var anchored: FieldFault {
        let parts = field.split(separator: ".")
        guard parts.count > 1, let last = parts.last, ["year", "month", "day"].contains(last),
            Int(parts[parts.count - 2]) == nil
        else { return self }
        return FieldFault(parts.dropLast().joined(separator: ".") + "-" + last, message)
    }
}
