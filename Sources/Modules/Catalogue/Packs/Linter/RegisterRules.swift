import Kernel

/// Registers an item asks: declared, asked by a number of the right kind, for no fact more than the rule needs, and of an age.
struct RegisterRules {
    let desk: LintDesk
    private var item: ItemDefinition { desk.item }

    func run() {
        guard let uses = item.registers else { return }
        let read = reads()
        for use in uses { check(use, read) }
    }

    private func check(_ use: RegisterUse, _ read: Set<String>) {
        let path = ["registers", use.id]
        desk.checkBasis(use.basis, path)
        guard let register = desk.pack.register(use.source) else {
            desk.find(
                "register.unknown", path + ["source"], zh: "没有声明登记簿“\(use.source)”",
                en: "no register “\(use.source)” is declared",
                do: ("在 pack.yaml 的 registers 里写明", "Declare it under registers in pack.yaml"))
            return
        }
        for field in use.fields where register.field(field) == nil {
            desk.find(
                "register.field", path + ["fields"], zh: "登记簿“\(register.name.zh)”没有“\(field)”",
                en: "the register “\(register.name[.en])” has no “\(field)”",
                do: (
                    "从这些中选：\(register.fields.map(\.id).joined(separator: ", "))",
                    "Choose from: \(register.fields.map(\.id).joined(separator: ", "))"
                ))
        }
        for field in use.fields where !read.contains("register.\(use.id).\(field)") {
            desk.find(
                "register.surplus", path + ["fields"], zh: "规则用不到“\(field)”，不应查询",
                en: "the rule does not need “\(field)”: it must not be asked for",
                do: ("删去（个人信息保护法第六条）", "Remove it (Personal Information Protection Law, art. 6)"))
        }
        if !read.contains(where: { $0.hasPrefix("register.\(use.id).") }) {
            desk.find(
                "register.unused", path, zh: "instant 的规则没有读取“\(use.id)”",
                en: "the rule of instant does not read “\(use.id)”",
                do: ("删去，或者写进 instant.when", "Remove it, or read it in instant.when"))
        }
        if use.maxAge.comparableHours <= 0 {
            desk.find(
                "register.age", path + ["max_age"], zh: "数据时效不能为零", en: "the allowed age cannot be nothing",
                do: ("写成 35d、1mo 等", "Write 35d or 1mo"))
        }
        key(use, register, path + ["key"])
    }

    /// A register kept by identity numbers is not asked by a telephone number.
    private func key(_ use: RegisterUse, _ register: RegisterType, _ path: [String]) {
        guard let logic = try? JsonLogic(use.key.json) else { return }
        if logic.variables.isEmpty {
            desk.find(
                "register.key", path, zh: "查询用的号码应从表单或者申请人信息读取",
                en: "the number to ask by must be read from the form or of the applicant",
                do: ("例如 {var: applicant.idcard}", "For example {var: applicant.idcard}"))
        }
        for variable in logic.variables.sorted() {
            guard let kind = kind(of: variable), register.key != .text, kind != register.key else { continue }
            desk.find(
                "register.key", path, zh: "“\(variable)”不是登记簿“\(register.name.zh)”用的号码",
                en: "“\(variable)” is no number by which the register “\(register.name[.en])” is kept",
                do: ("登记簿按 \(register.key.rawValue) 查询", "The register is asked by \(register.key.rawValue)"))
        }
    }

    /// What a variable of a key is, where it is a number that a register is kept by; nil for choices and other answers.
    private func kind(of variable: String) -> RegisterType.Key? {
        switch variable {
        case "applicant.idcard": return .idcard
        case "applicant.uscc": return .uscc
        default: break
        }
        let parts = variable.split(separator: ".").map(String.init)
        guard parts.count >= 2, parts[0] == "form", let field = item.field(parts[1]) else { return nil }
        switch (field.kind, parts.count > 2 ? parts[2] : "") {
        case (.idcard, _), (.person, "idcard"): return .idcard
        case (.uscc, _), (.organisation, "uscc"): return .uscc
        case (.phone, _), (.date, _), (.money, _), (.person, _), (.organisation, _): return .text
        default: return nil
        }
    }

    private func reads() -> Set<String> {
        guard let rule = item.instantWhen, let logic = try? JsonLogic(rule.json) else { return [] }
        return logic.variables
    }
}

extension PackRules {
    /// Registers of the pack: kept by a department that is there, with facts.
    func registers() {
        for register in pack.registers where register.fields.isEmpty {
            find(
                "register.empty", ["registers", register.id], zh: "登记簿“\(register.name.zh)”没有字段",
                en: "the register “\(register.name[.en])” has no fields", do: ("写 fields", "Write fields"))
        }
        guard pack.kind.isArea else { return }
        let used = Set(items.flatMap { ($0.definition.registers ?? []).map(\.source) })
        for register in pack.registers
        where used.contains(register.id) && pack.department(pack.ownDepartment(register.department)) == nil {
            find(
                "register.department", ["registers", register.id, "department"],
                zh: "登记簿“\(register.name.zh)”的部门“\(register.department)”本地没有",
                en: "the area has no department “\(register.department)” that keeps “\(register.name[.en])”",
                do: ("在 pack.yaml 的 departments 或 roles 里写明", "Declare it under departments or roles in pack.yaml"))
        }
    }
}
