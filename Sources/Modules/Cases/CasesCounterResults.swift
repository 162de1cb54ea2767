import Catalogue
import Directory
import Documents
package import Identity
package import Kernel
import Storage
package import Web
import Workflow

// 统一窗口出证: what every department has ready is handed over at one window, and served by that.

extension CasesCounter {
    /// Results to be fetched, of whatever department, the newest first; and what was handed over since the sitting began.
    package func results(
        of viewer: ResidentViewer, area: AreaCode, since: Moment, _ exchange: Exchange
    ) async throws -> [CounterResult] {
        let cases = cases
        let states = try await cases.database.read { tx in
            try CasesStore.owned(by: viewer.account, area: area, stage: .completed, limit: Self.most, tx).compactMap {
                try cases.office.state(of: $0.id, area: area, tx)?.state
            }
        }.filter { $0.result?.delivery == "counter" && $0.subject == viewer.subject }
        let names = try await cases.catalogue.names(of: Set(states.map(\.item)), area: area)
        let profile = try await cases.directory.profile(of: area)
        return states.compactMap { state in
            let note = state.notices.last { $0.kind == "service" && $0.at >= since }
            guard state.served == nil || note != nil else { return nil }
            return CounterResult(
                number: state.number, grouped: CaseNumber.grouped(state.number),
                name: names[state.item]?[exchange.language] ?? state.item,
                department: profile.departmentName(state.department, in: exchange.language),
                result: state.result?.number,
                receipt: note.map { PortalPaths.notice.url(area, state.number, $0.id) })
        }
    }

    /// Hands results over to the one who sits there: each is served directly on the spot (行政许可法 art. 44, 民事诉讼法 art. 88), with a
    /// proof of service to sign. What is another's, or handed over already, is left out.
    ///
    /// - Returns: how many were handed over.
    /// - Throws: `.refused` where a handler's power of attorney is missing, has ended or does not cover it.
    package func handOver(
        _ numbers: [String], to viewer: ResidentViewer, by staff: StaffViewer, area: AreaCode, _ exchange: Exchange
    ) async throws -> Int {
        var count = 0
        let occasion = exchange.occasion(area)
        for number in numbers.prefix(Self.most) {
            let opened: OpenCase
            do { opened = try await cases.openOwn(number, area: area, viewer) } catch DomainError.notFound { continue }
            guard opened.state.subject == viewer.subject, opened.state.result?.delivery == "counter",
                opened.state.stage == .completed, opened.state.served == nil
            else { continue }
            try await handOver(opened, byHandler: viewer.byHandler, staff, occasion)
            count += 1
        }
        return count
    }

    private static let most = 50

    private func handOver(
        _ opened: OpenCase, byHandler: Bool, _ staff: StaffViewer, _ occasion: Occasion
    ) async throws {
        let (now, number) = (occasion.at, opened.state.number)
        var fetchedBy = try opened.holder()
        var attorney: OpenAttorney?
        if byHandler {
            attorney = try await cases.attorney(of: opened)
            guard let attorney, let handler = try opened.content().applicant.handler else {
                throw DomainError.refused(Message("cases.handler.refused.missing"))
            }
            // Said before the paper is drawn; decided again with it.
            _ = try AttorneyProceeding.decide(
                .use(.receive, number: number), attorney.state, AttorneyProceeding.Context(at: now))
            fetchedBy = "\(handler.name)（经办人，凭授权委托书）"
        }
        let context = opened.context(at: now, officer: staff.id)
        let served = Served(
            method: .direct, on: now.date,
            reviewUntil: CaseProcedure.lastDay(now.date.adding(days: 60), context),
            courtUntil: CaseProcedure.lastDay(now.date.adding(months: 6), context))
        let words = try opened.seal(DecisionWords(reason: "领取人：\(fetchedBy)"), kind: "words", at: now)
        let draft = Notices.service(
            opened, applicant: try opened.holder(), served: served, method: "直接送达（窗口领取）", fetchedBy: fetchedBy,
            at: now)
        let notice = try cases.notices.prepare(draft, in: opened.vault, at: now)
        var enclosures = Enclosures(parts: [words], notice: notice)
        if let id = attorney?.id {
            enclosures.also = { tx in
                try CasesAPI.attorneys.perform(.use(.receive, number: number), on: id, occasion, tx) { _ in
                    AttorneyProceeding.Context(at: now)
                }
            }
        }
        try await cases.perform(
            .further(
                Serve(
                    method: .direct, on: now.date, consented: false, words: words.reference,
                    notice: IssuedNotice(id: notice.id, kind: draft.kind, at: now))), opened, occasion,
            officer: staff.id, with: enclosures)
    }
}
