import Kernel

/// Materials, certificates and results: reachable, known, fit for the way they are handed in.
struct MaterialRules {
    let desk: LintDesk
    private var item: ItemDefinition { desk.item }

    init(desk: LintDesk) { self.desk = desk }

    func run() {
        for material in item.materials {
            let path = ["materials", material.id]
            desk.checkCertificate(material.certificate, path + ["certificate"])
            desk.checkBasis(material.basis, path)
            way(material, path)
            if case .when(let rule) = material.need, !isReachable(rule) {
                desk.find(
                    "material.unreachable", path + ["need"], zh: "“\(material.name.zh)”在任何答案下都不需要",
                    en: "no answers ask for “\(material.name[.en])”",
                    do: ("改正 need，或者删去这份材料", "Correct need or remove the material"))
            }
        }
        for requirement in item.requires {
            switch requirement.need {
            case .certificate(let type): desk.checkCertificate(type, ["requires", requirement.id])
            case .item(let slug, _): desk.checkItem(slug, ["requires", requirement.id])
            }
        }
        outcomes()
    }

    private func way(_ material: MaterialDefinition, _ path: [String]) {
        if material.form == .paper, item.visits.number == 0, !item.channels.contains(.express),
            !item.delivery.contains(.collectedAtInspection), material.need != .optional
        {
            desk.find(
                "material.paper", path + ["form"], zh: "零跑腿，“\(material.name.zh)”却只收纸质",
                en: "no visit, yet “\(material.name[.en])” only on paper",
                do: ("改为 both，或者 channels 加上 express", "Write both or add express to channels"))
        }
        if material.generated,
            material.certificate != nil || material.lackingWithin != nil || material.promiseCheckedWithin != nil
        {
            desk.find(
                "material.generated", path, zh: "系统生成的材料不用免提交、容缺或承诺",
                en: "what the system makes needs no certificate, no later hand-in, no promise",
                do: ("删去这些键", "Remove those keys"))
        }
        if material.standard == nil, !material.generated, material.certificate == nil, !item.genericForm {
            desk.find(
                "material.standard", path, as: .warning, zh: "“\(material.name.zh)”没有写受理标准",
                en: "“\(material.name[.en])” has no acceptance standard",
                do: ("写 standard：怎样才算合格", "Write standard: what makes it good"))
        }
    }

    private func outcomes() {
        for outcome in item.outcome {
            let path = ["outcome", outcome.id]
            desk.checkCertificate(outcome.certificate, path + ["certificate"])
            if outcome.kind == .certificate, outcome.certificate == nil {
                desk.find(
                    "outcome.certificate", path, zh: "发证的结果要写 certificate 类型", en: "a certificate needs its type",
                    do: ("写 certificate: 类型", "Write certificate: TYPE"))
            }
            if let number = outcome.number, !isNumberFormat(number) {
                desk.find(
                    "outcome.number", path + ["number"], zh: "编号格式“\(number)”不对",
                    en: "the number format “\(number)” is wrong",
                    do: ("用 {n}（n 位数字，1 到 20）、{area}、{year}", "Use {n} (n digits, 1 to 20), {area}, {year}"))
            }
        }
    }

    private func isNumberFormat(_ text: String) -> Bool {
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else { return false }
            let inside = rest[rest.index(after: open)..<close]
            guard inside == "area" || inside == "year" || Int(inside).map({ (1...20).contains($0) }) == true else {
                return false
            }
            rest = rest[rest.index(after: close)...]
        }
        return true
    }

    // MARK: Reachable

    /// Tries the answers of the questions a rule reads; a rule that reads anything else may hold.
    private func isReachable(_ rule: Rule) -> Bool {
        guard let logic = try? JsonLogic(rule.json) else { return true }
        var questions: [Situation] = []
        for variable in logic.variables {
            let parts = variable.split(separator: ".")
            guard parts.count >= 2, parts[0] == "situation",
                let situation = item.situations.first(where: { $0.id == parts[1] })
            else { return true }
            if !questions.contains(situation) { questions.append(situation) }
        }
        let today = CivilDate(dayNumber: 0)
        var tried = 0
        func attempt(_ index: Int, _ answers: [String: JSON]) -> Bool {
            tried += 1
            if tried > 20_000 { return true }
            guard index < questions.count else {
                return rule.holds(in: RuleContext(situations: answers, today: today), otherwise: true)
            }
            return choices(of: questions[index]).contains { choice in
                var more = answers
                more[questions[index].id] = choice
                return attempt(index + 1, more)
            }
        }
        return attempt(0, [:])
    }

    /// No answer, each answer; of several: each alone, all together, all but one.
    private func choices(of situation: Situation) -> [JSON] {
        let ids = situation.answers.map { JSON.string($0.id) }
        guard situation.multiple else { return [.null] + ids }
        return [.null, .array(ids)] + ids.map { .array([$0]) } + ids.map { one in .array(ids.filter { $0 != one }) }
    }
}
