import Catalogue
import Kernel
import Web

/// The way through a draft: which pages it has, which are done, which one comes next.
struct DraftSteps {
    enum Step: Hashable {
        case section(String)
        case materials
        case check
    }

    let draft: OpenDraft
    let check: DraftCheck
    let language: Language

    /// Pages in order. An item with the generic form has its materials on the form's page.
    var steps: [Step] {
        var steps = check.rules.sections.map { Step.section($0.id) }
        if !draft.item.definition.genericForm, hasMaterials { steps.append(.materials) }
        steps.append(.check)
        return steps
    }

    /// There is something to upload at all.
    var hasMaterials: Bool { check.situations.materials.contains { $0.toUpload && $0.material.form != .paper } }

    func url(_ step: Step) -> String {
        switch step {
        case .section(let id): PortalPaths.section(draft.area, draft.row.id, id)
        case .materials: PortalPaths.materials.url(draft.area, draft.row.id)
        case .check: PortalPaths.check.url(draft.area, draft.row.id)
        }
    }

    func label(_ step: Step, _ text: (Message) -> String) -> String {
        switch step {
        case .section(let id): check.rules.section(id)?.title[language] ?? id
        case .materials: text(Message("cases.portal.materials.title"))
        case .check: text(Message("cases.portal.check.title"))
        }
    }

    func isDone(_ step: Step) -> Bool {
        switch step {
        case .section(let id):
            (draft.content.visited.contains(id) || isKnown(id)) && !check.faultySections.contains(id)
                && !(draft.item.definition.genericForm && !check.missing.isEmpty)
        case .materials: check.missing.isEmpty
        case .check: false
        }
    }

    /// All that a section of a package asks is known already: it need not be filled in, only looked over with the rest.
    private func isKnown(_ section: String) -> Bool {
        guard draft.item.definition.plan != nil, let fields = check.rules.section(section)?.fields else { return false }
        return fields.allSatisfy { draft.content.prefilled.contains($0.id) }
    }

    /// The first page that is not done: where 继续填写 leads.
    var next: Step { steps.first { !isDone($0) } ?? .check }

    func after(_ step: Step) -> Step {
        guard let index = steps.firstIndex(of: step), index + 1 < steps.count else { return .check }
        return steps[index + 1]
    }

    /// 未填写, 未填完, 需修改 or 已完成.
    func status(_ section: FormSection) -> String {
        if isDone(.section(section.id)) { return "done" }
        guard check.faultySections.contains(section.id) else { return "todo" }
        let answered = section.fields.filter { !(draft.content.form[$0.id] ?? .null).isNull }
        guard draft.content.visited.contains(section.id), !answered.isEmpty else {
            return answered.isEmpty ? "todo" : "partial"
        }
        let wrong = check.faults.contains { fault in
            answered.contains { $0.id == fault.field || ($0.kind == .date && fault.field.hasPrefix($0.id + ".")) }
        }
        return wrong ? "fault" : "partial"
    }

    func stepper(current: Step, _ text: (Message) -> String) -> View {
        let steps = steps
        let position = (steps.firstIndex(of: current) ?? 0) + 1
        return View([
            "text": text(
                Message(
                    "cases.portal.step",
                    ["number": String(position), "count": String(steps.count), "title": label(current, text)])),
            "steps": steps.map { step in
                View([
                    "label": label(step, text), "href": step == current ? nil : url(step),
                    "done": step != current && isDone(step), "current": step == current,
                ])
            },
        ])
    }
}
