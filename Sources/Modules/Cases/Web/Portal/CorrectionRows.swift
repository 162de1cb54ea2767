import Catalogue
import Kernel
import Web

/// The points of a correction notice as blocks of the page: problem, how to mend it, what there is, what comes instead.
struct CorrectionRows {
    let opened: OpenCase
    let content: FormContent
    let kept: KeptAnswers
    let files: [DraftContent.File]
    let fields: FieldViews
    let faults: [FieldFault]
    let exchange: Exchange

    func view(_ words: CorrectionWords.Point, number: Int) throws -> View {
        let point = opened.round?.points.first { $0.id == words.id }
        let id = "point-\(words.id)"
        let own = faults.first { $0.field == id }.map { exchange.text($0.message) }
        var view = View([
            "id": id, "number": number, "subject": opened.subject(of: words, in: exchange.language),
            "problem": words.problem, "fix": words.fix,
            "error": own,
        ])
        if opened.round?.amends != true || point?.target == .other {
            view.set(
                "answer",
                View([
                    "isTextarea": true, "id": "answer.\(words.id)", "name": "answer.\(words.id)", "rows": 3,
                    "optional": point?.target != .other,
                    "label": exchange.text(label(point)),
                    "value": kept.answers[words.id],
                ]))
        }
        switch point?.target {
        case .material: material(point?.ref ?? "", &view)
        case .field: field(point?.ref ?? "", &view)
        case .other, nil: break
        }
        return view
    }

    private func label(_ point: CorrectionPoint?) -> String {
        if point == PaperRound.why { return "cases.portal.amend.why" }
        return point?.target == .other ? "cases.portal.correction.reply" : "cases.portal.correction.remark"
    }

    private func material(_ id: String, _ view: inout View) {
        guard let material = opened.item.definition.material(id) else { return }
        let (area, number) = (opened.area, opened.state.number)
        let new = files.filter { $0.material == id }
        view.set(
            "material",
            View([
                "field": "m-\(id)", "accept": MaterialRows.accept(material.accept), "multiple": material.maxFiles > 1,
                "limit": material.maxMegabytes << 20, "upload": PortalPaths.correctionMaterial.url(area, number, id),
                "error": faults.first { $0.field == "m-\(id)" }.map { exchange.text($0.message) },
                "kinds": exchange.text(
                    "cases.portal.materials.kinds",
                    [
                        "kinds": material.accept.map { $0.rawValue.uppercased() }
                            .joined(separator: exchange.language == .en ? ", " : "、"),
                        "limit": String(material.maxMegabytes), "count": String(material.maxFiles),
                    ]),
                "old": opened.state.files.filter { $0.material == id }.map { file in
                    View([
                        "name": content.fileNames[file.id] ?? file.id, "size": sizeWords(file.size),
                        "href": PortalPaths.file.url(area, number, file.id),
                    ])
                },
                "files": new.map { file in
                    View([
                        "name": file.name, "size": sizeWords(file.size),
                        "href": PortalPaths.correctionFile.url(area, number, file.id),
                        "removeValue": "removefile:\(file.id)",
                    ])
                },
            ]))
    }

    private func field(_ id: String, _ view: inout View) {
        guard let field = opened.item.definition.field(id) else { return }
        let words = ValueWords(
            profile: opened.profile, language: exchange.language, masked: false, yuan: exchange.text("web.field.yuan"))
        let old = words.lines(field, content.form[id] ?? .null)
        let value = kept.values[id] ?? content.form[id] ?? .null
        view.set(
            "change",
            View([
                "old": old.isEmpty
                    ? [View(["text": exchange.text("cases.shared.blank")])] : old.map { View(["text": $0]) },
                "fields": [fields.view(of: field, value: value, id: id, row: nil)],
            ]))
    }
}
