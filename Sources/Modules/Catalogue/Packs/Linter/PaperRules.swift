import Kernel

/// Blank forms, samples and examples: there, of a kind that opens everywhere, not too large, and right by the item's own rules.
struct PaperRules {
    let desk: LintDesk
    private var item: ItemDefinition { desk.item }

    init(desk: LintDesk) { self.desk = desk }

    func run() {
        for material in item.materials {
            if let blank = material.blank { check(blank, material, "blank") }
            for sample in material.samples { check(sample, material, "samples") }
        }
        examples()
    }

    // MARK: Files

    private func check(_ name: String, _ material: MaterialDefinition, _ key: String) {
        let path = ["materials", material.id, key]
        let file = desk.node.place(path).file
        guard let found = desk.sources.attachment(name, for: file) else {
            desk.find(
                "material.file", path, zh: "files 里没有“\(name)”", en: "no “\(name)” under files",
                do: ("放入文件，或者删去这一项", "Add the file or remove the entry"))
            return
        }
        guard !found.isTooLarge else {
            desk.find(
                "material.fileSize", path, zh: "“\(name)”超过 \(PackAttachment.maximumBytes >> 20) MB",
                en: "“\(name)” is larger than \(PackAttachment.maximumBytes >> 20) MB",
                do: ("压缩图片，或者换成 PDF", "Shrink its pictures, or make a PDF of it"))
            return
        }
        guard let kind = found.kind else {
            desk.find(
                "material.fileKind", path, zh: "“\(name)”不是 PDF、JPG、PNG、DOCX 或者 UTF-8 的文本",
                en: "“\(name)” is no PDF, JPG, PNG, DOCX or UTF-8 text",
                do: ("另存为其中一种", "Save it as one of these"))
            return
        }
        if !kind.endings.contains(where: name.lowercased().hasSuffix) {
            desk.find(
                "material.fileKind", path, zh: "“\(name)”的内容是 \(kind.rawValue.uppercased())",
                en: "the content of “\(name)” is \(kind.rawValue.uppercased())",
                do: ("把扩展名改成 \(kind.endings[0])", "Name it \(kind.endings[0])"))
        }
    }

    /// Files of this pack that nothing names.
    static func unused(in source: PackSource, _ items: [ResolvedItem], _ log: FindingLog) {
        guard source.pack.kind.isArea else { return }
        let named = Set(items.flatMap { $0.definition.materials.flatMap { $0.samples + [$0.blank].compactMap { $0 } } })
        for name in source.attachments.keys.sorted() where !named.contains(name) {
            log.report(
                .warning, "file.unused", file: "\(source.folder)/files/\(name)", line: 0, zh: "没有材料用到这个文件",
                en: "no material names this file",
                do: ("在材料里写 blank 或 samples，或者删去", "Name it under blank or samples, or remove it"))
        }
    }

    // MARK: Examples

    /// The examples, taken as answers, must stand the form's own checks.
    private func examples() {
        guard let today = CivilDate(year: 2026, month: 3, day: 2) else { return }
        for situation in item.situations {
            let known = Set(situation.answers.map(\.id))
            let example = situation.example ?? []
            guard !example.allSatisfy(known.contains) || (example.count > 1 && !situation.multiple) else { continue }
            desk.find(
                "situation.example", ["situations", situation.id, "example"], zh: "样例的答案不在可选答案里",
                en: "the example is not one of the answers",
                do: ("写答案的标识，单选只写一个", "Write an answer's id, one where one is asked for"))
        }
        let values = FormExample.values(of: item, on: today)
        guard !values.isEmpty else { return }
        let rules = FormRules(
            item: item,
            context: RuleContext(situations: FormExample.situations(of: item), form: values, today: today))
        for section in item.form {
            for field in section.fields where field.kind != .address {
                guard let value = values[field.id] else { continue }
                // Columns that hold addresses are given as one text, which a form would not take.
                var checked = field
                checked.columns.removeAll { $0.kind == .address }
                let faults = FieldValidation(field: checked, name: field.id, rules: rules, row: nil, language: .zh)
                    .faults(of: value)
                for fault in faults {
                    let why = fault.message.key.split(separator: ".").suffix(2).joined(separator: ".")
                    desk.find(
                        "field.exampleFault", ["form", section.id, "fields", field.id, "example"],
                        zh: "“\(field.label.zh)”的样例通不过自己的校验（\(fault.field)：\(why)）",
                        en:
                            "the example of “\(field.label[.en])” fails the field's own checks (\(fault.field): \(why))",
                        do: ("改正 example", "Correct the example"))
                }
            }
        }
    }
}
