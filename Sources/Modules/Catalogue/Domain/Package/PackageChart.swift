import Kernel

extension ProcessChart {
    /// A package's steps: which department does what for how long, what begins at once and what waits for what.
    ///
    /// - Parameter department: a department's name in the reader's language, by its id.
    init(of item: ItemDefinition, plan: PackagePlan, language: Language, department: (String) -> String) {
        let zh = language != .en
        func notes(_ step: PackagePlan.Step) -> [String] {
            var notes: [String] = []
            if step.when != nil { notes.append(zh ? "选办" : "if you choose it") }
            if step.tracked {
                notes.append(zh ? "由银行等单位办理，不计入总时限" : "done by others such as a bank, not counted in the whole")
            }
            return notes
        }
        let names = Dictionary(
            plan.steps.map { ($0.id, $0.name[language]) }, uniquingKeysWith: { first, _ in first })
        let steps = plan.steps.map { step in
            Step(
                id: step.id, title: step.name[language], who: department(step.department),
                within: step.tracked ? "" : Flowchart.spoken(step.promised, language), notes: notes(step),
                after: step.after)
        }
        let told = zip(plan.steps, steps).map { plan, step in
            let before = plan.after.compactMap { names[$0] }.joined(separator: zh ? "、" : ", ")
            let when =
                before.isEmpty
                ? (zh ? "提交后开始" : "begins at once") : (zh ? "\(before)办好后开始" : "begins after \(before)")
            return [step.title, step.who, when, step.within].filter { !$0.isEmpty }.joined(separator: zh ? "，" : ", ")
        }
        let whole = Flowchart.spoken(item.limits.promised, language)
        self.init(
            title: zh ? "\(item.name[language])流程图" : "Flowchart: \(item.name[language])",
            summary: told.joined(separator: zh ? "；" : "; ") + (zh ? "。总时限 \(whole)。" : ". The whole within \(whole)."),
            begins: zh ? "一次提交" : "One application", ends: zh ? "全部办结" : "All done", language: language, steps: steps)
    }
}
