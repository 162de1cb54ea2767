import Kernel

/// Reads the form's sections and the materials.
struct FormReader {
    let log: FindingLog

    func sections(_ m: MappingReader) -> [FormSection] {
        m.entries("form").map { entry in
            let section = FormSection(
                id: entry.id(), title: entry.requiredLabel("title"), hint: entry.label("hint"),
                show: entry.rule("show"),
                fields: entry.entries("fields").map { field($0, inTable: false) })
            if section.fields.isEmpty { entry.missing("fields") }
            entry.finish()
            return section
        }
    }

    private func field(_ m: MappingReader, inTable: Bool) -> FormField {
        let kind: FieldKind = m.requiredChoice("kind", or: .text)
        if inTable, kind == .table || kind == .file, let node = m.value("kind") {
            m.report(
                "field.column", at: node, zh: "表格的列不能是 \(kind.rawValue)",
                en: "a column cannot be of kind \(kind.rawValue)")
        }
        let options = m.entries("options").map { option in
            let read = FormField.Option(
                id: option.id(), label: option.requiredLabel("label"), hint: option.label("hint"))
            option.finish()
            return read
        }
        let columns = inTable ? [] : m.entries("columns").map { field($0, inTable: true) }
        let checks: [FormField.Check] = m.entries("check", unique: nil).compactMap { check in
            let rule = check.rule("rule")
            if rule == nil { check.missing("rule") }
            let message = check.requiredLabel("message")
            check.finish()
            return rule.map { FormField.Check(rule: $0, message: message) }
        }
        let least: Sensitivity = [.idcard, .phone, .person, .address].contains(kind) ? .personal : .ordinary
        let read = FormField(
            id: m.id(), label: m.requiredLabel("label"), kind: kind, hint: m.label("hint"), require: require(m),
            show: m.rule("show"), checks: checks, min: bound(m, "min", kind), max: bound(m, "max", kind),
            decimals: m.int("decimals", in: 0...6) ?? 0, unit: m.label("unit"), lines: m.int("lines", in: 1...30) ?? 1,
            options: options, columns: columns, parts: parts(m, kind), prefill: prefill(m),
            sensitivity: max(least, m.choice("sensitivity") ?? .ordinary),
            autocomplete: m.text("autocomplete", max: 60),
            example: m.value("example").flatMap { ExampleReader(log: log).value($0, kind, columns) })
        if kind == .select || kind == .multi, options.isEmpty { m.missing("options") }
        if kind == .table, columns.isEmpty { m.missing("columns") }
        m.finish()
        return read
    }

    private func require(_ m: MappingReader) -> FormField.Requirement {
        guard let node = m.value("require") else { return .always }
        switch node.json {
        case .bool(true): return .always
        case .bool(false): return .never
        case let logic: return .when(Rule(logic))
        }
    }

    private func parts(_ m: MappingReader, _ kind: FieldKind) -> [PartyPart] {
        let key = kind == .person ? "person_parts" : kind == .organisation ? "organisation_parts" : nil
        guard let key else { return [] }
        let all = kind == .person ? PartyPart.ofPerson : PartyPart.ofOrganisation
        let chosen: [PartyPart] = m.choices(key)
        for part in chosen where !all.contains(part) {
            if let node = m.value(key) {
                m.report(
                    "value.choice", at: node, zh: "“\(part.rawValue)”不属于这类字段",
                    en: "“\(part.rawValue)” is not a part of this kind")
            }
        }
        return chosen.isEmpty ? all : all.filter(chosen.contains)
    }

    private func prefill(_ m: MappingReader) -> [Prefill] {
        m.texts("prefill").compactMap { text in
            if let prefill = Prefill(text) { return prefill }
            if let node = m.value("prefill") {
                m.report(
                    "field.prefill", at: node, zh: "不认识的预填来源“\(text)”", en: "unknown source of prefill “\(text)”",
                    do: ("见 docs/pack-format.md 的 prefill", "See prefill in docs/pack-format.md"))
            }
            return nil
        }
    }

    private func bound(_ m: MappingReader, _ key: String, _ kind: FieldKind) -> Bound? {
        guard let node = m.value(key) else { return nil }
        let text = node.text ?? ""
        let found: Bound? =
            switch kind {
            case .text, .multi, .table, .file: Int(text).flatMap { (0...100_000).contains($0) ? .count($0) : nil }
            case .number: Millionths(text).map { .millionths($0.value) }
            case .money: Money(yuan: text).map { .money($0) }
            case .date: CivilDate(text).map { .date($0) } ?? FormReader.daysFromToday(text).map { .today($0) }
            case .select, .phone, .idcard, .uscc, .address, .person, .organisation: nil
            }
        if found == nil {
            m.report(
                "field.bound", at: node, zh: "“\(key)”不能是“\(text)”", en: "“\(key)” cannot be “\(text)”",
                do: ("看字段种类能用的上下限", "See which bounds this kind of field has"))
        }
        return found
    }

    static func daysFromToday(_ text: String) -> Int? {
        guard text.hasPrefix("today") else { return nil }
        let rest = text.dropFirst(5)
        if rest.isEmpty { return 0 }
        guard let sign = rest.first, sign == "+" || sign == "-", let days = Int(rest.dropFirst()),
            (0...100_000).contains(days)
        else { return nil }
        return sign == "-" ? -days : days
    }

    // MARK: Materials

    func materials(_ m: MappingReader) -> [MaterialDefinition] {
        m.entries("materials").map { entry in
            let generated = entry.bool("generated", default: false)
            let form: MaterialDefinition.Form = entry.requiredChoice("form", or: .both)
            let accept: [MaterialDefinition.FileType] = entry.choices("accept")
            let promise = promise(entry)
            let material = MaterialDefinition(
                id: entry.id(), name: entry.requiredLabel("name"), hint: entry.label("hint"), need: need(entry),
                generated: generated, form: form, original: entry.choice("original") ?? .either,
                copies: entry.int("copies", in: 0...9) ?? (form == .electronic ? 0 : 1),
                source: entry.choice("source") ?? (generated ? .system : .applicant),
                certificate: entry.slug("certificate"),
                lackingWithin: allowance(entry, "lacking", "within"),
                promiseCheckedWithin: promise.within, promiseDecides: promise.decides ? true : nil,
                accept: accept.isEmpty ? [.pdf, .jpg, .png, .ofd] : accept,
                maxMegabytes: entry.int("max_mb", in: 1...50) ?? 20,
                maxFiles: entry.int("max_files", in: 1...30) ?? 5, standard: entry.label("standard"),
                faults: faults(entry),
                basis: entry.texts("basis"), blank: entry.text("blank"), samples: entry.texts("samples"),
                sensitivity: entry.choice("sensitivity") ?? .ordinary)
            entry.finish()
            return material
        }
    }

    private func need(_ m: MappingReader) -> MaterialDefinition.Need {
        guard let node = m.value("need") else { return .always }
        switch node.text {
        case "always": return .always
        case "optional": return .optional
        default: return .when(Rule(node.json))
        }
    }

    /// `{allowed: true, within: 5wd}`.
    private func allowance(_ m: MappingReader, _ key: String, _ limitKey: String) -> Limit? {
        guard let entry = m.mapping(key) else { return nil }
        let allowed = entry.bool("allowed", default: true)
        let limit = entry.limit(limitKey)
        if allowed, !entry.has(limitKey) { entry.missing(limitKey) }
        entry.finish()
        return allowed ? limit : nil
    }

    /// `{allowed: true, check_within: 60d, decides: true}`.
    private func promise(_ m: MappingReader) -> (within: Limit?, decides: Bool) {
        guard let entry = m.mapping("promise") else { return (nil, false) }
        let allowed = entry.bool("allowed", default: true)
        let decides = entry.bool("decides", default: false)
        let limit = entry.limit("check_within")
        if allowed, !entry.has("check_within") { entry.missing("check_within") }
        entry.finish()
        return allowed ? (limit, decides) : (nil, false)
    }

    private func faults(_ m: MappingReader) -> [MaterialDefinition.Fault] {
        m.entries("faults").map { entry in
            let fault = MaterialDefinition.Fault(
                id: entry.id(), problem: entry.requiredLabel("problem"), fix: entry.requiredLabel("fix"))
            entry.finish()
            return fault
        }
    }
}
