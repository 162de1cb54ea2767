import Catalogue
import Directory
import Documents
import Foundation
import Identity
package import Kernel
import Storage
package import Web
import Workflow

/// What the applicant prepares: the answer to a notice, or a change of the application under review.
struct PaperRound: Sendable {
    /// Of the slots that keep it until it is handed in: a later round does not see what was kept for an earlier one.
    let prefix: String
    let points: [CorrectionPoint]
    /// Until when; nil where nobody waits for it.
    let limit: RunningLimit?
    let notice: IssuedNotice?
    /// Chosen by the applicant himself; no notice lists it.
    let amends: Bool

    /// Why something is changed: told in words.
    static let whyName = LocalizedText(zh: "变更的理由", en: "Why it is changed")
    static let why = CorrectionPoint(id: "o.amend", target: .other, ref: "amend")
}

extension OpenCase {
    /// What can be handed in now; nil where nothing can.
    var round: PaperRound? {
        if state.takesPapers, let notice = state.papersNotice {
            return PaperRound(
                prefix: "supplement/\(notice.id)/", points: state.points, limit: state.papersLimit, notice: notice,
                amends: false)
        }
        guard mayAmend, let kept = try? text(amendmentPrefix + "points"),
            let points = try? JSONDecoder().decode([CorrectionPoint].self, from: Data(kept.utf8))
        else { return nil }
        return PaperRound(prefix: amendmentPrefix, points: points, limit: nil, notice: nil, amends: true)
    }

    /// The applicant may change what he handed in.
    var mayAmend: Bool {
        (state.stage == .accepted || state.stage == .approving) && AmendApplication.hindrance(state) == nil
    }

    fileprivate var amendmentPrefix: String { "supplement/amend-\(state.amended ?? 0)/" }

    fileprivate func rules(_ form: [String: JSON], _ content: FormContent, on today: CivilDate) -> FormRules {
        FormRules(
            item: item.definition,
            context: RuleContext(
                situations: content.situations, form: form,
                applicant: content.applicant.organisation == nil ? .person : .organisation, today: today,
                calendar: calendar))
    }

    /// Answers that show.
    func shown(_ content: FormContent, on today: CivilDate) -> [String: JSON] {
        rules(content.form, content, on: today).visibleValues
    }

    /// Fields that can be changed: those that were asked.
    func amendableFields(on today: CivilDate) throws -> [FormField] {
        let content = try content()
        return rules(content.form, content, on: today).sections.flatMap(\.fields).filter { $0.kind != .file }
    }

    /// Materials that can be handed in anew.
    func amendableMaterials(on today: CivilDate) throws -> [MaterialDefinition] {
        let content = try content()
        return Situations(of: item.definition, in: rules(content.form, content, on: today).given).materials.filter {
            $0.toUpload && $0.material.form != .paper
        }.map(\.material)
    }

    /// What a chosen point is about.
    func amendmentWords(_ point: CorrectionPoint) -> CorrectionWords.Point {
        let name =
            switch point.target {
            case .material: item.definition.material(point.ref)?.name.zh
            case .field: item.definition.field(point.ref)?.label.zh
            case .other: PaperRound.whyName.zh
            }
        return .init(id: point.id, subject: name ?? point.ref, problem: "", fix: "")
    }

    /// What these new answers ask for besides: fields they bring up, papers they make necessary.
    fileprivate func broughtUp(by values: [String: JSON], _ round: PaperRound, on today: CivilDate) throws
        -> [CorrectionPoint]
    {
        let content = try content()
        func wanting(_ form: [String: JSON]) -> Set<CorrectionPoint> {
            let rules = rules(form, content, on: today)
            let fields = rules.faults(language: .zh).map { String($0.field.prefix { $0 != "." }) }
            let uploaded = Set(state.files.map(\.material))
            let materials = Situations(of: item.definition, in: rules.given).materials.filter {
                $0.required && $0.toUpload && $0.material.form != .paper && !uploaded.contains($0.material.id)
            }
            return Set(
                fields.map { CorrectionPoint(id: "f.\($0)", target: .field, ref: $0) }
                    + materials.map {
                        CorrectionPoint(id: "m.\($0.material.id)", target: .material, ref: $0.material.id)
                    })
        }
        let new = wanting(content.form.merging(values) { $1 }).subtracting(wanting(content.form))
        return new.subtracting(round.points).sorted { $0.id < $1.id }
    }
}

extension CasesAPI {
    /// Notes what the applicant wants to change; chosen again, what was prepared for points that stay is kept.
    ///
    /// - Throws: `.notFound`, `.refused` with what is in the way, `.invalid` where nothing, or what there is not, was chosen.
    @discardableResult
    package func chooseAmendment(
        _ number: String, fields: [String], materials: [String], _ viewer: ResidentViewer, area: AreaCode,
        at now: Moment
    ) async throws -> OpenCase {
        let opened = try await openOwn(number, area: area, viewer)
        try Self.mayAmend(opened)
        let known = Set(try opened.amendableFields(on: now.date).map(\.id))
        let papers = Set(try opened.amendableMaterials(on: now.date).map(\.id))
        guard !(fields.isEmpty && materials.isEmpty), known.isSuperset(of: fields), papers.isSuperset(of: materials)
        else { throw DomainError.invalid("fields", "cases.fault.amend") }
        let points =
            fields.map { CorrectionPoint(id: "f.\($0)", target: .field, ref: $0) }
            + materials.map { CorrectionPoint(id: "m.\($0)", target: .material, ref: $0) } + [PaperRound.why]
        return try await keep(points, opened, viewer, at: now)
    }

    private static func mayAmend(_ opened: OpenCase) throws(DomainError) {
        try CaseProcedure.inReview(opened.state)
        if let fault = AmendApplication.hindrance(opened.state) { throw .refused(fault) }
    }

    private func keep(_ points: [CorrectionPoint], _ opened: OpenCase, _ viewer: ResidentViewer, at now: Moment)
        async throws -> OpenCase
    {
        let part = try opened.vault.seal(try canonical(points), slot: opened.amendmentPrefix + "points")
        let (id, area) = (opened.id, opened.area)
        try await database.write { tx in try VaultStore.put(part, in: id, area: area, at: now, tx) }
        return try await openOwn(opened.state.number, area: area, viewer)
    }

    /// The case with the points that the new answers bring up; as it was for an answer to a notice.
    func widened(_ opened: OpenCase, by kept: KeptAnswers, _ viewer: ResidentViewer, at now: Moment) async throws
        -> OpenCase
    {
        guard let round = opened.round, round.amends else { return opened }
        let more = try opened.broughtUp(by: kept.values, round, on: now.date)
        return more.isEmpty ? opened : try await keep(round.points + more, opened, viewer, at: now)
    }

    /// Drops a change that was prepared and not handed in, files included.
    package func dropAmendment(_ number: String, _ viewer: ResidentViewer, area: AreaCode) async throws {
        let opened = try await openOwn(number, area: area, viewer)
        guard opened.round?.amends == true else { return }
        let (id, slots, files) = (opened.id, opened.keptAnswerSlots, try opened.keptFiles().map(\.id))
        let freed = try await database.write { tx in
            for slot in slots { try VaultStore.remove(slot: slot, from: id, area: area, tx) }
            return try DocumentsStore.remove(files, area: area, tx)
        }
        try await notices.discard(freed)
    }
}

extension Notices {
    /// 变更申请内容回执: what was changed, and that the limit runs on.
    static func amendment(_ opened: OpenCase, _ change: Supplement, at now: Moment) -> NoticeDraft {
        let item = opened.item.definition
        let names =
            change.changedFields.map { item.field($0)?.label.zh ?? $0 }
            + Set(change.files.map(\.material)).sorted().map { item.material($0)?.name.zh ?? $0 }
        let due = opened.state.promised.map { "办理期限不变，最迟\($0.dueOn.printed)作出决定；依法延长期限的，另行书面告知。" } ?? ""
        return NoticeDraft(
            kind: "amendment", series: "更", plain: true,
            organ: opened.profile.departmentTitle(opened.state.department), title: "变更申请内容回执", addressee: nil,
            body: [
                .facts([
                    ["办件编号", CaseNumber.grouped(opened.state.number)], ["申请事项", item.name.zh],
                    ["申请人", (try? opened.holder()) ?? ""], ["收到时间", "\(now.date.printed) \(now.clock)"],
                ]),
                .paragraph("您变更了下列内容："), .list(names), .paragraph("已经进行的审查按照变更后的内容重新进行。" + due),
                contact(opened),
            ], date: now.date, createdAt: now)
    }
}
