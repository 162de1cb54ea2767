import Kernel

/// Every JsonLogic rule parses, reads only what is declared before it, compares with answers that exist, and no
/// visibility runs in a circle.
struct LogicRules {
    let desk: LintDesk
    private var item: ItemDefinition { desk.item }
    private let fields: [String: FormField]

    init(desk: LintDesk) {
        self.desk = desk
        fields = Dictionary(desk.item.fields.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What a rule may read where it stands.
    private struct Scope {
        var situations: Set<String>
        var form: Bool
        var row: Set<String> = []
        var value = false
        /// The applicant's own numbers, where a register is asked by them.
        var applicant: Set<String> = []
        /// Facts of registers by the name the item gives the register.
        var registers: [String: Set<String>] = [:]
    }

    func run() {
        duplicates()
        var asked: Set<String> = []
        for situation in item.situations {
            check(situation.show, ["situations", situation.id, "show"], Scope(situations: asked, form: false))
            asked.insert(situation.id)
        }
        let questions = Scope(situations: asked, form: false)
        let everything = Scope(situations: asked, form: true)
        for gate in item.gates {
            check(gate.when, ["gates", gate.id, "when"], questions)
            if case .redirect(let slug, _) = gate.effect { desk.checkItem(slug, ["gates", gate.id, "redirect"]) }
        }
        for section in item.form {
            check(section.show, ["form", section.id, "show"], everything)
            for field in section.fields { check(field, ["form", section.id, "fields", field.id], everything) }
        }
        for material in item.materials {
            if case .when(let rule) = material.need { check(rule, ["materials", material.id, "need"], everything) }
        }
        for procedure in item.procedures { check(procedure.when, ["procedures", procedure.id, "when"], everything) }
        var decision = everything
        for use in item.registers ?? [] {
            var key = everything
            key.applicant = RegisterUse.applicantNumbers
            check(use.key, ["registers", use.id, "key"], key)
            decision.registers[use.id] = Set(use.fields)
        }
        check(item.instantWhen, ["instant"], decision)
        cycles()
    }

    private func check(_ field: FormField, _ path: [String], _ scope: Scope) {
        check(field.show, path + ["show"], scope)
        if case .when(let rule) = field.require { check(rule, path + ["require"], scope) }
        var own = scope
        own.value = true
        for rule in field.checks { check(rule.rule, path + ["check"], own) }
        var inside = scope
        inside.row = Set(field.columns.map(\.id))
        for column in field.columns { check(column, path + ["columns", column.id], inside) }
        for prefill in field.prefill {
            switch prefill {
            case .answer(let id) where fields[id] == nil: unknown("form." + id, path + ["prefill"])
            case .situation(let id) where !scope.situations.contains(id): unknown("situation." + id, path + ["prefill"])
            case .certificate(let type, _): desk.checkCertificate(type, path + ["prefill"])
            case .answer, .situation, .identity, .organisation: break
            }
        }
    }

    private func check(_ rule: Rule?, _ path: [String], _ scope: Scope) {
        guard let rule else { return }
        let logic: JsonLogic
        do {
            logic = try JsonLogic(rule.json)
        } catch {
            desk.find(
                "logic.parse", path, zh: "条件写错：\(error)", en: "the rule is wrong: \(error)",
                do: ("对照 docs/pack-format.md 的 JsonLogic 改正", "Correct it, see JsonLogic in docs/pack-format.md"))
            return
        }
        if logic.readsComputedPaths {
            desk.find(
                "logic.computed", path, zh: "变量名不能在运行时拼出来", en: "a variable's name may not be put together at run time",
                do: ("直接写变量名", "Write the name itself"))
        }
        for variable in logic.variables.sorted() { checkVariable(variable, path, scope) }
        compare(rule.json, path)
    }

    private func checkVariable(_ variable: String, _ path: [String], _ scope: Scope) {
        let parts = variable.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let known: Bool
        switch parts.first {
        case "situation": known = parts.count >= 2 && scope.situations.contains(parts[1])
        case "form": known = scope.form && parts.count >= 2 && partsOfField(parts)
        case "row": known = parts.count >= 2 && scope.row.contains(parts[1])
        case "value": known = scope.value
        case "applicant": known = parts == ["applicant", "kind"] || scope.applicant.contains(variable)
        case "register":
            known =
                parts.count == 3
                && scope.registers[parts[1]].map { parts[2] == "found" || $0.contains(parts[2]) } ?? false
        case "certificate":
            known = parts.count == 2
            if known { desk.checkCertificate(parts[1], path) }
        default: known = false
        }
        if !known { unknown(variable, path) }
    }

    private func partsOfField(_ parts: [String]) -> Bool {
        guard let field = fields[parts[1]] else { return false }
        guard parts.count > 2 else { return true }
        switch field.kind {
        case .address: return ["division", "line"].contains(parts[2])
        case .person, .organisation: return field.parts.contains { $0.rawValue == parts[2] }
        case .table, .multi, .file: return Int(parts[2]) != nil || parts[2] == "length"
        case .text, .number, .money, .date, .select, .phone, .idcard, .uscc: return false
        }
    }

    private func unknown(_ variable: String, _ path: [String]) {
        desk.find(
            "logic.unknown", path, zh: "条件读取了没有声明的“\(variable)”",
            en: "the rule reads “\(variable)”, which is not declared here",
            do: ("改正名称；引导问题只能读排在它前面的问题", "Correct the name; a question may only read those before it"))
    }

    /// A comparison of a question or a choice with a word that is none of its answers never holds.
    private func compare(_ json: JSON, _ path: [String]) {
        switch json {
        case .array(let elements): elements.forEach { compare($0, path) }
        case .object(let members):
            for (op, arguments) in members {
                if ["==", "===", "!=", "!==", "in"].contains(op), let sides = arguments.elements, sides.count == 2 {
                    compareSides(sides[0], sides[1], path)
                    compareSides(sides[1], sides[0], path)
                }
                compare(arguments, path)
            }
        case .null, .bool, .int, .double, .string: break
        }
    }

    private func compareSides(_ side: JSON, _ other: JSON, _ path: [String]) {
        guard let variable = side["var"].text, let answers = answers(of: variable) else { return }
        let words = other.text.map { [$0] } ?? other.elements?.compactMap(\.text) ?? []
        for word in words where !answers.contains(word) {
            desk.find(
                "logic.answer", path, zh: "“\(variable)”没有答案“\(word)”", en: "“\(variable)” has no answer “\(word)”",
                do: ("从这些中选：\(answers.joined(separator: ", "))", "Choose from: \(answers.joined(separator: ", "))"))
        }
    }

    private func answers(of variable: String) -> [String]? {
        let parts = variable.split(separator: ".").map(String.init)
        guard parts.count == 2 else { return variable == "applicant.kind" ? ["person", "organisation"] : nil }
        switch parts[0] {
        case "situation": return item.situations.first { $0.id == parts[1] }?.answers.map(\.id)
        case "form":
            guard let field = fields[parts[1]], field.kind == .select || field.kind == .multi else { return nil }
            return field.options.map(\.id)
        case "applicant": return parts[1] == "kind" ? ["person", "organisation"] : nil
        default: return nil
        }
    }

    /// Field ids are unique in the whole form.
    private func duplicates() {
        var sections: [String: String] = [:]
        for section in item.form {
            for field in section.fields {
                if let other = sections[field.id], other != section.id {
                    desk.find(
                        "field.duplicate", ["form", section.id, "fields", field.id],
                        zh: "字段“\(field.id)”在“\(other)”里已有",
                        en: "the field “\(field.id)” is already in “\(other)”", do: ("改一个标识", "Give one another id"))
                }
                sections[field.id] = section.id
            }
            if section.fields.count > 10 {
                desk.find(
                    "section.long", ["form", section.id], as: .warning,
                    zh: "“\(section.title.zh)”有 \(section.fields.count) 个问题",
                    en: "“\(section.title[.en])” has \(section.fields.count) questions",
                    do: ("分成两页", "Make two pages of it"))
            }
        }
    }

    // MARK: Circles

    private func cycles() {
        var reads: [String: Set<String>] = [:]
        for section in item.form {
            let outer = variables(section.show)
            for field in section.fields { reads[field.id] = outer.union(variables(field.show)) }
        }
        for section in item.form {
            for field in section.fields where reaches(field.id, from: field.id, reads) {
                desk.find(
                    "logic.cycle", ["form", section.id, "fields", field.id, "show"],
                    zh: "“\(field.label.zh)”的显示条件绕回了自己",
                    en: "whether “\(field.label[.en])” shows depends on itself", do: ("去掉循环", "Break the circle"))
            }
        }
    }

    private func variables(_ rule: Rule?) -> Set<String> {
        guard let rule, let logic = try? JsonLogic(rule.json) else { return [] }
        return Set(
            logic.variables.compactMap { variable in
                let parts = variable.split(separator: ".")
                return parts.count >= 2 && parts[0] == "form" ? String(parts[1]) : nil
            })
    }

    private func reaches(_ target: String, from start: String, _ reads: [String: Set<String>]) -> Bool {
        var seen: Set<String> = []
        var open = Array(reads[start] ?? [])
        while let next = open.popLast() {
            if next == target { return true }
            if seen.insert(next).inserted { open += reads[next] ?? [] }
        }
        return false
    }
}
