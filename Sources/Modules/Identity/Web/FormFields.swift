import Hummingbird
import Kernel
import Web

/// The fields of one form as `web.field` reads them, each with its fault.
struct FormFields {
    enum Kind: String {
        case text = "isText"
        case password = "isPassword"
        case code = "isCode"
        case phone = "isPhone"
        case idCard = "isIdCard"
        case uscc = "isUscc"
        case fixed = "isStatic"
    }

    let exchange: Exchange
    let faults: [FieldFault]

    /// - Parameters:
    ///   - label: the key of its text; the hint's is the same with `Hint`, where `hasHint`.
    func field(
        _ name: String, _ kind: Kind, _ label: String, value: String? = nil, hint: String? = nil,
        autocomplete: String? = nil,
        width: String? = nil, optional: Bool = false
    ) -> View {
        common(name, label, hint, width: width, optional: optional).with([
            kind.rawValue: true, "value": value, "autocomplete": autocomplete, "inputmode": nil, "maxlength": nil,
            "spellcheckOff": kind == .text,
        ])
    }

    /// One of a list; the first stands for no choice where `empty` is named.
    func select(
        _ name: String, _ label: String, _ options: [(value: String, label: String)], chosen: String?,
        empty: String? = nil,
        hint: String? = nil, optional: Bool = false
    ) -> View {
        let all = (empty.map { [(value: "", label: $0)] } ?? []) + options
        return common(name, label, hint, width: nil, optional: optional).with([
            "isSelect": true,
            "options": all.map { View(["value": $0.value, "label": $0.label, "selected": $0.value == chosen]) },
        ])
    }

    /// A day in three boxes `NAME.year`, `NAME.month`, `NAME.day`, with what was typed.
    func date(_ name: String, _ label: String, form: FormData, usual: CivilDate? = nil, optional: Bool = false) -> View
    {
        let wasSent = form.has("\(name).year")
        return common(name, label, nil, width: nil, optional: optional).with([
            "isDate": true, "autocomplete": nil,
            "year": wasSent ? form["\(name).year"] : usual.map { String($0.year) },
            "month": wasSent ? form["\(name).month"] : usual.map { String($0.month) },
            "day": wasSent ? form["\(name).day"] : usual.map { String($0.day) },
        ])
    }

    /// One box to tick.
    func tick(_ name: String, _ label: String, _ option: String, isTicked: Bool) -> View {
        common(name, label, nil, width: nil, optional: false).with([
            "isCheckboxes": true, "inline": false,
            "options": [View(["value": "yes", "label": exchange.text(option), "hint": nil, "checked": isTicked])],
        ])
    }

    /// Several boxes to tick.
    func checkboxes(
        _ name: String, _ label: String, _ options: [(value: String, label: String)], ticked: Set<String>,
        hint: String? = nil
    ) -> View {
        common(name, label, hint, width: nil, optional: false).with([
            "isCheckboxes": true, "inline": false,
            "options": options.map {
                View(["value": $0.value, "label": $0.label, "hint": nil, "checked": ticked.contains($0.value)])
            },
        ])
    }

    /// Several lines.
    func lines(_ name: String, _ label: String, value: String?, hint: String? = nil, rows: Int = 3) -> View {
        common(name, label, hint, width: nil, optional: false).with([
            "isTextarea": true, "value": value, "rows": rows, "maxlength": nil,
        ])
    }

    /// One of several to choose from.
    func radio(
        _ name: String, _ label: String, _ options: [(value: String, label: String, hint: String?)], chosen: String?
    ) -> View {
        common(name, label, nil, width: nil, optional: false).with([
            "isRadio": true, "inline": false,
            "options": options.map {
                View(["value": $0.value, "label": $0.label, "hint": $0.hint, "checked": $0.value == chosen])
            },
        ])
    }

    private func common(_ name: String, _ label: String, _ hint: String?, width: String?, optional: Bool) -> View {
        let fault = faults.first { $0.field == name }
        return View([
            "id": name, "name": name, "label": exchange.text(label), "hint": hint.map { exchange.text($0) },
            "error": fault.map { exchange.text($0.message) }, "optional": optional, "width": width, "prefilled": false,
            "show": nil, "rules": nil, "hidden": false,
        ])
    }
}

extension FormData {
    /// The day typed into three boxes; nil where it is none.
    func date(_ name: String) -> CivilDate? {
        guard let year = Int(text("\(name).year")), let month = Int(text("\(name).month")),
            let day = Int(text("\(name).day"))
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// Something was typed into one of the three boxes.
    func hasDate(_ name: String) -> Bool {
        !(text("\(name).year") + text("\(name).month") + text("\(name).day")).isEmpty
    }
}

extension Exchange {
    /// Who acts, for the security log. Nobody is signed in at the doors.
    var doing: Doing { Doing(actor: actor, request: requestID, at: now) }

    /// What the browser calls itself, in few words.
    var device: String { Device.label(request.headers[.userAgent] ?? "") }

    /// A kept label as its owner reads it.
    func deviceName(_ label: String) -> String { label.isEmpty ? text("identity.account.deviceOther") : label }

    /// `3 月 12 日 14:30`
    func words(_ moment: Moment) -> String { moment.words(in: language, near: now.date) }
    func words(_ day: CivilDate) -> String { day.words(in: language, near: now.date) }

    /// Where the browser wanted to go before it had to sign in, if that lies behind this door.
    func target(atDesk: Bool, or fallback: String) -> String {
        let wanted = takeTarget(or: fallback)
        return wanted.hasPrefix(areaPath + "/desk") == atDesk ? wanted : fallback
    }
}
