import Catalogue
import Kernel
import Web

/// Rows of the materials of a draft: what must be handed in first.
struct MaterialRows {
    let draft: OpenDraft
    let check: DraftCheck
    let exchange: Exchange
    var faults: [FieldFault] = []

    private var language: Language { exchange.language }

    /// How many of those that must be handed in are there.
    var ready: String {
        let required = check.situations.materials.filter { $0.required && $0.toUpload && $0.material.form != .paper }
        return exchange.text(
            "cases.portal.materials.ready",
            ["ready": String(required.count - check.missing.count), "count": String(required.count)])
    }

    /// - Parameter inForm: the rows stand inside the section's form; else each is a form of its own.
    func rows(inForm: Bool) -> [View] {
        check.situations.materials.sorted { rank($0) < rank($1) }.map { row($0, inForm: inForm) }
    }

    private func rank(_ needed: Situations.Needed) -> Int {
        if !needed.toUpload || needed.material.form == .paper { return 2 }
        return needed.required ? 0 : 1
    }

    private func row(_ needed: Situations.Needed, inForm: Bool) -> View {
        let material = needed.material
        let field = "m-\(material.id)"
        let onPaper = material.form == .paper && !material.generated
        let uploads = needed.toUpload && !onPaper
        let own = draft.content.files.filter { $0.material == material.id }
        let error = faults.first { $0.field == field }.map { exchange.text($0.message) }
        // The form itself is being filled in here: only the papers of what is handed in with it are of use.
        let links =
            material.generated ? [] : PaperLinks.links(of: material, in: draft.item.definition, area: draft.area)
        let papers = PaperLinks.views(links, of: material, exchange)
        return View([
            "id": field, "material": material.id, "name": material.name[language], "must": needed.required && uploads,
            "optional": !needed.required && uploads,
            "note": note(needed, onPaper: onPaper), "hint": material.hint?[language],
            "standard": material.standard?[language],
            "papers": papers, "hasPapers": !papers.isEmpty, "uploads": uploads, "inForm": inForm,
            "ownForm": !inForm && uploads,
            "action": PortalPaths.material.url(draft.area, draft.row.id, material.id),
            "limit": material.maxMegabytes << 20, "accept": Self.accept(material.accept),
            "multiple": material.maxFiles > 1,
            "full": own.count >= material.maxFiles, "error": error,
            "kinds": exchange.text(
                "cases.portal.materials.kinds",
                [
                    "kinds": material.accept.map { $0.rawValue.uppercased() }.joined(
                        separator: language == .en ? ", " : "、"),
                    "limit": String(material.maxMegabytes), "count": String(material.maxFiles),
                ]),
            "done": !own.isEmpty,
            "files": own.map { file in
                View([
                    "name": file.name, "size": sizeWords(file.size),
                    "href": PortalPaths.draftFile.url(draft.area, draft.row.id, file.id),
                    "removeValue": (inForm ? "removefile:" : "remove:") + file.id,
                ])
            },
        ])
    }

    private func note(_ needed: Situations.Needed, onPaper: Bool) -> String? {
        if needed.material.generated { return exchange.text("cases.portal.materials.generated") }
        if needed.exempt { return exchange.text("cases.portal.materials.exempt") }
        if onPaper { return exchange.text("cases.portal.materials.paper") }
        return nil
    }

    /// What the file dialog offers; the server looks at the bytes.
    static func accept(_ types: [MaterialDefinition.FileType]) -> String {
        types.flatMap { type -> [String] in
            switch type {
            case .pdf: [".pdf", "application/pdf"]
            case .jpg: [".jpg", ".jpeg", "image/jpeg"]
            case .png: [".png", "image/png"]
            case .ofd: [".ofd"]
            case .docx: [".docx"]
            case .xlsx: [".xlsx"]
            case .zip: [".zip"]
            }
        }.joined(separator: ",")
    }
}
