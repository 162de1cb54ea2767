import Catalogue
import Cryptography
import Directory
import Documents
import HTTPTypes
import Hummingbird
import Kernel
import Web

/// 进度 of one's own case, the page after submission, its documents and files.
struct CasePages: Sendable {
    let cases: CasesAPI

    func add(to routes: Routes) {
        routes.get(PortalPaths.one, requires: .applicant, show)
        routes.get(PortalPaths.submitted, requires: .applicant, submitted)
        routes.get(PortalPaths.notice, requires: .applicant, notice)
        routes.get(PortalPaths.file, requires: .applicant, file)
    }

    @Sendable func show(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        guard let opened = try await openOrPackage(number, area, exchange) else {
            return exchange.redirect(PortalPaths.package.url(area, number))
        }
        let state = opened.state
        let language = exchange.language
        let words = LimitWords(exchange, calendar: opened.calendar)
        let standing = CaseStanding(opened: opened, words: words) { exchange.text($0) }
        let history = try await cases.history(of: opened)
        let timeline = TimelineViews(
            opened: opened, words: words, audience: .applicant,
            noticeLink: { PortalPaths.notice.url(area, number, $0) }, text: { exchange.text($0) })
        let item = opened.item.definition
        let notices = try await cases.notices(of: opened)
        let view = View([
            "item": item.name[language], "number": CaseNumber.grouped(number), "panel": standing.panel,
            "package": try await package(opened, exchange), "overdue": standing.overdue,
            "due": due(opened, area, number, exchange, words),
            "decision": try decision(opened, history, exchange), "result": result(opened, exchange),
            "instant": try await cases.instant(opened, isStaff: false, exchange),
            "notices": notices.map { notice in
                View([
                    "href": PortalPaths.notice.url(area, number, notice.id), "title": notice.title,
                    "number": notice.number,
                    "date": words.date(notice.issuedAt.date),
                    "state": notice.state == "valid" ? nil : exchange.text("cases.notice.state.\(notice.state)"),
                ])
            },
            "hasNotices": !notices.isEmpty, "timeline": try timeline.views(history),
            "bill": BillPages.own.url(area, number),
            "handler": HandlerViews.own(
                try opened.content().applicant.handler, try await cases.attorney(of: opened), number: number,
                area: area,
                exchange),
            "remote": RemoteCheckViews.own(opened, exchange),
            "sent": try sent(opened, area, number, exchange),
            "withdraw": WithdrawPage.allowed(state.stage) ? PortalPaths.withdraw.url(area, number) : nil,
            "acts": try await cases.acts(opened, try exchange.resident(), at: exchange.now).map { act in
                View([
                    "href": ApplicantActPage.path.url(area, number, act.name),
                    "label": exchange.text("cases.act.\(act.name)"),
                ])
            }
                + (opened.mayAmend && opened.round == nil
                    ? [
                        View([
                            "href": PortalPaths.amend.url(area, number),
                            "label": exchange.text("cases.portal.amend.title"),
                        ])
                    ] : []),
            "advice": standing.advice, "complaint": standing.complaint,
            "guide": PortalPaths.guide.url(area, state.item),
            "again": [.voided, .lapsed, .withdrawn].contains(state.stage)
                ? PortalPaths.guide.url(area, state.item) : nil,
            "address": exchange.app.settings.publicURL + PortalPaths.one.url(area, number),
            "printed": exchange.now.words(in: language),
        ])
        return try await exchange.page("cases.portal-case", title: item.name[language], view)
    }

    /// A reader's own case; nil where the number is that of his package.
    private func openOrPackage(_ number: String, _ area: AreaCode, _ exchange: Exchange) async throws -> OpenCase? {
        let viewer = try exchange.resident()
        do {
            return try await cases.openOwn(number, area: area, viewer)
        } catch DomainError.notFound {
            guard try await cases.ownedPackages(by: viewer, area: area).contains(where: { $0.number == number }) else {
                throw DomainError.notFound
            }
            return nil
        }
    }

    /// The package it is a step of.
    private func package(_ opened: OpenCase, _ exchange: Exchange) async throws -> View? {
        guard let part = opened.state.part else { return nil }
        let names = try await cases.catalogue.names(of: [part.slug], area: opened.area)
        return View([
            "href": PortalPaths.package.url(opened.area, part.number),
            "name": names[part.slug]?[exchange.language] ?? part.slug,
        ])
    }

    /// What the reader himself has to do now.
    private func due(_ opened: OpenCase, _ area: AreaCode, _ number: String, _ exchange: Exchange, _ words: LimitWords)
        -> View?
    {
        switch opened.state.stage {
        case .correcting:
            guard let limit = opened.state.correction else { return nil }
            return View([
                "title": exchange.text("cases.portal.case.dueCorrection"),
                "text": CorrectionPage.deadline(limit, exchange, words),
                "href": PortalPaths.correction.url(area, number),
                "label": exchange.text("cases.portal.case.correct"),
            ])
        case .accepted, .approving, .approved:
            guard let awaited = opened.state.awaited else { return amending(opened, area, number, exchange) }
            return View([
                "title": exchange.text("cases.portal.case.duePapers.\(awaited.kind.rawValue)"),
                "text": CorrectionPage.deadline(awaited.limit, exchange, words),
                "href": PortalPaths.correction.url(area, number),
                "label": exchange.text("cases.portal.case.handIn"),
            ])
        // A step of a package is not rated alone: the whole is asked about once.
        case .completed where opened.item.definition.rating && opened.state.part == nil:
            return View([
                "title": exchange.text("cases.portal.case.dueRating"), "text": nil,
                "href": PortalPaths.rating.url(area, number),
                "label": exchange.text("cases.portal.case.rate"),
            ])
        default: return nil
        }
    }

    /// A change that is prepared and not handed in.
    private func amending(_ opened: OpenCase, _ area: AreaCode, _ number: String, _ exchange: Exchange) -> View? {
        guard opened.round?.amends == true else { return nil }
        return View([
            "title": exchange.text("cases.portal.amend.due"), "text": exchange.text("cases.portal.amend.dueText"),
            "href": PortalPaths.correction.url(area, number), "label": exchange.text("cases.portal.amend.goOn"),
        ])
    }

    /// A decision against the applicant, with what can be done about it.
    private func decision(_ opened: OpenCase, _ history: [TimelineEntry], _ exchange: Exchange) throws -> View? {
        let kinds: Set<String> = ["refused", "declined", "notNeeded", "voided"]
        guard let entry = history.first(where: { kinds.contains($0.kind) }),
            let words = try opened.words(entry.words, as: DecisionWords.self)
        else { return nil }
        return View([
            "facts": words.facts, "reason": words.reason, "basis": words.basis, "referTo": words.referTo,
            "remedies": entry.kind == "voided" ? nil : remedies(opened, exchange), "voided": entry.kind == "voided",
        ])
    }

    /// What can be done about it, in the reader's language; the document says it in Chinese.
    private func remedies(_ opened: OpenCase, _ exchange: Exchange) -> String? {
        guard let organ = opened.profile.reviewOrgan, let court = opened.profile.court else { return nil }
        let language = exchange.language
        return exchange.text("cases.portal.case.remedies", ["organ": organ[language], "court": court[language]])
    }

    private func result(_ opened: OpenCase, _ exchange: Exchange) -> View? {
        guard let result = opened.state.result else { return nil }
        return View([
            "name": opened.item.definition.outcome.map { $0.name[exchange.language] }.joined(separator: "、"),
            "number": result.number, "on": result.on.words(in: exchange.language),
            "until": result.until.map { $0.words(in: exchange.language) }
                ?? exchange.text("cases.portal.case.permanent"),
            "delivery": exchange.text("cases.delivery.\(result.delivery)"),
        ])
    }

    /// What was handed in, files included.
    private func sent(_ opened: OpenCase, _ area: AreaCode, _ number: String, _ exchange: Exchange) throws -> View {
        let content = try opened.content()
        let item = opened.item.definition
        let words = ValueWords(
            profile: opened.profile, language: exchange.language, masked: true, yuan: exchange.text("web.field.yuan"))
        let sections = item.form.compactMap { section -> View? in
            var copy = section
            copy.fields = section.fields.filter { content.form[$0.id] != nil }
            guard !copy.fields.isEmpty else { return nil }
            return View([
                "title": section.title[exchange.language],
                "rows": words.rows(of: copy, values: content.form) { _ in nil },
            ])
        }
        let materials = item.materials.compactMap { material -> View? in
            let own = opened.state.files.filter { $0.material == material.id }
            guard !own.isEmpty else { return nil }
            return View([
                "name": material.name[exchange.language],
                "files": own.map { file in
                    View([
                        "name": content.fileNames[file.id] ?? file.id, "size": sizeWords(file.size),
                        "href": PortalPaths.file.url(area, number, file.id),
                    ])
                },
            ])
        }
        let questions = words.rows(of: item.situations, answers: content.situations)
        return View([
            "questions": questions.isEmpty ? nil : View(["rows": questions]), "sections": sections,
            "materials": materials,
            "hasMaterials": !materials.isEmpty,
        ])
    }

    @Sendable func submitted(_ exchange: Exchange, _ area: AreaCode, _ number: String) async throws -> Response {
        guard let opened = try await openOrPackage(number, area, exchange) else {
            return exchange.redirect(PortalPaths.package.url(area, number) + "?submitted=1")
        }
        let words = LimitWords(exchange, calendar: opened.calendar)
        let code = try opened.text("query-code").flatMap { QueryCode($0) }
        let receipt = opened.state.notices.first { $0.kind == "receipt" }
        let until = opened.state.acceptance.map { limit in
            exchange.text(
                "cases.portal.submitted.until",
                [
                    "date": words.date(limit.dueOn, provisional: limit.provisional),
                    "left": words.left(limit.dueOn, dueAt: limit.dueAt),
                    "department": opened.profile.departmentName(opened.state.department, in: exchange.language),
                ])
        }
        let groups = CaseNumber.grouped(number).split(separator: " ")
        let view = View([
            "item": opened.item.definition.name[exchange.language],
            "numberHead": groups.prefix(2).joined(separator: " "),
            "numberTail": groups.dropFirst(2).joined(separator: " "), "code": code?.description,
            "until": until, "promised": opened.item.definition.limits.promised.words(in: exchange.language),
            "case": PortalPaths.one.url(area, number),
            "receipt": receipt.map { PortalPaths.notice.url(area, number, $0.id) },
            "progress": PortalPaths.progress.url(area),
        ])
        return try await exchange.page(
            "cases.portal-submitted", title: exchange.text("cases.portal.submitted.title"), view)
    }

    @Sendable func notice(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws
        -> Response
    {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        let (row, reader) = try await cases.paper(id, of: opened, at: exchange.now)
        return FileResponse.make(reader, kind: .pdf, name: row.title + ".pdf", inline: true, exchange)
    }

    @Sendable func file(_ exchange: Exchange, _ area: AreaCode, _ number: String, _ id: String) async throws -> Response
    {
        let opened = try await cases.openOwn(number, area: area, try exchange.resident())
        let (name, kind, reader) = try await cases.file(id, of: opened)
        return FileResponse.make(reader, kind: kind, name: name, inline: true, exchange)
    }
}
