import Kernel
import Web

/// The fields of an administrator's form as `web.field` reads them: what was typed, or what holds.
struct PlaceFields {
    let exchange: Exchange
    let faults: [FieldFault]
    private var isSent: Bool { exchange.form.text("action") == "save" }

    init(_ exchange: Exchange, _ faults: [FieldFault]) {
        self.exchange = exchange
        self.faults = faults
    }

    func text(
        _ name: String, _ value: String?, label: String? = nil, hint: String? = nil, width: String? = nil,
        optional: Bool = false
    ) -> View {
        common(name, label: label, hint: hint, width: width, optional: optional).with([
            "isText": true, "value": typed(name, value), "autocomplete": "off", "inputmode": nil, "maxlength": nil,
            "spellcheckOff": true,
        ])
    }

    /// The Chinese text and its translation.
    func localized(_ name: String, _ value: LocalizedText?, optional: Bool = false) -> [View] {
        [
            text(name, value?.zh, width: "w20", optional: optional),
            text("\(name).en", value?.en, width: "w20", optional: true),
        ]
    }

    func phone(_ name: String, _ value: String?, optional: Bool = false) -> View {
        common(name, hint: "directory.admin.phoneHint", optional: optional).with([
            "isPhone": true, "value": typed(name, value), "autocomplete": nil,
        ])
    }

    func lines(_ name: String, _ value: String?, rows: Int, optional: Bool = false) -> View {
        common(name, hint: "directory.admin.\(name)Hint", optional: optional).with([
            "isTextarea": true, "value": typed(name, value), "rows": rows, "maxlength": nil,
        ])
    }

    /// Boxes to tick.
    func boxes(
        _ name: String, label: String? = nil, _ options: [(value: String, label: String)], ticked: Set<String>,
        hint: String? = nil, optional: Bool = false
    ) -> View {
        let ticked = isSent ? Set(exchange.form.all(name)) : ticked
        return common(name, label: label, hint: hint, optional: optional).with([
            "isCheckboxes": true, "inline": true,
            "options": options.map {
                View(["value": $0.value, "label": $0.label, "hint": nil, "checked": ticked.contains($0.value)])
            },
        ])
    }

    /// What is known and cannot be edited.
    func fixed(_ name: String, _ value: String) -> View { common(name).with(["isStatic": true, "value": value]) }

    /// Rows of fields, always with an empty one at the end.
    func table(_ name: String, rows: [View], hint: String) -> View {
        common(name, hint: hint).with([
            "isTable": true, "rows": rows, "full": true, "addLabel": nil, "addValue": nil, "emptyText": nil,
        ])
    }

    private func typed(_ name: String, _ value: String?) -> String? { isSent ? exchange.form[name] : value }

    private func common(
        _ name: String, label: String? = nil, hint: String? = nil, width: String? = nil, optional: Bool = false
    ) -> View {
        let fault = faults.first { $0.field == name }
        return View([
            "id": name, "name": name, "label": exchange.text(label ?? "directory.field.\(name)"),
            "hint": hint.map { exchange.text($0) }, "error": fault.map { exchange.text($0.message) },
            "optional": optional, "width": width, "prefilled": false, "show": nil, "rules": nil, "hidden": false,
        ])
    }
}

/// Reads an administrator's form: values by field, and all faults at once.
struct PlaceReader {
    let form: FormData
    private(set) var values: [String: JSON] = [:]
    private(set) var faults: [FieldFault] = []

    init(_ form: FormData) { self.form = form }

    mutating func fault(_ field: String, _ key: String, _ arguments: [String: String] = [:]) {
        faults.append(FieldFault(field, Message(key, arguments)))
    }

    mutating func set(_ field: String, _ value: some Encodable) throws { values[field] = try JSON(encoding: value) }

    /// A short text; nil where it is left out.
    mutating func text(_ field: String, limit: Int = 100) {
        let text = form.text(field)
        if text.count > limit { fault(field, "directory.fault.long", ["limit": String(limit)]) }
        values[field] = text.isEmpty ? .null : .string(text)
    }

    /// Languages that the form does not show stay as they are.
    mutating func localized(_ field: String, known: LocalizedText?, optional: Bool = false) throws {
        let (chinese, english) = (form.text(field), form.text("\(field).en"))
        for (name, text) in [(field, chinese), ("\(field).en", english)] where text.count > 100 {
            fault(name, "directory.fault.long", ["limit": "100"])
        }
        if chinese.isEmpty {
            if !optional || !english.isEmpty { fault(field, "directory.fault.empty.\(field)") }
            values[field] = .null
        } else {
            let text = LocalizedText(zh: chinese, en: english.isEmpty ? nil : english, bo: known?.bo, ii: known?.ii)
            try set(field, text)
        }
    }

    mutating func phone(_ field: String, optional: Bool = false) {
        let typed = form.text(field)
        if typed.isEmpty {
            if !optional { fault(field, "directory.fault.empty.\(field)") }
            values[field] = .null
        } else if let phone = PlaceRules.phone(typed) {
            values[field] = .string(phone)
        } else {
            fault(field, "directory.fault.phone")
        }
    }

    /// Days of the calendar; nil and a fault where they cannot be read.
    mutating func days(_ field: String) -> [CivilDate]? {
        do {
            return try DayList(reading: form.text(field)).days
        } catch {
            fault(field, "directory.fault.days", ["text": error.text])
            return nil
        }
    }
}
