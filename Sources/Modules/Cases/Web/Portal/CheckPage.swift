import Catalogue
import Directory
import HTTPTypes
import Hummingbird
import Identity
import Kernel
import Web

/// 核对: everything once more before it is handed in.
struct CheckPage: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.check, requires: .applicant, show)
        routes.post(PortalPaths.check, requires: .applicant, submit)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.submitted.url(area, number))
        }
        return try await page(exchange, area, id, viewer)
    }

    /// Pressed twice or sent again: the same number, the same page.
    @Sendable func submit(_ exchange: Exchange, _ area: AreaCode, _ id: String) async throws -> Response {
        let viewer = try exchange.resident()
        if let number = try await cases.numberOfDraft(id, area: area, viewer) {
            return exchange.redirect(PortalPaths.submitted.url(area, number))
        }
        guard exchange.form["truth"] == "yes" else {
            return try await page(
                exchange, area, id, viewer, faults: [FieldFault("truth", Message("cases.fault.truth"))], answering: true
            )
        }
        do {
            let (number, _) = try await cases.submit(
                id, viewer, exchange.occasion(area), language: exchange.language,
                lacking: Set(exchange.form.all("lacking")))
            return exchange.redirect(PortalPaths.submitted.url(area, number))
        } catch DomainError.invalid {
            // The page finds the gaps itself.
            return try await page(exchange, area, id, viewer, answering: true)
        }
    }

    private func page(
        _ exchange: Exchange, _ area: AreaCode, _ id: String, _ viewer: ResidentViewer, faults: [FieldFault] = [],
        answering: Bool = false
    ) async throws -> Response {
        let language = exchange.language
        let draft = try await cases.openDraft(id, area: area, viewer)
        let check = cases.check(draft, viewer, language: language, on: exchange.now.date)
        let steps = DraftSteps(draft: draft, check: check, language: language)
        let profile = try await cases.directory.profile(of: area)
        let person = try await cases.identity.profile(of: viewer)
        let item = draft.item.definition
        let words = ValueWords(
            profile: profile, language: language, masked: false, yuan: exchange.text("web.field.yuan"))
        let later = check.missing.filter { $0.lackingWithin != nil }
        let isReady =
            check.situations.isClear && check.faults.isEmpty && later.count == check.missing.count
            && cases.handlerFaults(draft, viewer, on: exchange.now.date).isEmpty
            && CasesAPI.scanFaults(draft).isEmpty
        let chosen = Set(exchange.form.all("lacking"))
        let gaps = gaps(draft, check, steps, answering && isReady ? chosen : Set(later.map(\.id)), exchange)
        let unhandled = cases.handlerFaults(draft, viewer, on: exchange.now.date)
        let errors =
            faults.map { View(["href": "#\($0.field)", "text": exchange.text($0.message)]) } + gaps
            + unhandled.prefix(1).map {
                View(["href": PortalPaths.handler.url(area, id), "text": exchange.text($0.message)])
            }
            + CasesAPI.scanFaults(draft).map {
                View(["href": PortalPaths.scans.url(area, id), "text": exchange.text($0.message)])
            }
        let due = draft.calendar.deadline(after: exchange.now, limit: CaseRules.acceptance)
        let limit = LimitWords(exchange, calendar: draft.calendar)
        let view = View([
            "item": item.name[language], "department": profile.departmentName(item.department, in: language),
            "stepper": steps.stepper(current: .check) { exchange.text($0) },
            "errors": errors.isEmpty ? nil : View(["count": errors.count, "items": errors]),
            "ready": isReady, "hasLater": !later.isEmpty,
            "later": later.map { material in
                View([
                    "value": material.id, "label": material.name[language], "checked": chosen.contains(material.id),
                    "within": exchange.text(
                        "cases.portal.check.within",
                        ["limit": material.lackingWithin?.words(in: language) ?? ""]),
                ])
            }, "continue": steps.url(steps.next), "action": PortalPaths.check.url(area, id),
            "overview": PortalPaths.draft.url(area, id),
            "questions": check.situations.questions.isEmpty
                ? nil
                : View([
                    "rows": words.rows(of: item.situations, answers: check.situations.answers),
                    "edit": PortalPaths.questions.url(area, id) + "?from=check",
                ]),
            "sections": check.rules.sections.map { section in
                View([
                    "title": section.title[language],
                    "rows": words.rows(of: section, values: check.rules.visibleValues) { field in
                        steps.url(.section(section.id)) + "?from=check#" + field.id
                    },
                ])
            },
            "materials": materials(draft, check, steps, exchange), "hasMaterials": !check.situations.materials.isEmpty,
            "applicant": Self.applicant(person, exchange),
            "handler": View([
                "rows": draft.content.handler.map { HandlerViews.rows($0, masked: true, exchange) } ?? [View](),
                "href": PortalPaths.handler.url(area, id), "isNamed": draft.content.handler != nil,
                "papers": CasesAPI.papers(draft.content.files).map {
                    View(["name": $0.name, "href": PortalPaths.draftFile.url(area, id, $0.id)])
                },
            ]),
            "deadline": exchange.text(
                "cases.portal.check.deadline",
                [
                    "date": limit.date(due.date, provisional: due.provisional),
                    "promised": item.limits.promised.words(in: language),
                ]),
            "truthError": faults.first { $0.field == "truth" }.map { exchange.text($0.message) },
        ])
        return try await exchange.page(
            "cases.portal-check", title: exchange.text("cases.portal.check.title"), view,
            status: answering && !errors.isEmpty ? .unprocessableContent : .ok)
    }

    /// What is missing or wrong, each with the place where it is mended.
    ///
    /// - Parameter later: materials that come later, and are no gap.
    private func gaps(
        _ draft: OpenDraft, _ check: DraftCheck, _ steps: DraftSteps, _ later: Set<String>, _ exchange: Exchange
    ) -> [View] {
        var gaps: [View] = []
        if !check.situations.isClear {
            gaps.append(
                View([
                    "href": PortalPaths.questions.url(draft.area, draft.row.id) + "?from=check",
                    "text": exchange.text("cases.portal.check.questions"),
                ]))
        }
        for section in check.rules.sections {
            for fault in check.rules.faults(in: section.id, language: exchange.language) {
                gaps.append(
                    View([
                        "href": steps.url(.section(section.id)) + "?from=check#" + fault.anchored.field,
                        "text": exchange.text(fault.message),
                    ]))
            }
        }
        let place = materialsURL(draft, steps)
        gaps += check.stepFaults.map { fault in
            View([
                "href": stepPlace(fault.anchored.field, draft, check, steps), "text": exchange.text(fault.message),
            ])
        }
        return gaps
            + check.missing.filter { !later.contains($0.id) }.map { material in
                View([
                    "href": place + "#m-" + material.id,
                    "text": exchange.text("cases.fault.materialMissing", ["name": material.name[exchange.language]]),
                ])
            }
    }

    /// Where a department's own question is answered: in the questions, the materials, or the section with the field.
    private func stepPlace(_ field: String, _ draft: OpenDraft, _ check: DraftCheck, _ steps: DraftSteps) -> String {
        let name = String(field.prefix { $0 != "." })
        if let section = check.rules.sections.first(where: { $0.fields.contains { $0.id == name } }) {
            return steps.url(.section(section.id)) + "?from=check#" + field
        }
        if field.hasPrefix("m-") { return materialsURL(draft, steps) + "#" + field }
        return PortalPaths.questions.url(draft.area, draft.row.id) + "?from=check"
    }

    private func materialsURL(_ draft: OpenDraft, _ steps: DraftSteps) -> String {
        guard draft.item.definition.genericForm, let section = draft.item.definition.form.first else {
            return steps.url(.materials)
        }
        return steps.url(.section(section.id)) + "?from=check"
    }

    private func materials(_ draft: OpenDraft, _ check: DraftCheck, _ steps: DraftSteps, _ exchange: Exchange) -> [View]
    {
        let place = materialsURL(draft, steps)
        return check.situations.materials.map { needed in
            let material = needed.material
            let own = draft.content.files.filter { $0.material == material.id }
            let note: String? =
                if material.generated {
                    exchange.text("cases.portal.materials.generated")
                } else if needed.exempt {
                    exchange.text("cases.portal.materials.exempt")
                } else if material.form == .paper {
                    exchange.text("cases.portal.materials.paper")
                } else {
                    own.isEmpty ? exchange.text("cases.portal.materials.none") : nil
                }
            return View([
                "name": material.name[exchange.language], "note": note,
                "edit": needed.toUpload && material.form != .paper ? place + "#m-" + material.id : nil,
                "files": own.map { file in
                    View([
                        "name": file.name, "size": sizeWords(file.size),
                        "href": PortalPaths.draftFile.url(draft.area, draft.row.id, file.id),
                    ])
                },
            ])
        }
    }

    /// Who applies, in part only: the paper may be read over somebody's shoulder.
    static func applicant(_ person: ApplicantProfile, _ exchange: Exchange) -> [View] {
        var rows: [(key: String, value: String)] = []
        if let organisation = person.organisation {
            rows = [
                ("organisation", organisation.name), ("uscc", organisation.uscc), ("agent", Mask.name(person.name)),
            ]
        } else {
            rows = [("name", Mask.name(person.name)), ("idcard", Mask.identity(person.idNumber))]
        }
        rows.append(("phone", Mask.phone(person.phone)))
        return rows.map { View(["label": exchange.text("cases.shared.part.\($0.key)"), "value": $0.value]) }
    }
}
