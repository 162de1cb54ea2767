import Catalogue
import Kernel
import Web

/// The fields of an act as `web.field` shows them, with what was typed and what is wrong with it.
struct ActFields {
    let input: ActInput
    let exchange: Exchange
    let faults: [FieldFault]

    func views(_ fields: [ActField]) -> [View] {
        fields.flatMap { field -> [View] in
            if case .moment = field.kind { return [day(field), clock(field)] }
            return [view(field)]
        }
    }

    private func base(_ name: String, _ label: String, _ optional: Bool) -> View {
        View([
            "id": name, "name": name, "label": label, "optional": optional,
            "error": faults.first { $0.field == name }.map { exchange.text($0.message) },
        ])
    }

    private func view(_ field: ActField) -> View {
        var view = base(field.name, exchange.text(field.key), field.optional)
        let typed = input.raw(field.name).isEmpty ? field.usual : input.raw(field.name)
        switch field.kind {
        case .words:
            view.set("isTextarea", true)
            view.set("value", typed)
            view.set("maxlength", 4000)
        case .line:
            view.set("isText", true)
            view.set("value", typed)
            view.set("maxlength", 400)
        case .number:
            view.set("isNumber", true)
            view.set("value", typed)
            view.set("width", "w4")
        case .date, .moment: return day(field)
        case .choice(let options):
            view.set("isRadio", true)
            view.set("options", options.map { option($0, chosen: [typed]) })
        case .choices(let options):
            view.set("isCheckboxes", true)
            let chosen = input.all(field.name)
            view.set("options", options.map { option($0, chosen: chosen) })
        }
        return view
    }

    private func day(_ field: ActField) -> View {
        var view = base(field.name, exchange.text(field.key), field.optional)
        let known = CivilDate(input.raw(field.name).isEmpty ? field.usual : input.raw(field.name))
        view.set("isDate", true)
        for (part, value) in [("year", known?.year), ("month", known?.month), ("day", known?.day)] {
            let typed = input.raw("\(field.name).\(part)")
            view.set(part, typed.isEmpty ? value.map(String.init) : typed)
        }
        return view
    }

    private func clock(_ field: ActField) -> View {
        var view = base("\(field.name)-time", exchange.text("cases.act.field.time"), false)
        view.set("isText", true)
        view.set("value", input.raw("\(field.name)-time"))
        view.set("hint", exchange.text("cases.act.field.timeHint"))
        view.set("width", "w4")
        return view
    }

    private func option(_ option: ActField.Option, chosen: [String]) -> View {
        let label =
            switch option.label {
            case .key(let key): exchange.text(key)
            case .words(let words): words[exchange.language]
            }
        return View(["value": option.value, "label": label, "hint": nil, "checked": chosen.contains(option.value)])
    }
}
