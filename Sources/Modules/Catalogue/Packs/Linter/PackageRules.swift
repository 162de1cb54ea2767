import Kernel

/// A package: steps that follow each other without a circle, nothing that a department would have to ask for again, answers of one
/// type, an overall limit that the steps can keep.
struct PackageRules {
    let desk: LintDesk
    let plan: PackagePlan
    /// The area's items by slug.
    let items: [String: ItemDefinition]
    private var package: ItemDefinition { desk.item }

    func run() {
        if plan.steps.count < 2 {
            desk.find(
                "package.steps", ["steps"], as: .warning, zh: "只有 \(plan.steps.count) 个步骤",
                en: "only \(plan.steps.count) step", do: ("一件事由几个事项组成", "A package is made of several items"))
        }
        for step in plan.steps {
            order(step)
            guard let item = items[step.item] else { continue }
            if item.plan != nil {
                find(step, "package.nested", "一件事里不能再有一件事", "a package cannot be a step", ("改为事项", "Name an item"))
            }
            when(step)
            questions(step, item)
            fields(step, item)
            materials(step, item)
        }
        limit()
    }

    private func find(
        _ step: PackagePlan.Step, _ rule: String, _ zh: String, _ en: String, _ advice: (zh: String, en: String)
    ) {
        desk.find(
            rule, ["steps", step.id], zh: "“\(step.name.zh)”：\(zh)", en: "“\(step.name[.en])”: \(en)", do: advice)
    }

    // MARK: Order and time

    private func order(_ step: PackagePlan.Step) {
        for before in step.after where plan.step(before) == nil {
            find(
                step, "package.after", "after 里的“\(before)”不是步骤", "“\(before)” in after is no step",
                ("改正 after", "Correct after"))
        }
    }

    private func limit() {
        guard let path = plan.longestPath else {
            desk.find(
                "package.cycle", ["steps"], zh: "步骤的先后绕成了圈", en: "the steps wait for each other in a circle",
                do: ("去掉循环", "Break the circle"))
            return
        }
        let promised = package.limits.promised
        guard path.hours > promised.comparableHours + 0.001 else { return }
        let sum = path.steps.map { "\($0.name.zh) \($0.promised)" }.joined(separator: " + ")
        let sumEnglish = path.steps.map { "\($0.name[.en]) \($0.promised)" }.joined(separator: " + ")
        desk.find(
            "package.limit", ["limits", "promised"], zh: "总时限 \(promised) 短于最长的一路：\(sum)",
            en: "the overall limit \(promised) is shorter than the longest way: \(sumEnglish)",
            do: ("延长总时限，或者缩短步骤", "Promise longer or shorten the steps"))
    }

    private func when(_ step: PackagePlan.Step) {
        guard let rule = step.when else { return }
        do {
            for variable in try JsonLogic(rule.json).variables.sorted() where !isAsked(variable) {
                find(
                    step, "package.when", "when 读取了没有问的“\(variable)”", "when reads “\(variable)”, which is not asked",
                    ("改正名称", "Correct the name"))
            }
        } catch {
            find(step, "logic.parse", "when 写错：\(error)", "when is wrong: \(error)", ("改正条件", "Correct the rule"))
        }
    }

    private func isAsked(_ variable: String) -> Bool {
        let parts = variable.split(separator: ".").map(String.init)
        return switch parts.first {
        case "situation": parts.count > 1 && package.situations.contains { $0.id == parts[1] }
        case "form": parts.count > 1 && package.field(parts[1]) != nil
        case "applicant": parts == ["applicant", "kind"]
        default: false
        }
    }

    // MARK: What goes to whom

    private func questions(_ step: PackagePlan.Step, _ item: ItemDefinition) {
        for (id, source) in step.situations.sorted(by: { $0.key < $1.key }) {
            guard let question = item.situations.first(where: { $0.id == id }) else {
                unknown(step, "situation.\(id)")
                continue
            }
            guard let own = package.situations.first(where: { $0.id == source }) else { continue }
            let answers = Set(question.answers.map(\.id))
            if own.multiple != question.multiple || !own.answers.allSatisfy({ answers.contains($0.id) }) {
                mismatch(step, source, "situation.\(id)")
            }
        }
        for (id, value) in step.answers.sorted(by: { $0.key < $1.key }) {
            let question = item.situations.first { $0.id == id }
            let known = Set(question?.answers.map(\.id) ?? [])
            let given = value.elements?.compactMap(\.text) ?? [value.text].compactMap { $0 }
            if question == nil {
                unknown(step, "situation.\(id)")
            } else if (given.isEmpty && value.elements?.isEmpty != true) || !given.allSatisfy(known.contains) {
                mismatch(step, "set", "situation.\(id)")
            }
        }
        for question in item.situations
        where question.required && step.situations[question.id] == nil && step.answers[question.id] == nil
            && mayHold(question.show, step)
        {
            unasked(step, "situation.\(question.id)", question.ask)
        }
    }

    private func fields(_ step: PackagePlan.Step, _ item: ItemDefinition) {
        for id in Set(step.fields.keys).union(step.values.keys).sorted() {
            guard let field = item.field(id) else {
                unknown(step, "form.\(id)")
                continue
            }
            guard let source = step.fields[id], let own = package.field(source) else { continue }
            let options = Set(field.options.map(\.id))
            if own.kind != field.kind || !own.options.allSatisfy({ options.contains($0.id) })
                || !Set(own.columns.map(\.id)).isSuperset(of: field.columns.map(\.id))
                || !Set(own.parts).isSuperset(of: field.parts)
            {
                mismatch(step, source, "form.\(id)")
            }
            if field.require == .always, field.show == nil, own.require == .never {
                find(
                    step, "package.optional", "“\(field.label.zh)”必填，一件事里却是选填",
                    "“\(field.label[.en])” is required, yet optional in the package",
                    ("去掉 require: false", "Remove require: false"))
            }
        }
        for (id, source) in step.results.sorted(by: { $0.key < $1.key }) {
            if item.field(id).map({ [.text, .uscc].contains($0.kind) }) != true { unknown(step, "form.\(id)") }
            if !plan.before(step).contains(where: { $0.id == source }) {
                find(
                    step, "package.results", "results 里的“\(source)”不在这一步之前",
                    "“\(source)” in results does not come before this step", ("写进 after", "Put it into after"))
            }
        }
        for section in item.form where mayHold(section.show, step) {
            for field in section.fields
            where field.require != .never && step.fields[field.id] == nil && step.values[field.id] == nil
                && !comesSurely(step.results[field.id]) && mayHold(field.show, step) && mayRequire(field, step)
            {
                unasked(step, "form.\(field.id)", field.label)
            }
        }
    }

    private func materials(_ step: PackagePlan.Step, _ item: ItemDefinition) {
        for (id, source) in step.materials.sorted(by: { $0.key < $1.key }) {
            guard let material = item.material(id) else {
                unknown(step, "material.\(id)")
                continue
            }
            guard let own = package.material(source) else { continue }
            if !own.accept.allSatisfy(material.accept.contains) || own.maxMegabytes > material.maxMegabytes
                || own.maxFiles > material.maxFiles || own.generated
            {
                mismatch(step, source, "material.\(id)")
            }
        }
        for material in item.materials
        where !material.generated && material.form != .paper && step.materials[material.id] == nil
            && !isIssued(material.certificate, before: step)
        {
            switch material.need {
            case .optional: continue
            case .when(let rule) where !mayHold(rule, step): continue
            case .always, .when: unasked(step, "material.\(material.id)", material.name)
            }
        }
    }

    /// A step that nobody can leave out.
    private func comesSurely(_ step: String?) -> Bool {
        step.flatMap { plan.step($0) }.map { $0.when == nil } ?? false
    }

    /// A step before issues this certificate for everybody.
    private func isIssued(_ certificate: String?, before step: PackagePlan.Step) -> Bool {
        guard let certificate else { return false }
        return plan.before(step).contains { $0.when == nil && $0.certificates.contains(certificate) }
    }

    private func mayRequire(_ field: FormField, _ step: PackagePlan.Step) -> Bool {
        if case .when(let rule) = field.require { return mayHold(rule, step) }
        return true
    }

    /// Whether a rule of the item can hold: where it reads only what the step always answers, it is asked; where it reads anything
    /// else, it may.
    private func mayHold(_ rule: Rule?, _ step: PackagePlan.Step) -> Bool {
        guard let rule, let logic = try? JsonLogic(rule.json) else { return true }
        for variable in logic.variables {
            let parts = variable.split(separator: ".").map(String.init)
            guard parts.count == 2 else { return true }
            if variable == "applicant.kind", package.servesPersons != package.servesOrganisations { continue }
            let settled =
                parts[0] == "situation"
                ? step.answers[parts[1]] != nil || isNeverAsked(parts[1], step)
                : parts[0] == "form" && step.values[parts[1]] != nil
            if !settled { return true }
        }
        return rule.holds(
            in: RuleContext(
                situations: step.answers, form: step.values,
                applicant: package.servesPersons ? .person : .organisation, today: CivilDate(dayNumber: 0)),
            otherwise: true)
    }

    /// A question of the item that its own rule hides for this step.
    private func isNeverAsked(_ id: String, _ step: PackagePlan.Step) -> Bool {
        guard step.situations[id] == nil, let question = items[step.item]?.situations.first(where: { $0.id == id })
        else { return false }
        return question.show != nil && !mayHold(question.show, step)
    }

    // MARK: Findings

    private func unknown(_ step: PackagePlan.Step, _ what: String) {
        find(
            step, "package.target", "事项里没有“\(what)”", "the item has no “\(what)”",
            ("改正 from、fills 或者 set", "Correct from, fills or set"))
    }

    private func mismatch(_ step: PackagePlan.Step, _ source: String, _ what: String) {
        find(
            step, "package.type", "“\(source)”填不进“\(what)”：种类、选项或者文件要求不一致",
            "“\(source)” does not fit “\(what)”: kind, options or files differ",
            ("用 from 取自事项，或者改成一致", "Take it with from, or make them agree"))
    }

    private func unasked(_ step: PackagePlan.Step, _ what: String, _ name: LocalizedText) {
        find(
            step, "package.unmapped", "要用“\(name.zh)”（\(what)），一件事里没有问",
            "needs “\(name[.en])” (\(what)), which the package does not ask",
            ("用 fills 接上，或者用 set 写定", "Map it with fills, or set it"))
    }
}
