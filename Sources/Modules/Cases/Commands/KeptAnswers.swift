import Catalogue
package import Cryptography
package import Documents
import Foundation
package import Kernel
import Storage
package import Web
import Workflow

/// What an applicant has prepared as an answer to a correction notice and not sent yet: kept sealed in the case's
/// vault, each file and
/// the typed values in a slot of their own, so that files arriving side by side do not overwrite each other.
package struct KeptAnswers: Sendable, Codable {
    package var values: [String: JSON]
    package var answers: [String: String]

    package init(values: [String: JSON] = [:], answers: [String: String] = [:]) {
        self.values = values
        self.answers = answers
    }
}

extension OpenCase {
    var keptAnswerSlots: [String] {
        guard let round else { return [] }
        return parts.keys.filter { $0.hasPrefix(round.prefix) }
    }

    fileprivate func keptSlot(_ name: String) throws(DomainError) -> String {
        guard let round else { throw CaseProcedure.moved(state) }
        return round.prefix + name
    }

    /// Fields the notice lists, or the applicant chose: the only ones that can be changed.
    var listedFields: [FormField] {
        (round?.points ?? []).filter { $0.target == .field }.compactMap { item.definition.field($0.ref) }
    }

    /// What a form says of the listed fields.
    func listedValues(_ input: FormInput) -> [String: JSON] {
        guard var section = item.definition.form.first else { return [:] }
        section.fields = listedFields
        return input.values(of: section)
    }

    /// Values and words typed so far.
    package func keptAnswers() throws -> KeptAnswers {
        guard let slot = try? keptSlot("values"), let text = try text(slot) else { return KeptAnswers() }
        return try JSONDecoder().decode(KeptAnswers.self, from: Data(text.utf8))
    }

    /// Files uploaded so far, oldest first.
    package func keptFiles() throws -> [DraftContent.File] {
        guard let round else { return [] }
        return try keptAnswerSlots.filter { $0.hasPrefix(round.prefix + "file/") }.sorted().compactMap { slot in
            try text(slot).map { try JSONDecoder().decode(DraftContent.File.self, from: Data($0.utf8)) }
        }
    }
}

extension CasesAPI {
    /// Keeps what was typed, without judging it.
    package func keepAnswers(
        _ kept: KeptAnswers, of number: String, _ viewer: ResidentViewer, area: AreaCode, at now: Moment
    ) async throws {
        let opened = try await openOwn(number, area: area, viewer)
        let part = try opened.vault.seal(try canonical(kept), slot: try opened.keptSlot("values"))
        let id = opened.id
        try await database.write { tx in try VaultStore.put(part, in: id, area: area, at: now, tx) }
    }

    /// Keeps an uploaded file; the same file chosen twice is one file, the first.
    @discardableResult
    package func keepFile(
        _ file: DraftContent.File, of number: String, _ viewer: ResidentViewer, area: AreaCode, at now: Moment
    ) async throws -> DraftContent.File {
        let opened = try await openOwn(number, area: area, viewer)
        let same = try opened.keptFiles().first { $0.material == file.material && $0.digest == file.digest }
        if let same { return same }
        let part = try opened.vault.seal(try canonical(file), slot: try opened.keptSlot("file/\(file.id)"))
        let id = opened.id
        try await database.write { tx in
            try VaultStore.put(part, in: id, area: area, at: now, tx)
            try DocumentsStore.attach([file.id], area: area, tx)
        }
        return file
    }

    /// Takes an uploaded file off again.
    package func dropFile(_ file: String, of number: String, _ viewer: ResidentViewer, area: AreaCode) async throws {
        let opened = try await openOwn(number, area: area, viewer)
        let slot = try opened.keptSlot("file/\(file)")
        let id = opened.id
        let freed = try await database.write { tx -> [String] in
            // Only what is still kept: never a file that was handed in meanwhile.
            guard try VaultStore.remove(slot: slot, from: id, area: area, tx) else { return [] }
            return try DocumentsStore.remove([file], area: area, tx)
        }
        try await notices.discard(freed)
    }

    /// A file that was uploaded and not sent yet, for its owner.
    package func keptFile(
        _ file: String, of number: String, _ viewer: ResidentViewer, area: AreaCode
    ) async throws -> (name: String, kind: FileKind, reader: SealedFileReader) {
        let opened = try await openOwn(number, area: area, viewer)
        guard let named = try opened.keptFiles().first(where: { $0.id == file }),
            let stored = try await database.read({ tx in try DocumentsStore.file(file, area: area, tx) })
        else { throw DomainError.notFound }
        return (named.name, stored.kind, try files.open(stored, opened.vault))
    }

    /// What is wrong with an answer to a correction notice: new values that do not fit, and points without an answer.
    package func faults(
        in kept: KeptAnswers, files: [DraftContent.File], of opened: OpenCase, points: [CorrectionWords.Point],
        organisation: Bool, language: Language, on today: CivilDate
    ) throws -> [FieldFault] {
        let content = try opened.content()
        let round = opened.round
        let listed = Set((round?.points ?? []).filter { $0.target == .field }.map(\.ref))
        let values = kept.values.filter { listed.contains($0.key) }
        let context = RuleContext(
            situations: content.situations, form: content.form.merging(values) { _, new in new },
            applicant: organisation ? .organisation : .person, today: today, calendar: opened.calendar)
        let rules = FormRules(item: opened.item.definition, context: context)
        let wrong = rules.faults(language: language).filter { fault in
            listed.contains(String(fault.field.prefix { $0 != "." }))
        }
        let faulty = Set(wrong.map { String($0.field.prefix { $0 != "." }) })
        let uploaded = Set(files.map(\.material))
        let unanswered = (round?.points ?? []).filter { point in
            // A change is an answer or a paper; words alone say only why.
            let inWords = round?.amends != true || point.target == .other
            if inWords, !(kept.answers[point.id] ?? "").isEmpty { return false }
            return switch point.target {
            case .material: !uploaded.contains(point.ref)
            case .field:
                !faulty.contains(point.ref)
                    && (values[point.ref] ?? content.form[point.ref] ?? .null) == content.form[point.ref] ?? .null
            case .other: true
            }
        }
        return wrong
            + unanswered.map { point in
                let subject = points.first { $0.id == point.id }?.subject ?? point.ref
                return FieldFault(
                    "point-\(point.id)", Message("cases.fault.pointUnansweredNamed", ["subject": subject]))
            }
    }

    /// The words of the correction notice that is open, or of the last one.
    package func correctionPoints(of opened: OpenCase) async throws -> [CorrectionWords.Point] {
        if let round = opened.round, round.amends { return round.points.map(opened.amendmentWords) }
        let notice = try await history(of: opened).first { TimelineEntry.listing.contains($0.kind) }
        return try opened.words(notice?.words, as: CorrectionWords.self)?.points ?? []
    }
}

extension OpenCase {
    /// What a point of a correction is about, in the reader's language; the notice itself names it in Chinese.
    func subject(of point: CorrectionWords.Point, in language: Language) -> String {
        if point.id == PaperRound.why.id { return PaperRound.whyName[language] }
        let ref = String(point.id.dropFirst(2))
        let name =
            point.id.hasPrefix("m.")
            ? item.definition.material(ref)?.name : point.id.hasPrefix("f.") ? item.definition.field(ref)?.label : nil
        return name?[language] ?? point.subject
    }
}
