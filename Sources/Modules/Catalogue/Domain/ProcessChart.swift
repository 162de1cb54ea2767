package import Kernel

/// A course of work as a picture: who does what, for how long, by which law, and what comes after what.
///
/// The same for an item's links and for the steps of a one-thing package (一件事): a list of steps with the steps each waits
/// for. Drawn as SVG for guides and wall charts, written as BPMN 2.0 for other tools.
package struct ProcessChart: Sendable, Hashable {
    /// One piece of work.
    package struct Step: Sendable, Hashable {
        /// Letters, digits and hyphens; one of its kind in the chart.
        package let id: String
        package let title: String
        /// Who does it: a department, and its post.
        package let who: String
        /// `5 个工作日`; empty where no time is set.
        package let within: String
        /// What is done, procedures inside.
        package let notes: [String]
        /// `《行政许可法》第三十二条`; nil where none is certain enough to be printed.
        package let law: String?
        /// Ids of the steps that must be finished first; empty: it begins at once.
        package let after: [String]
        /// Somebody else may take another road here: what stands beside it, such as 不予许可.
        package let refusal: String?

        package init(
            id: String, title: String, who: String, within: String, notes: [String] = [], law: String? = nil,
            after: [String] = [], refusal: String? = nil
        ) {
            self.id = id
            self.title = title
            self.who = who
            self.within = within
            self.notes = notes
            self.law = law
            self.after = after
            self.refusal = refusal
        }
    }

    package let title: String
    /// In words, for readers who do not see the picture.
    package let summary: String
    /// What it begins and ends with: 提交申请, 送达结果.
    package let begins: String
    package let ends: String
    package let language: Language
    /// In an order in which each stands after all it waits for; a step that waits for itself, or for nothing there is, waits
    /// for nothing.
    package let steps: [Step]

    package init(
        title: String, summary: String, begins: String, ends: String, language: Language, steps: [Step]
    ) {
        self.title = title
        self.summary = summary
        self.begins = begins
        self.ends = ends
        self.language = language
        self.steps = ProcessChart.ordered(steps)
    }

    /// How far from the beginning each step stands: one more than the furthest it waits for.
    var ranks: [String: Int] {
        var ranks: [String: Int] = [:]
        for step in steps { ranks[step.id] = (step.after.compactMap { ranks[$0] }.max() ?? -1) + 1 }
        return ranks
    }

    /// Steps that nothing waits for: with them the whole ends.
    var last: [Step] {
        let waitedFor = Set(steps.flatMap(\.after))
        return steps.filter { !waitedFor.contains($0.id) }
    }

    private static func ordered(_ steps: [Step]) -> [Step] {
        let ids = Set(steps.map(\.id))
        var left = steps
        var done: Set<String> = []
        var sorted: [Step] = []
        while !left.isEmpty {
            // A circle is broken at the step that stands first in the list.
            let index =
                left.firstIndex { step in
                    step.after.allSatisfy { done.contains($0) || !ids.contains($0) || $0 == step.id }
                }
                ?? 0
            let step = left.remove(at: index)
            sorted.append(
                Step(
                    id: step.id, title: step.title, who: step.who, within: step.within, notes: step.notes,
                    law: step.law,
                    after: step.after.filter { done.contains($0) }, refusal: step.refusal))
            done.insert(step.id)
        }
        return sorted
    }
}

extension ProcessChart {
    /// An item's links 受理, 审核, 批准, 办结 with the procedures inside each, which run side by side; a package's steps.
    ///
    /// - Parameter department: a department's name in the reader's language, by its id.
    package init(of item: ItemDefinition, language: Language, department: (String) -> String) {
        if let plan = item.plan {
            self.init(of: item, plan: plan, language: language, department: department)
            return
        }
        let zh = language != .en
        var steps: [Step] = []
        var before: [String] = []
        for stage in item.stages {
            let who =
                department(stage.department ?? item.department) + (zh ? " " : ", ")
                + Flowchart.role(stage.role, language)
            steps.append(
                Step(
                    id: stage.kind.rawValue, title: Flowchart.title(of: stage.kind, language), who: who,
                    within: Flowchart.spoken(stage.within, language), notes: stage.task.map { [$0[language]] } ?? [],
                    law: ProcessChart.law(of: stage.kind, item, language), after: before,
                    refusal: ProcessChart.refusal(stage.kind, item, language)))
            before = [stage.kind.rawValue]
            let inside = item.procedures.filter { $0.during == stage.kind }
            // What is put right is put right after it was looked at; all else runs side by side.
            for isLast in [false, true] {
                let row = inside.filter { ($0.kind == .rectification) == isLast }
                steps += row.map { procedure in
                    Step(
                        id: "p-" + procedure.id, title: procedure.name[language],
                        who: department(procedure.department ?? stage.department ?? item.department),
                        within: Flowchart.spoken(procedure.within, language),
                        notes: ProcessChart.notes(procedure, language),
                        law: ProcessChart.law(of: procedure, item, language), after: before)
                }
                if !row.isEmpty { before = row.map { "p-" + $0.id } }
            }
        }
        let chart = Flowchart(of: item, language: language, department: department)
        self.init(
            title: chart.title, summary: chart.summary, begins: zh ? "提交申请" : "Application",
            ends: zh ? "送达结果" : "Result delivered", language: language, steps: steps)
    }

    /// The articles of the licensing law that a link of a licence carries out; of other items nothing is cited.
    private static func law(of kind: Stage.Kind, _ item: ItemDefinition, _ language: Language) -> String? {
        guard item.type == .licence, !item.notification else { return nil }
        let articles =
            switch kind {
            case .accept: ["三十二", "32"]
            case .review: ["三十四", "34"]
            case .approve: ["三十八", "38"]
            case .complete: ["四十四", "44"]
            }
        return language == .en
            ? "Administrative Licensing Law, article \(articles[1])" : "《行政许可法》第\(articles[0])条"
    }

    private static func law(of procedure: Procedure, _ item: ItemDefinition, _ language: Language) -> String? {
        let own = procedure.basis.compactMap { id in item.printedBasis.first { $0.id == id } }.first
        if let own {
            let article = own.article ?? ""
            return language == .en ? "\(own.law[language]) \(article)" : "《\(own.law[language])》" + article
        }
        guard procedure.pauses, item.type == .licence else { return nil }
        return language == .en ? "Administrative Licensing Law, article 45" : "《行政许可法》第四十五条"
    }

    private static func notes(_ procedure: Procedure, _ language: Language) -> [String] {
        var notes: [String] = []
        if let officers = procedure.officers {
            notes.append(language == .en ? "at least \(officers) officers" : "不少于 \(officers) 名工作人员")
        }
        if procedure.pauses { notes.append(language == .en ? "does not count towards the limit" : "所需时间不计入时限") }
        if procedure.when != nil { notes.append(language == .en ? "where it applies" : "需要时进行") }
        return notes
    }

    private static func refusal(_ kind: Stage.Kind, _ item: ItemDefinition, _ language: Language) -> String? {
        guard kind == .approve else { return nil }
        if item.type == .licence { return language == .en ? "Refused" : "不予许可" }
        return language == .en ? "Not granted" : "不予办理"
    }
}
