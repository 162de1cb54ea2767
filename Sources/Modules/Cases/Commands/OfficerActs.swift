import Catalogue
package import Documents
import Foundation
import Identity
package import Kernel
import Notify
import Storage
package import Web
package import Workflow

extension CasesAPI {
    /// 受理: the limits begin to run.
    @discardableResult
    package func accept(_ number: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws -> CaseHead {
        let opened = try await openToAct(number, viewer, occasion)
        let holder = try opened.holder()
        let promised = opened.calendar.deadline(after: occasion.at, limit: opened.item.definition.limits.promised).date
        let notice = try notices.prepare(
            Notices.acceptance(opened, applicant: holder, promised: promised, at: occasion.at), in: opened.vault,
            at: occasion.at)
        return try await perform(
            .accept(notice: IssuedNotice(id: notice.id, kind: "acceptance", at: occasion.at)), opened, occasion,
            officer: viewer.id, with: Enclosures(notice: notice))
    }

    /// 一次性告知补正: every point with what is wrong and how to mend it.
    ///
    /// - Throws: `.invalid` for a point without problem or without advice.
    @discardableResult
    package func requestCorrection(
        _ number: String, points: [CorrectionWords.Point], days: Int, _ viewer: StaffViewer, _ occasion: Occasion
    ) async throws -> CaseHead {
        let opened = try await openToAct(number, viewer, occasion)
        var faults: [FieldFault] = []
        for point in points {
            if point.problem.isEmpty {
                faults.append(
                    FieldFault("problem-\(point.id)", Message("cases.fault.problem", ["subject": point.subject])))
            }
            if point.fix.isEmpty {
                faults.append(FieldFault("fix-\(point.id)", Message("cases.fault.fix", ["subject": point.subject])))
            }
        }
        guard faults.isEmpty else { throw DomainError.invalid(faults) }
        let targets = points.map { point -> CorrectionPoint in
            let ref = String(point.id.dropFirst(2))
            let target: CorrectionPoint.Target =
                point.id.hasPrefix("m.") ? .material : point.id.hasPrefix("f.") ? .field : .other
            return CorrectionPoint(id: point.id, target: target, ref: ref)
        }
        let words = CorrectionWords(points: points)
        let part = try opened.seal(words, kind: "words", at: occasion.at)
        let due = opened.calendar.deadline(after: occasion.at, limit: Limit(max(1, min(days, 60)), .workingDays)).date
        let notice = try notices.prepare(
            Notices.correction(opened, applicant: try opened.holder(), words: words, due: due, at: occasion.at),
            in: opened.vault,
            at: occasion.at)
        return try await perform(
            .requestCorrection(
                points: targets, words: part.reference, days: days,
                notice: IssuedNotice(id: notice.id, kind: "correction", at: occasion.at)),
            opened, occasion, officer: viewer.id, with: Enclosures(parts: [part], notice: notice))
    }

    /// 不予受理 (another organ's matter), 不受理 (no licence needed) or 不予许可: always with reasons.
    package enum Adverse: String, Sendable, CaseIterable {
        case decline, notNeeded = "not-needed", refuse
    }

    /// A decision against the applicant, with its document.
    ///
    /// - Throws: `.invalid` for missing words, `.refused` where the area's remedy organs are not known.
    @discardableResult
    package func decideAgainst(
        _ kind: Adverse, _ number: String, words: DecisionWords, _ viewer: StaffViewer, _ occasion: Occasion
    ) async throws -> CaseHead {
        let opened = try await openToAct(number, viewer, occasion)
        var faults: [FieldFault] = []
        if words.reason.isEmpty { faults.append(FieldFault("reason", Message("cases.fault.reason"))) }
        if kind == .refuse, words.facts.isEmpty { faults.append(FieldFault("facts", Message("cases.fault.facts"))) }
        if kind == .refuse, words.basis.isEmpty { faults.append(FieldFault("basis", Message("cases.fault.basis"))) }
        if kind == .decline, words.referTo.isEmpty {
            faults.append(FieldFault("referTo", Message("cases.fault.referTo")))
        }
        guard faults.isEmpty else { throw DomainError.invalid(faults) }
        guard !Notices.remedies(opened).isEmpty else {
            throw DomainError.refused(Message("cases.refused.noRemedyOrgan"))
        }
        let part = try opened.seal(words, kind: "words", at: occasion.at)
        let holder = try opened.holder()
        let draft: NoticeDraft =
            switch kind {
            case .decline: Notices.decline(opened, applicant: holder, words: words, at: occasion.at)
            case .notNeeded: Notices.notNeeded(opened, applicant: holder, words: words, at: occasion.at)
            case .refuse: Notices.refusal(opened, applicant: holder, words: words, at: occasion.at)
            }
        let notice = try notices.prepare(draft, in: opened.vault, at: occasion.at)
        let issued = IssuedNotice(id: notice.id, kind: draft.kind, at: occasion.at)
        let command: CaseCommand =
            switch kind {
            case .decline: .decline(words: part.reference, notice: issued)
            case .notNeeded: .notNeeded(words: part.reference, notice: issued)
            case .refuse: .refuse(words: part.reference, notice: issued)
            }
        return try await perform(
            command, opened, occasion, officer: viewer.id, with: Enclosures(parts: [part], notice: notice))
    }

    /// What a decision against the applicant would say: for the preview beside the composer.
    package func previewAgainst(_ kind: Adverse, _ opened: OpenCase, words: DecisionWords, at now: Moment) throws
        -> NoticeDraft
    {
        let holder = try opened.holder()
        return switch kind {
        case .decline: Notices.decline(opened, applicant: holder, words: words, at: now)
        case .notNeeded: Notices.notNeeded(opened, applicant: holder, words: words, at: now)
        case .refuse: Notices.refusal(opened, applicant: holder, words: words, at: now)
        }
    }

    /// 审核通过, with an opinion for the approver.
    @discardableResult
    package func passReview(_ number: String, opinion: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws
        -> CaseHead
    {
        let opened = try await openToAct(number, viewer, occasion)
        let part =
            opinion.isEmpty ? nil : try opened.seal(DecisionWords(reason: opinion), kind: "words", at: occasion.at)
        return try await perform(
            .passReview(words: part?.reference), opened, occasion, officer: viewer.id,
            with: Enclosures(parts: part.map { [$0] } ?? []))
    }

    /// Back to review, with the reason.
    @discardableResult
    package func sendBack(_ number: String, reason: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws
        -> CaseHead
    {
        guard !reason.isEmpty else { throw DomainError.invalid("reason", "cases.fault.reason") }
        let opened = try await openToAct(number, viewer, occasion)
        let part = try opened.seal(DecisionWords(reason: reason), kind: "words", at: occasion.at)
        return try await perform(
            .sendBack(words: part.reference), opened, occasion, officer: viewer.id, with: Enclosures(parts: [part]))
    }

    /// 准予.
    @discardableResult
    package func approve(_ number: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws -> CaseHead {
        let opened = try await openToAct(number, viewer, occasion)
        let notice = try notices.prepare(
            Notices.approval(opened, applicant: try opened.holder(), at: occasion.at), in: opened.vault, at: occasion.at
        )
        return try await perform(
            .approve(notice: IssuedNotice(id: notice.id, kind: "approval", at: occasion.at)), opened, occasion,
            officer: viewer.id, with: Enclosures(notice: notice))
    }

    /// 办结: the result is numbered, dated and served. The number is taken in the transaction that completes the case, so that none is
    /// lost or given twice.
    @discardableResult
    package func complete(_ number: String, delivery: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws
        -> CaseHead
    {
        let opened = try await openToAct(number, viewer, occasion)
        let result = try result(of: opened, delivery: delivery, at: occasion.at)
        let outcome = opened.item.definition.outcome.first
        let notice = try notices.prepare(
            Notices.delivery(
                opened, applicant: try opened.holder(), result: result, numbered: outcome?.number != nil,
                at: occasion.at),
            in: opened.vault, at: occasion.at)
        let issued = IssuedNotice(id: notice.id, kind: "delivery", at: occasion.at)
        let (area, item) = (opened.area, opened.state.item)
        return try await perform(opened, occasion, officer: viewer.id, with: Enclosures(notice: notice)) { tx in
            guard let outcome, let pattern = outcome.number else { return (.complete(result, notice: issued), nil) }
            let year = result.on.year
            let sequence = try NumberSeries.gapless(
                "result/\(item)/\(outcome.id)", area: area, year: ResultNumber.tellsYear(pattern) ? year : 2000, tx)
            let number = ResultNumber.make(pattern, area: area, year: year, sequence: sequence)
            return (.complete(result.numbered(number), notice: issued), number)
        }
    }

    /// 作废 an office's error; a second officer and a reason are needed.
    @discardableResult
    package func void(_ number: String, reason: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws
        -> CaseHead
    {
        guard !reason.isEmpty else { throw DomainError.invalid("reason", "cases.fault.reason") }
        let opened = try await openUnseen(number, viewer)
        let part = try opened.seal(DecisionWords(reason: reason), kind: "words", at: occasion.at)
        let (id, area) = (opened.id, opened.area)
        // What was issued in error holds no longer; the receipt stays: the papers were handed in.
        return try await perform(
            .void(words: part.reference), opened, occasion, officer: viewer.id,
            with: Enclosures(parts: [part], also: { tx in try DocumentsStore.revoke(of: id, area: area, tx) }))
    }

    /// 认领.
    @discardableResult
    package func claim(_ number: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws -> CaseHead {
        let opened = try await openToAct(number, viewer, occasion)
        return try await perform(.claim, opened, occasion, officer: viewer.id)
    }

    /// 转交 to a colleague who serves the same queue, or back to the queue.
    @discardableResult
    package func assign(_ number: String, to person: String?, _ viewer: StaffViewer, _ occasion: Occasion) async throws
        -> CaseHead
    {
        let opened = try await openUnseen(number, viewer)
        guard let queue = opened.state.queue else { throw CaseProcedure.moved(opened.state) }
        let mayAssign =
            opened.state.assignee == viewer.id || viewer.permissions.contains(Permission("cases.assign"))
            || (opened.state.assignee == nil && viewer.queues.contains(queue))
        guard mayAssign else { throw DomainError.forbidden }
        if let person {
            let colleagues = try await identity.colleagues(viewer.area, queue: queue)
            guard colleagues.contains(where: { $0.id == person }) else {
                throw DomainError.invalid("person", "cases.fault.colleague")
            }
        }
        return try await perform(.assign(person), opened, occasion, officer: viewer.id)
    }

    /// A note between officers; the applicant never sees it.
    ///
    /// - Parameters:
    ///   - key: made with the page on which it was written, so that a double click leaves one note.
    ///   - urges: 督办: shown on the task of whoever has the case, and told to that person; where nobody has taken the
    ///     case, to everybody who may.
    package func addNote(
        _ number: String, _ text: String, key: String? = nil, urges: Bool = false, _ viewer: StaffViewer,
        _ occasion: Occasion
    ) async throws {
        guard !text.isEmpty else { throw DomainError.invalid("note", "cases.fault.note") }
        let opened = try await openForStaff(number, viewer, occasion)
        let id = (key.flatMap { ID<CaseState>($0) } ?? ID<CaseState>(at: occasion.at)).description
        let part = try opened.vault.seal(String(text.prefix(2000)), slot: "note/\(id)")
        let stream = opened.id
        let labels = ["number": opened.state.number, "item": opened.state.item]
        var everybody: Set<String> = []
        if urges, let queue = opened.state.queue {
            everybody = Set(try await identity.colleagues(viewer.area, queue: queue).map(\.id))
        }
        try await database.write { [everybody] tx in
            try VaultStore.put(part, in: stream, area: occasion.area, at: occasion.at, tx)
            try NotesStore.add(
                id, stream: stream, author: viewer.id, slot: part.slot, urges: urges, area: occasion.area,
                at: occasion.at, tx)
            guard urges else { return }
            let holders = Set(try TaskStore.tasks(of: stream, area: occasion.area, tx).compactMap(\.assignee))
            try StaffMessages.put(
                id, kind: "cases.urged", stream: stream, arguments: labels,
                to: (holders.isEmpty ? everybody : holders).subtracting([viewer.id]), area: occasion.area,
                at: occasion.at, tx)
        }
    }

    /// 合格 or 需补正, material by material.
    package func mark(_ material: String, good: Bool, _ number: String, _ viewer: StaffViewer, _ occasion: Occasion)
        async throws
    {
        let opened = try await openForStaff(number, viewer, occasion)
        guard opened.item.definition.material(material) != nil else { throw DomainError.notFound }
        let stream = opened.id
        try await database.write { tx in
            try NotesStore.mark(
                material, good: good, stream: stream, author: viewer.id, area: occasion.area, at: occasion.at, tx)
        }
    }

    // MARK: Inside

    /// Opens a case to act on it: the person serves its queue and it is not somebody else's.
    func openToAct(_ number: String, _ viewer: StaffViewer, _ occasion: Occasion) async throws -> OpenCase {
        let opened = try await openUnseen(number, viewer)
        if let queue = opened.state.queue {
            guard viewer.queues.contains(queue) || opened.state.assignee == viewer.id else {
                throw try await late(opened, viewer)
            }
            if let assignee = opened.state.assignee, assignee != viewer.id {
                let name = try await identity.staffName(viewer.area, assignee)
                throw DomainError.refused(Message("cases.refused.assigned", ["who": name]))
            }
        }
        return opened
    }

    /// Why a person may not act on a case of another desk: to one who serves another step of it, it has moved on, and he is told who was
    /// faster; to anybody else the act is not there.
    private func late(_ opened: OpenCase, _ viewer: StaffViewer) async throws -> DomainError {
        guard opened.rules.links.contains(where: { viewer.queues.contains($0.queue) }),
            case .conflict(let message) = CaseProcedure.moved(opened.state)
        else { return .forbidden }
        return .conflict(try await told(message, opened.id, opened.area))
    }

    /// The result's day and its end; its number is given when the case is completed.
    func result(of opened: OpenCase, delivery: String, at now: Moment) throws(DomainError) -> CaseResult {
        let item = opened.item.definition
        guard let kind = DeliveryKind(rawValue: delivery), item.delivery.contains(kind) else {
            throw .invalid("delivery", "cases.fault.delivery")
        }
        guard let outcome = item.outcome.first else {
            return CaseResult(number: nil, on: now.date, until: nil, delivery: delivery)
        }
        let on = outcome.dated == .decision ? (opened.state.decidedAt ?? now).date : now.date
        var until: CivilDate?
        if case .period(let limit) = outcome.validity {
            until =
                switch limit.unit {
                case .years: on.adding(months: limit.amount * 12).adding(days: -1)
                case .months: on.adding(months: limit.amount).adding(days: -1)
                default: on.adding(days: limit.amount)
                }
        }
        return CaseResult(number: nil, on: on, until: until, delivery: delivery)
    }
}

extension OpenCase {
    /// The applicant as documents name him.
    package func holder() throws -> String {
        let applicant = try content().applicant
        return applicant.organisation ?? applicant.name
    }
}
