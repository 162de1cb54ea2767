import Kernel

/// The form of an item whose own form is not written yet: who, a phone, what it is about, attachments. One section, so
/// fields and materials
/// stand on one page.
package enum GenericForm {
    /// The only section's id.
    package static let sectionID = "application"

    /// Gives an item the generic form and, unless it has its own, the one optional material.
    static func fill(_ item: inout ItemDefinition) {
        item.genericForm = true
        item.form = [section]
        if item.materials.isEmpty { item.materials = [attachments] }
    }

    /// What an imported list leaves out, so that it can be applied for: the usual channels and the four links.
    static func fillGuide(_ item: inout ItemDefinition) {
        if item.audience.isEmpty { item.audience = Audience.allCases }
        if item.channels.isEmpty { item.channels = [.window, .web, .mobile] }
        if item.delivery.isEmpty { item.delivery = [.electronic, .counter] }
        if item.stages.isEmpty { item.stages = stages(notification: item.notification) }
        if item.outcome.isEmpty {
            item.outcome = [
                Outcome(
                    id: "reply", kind: .notice, name: LocalizedText(zh: "办理结果通知书", en: "Notice of the result"),
                    certificate: nil,
                    number: nil, validity: nil, dated: .decision, renew: nil, verify: false)
            ]
        }
        if item.form.isEmpty { fill(&item) }
    }

    private static func stages(notification: Bool) -> [Stage] {
        let accept = Stage(kind: .accept, role: .clerk, department: nil, within: Limit(5, .workingDays), task: nil)
        let complete = Stage(kind: .complete, role: .clerk, department: nil, within: Limit(1, .workingDays), task: nil)
        if notification { return [accept, complete] }
        return [
            accept,
            Stage(kind: .review, role: .reviewer, department: nil, within: Limit(15, .workingDays), task: nil),
            Stage(kind: .approve, role: .approver, department: nil, within: Limit(4, .workingDays), task: nil),
            complete,
        ]
    }

    private static var section: FormSection {
        FormSection(
            id: sectionID, title: LocalizedText(zh: "申请内容", en: "Application"), hint: nil, show: nil,
            fields: [
                field(
                    "applicant", .text, LocalizedText(zh: "申请人姓名或者单位名称", en: "Name of the person or organisation"),
                    max: 100,
                    prefill: [.organisation(.name), .identity(.name)], sensitivity: .personal, autocomplete: "name"),
                field(
                    "phone", .phone, LocalizedText(zh: "联系电话", en: "Phone"), prefill: [.identity(.phone)],
                    sensitivity: .personal,
                    autocomplete: "tel"),
                field(
                    "matter", .text, LocalizedText(zh: "申请事由", en: "What you apply for"), max: 1000, lines: 6,
                    hint: LocalizedText(zh: "写清楚要办什么、原因和要求", en: "Say what you need and why")),
            ])
    }

    private static func field(
        _ id: String, _ kind: FieldKind, _ label: LocalizedText, max: Int? = nil, lines: Int = 1,
        hint: LocalizedText? = nil,
        prefill: [Prefill] = [], sensitivity: Sensitivity = .ordinary, autocomplete: String? = nil
    ) -> FormField {
        FormField(
            id: id, label: label, kind: kind, hint: hint, require: .always, show: nil, checks: [], min: nil,
            max: max.map { .count($0) }, decimals: 0, unit: nil, lines: lines, options: [], columns: [], parts: [],
            prefill: prefill, sensitivity: sensitivity, autocomplete: autocomplete)
    }

    private static var attachments: MaterialDefinition {
        MaterialDefinition(
            id: "attachments", name: LocalizedText(zh: "相关材料", en: "Attachments"),
            hint: LocalizedText(zh: "有证明或者说明材料的可以上传", en: "Upload what supports your application"), need: .optional,
            generated: false, form: .both, original: .either, copies: 1, source: .applicant, certificate: nil,
            lackingWithin: nil,
            promiseCheckedWithin: nil, accept: [.pdf, .jpg, .png, .ofd, .docx, .xlsx], maxMegabytes: 20, maxFiles: 10,
            standard: nil, faults: [], basis: [], blank: nil, samples: [], sensitivity: .personal)
    }
}
