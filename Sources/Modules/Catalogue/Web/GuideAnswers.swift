import Directory
import Kernel
import Web

/// The parts of a guide that depend on the answers: questions, obstacle, materials, flowchart, the way to apply.
struct GuideAnswers {
    let item: ItemDefinition
    let situations: Situations
    let profile: AreaProfile
    let pack: AreaPack
    /// Names of other items that are mentioned.
    let names: [String: LocalizedText]
    let exchange: Exchange

    private var area: AreaCode { profile.area }
    private var language: Language { exchange.language }

    /// Slugs of other items whose names the page needs.
    static func mentioned(by item: ItemDefinition, _ situations: Situations) -> Set<String> {
        var slugs: Set<String> = []
        for requirement in item.requires { if case .item(let slug, _) = requirement.need { slugs.insert(slug) } }
        if case .diverted(_, let slug, _) = situations.obstacle { slugs.insert(slug) }
        return slugs
    }

    /// Fields of `catalogue.live` and its partials.
    var view: View {
        let toHandIn = situations.materials.filter { $0.required && $0.toUpload }
        let optional = situations.materials.filter { !$0.required && $0.toUpload }
        let rest = situations.materials.filter { !$0.toUpload }
        return View([
            "slug": item.slug, "itemHref": CataloguePaths.item.url(area, item.slug),
            "applyHref": CataloguePaths.apply.url(area, item.slug),
            "questions": questions, "hasQuestions": !item.situations.isEmpty,
            "handInCount": toHandIn.count, "countText": countText(toHandIn.count, optional.count),
            "materials": (toHandIn + optional + rest).map(material), "hasMaterials": !situations.materials.isEmpty,
            "given": given, "hasGiven": !given.isEmpty, "unanswered": unanswered, "obstacle": obstacle,
            "requirements": requirements, "hasRequirements": !requirements.isEmpty,
            "flow": flow,
            "canApply": item.online && situations.obstacle == nil, "chosen": chosen, "offline": !item.online,
            "advice": item.contacts.advice ?? profile.advicePhone, "form": form,
        ])
    }

    /// The item's form on paper, for whoever goes to the hall.
    private var form: View? {
        guard item.hasPaperForm else { return nil }
        let answers = situations.questions.flatMap { question in
            question.chosen.map { ("s." + question.situation.id, $0 as String?) }
        }
        return View([
            "blank": exchange.address(CataloguePaths.blankForm.url(area, item.slug), answers),
            "sample": item.hasExample
                ? exchange.address(CataloguePaths.sampleForm.url(area, item.slug), answers) : nil,
        ])
    }

    private func countText(_ required: Int, _ optional: Int) -> String {
        if required == 0 {
            return optional == 0
                ? exchange.text("catalogue.guide.needNothing")
                : exchange.text("catalogue.guide.onlyOptional", ["count": optional.grouped])
        }
        let need = exchange.text("catalogue.guide.need", ["count": required.grouped])
        return optional == 0 ? need : need + exchange.text("catalogue.guide.needOptional", ["count": optional.grouped])
    }

    private var unanswered: String? {
        let count = situations.questions.count(where: \.isMissing)
        return count == 0 ? nil : exchange.text("catalogue.guide.unanswered", ["count": count.grouped])
    }

    /// Every question has its place; those not asked now stand empty, so that a script can fill them in.
    private var questions: [View] {
        let asked = Dictionary(
            situations.questions.map { ($0.situation.id, $0) }, uniquingKeysWith: { first, _ in first })
        return item.situations.map { situation in
            guard let question = asked[situation.id] else { return View(["id": situation.id, "fields": [View]()]) }
            let name = "s." + situation.id
            let field = View([
                "id": name, "name": name, "label": situation.ask[language], "hint": situation.hint?[language],
                "error": nil,
                "optional": !situation.required, "isRadio": !situation.multiple, "isCheckboxes": situation.multiple,
                "inline": !situation.multiple && situation.answers.count <= 3
                    && situation.answers.allSatisfy { $0.hint == nil },
                "options": situation.answers.map { answer in
                    View([
                        "value": answer.id, "label": answer.label[language], "hint": answer.hint?[language],
                        "checked": question.chosen.contains(answer.id),
                    ])
                },
            ])
            return View(["id": situation.id, "fields": [field]])
        }
    }

    /// The answers in words, for the paper.
    private var given: [View] {
        situations.questions.filter { !$0.chosen.isEmpty }.map { question in
            let answers = question.situation.answers.filter { question.chosen.contains($0.id) }.map {
                $0.label[language]
            }
            return View([
                "label": question.situation.ask[language],
                "value": answers.joined(separator: language == .en ? ", " : "、"),
            ])
        }
    }

    /// What the form that applies carries.
    private var chosen: [View] {
        situations.questions.flatMap { question in
            question.chosen.map { View(["name": "s." + question.situation.id, "value": $0]) }
        }
    }

    private var obstacle: View? {
        switch situations.obstacle {
        case nil: return nil
        case .blocked(_, let reason):
            return View([
                "kind": "info", "title": exchange.text("catalogue.guide.blocked"), "text": reason[language],
                "action": nil,
            ])
        case .diverted(_, let slug, let reason):
            let link = names[slug].map { name in
                View([
                    "href": CataloguePaths.item.url(area, slug),
                    "label": exchange.text("catalogue.guide.goTo", ["name": name[language]]),
                ])
            }
            return View([
                "kind": "info", "title": exchange.text("catalogue.guide.diverted"), "text": reason[language],
                "action": link,
            ])
        }
    }

    /// What must exist before. Certificates of the reader are not known here, so all are named.
    private var requirements: [View] {
        item.requires.map { requirement in
            var link: View?
            if case .item(let slug, _) = requirement.need, let name = names[slug] {
                link = View(["href": CataloguePaths.item.url(area, slug), "label": name[language]])
            }
            return View(["text": exchange.label(requirement.message), "link": link])
        }
    }

    private func material(_ needed: Situations.Needed) -> View {
        let material = needed.material
        var notes: [String] = []
        if let standard = material.standard {
            notes.append(exchange.text("catalogue.guide.standard", ["text": standard[language]]))
        }
        if material.generated {
            notes.append(exchange.text("catalogue.guide.generated"))
        } else if !needed.exempt {
            notes.append(shape(of: material))
            if material.source == .government { notes.append(exchange.text("catalogue.guide.fromGovernment")) }
            if material.source == .intermediary { notes.append(exchange.text("catalogue.guide.fromIntermediary")) }
        }
        if let type = material.certificate {
            let name = pack.certificates.first { $0.id == type }?.name[language] ?? material.name[language]
            notes.append(
                exchange.text(needed.exempt ? "catalogue.guide.isExempt" : "catalogue.guide.exemptWith", ["name": name])
            )
        }
        let state = needed.exempt ? "exempt" : material.generated ? "made" : needed.required ? "must" : "optional"
        let papers = papers(of: material)
        return View([
            "name": exchange.label(material.name), "hint": material.hint?[language],
            "must": state == "must", "state": exchange.text("catalogue.guide.material.\(state)"),
            "notes": notes.map { View(["text": $0]) }, "papers": papers, "hasPapers": !papers.isEmpty,
        ])
    }

    /// 空表 · 样例 of a material's row.
    private func papers(of material: MaterialDefinition) -> [View] {
        let answers = situations.questions.flatMap { question in
            question.chosen.map { ("s." + question.situation.id, $0) }
        }
        let links = PaperLinks.links(of: material, in: item, area: area, answers: answers)
        return PaperLinks.views(links, of: material, exchange)
    }

    /// `电子件或者纸质，复印件 1 份。可传 PDF、JPG、PNG，每个不超过 10 MB，最多 5 个。`
    private func shape(of material: MaterialDefinition) -> String {
        let original = exchange.text("catalogue.guide.original.\(material.original.rawValue)")
        let form = exchange.text("catalogue.guide.form.\(material.form.rawValue)", ["original": original])
        guard item.online, material.form != .paper, !material.accept.isEmpty else { return form }
        let separator = language == .en ? ", " : "、"
        let types = material.accept.map { $0.rawValue.uppercased() }.joined(separator: separator)
        return form
            + exchange.text(
                "catalogue.guide.upload",
                ["types": types, "size": "\(material.maxMegabytes)", "count": "\(material.maxFiles)"])
    }

    /// The links with only the procedures that these answers bring.
    private var flow: View? {
        guard !item.stages.isEmpty || item.plan != nil else { return nil }
        var shown = item
        shown.procedures = situations.procedures
        let picture = ProcessChart(of: shown, language: language) { profile.departmentName($0, in: language) }
        let view = View([
            "svg": picture.svg(id: "flow"), "title": picture.title,
            "chart": ChartRoutes.wall.url(profile.area, item.slug),
            "model": ChartRoutes.model.url(profile.area, item.slug),
        ])
        // A package's steps stand in words on the guide already.
        guard item.plan == nil else { return view }
        let chart = Flowchart(of: shown, language: language) { profile.departmentName($0, in: language) }
        return view.with([
            "hasSteps": true,
            "steps": chart.steps.map { step in
                View([
                    "title": step.title, "who": step.who, "within": step.within, "task": step.task,
                    "procedures": step.procedures.map { View(["text": $0]) },
                ])
            },
        ])
    }
}
