import Catalogue
import Kernel
import Web

/// What was handed in, as the left side of the workspace shows it: answers and materials, changes since a correction marked.
struct HandedIn {
    /// Values by name for the page.
    let views: [(String, Any?)]
    /// Materials that were handed in and not marked by anybody.
    let unmarked: Int
    /// Materials marked 需补正.
    let bad: Int

    init(_ folder: DeskFolder, masked: Bool, _ exchange: Exchange) throws {
        let opened = folder.opened
        let item = opened.item.definition
        let content = try opened.content()
        let language = exchange.language
        let values = ValueWords(
            profile: opened.profile, language: language, masked: masked, yuan: exchange.text("web.field.yuan"))
        let applicant = content.applicant
        let context = RuleContext(
            situations: content.situations, form: content.form,
            applicant: applicant.organisation == nil ? .person : .organisation, today: opened.state.submittedAt.date,
            calendar: opened.calendar)
        let rules = FormRules(item: item, context: context)
        let changed = Set(opened.state.changedFields)
        let needed = Situations(of: item, in: context).materials
        let docs = Self.docs(needed, folder, content, exchange)
        let handed = needed.filter { material in opened.state.files.contains { $0.material == material.material.id } }
        unmarked = handed.count { folder.marks[$0.material.id] == nil }
        bad = handed.count { folder.marks[$0.material.id] == false }
        let first = docs.first { $0.file != nil }
        let asked = try Timeline.entries(folder.journal).first { $0.kind == "correctionRequested" }?.words
        views = [
            ("applicant", Self.applicant(applicant, masked: masked, exchange)),
            ("hasSituations", !content.situations.isEmpty),
            ("situations", values.rows(of: item.situations, answers: content.situations)),
            (
                "sections",
                rules.sections.map { section in
                    View([
                        "title": section.title[language],
                        "rows": values.rows(of: section, values: content.form, changed: changed) { _ in nil },
                    ])
                }
            ),
            ("docs", docs.map(\.view)), ("hasChanges", !changed.isEmpty || !opened.state.changedMaterials.isEmpty),
            ("viewer", first.map { $0.viewer }),
            (
                "markable",
                handed.map {
                    View([
                        "value": $0.material.id, "label": $0.material.name[language],
                        "selected": $0.material.id == first?.material,
                    ])
                }
            ),
            (
                "answers",
                Self.answers(
                    content, try opened.words(asked, as: CorrectionWords.self),
                    why: exchange.text("cases.portal.amend.why"))
            ),
        ]
    }

    private static func applicant(_ applicant: ApplicantContent, masked: Bool, _ exchange: Exchange) -> [View] {
        func row(_ key: String, _ value: String?) -> View? {
            value.map { View(["label": exchange.text("cases.desk.applicant.\(key)"), "value": $0]) }
        }
        return [
            row("organisation", applicant.organisation), row("uscc", applicant.uscc),
            row("name", masked ? Mask.name(applicant.name) : applicant.name),
            row("idNumber", masked ? Mask.identity(applicant.idNumber) : applicant.idNumber),
            row("phone", masked ? Mask.phone(applicant.phone) : applicant.phone),
        ].compactMap(\.self)
    }

    /// Words with which points of the last correction were answered, and why the applicant changed something.
    private static func answers(_ content: FormContent, _ words: CorrectionWords?, why: String) -> [View] {
        content.answers.sorted { $0.key < $1.key }.map { id, answer in
            let subject = id == PaperRound.why.id ? why : words?.points.first { $0.id == id }?.subject ?? id
            return View(["subject": subject, "answer": answer])
        }
    }

    /// A line of the list of materials: a file, or a material without one.
    private struct Doc {
        let material: String
        let file: CaseFile?
        let view: View
        let viewer: View
    }

    private static func docs(
        _ needed: [Situations.Needed], _ folder: DeskFolder, _ content: FormContent, _ exchange: Exchange
    ) -> [Doc] {
        let opened = folder.opened
        var docs: [Doc] = []
        var isFirst = true
        for need in needed {
            let material = need.material
            let files = opened.state.files.filter { $0.material == material.id }
            let name = material.name[exchange.language]
            let mark = folder.marks[material.id]
            var line = View([
                "name": name, "material": material.id, "changed": opened.state.changedMaterials.contains(material.id),
                "isGood": mark == true, "isBad": mark == false, "mark": mark.map { $0 ? "good" : "bad" },
            ])
            if files.isEmpty {
                let kind =
                    need.exempt
                    ? "exempt" : material.generated ? "generated" : material.form == .paper ? "paper" : "missing"
                line.set(
                    "state",
                    exchange.text("cases.desk.material.\(need.required || kind != "missing" ? kind : "optional")"))
                docs.append(Doc(material: material.id, file: nil, view: line, viewer: View()))
            }
            for (index, file) in files.enumerated() {
                let address = DeskPaths.file.url(opened.area, opened.state.number, file.id)
                let kind = file.type == "pdf" ? "pdf" : ["jpg", "png"].contains(file.type) ? "image" : "other"
                // Readers of PDF in a browser: the whole width, no list of pages beside it.
                let href = kind == "pdf" ? address + "#view=FitH&navpanes=0" : address
                let shown = files.count > 1 ? "\(name) (\(index + 1)/\(files.count))" : name
                line.set("name", shown)
                line.set("file", true)
                line.set("href", href)
                line.set("kind", kind)
                line.set("fileName", content.fileNames[file.id])
                line.set("size", sizeWords(file.size))
                line.set("current", isFirst)
                let viewer = View([
                    "name": shown, "href": href, "isImage": kind == "image", "isPDF": kind == "pdf",
                    "isOther": kind == "other",
                    "good": mark == true, "bad": mark == false,
                ])
                docs.append(Doc(material: material.id, file: file, view: line, viewer: viewer))
                isFirst = false
            }
        }
        return docs
    }
}
